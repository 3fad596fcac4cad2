"""What the reports answer. Times are aware datetimes in UTC."""

from datetime import date, datetime
from typing import NamedTuple

import msgspec


class Installation(msgspec.Struct, frozen=True):
    """`total_hits` are the pageviews and events of the last 14 days."""

    first_hit_at: datetime | None
    last_hit_at: datetime | None
    total_hits: int

    @property
    def installed(self) -> bool:
        return self.first_hit_at is not None


class Held(msgspec.Struct, frozen=True):
    """So many hits, and when the first and the last of them were; without any there is neither."""

    hits: int
    first_at: datetime | None
    last_at: datetime | None


class DayCount(msgspec.Struct, frozen=True):
    """The pageviews and events of one day; `day` is the date in the zone that was asked for."""

    day: date
    hits: int


class Activity(msgspec.Struct, frozen=True):
    """What a site does now: `receiving` if there was a hit in the last 24 hours."""

    hits_today: int
    last_hit_at: datetime | None
    receiving: bool


class RefusedOrigin(msgspec.Struct, frozen=True):
    """A host that hits named, empty for none and for those that are too many to be told apart."""

    origin: str
    count: int


class RefusalReason(msgspec.Struct, frozen=True):
    """Why hits were not counted, how many, the minute of the last, and the hosts that they named
    most often."""

    reason: str
    count: int
    last_at: datetime
    origins: tuple[RefusedOrigin, ...]

    @property
    def others(self) -> int:
        """How many hits named none of these hosts, or none at all."""
        return self.count - sum(each.count for each in self.origins if each.origin)


class Refusals(msgspec.Struct, frozen=True):
    """What became of a site's hits of the last `minutes`; the most frequent reason is first."""

    minutes: int
    accepted: int
    reasons: tuple[RefusalReason, ...]

    @property
    def refused(self) -> int:
        return sum(reason.count for reason in self.reasons)


class EventName(NamedTuple):
    """A name that events have, and the moments of the first and the last of them."""

    name: str
    first_at: datetime
    last_at: datetime
