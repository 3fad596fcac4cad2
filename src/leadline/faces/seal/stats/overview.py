"""What a site's traffic comes to, beside the days before, and day by day."""

from collections.abc import Sequence
from functools import partial
from typing import Literal, cast

from msgspec.structs import replace
from pydantic import Field

from leadline.faces.endpoint import Answer, Call
from leadline.faces.seal.errors import BadRequest
from leadline.faces.seal.shapes import Envelope
from leadline.faces.seal.stats.asked import Narrowed, scope_of
from leadline.faces.seal.stats.described import endpoint
from leadline.faces.seal.stats.figures import (
    ALL_FIGURES,
    FIGURES,
    Money,
    average,
    conversion_rate,
    printed,
    ratio,
)
from leadline.faces.seal.stats.periods import Compare, count
from leadline.faces.seal.stats.questions import query_of
from leadline.faces.seal.stats.shapes import MONEY_TEXT, DateRange
from leadline.reports import Answers, Days, Part, Query, Row, Unit, filled, folded, parts

SERIES = (
    "entrances",
    "engaged_entrances",
    "page_views",
    "conversions",
    "microconversions",
    "revenue",
)
SERIES_BEFORE = ("entrances", "page_views", "conversions")
LONGEST_BY_HOUR = 31
UNITS = {"daily": Unit.DAY, "hourly": Unit.HOUR}


class OverviewQuery(Narrowed):
    compare: Compare = Field(
        default=Compare.PREVIOUS, description="As elsewhere; `none` for no other days."
    )
    granularity: Literal["daily", "hourly"] = Field(
        default="daily", description=f"Of the series; by hour for up to {LONGEST_BY_HOUR} days."
    )


class TrafficMetrics(Answer):
    entrances: int
    engaged_entrances: int
    page_views: int
    microconversions: int
    conversions: int
    revenue: str = Field(pattern=MONEY_TEXT)
    bounce_rate: float = Field(description="In percent.")
    pages_per_session: float

    @classmethod
    def of(cls, row: Row) -> "TrafficMetrics":
        return cls(
            entrances=row.entrances,
            engaged_entrances=row.engaged_entrances,
            page_views=row.pageviews,
            microconversions=row.microconversions,
            conversions=row.conversions,
            revenue=str(Money.TEXT.printed(row.revenue)),
            bounce_rate=float(FIGURES["bounce_rate"].of(row)),
            pages_per_session=ratio(row.pageviews, row.entrances),
        )


class ConversionMetrics(Answer):
    conversions: int
    revenue: str = Field(pattern=MONEY_TEXT)
    microconversions: int
    conversion_rate: float = Field(description="In percent, 100 at most.")
    average_order_value: str = Field(pattern=MONEY_TEXT)

    @classmethod
    def of(cls, row: Row) -> "ConversionMetrics":
        return cls(
            conversions=row.conversions,
            revenue=str(Money.TEXT.printed(row.revenue)),
            microconversions=row.microconversions,
            conversion_rate=conversion_rate(row),
            average_order_value=str(Money.TEXT.printed(average(row.revenue, row.conversions))),
        )


class SeriesPoint(Answer):
    date: str
    hour: int | None = Field(description="By hour from 0 to 23, by day null.")
    day_of_week: int = Field(description="1 for Monday.")
    value: int | float


class Series(Answer):
    metric: str
    points: list[SeriesPoint]
    total: int | float
    average: float = Field(description="Of a point.")


class StatsOverview(Answer):
    date_range: DateRange
    traffic: TrafficMetrics
    conversions: ConversionMetrics
    traffic_change: TrafficMetrics | None = Field(description="The same of the days before.")
    conversions_change: ConversionMetrics | None
    entrances_series: Series
    engaged_entrances_series: Series
    page_views_series: Series
    conversions_series: Series
    microconversions_series: Series
    revenue_series: Series
    entrances_series_compare: Series | None
    page_views_series_compare: Series | None
    conversions_series_compare: Series | None


def get_overview(call: Call) -> Envelope[StatsOverview]:
    asked = cast(OverviewQuery, call.query)
    scope = scope_of(call, asked)
    unit = UNITS[asked.granularity]
    if unit is Unit.HOUR and count(scope.days) > LONGEST_BY_HOUR:
        raise BadRequest(f"By hour at most {LONGEST_BY_HOUR} days can be asked for")
    query = query_of(scope, (), ALL_FIGURES)
    with call.services.reports.at_once() as answers:
        wanted = [days for days in (scope.days, scope.other) if days]
        questions = [
            partial(_counted, answers, query, days, scope.site.timezone, unit) for days in wanted
        ]
        now, *others = answers.all(questions)
    return Envelope(data=_told(scope.days, unit, now, others[0] if others else None))


Counted = tuple[list[Part], list[Row]]
"""Parts of time, and a row for each."""


def _counted(answers: Answers, query: Query, days: Days, timezone: str, unit: Unit) -> Counted:
    period = days.period(timezone)
    found = parts(period.since, period.until, timezone, unit)
    begins = tuple(part.begins for part in found)
    rows = answers.rows(replace(query, since=period.since, until=period.until, buckets=begins))
    return found, filled(rows, len(begins), Row)


def _told(days: Days, unit: Unit, now: Counted, before: Counted | None) -> StatsOverview:
    total = _total(now)
    total_before = before and _total(before)
    return StatsOverview(
        date_range=DateRange.of(days),
        traffic=TrafficMetrics.of(total),
        conversions=ConversionMetrics.of(total),
        traffic_change=TrafficMetrics.of(total_before) if total_before else None,
        conversions_change=ConversionMetrics.of(total_before) if total_before else None,
        **{f"{name}_series": _series(name, unit, now, total) for name in SERIES},
        **{
            f"{name}_series_compare": (
                _series(name, unit, before, total_before) if before and total_before else None
            )
            for name in SERIES_BEFORE
        },
    )


def _total(counted: Counted) -> Row:
    """What all parts add up to, which is exact: an entrance is in one of them."""
    _, rows = counted
    (total,) = folded(rows, [0] * len(rows))
    return total


def _series(name: str, unit: Unit, counted: Counted, total: Row) -> Series:
    found, rows = counted
    values = [_value(name, row) for row in rows]
    whole = _value(name, total)
    return Series(
        metric=name,
        points=_points(found, values, unit),
        total=whole,
        average=round(whole / len(values), 2),
    )


def _value(name: str, row: Row) -> int | float:
    value = printed(row, (name,), Money.NUMBER)[name]
    assert not isinstance(value, str)
    return value


def _points(found: Sequence[Part], values: Sequence[int | float], unit: Unit) -> list[SeriesPoint]:
    return [
        SeriesPoint(
            date=str(part.local.date()),
            hour=part.local.hour if unit is Unit.HOUR else None,
            day_of_week=part.local.isoweekday(),
            value=value,
        )
        for part, value in zip(found, values, strict=True)
    ]


ENDPOINTS = (
    endpoint(
        "/stats/overview",
        "Get overview",
        get_overview,
        OverviewQuery,
        Envelope[StatsOverview],
        description="`traffic_change` and `conversions_change` are what the days before come to.",
    ),
)
