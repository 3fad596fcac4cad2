"""Requests that are sent in the plainest way, read off the bytes of a connection at once.

Nearly every hit is such a one: a whole request and nothing after it, HTTP/1.1, no header twice, a
body of a stated length. Taking it apart here costs half of what a parser costs that calls for
every header. Whatever is not as plain, or not certainly right, is left to the parser.
"""

import re
from functools import lru_cache
from typing import Final

from leadline.collector import seal
from leadline.collector.intake import EVENT, ROOT, HitRequest, names_site

HEAD_LENGTH = 4096
"""Bytes of a head that is read here, and so of a header that is remembered."""

_END = b"\r\n\r\n"
_LINES = rb"POST %b/event HTTP/1\.1|(?:GET|POST) %b/\?([!\"$-~]*) HTTP/1\.1"
_HEADER = re.compile(
    rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*"
    rb"((?:[!-~\x80-\xff](?:[\t -~\x80-\xff]*[!-~\x80-\xff])?)?)[ \t]*"
)
_BEGINNINGS = (b"POST %b/event ", b"GET %b/?", b"POST %b/?")
_LENGTH = b"content-length"
_NUMBER = re.compile(rb"[0-9]{1,5}")
_GOING_ON = frozenset((b"expect", b"proxy-connection", b"transfer-encoding", b"upgrade"))
"""What says that the request, or its answer, goes on in another way."""


class Unfinished:
    """The head is plain, and the rest of the body has not come yet."""


UNFINISHED: Final = Unfinished()


class _NotPlain(Exception):
    """Somebody else has to read this."""


class Reader:
    """Reads requests to the collector's own two addresses, and to the same ones below a path."""

    def __init__(self, path: str = "") -> None:
        """`path` is such as `/stats`, or empty."""
        places = sorted({b"", path.encode("ascii")})
        self._beginnings = tuple(each % place for place in places for each in _BEGINNINGS)
        below = b"(?:%b)" % b"|".join(map(re.escape, places))
        self._line = re.compile(_LINES.replace(b"%b", below))

    def __call__(self, data: bytes, peer: str | None) -> HitRequest | Unfinished | None:
        """The request for the collector that `data` is; None for anything else."""
        end = data.find(_END, 0, HEAD_LENGTH) if data.startswith(self._beginnings) else -1
        if end < 0:
            return None
        line, *lines = data[:end].split(b"\r\n")
        try:
            headers = dict(map(_header, lines))
        except _NotPlain:
            return None
        body = data[end + len(_END) :]
        missing = int(headers.get(_LENGTH, b"0")) - len(body)
        found = self._line.fullmatch(line)
        if found is None or len(headers) < len(lines):
            return None
        query: bytes | None = found[1]
        if query is None and missing >= 0 and _LENGTH in headers:
            return UNFINISHED if missing else HitRequest(EVENT, b"", headers, body, peer)
        if query is None or body or missing or not names_site(query):
            return None
        return HitRequest(ROOT, query, headers, b"", peer)


@lru_cache(maxsize=8192)
def _header(line: bytes) -> tuple[bytes, bytes]:
    """Its name and value; those of a browser are nearly all the ones of its last request."""
    found = _HEADER.fullmatch(line)
    if found is None or not _is_plain(found[1].lower(), found[2]):
        raise _NotPlain
    return found[1].lower(), found[2]


def _is_plain(name: bytes, value: bytes) -> bool:
    if name == _LENGTH:
        return bool(_NUMBER.fullmatch(value)) and int(value) <= seal.BODY_LENGTH
    if name == b"connection":
        return value.lower() == b"keep-alive"
    return name not in _GOING_ON
