"""Which addresses a page may be fetched from: those of the public Internet.

Whoever may ask for a page must not see through this server what only this server sees.
"""

import socket
from collections.abc import Callable, Collection
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from queue import Empty, SimpleQueue
from threading import Thread

from leadline.doctor.deadline import Deadline
from leadline.doctor.errors import ForbiddenAddress, TimedOut, UnknownHost
from leadline.hosts import comparable, is_listed
from leadline.network import Address, unmapped

Resolver = Callable[[str], Collection[str]]
"""The addresses of a host as texts. Raises `OSError`."""

_IPV6 = ip_network("2000::/3")
_NAT64 = ip_network("64:ff9b::/96")
_NOBODYS = tuple(
    map(
        ip_network,
        (
            "168.63.129.16/32",  # what Azure tells its machines
            "192.0.0.0/24",
            "192.88.99.0/24",  # the way to 6to4
            "2001::/23",  # Teredo among others
            "2002::/16",  # 6to4
        ),
    )
)
"""Called global, and yet no place for a page."""

_OWN_NETWORKS = tuple(
    map(
        ip_network,
        (
            *("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"),
            *("::1/128", "fc00::/7"),
        ),
    )
)


def resolve(host: str) -> list[str]:
    """What the system says."""
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return [str(address[0]) for *_, address in found]


def is_public(address: Address) -> bool:
    """Whether anybody on the Internet may ask this address; also of IPv4 wrapped into IPv6."""
    address = unmapped(address)
    if isinstance(address, IPv6Address):
        if address in _NAT64:
            return is_public(IPv4Address(int(address) & 0xFFFF_FFFF))
        if address not in _IPV6:
            return False
    return (
        address.is_global
        and not address.is_multicast
        and not any(address in network for network in _NOBODYS)
    )


def is_of_a_network(address: Address) -> bool:
    """Whether a page can live here: also in a network of one's own, or on this machine."""
    address = unmapped(address)
    return is_public(address) or any(address in network for network in _OWN_NETWORKS)


class Guard:
    """Finds the addresses of a host, and refuses those that nobody is to be led to.

    A host at or below one of `trusted` may also be in a private network.
    """

    def __init__(self, trusted: Collection[str] = (), resolver: Resolver = resolve) -> None:
        self._trusted = frozenset(filter(None, map(comparable, trusted)))
        self._resolver = resolver

    def addresses(self, host: str, deadline: Deadline) -> list[str]:
        """All of them, or none: one that is refused refuses the host.

        Raises `ForbiddenAddress`, `UnknownHost`, `TimedOut`.
        """
        found = [_parsed(text) for text in self._resolved(host.strip("[]"), deadline)]
        allowed = is_of_a_network if self._trusts(host) else is_public
        if not found:
            raise UnknownHost(host)
        if not all(address is not None and allowed(address) for address in found):
            raise ForbiddenAddress(host)
        return list(dict.fromkeys(str(address) for address in found))

    def _trusts(self, host: str) -> bool:
        return is_listed(comparable(host), self._trusted)

    def _resolved(self, host: str, deadline: Deadline) -> Collection[str]:
        """The system's resolver has patience of its own: it is not waited for longer."""
        if _parsed(host) is not None:
            return [host]
        answers: SimpleQueue[Collection[str] | None] = SimpleQueue()

        def ask() -> None:
            try:
                answers.put(self._resolver(host))
            except (OSError, UnicodeError):
                answers.put(None)

        Thread(target=ask, name="resolver", daemon=True).start()
        try:
            found = answers.get(timeout=deadline.left())
        except Empty:
            raise TimedOut(host) from None
        if found is None:
            raise UnknownHost(host)
        return found


def _parsed(text: str) -> Address | None:
    try:
        return unmapped(ip_address(text.partition("%")[0]))
    except ValueError:
        return None
