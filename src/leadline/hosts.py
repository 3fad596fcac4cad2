"""Host names as they are compared here."""

import re
from collections.abc import Container

import idna

HOST_LENGTH = 253
_HOST = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)(\.(?!-)[a-z0-9_-]{1,63}(?<!-))*")


def comparable(host: str) -> str:
    """`host` in lower case, in ASCII, without a dot at the end; "" if it is no host name."""
    host = host.strip().lower().removesuffix(".")
    if len(host) > HOST_LENGTH:
        return ""
    if not host.isascii():
        try:
            host = idna.encode(host, uts46=True).decode()
        except UnicodeError:
            return ""
    return host if len(host) <= HOST_LENGTH and _HOST.fullmatch(host) else ""


def is_listed(host: str, listed: Container[str]) -> bool:
    """Whether `host` (comparable) is, or is below, one of those `listed`."""
    while host:
        if host in listed:
            return True
        host = host.partition(".")[2]
    return False
