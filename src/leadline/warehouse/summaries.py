"""How visits and totals of whole days are worked out beforehand; see `summaries_sql`."""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import AbstractContextManager, closing, contextmanager
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import duckdb

from leadline.clock import midnight
from leadline.warehouse import summaries_sql as sql
from leadline.warehouse.engine import Dialect
from leadline.warehouse.visit_rows import COLUMNS, visit_rows

A_SECOND, A_DAY = timedelta(seconds=1), timedelta(days=1)
AN_HOUR = timedelta(hours=1)
"""For so long nothing is written down of a site without hits."""

JOINED_WITHIN = timedelta(minutes=31)
"""See `summaries_sql`."""

HITS_AT_ONCE = 40_000
"""Of so many, about, the visits are worked out together: it takes memory."""

Connection = duckdb.DuckDBPyConnection


class _Site(NamedTuple):
    """What there is of a site, and until when; moments as in the tables. Without a zone nothing."""

    site: int
    first_hit_at: datetime
    last_hit_at: datetime
    zone: str | None
    visits_until: datetime
    rollups_since: datetime
    rollups_until: datetime
    least: int


class Summaries:
    """Those of one DuckDB file, kept by one thread at a time."""

    def __init__(
        self,
        cursor: Callable[[], Connection],
        writing: AbstractContextManager[Any],
        committing: AbstractContextManager[Any],
        dialect: Dialect,
    ) -> None:
        """`writing` keeps everybody else from changing the file; `committing` is for a commit."""
        self._open = cursor
        self._writing = writing
        self._committing = committing
        self._visits = visit_rows(dialect, COLUMNS, sql.OF_VISITS)

    def advance(
        self, until: datetime, zones: Mapping[int, str], kept: Collection[int], least: int
    ) -> bool:
        """One step towards everything that began before `until`; whether there may be more.

        Days are those of the sites' zones, and rolled up from the first on that had `least`
        pageviews; of the sites that are `kept` all are. Loading waits for a day's visits at most.
        """
        end = until.astimezone(UTC).replace(tzinfo=None)
        with closing(self._open()) as cursor:
            self._begin(cursor, zones, {site: 1 if site in kept else least for site in zones})
            if self._work_out_visits(cursor, end, zones):
                return True
            by_zone = sorted(self._begun(cursor, zones), key=lambda each: zones[each.site])
            return any(
                self._roll_up(cursor, ZoneInfo(zone), list(states))
                for zone, states in groupby(by_zone, key=lambda each: zones[each.site])
            )

    def _states(self, cursor: Connection, sites: Collection[int]) -> list[_Site]:
        found = (_Site(*row) for row in cursor.execute(sql.STATE).fetchall())
        return [state for state in found if state.site in sites]

    def _begun(self, cursor: Connection, sites: Collection[int]) -> list[_Site]:
        """Without those whose first hits have come since `_begin`."""
        return [state for state in self._states(cursor, sites) if state.zone is not None]

    def _begin(
        self, cursor: Connection, zones: Mapping[int, str], least: Mapping[int, int]
    ) -> None:
        for state in self._states(cursor, zones):
            site, zone = state.site, zones[state.site]
            if state.zone == zone and state.least <= least[site]:
                continue
            day = _date(state.first_hit_at, ZoneInfo(zone))
            begins = _begins(day, ZoneInfo(zone))
            begun = {
                "site": site,
                "zone": zone,
                "visits_until": begins if state.zone is None else state.visits_until,
                "begins": begins,
                "day": day,
                "least": least[site],
            }
            with self._changing(cursor):
                for statement in sql.FORGET:
                    cursor.execute(statement, {"site": site})
                cursor.execute(sql.BEGIN, begun)

    def _work_out_visits(self, cursor: Connection, end: datetime, sites: Collection[int]) -> bool:
        """Those of one day at most; whether there may be more."""
        with self._changing(cursor):
            behind = [each for each in self._begun(cursor, sites) if each.visits_until < end]
            waiting = [each for each in behind if each.last_hit_at >= each.visits_until]
            if not waiting:
                idle = [each.site for each in behind if end - each.visits_until > AN_HOUR]
                if idle:
                    cursor.execute(sql.VISITS_UNTIL, {"until": end, "sites": idle})
                return False
            since = min(each.visits_until for each in waiting)
            asked = {"since": since, "sites": [each.site for each in waiting]}
            ((next_one,),) = cursor.execute(sql.NEXT_VISIT, asked).fetchall()
            until = end if next_one is None else min(end, _next_midnight(max(since, next_one)))
            until = self._shortened(cursor, since, until, asked["sites"])
            numbers = [each.site for each in behind if each.visits_until < until]
            cursor.execute(sql.FORGET_VISITS, {"since": since, "sites": numbers})
            span = {"since": since, "until": until, "sites": numbers}
            cursor.execute(sql.STORE_VISITS.format(rows=self._visits), span)
            cursor.execute(sql.VISITS_UNTIL, {"until": until, "sites": numbers})
        return True

    def _shortened(
        self, cursor: Connection, since: datetime, until: datetime, sites: object
    ) -> datetime:
        """An end before which not too many hits are."""
        span = {"since": since, "until": until, "sites": sites}
        ((hits,),) = cursor.execute(sql.SIZE, span).fetchall()
        share: float = HITS_AT_ONCE / max(hits, HITS_AT_ONCE)
        return min(until, since + max((until - since) * share, A_SECOND))

    def _roll_up(self, cursor: Connection, zone: ZoneInfo, states: Collection[_Site]) -> bool:
        """One day of sites in one zone; whether there may be more."""
        days = [(_date(each.rollups_until, zone), each) for each in states]
        ready = [
            (day, each)
            for day, each in days
            if _begins(day, zone) <= each.last_hit_at
            and _begins(day + A_DAY, zone) + JOINED_WITHIN <= each.visits_until
        ]
        if not ready:
            return False
        first = min(day for day, _ in ready)
        chosen = {each.site: each for day, each in ready if day == first}
        asked = {"since": _begins(first, zone), "sites": list(chosen)}
        ((next_one,),) = cursor.execute(sql.NEXT_HIT, asked).fetchall()
        last = min(_date(each.visits_until, zone) for each in chosen.values())
        day = last if next_one is None else min(_date(next_one, zone), last)
        if day > first:  # there is nothing before
            self._store_rollups(cursor, zone, first, day, chosen, None)
        else:
            self._roll_up_day(cursor, zone, day, chosen)
        return True

    def _roll_up_day(
        self, cursor: Connection, zone: ZoneInfo, day: date, chosen: Mapping[int, _Site]
    ) -> None:
        since, until = _begins(day, zone), _begins(day + A_DAY, zone)
        skipped = self._gather(cursor, {"since": since, "until": until, "day": day}, chosen)
        rolled = [site for site in chosen if site not in skipped]
        statements = [
            *map(sql.roll_up, sql.ROLLED_UP),
            *map(sql.roll_up_events, sql.EVENTS_ROLLED_UP),
        ]
        for statement in statements if rolled else ():
            cursor.execute(statement, {"since": since, "sites": rolled})
        self._store_rollups(cursor, zone, day, day + A_DAY, chosen, skipped)
        for table in sql.TABLES_OF_A_DAY:
            cursor.execute(f"DROP TABLE {table}")

    def _store_rollups(
        self,
        cursor: Connection,
        zone: ZoneInfo,
        first: date,
        end: date,
        chosen: Mapping[int, _Site],
        skipped: Collection[int] | None,
    ) -> None:
        """That everything before `end` is known, and the totals that were gathered, if any were.

        Not of the sites of which a hit came late meanwhile.
        """
        until = _begins(end, zone)
        asked = {
            "until": until,
            "sites": list(chosen),
            "rolled": [each.rollups_until for each in chosen.values()],
        }
        with self._changing(cursor):
            unchanged = [site for (site,) in cursor.execute(sql.UNCHANGED, asked).fetchall()]
            since = _begins(first, zone)
            for statement in sql.FORGET_DAYS:
                cursor.execute(statement, {"since": since, "sites": unchanged})
            for statement in sql.STORE_ROLLUPS if skipped is not None else ():
                cursor.execute(statement, {"sites": unchanged})
            moved = {"until": until, "next_day": end, "sites": unchanged}
            cursor.execute(sql.ROLLUPS_UNTIL, moved | {"skipped": sorted(skipped or ()) or [0]})

    def _gather(
        self, cursor: Connection, day: Mapping[str, Any], sites: Mapping[int, _Site]
    ) -> set[int]:
        """What a day is rolled up from; the sites that are not to be."""
        span = {"since": day["since"], "until": day["until"], "sites": list(sites)}
        ((earliest,),) = cursor.execute(sql.EARLIEST, span).fetchall()
        for statement in sql.GATHER_DAY:
            values = span | {"earliest": earliest}
            used = {name: value for name, value in values.items() if f"${name}" in statement}
            cursor.execute(statement, used)
        counted: dict[int, int] = dict(cursor.execute(sql.PAGEVIEWS).fetchall())
        astray = cursor.execute(sql.ASTRAY, {**span, "day": day["day"]}).fetchall()
        few = {
            site
            for site, each in sites.items()
            if each.rollups_since >= day["since"] and counted.get(site, 0) < each.least
        }
        return few.union(site for (site,) in astray)

    @contextmanager
    def _changing(self, cursor: Connection) -> Iterator[None]:
        with self._writing:
            cursor.begin()
            try:
                yield
            except BaseException:
                cursor.rollback()
                raise
            with self._committing:
                cursor.commit()


def _date(moment: datetime, zone: ZoneInfo) -> date:
    return moment.replace(tzinfo=UTC).astimezone(zone).date()


def _begins(day: date, zone: ZoneInfo) -> datetime:
    return midnight(day, zone).replace(tzinfo=None)


def _next_midnight(moment: datetime) -> datetime:
    return datetime.combine(moment.date(), time()) + A_DAY
