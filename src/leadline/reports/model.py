"""What the reports answer. Times are aware datetimes in UTC."""

from datetime import date, datetime

import msgspec


class Installation(msgspec.Struct, frozen=True):
    """`total_hits` are the pageviews and events of the last 14 days."""

    first_hit_at: datetime | None
    last_hit_at: datetime | None
    total_hits: int

    @property
    def installed(self) -> bool:
        return self.first_hit_at is not None


class DayCount(msgspec.Struct, frozen=True):
    """The pageviews and events of one day; `day` is the date in the zone that was asked for."""

    day: date
    hits: int


class Activity(msgspec.Struct, frozen=True):
    """What a site does now: `receiving` if there was a hit in the last 24 hours."""

    hits_today: int
    last_hit_at: datetime | None
    receiving: bool
