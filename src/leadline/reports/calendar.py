"""The hours, days, weeks, months and years of a time zone, as moments in UTC."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

from leadline.reports.days import beginning

QUARTER = timedelta(minutes=15)
"""Every zone's hours begin at one."""


class Unit(StrEnum):
    """A week begins on Monday."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


class Part(NamedTuple):
    """A part of a period: when it begins, in UTC, and the local time at which it begins as a whole.

    The first part of a period may begin later than that.
    """

    begins: datetime
    local: datetime


def parts(since: datetime, until: datetime, timezone: str, unit: Unit) -> list[Part]:
    """Those of a period in order. An hour that the clocks show twice is one of two hours."""
    zone = ZoneInfo(timezone)
    found: list[Part] = []
    moment = since.astimezone(UTC)
    while moment < until:
        local = _FLOORS[unit](moment.astimezone(zone).replace(tzinfo=None, fold=0))
        if not found or found[-1].local != local:
            found.append(Part(moment, local))
        moment = _next(moment, local, timezone, unit)
    return found


def _next(moment: datetime, local: datetime, timezone: str, unit: Unit) -> datetime:
    """When it may be that another part begins."""
    if unit is Unit.HOUR:
        return datetime.fromtimestamp(
            (moment.timestamp() // QUARTER.seconds + 1) * QUARTER.seconds, UTC
        )
    day = local.date()
    if unit in (Unit.DAY, Unit.WEEK):
        following = day + timedelta(days=1 if unit is Unit.DAY else 7)
    elif unit is Unit.MONTH:
        following = (day.replace(day=28) + timedelta(days=4)).replace(day=1)
    else:
        following = day.replace(year=day.year + 1)
    return max(beginning(following, timezone), moment + timedelta(microseconds=1))


def weekdays(found: Iterable[Part]) -> tuple[int, ...]:
    """Of each part the day of the week on which it begins, Monday 0."""
    return tuple(part.local.weekday() for part in found)


def hours(found: Iterable[Part]) -> tuple[int, ...]:
    """Of each part the hour of the day in which it begins, from 0 to 23."""
    return tuple(part.local.hour for part in found)


def _midnight(local: datetime) -> datetime:
    return local.replace(hour=0, minute=0, second=0, microsecond=0)


_FLOORS: dict[Unit, Callable[[datetime], datetime]] = {
    Unit.HOUR: lambda local: local.replace(minute=0, second=0, microsecond=0),
    Unit.DAY: _midnight,
    Unit.WEEK: lambda local: _midnight(local) - timedelta(days=local.weekday()),
    Unit.MONTH: lambda local: _midnight(local).replace(day=1),
    Unit.YEAR: lambda local: _midnight(local).replace(month=1, day=1),
}
