"""The drawings of a report, in the words of its reader."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from leadline.dashboard.drawing import (
    Chart,
    Mark,
    Point,
    Scale,
    Sparkline,
    WorldMap,
    line_chart,
    sparkline,
    world_map,
)
from leadline.dashboard.report import figures
from leadline.dashboard.report.overview import Bucket, Overview
from leadline.dashboard.texts import Texts
from leadline.reports import Metric, Unit
from leadline.sites import Milestone

SCALES = {
    Metric.BOUNCE_RATE: Scale.DECIMAL,
    Metric.VIEWS_PER_VISIT: Scale.DECIMAL,
    Metric.AVERAGE_DURATION: Scale.SECONDS,
}
DAY = timedelta(days=1)


class Drawings(NamedTuple):
    """`sparks` are those of the tiles that have one, by metric."""

    chart: Chart
    sparks: dict[Metric, Sparkline]


def drawings(
    texts: Texts,
    report: Overview,
    metric: Metric,
    milestones: Sequence[Milestone],
) -> Drawings:
    return Drawings(
        _chart(texts, report, metric, milestones),
        {tile.metric: sparkline(tile.series) for tile in report.tiles if tile.series},
    )


def mapped(texts: Texts, countries: Mapping[str, int], address: Callable[[str], str]) -> WorldMap:
    """`address` is where a country leads, by its code."""
    return world_map(countries, name=texts.country, address=address, text=texts.count)


def _chart(
    texts: Texts, report: Overview, metric: Metric, milestones: Sequence[Milestone]
) -> Chart:
    unit, currency, buckets = report.scope.unit, report.scope.site.currency, report.buckets
    points = [
        Point(_name(texts, bucket.local, unit), bucket.value, _tick(texts, bucket.local, unit))
        for bucket in buckets
    ]
    others = [
        Point(_name(texts, bucket.other_local, unit), bucket.other)
        for bucket in buckets
        if bucket.other_local is not None
    ]
    return line_chart(
        points,
        others if report.scope.other is not None else None,
        [Mark(_bucket_of(found, buckets), found.name) for found in milestones],
        text=lambda value: figures.shown(texts, metric, value, currency),
        scale=SCALES.get(metric, Scale.WHOLE),
        unfinished=any(bucket.is_going_on for bucket in buckets),
    )


def _name(texts: Texts, local: datetime, unit: Unit) -> str:
    match unit:
        case Unit.HOUR:
            return f"{texts.day(local)} {local:%H:%M}"
        case Unit.WEEK:
            return texts.days(local.date(), local.date() + 6 * DAY)
        case Unit.MONTH | Unit.YEAR:
            return texts.month(local)
        case Unit.DAY:
            return f"{texts.weekday(local.weekday())}, {texts.day(local)}"


def _tick(texts: Texts, local: datetime, unit: Unit) -> str:
    match unit:
        case Unit.HOUR:
            return f"{local:%H:%M}"
        case Unit.MONTH | Unit.YEAR:
            return texts.month(local)
        case Unit.DAY | Unit.WEEK:
            return texts.day(local)


def _bucket_of(milestone: Milestone, buckets: Sequence[Bucket]) -> int:
    """The last that has begun by then."""
    begun = [bucket.local.date() <= milestone.day for bucket in buckets]
    return max(0, sum(begun) - 1)
