"""Hits are answered by the protocol itself; whatever way they are sent, the answer is the same."""

import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPResponse
from pathlib import Path
from threading import Event
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.collector.hits import new_site, stored
from tests.support import BROWSER, PATIENCE, RunningServer, eventually, running_server


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes


def read_answer(connection: socket.socket, method: str = "GET") -> Answer:
    response = HTTPResponse(connection, method=method)
    response.begin()
    headers = {name.lower(): value for name, value in response.getheaders()}
    headers.pop("date", None)
    return Answer(response.status, headers, response.read())


@contextmanager
def connected(server: RunningServer) -> Iterator[socket.socket]:
    parts = urlsplit(server.url)
    with socket.create_connection((parts.hostname, parts.port), timeout=PATIENCE) as connection:
        yield connection


def request(method: str, target: str, body: bytes = b"", *headers: str) -> bytes:
    lines = [f"{method} {target} HTTP/1.1", "Host: localhost", f"User-Agent: {BROWSER}", *headers]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode() + body


def fathom(site: str, path: str, *headers: str) -> bytes:
    query = urlencode({"h": "https://shop.example", "p": path, "sid": site})
    return request("GET", f"/?{query}", b"", *headers)


def seal(site: str, path: str, *headers: str) -> bytes:
    body = b'{"a":"%b","u":"https://shop.example%b"}' % (site.encode(), path.encode())
    return request("POST", "/event", body, *headers)


def paths(server: RunningServer, site: int) -> list[str]:
    return [hit.path for hit in stored(server, site)]


@pytest.mark.parametrize(
    ("make", "headers"),
    [
        (fathom, ("Expect: 100-continue",)),
        (seal, ("Expect: 100-continue",)),
        (fathom, ("Upgrade: h2c", "Connection: upgrade")),
    ],
)
def test_the_long_way_has_the_same_answer(
    server: RunningServer, make: Callable[..., bytes], headers: tuple[str, ...]
) -> None:
    site = new_site(server)
    with connected(server) as connection:
        connection.sendall(make(site.slug, "/short"))
        short = read_answer(connection)
        connection.sendall(make(site.slug, "/long", *headers))
        assert read_answer(connection) == short
    assert paths(server, site.id) == ["/short", "/long"]


@pytest.mark.parametrize("make", [fathom, seal])
def test_a_connection_is_closed_when_that_is_asked_for(
    server: RunningServer, make: Callable[..., bytes]
) -> None:
    site = new_site(server)
    with connected(server) as connection:
        connection.sendall(make(site.slug, "/", "Connection: close"))
        answer = read_answer(connection)
        assert answer.headers["connection"] == "close"
        assert connection.recv(1) == b""


def test_requests_that_come_together_are_answered_in_their_order(server: RunningServer) -> None:
    site = new_site(server)
    together = [
        fathom(site.slug, "/1"),
        seal(site.slug, "/2"),
        request("GET", "/health"),
        request("GET", "/nothing"),
        fathom(site.slug, "/3"),
        request("OPTIONS", "/event"),
        seal(site.slug, "/4"),
    ]
    with connected(server) as connection:
        connection.sendall(b"".join(together))
        file = connection.makefile("rb")
        statuses = []
        for _ in together:
            statuses.append(int(file.readline().split()[1]))
            length = 0
            while (line := file.readline().strip()) != b"":
                name, _, value = line.partition(b":")
                if name.lower() == b"content-length":
                    length = int(value)
            file.read(length)
    assert statuses == [200, 204, 200, 404, 200, 204, 204]
    assert sorted(paths(server, site.id)) == ["/1", "/2", "/3", "/4"]


def test_a_body_may_come_in_pieces_and_in_chunks(server: RunningServer) -> None:
    site = new_site(server)
    body = b'{"a":"%b","u":"https://shop.example/chunked"}' % site.slug.encode()
    head = request("POST", "/event", b"", "Transfer-Encoding: chunked")
    with connected(server) as connection:
        for byte in seal(site.slug, "/pieces"):
            connection.sendall(bytes([byte]))
        assert read_answer(connection).status == 204
        connection.sendall(head)
        for piece in (body[:10], body[10:]):
            connection.sendall(b"%x\r\n%b\r\n" % (len(piece), piece))
        connection.sendall(b"0\r\n\r\n")
        assert read_answer(connection).status == 204
    assert paths(server, site.id) == ["/pieces", "/chunked"]


