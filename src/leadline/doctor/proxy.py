"""The only way out for a browser: a proxy that connects where the guard allows, and nowhere else.

The browser looks up no name and connects to nobody else, so what was checked is what is connected.
"""

import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from select import POLLIN, poll
from threading import BoundedSemaphore, Lock, Thread

from leadline.doctor.addresses import Guard
from leadline.doctor.connecting import close, connect
from leadline.doctor.deadline import Deadline
from leadline.doctor.errors import PageUnavailable
from leadline.doctor.urls import fetchable, parse_address

_REQUEST = re.compile(rb"([A-Z]{1,20}) (\S{1,8192}) HTTP/1\.1\r\n")
_OF_THE_CONNECTION = re.compile(rb"(?im)^(?:proxy-)?connection:.*\r\n")
_HEAD = 64 * 1024
_PIECE = 64 * 1024
_BYTES = 64 * 1024 * 1024
_AT_ONCE = 64
_ESTABLISHED = b"HTTP/1.1 200 Established\r\n\r\n"
_REFUSED = b"HTTP/1.1 502 Refused\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class Proxy:
    """Carries no more than some bytes in all, until the deadline."""

    def __init__(self, guard: Guard, deadline: Deadline) -> None:
        self._guard = guard
        self._deadline = deadline
        self._left = _BYTES
        self._counting = Lock()
        self._places = BoundedSemaphore(_AT_ONCE)
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]

    def serve(self) -> None:
        """Until it is closed."""
        while True:
            try:
                client, _ = self._socket.accept()
            except OSError:
                return
            Thread(target=self._carry, args=(client,), name="proxied", daemon=True).start()

    def close(self) -> None:
        close(self._socket)

    def _carry(self, client: socket.socket) -> None:
        with self._places, suppress(OSError, PageUnavailable):
            try:
                client.settimeout(self._deadline.left())
                self._carry_request(client)
            finally:
                close(client)

    def _carry_request(self, client: socket.socket) -> None:
        head, rest = _read_head(client)
        request = _REQUEST.match(head)
        try:
            if request is None:
                raise PageUnavailable
            upstream, first = self._connected(request, head)
        except PageUnavailable:
            client.sendall(_REFUSED)
            return
        try:
            if first:
                upstream.sendall(first + rest)
            else:
                client.sendall(_ESTABLISHED)
                upstream.sendall(rest)
            self._pass_on(client, upstream)
        finally:
            close(upstream)

    def _connected(self, request: re.Match[bytes], head: bytes) -> tuple[socket.socket, bytes]:
        """A connection, and what goes through it first: nothing if it is a tunnel."""
        method, target = request[1], request[2].decode("ascii", "replace")
        is_tunnel = method == b"CONNECT"
        address = fetchable(parse_address(f"https://{target}" if is_tunnel else target))
        upstream = connect(self._guard, address.host, address.port, self._deadline)
        if is_tunnel:
            return upstream, b""
        headers = _OF_THE_CONNECTION.sub(b"", head[request.end() :])
        line = b"%b %b HTTP/1.1\r\nConnection: close\r\n" % (method, address.target.encode())
        return upstream, line + headers

    def _pass_on(self, client: socket.socket, upstream: socket.socket) -> None:
        others = {client.fileno(): (client, upstream), upstream.fileno(): (upstream, client)}
        ready = poll()
        for number in others:
            ready.register(number, POLLIN)
        while True:
            for number, _ in ready.poll(self._deadline.left() * 1000):
                source, target = others[number]
                piece = source.recv(_PIECE)
                if not piece or not self._may_carry(len(piece)):
                    return
                target.settimeout(self._deadline.left())
                target.sendall(piece)

    def _may_carry(self, length: int) -> bool:
        with self._counting:
            self._left -= length
            return self._left >= 0


def _read_head(client: socket.socket) -> tuple[bytes, bytes]:
    data = b""
    while b"\r\n\r\n" not in data and len(data) < _HEAD:
        piece = client.recv(_PIECE)
        if not piece:
            break
        data += piece
    head, end, rest = data.partition(b"\r\n\r\n")
    return head + end, rest


@contextmanager
def proxying(guard: Guard, deadline: Deadline) -> Iterator[int]:
    """The port of a proxy on this machine."""
    proxy = Proxy(guard, deadline)
    thread = Thread(target=proxy.serve, name="proxy", daemon=True)
    thread.start()
    try:
        yield proxy.port
    finally:
        proxy.close()
        thread.join()
