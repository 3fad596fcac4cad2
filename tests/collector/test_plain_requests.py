"""What is read off a connection at once is what the parser of HTTP reads."""

from typing import Any

import httptools
from hypothesis import example, given
from hypothesis import strategies as st

from leadline.collector import plain
from leadline.collector.intake import HitRequest, by_name

PEER = "192.0.2.7"
READ = plain.Reader()
HIT = b'{"a":"shop","u":"https://shop.example/"}'
HEAD = b"Host: stats.example\r\nUser-Agent: Mozilla/5.0\r\nX-Forwarded-For: 192.0.2.9\r\n"
SENT = b"POST /event HTTP/1.1\r\n%bContent-Length: %d\r\n\r\n%b" % (HEAD, len(HIT), HIT)
ASKED = b"GET /?h=https%%3A%%2F%%2Fshop.example&p=%%2F&sid=CDBUGS HTTP/1.1\r\n%b\r\n" % HEAD

PIECES = (
    *(
        b"",
        b" ",
        b"\t",
        b"\r\n",
        b"\n",
        b"\r",
        b"\0",
        b":",
        b",",
        b"\x80",
        b"\xff",
        b"#",
        b"?",
        b"&",
    ),
    *(b"Connection: close\r\n", b"Connection: keep-alive\r\n", b"connection: Upgrade\r\n"),
    *(b"Content-Length: 0\r\n", b"Content-Length: 40\r\n", b"content-length: +1\r\n"),
    *(b"Transfer-Encoding: chunked\r\n", b"Expect: 100-continue\r\n", b"Upgrade: h2c\r\n"),
    *(
        b"Host : x\r\n",
        b" folded\r\n",
        b"X-Empty:\r\n",
        b"X-Wide:  a b  \r\n",
        b"HTTP/1.0",
        b"PUT ",
    ),
    *(b"/event", b"/?sid=CDBUGS", b"sid=", SENT, ASKED, HIT),
)


class Parsed:
    """One request, as httptools reads it; `whole` if it is complete and nothing is after it."""

    def __init__(self, data: bytes) -> None:
        self.url = self.body = b""
        self.headers: list[tuple[bytes, bytes]] = []
        self.messages = self.complete = 0
        parser = httptools.HttpRequestParser(self)
        parser.feed_data(data)
        self.is_plain = self.messages == self.complete == 1 and not parser.should_upgrade()
        self.is_plain = self.is_plain and parser.should_keep_alive()
        self.method, self.version = parser.get_method(), parser.get_http_version()

    def on_message_begin(self) -> None:
        self.messages += 1

    def on_url(self, url: bytes) -> None:
        self.url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        self.headers.append((name.lower(), value))

    def on_body(self, body: bytes) -> None:
        self.body += body

    def on_message_complete(self) -> None:
        self.complete += 1


@st.composite
def broken(draw: st.DrawFn) -> bytes:
    """A request of either wire, with some of it replaced."""
    data = draw(st.sampled_from((SENT, ASKED, ASKED.replace(b"GET", b"POST"))))
    for _ in range(draw(st.integers(0, 3))):
        begin = draw(st.integers(0, len(data)))
        end = draw(st.integers(begin, min(begin + 4, len(data))))
        data = data[:begin] + draw(st.sampled_from(PIECES) | st.binary(max_size=3)) + data[end:]
    return data


@given(broken())
@example(SENT.replace(b"Host", b"Content-Length: 40\r\nHost"))
@example(SENT.replace(b"Host: stats.example", b"Host: a\nX: b"))
@example(ASKED.replace(b"sid=", b"a=#sid="))
@example(ASKED + b"G")
@example(ASKED.replace(b"192.0.2.9", b"192.0.2.9 \t "))
def test_what_is_read_at_once_is_what_the_parser_reads(data: bytes) -> None:
    found = READ(data, PEER)
    if isinstance(found, HitRequest):
        parsed = Parsed(data)
        assert parsed.is_plain
        assert parsed.version == "1.1"
        target = found.path + ("?" + found.query.decode() if found.path == "/" else "")
        assert parsed.url == target.encode()
        assert parsed.method in ((b"GET", b"POST") if found.path == "/" else (b"POST",))
        headers = by_name(parsed.headers)
        assert found == HitRequest(found.path, found.query, headers, parsed.body, PEER)
        assert len(found.headers) == len(parsed.headers)


def test_both_wires_are_read_at_once() -> None:
    headers = {
        b"host": b"stats.example",
        b"user-agent": b"Mozilla/5.0",
        b"x-forwarded-for": b"192.0.2.9",
    }
    asked = READ(ASKED, None)
    query = b"h=https%3A%2F%2Fshop.example&p=%2F&sid=CDBUGS"
    assert asked == HitRequest("/", query, headers, b"", None)
    beacon = ASKED.replace(b"GET", b"POST").replace(b"Host", b"Content-Length: 0\r\nHost")
    assert READ(beacon, None) == HitRequest(
        "/", query, {b"content-length": b"0"} | headers, b"", None
    )
    sent = READ(SENT, PEER)
    assert sent == HitRequest("/event", b"", headers | {b"content-length": b"40"}, HIT, PEER)
    empty = SENT.replace(b"Length: 40", b"Length: 0").removesuffix(HIT)
    assert READ(empty, PEER) == HitRequest(
        "/event", b"", headers | {b"content-length": b"0"}, b"", PEER
    )


def test_below_a_path_they_are_read_as_well() -> None:
    below = plain.Reader("/s.t")
    for request, place in ((ASKED, b"/?"), (SENT, b"/event")):
        assert below(request, PEER) == READ(request, PEER) is not None
        moved = request.replace(b" " + place, b" /s.t" + place, 1)
        assert below(moved, PEER) == READ(request, PEER)
        assert READ(moved, PEER) is None
        for elsewhere in (b" /sat", b" /s.t/s.t"):
            assert below(request.replace(b" " + place, elsewhere + place, 1), PEER) is None


def test_a_body_is_waited_for() -> None:
    head = SENT.removesuffix(HIT)
    for so_far in range(len(HIT)):
        assert isinstance(READ(head + HIT[:so_far], PEER), plain.Unfinished)


def declined(data: bytes) -> Any:
    return READ(data, PEER)


def test_what_is_not_plain_is_left_to_the_parser() -> None:
    assert declined(SENT + b"x") is None
    assert declined(SENT.replace(b"/event", b"/events")) is None
    assert declined(SENT.replace(b"Length: 40", b"Length: 15361")) is None
    assert declined(SENT.replace(b"Length: 40", b"Length: 4e1")) is None
    assert declined(SENT.replace(b"Content-Length: 40\r\n", b"")) is None
    assert declined(SENT.replace(b"Host", b"Transfer-Encoding: chunked\r\nHost")) is None
    assert declined(SENT.replace(b"Host", b"Expect: 100-continue\r\nHost")) is None
    assert declined(ASKED.replace(b"Host", b"Connection: close\r\nHost")) is None
    assert declined(ASKED.replace(b"Host", b"Upgrade: h2c\r\nHost")) is None
    assert declined(ASKED.replace(b"Host", b"X-Twice: 1\r\nx-twice: 2\r\nHost")) is None
    assert declined(ASKED.replace(b"sid", b"id")) is None
    assert declined(ASKED.replace(b"1.1", b"1.0")) is None
    assert declined(ASKED.replace(b"stats", b"s" * plain.HEAD_LENGTH)) is None
    assert declined(ASKED[:-1]) is None
