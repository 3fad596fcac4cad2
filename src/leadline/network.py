"""Who is asking, and under which address they see this server.

`Forwarded` information is believed only from trusted proxies.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from leadline.settings import Network

Address = IPv4Address | IPv6Address
Headers = Iterable[tuple[bytes, bytes]]

_HOST = re.compile(r"([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?")

UNKNOWN_ADDRESS = IPv4Address(0)
"""Stands for a peer without an address, such as one on a Unix socket."""


@lru_cache(maxsize=8192)
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


class TrustedProxies:
    """The networks whose word about the client is taken."""

    def __init__(self, networks: Sequence[Network]) -> None:
        self._networks = tuple(networks)
        self.trusts = lru_cache(maxsize=1024)(self._trusts)

    def _trusts(self, address: Address) -> bool:
        return any(address in network for network in self._networks)

    def client(self, peer: str | None, headers: Headers) -> Address:
        """The rightmost address in `X-Forwarded-For` that is no trusted proxy.

        If all are, the leftmost; what stands left of something that is no address is not
        believed. Without any, or from a peer that is no trusted proxy: the peer.
        """
        address = (peer and parse_address(peer)) or UNKNOWN_ADDRESS
        if not self.trusts(address):
            return address
        hops = [value for name, value in headers if name == b"x-forwarded-for"]
        for hop in reversed(b",".join(hops).split(b",")):
            forwarded = parse_address(hop.decode("latin-1"))
            if forwarded is None:
                break
            address = forwarded
            if not self.trusts(address):
                break
        return address

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
