"""Which days a question is about, and which it compares them with. Dates are the site's own."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from enum import StrEnum

from leadline.faces.seal.errors import BadRequest
from leadline.reports import Days

DAY = timedelta(days=1)
LONGEST = 730
USUALLY = 30
"""Days, if nothing is said."""

EARLIEST, LATEST = date(2000, 1, 1), date(2199, 12, 31)


class Compare(StrEnum):
    """`TRUE` is `PREVIOUS`, and `FALSE` is `NONE`."""

    PREVIOUS = "previous"
    YOY = "yoy"
    TRUE = "true"
    FALSE = "false"
    NONE = "none"


def _until(count: int) -> Callable[[date], Days]:
    """So many days, today the last of them."""
    return lambda today: Days(today - (count - 1) * DAY, today)


def _this_week(today: date) -> Days:
    return Days(today - today.weekday() * DAY, today)


def _this_month(today: date) -> Days:
    return Days(today.replace(day=1), today)


def _this_quarter(today: date) -> Days:
    return Days(today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1), today)


def _this_year(today: date) -> Days:
    return Days(today.replace(month=1, day=1), today)


def _last(unit: Callable[[date], Days]) -> Callable[[date], Days]:
    """All of the unit that ended before today's began."""

    def days(today: date) -> Days:
        last = unit(today).first - DAY
        return Days(unit(last).first, last)

    return days


PRESETS: Mapping[str, Callable[[date], Days]] = {
    "today": _until(1),
    "yesterday": lambda today: Days(today - DAY, today - DAY),
    "7d": _until(7),
    "30d": _until(30),
    "90d": _until(90),
    "12m": _until(365),
    "this_week": _this_week,
    "last_week": _last(_this_week),
    "this_month": _this_month,
    "last_month": _last(_this_month),
    "this_quarter": _this_quarter,
    "last_quarter": _last(_this_quarter),
    "this_year": _this_year,
    "last_year": _last(_this_year),
    "wtd": _this_week,
    "mtd": _this_month,
    "qtd": _this_quarter,
    "ytd": _this_year,
}

_BEFORE: Mapping[str, Callable[[Days], Days]] = {
    **dict.fromkeys(("this_week", "wtd"), Days.week_before),
    **dict.fromkeys(("this_month", "mtd"), Days.month_before),
    **dict.fromkeys(("this_quarter", "qtd"), Days.quarter_before),
    **dict.fromkeys(("this_year", "ytd"), Days.year_before),
}
"""What is before a period that began with a unit and goes on."""


def days_of(period: str | None, start: date | None, end: date | None, today: date) -> Days:
    """Those of a preset, or from `start` to `end`. Raises `BadRequest`.

    Without `end` they go on until today, and without `start` they are 30.
    """
    if period is not None:
        if period not in PRESETS:
            raise BadRequest(f"Unknown period: {period[:64]}. Known are {', '.join(PRESETS)}")
        return PRESETS[period](today)
    last = today if end is None else _possible(end)
    return checked(Days(last - (USUALLY - 1) * DAY if start is None else start, last))


def checked(days: Days) -> Days:
    """Raises `BadRequest` for days that cannot be asked about."""
    first, last = days
    if first > last:
        raise BadRequest(f"The start date {first} is after the end date {last}")
    for day in days:
        _possible(day)
    if count(days) > LONGEST:
        raise BadRequest(f"{count(days)} days are asked for; {LONGEST} are possible")
    return days


def _possible(day: date) -> date:
    if not EARLIEST <= day <= LATEST:
        raise BadRequest(f"Dates are from {EARLIEST} to {LATEST}")
    return day


def compared(days: Days, compare: Compare | None, period: str | None = None) -> Days | None:
    """The days beside these; a preset that goes on has those of the unit before."""
    match compare:
        case Compare.YOY:
            return days.year_before()
        case Compare.PREVIOUS | Compare.TRUE:
            return _BEFORE.get(period or "", Days.before)(days)
    return None


def count(days: Days) -> int:
    return (days.last - days.first).days + 1
