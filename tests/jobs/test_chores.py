"""The jobs of a server, each against the real rooms that it serves."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from leadline.access import Organisations
from leadline.database import Database, Location
from leadline.jobs import ClusterHits, EraseDeletedSites, FollowChanges, RotateSalts, SummariseHits
from leadline.sites import NewSite, Site, SiteChange, SiteId, Sites, Snapshot
from leadline.spool import Erasure, Spool
from leadline.visitors import Salts, Visitors, disposal_time
from leadline.warehouse import DuckDBWarehouse, Loader
from leadline.warehouse.clustering import USUAL, Sizes
from leadline.warehouse.loader import LoaderStatus
from tests.reports.storing import store
from tests.spool.examples import append_each, contents, hit, open_spool
from tests.support import ManualClock, RunningServer, eventually, running_server
from tests.warehouse.histories import opened


@pytest.fixture
def sites(database: Database) -> Sites:
    return Sites(database)


def create(database: Database, sites: Sites, name: str = "Acme") -> Site:
    new = NewSite(name=name, timezone="UTC", currency="EUR")
    return sites.create(Organisations(database).first().id, new)


# Following changes


def test_a_change_made_elsewhere_is_seen(database: Database, location: Location) -> None:
    snapshot = Snapshot(database)
    follow = FollowChanges(database, snapshot)
    elsewhere = Database(location)
    sites = Sites(elsewhere)
    site = create(elsewhere, sites)
    assert snapshot.find(site.code) is None
    follow.run()
    found = snapshot.find(site.code)
    assert found is not None
    assert found.is_active
    sites.update(site, SiteChange(is_active=False))
    follow.run()
    found = snapshot.find(site.slug)
    assert found is not None
    assert not found.is_active
    sites.delete(site)
    follow.run()
    assert snapshot.find(site.code) is None
    elsewhere.close()


def test_a_change_that_could_not_be_taken_in_is_taken_in_later(
    database: Database, sites: Sites
) -> None:
    snapshot = Snapshot(database)
    follow = FollowChanges(database, snapshot)
    site = create(database, sites)
    with database.writing() as connection:
        connection.exec_driver_sql("ALTER TABLE site_domains RENAME TO hidden")
    with pytest.raises(Exception, match="site_domains"):
        follow.run()
    with database.writing() as connection:
        connection.exec_driver_sql("ALTER TABLE hidden RENAME TO site_domains")
    follow.run()
    assert snapshot.find(site.code) is not None


def test_a_running_server_sees_what_a_command_has_done(server: RunningServer) -> None:
    elsewhere = Database(server.settings.metadata)
    site = create(elsewhere, Sites(elsewhere), "Made elsewhere")
    eventually(lambda: server.leadline.snapshot.find(site.code))
    elsewhere.close()


# Erasing deleted sites


@pytest.fixture
def spool(tmp_path: Path) -> Iterator[Spool]:
    with open_spool(tmp_path / "spool") as spool:
        yield spool


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[DuckDBWarehouse]:
    with opened(tmp_path) as warehouse:
        yield warehouse


def erased(sites: Sites) -> list[SiteId]:
    """The deleted sites of which a warehouse has noted that their hits are gone."""
    return [deletion.site for deletion in sites.deletions() if deletion.erased_at is not None]


def test_the_hits_of_a_deleted_site_go_wherever_they_are(
    database: Database, sites: Sites, spool: Spool, warehouse: DuckDBWarehouse
) -> None:
    erase = EraseDeletedSites(sites, spool, warehouse)
    loader = Loader(spool, warehouse, interval=1)
    gone, kept = create(database, sites, "Gone"), create(database, sites, "Kept")
    append_each(spool, [hit("/loaded", site=gone.id), hit("/loaded", site=kept.id)])
    loader.drain()
    append_each(spool, [hit("/spooled", site=gone.id), hit("/spooled", site=kept.id)])
    sites.delete(gone)
    erase.run()
    append_each(spool, [hit("/late", site=gone.id), hit("/late", site=kept.id)])
    assert [deletion.erased_at for deletion in sites.deletions()] == [None]
    loader.drain()
    assert set(warehouse.query("SELECT site_id, path FROM hits")) == {
        (kept.id, "/loaded"),
        (kept.id, "/spooled"),
        (kept.id, "/late"),
    }
    erase.run()
    assert erased(sites) == [gone.id]
    erase.run()
    assert spool.read(warehouse.loaded()) is None


def test_an_erasure_that_was_lost_is_sent_again(
    database: Database, sites: Sites, warehouse: DuckDBWarehouse, tmp_path: Path
) -> None:
    """A crash may take it between the deletion and the log, as nobody waits for it."""
    site = create(database, sites)
    sites.delete(site)
    with open_spool(tmp_path / "lost") as lost:
        EraseDeletedSites(sites, lost, warehouse).run()
    with open_spool(tmp_path / "kept") as spool:
        append_each(spool, [hit(site=site.id)])
        erase = EraseDeletedSites(sites, spool, warehouse)
        erase.run()
        append_each(spool, [hit(site=site.id)])
        Loader(spool, warehouse, interval=1).drain()
        erase.run()
    assert erased(sites) == [site.id]
    assert warehouse.query("SELECT count(*) FROM hits") == [(0,)]


def test_an_erasure_on_its_way_is_not_sent_twice_until_it_should_have_arrived(
    database: Database,
    sites: Sites,
    spool: Spool,
    warehouse: DuckDBWarehouse,
    clock: ManualClock,
) -> None:
    site = create(database, sites)
    sites.delete(site)
    erase = EraseDeletedSites(sites, spool, warehouse, clock)

    def sent() -> int:
        append_each(spool, [hit(site=site.id)])  # once it is durable, so is all before it
        batch = spool.read(warehouse.loaded())
        assert batch is not None
        return [record for _, record in batch.records].count(Erasure(site.id))

    erase.run()
    clock.advance(seconds=29)
    erase.run()
    assert sent() == 1
    clock.advance(seconds=1)
    erase.run()
    assert sent() == 2


def test_each_warehouse_erases_what_another_has_erased_already(
    database: Database, sites: Sites, tmp_path: Path
) -> None:
    site = create(database, sites)
    sites.delete(site)
    for name in ("one", "another"):
        with opened(tmp_path / name) as warehouse, open_spool(tmp_path / name / "spool") as spool:
            erase = EraseDeletedSites(sites, spool, warehouse)
            loader = Loader(spool, warehouse, interval=1)
            append_each(spool, [hit(site=site.id)])
            loader.drain()
            assert warehouse.query("SELECT count(*) FROM hits") == [(1,)]
            erase.run()
            append_each(spool, [hit(site=site.id)])
            loader.drain()
            assert warehouse.query("SELECT count(*) FROM hits") == [(0,)]
            erase.run()
            assert erased(sites) == [site.id]


def test_a_confirmation_that_was_lost_is_made_up_for_and_no_other_repeated(
    database: Database, sites: Sites, spool: Spool, warehouse: DuckDBWarehouse
) -> None:
    sites.delete(create(database, sites))
    EraseDeletedSites(sites, spool, warehouse).run()
    append_each(spool, [hit()])
    Loader(spool, warehouse, interval=1).drain()  # and here the server ends
    assert [deletion.erased_at for deletion in sites.deletions()] == [None]
    EraseDeletedSites(sites, spool, warehouse).run()
    confirmed = sites.deletions()
    assert None not in [deletion.erased_at for deletion in confirmed]
    EraseDeletedSites(sites, spool, warehouse).run()
    assert sites.deletions() == confirmed


def test_an_erasure_is_sent_again_although_the_clock_was_set_back(
    database: Database, sites: Sites, spool: Spool, warehouse: DuckDBWarehouse, clock: ManualClock
) -> None:
    site = create(database, sites)
    sites.delete(site)
    erase = EraseDeletedSites(sites, spool, warehouse, clock)

    def sent() -> int:
        erase.run()
        append_each(spool, [hit()])
        return contents(spool).count(Erasure(site.id))

    assert [sent(), sent()] == [1, 1]
    clock.advance(days=-3)
    assert [sent(), sent()] == [2, 2]


# Disposing of salts


def test_salts_and_their_keys_are_disposed_of_in_time(
    database: Database, clock: ManualClock
) -> None:
    salts = Salts(database, clock)
    visitors = Visitors(salts)
    dispose = RotateSalts(salts, visitors, clock)
    day = date(2026, 3, 10)

    def visitor() -> int:
        address = ip_address("203.0.113.7")
        return visitors.identify(1, ZoneInfo("UTC"), address, b"", ManualClock().now).visitor

    before = visitor()
    salt = salts.get(day)
    clock.now = disposal_time(day) - timedelta(microseconds=1)
    dispose.run()
    assert (visitor(), salts.get(day)) == (before, salt)
    clock.now = disposal_time(day)
    dispose.run()
    assert visitor() != before
    assert salts.get(day) != salt


# Summaries


def test_a_running_server_works_out_what_is_over(tmp_path: Path) -> None:
    now = datetime.now(UTC)
    with running_server(tmp_path) as server:
        site = server.site(timezone="Asia/Kathmandu")
        warehouse = server.leadline.storage.warehouse
        over, going_on = now - timedelta(hours=30), now - timedelta(minutes=1)
        day = over.astimezone(ZoneInfo("Asia/Kathmandu")).date()
        hits = [
            hit(f"/{number}", site=site.id, received_at=over, day=day, visitor=number)
            for number in range(1000)
        ]
        store(warehouse, *hits, hit("/now", site=site.id, received_at=going_on, visitor=1000))
        by_day = "SELECT pageviews, visitors FROM rollups WHERE dimension = '' ORDER BY begins"
        eventually(lambda: warehouse.query(by_day) == [(1000, 1000)])
        assert warehouse.query("SELECT count(*) FROM visits") == [(1000,)]


def test_nothing_is_worked_out_while_much_is_to_be_loaded(
    database: Database, sites: Sites, tmp_path: Path
) -> None:
    site = create(database, sites)
    snapshot = Snapshot(database)
    snapshot.refresh()
    with opened(tmp_path) as warehouse, open_spool(tmp_path / "spool") as spool:
        store(warehouse, hit(site=site.id))
        loader = Lagging(spool, warehouse, 1)
        job = SummariseHits(snapshot, sites, warehouse, loader, None, ManualClock())
        loader.lag = 11.0
        job.run()
        assert warehouse.query("FROM summarised") == []
        loader.lag = 9.0
        job.run()
        assert len(warehouse.query("FROM summarised")) == 1


class Noting(DuckDBWarehouse):
    """Notes until when it is asked to cluster; twice there is more to do."""

    def cluster(self, until: datetime, sizes: Sizes = USUAL) -> bool:
        self.asked.append(until)
        return len(self.asked) < 3

    asked: list[datetime]


def test_hits_are_clustered_when_there_is_nothing_to_summarise(
    database: Database, sites: Sites, tmp_path: Path, clock: ManualClock
) -> None:
    site = create(database, sites)
    snapshot = Snapshot(database)
    snapshot.refresh()
    warehouse = Noting(tmp_path / "hits.duckdb", memory="128MB", threads=1)
    warehouse.asked = []
    with closing(warehouse), open_spool(tmp_path / "spool") as spool:
        store(warehouse, hit(site=site.id))
        loader = Lagging(spool, warehouse, 1)
        summarise = SummariseHits(snapshot, sites, warehouse, loader, None, clock)
        cluster = ClusterHits(warehouse, summarise, clock)
        cluster.run()
        assert warehouse.asked == []
        summarise.run()
        cluster.run()
        assert warehouse.asked == 3 * [clock() - timedelta(hours=25)]
        loader.lag = 11.0
        summarise.run()
        cluster.run()
        assert len(warehouse.asked) == 3


class Lagging(Loader):
    """One that is behind by as much as is said."""

    lag = 0.0

    def status(self) -> LoaderStatus:
        return LoaderStatus(self.lag, "")
