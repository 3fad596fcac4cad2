"""The metadata in PostgreSQL: what is asked of a database, and what happens when it goes away."""

import asyncio
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from sqlalchemy import text

from leadline.access import Organisations
from leadline.collector import Collector, CollectorApp, Intake, Screening
from leadline.database import Database, DatabaseTooNew, DriverMissing, UnsuitableDatabase
from leadline.enrichment import Places, SpamHosts
from leadline.network import TrustedProxies
from leadline.sites import NewSite, Sites, Snapshot
from leadline.visitors import Salts, Visitors
from tests.cli.commands import run
from tests.collector.hits import seal, stored
from tests.postgresql import Cluster, running_cluster
from tests.spool.examples import contents, open_spool
from tests.support import BROWSER, RunningServer, eventually, running_server

# Opening


def test_a_database_of_another_encoding_is_refused(postgresql: Cluster) -> None:
    url = postgresql.empty("LATIN1")
    with pytest.raises(UnsuitableDatabase, match="LATIN1"):
        Database(url)
    postgresql.drop(url)


def test_a_database_of_a_newer_leadline_is_left_alone(postgresql: Cluster) -> None:
    url = postgresql.fresh()
    database = Database(url)
    with database.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(DatabaseTooNew, match="9999"):
        Database(url)
    with database.reading() as connection:
        found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
    assert found == "9999"
    database.close()
    postgresql.drop(url)


def test_a_missing_driver_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(DriverMissing, match=r"install leadline\[postgresql\]"):
        Database("postgresql+psycopg://nobody@127.0.0.1/leadline")


# Commands


def test_commands_work_on_it_and_leave_no_data_directory(
    postgresql: Cluster, tmp_path: Path
) -> None:
    url = postgresql.empty()
    data = tmp_path / "data"
    environment = {"LEADLINE_DATABASE_URL": url, "LEADLINE_DATA": str(data)}
    for command in (
        ("site", "create", "Acme", "--code", "CDBUGS"),
        ("token", "create", "test", "--ability", "read:CDBUGS"),
        ("site", "delete", "acme", "--yes"),
    ):
        done = run(*command, **environment)
        assert done.returncode == 0, done.stderr
    assert done.stderr == "acme is gone; each server erases its hits\n"
    assert not data.exists()
    database = Database(url)
    with database.reading() as connection:
        found = connection.execute(text("SELECT site_id, erased_at FROM deleted_sites")).all()
    assert found == [(1, None)]
    database.close()
    postgresql.drop(url)


def unused_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
        return port


@pytest.mark.parametrize("command", [("serve", "--port", "0"), ("site", "list")])
def test_a_database_that_is_not_there_is_one_line(tmp_path: Path, command: tuple[str]) -> None:
    url = f"postgresql://leadline:{quote('s3cr@t/')}@127.0.0.1:{unused_port()}/leadline"
    done = run(*command, LEADLINE_DATABASE_URL=url, LEADLINE_DATA=str(tmp_path))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("leadline: the metadata database: connection failed: ")
    assert done.stderr.count("\n") == 1
    assert "s3cr" not in done.stderr


def test_a_database_that_does_not_answer_is_not_waited_for_long(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        url = f"postgresql://leadline@127.0.0.1:{port}/leadline?connect_timeout=2"
        before = time.monotonic()
        done = run("serve", "--port", "0", LEADLINE_DATABASE_URL=url, LEADLINE_DATA=str(tmp_path))
    assert done.returncode == 1
    assert done.stderr.startswith("leadline: the metadata database: connection timeout expired")
    assert time.monotonic() - before < 15


# Going away and coming back


@pytest.fixture
def fragile() -> Iterator[Cluster]:
    """A server that may be stopped."""
    with running_cluster() as cluster:
        yield cluster


def test_an_outage_costs_no_hit_and_is_over_by_itself(fragile: Cluster, tmp_path: Path) -> None:
    with running_server(tmp_path, database_url=fragile.fresh()) as server:
        site = server.site()
        with server.client("*") as client:
            client.timeout = httpx.Timeout(30)
            paths = (f"/v1/sites/{site.code}", f"/api/v1/sites/{site.slug}")
            assert statuses(client, paths) == [200, 200]
            fragile.stop()
            assert statuses(client, paths) == [500, 500]
            assert client.post("/v1/sites", json={"name": "Lost"}).status_code == 500
            seal(server, site.slug)
            fragile.start()
            assert statuses(client, paths) == [200, 200]
            assert [each["name"] for each in client.get("/v1/sites").json()["data"]] == ["Acme"]
            follows(server, client)
        assert len(stored(server, site.id)) == 1


def test_a_hit_of_a_day_that_began_during_an_outage_is_to_be_sent_again(
    fragile: Cluster, tmp_path: Path
) -> None:
    database = Database(fragile.fresh())
    snapshot = Snapshot(database)
    new = NewSite(name="Acme", timezone="UTC", currency="EUR")
    site = Sites(database, snapshot.refresh).create(Organisations(database).first().id, new)
    hit = {"a": site.slug, "u": "https://shop.example/"}

    async def send() -> httpx.Response:
        intake = Intake(collector, TrustedProxies(()))
        transport = httpx.ASGITransport(CollectorApp(intake, spool))
        headers = {"User-Agent": BROWSER}
        async with httpx.AsyncClient(transport=transport, headers=headers) as client:
            return await client.post("http://localhost/event", json=hit)

    with open_spool(tmp_path) as spool:
        screening = Screening(SpamHosts(), refuses_data_centres=False)
        collector = Collector(snapshot, Visitors(Salts(database)), Places(), screening, spool)
        fragile.stop()
        answer = asyncio.run(send())
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
        assert contents(spool) == []
        fragile.start()
        assert asyncio.run(send()).status_code == 204
    database.close()


def statuses(client: httpx.Client, paths: tuple[str, ...]) -> list[int]:
    return [client.get(path).status_code for path in paths]


def follows(server: RunningServer, client: httpx.Client) -> None:
    """The jobs work again too: what another opening writes is in the snapshot."""
    assert server.settings.database_url is not None
    database = Database(server.settings.metadata)
    with database.writing() as connection:
        connection.execute(text("UPDATE sites SET is_active = false, revision = revision + 1"))
        connection.execute(text("UPDATE site_revisions SET last = last + 1"))
    database.close()

    def inactive() -> bool:
        rules = server.leadline.snapshot.find("acme")
        return rules is not None and not rules.is_active

    eventually(inactive)
