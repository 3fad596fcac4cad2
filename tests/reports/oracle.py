"""What pageviews, visits and events add up to, worked out one by one in plain Python.

It knows nothing of the reports: a question and its answer are texts, moments and numbers here.
"""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple

from leadline.spool import Hit, Kind

MICROSECOND = timedelta(microseconds=1)
EVENTS = (Kind.CONVERSION, Kind.MICRO)

Key = tuple[int, tuple[str, ...]]
"""A bucket, and the values of the dimensions."""

Known = Mapping[str, str]
Tree = tuple[Any, ...]
"""`("all", trees)`, `("any", trees)`, `("not", tree)` or `("if", dimension, operator, value)`.

Of a visit also `("viewed", tree)` and `("did", tree)`: whether it has a pageview or an event so."""


class Told(NamedTuple):
    """A hit and the visit that it belongs to."""

    number: int
    visit: int
    hit: Hit


class Asked(NamedTuple):
    """`dimensions` are names, or `property:` and a key; `sums` are the names of numbers."""

    sites: tuple[int, ...]
    since: datetime
    until: datetime
    buckets: Sequence[datetime]
    dimensions: Sequence[str]
    tree: Tree
    sums: Sequence[str]


def of_hit(hit: Hit) -> dict[str, str]:
    source = hit.source
    return {
        "hostname": hit.origin,
        "pathname": hit.path,
        "content_group": hit.group,
        "referrer_hostname": source.referrer,
        "referrer_domain": re.sub("^https?://", "", source.referrer),
        "referrer_pathname": source.referrer_path,
        "source": source.source,
        "medium": source.medium,
        "channel": source.channel,
        "utm_source": source.utm_source,
        "utm_medium": source.utm_medium,
        "utm_campaign": source.utm_campaign,
        "utm_term": source.utm_term,
        "utm_content": source.utm_content,
        "ref": source.ref,
        "keyword": source.keyword,
        "country": hit.country,
        "region": hit.region,
        "city": hit.city,
        "browser": hit.browser,
        "operating_system": hit.operating_system,
        "device_type": hit.device_type,
        "site": str(hit.site),
    }


class Visit:
    def __init__(self, hits: Iterable[Told]) -> None:
        told = sorted(hits, key=lambda each: (each.hit.received_at, each.number))
        counted = [each.hit for each in told if each.hit.kind is not Kind.DEPARTURE]
        self.hits = counted
        self.first = counted[0]
        self.lasted = (told[-1].hit.received_at - told[0].hit.received_at) // MICROSECOND
        self.pages = [hit for hit in counted if hit.kind is Kind.PAGEVIEW]
        self.events = [hit for hit in counted if hit.kind in EVENTS]

    def its_pages(self) -> dict[str, str]:
        if not self.pages:
            return dict.fromkeys(("entry_page", "entry_content_group", "exit_page"), "")
        first, last = self.pages[0], self.pages[-1]
        return {
            "entry_page": first.path,
            "entry_content_group": first.group,
            "exit_page": last.path,
        }

    def known(self) -> Known:
        return of_hit(self.pages[0]) | self.its_pages()

    def of_page(self, page: Hit) -> Known:
        own = {name: of_hit(page)[name] for name in ("hostname", "pathname", "content_group")}
        return {**self.known(), **own}

    def of_entrance(self) -> Known:
        return of_hit(self.first) | self.its_pages()

    def of_event(self, event: Hit) -> Known:
        """It has the source of its visit."""
        sources = ("referrer", "utm_", "source", "medium", "channel", "ref", "keyword")
        source = {
            name: value for name, value in of_hit(self.first).items() if name.startswith(sources)
        }
        properties = {f"property:{key}": value for key, value in event.properties.items()}
        kind = {"event_name": event.name, "event_kind": event.kind.value}
        return of_hit(event) | source | self.its_pages() | properties | kind

    def has(self, hit: Hit, step: Tree) -> bool:
        """Whether a hit of it is such a pageview, or such an event."""
        match step:
            case ("viewed", tree):
                return hit.kind is Kind.PAGEVIEW and fits(tree, self.of_page(hit), self)
            case ("did", tree):
                return hit.kind in EVENTS and fits(tree, self.of_event(hit), self)
        raise ValueError(step)

    def reached(self, steps: Sequence[Tree]) -> int:
        """So many of the steps can be done with hits one after the other."""

        @cache
        def is_done(begin: int, since: int, count: int) -> bool:
            return begin == count or any(
                self.has(hit, steps[begin]) and is_done(begin + 1, at + 1, count)
                for at, hit in enumerate(self.hits)
                if at >= since
            )

        return max(count for count in range(len(steps) + 1) if is_done(0, 0, count))


