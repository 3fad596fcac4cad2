"""What pageviews and visits add up to, worked out one by one in plain Python."""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from msgspec.structs import replace

from leadline.reports import Dimension, EventRow, Filter, Operator, Query, Row
from leadline.spool import Hit, Kind

MICROSECOND = timedelta(microseconds=1)


class Told(NamedTuple):
    """A hit and the visit that it belongs to."""

    number: int
    visit: int
    hit: Hit


class Visit:
    def __init__(self, hits: list[Told]) -> None:
        moments = [told.hit.received_at for told in hits]
        pages = sorted(
            (told for told in hits if told.hit.kind is Kind.PAGEVIEW),
            key=lambda told: (told.hit.received_at, told.number),
        )
        counted = [told.hit.received_at for told in hits if told.hit.kind is not Kind.DEPARTURE]
        self.begins = min(counted)
        self.lasted = (max(moments) - min(moments)) // MICROSECOND
        self.pages = [told.hit for told in pages]

    def known(self) -> dict[Dimension, str]:
        first, last = self.pages[0], self.pages[-1]
        source = first.source
        return {
            Dimension.HOSTNAME: first.origin,
            Dimension.PATHNAME: first.path,
            Dimension.ENTRY_PAGE: first.path,
            Dimension.EXIT_PAGE: last.path,
            Dimension.REFERRER_HOSTNAME: source.referrer,
            Dimension.REFERRER_PATHNAME: source.referrer_path,
            Dimension.SOURCE: source.source,
            Dimension.MEDIUM: source.medium,
            Dimension.CHANNEL: source.channel,
            Dimension.UTM_SOURCE: source.utm_source,
            Dimension.UTM_MEDIUM: source.utm_medium,
            Dimension.UTM_CAMPAIGN: source.utm_campaign,
            Dimension.UTM_TERM: source.utm_term,
            Dimension.UTM_CONTENT: source.utm_content,
            Dimension.REF: source.ref,
            Dimension.KEYWORD: source.keyword,
            Dimension.COUNTRY: first.country,
            Dimension.REGION: first.region,
            Dimension.CITY: first.city,
            Dimension.BROWSER: first.browser,
            Dimension.OPERATING_SYSTEM: first.operating_system,
            Dimension.DEVICE_TYPE: first.device_type,
        }


def fits(each: Filter, known: Mapping[Dimension, str]) -> bool:
    text, value = known[each.dimension], each.value
    like = "(?s)" + ".*".join(map(re.escape, value.split("*")))
    tests: dict[Operator, Callable[[], bool]] = {
        Operator.IS: lambda: text == value,
        Operator.IS_NOT: lambda: text != value,
        Operator.LIKE: lambda: bool(re.search(like, text)),
        Operator.NOT_LIKE: lambda: not re.search(like, text),
        Operator.MATCHES: lambda: bool(re.search(value, text)),
        Operator.NOT_MATCHES: lambda: not re.search(value, text),
    }
    return tests[each.operator]()


def events(query: Query, name: str, hits: Iterable[Told]) -> list[EventRow]:
    """As `rows`."""
    own = [told for told in hits if told.hit.site == query.site]
    of_visit: dict[int, list[Told]] = defaultdict(list)
    for told in own:
        of_visit[told.visit].append(told)
    found: dict[tuple[int, tuple[str, ...]], list[Hit]] = defaultdict(list)
    for told in own:
        hit = told.hit
        if hit.kind not in (Kind.CONVERSION, Kind.MICRO) or hit.name != name:
            continue
        visit = Visit(of_visit[told.visit])
        first_of_all = min(
            (each for each in of_visit[told.visit] if each.hit.kind is not Kind.DEPARTURE),
            key=lambda each: (each.hit.received_at, each.number),
        )
        known = Visit(
            [Told(0, 0, replace(hit, kind=Kind.PAGEVIEW, source=first_of_all.hit.source))]
        )
        values = known.known() | {
            Dimension.ENTRY_PAGE: visit.pages[0].path if visit.pages else "",
            Dimension.EXIT_PAGE: visit.pages[-1].path if visit.pages else "",
        }
        if not query.since <= hit.received_at < query.until:
            continue
        if all(fits(each, values) for each in query.filters):
            bucket = bisect_right(query.buckets, hit.received_at) - 1 if query.buckets else 0
            found[bucket, tuple(values[each] for each in query.dimensions)].append(hit)
    if not found and not query.buckets and not query.dimensions:
        found[0, ()] = []
    return [
        EventRow(
            bucket,
            values,
            len(counted),
            len({(hit.day, hit.visitor) for hit in counted}),
            sum((hit.amount or Decimal(0) for hit in counted), Decimal(0)),
        )
        for (bucket, values), counted in sorted(
            found.items(), key=lambda item: (-item[0][0], [v.encode() for v in item[0][1]])
        )
    ]


def rows(query: Query, hits: Iterable[Told]) -> list[Row]:
    """In the order of `Query` without an order of its own."""
    of_visit: dict[int, list[Told]] = defaultdict(list)
    for told in hits:
        if told.hit.site == query.site:
            of_visit[told.visit].append(told)
    pages: dict[tuple[int, tuple[str, ...]], list[Hit]] = defaultdict(list)
    visits: dict[tuple[int, tuple[str, ...]], list[Visit]] = defaultdict(list)

    def key(moment: datetime, known: Mapping[Dimension, str]) -> tuple[int, tuple[str, ...]] | None:
        if not query.since <= moment < query.until:
            return None
        if not all(fits(each, known) for each in query.filters):
            return None
        bucket = bisect_right(query.buckets, moment) - 1 if query.buckets else 0
        return bucket, tuple(known[each] for each in query.dimensions)

    for visit in map(Visit, of_visit.values()):
        if not visit.pages:
            continue
        if found := key(visit.begins, visit.known()):
            visits[found].append(visit)
        for page in visit.pages:
            own = {Dimension.HOSTNAME: page.origin, Dimension.PATHNAME: page.path}
            if found := key(page.received_at, visit.known() | own):
                pages[found].append(page)
    keys = sorted({*pages, *visits}, key=lambda each: (-each[0], [v.encode() for v in each[1]]))
    if not keys and not query.buckets and not query.dimensions:
        keys = [(0, ())]
    return [
        Row(
            bucket=each[0],
            values=each[1],
            pageviews=len(pages[each]),
            uniques=len({(page.day, page.visitor, page.origin, page.path) for page in pages[each]}),
            visitors=len({(page.day, page.visitor) for page in pages[each]}),
            visits=len(visits[each]),
            bounces=sum(len(visit.pages) == 1 for visit in visits[each]),
            duration=sum(visit.lasted for visit in visits[each]),
        )
        for each in keys
    ]
