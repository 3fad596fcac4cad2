"""Fetching a page from servers that mean well, and from those that do not."""

import socket
import ssl
from pathlib import Path
from threading import Event

import pytest

from leadline.doctor.addresses import Guard
from leadline.doctor.answer import Limits
from leadline.doctor.client import Client, Fetched
from leadline.doctor.deadline import Deadline
from leadline.doctor.errors import (
    BrokenAnswer,
    ForbiddenAddress,
    InsecureConnection,
    InvalidAddress,
    NoConnection,
    TimedOut,
    TooManyRedirects,
    UnknownHost,
)
from leadline.doctor.urls import candidates
from tests.doctor.servers import (
    Server,
    answering,
    certified,
    endless,
    leading_to,
    packed,
    raw,
    running,
)

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
LIMITS = Limits(redirects=3, head=4096, body=10_000)
TLS = ssl.create_default_context()
TESTS = {"localhost": "127.0.0.1", "shop.test": "127.0.0.1", "metadata.test": "169.254.169.254"}


def resolver(host: str) -> list[str]:
    if host not in TESTS:
        raise OSError(host)
    return [TESTS[host]]


def fetch(url: str, seconds: float = 5, trusted: tuple[str, ...] = ("localhost",)) -> Fetched:
    client = Client(Guard(trusted, resolver), LIMITS, TLS)
    return client.fetch_first(candidates(url), Deadline(seconds))


def test_a_page_comes_as_it_is(web: Server) -> None:
    page = fetch(web.page("/plain?x=1".partition("?")[0], "<p>é", "X-Two: a", "X-Two: b"))
    assert (page.answer.status, page.answer.text, page.answer.is_whole) == (200, "<p>é", True)
    assert page.answer.all("x-two") == ["a", "b"]
    assert page.answer.media_type == "text/html"
    assert str(page.address) == web.url("/plain")


