"""The only way out for a browser, and where it does not lead."""

import socket
from collections.abc import Iterator

import pytest

from leadline.doctor import proxy
from leadline.doctor.addresses import Guard
from leadline.doctor.deadline import Deadline
from leadline.doctor.proxy import proxying
from tests.doctor.servers import Server, endless

HOSTS = {"localhost": "127.0.0.1", "shop.test": "127.0.0.1", "rebound.test": "10.0.0.1"}


def resolver(host: str) -> list[str]:
    if host not in HOSTS:
        raise OSError(host)
    return [HOSTS[host]]


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with proxying(Guard(("localhost",), resolver), Deadline(60)) as port:
        yield port


def answer(port: int, *pieces: str) -> bytes:
    """All that comes back; each piece but the first is sent once something has come."""
    received = b""
    with socket.create_connection(("127.0.0.1", port), 10) as connection:
        for piece in pieces:
            connection.sendall(piece.encode("latin-1"))
            received += connection.recv(65536)
        while data := connection.recv(65536):
            received += data
    return received


def test_a_request_goes_on_without_what_is_for_the_proxy(port: int, web: Server) -> None:
    url = web.page("/plain", "here")
    head = f"GET {url}?a=b HTTP/1.1\r\nHost: x\r\nProxy-Connection: keep-alive\r\nA: b\r\n\r\n"
    assert answer(port, head).endswith(b"here")
    request = web.requests[-1].decode()
    assert request == "GET /plain?a=b HTTP/1.1\r\nConnection: close\r\nHost: x\r\nA: b\r\n\r\n"


def test_a_tunnel_leads_to_the_host_and_no_further(port: int, web: Server) -> None:
    web.page("/plain", "here")
    tunnel = f"CONNECT localhost:{web.port} HTTP/1.1\r\n\r\n"
    received = answer(port, tunnel, "GET /plain HTTP/1.1\r\n\r\n")
    assert received.startswith(b"HTTP/1.1 200 Established\r\n\r\nHTTP/1.1 200")
    assert received.endswith(b"here")


@pytest.mark.parametrize(
    "line",
    [
        "GET http://127.0.0.1:{port}/ HTTP/1.1",
        "GET http://shop.test:{port}/ HTTP/1.1",
        "GET http://rebound.test/ HTTP/1.1",
        "GET http://169.254.169.254/latest/meta-data HTTP/1.1",
        "GET http://unknown.test/ HTTP/1.1",
        "GET http://localhost:22/ HTTP/1.1",
        "GET ftp://localhost/ HTTP/1.1",
        "GET /relative HTTP/1.1",
        "CONNECT 127.0.0.1:{port} HTTP/1.1",
        "CONNECT [::1]:443 HTTP/1.1",
        "CONNECT rebound.test:443 HTTP/1.1",
        "CONNECT localhost:25 HTTP/1.1",
        "CONNECT localhost:{port}/x@10.0.0.1 HTTP/1.0",
        "nonsense",
        "\xff\xfe",
    ],
)
def test_where_it_does_not_lead(port: int, web: Server, line: str) -> None:
    before = len(web.requests)
    head = line.replace("{port}", str(web.port)) + "\r\n\r\n"
    assert answer(port, head).startswith(b"HTTP/1.1 502 Refused")
    assert len(web.requests) == before


def test_it_carries_so_much_and_no_more(web: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proxy, "_BYTES", 200_000)
    url = web.on("/flood", endless(b"HTTP/1.1 200 OK\r\n\r\n", b"a" * 1000))
    with proxying(Guard(("localhost",), resolver), Deadline(20)) as port:
        assert 0 < len(answer(port, f"GET {url} HTTP/1.1\r\n\r\n")) <= 200_000


def test_it_ends_in_time(web: Server) -> None:
    def silent(connection: socket.socket, request: bytes) -> None:
        connection.recv(1)

    url = web.on("/silent", silent)
    with proxying(Guard(("localhost",), resolver), Deadline(0.3)) as port:
        assert answer(port, f"GET {url} HTTP/1.1\r\n\r\n") == b""
