"""What happened besides pageviews: events by name, and one by its properties."""

from typing import Any, NamedTuple

from leadline.dashboard.report.asked import PER_PAGE, Asked, pages_of, pattern_of
from leadline.dashboard.report.overview import answered
from leadline.dashboard.report.scope import Scope
from leadline.dashboard.report.table import written
from leadline.reports import (
    Answers,
    By,
    Condition,
    Dimension,
    EventMetric,
    EventRow,
    Filter,
    Operator,
    Order,
    Page,
    Property,
    Query,
    Reports,
)

COLUMNS = tuple(EventMetric)
KEYS = 20
VALUES = 20

_BY_COUNT = (Order(EventMetric.CONVERSIONS, descending=True),)


class Values(NamedTuple):
    """What most events have under a key."""

    key: str
    rows: tuple[EventRow, ...]


class OneEvent(NamedTuple):
    """The events of a name in all, beside the other time, and by their properties."""

    name: str
    total: EventRow
    other: EventRow | None
    properties: tuple[Values, ...]


class Which(NamedTuple):
    """All events by their names; or those of a name, by what they have under a key."""

    name: str = ""
    key: str = ""

    @property
    def is_of_one(self) -> bool:
        return bool(self.name)

    @property
    def by(self) -> By:
        return Property(self.key) if self.is_of_one else Dimension.EVENT_NAME

    @property
    def column(self) -> str:
        return self.key if self.is_of_one else Dimension.EVENT_NAME.value


class EventTable(NamedTuple):
    """Rows, each beside what it was at the other time; `total` is of all rows of all pages."""

    which: Which
    asked: Asked
    lines: tuple[tuple[EventRow, EventRow], ...]
    total: EventRow
    rows: int
    is_compared: bool

    @property
    def pages(self) -> int:
        return pages_of(self.rows)

    @property
    def path(self) -> str:
        return "/panels/events"

    @property
    def more(self) -> dict[str, str]:
        return self.which._asdict() if self.which.is_of_one else {}


def event_table(reports: Reports, scope: Scope, which: Which, asked: Asked) -> EventTable:
    """Raises `HitsUnavailable`, `InvalidFilter`."""
    query = _query(scope, which, asked, limit=PER_PAGE, offset=asked.offset)
    name = which.name or None
    page: Page[EventRow]
    (page,) = answered(reports, [lambda answers: answers.page_of_events(query, name)])
    others = _others(reports, scope, which, page.rows)
    return EventTable(
        which,
        asked,
        tuple((row, others.get(row.values, EventRow(0, row.values))) for row in page.rows),
        page.total,
        page.count,
        scope.other is not None,
    )


def file_of_events(reports: Reports, scope: Scope, which: Which, asked: Asked) -> str:
    """All rows of the table as CSV. Raises as `event_table`."""
    query = _query(scope, which, asked)
    (rows,) = answered(reports, [lambda answers: answers.events(query, which.name or None)])
    cells: list[list[Any]] = [
        [row.values[0], *(getattr(row, metric.value) for metric in COLUMNS)] for row in rows
    ]
    return written([which.column, *(metric.value for metric in COLUMNS)], cells)


def one_event(reports: Reports, scope: Scope, name: str) -> OneEvent:
    """Raises as `event_table`."""

    def ask(answers: Answers) -> OneEvent:
        (total,) = answers.events(scope.query(), name)
        other = None
        if scope.other is not None:
            (other,) = answers.events(scope.moved(scope.query()), name)
        by_key = scope.query(dimensions=(Dimension.PROPERTY_KEY,), order=_BY_COUNT, limit=KEYS)
        keys = [row.values[0] for row in answers.events(by_key, name)]
        values = tuple(_values(answers, scope, name, key) for key in keys)
        return OneEvent(name, total, other, values)

    found: OneEvent
    (found,) = answered(reports, [ask])
    return found


def _query(scope: Scope, which: Which, asked: Asked, **cut: int) -> Query:
    filters = list(_has_it(which))
    if asked.wanted:
        filters.append(Filter(which.by, Operator.MATCHES, pattern_of(asked.wanted)))
    order = (Order(asked.by, asked.descending),)
    return scope.query(dimensions=(which.by,), filters=tuple(filters), order=order, **cut)


def _has_it(which: Which) -> tuple[Condition, ...]:
    """Of one event those that have something under the key."""
    return (Filter(which.by, Operator.IS_NOT, ""),) if which.is_of_one else ()


def _others(
    reports: Reports, scope: Scope, which: Which, rows: list[EventRow]
) -> dict[tuple[str, ...], EventRow]:
    """What the rows of one page were at the other time."""
    if scope.other is None or not rows:
        return {}
    values = tuple(dict.fromkeys(row.values[0] for row in rows))
    only_these = (Filter(which.by, Operator.IN, values),)
    query = scope.moved(scope.query(dimensions=(which.by,), filters=only_these))
    (found,) = answered(reports, [lambda answers: answers.events(query, which.name or None)])
    return {row.values: row for row in found}


def _values(answers: Answers, scope: Scope, name: str, key: str) -> Values:
    which = Which(name, key)
    query = scope.query(
        dimensions=(which.by,), filters=_has_it(which), order=_BY_COUNT, limit=VALUES
    )
    return Values(key, tuple(answers.events(query, name)))
