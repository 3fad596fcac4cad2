"""Little servers that answer as they are told to, whatever HTTP says."""

import gzip
import socket
import ssl
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Thread

Behaviour = Callable[[socket.socket, bytes], None]
"""What to do with a connection and the head of the request that came on it."""

TLS = 22
HTML = "text/html; charset=utf-8"


class Server:
    """Each connection gets the behaviour of its path; a path without one gets 404."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self._tls = tls
        self._paths: dict[str, Behaviour] = {}
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self.requests: list[bytes] = []
        self.stopped = Event()
        self._thread = Thread(target=self._serve, daemon=True)
        self._thread.start()

    def url(self, path: str = "/", host: str = "localhost") -> str:
        return f"http://{host}:{self.port}{path}"

    def on(self, path: str, behaviour: Behaviour) -> str:
        self._paths[path] = behaviour
        return self.url(path)

    def page(self, path: str, html: str, *headers: str, status: int = 200) -> str:
        return self.on(path, answering(html.encode(), *headers, status=status))

    def close(self) -> None:
        self.stopped.set()
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join()

    def _serve(self) -> None:
        while not self.stopped.is_set():
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _secured(self, connection: socket.socket) -> socket.socket:
        return self._tls.wrap_socket(connection, server_side=True) if self._tls else connection

    def _answer(self, connection: socket.socket) -> None:
        with suppress(OSError), self._secured(connection) as secured:
            request = b""
            while b"\r\n\r\n" not in request:
                piece = secured.recv(4096)
                if not piece or piece[0] == TLS:
                    return
                request += piece
            self.requests.append(request)
            path = request.split(b" ")[1].decode().partition("?")[0]
            self._paths.get(path, answering(b"", status=404))(secured, request)


def certified(host: str, directory: Path) -> Path:
    """A certificate of this host and its key, in one file; it answers for itself."""
    both = directory / f"{host}.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-nodes", "-days", "2", "-newkey", "ec"),
            *("-pkeyopt", "ec_paramgen_curve:P-256", "-subj", f"/CN={host}"),
            *("-addext", f"subjectAltName=DNS:{host}", "-keyout", str(both), "-out", str(both)),
        ],
        check=True,
        capture_output=True,
    )
    return both


def answering(body: bytes, *headers: str, status: int = 200, kind: str = HTML) -> Behaviour:
    lines = [f"HTTP/1.1 {status} X", f"Content-Length: {len(body)}", *headers]
    if kind and not any(line.lower().startswith("content-type:") for line in headers):
        lines.append(f"Content-Type: {kind}")
    return raw("\r\n".join([*lines, "", ""]).encode() + body)


def raw(data: bytes) -> Behaviour:
    def behave(connection: socket.socket, request: bytes) -> None:
        connection.sendall(data)

    return behave


def leading_to(location: str, status: int = 302) -> Behaviour:
    return answering(b"", f"Location: {location}", status=status)


def packed(body: bytes, *, length: int | None = None) -> Behaviour:
    content = gzip.compress(body)
    head = (
        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n"
        f"Content-Length: {len(content) if length is None else length}\r\n\r\n"
    )
    return raw(head.encode() + content)


def endless(head: bytes, piece: bytes) -> Behaviour:
    """Goes on until the other end has enough."""

    def behave(connection: socket.socket, request: bytes) -> None:
        connection.sendall(head)
        while True:
            connection.sendall(piece)

    return behave


@contextmanager
def running(tls: ssl.SSLContext | None = None) -> Iterator[Server]:
    server = Server(tls)
    try:
        yield server
    finally:
        server.close()
