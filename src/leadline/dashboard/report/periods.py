"""Which days a report is about, and which it compares them with. Dates are the site's own."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from leadline.reports import Days, Period, Unit, beginning, parts

DAY = timedelta(days=1)


class Preset(StrEnum):
    """A period by its name; each but `YESTERDAY` and `LAST_MONTH` ends today."""

    TODAY = "today"
    YESTERDAY = "yesterday"
    WEEK = "7d"
    THIRTY_DAYS = "30d"
    THIS_MONTH = "month"
    LAST_MONTH = "last-month"
    THIS_YEAR = "year"
    TWELVE_MONTHS = "12m"
    ALL = "all"


class Comparison(StrEnum):
    """Beside what a period is put."""

    PREVIOUS = "previous"
    YEAR = "year"
    NONE = "none"


def days_of(preset: Preset, today: date, first: date) -> Days:
    """`first` is the day of a site's first hit."""
    return _PRESETS[preset](today, min(first, today))


_PRESETS: dict[Preset, Callable[[date, date], Days]] = {
    Preset.TODAY: lambda today, _: Days(today, today),
    Preset.YESTERDAY: lambda today, _: Days(today - DAY, today - DAY),
    Preset.WEEK: lambda today, _: Days(today - 6 * DAY, today),
    Preset.THIRTY_DAYS: lambda today, _: Days(today - 29 * DAY, today),
    Preset.THIS_MONTH: lambda today, _: Days(today.replace(day=1), today),
    Preset.LAST_MONTH: lambda today, _: _whole_month(today.replace(day=1) - DAY),
    Preset.THIS_YEAR: lambda today, _: Days(today.replace(month=1, day=1), today),
    Preset.TWELVE_MONTHS: lambda today, _: Days(_a_year_ago(today) + DAY, today),
    Preset.ALL: lambda today, first: Days(first, today),
}


def moved(days: Days, steps: int) -> Days:
    """As long a period, so many steps later: months and years stay whole."""
    if _is_whole_year(days):
        year = days.first.year + steps
        return Days(date(year, 1, 1), date(year, 12, 31))
    if days == _whole_month(days.first):
        edge = days.last + DAY if steps > 0 else days.first - DAY
        return _whole_month(edge)
    length = (days.last - days.first + DAY) * steps
    return Days(days.first + length, days.last + length)


def compared(days: Days, comparison: Comparison) -> Days | None:
    """The days beside these: a month has the one before it, its beginning the beginning of that."""
    if comparison is Comparison.NONE:
        return None
    if comparison is Comparison.YEAR:
        return days.year_before()
    if days == _whole_month(days.first):
        return moved(days, -1)
    if _is_beginning_of_month(days):
        return days.month_before()
    if days.first == days.first.replace(month=1, day=1) and days.first.year == days.last.year:
        return days.year_before()
    return days.before()


def until_now(days: Days, other: Days, now: datetime, timezone: str) -> datetime | None:
    """Where the other days are cut if these are not over: at the same time of their last day."""
    local = now.astimezone(ZoneInfo(timezone))
    if days.last != local.date():
        return None
    return datetime.combine(other.last, local.time(), local.tzinfo)


def default_unit(days: Days) -> Unit:
    count = _count(days)
    if count <= 2:
        return Unit.HOUR
    return Unit.DAY if count <= 92 else Unit.WEEK if count <= 366 else Unit.MONTH


def units(days: Days) -> tuple[Unit, ...]:
    """By which parts of time a chart of these days can be read."""
    count = _count(days)
    limits = ((Unit.HOUR, 1, 14), (Unit.DAY, 2, 400), (Unit.WEEK, 14, 3000))
    found = tuple(unit for unit, least, most in limits if least <= count <= most)
    return (*found, Unit.MONTH) if count > 31 or not found else found


def in_parts(period: Period, timezone: str, unit: Unit) -> tuple[Period, tuple[datetime, ...]]:
    """The period in buckets, and the local times at which these begin as wholes."""
    found = parts(period.since, period.until, timezone, unit)
    return period._replace(buckets=tuple(part.begins for part in found)), tuple(
        part.local for part in found
    )


def period_of(days: Days, timezone: str, until: datetime | None = None) -> Period:
    """All of these days, or up to a moment in them."""
    since, end = beginning(days.first, timezone), beginning(days.last + DAY, timezone)
    return Period(since, end if until is None else max(since, min(end, until)))


def _a_year_ago(day: date) -> date:
    return Days(day, day).year_before().first


def _whole_month(day: date) -> Days:
    first = day.replace(day=1)
    following = (first.replace(day=28) + 4 * DAY).replace(day=1)
    return Days(first, following - DAY)


def _is_whole_year(days: Days) -> bool:
    return days == Days(date(days.first.year, 1, 1), date(days.first.year, 12, 31))


def _is_beginning_of_month(days: Days) -> bool:
    return days.first.day == 1 and days.first == days.last.replace(day=1)


def _count(days: Days) -> int:
    return (days.last - days.first).days + 1
