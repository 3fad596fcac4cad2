"""The rows of a panel as lines that a person reads, and by which one can filter."""

from collections.abc import Sequence
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from leadline.dashboard.report.look import Look
from leadline.dashboard.report.panels import Panel
from leadline.reports import By, Dimension, Filter, Operator, Row

HOSTS = frozenset((Dimension.HOSTNAME, Dimension.REFERRER_HOSTNAME))


class Line(NamedTuple):
    """`values` are those of the row's dimensions; `share` is from 0 to 100, of the first line's
    metric; `other` is the row of the other time, if there is one. `filtered` is the look at this
    line alone."""

    values: tuple[str, ...]
    row: Any
    other: Any
    share: float
    filtered: Look

    @property
    def value(self) -> str:
        return self.values[0]

    @property
    def host(self) -> str:
        """Where pages of several hosts are apart, that of this one."""
        return bare_host(self.values[1]) if len(self.values) > 1 else ""


def lines_of(
    look: Look,
    panel: Panel,
    rows: Sequence[Row],
    dimensions: Sequence[By],
    others: Sequence[Row] = (),
) -> tuple[Line, ...]:
    """`rows` begin with the one that has most."""
    metric = panel.metrics[0]
    there = {row.values: row for row in others}
    most = max((float(getattr(row, metric)) for row in rows), default=0.0)
    return tuple(
        Line(
            row.values,
            row,
            there.get(row.values, Row(0, row.values)),
            round(100 * float(getattr(row, metric)) / most, 1) if most else 0.0,
            look.with_filters(*_filters(dimensions, row.values)),
        )
        for row in rows
    )


def bare_host(origin: str) -> str:
    """A host without its scheme."""
    return urlsplit(origin).netloc or origin


def _filters(dimensions: Sequence[By], values: Sequence[str]) -> list[Filter]:
    return [
        Filter(dimension, Operator.IS, value)
        for dimension, value in zip(dimensions, values, strict=True)
    ]
