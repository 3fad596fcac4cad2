"""Request smuggling: a proxy in front and this server agree on where a request ends, or it is
refused and the connection closed. What follows is never answered as a request of its own."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest

from tests.support import PATIENCE, RunningServer

SMUGGLED = b"GET /smuggled HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
TARGETS = ["/event", "/?sid=x", "/sign-in", "/api/v1/auth/token"]

CHUNKED = b"Transfer-Encoding: chunked"
EMPTY = b"0\r\n\r\n" + SMUGGLED
AMBIGUOUS = {
    "both lengths": ([b"Content-Length: %d" % len(EMPTY), CHUNKED], EMPTY),
    "both lengths the other way round": ([CHUNKED, b"Content-Length: 4"], EMPTY),
    "two lengths": ([b"Content-Length: 0", b"Content-Length: %d" % len(SMUGGLED)], SMUGGLED),
    "a list of lengths": ([b"Content-Length: 0, %d" % len(SMUGGLED)], SMUGGLED),
    "a length with a sign": ([b"Content-Length: +0"], SMUGGLED),
    "a negative length": ([b"Content-Length: -1"], SMUGGLED),
    "a hexadecimal length": ([b"Content-Length: 0x0"], SMUGGLED),
    "a length of two numbers": ([b"Content-Length: 0 0"], SMUGGLED),
    "a length that overflows": ([b"Content-Length: 18446744073709551616"], SMUGGLED),
    "a length without a number": ([b"Content-Length:"], SMUGGLED),
    "a space before the colon": ([b"Transfer-Encoding : chunked"], EMPTY),
    "another space before the colon": ([b"Content-Length : 5"], EMPTY),
    "chunked and then something": ([b"Transfer-Encoding: chunked, identity"], EMPTY),
    "chunked twice": ([CHUNKED, b"Transfer-Encoding: identity"], EMPTY),
    "an unknown coding": ([b"Transfer-Encoding: xchunked"], EMPTY),
    "a coding in quotes": ([b'Transfer-Encoding: "chunked"'], EMPTY),
    "a coding after a tab": ([b"Transfer-Encoding:\x0bchunked"], EMPTY),
    "a folded coding": ([b"Transfer-Encoding:\r\n chunked"], EMPTY),
    "a folded length": ([b"Content-Length:\r\n 0"], SMUGGLED),
    "a folded header": ([b"X-Odd: a\r\n b", b"Content-Length: 0"], SMUGGLED),
    "a bare line feed": ([b"X-Odd: a\nTransfer-Encoding: chunked"], EMPTY),
    "a bare carriage return": ([b"X-Odd: a\rTransfer-Encoding: chunked"], EMPTY),
    "a null": ([b"X-Odd: a\x00b", b"Content-Length: 0"], SMUGGLED),
    "a name with a control character": ([b"X-\x01Odd: a", b"Content-Length: 0"], SMUGGLED),
    "a line that is no header": ([b"X-Odd", b"Content-Length: 0"], SMUGGLED),
    "a chunk size with a prefix": ([CHUNKED], b"0x0\r\n\r\n" + SMUGGLED),
    "a chunk size with a sign": ([CHUNKED], b"+0\r\n\r\n" + SMUGGLED),
    "a chunk size that overflows": ([CHUNKED], b"fffffffffffffffff\r\n" + SMUGGLED),
    "a chunk that is longer than it says": ([CHUNKED], b"1\r\nab\r\n" + EMPTY),
    "a chunk size after a bare line feed": ([CHUNKED], b"1\nx\r\n" + EMPTY),
}


@contextmanager
def connected(server: RunningServer) -> Iterator[socket.socket]:
    parts = urlsplit(server.url)
    with socket.create_connection((parts.hostname, parts.port), timeout=PATIENCE) as connection:
        yield connection


def answers(server: RunningServer, request: bytes) -> list[bytes]:
    """The status lines of all that is answered until the server closes."""
    with connected(server) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        received = b""
        while piece := connection.recv(1 << 16):
            received += piece
    return [line for line in received.split(b"\r\n") if line.startswith(b"HTTP/1.1 ")]


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("what", AMBIGUOUS)
def test_what_is_ambiguous_is_refused(server: RunningServer, target: str, what: str) -> None:
    headers, rest = AMBIGUOUS[what]
    head = [b"POST %b HTTP/1.1" % target.encode(), b"Host: localhost", *headers]
    assert answers(server, b"\r\n".join([*head, b"", b""]) + rest) == [b"HTTP/1.1 400 Bad Request"]
