"""What is counted, and the rows of an answer. Ratios are worked out from sums, here alone."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple

import msgspec


class Metric(StrEnum):
    """See the page Metrics of the documentation, which has an example of each.

    `UNIQUES` are different visitors of each page and day; `VISITORS` of each day. A visit has at
    least one page, and its `BOUNCES` have one; `DURATION` is in microseconds, from a visit's first
    hit to its last, or until its last page was left. An entrance is whatever begins a visit, an
    event too; it is engaged with a second pageview, and bounces without. `REVENUE` is in the
    site's money. What has two numbers in it is their ratio.
    """

    PAGEVIEWS = "pageviews"
    UNIQUES = "uniques"
    VISITORS = "visitors"
    VISITS = "visits"
    BOUNCES = "bounces"
    DURATION = "duration"
    BOUNCE_RATE = "bounce_rate"
    AVERAGE_DURATION = "average_duration"
    VIEWS_PER_VISIT = "views_per_visit"
    ENTRANCES = "entrances"
    ENGAGED_ENTRANCES = "engaged_entrances"
    ENTRANCE_BOUNCES = "entrance_bounces"
    ENTRANCE_BOUNCE_RATE = "entrance_bounce_rate"
    VIEWS_PER_ENTRANCE = "views_per_entrance"
    CONVERSIONS = "conversions"
    MICROCONVERSIONS = "microconversions"
    REVENUE = "revenue"
    CONVERSION_RATE = "conversion_rate"
    AVERAGE_ORDER_VALUE = "average_order_value"


class EventMetric(StrEnum):
    """`UNIQUE_CONVERSIONS` are different visitors of each day. `VALUE` is in the site's money."""

    CONVERSIONS = "conversions"
    UNIQUE_CONVERSIONS = "unique_conversions"
    VALUE = "value"


class Ratio(NamedTuple):
    of: str
    to: str


RATIOS = {
    Metric.BOUNCE_RATE: Ratio("bounces", "visits"),
    Metric.AVERAGE_DURATION: Ratio("duration", "visits"),
    Metric.VIEWS_PER_VISIT: Ratio("pageviews", "visits"),
    Metric.ENTRANCE_BOUNCE_RATE: Ratio("entrance_bounces", "entrances"),
    Metric.VIEWS_PER_ENTRANCE: Ratio("pageviews", "entrances"),
    Metric.CONVERSION_RATE: Ratio("conversions", "entrances"),
    Metric.AVERAGE_ORDER_VALUE: Ratio("revenue", "conversions"),
}

MONEY = frozenset(("revenue", "value"))
"""Sums that are no whole numbers."""


def sums_of(metrics: Iterable[Metric | EventMetric]) -> set[str]:
    """The sums that these are made of."""
    found: set[str] = set()
    for each in metrics:
        ratio = RATIOS.get(each) if isinstance(each, Metric) else None
        found.update(ratio or (each.value,))
    return found


def read_sums(names: Sequence[str], sums: Sequence[Any]) -> dict[str, Any]:
    """The sums of a row of a warehouse, as the fields of a `Row` or an `EventRow`."""
    return {
        name: Decimal(value) if name in MONEY else int(value)
        for name, value in zip(names, sums, strict=True)
    }


class Row(msgspec.Struct, frozen=True):
    """`bucket` is the index of one of the query's, 0 without any; `values` are of its dimensions.

    A sum that was not asked for is 0. Rates and averages are of the sums, 0 where there is nothing
    to divide by; rates are from 0 to 1, but that of conversions, as an entrance may have several.
    """

    bucket: int
    values: tuple[str, ...]
    pageviews: int = 0
    uniques: int = 0
    visitors: int = 0
    visits: int = 0
    bounces: int = 0
    duration: int = 0
    entrances: int = 0
    engaged_entrances: int = 0
    entrance_bounces: int = 0
    conversions: int = 0
    microconversions: int = 0
    revenue: Decimal = Decimal(0)

    @property
    def bounce_rate(self) -> float:
        return self._ratio(Metric.BOUNCE_RATE)

    @property
    def average_duration(self) -> float:
        """In seconds."""
        return self._ratio(Metric.AVERAGE_DURATION) / 1_000_000

    @property
    def views_per_visit(self) -> float:
        return self._ratio(Metric.VIEWS_PER_VISIT)

    @property
    def entrance_bounce_rate(self) -> float:
        return self._ratio(Metric.ENTRANCE_BOUNCE_RATE)

    @property
    def views_per_entrance(self) -> float:
        return self._ratio(Metric.VIEWS_PER_ENTRANCE)

    @property
    def conversion_rate(self) -> float:
        return self._ratio(Metric.CONVERSION_RATE)

    @property
    def average_order_value(self) -> Decimal:
        """Not rounded."""
        return self.revenue / self.conversions if self.conversions else Decimal(0)

    def _ratio(self, metric: Metric) -> float:
        """Of whole numbers."""
        of, to = (getattr(self, name) for name in RATIOS[metric])
        return float(of / to) if to else 0.0


class EventRow(msgspec.Struct, frozen=True):
    """As `Row`, of events."""

    bucket: int
    values: tuple[str, ...]
    conversions: int = 0
    unique_conversions: int = 0
    value: Decimal = Decimal(0)


SUMS = Row.__struct_fields__[2:]
EVENT_SUMS = EventRow.__struct_fields__[2:]

OF_PAGES = (
    Metric.PAGEVIEWS,
    Metric.UNIQUES,
    Metric.VISITORS,
    Metric.VISITS,
    Metric.BOUNCES,
    Metric.DURATION,
)
"""What is counted unless something else is asked for: pageviews and visits with their visitors."""
