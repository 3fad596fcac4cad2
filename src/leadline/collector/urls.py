"""Addresses of pages and of where people came from, taken apart."""

from functools import lru_cache
from typing import NamedTuple
from urllib.parse import parse_qsl, urlsplit

from leadline.sites import seen_host

PATH_LENGTH = 2048
TEXT_LENGTH = 512
_SHOWN_SCHEMES = ("http", "https")


class Address(NamedTuple):
    """A web address. `host` is comparable (`seen_host`), `origin` is scheme and host, no port.

    `path` is as the browser wrote it, `query` without its question mark.
    """

    scheme: str
    host: str
    path: str
    query: str

    @property
    def origin(self) -> str:
        return f"{self.scheme}://{self.host}"


@lru_cache(maxsize=8192)
def parse(url: str) -> Address | None:
    """None for what is no address of a web page: other schemes, no host, a port that is none."""
    try:
        parts = urlsplit(f"http:{url}" if url.startswith("//") else url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return None
    if not host or parts.scheme not in _SHOWN_SCHEMES or not host.isprintable() or " " in host:
        return None
    return Address(parts.scheme, seen_host(host), parts.path or "/", parts.query)


def parameters(query: str) -> dict[str, str]:
    """URL parameters by name; the first that is not empty counts."""
    found: dict[str, str] = {}
    for name, value in parse_qsl(query, errors="replace"):
        found.setdefault(name, value)
    return found


def text(value: str, length: int = TEXT_LENGTH) -> str:
    """`value` as it may be stored: without control characters, of bounded length."""
    if not value.isprintable():
        value = "".join(character for character in value if character.isprintable())
    return value[:length]
