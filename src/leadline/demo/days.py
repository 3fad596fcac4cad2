"""The local days of a demo's time zones. Moments are microseconds since 1970, in UTC."""

from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from leadline.reports import beginning

MICROSECOND = timedelta(microseconds=1)
SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

HOURS_OF_A_WEEK = 7 * 24


class Days(NamedTuple):
    """The last days of a zone, today last; `begins` has one more, the beginning of tomorrow."""

    zone: ZoneInfo
    dates: tuple[date, ...]
    begins: tuple[int, ...]

    def hour_of_week(self, moment: int) -> int:
        """0 is the first hour of a local Monday."""
        local = moment_of(moment).astimezone(self.zone)
        return local.weekday() * 24 + local.hour


def last_days(until: datetime, timezone: str, count: int) -> Days:
    """So many local days, that of `until` the last."""
    zone = ZoneInfo(timezone)
    today = until.astimezone(zone).date()
    dates = [today - timedelta(days=age) for age in reversed(range(-1, count))]
    begins = tuple(microseconds(beginning(day, timezone)) for day in dates)
    return Days(zone, tuple(dates[:-1]), begins)


def microseconds(moment: datetime) -> int:
    return (moment - EPOCH) // MICROSECOND


def moment_of(microseconds: int) -> datetime:
    return EPOCH + timedelta(microseconds=microseconds)
