"""A real browser, and pages for it that are not of the server's own origin."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import NamedTuple

from playwright.sync_api import Browser, expect, sync_playwright

from leadline.doctor import find_browser
from tests.support import BROWSER, PATIENCE


def browser_path() -> str:
    """`$LEADLINE_BROWSER`, or the Chromium of the system. Without one the tests cannot run."""
    given = os.environ.get("LEADLINE_BROWSER")
    found = find_browser(Path(given) if given else None)
    assert found, "no Chromium: install chromium-headless-shell or set LEADLINE_BROWSER"
    return str(found)


@contextmanager
def running_browser() -> Iterator[Browser]:
    """Headless Chromium that does not say so; every host name below `.test` is this machine."""
    expect.set_options(timeout=PATIENCE * 1000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=browser_path(),
            args=[
                "--no-sandbox",
                "--host-resolver-rules=MAP *.test 127.0.0.1",
                f"--user-agent={BROWSER}",
            ],
        )
        try:
            yield browser
        finally:
            browser.close()


class _Page(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes


_NOTHING = _Page(404, {"Content-Type": "text/html; charset=utf-8"}, b"")


class PageServer:
    """Static pages on a free port of 127.0.0.1; in the browser every `*.test` reaches it."""

    def __init__(self) -> None:
        self._pages: dict[str, _Page] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.port: int = self._server.server_address[1]
        self.url = f"http://localhost:{self.port}"
        self._thread = Thread(target=self._server.serve_forever, name="pages", daemon=True)
        self._thread.start()

    def put(
        self, path: str, text: str, kind: str = "text/html", status: int = 200, **headers: str
    ) -> str:
        """Serve `text` at `path`, on every host; answers its address on `localhost`.

        In the name of one of the `headers` a `_` is a hyphen.
        """
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        named["Content-Type"] = f"{kind}; charset=utf-8"
        self._pages[path] = _Page(status, named, text.encode())
        return self.url + path

    def at(self, host: str, path: str = "/") -> str:
        """The address of `path` on another host, such as `shop.test`."""
        return f"http://{host}:{self.port}{path}"

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        pages = self._pages

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                page = pages.get(self.path.partition("?")[0], _NOTHING)
                self.send_response(page.status)
                for name, value in page.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(page.body)))
                self.end_headers()
                self.wfile.write(page.body)

            def log_message(self, format: str, *arguments: object) -> None:
                pass

        return Handler
