"""A real browser, and pages for it that are not of the server's own origin."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from playwright.sync_api import Browser, sync_playwright

from tests.support import BROWSER

_NAMES = ("chromium-headless-shell", "chromium")


def browser_path() -> str:
    """`$LEADLINE_BROWSER`, or the Chromium of the system. Without one the tests cannot run."""
    given = os.environ.get("LEADLINE_BROWSER")
    found = given or next(filter(None, map(shutil.which, _NAMES)), None)
    assert found, "no Chromium: install chromium-headless-shell or set LEADLINE_BROWSER"
    return found


@contextmanager
def running_browser() -> Iterator[Browser]:
    """Headless Chromium that does not say so; every host name below `.test` is this machine."""
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


class PageServer:
    """Static pages on a free port of 127.0.0.1; in the browser every `*.test` reaches it."""

    def __init__(self) -> None:
        self._pages: dict[str, bytes] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.port: int = self._server.server_address[1]
        self.url = f"http://localhost:{self.port}"
        self._thread = Thread(target=self._server.serve_forever, name="pages", daemon=True)
        self._thread.start()

    def put(self, path: str, html: str) -> str:
        """Serve `html` at `path`, on every host; answers its address on `localhost`."""
        self._pages[path] = html.encode()
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
                page = pages.get(self.path.partition("?")[0])
                self.send_response(200 if page is not None else 404)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(page or b"")))
                self.end_headers()
                self.wfile.write(page or b"")

            def log_message(self, format: str, *arguments: object) -> None:
                pass

        return Handler