def fits(tree: Tree, known: Known, visit: Visit) -> bool:
    """Whether a tree fits what is known of something in the visit."""
    match tree:
        case ("all", trees):
            return all(fits(each, known, visit) for each in trees)
        case ("any", trees):
            return any(fits(each, known, visit) for each in trees)
        case ("not", inner):
            return not fits(inner, known, visit)
        case ("viewed" | "did", _):
            return any(visit.has(hit, tree) for hit in visit.hits)
    _, dimension, operator, value = tree
    text = known.get(dimension, "")
    tests: dict[str, Callable[[], bool]] = {
        "is": lambda: text == value,
        "in": lambda: text in value,
        "like": lambda: like(text, value.split("*")),
        "starts with": lambda: text.startswith(value),
        "ends with": lambda: text.endswith(value),
        "matches": lambda: bool(re.search(value, text)),
    }
    if operator in ("is not", "not in", "not like", "not matches"):
        return not tests[{"is not": "is"}.get(operator, operator.removeprefix("not "))]()
    return tests[operator]()


def like(text: str, pieces: list[str]) -> bool:
    """Whether the pieces are there, one after the other."""
    for piece in pieces:
        at = text.find(piece)
        if at < 0:
            return False
        text = text[at + len(piece) :]
    return True


class Sums:
    """What is counted under each key."""

    def __init__(self) -> None:
        self.pages: list[Hit] = []
        self.visits: list[Visit] = []
        self.entrances: list[Visit] = []
        self.events: list[Hit] = []

    def told(self) -> dict[str, tuple[Sequence[object], Any]]:
        """Of each number what is counted for it, and the number."""
        pages, visits, entrances, events = self.pages, self.visits, self.entrances, self.events
        engaged = sum(len(visit.pages) > 1 for visit in entrances)
        conversions = [hit for hit in events if hit.kind is Kind.CONVERSION]
        return {
            "pageviews": (pages, len(pages)),
            "uniques": (pages, len({(visitor(hit), hit.origin, hit.path) for hit in pages})),
            "visitors": (pages, len(set(map(visitor, pages)))),
            "visits": (visits, len(visits)),
            "bounces": (visits, sum(len(visit.pages) == 1 for visit in visits)),
            "duration": (visits, sum(visit.lasted for visit in visits)),
            "entrances": (entrances, len(entrances)),
            "engaged_entrances": (entrances, engaged),
            "entrance_bounces": (entrances, len(entrances) - engaged),
            "conversions": (events, len(conversions)),
            "microconversions": (events, len(events) - len(conversions)),
            "revenue": (events, amount(conversions)),
        }

    def of_events(self) -> dict[str, tuple[Sequence[object], Any]]:
        events = self.events
        return {
            "conversions": (events, len(events)),
            "unique_conversions": (events, len(set(map(visitor, events)))),
            "value": (events, amount(events)),
        }


def visitor(hit: Hit) -> tuple[object, ...]:
    return hit.site, hit.day, hit.visitor


def amount(hits: Iterable[Hit]) -> Decimal:
    return sum((hit.amount or Decimal(0) for hit in hits), Decimal(0))


