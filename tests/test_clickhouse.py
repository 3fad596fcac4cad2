"""Servers whose hits are in ClickHouse."""

from pathlib import Path
from typing import Any

from leadline.backup import back_up, restore
from leadline.database import Database
from leadline.settings import Settings
from tests.backup.furniture import furnish, paths, send
from tests.cli.commands import run
from tests.clickhouse import ClickHouseInside
from tests.collector.hits import seal, stored
from tests.postgresql import Cluster
from tests.support import RunningServer, eventually, running_server

AWAY = "http://somebody:s3cret@127.0.0.1:1/stats"


def test_hits_are_taken_while_clickhouse_is_away(
    clickhouse: ClickHouseInside, tmp_path: Path
) -> None:
    with running_server(tmp_path, warehouse_url=AWAY) as server:
        server.site("Shop", slug="shop")
        for number in range(3):
            assert seal(server, "shop", u=f"https://shop.example/{number}").status_code == 204
        with server.client("*") as client:
            answer = client.get("/api/v1/sites/shop/pixel/status")
        assert (answer.status_code, "s3cret" in answer.text) == (503, False)
    with running_server(tmp_path, warehouse_url=clickhouse.url(tmp_path)) as server:
        eventually(lambda: sum(paths(server).values()) == 3)
        assert sorted(paths(server)) == ["/0", "/1", "/2"]
        with server.client("*") as client:
            status = client.get("/api/v1/sites/shop/pixel/status").json()["data"]
            assert status["total_hits"] == 3


def test_a_backup_is_the_way_from_one_engine_to_the_other(
    clickhouse: ClickHouseInside, tmp_path: Path
) -> None:
    file = tmp_path / "leadline.tar"
    with running_server(tmp_path / "old") as server:
        furnish(server)
        back_up(server.settings, server.leadline.database, file)
        before = paths(server)
    moved = Settings(data=tmp_path / "moved", warehouse_url=clickhouse.url(tmp_path / "moved"))
    database = Database(moved.metadata)
    restore(moved, database, file)
    database.close()
    with running_server(moved.data, warehouse_url=moved.warehouse_url) as server:
        assert paths(server) == before
        send(server, "/moved")
        eventually(lambda: paths(server)["/moved"] == 1)
        back_up(server.settings, server.leadline.database, file)
    back = Settings(data=tmp_path / "back")
    database = Database(back.metadata)
    restore(back, database, file)
    database.close()
    with running_server(back.data) as server:
        assert paths(server) == before | {"/moved": 1}


def test_two_servers_answer_for_what_both_have_taken(
    clickhouse: ClickHouseInside, postgresql: Cluster, tmp_path: Path
) -> None:
    shared: dict[str, Any] = {
        "database_url": postgresql.fresh(),
        "warehouse_url": clickhouse.url(tmp_path),
    }
    with (
        running_server(tmp_path / "one", **shared) as one,
        running_server(tmp_path / "other", **shared) as other,
    ):
        site = one.site("Shop", slug="shop")
        for server in (one, other):
            eventually(lambda: server.leadline.snapshot.find("shop"))  # noqa: B023
            seal(server, "shop")
            assert stored(server, site.id)
        for server in (one, other):
            assert total_hits(server) == 2
            with server.client("*") as client:
                assert client.get("/v1/sites/shop").status_code == 200
        with other.client("*") as client:
            client.delete("/v1/sites/shop")
        for server in (one, other):
            eventually(lambda: site.id in server.leadline.storage.warehouse.erased())  # noqa: B023
        assert stored(one, site.id) == []


def total_hits(server: RunningServer) -> int:
    with server.client("*") as client:
        status = client.get("/api/v1/sites/shop/pixel/status").json()["data"]
    return int(status["total_hits"])


def test_a_command_without_clickhouse_is_one_line(tmp_path: Path) -> None:
    backup = str(tmp_path / "leadline.tar")
    environment = {"LEADLINE_WAREHOUSE_URL": AWAY, "LEADLINE_DATA": str(tmp_path / "data")}
    assert run("site", "create", "Acme", **environment).returncode == 0
    done = run("backup", backup, **environment)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("leadline: ClickHouse: ")
    assert done.stderr.count("\n") == 1
    assert "s3cret" not in done.stderr


def test_a_directory_with_hits_in_duckdb_is_not_begun_anew(tmp_path: Path) -> None:
    with running_server(tmp_path):
        pass
    done = run("serve", "--port", "0", LEADLINE_WAREHOUSE_URL=AWAY, LEADLINE_DATA=str(tmp_path))
    assert done.returncode == 1
    assert "hits.duckdb belongs to the other kind of warehouse" in done.stderr
