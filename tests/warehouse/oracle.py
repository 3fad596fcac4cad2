"""What the warehouse has to say about a history, worked out hit by hit in plain Python."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import NamedTuple

from leadline.spool import Hit, Kind, Source

HALF_AN_HOUR = timedelta(minutes=30)


class Told(NamedTuple):
    """What is said about one hit beyond what it says itself."""

    visit_id: int
    visit_started_at: datetime
    is_entry: bool
    is_second_pageview: bool
    is_new_visitor: bool
    source: Source


class Facts(NamedTuple):
    first_hit_at: datetime
    last_hit_at: datetime


@dataclass
class Visit:
    number: int
    started_at: datetime
    last_at: datetime
    source: Source
    pageviews: int = 0


@dataclass
class Oracle:
    """Told about every hit in the order in which it happened, remembers everything for ever."""

    told: dict[int, Told] = field(default_factory=dict)
    facts: dict[int, Facts] = field(default_factory=dict)
    _visits: dict[tuple[int, int], Visit] = field(default_factory=dict)
    _seen: set[tuple[int, date, int]] = field(default_factory=set)

    def take(self, number: int, hit: Hit) -> None:
        visit = self._visit_going_on(hit)
        if hit.kind is Kind.DEPARTURE:
            if visit is not None:
                told = Told(visit.number, visit.started_at, False, False, False, visit.source)
                self.told[number] = told
            return
        is_entry = visit is None
        if visit is None:
            visit = Visit(number, hit.received_at, hit.received_at, hit.source)
        visit.last_at = hit.received_at
        visit.pageviews += hit.kind is Kind.PAGEVIEW
        self._visits[hit.site, hit.visitor] = visit
        day = (hit.site, hit.day, hit.visitor)
        self.told[number] = Told(
            visit_id=visit.number,
            visit_started_at=visit.started_at,
            is_entry=is_entry,
            is_second_pageview=hit.kind is Kind.PAGEVIEW and visit.pageviews == 2,
            is_new_visitor=day not in self._seen,
            source=hit.source if hit.kind is Kind.PAGEVIEW else visit.source,
        )
        self._seen.add(day)
        first, _ = self.facts.get(hit.site, Facts(hit.received_at, hit.received_at))
        self.facts[hit.site] = Facts(first, hit.received_at)

    def _visit_going_on(self, hit: Hit) -> Visit | None:
        """The visit that this hit belongs to, under today's hash or yesterday's."""
        for visitor in (hit.visitor, hit.previous):
            visit = None if visitor is None else self._visits.get((hit.site, visitor))
            if visit is not None and hit.received_at - visit.last_at < HALF_AN_HOUR:
                return visit
        return None
