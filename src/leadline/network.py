"""Who is asking, and under which address they see this server.

`Forwarded` information is believed only from trusted proxies.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cached_property, lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import NamedTuple

from leadline.settings import Network

Address = IPv4Address | IPv6Address
Headers = Iterable[tuple[bytes, bytes]]

_HOST = re.compile(r"([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?")

KNOWN_ADDRESSES = 8192

UNKNOWN_ADDRESS = IPv4Address(0)
"""Stands for a peer without an address, such as one on a Unix socket."""


def parse_address(text: str) -> Address | None:
    """The address in `text`, which may carry a port or brackets; IPv4 in IPv6 is unwrapped."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return unmapped(address)


def unmapped(address: Address) -> Address:
    """`address` itself, or the IPv4 address that is wrapped in it."""
    return getattr(address, "ipv4_mapped", None) or address


def subscriber(address: str) -> str:
    """Whoever has this address, and with it of IPv6 the 2^64 others of the same network."""
    parsed = parse_address(address)
    if isinstance(parsed, IPv6Address):
        return str(ip_network((int(parsed), 64), strict=False))
    return address


class ForwardingWatch:
    """Notices the trap in which all visitors look like one: a proxy that nobody trusts.

    A visitor's own proxy may forward addresses too; so one that most hits come through is meant.
    """

    WINDOW = 1000
    """Hits looked at together."""
    SUSPICIOUS = 20

    def __init__(self) -> None:
        self._hits = 0
        self._by_peer: Counter[Address] = Counter()
        self._suspected = False

    def note(self, peer: Address, is_unbelieved: bool) -> None:
        """One hit; `is_unbelieved` if an untrusted peer forwarded an address with it."""
        self._hits += 1
        if is_unbelieved:
            self._by_peer[peer] += 1
        if self._hits == self.WINDOW:
            self._suspected = self._looks_so()
            self._hits = 0
            self._by_peer.clear()

    def suspects_a_proxy(self) -> bool:
        """Of the last full window, or of the present one."""
        return self._suspected or self._looks_so()

    def _looks_so(self) -> bool:
        most = max(list(self._by_peer.values()), default=0)
        return most >= self.SUSPICIOUS and 2 * most > self._hits


class _Hop(NamedTuple):
    """An address on the way of a request, and whether what it says of those before is believed."""

    address: Address
    is_trusted: bool


class TrustedProxies:
    """The networks whose word about the client is taken."""

    def __init__(self, networks: Sequence[Network]) -> None:
        self._networks = tuple(networks)
        self._hop = lru_cache(maxsize=KNOWN_ADDRESSES)(self._parse_hop)
        self._behind = lru_cache(maxsize=KNOWN_ADDRESSES)(self._find_behind)
        self.watch = ForwardingWatch()

    def trusts(self, address: Address) -> bool:
        return any(address in network for network in self._networks)

    def _parse_hop(self, text: str) -> _Hop | None:
        address = parse_address(text)
        return None if address is None else _Hop(address, self.trusts(address))

    def _find_behind(self, forwarded: bytes) -> Address | None:
        address = None
        for text in reversed(forwarded.decode("latin-1").split(",")):
            hop = self._parse_hop(text)
            if hop is None:
                break
            address = hop.address
            if not hop.is_trusted:
                break
        return address

    def client(self, peer: str | None, headers: Headers) -> Address:
        """As `client_behind`, the addresses read from `X-Forwarded-For`."""
        hops = [value for name, value in headers if name == b"x-forwarded-for"]
        return self.client_behind(peer, b",".join(hops))

    def client_behind(self, peer: str | None, forwarded: bytes) -> Address:
        """The rightmost address in `forwarded` that is no trusted proxy.

        If all are, the leftmost; what stands left of something that is no address is not
        believed. Without any, or from a peer that is no trusted proxy: the peer.
        """
        hop = (self._hop(peer) if peer else None) or self._unknown
        is_unbelieved = bool(forwarded) and not hop.is_trusted
        self.watch.note(hop.address, is_unbelieved)
        if not forwarded or is_unbelieved:
            return hop.address
        return self._behind(forwarded) or hop.address

    def trusts_peer(self, peer: str | None) -> bool:
        """Whether the other end of a connection is a trusted proxy."""
        return ((self._hop(peer) if peer else None) or self._unknown).is_trusted

    @cached_property
    def _unknown(self) -> _Hop:
        return _Hop(UNKNOWN_ADDRESS, self.trusts(UNKNOWN_ADDRESS))

    def origin(self, peer: str | None, headers: Headers, scheme: str) -> str:
        """The origin that the client used, such as `https://stats.example.com`."""
        given = {name.decode("latin-1"): value.decode("latin-1") for name, value in headers}
        host = given.get("host", "localhost")
        if self.trusts((peer and parse_address(peer)) or UNKNOWN_ADDRESS):
            scheme = _last(given.get("x-forwarded-proto")).lower() or scheme
            host = _last(given.get("x-forwarded-host")) or host
        if scheme not in ("http", "https") or not _HOST.fullmatch(host):
            return "http://localhost"
        return f"{scheme}://{host}"


def _last(header: str | None) -> str:
    return header.rpartition(",")[2].strip() if header else ""
