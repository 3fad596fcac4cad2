"""An answer of HTTP as it comes from a connection, and no more of it than allowed."""

import re
import socket
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import httptools

from leadline.doctor.deadline import Deadline
from leadline.doctor.errors import BrokenAnswer, TimedOut

_CHARSET = re.compile(
    r"""charset\s*=\s*["']?(utf-?(?:8|16)|iso-8859-\d+|latin-?1|windows-\d+|koi8-[ru]|gb\w+|big5"""
    r"""|shift_jis|euc-\w\w|iso-2022-jp|macintosh)""",
    re.IGNORECASE,
)
"""Those of pages: some codecs of Python are none, and take very long."""
_PIECE = 64 * 1024
_GZIP_OR_ZLIB = 32 + zlib.MAX_WBITS


class Limits(NamedTuple):
    """`head` and `body` are bytes; of a body as it is once unpacked."""

    redirects: int = 5
    head: int = 64 * 1024
    body: int = 2 * 1024 * 1024


LIMITS = Limits()


@dataclass(frozen=True)
class Answer:
    """Names of headers are in lower case. Of a body that is too long there is the beginning."""

    status: int
    headers: Sequence[tuple[str, str]]
    body: bytes
    is_whole: bool

    def header(self, name: str) -> str:
        """The first of this name, or ""."""
        return next(iter(self.all(name)), "")

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key == name]

    @property
    def media_type(self) -> str:
        return self.header("content-type").partition(";")[0].strip().lower()

    @property
    def text(self) -> str:
        """The body in the charset that the header names, else in UTF-8."""
        said = _CHARSET.search(self.header("content-type"))
        try:
            return self.body.decode(said[1] if said else "utf-8", "replace")
        except LookupError:
            return self.body.decode("utf-8", "replace")


def read_answer(
    connection: socket.socket, about: str, limits: Limits, deadline: Deadline
) -> Answer:
    """The answer to a request that was just sent. Raises `BrokenAnswer`, `TimedOut`, `OSError`."""
    reading = _Reading(limits)
    parser = reading.parser = httptools.HttpResponseParser(reading)
    try:
        while not reading.is_over:
            connection.settimeout(deadline.left())
            piece = connection.recv(_PIECE)
            if not piece:
                break
            parser.feed_data(piece)
            reading.check_head(len(piece))
    except TimeoutError:
        raise TimedOut(about) from None
    except (httptools.HttpParserError, zlib.error, _TooLarge) as error:
        if not reading.is_over:
            raise BrokenAnswer(about, str(error)) from error
    if not reading.has_head or (not reading.is_over and reading.has_length):
        raise BrokenAnswer(about, "it ends too soon")
    return Answer(reading.status, reading.headers, reading.body, reading.is_whole)


class _TooLarge(Exception):
    def __init__(self) -> None:
        super().__init__("it is too large")


class _Reading:
    """What httptools tells of one answer; of those that follow it nothing is kept."""

    parser: httptools.HttpResponseParser

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._head = 0
        self._unpacking = zlib.decompressobj(_GZIP_OR_ZLIB)
        self._is_packed = False
        self.status = 0
        self.headers: list[tuple[str, str]] = []
        self.has_head = False
        self.has_length = False
        self.body = b""
        self.is_whole = True
        self.is_over = False

    def check_head(self, received: int) -> None:
        """Raises `_TooLarge`."""
        self._head += 0 if self.has_head else received
        if self._head > self._limits.head:
            raise _TooLarge

    def on_header(self, name: bytes, value: bytes) -> None:
        if self.is_over:
            return
        self.headers.append((name.decode("latin-1").lower(), value.decode("latin-1").strip()))

    def on_headers_complete(self) -> None:
        status = self.parser.get_status_code()
        if self.is_over or status < 200:
            return
        self.has_head = True
        self.status = status
        known = dict(self.headers)
        self.has_length = "content-length" in known or "transfer-encoding" in known
        self._is_packed = known.get("content-encoding", "") in ("gzip", "x-gzip", "deflate")

    def on_body(self, piece: bytes) -> None:
        room = self._limits.body + 1 - len(self.body)
        if self.is_over or room <= 0:
            return
        if self._is_packed:
            piece = self._unpacking.decompress(piece, room)
        self.body += piece
        if len(self.body) > self._limits.body:
            self.body = self.body[: self._limits.body]
            self.is_whole = False
            self.is_over = True

    def on_message_complete(self) -> None:
        if self.has_head:
            self.is_over = True
        else:  # news of the answer, not the answer
            self.headers.clear()