class Counting:
    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.found: dict[Key, Sums] = defaultdict(Sums)

    def under(self, moment: datetime, known: Known, visit: Visit) -> Sums:
        """Where something of a moment counts, which may be nowhere."""
        asked = self.asked
        if not asked.since <= moment < asked.until or not fits(asked.tree, known, visit):
            return Sums()
        bucket = bisect_right(asked.buckets, moment) - 1 if asked.buckets else 0
        return self.found[bucket, tuple(known.get(each, "") for each in asked.dimensions)]

    def rows(
        self, told: Callable[[Sums], Mapping[str, tuple[Sequence[object], Any]]]
    ) -> list[dict[str, Any]]:
        """Those with anything that was asked for, the newest first, then by value."""
        rows = []
        keys = sorted(self.found, key=lambda key: (-key[0], [text.encode() for text in key[1]]))
        for bucket, values in keys:
            numbers = told(self.found[bucket, values])
            if any(numbers[name][0] for name in self.asked.sums):
                sums = {name: numbers[name][1] for name in self.asked.sums}
                rows.append({"bucket": bucket, "values": values} | sums)
        if not rows and not self.asked.buckets and not self.asked.dimensions:
            nothing = {name: number for name, (_, number) in told(Sums()).items()}
            rows.append(
                {"bucket": 0, "values": ()} | {name: nothing[name] for name in self.asked.sums}
            )
        return rows


def visits_of(asked: Asked, hits: Iterable[Told]) -> list[Visit]:
    found: dict[int, list[Told]] = defaultdict(list)
    for told in hits:
        if told.hit.site in asked.sites:
            found[told.visit].append(told)
    return [Visit(of_visit) for of_visit in found.values()]


def rows(asked: Asked, hits: Iterable[Told]) -> list[dict[str, Any]]:
    """A bucket, values and the sums that were asked for, of each row."""
    counting = Counting(asked)
    for visit in visits_of(asked, hits):
        begins = visit.first.received_at
        counting.under(begins, visit.of_entrance(), visit).entrances.append(visit)
        if visit.pages:
            counting.under(begins, visit.known(), visit).visits.append(visit)
        for page in visit.pages:
            counting.under(page.received_at, visit.of_page(page), visit).pages.append(page)
        for event in visit.events:
            counting.under(event.received_at, visit.of_event(event), visit).events.append(event)
    return counting.rows(Sums.told)


def events(asked: Asked, name: str | None, hits: Iterable[Told]) -> list[dict[str, Any]]:
    """As `rows`."""
    counting = Counting(asked)
    for visit in visits_of(asked, hits):
        for event in visit.events:
            if name is not None and event.name != name:
                continue
            known = visit.of_event(event)
            by_key = "property_key" in asked.dimensions
            for key in event.properties if by_key else [""]:
                row = counting.under(event.received_at, {**known, "property_key": key}, visit)
                row.events.append(event)
    return counting.rows(Sums.of_events)


def event_log(asked: Asked, hits: Sequence[Told]) -> list[tuple[Hit, tuple[str, ...]]]:
    """The events themselves, the newest first, each with the values of the dimensions."""
    found = []
    numbers = {id(told.hit): told.number for told in hits}
    for visit in visits_of(asked, hits):
        for event in visit.events:
            known = visit.of_event(event)
            if asked.since <= event.received_at < asked.until and fits(asked.tree, known, visit):
                found.append((event, tuple(known.get(each, "") for each in asked.dimensions)))
    found.sort(key=lambda each: (each[0].received_at, numbers[id(each[0])]), reverse=True)
    return found


def funnel(asked: Asked, steps: Sequence[Tree], hits: Iterable[Told]) -> list[int]:
    """How many visits began, and how many reached each step."""
    reached = [
        visit.reached(steps)
        for visit in visits_of(asked, hits)
        if asked.since <= visit.first.received_at < asked.until
        and fits(asked.tree, visit.of_entrance(), visit)
    ]
    return [sum(done >= count for done in reached) for count in range(len(steps) + 1)]
