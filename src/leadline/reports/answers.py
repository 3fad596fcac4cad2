"""The rows of queries, all of one snapshot of the hits."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from leadline.reports.comparison import Pair, Period, during, paired
from leadline.reports.counted import asked_of, events_known_by, known_by
from leadline.reports.dimensions import OnlyOfEvents, is_of_events
from leadline.reports.event_log import LoggedEvent, log_statement, read_event
from leadline.reports.filters import AllOf, check
from leadline.reports.funnel import Funnel, FunnelResult, check_steps, result
from leadline.reports.funnel_sql import asked_by, count_hits, funnel_statement, portions
from leadline.reports.lanes import in_lanes
from leadline.reports.metrics import EventRow, Row, read_sums
from leadline.reports.paging import Page, every_row, in_all
from leadline.reports.plan import Planner
from leadline.reports.query import Query
from leadline.reports.rows import AnyRow
from leadline.reports.sql import Statement, counting, event_statement, statement, wanted_sums
from leadline.warehouse import Dialect, Snapshot

Result = TypeVar("Result")


class Answers:
    """Answers queries; see the methods of `Reports` of the same names."""

    def __init__(
        self, snapshot: Snapshot, dialect: Dialect, is_pattern: Callable[[str], bool]
    ) -> None:
        self._ask = snapshot.ask
        self._lanes = snapshot.lanes
        self._dialect = dialect
        self._is_pattern = is_pattern
        self._planner = Planner(snapshot.ask, dialect)

    def all(self, questions: Sequence[Callable[[], Result]]) -> list[Result]:
        """What each of them answers, in their order; they call the methods below, some at once."""
        return in_lanes(self._lanes, questions)

    def rows(self, query: Query) -> list[Row]:
        self._check_rows(query)
        return self._read(query, self._statement(query), Row)

    def events(self, query: Query, name: str | None = None) -> list[EventRow]:
        self._check(query)
        return self._read(query, self._event_statement(query, name), EventRow)

    def compared(self, query: Query, period: Period) -> list[Pair[Row]]:
        rows, others = self.rows(query), self.rows(during(query, period))
        return paired(rows, others, Row, all_others=query.limit is None)

    def compared_events(
        self, query: Query, period: Period, name: str | None = None
    ) -> list[Pair[EventRow]]:
        rows, others = self.events(query, name), self.events(during(query, period), name)
        return paired(rows, others, EventRow, all_others=query.limit is None)

    def page(self, query: Query) -> Page[Row]:
        rows, count = self.counted(query)
        (total,) = self.rows(in_all(query))
        return Page(rows, total, count)

    def counted(self, query: Query) -> tuple[list[Row], int]:
        """As `page` without the total, which may cost as much as the rows."""
        rows = self.rows(query)
        return rows, self._count(query, rows, self._statement(every_row(query)))

    def page_of_events(self, query: Query, name: str | None = None) -> Page[EventRow]:
        rows = self.events(query, name)
        (total,) = self.events(in_all(query), name)
        all_rows = self._event_statement(every_row(query), name)
        return Page(rows, total, self._count(query, rows, all_rows))

    def event_log(self, query: Query) -> list[LoggedEvent]:
        self._check(query)
        asked = log_statement(query, self._dialect, self._planner.plan(query, None))
        return [read_event(row) for row in self._ask(asked.text, **asked.parameters)]

    def funnel(self, funnel: Funnel) -> FunnelResult:
        check_steps(funnel)
        query = asked_by(funnel)
        self._check_rows(query)
        counting_hits = count_hits(query)
        ((hits,),) = self._ask(counting_hits.text, **counting_hits.parameters)
        visits: Counter[int] = Counter()
        for portion in portions(funnel, int(hits)):
            found = self._planner.plan(asked_by(portion), None)
            asked = funnel_statement(portion, self._dialect, found)
            visits.update(dict(self._ask(asked.text, **asked.parameters)))
        return result(funnel, visits)

    def _check_rows(self, query: Query) -> None:
        if any(map(is_of_events, asked_of(query))):
            raise OnlyOfEvents
        self._check(query)

    def _check(self, query: Query) -> None:
        check(AllOf(query.filters), self._is_pattern)

    def _statement(self, query: Query) -> Statement:
        found = self._planner.plan(query, known_by(query, wanted_sums(query)))
        return statement(query, self._dialect, found)

    def _event_statement(self, query: Query, name: str | None) -> Statement:
        found = self._planner.plan(query, events_known_by(query, name))
        return event_statement(query, name, self._dialect, found)

    def _read(self, query: Query, asked: Statement, kind: type[AnyRow]) -> list[AnyRow]:
        width = len(query.dimensions) + 1
        found = [
            kind(int(row[0]), tuple(row[1:width]), **read_sums(asked.sums, row[width:]))
            for row in self._ask(asked.text, **asked.parameters)
        ]
        return found or _nothing(query, kind)

    def _count(self, query: Query, rows: Sequence[Any], all_rows: Statement) -> int:
        """Of all rows; those that are there say it, where they are the last."""
        if not _has_parts(query):
            return 1
        is_end = query.limit is None or len(rows) < query.limit
        if is_end and (rows or not query.offset):
            return query.offset + len(rows)
        asked = counting(all_rows)
        ((count,),) = self._ask(asked.text, **asked.parameters)
        return int(count)


def _has_parts(query: Query) -> bool:
    return bool(query.buckets or query.dimensions)


def _nothing(query: Query, kind: type[AnyRow]) -> list[AnyRow]:
    """What there is of nobody: one row, if there is always one."""
    return [] if _has_parts(query) or query.offset else [kind(0, ())]
