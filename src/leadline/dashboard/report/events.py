"""What happened besides pageviews: events by name, and one by its properties."""

from typing import Any, NamedTuple

from leadline.dashboard.report.overview import answered
from leadline.dashboard.report.scope import Scope
from leadline.dashboard.report.table import written
from leadline.reports import (
    Answers,
    Dimension,
    EventMetric,
    EventRow,
    Order,
    Pair,
    Property,
    Reports,
)

COLUMNS = tuple(EventMetric)
KEYS = 20
VALUES = 20
MOST = 1000
"""Names of events in one table."""

_BY_COUNT = (Order(EventMetric.CONVERSIONS, descending=True),)


class Values(NamedTuple):
    """What events have under a key; `has_more` if there are further values."""

    key: str
    rows: tuple[EventRow, ...]
    has_more: bool


class OneEvent(NamedTuple):
    """The events of a name in all, beside the other time, and by their properties."""

    name: str
    total: EventRow
    other: EventRow | None
    properties: tuple[Values, ...]


def all_events(reports: Reports, scope: Scope) -> list[Pair[EventRow]]:
    """By name, the most frequent first. Raises `HitsUnavailable`, `InvalidFilter`."""
    query = scope.query(dimensions=(Dimension.EVENT_NAME,), order=_BY_COUNT, limit=MOST)

    def ask(answers: Answers) -> list[Pair[EventRow]]:
        if scope.other is None:
            return [Pair(row, row) for row in answers.events(query)]
        return answers.compared_events(query, scope.other)

    (found,) = answered(reports, [ask])
    return list(found)


def one_event(reports: Reports, scope: Scope, name: str) -> OneEvent:
    """As `all_events`."""

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


def file_of_events(reports: Reports, scope: Scope) -> str:
    """All events by name as CSV."""
    rows = [pair.row for pair in all_events(reports, scope)]
    cells: list[list[Any]] = [
        [row.values[0], *(getattr(row, metric.value) for metric in COLUMNS)] for row in rows
    ]
    return written([Dimension.EVENT_NAME.value, *(metric.value for metric in COLUMNS)], cells)


def _values(answers: Answers, scope: Scope, name: str, key: str) -> Values:
    query = scope.query(dimensions=(Property(key),), order=_BY_COUNT, limit=VALUES + 1)
    rows = [row for row in answers.events(query, name) if row.values[0]]
    return Values(key, tuple(rows[:VALUES]), len(rows) > VALUES)