def test_a_request_says_who_asks_and_no_more(web: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    fetch(web.page("/who", "x") + "?q=1")
    head = web.requests[-1].decode()
    assert head.startswith(f"GET /who?q=1 HTTP/1.1\r\nHost: localhost:{web.port}\r\n")
    assert "LeadlineDoctor/" in head
    assert "cookie" not in head.lower()


def test_cookies_are_not_kept(web: Server) -> None:
    web.on("/jar", answering(b"", "Location: /jarred", "Set-Cookie: a=b", status=302))
    web.page("/jarred", "x")
    fetch(web.url("/jar"))
    assert "cookie" not in web.requests[-1].decode().lower()


@pytest.mark.parametrize(
    ("behaviour", "text"),
    [
        (packed(b"<p>" * 100), "<p>" * 100),
        (
            raw(HEAD + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"),
            "abcde",
        ),
        (raw(HEAD + b"\r\nuntil the end"), "until the end"),
        (
            raw(b"HTTP/1.1 103 Early\r\nLink: </a>\r\n\r\n" + HEAD + b"Content-Length: 1\r\n\r\nx"),
            "x",
        ),
        (raw(HEAD + b"Content-Length: 1\r\n\r\nx" + HEAD + b"Content-Length: 1\r\n\r\ny"), "x"),
        (answering("é".encode("latin-1"), "Content-Type: text/html; charset=latin1"), "é"),
        (answering("é".encode(), "Content-Type: text/html; charset=nonsense"), "é"),
        (answering("é".encode(), "Content-Type: text/html; charset=gbnonsense"), "é"),
        (answering(b"a-", "Content-Type: text/html; charset=punycode"), "a-"),
        (answering("é".encode("utf-16"), 'Content-Type: text/html; Charset="UTF-16"'), "é"),
        (answering(b"\xff"), "�"),
        (answering(b"a", "Content-Encoding: identity"), "a"),
    ],
)
def test_every_way_to_send_a_page(web: Server, behaviour: object, text: str) -> None:
    assert fetch(web.on("/way", behaviour)).answer.text == text  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "behaviour",
    [
        raw(HEAD + b"Content-Length: 99999999\r\n\r\n" + b"a" * 200_000),
        endless(HEAD + b"\r\n", b"a" * 1000),
        endless(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"3\r\naaa\r\n"),
        packed(b"a" * 50_000_000),
    ],
    ids=["large", "endless", "endless chunks", "bomb"],
)
def test_of_a_page_that_is_too_long_the_beginning_is_read(web: Server, behaviour: object) -> None:
    answer = fetch(web.on("/long", behaviour)).answer  # type: ignore[arg-type]
    assert answer.body == b"a" * LIMITS.body
    assert not answer.is_whole


@pytest.mark.parametrize(
    "behaviour",
    [
        raw(b""),
        raw(b"no HTTP at all\r\n\r\n"),
        raw(HEAD),
        raw(HEAD + b"Content-Length: 50\r\n\r\ntoo short"),
        raw(HEAD + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello"),
        raw(HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n"),
        raw(HEAD + b"Content-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello"),
        endless(HEAD, b"X-Flood: " + b"a" * 100 + b"\r\n"),
        endless(HEAD + b"X-One: ", b"a" * 100),
        endless(b"", b"HTTP/1.1 103 Early\r\n\r\n"),
    ],
)
def test_what_is_no_answer(web: Server, behaviour: object) -> None:
    with pytest.raises(BrokenAnswer):
        fetch(web.on("/broken", behaviour))  # type: ignore[arg-type]


def test_who_says_nothing_or_little_is_not_waited_for(web: Server) -> None:
    over = Event()

    def silent(connection: socket.socket, request: bytes) -> None:
        over.wait(5)

    def dripping(connection: socket.socket, request: bytes) -> None:
        connection.sendall(HEAD + b"\r\n")
        while not over.wait(0.02):
            connection.sendall(b"a")

    for behaviour in (silent, dripping):
        with pytest.raises(TimedOut):
            fetch(web.on("/slow", behaviour), seconds=0.2)
    with pytest.raises(TimedOut):
        fetch(web.url("/slow"), seconds=0)
    over.set()


def test_a_page_leads_to_another(web: Server) -> None:
    web.page("/there", "here")
    for location in ("/there", "there", web.url("/there"), f"//localhost:{web.port}/there"):
        page = fetch(web.on("/from", leading_to(location)))
        assert (page.answer.text, page.redirects, page.address.path) == ("here", 1, "/there")
    assert fetch(web.on("/from", answering(b"stay", status=302))).answer.status == 302


@pytest.mark.parametrize(
    ("location", "error"),
    [
        ("/round", TooManyRedirects),
        ("http://127.0.0.1/", ForbiddenAddress),
        ("http://2130706433/", ForbiddenAddress),
        ("http://[::ffff:7f00:1]/", ForbiddenAddress),
        ("http://metadata.test/latest", ForbiddenAddress),
        ("http://shop.test/", ForbiddenAddress),
        ("file:///etc/passwd", InvalidAddress),
        ("ftp://shop.test/", InvalidAddress),
        ("gopher://localhost:70/", InvalidAddress),
        ("http://localhost:22/", InvalidAddress),
        ("http://\xff/", InvalidAddress),
        ("https://nowhere.test/", UnknownHost),
    ],
)
def test_no_page_leads_where_nobody_may_go(
    web: Server, location: str, error: type[Exception]
) -> None:
    head = f"HTTP/1.1 302 Found\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n"
    with pytest.raises(error):
        fetch(web.on("/round", raw(head.encode("latin-1"))))


def test_a_name_is_looked_up_once_and_what_was_checked_is_connected_to(web: Server) -> None:
    asked: list[str] = []

    def changing(host: str) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["169.254.169.254"]

    web.page("/once", "x")
    client = Client(Guard(("changing.test",), changing), LIMITS, TLS)
    address = candidates(web.url("/once", "changing.test"))
    assert client.fetch_first(address, Deadline(5)).answer.text == "x"
    assert asked == ["changing.test"]
    with pytest.raises(ForbiddenAddress):
        client.fetch_first(address, Deadline(5))


def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(NoConnection):
        fetch(f"http://localhost:{port}/")


def test_without_a_scheme_it_is_https_and_then_http(web: Server) -> None:
    web.page("/either", "x")
    assert str(fetch(f"localhost:{web.port}/either").address) == web.url("/either")
    with pytest.raises(InsecureConnection):
        fetch(f"https://localhost:{web.port}/either")


def test_a_host_has_to_prove_its_name(tmp_path: Path) -> None:
    """To the address that was checked, under the name that was asked for."""
    certificate = certified("shop.test", tmp_path)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)
    asked: list[str | None] = []
    tls.sni_callback = lambda connection, name, context: asked.append(name)
    trusting = ssl.create_default_context(cafile=certificate)
    guard = Guard(("localhost", "shop.test"), resolver)
    with running(tls) as secure:
        secure.page("/", "safe")
        address = f"https://shop.test:{secure.port}/"
        page = Client(guard, LIMITS, trusting).fetch_first(candidates(address), Deadline(5))
        assert (page.answer.text, asked) == ("safe", ["shop.test"])
        for url, context in ((address, TLS), (address.replace("shop.test", "localhost"), trusting)):
            with pytest.raises(InsecureConnection) as refusal:
                Client(guard, LIMITS, context).fetch_first(candidates(url), Deadline(5))
            assert refusal.value.reason
