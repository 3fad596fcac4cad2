"""The job that deletes hits which are older than their sites keep them."""

import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from leadline.clock import Clock, utc_now
from leadline.logs import logger
from leadline.reports import Reports, beginning
from leadline.sites import Kept, SiteId, Sites
from leadline.warehouse import Warehouse

log = logger(__name__)

A_WHILE = 0.5
"""For so many seconds, or little more, a run deletes; the next goes on."""

BELIEVED = timedelta(days=31)
"""So far the clock may be ahead of the newest hit."""

LOOK_AGAIN = timedelta(days=1)


def kept_since(now: datetime, timezone: str, months: int) -> datetime:
    """When the first day of the month so many months ago begins in the zone, in UTC."""
    today = now.astimezone(ZoneInfo(timezone)).date()
    year, month = divmod(today.year * 12 + today.month - 1 - months, 12)
    return beginning(date(year, month + 1, 1), timezone)


class ExpireHits:
    """Deletes what is too old once a day, and when it is another time since which hits are kept.

    What is deleted does not come back, so a clock that is far ahead of the newest hit is not
    believed: time goes on from there, and a day later it is looked at again.
    """

    def __init__(
        self,
        sites: Sites,
        warehouse: Warehouse,
        default: int | None,
        clock: Clock = utc_now,
        seconds_passed: Callable[[], float] = time.monotonic,
    ) -> None:
        """`default` is for how many months sites keep hits that say nothing of it."""
        self._sites = sites
        self._warehouse = warehouse
        self._reports = Reports(warehouse, clock)
        self._default = default
        self._clock = clock
        self._seconds_passed = seconds_passed
        self._newest: datetime | None = None
        self._looked_at = 0.0
        self._done: dict[SiteId, tuple[date, datetime]] = {}

    def run(self) -> None:
        sites = self._sites.kept(self._default)
        now = self._now() if sites else None
        if now is None:
            return
        end = time.monotonic() + A_WHILE
        for site in sites:
            since = kept_since(now, site.timezone, site.months)
            done = (now.date(), since)
            if self._done.get(site.site) != done and self._is_kept(site, since):
                if not self._expire(site, since, end):
                    return
                self._done[site.site] = done

    def _is_kept(self, site: Kept, since: datetime) -> bool:
        return self._warehouse.may_expire(site.site, since.replace(tzinfo=None))

    def _expire(self, site: Kept, since: datetime, end: float) -> bool:
        """Whether nothing is left to delete."""
        has_deleted = False
        while self._warehouse.expire(site.site, since.replace(tzinfo=None)):
            has_deleted = True
            if time.monotonic() > end:
                return False
        if has_deleted:
            log.info("hits expired", site=site.site, before=since.isoformat())
        return True

    def _now(self) -> datetime | None:
        """The time as far as it is believed; None while there never was a hit."""
        passed = timedelta(seconds=self._seconds_passed() - self._looked_at)
        if self._newest is None or passed >= LOOK_AGAIN:
            self._newest = self._reports.newest()
            self._looked_at = self._seconds_passed()
            passed = timedelta()
        if self._newest is None:
            return None
        return min(self._clock(), self._newest + BELIEVED + passed)
