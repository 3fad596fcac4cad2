"""Pages of another origin with a tracker in them, and what such a page does and sends."""

import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit
from uuid import uuid4

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Response

from tests.support import eventually

WITHOUT_BEACONS = (
    "delete Navigator.prototype.sendBeacon;",
    "Navigator.prototype.sendBeacon = () => false;",  # too much is on its way
)

ICON = '<link rel="icon" href="data:,">'


class Visit:
    """One page in a browser of its own, with what went on there."""

    def __init__(self, context: BrowserContext, origin: str) -> None:
        """`origin` is the server's."""
        self.context = context
        self.page: Page = context.new_page()
        self._origin = origin
        self._console: list[str] = []
        self._requests: list[Request] = []
        self._answered = 0
        self.page.on("console", self._note)
        self.page.on("pageerror", lambda error: self._console.append(str(error)))
        self.page.on("requestfailed", lambda request: self._console.append(request.url))
        self.page.on("request", self._request)
        self.page.on("response", self._answer)

    def _note(self, message: ConsoleMessage) -> None:
        self._console.append(message.text)

    def _request(self, request: Request) -> None:
        self._requests.append(request)

    def _answer(self, response: Response) -> None:
        self._answered += self._is_hit(response.url)

    def _is_hit(self, url: str) -> bool:
        rest = url.removeprefix(self._origin)
        return rest.startswith("/?") or rest == "/event"

    @property
    def console(self) -> list[str]:
        """Messages, errors and requests that failed, until now."""
        self.page.evaluate("0")  # what was announced before its answer has arrived then
        return self._console

    @property
    def requests(self) -> list[Request]:
        """Those to the collector, until now; scripts are none."""
        self.page.evaluate("0")
        return [request for request in self._requests if self._is_hit(request.url)]

    @property
    def sent(self) -> list[str]:
        """Where they went."""
        return [request.url.removeprefix(self._origin) for request in self.requests]

    def until_answered(self, hits: int) -> None:
        """Returns when so many hits are answered, and not one more was sent."""

        def answered() -> bool:
            self.page.evaluate("new Promise((done) => setTimeout(done))")
            return self._answered >= hits

        eventually(answered)
        assert len(self.requests) == self._answered == hits, self.sent


def html(*parts: str, body: str = "") -> str:
    head = "".join(parts)
    return (
        f"<!doctype html><html><head><title>A page</title>{ICON}{head}</head>"
        f"<body>{body}</body></html>"
    )


def path() -> str:
    return f"/{uuid4().hex}"


def payload(request: Request) -> dict[str, Any]:
    """What `t.js` sent."""
    assert request.method == "POST"
    assert request.headers["content-type"] == "application/x-www-form-urlencoded;charset=UTF-8"
    ((name, values),) = parse_qs(request.post_data, strict_parsing=True).items()
    assert name == "d"
    found: dict[str, Any] = json.loads(values[0])
    return found


def fields(request: Request) -> Sequence[tuple[str, str]]:
    """What `script.js` sent, in its order."""
    return parse_qsl(urlsplit(request.url).query, keep_blank_values=True)
