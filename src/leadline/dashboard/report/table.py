"""A panel in full: every row there is, searched, ordered, page by page, or as a file."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from leadline.dashboard.report.asked import PER_PAGE, Asked, pages_of, pattern_of
from leadline.dashboard.report.lines import Line, lines_of
from leadline.dashboard.report.look import SOLD, Look
from leadline.dashboard.report.overview import answered
from leadline.dashboard.report.panels import Panel
from leadline.dashboard.report.scope import Scope
from leadline.dashboard.texts import Texts
from leadline.reports import (
    AnyOf,
    Condition,
    Dimension,
    Filter,
    Metric,
    Operator,
    Order,
    Page,
    Query,
    Reports,
    Row,
)

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # noqa: RUF001
"""What a spreadsheet may take for more than a text, at the beginning of one."""


class Table(NamedTuple):
    """`columns` are metrics; `total` is of all the rows of all pages together."""

    panel: Panel
    asked: Asked
    columns: tuple[Metric, ...]
    lines: tuple[Line, ...]
    total: Row
    rows: int
    is_compared: bool

    @property
    def pages(self) -> int:
        return pages_of(self.rows)

    @property
    def path(self) -> str:
        return f"/panels/{self.panel.name}"

    @property
    def more(self) -> dict[str, str]:
        return {}


def table(
    reports: Reports, texts: Texts, scope: Scope, look: Look, panel: Panel, asked: Asked
) -> Table:
    """Raises `HitsUnavailable`, `InvalidFilter`."""
    columns = _columns(reports, scope, panel)
    query = _query(scope, texts, panel, asked, columns, PER_PAGE, asked.offset)
    page: Page[Row]
    (page,) = answered(reports, [lambda answers: answers.page(query)])
    others = _others(reports, scope, panel, columns, page.rows)
    return Table(
        panel,
        asked,
        columns,
        lines_of(look, panel, page.rows, query.dimensions, others),
        page.total,
        page.count,
        scope.other is not None,
    )


def file_of(reports: Reports, texts: Texts, scope: Scope, panel: Panel, asked: Asked) -> str:
    """All rows as CSV, numbers as they are: rates from 0 to 1, durations in seconds.

    Raises as `table`.
    """
    columns = _columns(reports, scope, panel)
    query = _query(scope, texts, panel, asked, columns, None, 0)
    (rows,) = answered(reports, [lambda answers: answers.rows(query)])
    names = [each.value for each in (*query.dimensions, *columns)]  # type: ignore[union-attr]
    return written(names, (_cells(row, columns) for row in rows))


def written(names: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """CSV in which no text is a formula."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(names)
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    return file.getvalue()


def _columns(reports: Reports, scope: Scope, panel: Panel) -> tuple[Metric, ...]:
    """Those of the panel, and what was sold if anything was."""
    (rows,) = answered(reports, [lambda answers: answers.rows(scope.query(*SOLD))])
    return (*panel.metrics, *SOLD) if rows[0].conversions else panel.metrics


def _query(
    scope: Scope,
    texts: Texts,
    panel: Panel,
    asked: Asked,
    columns: Sequence[Metric],
    limit: int | None,
    offset: int,
) -> Query:
    by = next((each for each in columns if each == asked.by), columns[0])
    wanted = (_search(texts, panel, asked.wanted),) if asked.wanted else ()
    return scope.query(
        *columns,
        dimensions=(panel.dimension,),
        filters=wanted,
        order=(Order(by, asked.descending),),
        limit=limit,
        offset=offset,
    )


def _search(texts: Texts, panel: Panel, wanted: str) -> Condition:
    """Whatever has this in it; of countries the name may have it that the reader knows them by."""
    has_it = Filter(panel.dimension, Operator.MATCHES, pattern_of(wanted))
    if panel.dimension is not Dimension.COUNTRY:
        return has_it
    named = tuple(code for code, name in texts.countries.items() if _has(name, wanted))
    return AnyOf((has_it, Filter(panel.dimension, Operator.IN, named)))


def _has(name: str, wanted: str) -> bool:
    rest = name.casefold()
    for part in wanted.casefold().split("*"):
        _, found, rest = rest.partition(part) if part else ("", "*", rest)
        if not found:
            return False
    return True


def _others(
    reports: Reports,
    scope: Scope,
    panel: Panel,
    columns: Sequence[Metric],
    rows: Sequence[Row],
) -> list[Row]:
    """What the rows of one page were at the other time."""
    if scope.other is None or not rows:
        return []
    values = tuple(dict.fromkeys(row.values[0] for row in rows))
    query = scope.query(
        *columns,
        dimensions=(panel.dimension,),
        filters=(Filter(panel.dimension, Operator.IN, values),),
    )
    query = scope.moved(query)
    (found,) = answered(reports, [lambda answers: answers.rows(query)])
    return list(found)


def _cells(row: Row, columns: Sequence[Metric]) -> list[Any]:
    return [*row.values, *(getattr(row, metric.value) for metric in columns)]


def _harmless(cell: Any) -> Any:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell
