"""The sites of a demo with all that is drawn for their visits, made once."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from functools import cache
from math import exp, log2
from random import Random

import msgspec

from leadline.collector import amount_of, page_address, source_of
from leadline.demo.arrivals import Arrival, arrivals
from leadline.demo.catalog import Brand, Event, Kind, Page, pages
from leadline.demo.days import Days, last_days
from leadline.demo.people import People, Person
from leadline.demo.wheel import Wheel, ranked
from leadline.sites import Site
from leadline.spool import Source

HITS_OF_A_PAGE = 40
"""A site has about one page for so many hits."""
FEWEST_PAGES, MOST_PAGES = 16, 2048
FIELDS_OF_A_PAGE = 16
FIELDS_OF_AMOUNTS = 64
WHOLE_PRICES_FROM = 10
"""Where money is worth so much less than a euro, prices are whole."""

STEEPNESS_OF_SITES = 1.3
STEEPNESS_OF_PAGES = 1.05

TASTE = 0.5
"""How far kinds of sites are from one another in who sends them visitors."""

BUSY_DAY, BUSIER = 0.015, (2.0, 3.5)
"""How likely it is that something happened, and so many times as many come then."""
MOOD = 0.1
"""How far other days are from one another."""


class Venue(msgspec.Struct, eq=False):
    """A site, and what its visits are drawn from.

    `origins` are those of its hosts. `moods` has a factor for each of its days, `size` is how busy
    it is beside the others.
    """

    site: Site
    kind: Kind
    wire: str
    origins: tuple[str, ...]
    days: Days
    size: float
    moods: list[float]
    people: Wheel[Person]
    pages: Wheel[Page]
    arrivals: Wheel[Arrival]
    events: dict[str, list[Event]]
    amounts: Wheel[Decimal]
    known: dict[tuple[str, Arrival], Source]

    def origin(self, page: Page) -> str:
        return self.origins[page.host % len(self.origins)]

    def source(self, origin: str, arrival: Arrival) -> Source:
        """As the collector attributes a hit of a page there."""
        found = self.known.get((origin, arrival))
        if found is None:
            address = page_address(origin)
            assert address is not None
            hosts = frozenset(domain.host for domain in self.site.domains)
            parameters = dict(arrival.parameters)
            found = source_of(address, arrival.referrer, parameters, (), hosts)
            self.known[origin, arrival] = found
        return found


@cache
def from_within(origin: str) -> Arrival:
    """Whoever follows a link on a page of the site."""
    return Arrival(f"{origin}/", (), 0.0)


def venues(
    chance: Random, sites: Sequence[tuple[Brand, Site]], hits: int, until: datetime, days: int
) -> list[Venue]:
    """The first is the largest. `hits` are those of all sites."""
    stock = _Stock(chance, until, days)
    sizes = ranked(len(sites), STEEPNESS_OF_SITES)
    share = hits / sum(sizes)
    return [
        stock.venue(brand, site, size, _page_count(share * size))
        for (brand, site), size in zip(sites, sizes, strict=True)
    ]


class _Stock:
    """What several sites draw from."""

    def __init__(self, chance: Random, until: datetime, days: int) -> None:
        self._chance = chance
        self._people = People(chance)
        self._senders = arrivals()
        self._arrivals: dict[str, Wheel[Arrival]] = {}
        self._days = cache(lambda timezone: last_days(until, timezone, days))
        self._pages: dict[tuple[str, int], Wheel[Page]] = {}

    def venue(self, brand: Brand, site: Site, size: float, page_count: int) -> Venue:
        kind, days = brand.kind, self._days(brand.timezone)
        return Venue(
            site=site,
            kind=kind,
            wire=brand.wire,
            origins=tuple(f"https://{host}" for host in brand.hosts),
            days=days,
            size=size,
            moods=[_mood(self._chance) for _ in days.dates],
            people=self._people.near(brand.country),
            pages=self._pages_of(kind, page_count),
            arrivals=self._arrivals_of(kind),
            events=_by_group(kind.events),
            amounts=self._amounts(kind, brand.prices),
            known={},
        )

    def _arrivals_of(self, kind: Kind) -> Wheel[Arrival]:
        """Not every kind of site is liked by the same senders."""
        if kind.name not in self._arrivals:
            weights = [each.weight * exp(self._chance.gauss(0, TASTE)) for each in self._senders]
            self._arrivals[kind.name] = Wheel(self._chance, self._senders, weights)
        return self._arrivals[kind.name]

    def _pages_of(self, kind: Kind, count: int) -> Wheel[Page]:
        if (kind.name, count) not in self._pages:
            weights = ranked(count, STEEPNESS_OF_PAGES)
            fields = count * FIELDS_OF_A_PAGE
            self._pages[kind.name, count] = Wheel(self._chance, pages(kind, count), weights, fields)
        return self._pages[kind.name, count]

    def _amounts(self, kind: Kind, prices: float) -> Wheel[Decimal]:
        digits = 2 if prices < WHOLE_PRICES_FROM else 0
        amounts = [amount_of(round(each * prices, digits)) for each in kind.goal.amounts]
        return Wheel(self._chance, amounts, [1.0] * len(amounts), FIELDS_OF_AMOUNTS)


def _page_count(hits: float) -> int:
    """A power of two, so that sites of about one size have the same pages."""
    wanted = min(max(hits / HITS_OF_A_PAGE, FEWEST_PAGES), MOST_PAGES)
    return int(2 ** round(log2(wanted)))


def _mood(chance: Random) -> float:
    busy = chance.uniform(*BUSIER) if chance.random() < BUSY_DAY else 1.0
    return busy * exp(chance.gauss(0, MOOD))


def _by_group(events: Sequence[Event]) -> dict[str, list[Event]]:
    found: dict[str, list[Event]] = {}
    for event in events:
        found.setdefault(event.group, []).append(event)
    return found
