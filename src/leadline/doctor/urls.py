"""Addresses of pages, as browsers read them."""

import re
from typing import NamedTuple
from urllib.parse import urljoin

from can_ada import URL, parse

from leadline.doctor.errors import InvalidAddress

DEFAULT_PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443}
URL_LENGTH = 2048
_FIRST_FREE_PORT = 1024
_UNSEEN = re.compile(r"[\t\r\n]")


class Address(NamedTuple):
    """`host` is in ASCII and lower case, IPv6 in brackets; `target` is path and query."""

    scheme: str
    host: str
    port: int
    path: str
    query: str

    @property
    def origin(self) -> str:
        return f"{self.scheme}://{self.authority}"

    @property
    def authority(self) -> str:
        """The host, with the port where it is not the usual one."""
        usual = DEFAULT_PORTS.get(self.scheme) == self.port
        return self.host if usual else f"{self.host}:{self.port}"

    @property
    def target(self) -> str:
        return f"{self.path}{self.query}"

    def __str__(self) -> str:
        return f"{self.origin}{self.target}"


def parse_address(text: str, base: str = "") -> Address:
    """Where a browser would go for this, on a page at `base`. Raises `InvalidAddress`."""
    if len(text) > URL_LENGTH:
        raise InvalidAddress(f"{text[:100]}…")
    written = _UNSEEN.sub("", text).strip(" ").encode("utf-8", "replace").decode()
    before, mark, query = written.partition("?")
    written = before.replace("\\", "/") + mark + query
    try:
        url = parse(urljoin(base, written))
    except ValueError:
        raise InvalidAddress(text) from None
    return _address(url, text)


def _address(url: URL, text: str) -> Address:
    scheme = url.protocol.removesuffix(":")
    host = url.hostname.removesuffix(".")
    if scheme not in ("http", "https") or not host:
        raise InvalidAddress(text)
    port = int(url.port) if url.port else DEFAULT_PORTS[scheme]
    return Address(scheme, host, port, url.pathname, url.search)


def fetchable(address: Address) -> Address:
    """`address`, unless its port is one of a service that has no pages. Raises `InvalidAddress`."""
    if address.port not in (80, 443) and address.port < _FIRST_FREE_PORT:
        raise InvalidAddress(str(address))
    return address


def candidates(text: str) -> list[Address]:
    """What somebody may mean: without a scheme https or, if that is not there, http.

    Raises `InvalidAddress`.
    """
    text = text.strip()
    if "://" in text:
        return [fetchable(parse_address(text))]
    return [fetchable(parse_address(f"{scheme}://{text}")) for scheme in ("https", "http")]