def test_a_body_without_end_costs_no_memory(server: RunningServer) -> None:
    head = request("POST", "/event", b"", "Transfer-Encoding: chunked")
    chunk = b"%x\r\n%b\r\n" % (1 << 16, b"x" * (1 << 16))
    with connected(server) as connection:
        connection.sendall(head)
        for _ in range(500):
            connection.sendall(chunk)
        connection.sendall(b"0\r\n\r\n")
        assert read_answer(connection).status == 204


@pytest.mark.parametrize("make", [fathom, seal])
def test_whoever_does_not_wait_is_counted_all_the_same(
    server: RunningServer, make: Callable[..., bytes]
) -> None:
    site = new_site(server)
    for number in range(20):
        with connected(server) as connection:
            connection.sendall(make(site.slug, f"/{number}"))
    with connected(server) as connection:
        connection.sendall(make(site.slug, "/last"))
        read_answer(connection)
    eventually(lambda: len(paths(server, site.id)) == 21)


def test_connections_that_are_idle_are_closed(tmp_path: Path) -> None:
    """And those that are busy are not, however slowly a request comes."""
    with running_server(tmp_path, keep_alive=0.3) as server:
        site = new_site(server)
        with connected(server) as idle, connected(server) as slow:
            for connection in (idle, slow):
                connection.sendall(fathom(site.slug, "/"))
                assert read_answer(connection).status == 200
            began = time.monotonic()
            later = seal(site.slug, "/slow")
            slow.sendall(later[:20])
            assert idle.recv(1) == b""
            assert 0.2 < time.monotonic() - began < 5
            slow.sendall(later[20:])
            assert read_answer(slow).status == 204


def test_a_hit_that_waits_at_the_end_is_answered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    goes_on, hangs = Event(), Event()
    sync = os.fdatasync

    def hang(handle: int) -> None:
        hangs.set()
        assert goes_on.wait(30)
        sync(handle)

    with running_server(tmp_path) as server:
        site = new_site(server)
        with connected(server) as connection, connected(server) as idle:
            for each in (connection, idle):
                each.sendall(fathom(site.slug, "/first"))
                read_answer(each)
            monkeypatch.setattr(os, "fdatasync", hang)
            connection.sendall(seal(site.slug, "/waiting"))
            assert hangs.wait(30)
            server.stop()
            assert idle.recv(1) == b""
            goes_on.set()
            answer = read_answer(connection)
            assert (answer.status, answer.headers["connection"]) == (204, "close")
    with running_server(tmp_path) as server:
        assert paths(server, site.id) == ["/first", "/first", "/waiting"]


def test_a_hit_is_refused_when_the_disk_refuses_it(tmp_path: Path) -> None:
    with running_server(tmp_path, disk_reserve_bytes=2**60) as server:
        site = new_site(server)
        with connected(server) as connection:
            for hit in (fathom(site.slug, "/"), seal(site.slug, "/")):
                connection.sendall(hit)
                answer = read_answer(connection)
                assert (answer.status, answer.headers["retry-after"]) == (503, "5")
                assert answer.headers["access-control-allow-origin"] == "*"


_mutations = st.lists(
    st.tuples(st.integers(0, 2000), st.binary(max_size=6), st.integers(0, 6)), max_size=4
)


@settings(max_examples=300, deadline=None)
@given(
    site=st.sampled_from(["fuzz", "", "%00", "\u00e9"]),
    is_fathom=st.booleans(),
    path=st.text(st.characters(exclude_categories=["Cs"]), max_size=30),
    mutations=_mutations,
)
def test_whatever_comes_is_answered_or_refused(
    server: RunningServer,
    site: str,
    is_fathom: bool,
    path: str,
    mutations: list[tuple[int, bytes, int]],
) -> None:
    """Bytes of a hit put in, left out and replaced: no 5xx, and the next hit is taken."""
    whole = fathom(site, path) if is_fathom else seal(site, path)
    for anywhere, put, left_out in mutations:
        place = anywhere % len(whole)
        whole = whole[:place] + put + whole[place + left_out :]
    with connected(server) as connection:
        connection.sendall(whole)
        connection.shutdown(socket.SHUT_WR)
        answered = b""
        while piece := connection.recv(4096):
            answered += piece
    for line in answered.split(b"\r\n"):
        if line.startswith(b"HTTP/1.1 "):
            assert line[9:12] in (b"200", b"204", b"400", b"404", b"405", b"308", b"307"), line
    with connected(server) as connection:
        connection.sendall(fathom("fuzz", "/next"))
        assert read_answer(connection).status == 200
