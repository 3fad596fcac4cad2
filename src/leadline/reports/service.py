"""The questions about hits. Counts are exact."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any

from leadline.clock import Clock, utc_now
from leadline.logs import logger
from leadline.reports.answers import Answers
from leadline.reports.comparison import Pair, Period
from leadline.reports.days import beginning, last_days, naive
from leadline.reports.errors import HitsUnavailable
from leadline.reports.event_log import LoggedEvent
from leadline.reports.filters import Condition, check
from leadline.reports.fixed_sql import (
    EVENT_NAMES,
    FACTS,
    HELD,
    NEWEST,
    REFUSALS,
    TOTAL,
    activity,
    by_day,
    doubled,
)
from leadline.reports.funnel import Funnel, FunnelResult
from leadline.reports.metrics import EventRow, Row
from leadline.reports.model import (
    Activity,
    DayCount,
    EventName,
    Held,
    Installation,
    RefusalReason,
    Refusals,
    RefusedOrigin,
)
from leadline.reports.paging import Page
from leadline.reports.query import Query
from leadline.warehouse import Warehouse, WarehouseUnavailable

log = logger(__name__)

COUNTED = timedelta(days=14)
RECENT = timedelta(hours=24)
LANES = 4
"""So many questions are answered at once, if there are the processors: each costs some memory."""

AHEAD = timedelta(minutes=5)
"""What is later than this was counted while the clock was wrong, and is not of the present."""


class Reports:
    """Answers questions about hits from the warehouse. Every method may raise `HitsUnavailable`."""

    def __init__(self, warehouse: Warehouse, clock: Clock = utc_now) -> None:
        self._warehouse = warehouse
        self._clock = clock
        self._by_day = by_day(warehouse.dialect)
        self._activity = activity(warehouse.dialect)
        self._doubled = doubled(warehouse.dialect)

    def installation(self, site: int) -> Installation:
        """What is known of the hits of `site`; the first and last stay when hits expire."""
        facts = self._ask(FACTS, site=site)
        if not facts:
            return Installation(None, None, 0)
        total = self._total(site, self._clock() - COUNTED)
        first, last = (_utc(moment) for moment in facts[0])
        return Installation(first, last, total)

    def last_hit(self, site: int) -> datetime | None:
        """When `site` had its last hit; None if it never had one."""
        facts = self._ask(FACTS, site=site)
        return _utc(facts[0][1]) if facts else None

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
        """The present minute and those before it, up to 10,080 in all: those of seven days."""
        minute = self._clock().replace(second=0, microsecond=0)
        since = minute - timedelta(minutes=minutes - 1)
        accepted = self._total(site, since)
        bounds = {"since": naive(since), "until": naive(minute)}
        rows = self._ask(REFUSALS, site=site, **bounds)
        reasons = tuple(
            RefusalReason(
                reason, count, _utc(last), tuple(RefusedOrigin(*row[3:]) for row in of_reason)
            )
            for (reason, count, last), of_reason in groupby(rows, key=lambda row: row[:3])
        )
        return Refusals(minutes, accepted, reasons)

    def held(self, site: int, before: datetime) -> Held:
        """What there is of the hits of `site` before a moment."""
        ((hits, first, last),) = self._ask(HELD, site=site, before=naive(before))
        return Held(hits, _utc(first), _utc(last)) if hits else Held(0, None, None)

    def newest(self) -> datetime | None:
        """When the last hit of any site was; None if there never was one."""
        rows = self._ask(NEWEST)
        return _utc(rows[0][0]) if rows else None

    def check(self, condition: Condition) -> None:
        """Raises `InvalidFilter` for what no question can be limited to."""
        check(condition, self._warehouse.is_pattern)

    def now(self) -> datetime:
        return self._clock()

    def bounds(self, site: int) -> tuple[datetime, datetime]:
        """Since when, and until when, there may be hits of `site`; empty where there are none."""
        now = self._clock()
        facts = self._ask(FACTS, site=site)
        return (_utc(facts[0][0]) if facts else now), now + AHEAD

    def event_names(self, site: int) -> list[EventName]:
        """Every name that events of `site` have, in no order."""
        rows = self._ask(EVENT_NAMES, site=site, until=naive(self._clock() + AHEAD))
        return [EventName(name, _utc(first), _utc(last)) for name, first, last in rows]

    @contextmanager
    def at_once(self) -> Iterator[Answers]:
        """For several queries that are answered from one snapshot, and sooner than one by one.

        Those that are put together, by `all`, are answered on several processors.
        """
        with self._answers(LANES) as answers:
            yield answers

    def rows(self, query: Query) -> list[Row]:
        """Without dimensions and buckets exactly one.

        Raises `InvalidFilter`, and `OnlyOfEvents`.
        """
        with self._answers() as answers:
            return answers.rows(query)

    def events(self, query: Query, name: str | None = None) -> list[EventRow]:
        """What the events of a name add up to, or all events. As `rows`."""
        with self._answers() as answers:
            return answers.events(query, name)

    def compared(self, query: Query, period: Period) -> list[Pair[Row]]:
        """Each of the query's rows, and that of the other time; as `rows`.

        Without a limit those follow that only the other time has.
        """
        with self._answers() as answers:
            return answers.compared(query, period)

    def compared_events(
        self, query: Query, period: Period, name: str | None = None
    ) -> list[Pair[EventRow]]:
        """As `compared`."""
        with self._answers() as answers:
            return answers.compared_events(query, period, name)

    def page(self, query: Query) -> Page[Row]:
        """Some of the rows, by `limit` and `offset`, and what all there is adds up to."""
        with self._answers() as answers:
            return answers.page(query)

    def page_of_events(self, query: Query, name: str | None = None) -> Page[EventRow]:
        """As `page`."""
        with self._answers() as answers:
            return answers.page_of_events(query, name)

    def event_log(self, query: Query) -> list[LoggedEvent]:
        """Single events, the newest first, by `limit` and `offset`.

        Metrics, buckets and order are not looked at. Raises `InvalidFilter`.
        """
        with self._answers() as answers:
            return answers.event_log(query)

    def funnel(self, funnel: Funnel) -> FunnelResult:
        """How many visits reached each step. Raises `InvalidFilter`, and `OnlyOfEvents`."""
        with self.at_once() as answers:
            return answers.funnel(funnel)

    @contextmanager
    def _answers(self, lanes: int = 1) -> Iterator[Answers]:
        with _available(), self._warehouse.snapshot(lanes) as snapshot:
            yield Answers(snapshot, self._warehouse.dialect, self._warehouse.is_pattern)

    def _ask(self, statement: str, **parameters: Any) -> list[tuple[Any, ...]]:
        with _available():
            return self._warehouse.query(statement, **parameters)

    def _total(self, site: int, since: datetime) -> int:
        """The hits of `site` since a moment, up to now."""
        bounds = {"since": naive(since), "until": naive(self._clock() + AHEAD)}
        ((total,),) = self._ask(TOTAL, site=site, **bounds)
        return int(total)


@contextmanager
def _available() -> Iterator[None]:
    try:
        yield
    except WarehouseUnavailable as error:
        log.warning("no report", error=str(error))
        raise HitsUnavailable from error


def _utc(moment: Any) -> datetime:
    aware: datetime = moment.replace(tzinfo=UTC)
    return aware
