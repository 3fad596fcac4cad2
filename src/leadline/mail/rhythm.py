"""When mails with figures are due, and of which days they speak."""

from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

AT = time(7)
"""By the clocks of the site's zone."""

DAY = timedelta(days=1)


class Rhythm(StrEnum):
    WEEKLY = "weekly"
    MONTHLY = "monthly"

    def due(self, now: datetime, timezone: str) -> date:
        """The newest Monday, or first of a month, on which it has been seven o'clock there."""
        local = now.astimezone(ZoneInfo(timezone))
        day = local.date() if local.time() >= AT else local.date() - DAY
        return day.replace(day=1) if self is Rhythm.MONTHLY else day - day.weekday() * DAY

    def before(self, day: date) -> tuple[date, date]:
        """The first and the last day of the week, or the month, that has ended before `day`."""
        last = day - DAY
        return (last.replace(day=1) if self is Rhythm.MONTHLY else day - 7 * DAY), last
