"""The time of day, as something that can be handed over: a test hands over its own."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

Clock = Callable[[], datetime]
"""Answers the present moment as an aware datetime in UTC."""


def utc_now() -> datetime:
    return datetime.now(UTC)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """When a local date begins, in UTC.

    Where the clocks skip midnight the day begins as the hour before ends; where they show it
    twice, with the first.
    """
    return datetime.combine(day, time(), zone).astimezone(UTC)
