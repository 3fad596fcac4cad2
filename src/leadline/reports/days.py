"""The days of a time zone as moments in UTC, so that an engine only compares numbers."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from leadline.clock import midnight


def last_days(now: datetime, timezone: str, days: int) -> list[date]:
    """So many local dates, the oldest first, today last."""
    today = now.astimezone(ZoneInfo(timezone)).date()
    return [today - timedelta(days=age) for age in reversed(range(days))]


def beginning(day: date, timezone: str) -> datetime:
    """When `day` begins in the zone, in UTC."""
    return midnight(day, ZoneInfo(timezone))


def naive(moment: datetime) -> datetime:
    """The moment as the warehouse stores it."""
    return moment.astimezone(UTC).replace(tzinfo=None)
