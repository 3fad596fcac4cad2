"""What is printed of a row's sums: counts, rates in percent, money in either form."""

from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from enum import Enum
from typing import NamedTuple

from leadline.reports import Metric, Row

CENT = Decimal("0.01")

Printed = int | float | str


class Money(Enum):
    """How an endpoint prints amounts, always with two digits at most."""

    TEXT = "text"
    NUMBER = "number"

    def printed(self, amount: Decimal) -> str | float:
        rounded = _rounded(amount)
        return str(rounded) if self is Money.TEXT else float(rounded)

    @property
    def type(self) -> type[str] | type[float]:
        return str if self is Money.TEXT else float


class Figure(NamedTuple):
    """A number of a row: what is counted and ordered by for it, and what it is."""

    metric: Metric
    of: Callable[[Row], int | float | Decimal]

    def printed(self, row: Row, money: Money) -> Printed:
        found = self.of(row)
        return money.printed(found) if isinstance(found, Decimal) else found


def percent(of: int, to: int) -> float:
    """With two digits; 0 of nothing."""
    return ratio(100 * of, to)


def ratio(of: int, to: int) -> float:
    """With two digits; 0 of nothing."""
    return float(_rounded(Decimal(of) / to)) if to else 0.0


def conversion_rate(row: Row) -> float:
    """At most 100, though an entrance may have several."""
    return min(percent(row.conversions, row.entrances), 100.0)


def average(amount: Decimal, count: int) -> Decimal:
    """Of an amount; 0 of nothing."""
    return amount / count if count else Decimal(0)


def _rounded(number: Decimal) -> Decimal:
    return number.quantize(CENT, ROUND_HALF_UP) + 0  # there is no -0.00


FIGURES: Mapping[str, Figure] = {
    "entrances": Figure(Metric.ENTRANCES, lambda row: row.entrances),
    "engaged_entrances": Figure(Metric.ENGAGED_ENTRANCES, lambda row: row.engaged_entrances),
    "bounces": Figure(Metric.ENTRANCE_BOUNCES, lambda row: row.entrance_bounces),
    "bounce_rate": Figure(
        Metric.ENTRANCE_BOUNCE_RATE, lambda row: percent(row.entrance_bounces, row.entrances)
    ),
    "page_views": Figure(Metric.PAGEVIEWS, lambda row: row.pageviews),
    "microconversions": Figure(Metric.MICROCONVERSIONS, lambda row: row.microconversions),
    "conversions": Figure(Metric.CONVERSIONS, lambda row: row.conversions),
    "conversion_rate": Figure(Metric.CONVERSION_RATE, conversion_rate),
    "revenue": Figure(Metric.REVENUE, lambda row: row.revenue),
}

ALL_FIGURES = tuple(FIGURES)

COMPARED = (
    "entrances",
    "engaged_entrances",
    "page_views",
    "microconversions",
    "conversions",
    "revenue",
)
"""Those that a row also has of the time before, with `_prev` behind their names."""


def metrics_of(figures: tuple[str, ...]) -> tuple[Metric, ...]:
    return tuple(FIGURES[name].metric for name in figures)


def printed(row: Row, figures: tuple[str, ...], money: Money) -> dict[str, Printed]:
    return {name: FIGURES[name].printed(row, money) for name in figures}


def printed_before(row: Row, figures: tuple[str, ...], money: Money) -> dict[str, Printed]:
    """The row of the time before, as it is told beside that of now."""
    names = tuple(name for name in figures if name in COMPARED)
    return {f"{name}_prev": value for name, value in printed(row, names, money).items()}
