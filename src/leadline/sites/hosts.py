"""Host names: how they are written down and which of them a listed domain lets in."""

import re
from collections.abc import Container
from functools import lru_cache

import idna

from leadline.sites.errors import InvalidDomain

HOST_LENGTH = 253
SHORTEST_HOST = 3
_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")


def ascii_host(text: str) -> str:
    """The ASCII form of a host name that an owner lists. Raises `InvalidDomain`."""
    lowered = text.strip().lower()
    if len(lowered) > HOST_LENGTH:
        raise InvalidDomain(text)
    try:
        host = lowered if lowered.isascii() else idna.encode(lowered, uts46=True).decode()
    except idna.IDNAError as error:
        raise InvalidDomain(text) from error
    labels = host.split(".")
    if not SHORTEST_HOST <= len(host) <= HOST_LENGTH or not all(
        _LABEL.fullmatch(label) for label in labels
    ):
        raise InvalidDomain(text)
    if labels[-1].isdigit() or _looks_hexadecimal(labels[-1]) or not _decodes(labels):
        raise InvalidDomain(text)
    return host


def _looks_hexadecimal(label: str) -> bool:
    """Browsers read a last label such as 0x7f as part of an IPv4 address."""
    return bool(re.fullmatch(r"0x[0-9a-f]*", label))


def _decodes(labels: list[str]) -> bool:
    try:
        for label in labels:
            if label.startswith("xn--"):
                idna.ulabel(label)
    except idna.IDNAError:
        return False
    return True


@lru_cache(maxsize=8192)
def seen_host(text: str) -> str:
    """The comparable form of a host that a hit names: lower case, ASCII, no trailing dot.

    A host that IDNA refuses stays as it is: it then matches no listed domain.
    """
    host = text.lower().removesuffix(".")
    if host.isascii():
        return host
    try:
        return idna.encode(host, uts46=True).decode()
    except idna.IDNAError:
        return host


def without_www(host: str) -> str:
    """`host` without a leading `www.`, unless that leaves a name without a dot (`www.com`)."""
    rest = host.removeprefix("www.")
    return rest if "." in rest else host


def authorises(listed: Container[str], host: str) -> bool:
    """Whether `host` (as `seen_host` gives it) is, or is below, one of the `listed` hosts.

    `listed` holds hosts without a leading `www.`; one is ignored on `host` too.
    """
    candidate = without_www(host)
    while candidate:
        if candidate in listed:
            return True
        candidate = candidate.partition(".")[2]
    return False
