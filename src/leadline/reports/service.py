"""The questions about hits, and their SQL. Counts are exact."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import groupby
from typing import Any

from leadline.clock import Clock, utc_now
from leadline.logs import logger
from leadline.reports.days import beginning, last_days, naive
from leadline.reports.errors import HitsUnavailable
from leadline.reports.model import (
    Activity,
    DayCount,
    Held,
    Installation,
    RefusalReason,
    Refusals,
    RefusedOrigin,
)
from leadline.reports.query import PATTERNS, EventRow, InvalidPattern, Query, Row
from leadline.reports.sql import Statement, event_statement, statement
from leadline.warehouse import IS_HIT, Dialect, Warehouse, WarehouseUnavailable

log = logger(__name__)

COUNTED = timedelta(days=14)
RECENT = timedelta(hours=24)
AHEAD = timedelta(minutes=5)
"""What is later than this was counted while the clock was wrong, and is not of the present."""

CLOSE = 5
"""Two pageviews of one page load are no further apart, in seconds."""

PATTERN_LENGTH = 1000
"""Characters of a regular expression."""

ORIGINS = 10
"""So many hosts are told for a reason."""

_FACTS = """
SELECT min(first_hit_at), max(last_hit_at) FROM site_facts WHERE site_id = $site GROUP BY site_id
"""

_NEWEST = "SELECT last_hit_at FROM site_facts ORDER BY last_hit_at DESC LIMIT 1"

_HELD = f"""
SELECT count(*), min(received_at), max(received_at) FROM hits
WHERE site_id = $site AND received_at < $before AND {IS_HIT}
"""

_TOTAL = f"""
SELECT count(*) FROM hits
WHERE site_id = $site AND received_at >= $since AND received_at < $until AND {IS_HIT}
"""


def _by_day(dialect: Dialect) -> str:
    """Of each hit the number of days that have begun by then."""
    return f"""
        SELECT {dialect.begun("begins", by="received_at")} AS nth, count(*)
        FROM hits WHERE site_id = $site AND received_at >= $since AND received_at < $until
            AND {IS_HIT}
        GROUP BY nth
    """


def _activity(dialect: Dialect) -> str:
    return f"""
        WITH asked AS {dialect.rows(site_id="sites", since="since")},
        facts AS (
            SELECT site_id, max(last_hit_at) AS last_at FROM site_facts
            WHERE site_id IN (SELECT site_id FROM asked) GROUP BY site_id
        ),
        counted AS (
            SELECT hits.site_id AS site_id, count(*) AS hits_today
            FROM hits JOIN asked ON hits.site_id = asked.site_id
            WHERE hits.received_at >= asked.since AND hits.received_at >= $earliest
                AND hits.received_at < $until AND hits.site_id IN (SELECT site_id FROM asked)
                AND {IS_HIT}
            GROUP BY hits.site_id
        )
        SELECT facts.site_id, facts.last_at, coalesce(counted.hits_today, 0)
        FROM facts LEFT JOIN counted ON facts.site_id = counted.site_id
    """


def _doubled(dialect: Dialect) -> str:
    """Which pageviews have one of the other wire beside them, and how many pairs that makes."""
    close = CLOSE * 1_000_000
    return f"""
        WITH near AS (
            SELECT visitor, origin, path, wire,
                count(*) FILTER (WHERE wire = 'fathom') OVER beside AS fathom,
                count(*) FILTER (WHERE wire = 'seal') OVER beside AS seal
            FROM hits
            WHERE site_id = $site AND received_at >= $since AND received_at < $until
                AND kind = 'pageview' AND wire <> ''
            WINDOW beside AS (
                PARTITION BY visitor, origin, path ORDER BY {dialect.microseconds("received_at")}
                RANGE BETWEEN {close} PRECEDING AND {close} FOLLOWING
            )
        ),
        pairs AS (
            SELECT least(
                count(*) FILTER (WHERE wire = 'fathom' AND seal > 0),
                count(*) FILTER (WHERE wire = 'seal' AND fathom > 0)
            ) AS of_one_page
            FROM near GROUP BY visitor, origin, path
        )
        SELECT coalesce(sum(of_one_page), 0) FROM pairs
    """


_REFUSALS = f"""
WITH counted AS (
    SELECT reason, origin, CAST(sum(refused) AS BIGINT) AS total FROM refusals
    WHERE site_id = $site AND minute >= $since AND minute <= $until
    GROUP BY reason, origin
),
ranked AS (
    SELECT reason, origin, total, row_number() OVER by_count AS nth,
        CAST(sum(total) OVER (PARTITION BY reason) AS BIGINT) AS of_reason
    FROM counted
    WINDOW by_count AS (PARTITION BY reason ORDER BY total DESC, origin)
)
SELECT reason, of_reason, origin, total FROM ranked
WHERE nth <= {ORIGINS} ORDER BY of_reason DESC, reason, nth
"""


class Reports:
    """Answers questions about hits from the warehouse. Every method may raise `HitsUnavailable`."""

    def __init__(self, warehouse: Warehouse, clock: Clock = utc_now) -> None:
        self._warehouse = warehouse
        self._clock = clock
        self._by_day = _by_day(warehouse.dialect)
        self._activity = _activity(warehouse.dialect)
        self._doubled = _doubled(warehouse.dialect)

    def installation(self, site: int) -> Installation:
        """What is known of the hits of `site`; the first and last stay when hits expire."""
        facts = self._ask(_FACTS, site=site)
        if not facts:
            return Installation(None, None, 0)
        total = self._total(site, self._clock() - COUNTED)
        first, last = (_utc(moment) for moment in facts[0])
        return Installation(first, last, total)

    def hits_by_day(self, site: int, timezone: str, days: int = 14) -> tuple[DayCount, ...]:
        """The last days of the zone, the oldest first, today last; days without hits too."""
        dates = last_days(self._clock(), timezone, days)
        tomorrow = dates[-1] + timedelta(days=1)
        begins = [naive(beginning(day, timezone)) for day in dates]
        rows = self._ask(
            self._by_day,
            site=site,
            begins=begins,
            since=begins[0],
            until=naive(beginning(tomorrow, timezone)),
        )
        counted = dict(rows)
        return tuple(
            DayCount(day, counted.get(number, 0)) for number, day in enumerate(dates, start=1)
        )

    def activity(self, zones: Mapping[int, str]) -> dict[int, Activity]:
        """What each of these sites does; a site's today is that of the zone given for it."""
        if not zones:
            return {}
        now = self._clock()
        begins = {
            zone: naive(beginning(last_days(now, zone, 1)[0], zone)) for zone in set(zones.values())
        }
        rows = self._ask(
            self._activity,
            sites=list(zones),
            since=[begins[zone] for zone in zones.values()],
            earliest=min(begins.values()),
            until=naive(now + AHEAD),
        )
        found = {
            site: Activity(today, _utc(last), now - _utc(last) <= RECENT)
            for site, last, today in rows
        }
        return {site: found.get(site, Activity(0, None, False)) for site in zones}

    def doubled(self, site: int) -> int:
        """The page loads of the last 24 hours that both snippets of one page counted.

        That is a visitor's pageview of a page by one wire that has one by the other beside it, at
        most five seconds away; of several in a row, as many pairs as can be made.
        """
        now = self._clock()
        since, until = naive(now - RECENT), naive(now + AHEAD)
        ((pairs,),) = self._ask(self._doubled, site=site, since=since, until=until)
        return int(pairs)

    def refusals(self, site: int, minutes: int) -> Refusals:
        """The present minute and those before it, up to 1,440 in all."""
        minute = self._clock().replace(second=0, microsecond=0)
        since = minute - timedelta(minutes=minutes - 1)
        accepted = self._total(site, since)
        bounds = {"since": naive(since), "until": naive(minute)}
        rows = self._ask(_REFUSALS, site=site, **bounds)
        reasons = tuple(
            RefusalReason(reason, count, tuple(RefusedOrigin(*row[2:]) for row in of_reason))
            for (reason, count), of_reason in groupby(rows, key=lambda row: row[:2])
        )
        return Refusals(minutes, accepted, reasons)

    def held(self, site: int, before: datetime) -> Held:
        """What there is of the hits of `site` before a moment."""
        ((hits, first, last),) = self._ask(_HELD, site=site, before=naive(before))
        return Held(hits, _utc(first), _utc(last)) if hits else Held(0, None, None)

    def newest(self) -> datetime | None:
        """When the last hit of any site was; None if there never was one."""
        rows = self._ask(_NEWEST)
        return _utc(rows[0][0]) if rows else None

    def now(self) -> datetime:
        return self._clock()

    def bounds(self, site: int) -> tuple[datetime, datetime]:
        """Since when, and until when, there may be hits of `site`; empty where there are none."""
        now = self._clock()
        facts = self._ask(_FACTS, site=site)
        return (_utc(facts[0][0]) if facts else now), now + AHEAD

    def rows(self, query: Query) -> list[Row]:
        """Without dimensions and buckets exactly one. Raises `InvalidPattern`."""
        self._check(query)
        asked = statement(query, self._warehouse.dialect)
        found = [
            Row(int(bucket), values, *map(int, sums))
            for bucket, values, sums in self._told(query, asked)
        ]
        return found or ([] if _has_parts(query) else [Row(0, (), 0, 0, 0, 0, 0, 0)])

    def events(self, query: Query, name: str) -> list[EventRow]:
        """What the events of a name add up to. As `rows`."""
        self._check(query)
        asked = event_statement(query, name, self._warehouse.dialect)
        found = [
            EventRow(int(bucket), values, int(count), int(unique), Decimal(value))
            for bucket, values, (count, unique, value) in self._told(query, asked)
        ]
        return found or ([] if _has_parts(query) else [EventRow(0, (), 0, 0, Decimal(0))])

    def _told(
        self, query: Query, asked: Statement
    ) -> Iterator[tuple[int, tuple[str, ...], tuple[Any, ...]]]:
        """The bucket, the values of the dimensions and the sums of each row."""
        width = len(query.dimensions) + 1
        for row in self._ask(asked.text, **asked.parameters):
            yield row[0], tuple(row[1:width]), tuple(row[width:])

    def _check(self, query: Query) -> None:
        for each in query.filters:
            if each.operator in PATTERNS and not self._is_pattern(each.value):
                raise InvalidPattern(each.value)

    def _is_pattern(self, text: str) -> bool:
        return len(text) <= PATTERN_LENGTH and self._warehouse.is_pattern(text)

    def _ask(self, statement: str, **parameters: Any) -> list[tuple[Any, ...]]:
        try:
            return self._warehouse.query(statement, **parameters)
        except WarehouseUnavailable as error:
            log.warning("no report", error=str(error))
            raise HitsUnavailable from error

    def _total(self, site: int, since: datetime) -> int:
        """The hits of `site` since a moment, up to now."""
        bounds = {"since": naive(since), "until": naive(self._clock() + AHEAD)}
        ((total,),) = self._ask(_TOTAL, site=site, **bounds)
        return int(total)


def _has_parts(query: Query) -> bool:
    return bool(query.buckets or query.dimensions)


def _utc(moment: Any) -> datetime:
    aware: datetime = moment.replace(tzinfo=UTC)
    return aware
