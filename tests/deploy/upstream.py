"""A server that does nothing but note what a proxy sends it."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


class Upstream:
    """How many connections there were, and the headers of each request."""

    def __init__(self) -> None:
        self.url = ""
        self.connections = 0
        self.requests: list[dict[str, str]] = []


@contextmanager
def noting() -> Iterator[Upstream]:
    noted = Upstream()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def setup(self) -> None:
            noted.connections += 1
            super().setup()

        def do_GET(self) -> None:
            noted.requests.append({name.lower(): value for name, value in self.headers.items()})
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    noted.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = Thread(target=server.serve_forever, name="upstream", daemon=True)
    thread.start()
    try:
        yield noted
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
