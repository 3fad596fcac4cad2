"""What a program sends: which times are taken, and which visitor a hit of yesterday has."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest

from leadline.access import Organisations
from leadline.collector import Bundles, Collector, Screening, SentHit, Untimely
from leadline.database import Database
from leadline.enrichment import Places, SpamHosts
from leadline.sites import NewSite, Site, Sites, Snapshot
from leadline.spool import Bundle, Hit, Spool
from leadline.visitors import Salts, Visitors
from tests.spool.examples import contents, open_spool
from tests.support import BROWSER, ManualClock

SECOND = timedelta(seconds=1)
MICROSECOND = timedelta(microseconds=1)


class Door:
    """The door of a server whose clock is set by hand, and what is behind it."""

    def __init__(self, database: Database, spool: Spool, clock: ManualClock) -> None:
        self.clock = clock
        self.spool = spool
        snapshot = Snapshot(database)
        self._sites = Sites(database, changed=snapshot.refresh, clock=clock)
        self._organisation = Organisations(database, clock).first().id
        self.salts = Salts(database, clock)
        self.visitors = Visitors(self.salts)
        screening = Screening(SpamHosts(None), False)
        self._collector = Collector(snapshot, self.visitors, Places(None), screening, spool, clock)
        self.bundles = Bundles(self._collector, snapshot, spool, clock)

    def site(self, zone: str = "UTC") -> Site:
        return self._sites.create(
            self._organisation, NewSite(name="Shop", timezone=zone, currency="EUR")
        )

    def decide(self, site: Site, *moments: datetime | None, **fields: Any) -> list[Hit]:
        return self.bundles.decide([sent(site, at, **fields) for at in moments]).bundle.hits

    def live(self, site: Site) -> Hit:
        (hit,) = self.decide(site, None)
        return hit


def sent(site: Site, at: datetime | None = None, **fields: Any) -> SentHit:
    known: dict[str, Any] = {
        "site": site.slug,
        "url": "https://shop.example/",
        "address": ip_address("203.0.113.7"),
        "user_agent": BROWSER,
        "happened_at": at,
    }
    return SentHit(**(known | fields))


@pytest.fixture
def door(database: Database, tmp_path: Path, clock: ManualClock) -> Iterator[Door]:
    with open_spool(tmp_path / "spool") as spool:
        yield Door(database, spool, clock)


def test_a_day_back_and_five_minutes_ahead_to_the_microsecond(door: Door) -> None:
    site, now = door.site(), door.clock.now
    oldest, newest = now - timedelta(hours=24), now + timedelta(minutes=5)
    found = door.decide(site, oldest, None, newest)
    assert [hit.received_at for hit in found] == [oldest, now, newest]
    for moment in (oldest - MICROSECOND, newest + MICROSECOND, oldest - SECOND, newest + SECOND):
        with pytest.raises(Untimely) as caught:
            door.decide(site, oldest, moment, newest, moment)
        assert caught.value.places == [1, 3]


@pytest.mark.parametrize(
    "zone", ["UTC", "Asia/Kathmandu", "Pacific/Kiritimati", "Etc/GMT+12", "America/Sao_Paulo"]
)
def test_a_hit_of_yesterday_has_the_visitor_of_yesterday(door: Door, zone: str) -> None:
    """Whenever it is told of, while the salts are rotated every minute as in a server."""
    site = door.site(zone)
    told: dict[datetime, Hit] = {}
    for hour in range(0, 49):
        door.visitors.forget(door.clock.now)
        door.salts.dispose()
        door.clock.now += timedelta(hours=1)
        told[door.clock.now] = door.live(site)
        moments = [at for at in told if door.clock.now - at <= timedelta(hours=24)]
        for at, again in zip(moments, door.decide(site, *moments), strict=True):
            assert (again.day, again.visitor) == (told[at].day, told[at].visitor), hour
            assert again.received_at == at


def test_a_new_server_takes_hits_of_yesterday(door: Door) -> None:
    """There was no salt of that day: it is made, and kept as long as one of that day is."""
    site, now = door.site(), door.clock.now
    first, second = door.decide(site, now - timedelta(hours=23), now - timedelta(hours=20))
    assert first.day == second.day == (now - timedelta(hours=23)).date()
    assert first.visitor == second.visitor != door.live(site).visitor


def test_no_salt_is_made_whose_time_is_over(door: Door) -> None:
    """West of everywhere the day before is already forgotten when its last half hour is told."""
    site = door.site("Etc/GMT+12")
    door.clock.now = datetime(2026, 3, 11, 12, 10, tzinfo=UTC)  # ten past midnight there
    at = door.clock.now
    assert door.live(site).previous is not None
    door.clock.now += timedelta(hours=24)
    door.visitors.forget(door.clock.now)
    over = door.salts.dispose()
    (late,) = door.decide(site, at)
    assert late.previous is None
    assert door.salts.dispose() == ()
    assert over == (at.date() - timedelta(days=1),)


def test_the_first_half_hour_of_a_day_told_of_later_has_both_hashes(door: Door) -> None:
    site = door.site()
    door.clock.now = datetime(2026, 3, 10, 23, 50, tzinfo=UTC)
    before = door.live(site)
    door.clock.now += timedelta(minutes=25)
    after = door.live(site)
    assert after.previous == before.visitor
    at = door.clock.now
    door.clock.now += timedelta(hours=10)
    (late,) = door.decide(site, at)
    assert (late.visitor, late.previous) == (after.visitor, before.visitor)


def test_hits_of_other_days_leave_those_of_today_alone(door: Door) -> None:
    site, now = door.site("Asia/Kathmandu"), door.clock.now
    before = door.live(site)
    door.decide(site, *(now - timedelta(hours=hour) for hour in range(25)))
    assert door.live(site) == before


def test_an_id_is_kept_as_what_nobody_can_read(door: Door) -> None:
    site, other = door.site(), door.site()
    hits = [sent(site, id="ada@example.com"), sent(site), sent(other, id="ada@example.com")]
    decided = door.bundles.decide(hits)
    first, none, second = decided.bundle.ids
    assert none is None
    assert first is not None
    assert second is not None
    assert (len(first), first == second, b"ada" in first) == (16, False, False)


def test_a_bundle_is_one_record(door: Door) -> None:
    """So that a crash leaves all of it or nothing: a frame has a checksum."""
    site = door.site()
    decided = door.bundles.decide([sent(site, id=str(number)) for number in range(1000)])
    asyncio.run(door.bundles.store(decided.bundle))
    (record,) = contents(door.spool)
    assert isinstance(record, Bundle)
    assert record == decided.bundle
