"""Columns and figures as a question for the reports, and its rows as columns."""

from collections.abc import Iterable, Sequence
from typing import Any

from msgspec.structs import replace

from leadline.faces.seal.stats.asked import Scope
from leadline.faces.seal.stats.figures import metrics_of
from leadline.faces.seal.stats.tables import Column
from leadline.reports import By, Condition, Dimension, Filter, Operator, Period, Query, Row


def dimensions_of(columns: Iterable[Column]) -> tuple[Dimension, ...]:
    return tuple(dict.fromkeys(column.dimension for column in columns))


def query_of(
    scope: Scope, columns: Sequence[Column], figures: tuple[str, ...], *more: Condition
) -> Query:
    return Query(
        sites=(scope.site.id,),
        **scope.period._asdict(),
        dimensions=dimensions_of(columns),
        metrics=metrics_of(figures),
        filters=(*scope.filters, *more),
    )


def of_other(query: Query, period: Period) -> Query:
    """The same question of another time, and of all its rows."""
    return replace(query, order=(), limit=None, offset=0, **period._asdict())


def in_all(query: Query) -> Query:
    return replace(query, dimensions=(), buckets=(), order=(), limit=None, offset=0)


def known(dimension: Dimension) -> Condition:
    return Filter(dimension, Operator.IS_NOT, "")


def told(columns: Sequence[Column], dimensions: Sequence[By], row: Row) -> dict[str, Any]:
    """The values of a row by the names of its columns."""
    values = dict(zip(dimensions, row.values, strict=True))
    return {column.name: column.printed(values[column.dimension]) for column in columns}
