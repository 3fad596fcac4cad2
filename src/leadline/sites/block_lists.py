"""What the owner of a site does not want counted: addresses, countries, paths, hosts, events."""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network, collapse_addresses, ip_address, ip_network
from string import punctuation
from typing import NamedTuple, TypeVar
from urllib.parse import quote

from leadline.countries import known_country
from leadline.hosts import comparable, is_listed
from leadline.network import Address, unmapped
from leadline.sites.errors import BlockRuleFault, InvalidBlockRule

Network = TypeVar("Network", IPv4Network, IPv6Network)

VALUE_LENGTH = 2048
EVERY_EVENT = "*"


class BlockKind(StrEnum):
    """What a rule looks at."""

    ADDRESS = "address"
    COUNTRY = "country"
    PATH = "path"
    HOST = "host"
    EVENT = "event"


class Rule(NamedTuple):
    """One rule as it is stored.

    By kind, `value` is an address or a network (`203.0.113.0/24`); the code of a country; a path
    in which `*` stands for any text (`/admin/*`); the host of a page, or `*.example.com` for every
    host below it; the name of an event, or `*` for every event.
    """

    kind: str
    value: str


def normalise(rule: Rule) -> Rule:
    """The one form of a rule among those that mean the same. Raises `InvalidBlockRule`."""
    if rule.kind not in _NORMALISE:
        kinds = ", ".join(BlockKind)
        raise InvalidBlockRule(BlockRuleFault.KIND, kinds)
    value = rule.value.strip()
    if not value or len(value) > VALUE_LENGTH or not value.isprintable():
        raise InvalidBlockRule(BlockRuleFault.VALUE, VALUE_LENGTH)
    return Rule(rule.kind, _NORMALISE[rule.kind](value))


def _address(value: str) -> str:
    network = _network(value)
    return str(network[0]) if network.num_addresses == 1 else str(network)


def _network(value: str) -> IPv4Network | IPv6Network:
    try:
        if "%" in value:
            raise ValueError
        network = ip_network(value, strict=False)
    except ValueError:
        raise InvalidBlockRule(BlockRuleFault.ADDRESS) from None
    mapped = unmapped(network[0])
    if isinstance(network, IPv6Network) and mapped.version == 4 and network.prefixlen >= 96:
        return IPv4Network((int(mapped), network.prefixlen - 96))
    return network


def _country(value: str) -> str:
    code = known_country(value)
    if not code:
        raise InvalidBlockRule(BlockRuleFault.COUNTRY)
    return code


def _path(value: str) -> str:
    if not value.startswith(("/", "*")):
        raise InvalidBlockRule(BlockRuleFault.PATH)
    return re.sub(r"\*+", "*", value)


def _host(value: str) -> str:
    try:
        return str(ip_address(value.removeprefix("[").removesuffix("]")))
    except ValueError:
        wildcard = "*." if value.startswith("*.") else ""
        host = comparable(value.removeprefix("*."))
    if not host:
        raise InvalidBlockRule(BlockRuleFault.HOST)
    return wildcard + host


_NORMALISE: dict[str, Callable[[str], str]] = {
    BlockKind.ADDRESS: _address,
    BlockKind.COUNTRY: _country,
    BlockKind.PATH: _path,
    BlockKind.HOST: _host,
    BlockKind.EVENT: str,
}


class BlockList:
    """Rules made ready for looking many hits up. Never changes."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        values: dict[str, list[str]] = {kind: [] for kind in BlockKind}
        for kind, value in rules:
            values[kind].append(value)
        networks = [ip_network(value) for value in values[BlockKind.ADDRESS]]
        self._ranges = {
            4: _ranges(network for network in networks if isinstance(network, IPv4Network)),
            6: _ranges(network for network in networks if isinstance(network, IPv6Network)),
        }
        self._countries = frozenset(values[BlockKind.COUNTRY])
        self._hosts = frozenset(host for host in values[BlockKind.HOST] if host[0] != "*")
        self._parents = frozenset(host[2:] for host in values[BlockKind.HOST] if host[0] == "*")
        self._paths = _any_of(values[BlockKind.PATH])
        self._events = frozenset(values[BlockKind.EVENT])

    def reason(
        self, address: Address, country: str, host: str, path: str, event: str
    ) -> BlockKind | None:
        """The kind of a rule that blocks this hit, None if it counts.

        `country` is an upper-case code or "", `host` lower-case ASCII, `event` "" for a pageview.
        """
        if self._is_blocked(unmapped(address)):
            return BlockKind.ADDRESS
        if country in self._countries:
            return BlockKind.COUNTRY
        if host in self._hosts or is_listed(host.partition(".")[2], self._parents):
            return BlockKind.HOST
        if self._paths is not None and self._paths.fullmatch(path):
            return BlockKind.PATH
        if event and (event in self._events or EVERY_EVENT in self._events):
            return BlockKind.EVENT
        return None

    def _is_blocked(self, address: Address) -> bool:
        firsts, lasts = self._ranges[address.version]
        number = int(address)
        position = bisect_right(firsts, number) - 1
        return position >= 0 and number <= lasts[position]


def _ranges(networks: Iterable[Network]) -> tuple[list[int], list[int]]:
    """First and last addresses, in order, none within another."""
    apart = list(collapse_addresses(networks))
    return [int(network[0]) for network in apart], [int(network[-1]) for network in apart]


def _any_of(patterns: Iterable[str]) -> re.Pattern[str] | None:
    """Both as written and as browsers write it, with escapes."""
    written = dict.fromkeys(
        form for pattern in patterns for form in (pattern, quote(pattern, safe=punctuation))
    )
    return re.compile("|".join(map(_expression, written)), re.DOTALL) if written else None


def _expression(pattern: str) -> str:
    """Each text between two `*` is taken where it is first found, which is always right.

    So the time does not explode, whatever the pattern.
    """
    first, *rest = map(re.escape, pattern.split("*"))
    if not rest:
        return first
    *between, last = rest
    return first + "".join(f"(?>.*?{text})" for text in between) + ".*" + last
