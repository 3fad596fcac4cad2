"""A page as a browser loads it: which hits it sends, and what becomes of them."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any
from urllib.parse import parse_qs

from leadline.doctor.addresses import Guard
from leadline.doctor.deadline import Deadline
from leadline.doctor.devtools import BrowserFailed, DevTools, Message, running_browser
from leadline.doctor.errors import InvalidAddress, PageUnavailable
from leadline.doctor.proxy import proxying
from leadline.doctor.urls import Address, parse_address

_PATIENCE = 4.0
"""Seconds after a page has loaded in which its first hit has to come."""
_QUIET = 0.7
"""Seconds after the last news of a hit in which another may come."""
_STEP = 0.1


@dataclass
class Request:
    """`site` is the one that a hit names, None for what is no pageview of any site.

    `status` is 0 until there is an answer, `failure` why there is none.
    """

    address: Address
    site: str | None
    is_script: bool
    status: int = 0
    failure: str = ""

    @property
    def is_over(self) -> bool:
        return bool(self.status or self.failure)


@dataclass
class Visit:
    """What a browser has seen of a page."""

    requests: dict[str, Request] = field(default_factory=dict)
    has_loaded: bool = False
    changed_at: float = 0.0

    @property
    def hits(self) -> list[Request]:
        return [request for request in self.requests.values() if request.site is not None]

    def take(self, event: Message) -> None:
        """One event of the protocol."""
        parameters = event.get("params", {})
        match event.get("method"):
            case "Page.loadEventFired":
                self.has_loaded = True
                self.changed_at = monotonic()
            case "Network.requestWillBeSent":
                self._sent(parameters)
            case "Network.responseReceived":
                self._heard(parameters, status=int(parameters["response"]["status"]))
            case "Network.loadingFailed":
                reason = parameters.get("blockedReason") or parameters["errorText"]
                self._heard(parameters, failure=str(reason).removeprefix("net::"))

    def is_complete(self) -> bool:
        """Whether nothing more is to be expected."""
        if not self.has_loaded:
            return False
        waited = monotonic() - self.changed_at
        if not self.hits:
            return waited >= _PATIENCE
        return waited >= _QUIET and all(hit.is_over for hit in self.hits)

    def _sent(self, parameters: dict[str, Any]) -> None:
        try:
            address = parse_address(parameters["request"]["url"])
        except InvalidAddress:
            return
        site = _pageview_of(address, parameters["request"])
        is_script = parameters.get("type") == "Script"
        if site is not None or is_script:
            self.requests[parameters["requestId"]] = Request(address, site, is_script)
            self.changed_at = monotonic()

    def _heard(self, parameters: dict[str, Any], status: int = 0, failure: str = "") -> None:
        request = self.requests.get(parameters["requestId"])
        if request is not None and not request.is_over:
            request.status, request.failure = status, failure
            self.changed_at = monotonic()


def visit(path: Path, page: Address, guard: Guard, deadline: Deadline) -> Visit:
    """Load a page until its hits are answered, or none is to be expected.

    Raises `BrowserFailed`. The hits do not count: they are a headless browser's.
    """
    seen = Visit()
    try:
        with proxying(guard, deadline) as port, running_browser(path, port, deadline) as browser:
            _load(browser, page)
            while not seen.is_complete():
                event = browser.event(min(_STEP, deadline.left()))
                if event is not None:
                    seen.take(event)
    except PageUnavailable as error:
        if not seen.requests:
            raise BrowserFailed("it takes too long") from error
    return seen


def _load(browser: DevTools, page: Address) -> None:
    target = browser.call("Target.createTarget", url="about:blank")["targetId"]
    attached = browser.call("Target.attachToTarget", targetId=target, flatten=True)
    session = str(attached["sessionId"])
    for domain in ("Network", "Page"):
        browser.call(f"{domain}.enable", session)
    answer = browser.call("Page.navigate", session, url=str(page))
    if "errorText" in answer:
        raise BrowserFailed(str(answer["errorText"]).removeprefix("net::"))


def _pageview_of(address: Address, request: dict[str, Any]) -> str | None:
    """The site of a pageview on either wire; None if it is something else."""
    query = parse_qs(address.query.removeprefix("?"))
    if "sid" in query and "h" in query:
        return None if {"name", "gcode"} & query.keys() else query["sid"][0]
    if request.get("method") != "POST" or not address.path.endswith("/event"):
        return None
    try:
        hit = json.loads(parse_qs(request.get("postData", ""))["d"][0])
        return None if hit.get("e") else str(hit["a"])
    except (KeyError, ValueError, AttributeError, TypeError, RecursionError):
        return None
