"""What a look means for a site at a moment: the queries that answer it."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from leadline.dashboard.report import periods
from leadline.dashboard.report.audience import Audience
from leadline.dashboard.report.filters import condition_of
from leadline.dashboard.report.look import Look
from leadline.reports import (
    Answers,
    By,
    Condition,
    Days,
    Dimension,
    Metric,
    Order,
    Period,
    Query,
    Reports,
    Unit,
    by_host,
)
from leadline.sites import MultiDomain, Site

Question = Callable[[Answers], Any]

CURRENT = timedelta(minutes=5)
"""Whoever sent a hit in these is there now."""


class Scope(NamedTuple):
    """`other` is the period beside it, if there is one, cut where the present moment is in it.

    `limits` are those of the conditions that nobody has chosen.
    """

    site: Site
    now: datetime
    days: Days
    other_days: Days | None
    period: Period
    other: Period | None
    unit: Unit
    conditions: tuple[Condition, ...]
    limits: tuple[Condition, ...]

    @property
    def is_going_on(self) -> bool:
        return self.period.since <= self.now < self.period.until

    def query(self, *metrics: Metric, dimensions: Sequence[By] = (), **fields: Any) -> Query:
        return Query(
            sites=(self.site.id,),
            since=self.period.since,
            until=self.period.until,
            metrics=metrics,
            dimensions=self._apart(dimensions),
            filters=self.conditions + fields.pop("filters", ()),
            **fields,
        )

    def during(self, period: Period, *metrics: Metric) -> Query:
        """The same of another time, in its buckets if it has some."""
        return msgspec.structs.replace(self.query(*metrics), **period._asdict())

    def moved(self, query: Query) -> Query:
        """The same question of the other time."""
        assert self.other is not None
        return msgspec.structs.replace(query, since=self.other.since, until=self.other.until)

    def top(self, dimension: Dimension, metrics: Sequence[Metric], limit: int) -> Query:
        """The rows that have most of the first metric."""
        order = (Order(metrics[0], descending=True),)
        return self.query(*metrics, dimensions=(dimension,), order=order, limit=limit)

    def _apart(self, dimensions: Sequence[By]) -> tuple[By, ...]:
        is_separate = self.site.multi_domain is MultiDomain.SEPARATE
        return by_host(dimensions) if is_separate else tuple(dimensions)


def scope_of(
    reports: Reports, audience: Audience, look: Look, conditions: tuple[Condition, ...] = ()
) -> Scope:
    """Raises `HitsUnavailable`."""
    site, now = audience.site, reports.now()
    zone = ZoneInfo(site.timezone)
    days = look.chosen
    if days is None:
        assert look.preset is not None
        first = reports.bounds(site.id)[0] if look.preset is periods.Preset.ALL else now
        days = periods.days_of(
            look.preset, now.astimezone(zone).date(), first.astimezone(zone).date()
        )
    other_days = periods.compared(days, look.comparison)
    other = other_days and periods.period_of(
        other_days, site.timezone, periods.until_now(days, other_days, now, site.timezone)
    )
    unit = look.unit if look.unit in periods.units(days) else None
    limits = () if audience.limit is None else (audience.limit,)
    return Scope(
        site=site,
        now=now,
        days=days,
        other_days=other_days,
        period=periods.period_of(days, site.timezone),
        other=other,
        unit=unit or periods.default_unit(days),
        conditions=(*limits, *map(condition_of, look.filters), *conditions),
        limits=limits,
    )


def present(site: Site, now: datetime, conditions: tuple[Condition, ...]) -> Query:
    """Who is there now."""
    return Query(
        sites=(site.id,),
        since=now - CURRENT,
        until=now + CURRENT,
        metrics=(Metric.VISITORS,),
        filters=conditions,
    )
