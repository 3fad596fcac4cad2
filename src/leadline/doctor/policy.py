"""Content Security Policy, as far as a page and its headers tell what a browser will do.

See https://www.w3.org/TR/CSP3/: sections 6.7.1 (scripts) and 6.7.2 (matching addresses).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from leadline.doctor.urls import DEFAULT_PORTS, Address

SCRIPT = ("script-src-elem", "script-src", "default-src")
CONNECT = ("connect-src", "default-src")
IMAGE = ("img-src", "default-src")

_UPGRADES = {
    "http": {"http", "https"},
    "ws": {"ws", "wss", "http", "https"},
    "wss": {"wss", "https"},
}
_HOST_SOURCE = re.compile(
    r"(?:([a-z][a-z0-9+.-]*)://)?(\*|(?:\*\.)?[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?|\[[0-9a-f:.]+\])"
    r"(?::(\d{1,5}|\*))?(/[^?#]*)?",
    re.IGNORECASE,
)
_SCHEME_SOURCE = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_NONCE = re.compile(r"'nonce-([a-zA-Z0-9+/_=-]+)'")
_HASH = re.compile(r"'?(sha(?:256|384|512)-[a-zA-Z0-9+/_=-]+)'?")


@dataclass(frozen=True)
class Policy:
    """One policy: sources by directive, whose names are in lower case."""

    directives: Mapping[str, tuple[str, ...]]

    def governing(self, names: Sequence[str]) -> str:
        """The first of these directives that there is; "" if none is."""
        return next((name for name in names if name in self.directives), "")

    def is_strict(self, directive: str) -> bool:
        """Whether an address alone is not enough for a script."""
        return "'strict-dynamic'" in map(str.lower, self.directives[directive])


def parse_policy(text: str) -> Policy:
    directives: dict[str, tuple[str, ...]] = {}
    for part in text.split(";"):
        name, *sources = part.split() or [""]
        if name:
            directives.setdefault(name.lower(), tuple(sources))
    return Policy(directives)


def parse_policies(headers: Sequence[str]) -> list[Policy]:
    """Those of headers, each of which may hold several with commas between."""
    return [parse_policy(text) for header in headers for text in header.split(",") if text.strip()]


def blocks_script(
    policy: Policy, address: Address, page: Address, nonce: str = "", integrity: str = ""
) -> str:
    """The directive that keeps this script element of the page from loading; "" if none does."""
    if "sandbox" in policy.directives and "allow-scripts" not in policy.directives["sandbox"]:
        return "sandbox"
    name = policy.governing(SCRIPT)
    if not name:
        return ""
    sources = policy.directives[name]
    if _has_nonce(sources, nonce) or _has_hashes(sources, integrity):
        return ""
    if policy.is_strict(name):
        return name
    return "" if _matches(sources, address, page) else name


def blocks_hit(policy: Policy, names: Sequence[str], address: Address, page: Address) -> str:
    """The directive, of `CONNECT` or `IMAGE`, that keeps a hit from being sent; "" if none does."""
    name = policy.governing(names)
    return name if name and not _matches(policy.directives[name], address, page) else ""


def _has_nonce(sources: Sequence[str], nonce: str) -> bool:
    return bool(nonce) and any(
        (found := _NONCE.fullmatch(source)) and found[1] == nonce for source in sources
    )


def _has_hashes(sources: Sequence[str], integrity: str) -> bool:
    """Whether all hashes of an element are allowed, and it has any."""
    listed = {found[1] for source in sources if (found := _HASH.fullmatch(source))}
    hashes = {found[1] for part in integrity.split() if (found := _HASH.fullmatch(part))}
    return bool(hashes) and hashes <= listed


def _matches(sources: Sequence[str], address: Address, page: Address) -> bool:
    return any(matches_source(source, address, page) for source in sources)


def matches_source(source: str, address: Address, page: Address) -> bool:
    """Whether one source expression of a policy of `page` lets `address` through."""
    if source == "*":
        return True  # an address is one of http or https
    if source.lower() == "'self'":
        return _is_self(address, page)
    if scheme := _SCHEME_SOURCE.fullmatch(source):
        return address.scheme in _upgraded(scheme[1].lower())
    found = _HOST_SOURCE.fullmatch(source)
    if not found:
        return False
    scheme_part, host, port, path = found.groups()
    return (
        address.scheme in _upgraded((scheme_part or page.scheme).lower())
        and _host_matches(host.lower(), address.host)
        and _port_matches(port, address)
        and _path_matches(path or "", address.path)
    )


def _is_self(address: Address, page: Address) -> bool:
    if address.origin == page.origin:
        return True
    return (
        address.host == page.host
        and address.scheme in _upgraded(page.scheme)
        and (address.port == page.port or (_has_usual_port(address) and _has_usual_port(page)))
    )


def _upgraded(scheme: str) -> set[str]:
    return _UPGRADES.get(scheme, {scheme})


def _has_usual_port(address: Address) -> bool:
    return DEFAULT_PORTS[address.scheme] == address.port


def _host_matches(pattern: str, host: str) -> bool:
    if pattern == "*":
        return True
    if pattern.startswith("*."):
        return host.endswith(pattern[1:])
    return host == pattern.removesuffix(".")


def _port_matches(port: str | None, address: Address) -> bool:
    if port == "*":
        return True
    if port is None:
        return _has_usual_port(address)
    return int(port) == address.port or (int(port) == 80 and _has_usual_port(address))


def _path_matches(pattern: str, path: str) -> bool:
    if pattern in ("", "/"):
        return True
    return path.startswith(pattern) if pattern.endswith("/") else path == pattern
