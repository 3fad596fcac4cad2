"""What reports must say of a demo, counted hit by hit, as plainly as can be."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

import msgspec

from leadline.demo.traffic import Told
from leadline.sites import Site
from leadline.spool import Hit, Kind

TOP = 10


class DayTotal(msgspec.Struct, frozen=True):
    """Of a local day; a visit is of the day of its first hit."""

    day: date
    pageviews: int
    visits: int
    visitors: int


class EventTotal(msgspec.Struct, frozen=True):
    """`unique_conversions` are different visitors of each day."""

    name: str
    conversions: int
    unique_conversions: int
    value: Decimal


class PageTotal(msgspec.Struct, frozen=True):
    path: str
    pageviews: int


class SourceTotal(msgspec.Struct, frozen=True):
    """`source` is empty for visits that nobody sent."""

    source: str
    visits: int


class CountryTotal(msgspec.Struct, frozen=True):
    country: str
    visits: int


class SiteTotals(msgspec.Struct, frozen=True, kw_only=True):
    """Of the time from `since` to `until`, which is out; moments are in UTC.

    `visitors` are those of each local day, added up; `uniques` different visitors of each page and
    day; `bounces` visits with one pageview; `duration` microseconds from the first hit of a visit
    to its last or to when its last page was left, of all visits; `revenue` is in `currency`. Of
    pages, sources and countries the ten with the most, of two alike the first in the alphabet.
    """

    code: str
    slug: str
    name: str
    timezone: str
    currency: str
    since: datetime
    until: datetime
    pageviews: int
    visits: int
    visitors: int
    uniques: int
    bounces: int
    duration: int
    revenue: Decimal
    events: list[EventTotal]
    days: list[DayTotal]
    pages: list[PageTotal]
    sources: list[SourceTotal]
    countries: list[CountryTotal]


class Tally:
    """Of one site. Takes in what is told of it in the order of time."""

    def __init__(self, site: Site, days: Sequence[date]) -> None:
        self._site = site
        self._days = {day: _Day() for day in days}
        self._now: _Day | None = None
        self._visits = self._bounces = self._duration = 0
        self._uniques = 0
        self._pages: Counter[str] = Counter()
        self._sources: Counter[str] = Counter()
        self._countries: Counter[str] = Counter()
        self._conversions: Counter[str] = Counter()
        self._unique_conversions: Counter[str] = Counter()
        self._values: dict[str, Decimal] = {}

    def add(self, told: Told) -> None:
        hit = told.hit
        today = self._days[hit.day]
        if today is not self._now:
            if self._now is not None:
                self._now.close()
            self._now = today
        self._duration += told.since
        if told.view:
            self._see(today, hit, told.view)
        elif hit.kind is not Kind.DEPARTURE:
            self._do(today, hit)

    def _see(self, today: "_Day", hit: Hit, view: int) -> None:
        today.pageviews += 1
        self._pages[hit.path] += 1
        if (page := (hit.visitor, hit.origin, hit.path)) not in today.seen:
            today.seen.add(page)
            self._uniques += 1
        if hit.visitor not in today.came:
            today.came.add(hit.visitor)
            today.visitors += 1
        if view == 1:
            today.visits += 1
            self._visits += 1
            self._bounces += 1
            self._sources[hit.source.source] += 1
            self._countries[hit.country] += 1
        elif view == 2:
            self._bounces -= 1

    def _do(self, today: "_Day", hit: Hit) -> None:
        self._conversions[hit.name] += 1
        if (event := (hit.visitor, hit.name)) not in today.did:
            today.did.add(event)
            self._unique_conversions[hit.name] += 1
        self._values[hit.name] = self._values.get(hit.name, Decimal()) + (hit.amount or 0)

    def totals(self, since: datetime, until: datetime) -> SiteTotals:
        site = self._site
        days = [
            DayTotal(day, each.pageviews, each.visits, each.visitors)
            for day, each in self._days.items()
        ]
        return SiteTotals(
            code=site.code,
            slug=site.slug,
            name=site.name,
            timezone=site.timezone,
            currency=site.currency,
            since=since,
            until=until,
            pageviews=sum(day.pageviews for day in days),
            visits=self._visits,
            visitors=sum(day.visitors for day in days),
            uniques=self._uniques,
            bounces=self._bounces,
            duration=self._duration,
            revenue=sum(self._values.values(), Decimal()),
            events=self._events(),
            days=days,
            pages=[PageTotal(*each) for each in _top(self._pages)],
            sources=[SourceTotal(*each) for each in _top(self._sources)],
            countries=[CountryTotal(*each) for each in _top(self._countries)],
        )

    def _events(self) -> list[EventTotal]:
        return [
            EventTotal(name, count, self._unique_conversions[name], self._values[name])
            for name, count in sorted(self._conversions.items())
        ]


class _Day:
    """Whoever came, saw and did is known until another day comes."""

    __slots__ = ("came", "did", "pageviews", "seen", "visitors", "visits")

    def __init__(self) -> None:
        self.pageviews = self.visits = self.visitors = 0
        self.came: set[int] = set()
        self.seen: set[tuple[int, str, str]] = set()
        self.did: set[tuple[int, str]] = set()

    def close(self) -> None:
        self.came, self.seen, self.did = set(), set(), set()


def _top(counted: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counted.items(), key=lambda each: (-each[1], each[0]))[:TOP]
