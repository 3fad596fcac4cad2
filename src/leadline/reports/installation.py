"""Whether a site receives hits."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from leadline.clock import Clock, utc_now
from leadline.warehouse import DuckDBWarehouse

COUNTED = timedelta(days=14)


class Installation(msgspec.Struct, frozen=True):
    """Times in UTC; `total_hits` are the pageviews and events of the last 14 days."""

    first_hit_at: datetime | None
    last_hit_at: datetime | None
    total_hits: int

    @property
    def installed(self) -> bool:
        return self.first_hit_at is not None


class Reports:
    """Answers questions about hits from the warehouse."""

    def __init__(self, warehouse: DuckDBWarehouse, clock: Clock = utc_now) -> None:
        self._warehouse = warehouse
        self._clock = clock

    def installation(self, site: int) -> Installation:
        """What is known of the hits of `site`; the first and last stay when hits expire."""
        facts = self._warehouse.query(
            "SELECT first_hit_at, last_hit_at FROM site_facts WHERE site_id = $site", site=site
        )
        if not facts:
            return Installation(None, None, 0)
        since = (self._clock() - COUNTED).replace(tzinfo=None)
        ((total,),) = self._warehouse.query(
            "SELECT count(*) FROM hits WHERE site_id = $site AND received_at >= $since",
            site=site,
            since=since,
        )
        first, last = (_utc(moment) for moment in facts[0])
        return Installation(first, last, total)


def _utc(moment: Any) -> datetime:
    aware: datetime = moment.replace(tzinfo=UTC)
    return aware
