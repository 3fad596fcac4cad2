"""Hits that are older than their site keeps them go; nothing else does."""

from calendar import monthrange
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadline.access import Organisations
from leadline.database import Database
from leadline.jobs import ExpireHits, kept_since
from leadline.reports import Reports
from leadline.sites import NewSite, Site, SiteChange, Sites
from leadline.spool import Kind
from leadline.warehouse import Warehouse
from tests.clickhouse import Engine
from tests.reports.storing import store
from tests.spool.examples import hit
from tests.support import ManualClock, eventually, running_server

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
FIRST = datetime(2026, 1, 31, 18, 15, tzinfo=UTC)
"""When 1 February begins in Kathmandu."""
TICK = timedelta(microseconds=1)


def summarise(warehouse: Warehouse, until: datetime, *sites: Site) -> None:
    zones = {int(site.id): site.timezone for site in sites}
    while warehouse.summarise(until, zones, kept=zones):
        pass


class Keeping:
    """A site in Kathmandu with hits around the first of February, and another in UTC."""

    def __init__(self, warehouse: Warehouse, data: Path, clock: ManualClock) -> None:
        self.warehouse = warehouse
        self.clock = clock
        self.passed = 0.0
        self.database = Database(data / "leadline.sqlite3")
        self.sites = Sites(self.database)
        self.one, self.other = (self.create(zone) for zone in ("Asia/Kathmandu", "UTC"))
        moments = (NOW - timedelta(days=700), FIRST - TICK, FIRST, NOW)
        for site in (self.one, self.other):
            hits = (hit(site=site.id, received_at=moment) for moment in moments)
            leaves = hit(site=site.id, received_at=FIRST - TICK, kind=Kind.DEPARTURE)
            store(warehouse, *hits, leaves)

    def create(self, zone: str) -> Site:
        new = NewSite(name=zone, timezone=zone, currency="EUR")
        return self.sites.create(Organisations(self.database).first().id, new)

    def job(self, default: int | None = None) -> Callable[[], None]:
        """Runs as often as a portion each time needs."""
        job = ExpireHits(self.sites, self.warehouse, default, self.clock, lambda: self.passed)

        def run() -> None:
            summarise(self.warehouse, self.clock(), self.one, self.other)
            for _ in range(6):
                job.run()

        return run

    def keep(self, site: Site, months: int | None) -> None:
        self.sites.update(site, SiteChange(retention=months))

    def left(self, site: Site) -> int:
        statement = "SELECT count(*) FROM hits WHERE site_id = $site"
        return int(self.warehouse.query(statement, site=site.id)[0][0])


@pytest.fixture
def keeping(engine: Engine, tmp_path: Path) -> Iterator[Keeping]:
    with engine.opened(tmp_path) as warehouse:
        found = Keeping(warehouse, tmp_path, ManualClock(NOW))
        yield found
        found.database.close()


def test_what_is_older_goes_and_the_facts_stay(keeping: Keeping) -> None:
    job = keeping.job()
    reports = Reports(keeping.warehouse, keeping.clock)
    facts = reports.installation(keeping.one.id)
    job()
    assert keeping.left(keeping.one) == keeping.left(keeping.other) == 5
    held = reports.held(keeping.one.id, FIRST)
    assert (held.hits, held.first_at, held.last_at) == (2, NOW - timedelta(days=700), FIRST - TICK)
    keeping.keep(keeping.one, 1)
    job()
    assert (keeping.left(keeping.one), keeping.left(keeping.other)) == (2, 5)
    assert reports.held(keeping.one.id, FIRST).hits == 0
    assert reports.installation(keeping.one.id) == facts
    keeping.keep(keeping.one, None)
    job()
    assert keeping.left(keeping.one) == 2


def test_the_default_is_for_those_that_say_nothing(keeping: Keeping) -> None:
    keeping.keep(keeping.one, 0)
    keeping.job(default=24)()
    assert keeping.left(keeping.other) == 5
    keeping.job(default=2)()
    assert (keeping.left(keeping.one), keeping.left(keeping.other)) == (5, 4)


def test_what_comes_late_goes_a_day_later(keeping: Keeping) -> None:
    keeping.keep(keeping.one, 1)
    job = keeping.job()
    job()
    store(keeping.warehouse, hit(site=keeping.one.id, received_at=FIRST - TICK))
    job()
    assert keeping.left(keeping.one) == 3
    keeping.clock.advance(days=1)
    job()
    assert keeping.left(keeping.one) == 2


def test_a_clock_that_is_far_ahead_is_not_believed(keeping: Keeping) -> None:
    keeping.keep(keeping.one, 2)
    job = keeping.job()
    keeping.clock.now = datetime(2090, 1, 1, tzinfo=UTC)
    job()
    assert keeping.left(keeping.one) == 2, "as if it were 10 April"
    keeping.passed = timedelta(days=1).total_seconds() - 1
    job()
    assert keeping.left(keeping.one) == 2
    keeping.clock.now = datetime(1971, 1, 1, tzinfo=UTC)
    job()
    assert keeping.left(keeping.one) == 2
    # Hits of that time, a day later: now it is believed, as is whatever they say.
    keeping.clock.now = datetime(2026, 7, 1, tzinfo=UTC)
    store(keeping.warehouse, hit(site=keeping.one.id, received_at=keeping.clock.now))
    keeping.passed += 1
    job()
    assert keeping.left(keeping.one) == 1


def test_without_hits_nothing_is_to_be_done(engine: Engine, tmp_path: Path) -> None:
    with engine.opened(tmp_path) as warehouse:
        database = Database(tmp_path / "leadline.sqlite3")
        sites = Sites(database)
        new = NewSite(name="Acme", timezone="UTC", currency="EUR")
        site = sites.create(Organisations(database).first().id, new)
        sites.update(site, SiteChange(retention=1))
        job = ExpireHits(sites, warehouse, None)
        job.run()
        store(warehouse, hit(received_at=datetime(2020, 1, 1, tzinfo=UTC), site=site.id))
        store(warehouse, hit(received_at=datetime.now(UTC), site=site.id))
        summarise(warehouse, datetime.now(UTC), site)
        job.run()
        assert warehouse.query("SELECT count(*) FROM hits") == [(1,)]
        database.close()


def test_a_running_server_does_it_soon_after_a_change(tmp_path: Path) -> None:
    with running_server(tmp_path) as server:
        site = server.site()
        warehouse = server.leadline.storage.warehouse
        store(warehouse, hit(site=site.id), hit(site=site.id, received_at=datetime.now(UTC)))
        server.leadline.sites.update(site, SiteChange(retention=1))
        eventually(lambda: warehouse.query("SELECT count(*) FROM hits") == [(1,)])


@given(st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)), st.integers(1, 120))
def test_months_are_counted_back_from_the_present_one(now: datetime, months: int) -> None:
    day = now.date()
    for _ in range(months):
        day = day.replace(day=1) - timedelta(days=1)
    assert monthrange(day.year, day.month)[1] == day.day
    expected = datetime.combine(date(day.year, day.month, 1), datetime.min.time(), UTC)
    assert kept_since(now.replace(tzinfo=UTC), "UTC", months) == expected
