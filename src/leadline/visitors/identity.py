"""Who sent a hit, as far as one day can tell: a keyed hash that nobody can undo later.

The key is the salt of the site's reporting day, so one person has another hash on every day
and on every site, and none at all once the salt is gone.
"""

from datetime import date, datetime, timedelta
from functools import lru_cache
from hashlib import blake2b
from zoneinfo import ZoneInfo

import msgspec

from leadline.clock import midnight
from leadline.network import Address
from leadline.visitors.salts import (
    EARLIEST_OFFSET,
    LATEST_OFFSET,
    Salts,
    disposal_time,
    is_over,
)

MINUTE = timedelta(minutes=1)
OVERLAP = timedelta(minutes=30)
"""For so long after midnight a hit also carries the hash of the day before."""


class Identity(msgspec.Struct, frozen=True, gc=False):
    """`visitor` is the hash under the salt of `day`, the site's local date.

    `previous` is the hash under the day before, given in the first 30 minutes of a day.
    """

    day: date
    visitor: int
    previous: int | None


class _Day(msgspec.Struct, frozen=True):
    """A local day of one zone, by its bounds in Unix seconds."""

    day: date
    begins: float
    overlap_ends: float
    ends: float


class Visitors:
    """Turns an address and a User-Agent into an `Identity`; keeps neither.

    Safe on any thread.
    """

    def __init__(self, salts: Salts) -> None:
        self._salts = salts
        self._days: dict[ZoneInfo, _Day] = {}
        self._keyed: dict[date, blake2b] = {}

    def identify(
        self,
        site: int,
        zone: ZoneInfo,
        address: Address,
        user_agent: bytes,
        now: datetime,
        happened_at: datetime | None = None,
    ) -> Identity:
        """The identity of whoever sent a hit for `site`, now or at a moment of the last 24 hours.

        So long the salt of any day is kept in which that may have been, though not for every zone
        that of the day before.
        """
        if happened_at is None:
            seconds = now.timestamp()
            day = self._days.get(zone)
            if day is None or not day.begins <= seconds < day.ends:
                day = self._days[zone] = _day_of(zone, now.astimezone(zone).date())
            is_early = seconds < day.overlap_ends
        else:
            day = _day_of(zone, happened_at.astimezone(zone).date())
            is_early = happened_at.timestamp() < day.overlap_ends
            is_early = is_early and now < disposal_time(_before(day.day))
        message = b"%d %d %b %b" % (site, address.version, address.packed, user_agent)
        previous = self._hash(_before(day.day), message) if is_early else None
        return Identity(day.day, self._hash(day.day, message), previous)

    def prepare(self, now: datetime) -> None:
        """Have the keys at hand that hits may need until a minute after `now`, in any zone.

        Without it the first hit of a day would wait for the database.
        """
        day, last = (now - LATEST_OFFSET).date(), (now + EARLIEST_OFFSET + MINUTE).date()
        day -= timedelta(days=1)
        while day <= last:
            self._key(day)
            day += timedelta(days=1)

    def forget(self, now: datetime) -> None:
        """Let go of the keys whose salts have to be gone by `now`."""
        for day in [day for day in list(self._keyed) if is_over(day, now)]:
            del self._keyed[day]

    def _key(self, day: date) -> blake2b:
        keyed = self._keyed.get(day)
        if keyed is None:
            keyed = self._keyed[day] = blake2b(key=self._salts.get(day), digest_size=8)
        return keyed

    def _hash(self, day: date, message: bytes) -> int:
        digest = self._key(day).copy()
        digest.update(message)
        return int.from_bytes(digest.digest(), "big")


@lru_cache(maxsize=4096)
def _day_of(zone: ZoneInfo, day: date) -> _Day:
    begins = midnight(day, zone)
    ends = midnight(day + timedelta(days=1), zone)
    return _Day(
        day,
        begins.timestamp(),
        (begins + OVERLAP).timestamp(),
        ends.timestamp(),
    )


def _before(day: date) -> date:
    return day - timedelta(days=1)
