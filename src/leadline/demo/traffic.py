"""Visits, page after page, as the hits that a collector would have taken of them."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import accumulate
from operator import itemgetter
from random import Random
from typing import NamedTuple

from leadline.demo.catalog import Page
from leadline.demo.days import HOUR, MINUTE, SECOND, moment_of
from leadline.demo.people import Person
from leadline.demo.rhythm import Rhythm
from leadline.demo.venues import Venue, from_within
from leadline.demo.wheel import SIZE, Wheel
from leadline.spool import Hit, Kind, Source

OVERLAP = 30 * MINUTE
"""For so long after midnight a hit carries the hash of the day before too."""

LONGEST_STAY = 25 * MINUTE
"""On a page: less than what ends a visit."""
AWAY = 31 * MINUTE
"""Who comes back later than that begins another visit."""

COMES_BACK = 0.12
ENTERS_AT_HOME = 0.3
LEAVES_UNTOLD = 0.1
"""Of the pages that tell when they are left, the part whose telling is lost."""
LOADING = 200_000
HITS_OF_A_VISIT = 2.5
"""About; it decides how many visits are begun together."""

_PAGES_OF_A_VISIT = (1, 2, 3, 4, 5, 6, 8, 10, 14, 22)
_HOW_OFTEN = (46, 18, 12, 8, 5, 4, 3, 2, 1.4, 0.6)
_PLACE = itemgetter(0, 1)


class Told(NamedTuple):
    """A hit, or a departure, with what its visit makes of it.

    `at` are microseconds; those of one window differ in (`at`, `number`). `view` is the number of
    the pageview in its visit, from 1, or 0 for what is none; `since` are the microseconds since
    the visit's one before.
    """

    at: int
    number: int
    hit: Hit
    view: int
    since: int


class _Visitor(NamedTuple):
    """Somebody on one day."""

    venue: Venue
    person: Person
    hash: int


class Traffic:
    """So many hits of all sites, in the order of time."""

    def __init__(self, chance: Random, venues: Sequence[Venue], rhythm: Rhythm, hits: int) -> None:
        self._chance = chance
        self._random = chance.random
        self._venues = venues
        self._rhythm = rhythm
        self._hits = hits
        self.left = hits
        self._number = 0
        self._told: defaultdict[int, list[Told]] = defaultdict(list)
        self._returns: defaultdict[int, list[tuple[int, _Visitor]]] = defaultdict(list)
        self._lengths = Wheel(chance, _PAGES_OF_A_VISIT, _HOW_OFTEN)
        stays = [_stay(chance) for _ in range(SIZE)]
        self._stays = Wheel(chance, stays, [1.0] * SIZE)

    def windows(self) -> Iterator[list[Told]]:
        """Window after window; departures come beside the hits."""
        for window, target in enumerate(self._rhythm.targets(self._hits)):
            self._begin_visits(window, self._hits - target)
            for at, visitor in self._returns[window]:  # which may grow meanwhile
                self._visit(at, visitor)
            self._returns.pop(window)
            yield sorted(self._told.pop(window, ()), key=_PLACE)

    def tell(self, told: Told) -> None:
        window = (told.at - self._rhythm.since) // self._rhythm.length
        self._told[window].append(told)

    def next_number(self) -> int:
        self._number += 1
        return self._number

    @property
    def until(self) -> int:
        return self._rhythm.until

    def _begin_visits(self, window: int, left: int) -> None:
        """Until no more than so many hits are left to be told."""
        if self.left <= left:
            return
        begins, ends = self._rhythm.begins(window), self._rhythm.ends(window)
        busy = list(accumulate(self._rhythm.weights(window)))
        while self.left > left:
            count = max(1, int((self.left - left) / HITS_OF_A_VISIT / 2))
            for venue in self._chance.choices(self._venues, cum_weights=busy, k=count):
                at = max(begins + int(self._random() * (ends - begins)), venue.days.begins[0])
                person = venue.people.turn()
                self._visit(at, _Visitor(venue, person, self._chance.getrandbits(64)))

    def _visit(self, at: int, visitor: _Visitor) -> None:
        if not self.left:
            return
        visit = _Visit(self, visitor, at, self._chance)
        venue = visitor.venue
        pages, reaches_goal = self._route(venue)
        arrival = venue.arrivals.turn()
        for page in pages:
            origin = venue.origin(page)
            stay = self._stays.turn() + int(self._random() * SECOND)
            visit.see(at, page, venue.source(origin, arrival))
            if reaches_goal and page is pages[-1]:
                self._convert(visit, venue, at + min(stay, SECOND) // 2)
            else:
                self._act(visit, venue, at, stay, page)
            arrival = from_within(origin)
            at += stay
            if venue.kind.tells_engaged and self._random() > LEAVES_UNTOLD:
                visit.leave(at, stay)
            at += LOADING
        self._come_back(at, visit)

    def _route(self, venue: Venue) -> tuple[list[Page], bool]:
        """The pages of a visit, and whether the last of them is where a goal is reached."""
        turn, goal = venue.pages.turn, venue.kind.goal
        pages = [turn() for _ in range(self._lengths.turn())]
        if self._random() < ENTERS_AT_HOME:
            pages[0] = venue.kind.home[0]
        if len(pages) > 1 and self._random() < 2 * goal.chance:
            return [*pages, *goal.pages], True
        return pages, False

    def _act(self, visit: "_Visit", venue: Venue, at: int, stay: int, page: Page) -> None:
        for event in venue.events.get(page.group, ()):
            if self._random() < event.chance:
                properties = self._chance.choice(event.properties)
                visit.do(at + int(stay * self._random()), event.name, None, properties)
                return

    def _convert(self, visit: "_Visit", venue: Venue, at: int) -> None:
        goal = venue.kind.goal
        properties = self._chance.choice(goal.properties)
        visit.do(at, goal.name, venue.amounts.turn(), properties)

    def _come_back(self, left_at: int, visit: "_Visit") -> None:
        """Some do on the same day, under the same hash."""
        if self._random() > COMES_BACK:
            return
        at = left_at + AWAY + int(self._chance.expovariate(1) * 2 * HOUR)
        if at < min(visit.day_ends, self.until):
            window = (at - self._rhythm.since) // self._rhythm.length
            self._returns[window].append((at, visit.visitor))


def _stay(chance: Random) -> int:
    """Half of all stays on a page are shorter than 40 seconds."""
    return min(int(chance.lognormvariate(3.6, 1.1) * SECOND), LONGEST_STAY)


class _Visit:
    """What a visit tells; nothing of it is later than the end of it all, and no hit too many."""

    def __init__(self, traffic: Traffic, visitor: _Visitor, at: int, chance: Random) -> None:
        self.visitor = visitor
        self._traffic = traffic
        self._chance = chance
        days = visitor.venue.days
        self._day = bisect_right(days.begins, at) - 1
        self.day_ends = days.begins[self._day + 1]
        self._overlap_ends = days.begins[self._day] + OVERLAP
        self._previous = chance.getrandbits(64) if at < self._overlap_ends else None
        self._last = at
        self._views = 0
        self._page = visitor.venue.kind.home[0]
        self._source = Source()

    def see(self, at: int, page: Page, source: Source) -> None:
        self._page, self._source = page, source
        self._tell(at, Kind.PAGEVIEW, "", None, {})

    def do(self, at: int, name: str, amount: Decimal | None, properties: dict[str, str]) -> None:
        kind = Kind.MICRO if amount is None else Kind.CONVERSION
        self._tell(at, kind, name, amount, properties)

    def leave(self, at: int, stay: int) -> None:
        """The page was in view for most of the time."""
        part = 0.5 + self._chance.random() / 2
        scroll = min(100, 20 + int(self._chance.random() * 90))
        engaged = {"engaged": str(int(stay * part) // SECOND), "scroll": str(scroll)}
        self._tell(at, Kind.DEPARTURE, "", None, engaged)

    def _tell(
        self, at: int, kind: Kind, name: str, amount: Decimal | None, properties: dict[str, str]
    ) -> None:
        traffic = self._traffic
        if at >= traffic.until or not traffic.left:
            return
        if at >= self.day_ends:
            self._pass_midnight()
        venue, page = self.visitor.venue, self._page
        is_seal, is_view = venue.wire == "seal", kind is Kind.PAGEVIEW
        hit = Hit(
            venue.site.id,
            moment_of(at),
            venue.days.dates[self._day],
            self.visitor.hash,
            self._previous if at < self._overlap_ends else None,
            kind,
            venue.origin(page),
            page.path,
            self._source,
            name,
            amount,
            properties,
            page.group if is_seal and is_view else "",
            self.visitor.person.timezone if is_seal else "",
            venue.wire,
            *self.visitor.person.profile,
        )
        if kind is not Kind.DEPARTURE:
            traffic.left -= 1
        self._views += is_view
        view = self._views if is_view else 0
        traffic.tell(Told(at, traffic.next_number(), hit, view, at - self._last))
        self._last = at

    def _pass_midnight(self) -> None:
        """On another day the same visitor has another hash."""
        self._day += 1
        begins = self.visitor.venue.days.begins
        self._previous = self.visitor.hash
        self._overlap_ends, self.day_ends = begins[self._day] + OVERLAP, begins[self._day + 1]
        self.visitor = self.visitor._replace(hash=self._chance.getrandbits(64))
