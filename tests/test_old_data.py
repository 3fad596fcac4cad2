"""A data directory that an earlier release left behind: a server starts on it and has it all."""

import sqlite3
import subprocess
import tarfile
from contextlib import closing
from pathlib import Path

import duckdb
import httpx
import pytest

from leadline.access import Role, Sessions
from leadline.database import Database
from leadline.sites import MultiDomain, Sharing
from leadline.warehouse import duckdb_sql
from tests.docs.documents import ROOT, named
from tests.support import BROWSER, RunningServer, eventually, running_server
from tests.warehouse.histories import opened
from tools.old_data import LOADED, SPOOLED

ARCHIVES = sorted((ROOT / "tests" / "data").glob("*.tar.xz"))

each_release = pytest.mark.parametrize("archive", ARCHIVES, ids=named)


def unpacked(archive: Path, directory: Path) -> Path:
    with tarfile.open(archive) as packed:
        packed.extractall(directory, filter="data")
    return directory / "data"


def counted(server: RunningServer) -> list[tuple[str, int]]:
    query = "SELECT path, count(*) FROM hits GROUP BY path ORDER BY path"
    return server.leadline.storage.warehouse.query(query)


@each_release
def test_a_server_starts_on_it_and_has_it_all(archive: Path, tmp_path: Path) -> None:
    data = unpacked(archive, tmp_path)
    secret = (data / "token").read_text()
    with running_server(data) as server:
        spooled = [(f"/spooled/{number}", 1) for number in range(SPOOLED)]
        loaded = [(f"/{number}", 2) for number in range(LOADED // 2)]
        eventually(lambda: counted(server) == sorted([*loaded, *spooled]))
        check_sites(server, secret)
        check_people(server)
        check_new_hits(server)
    with running_server(data) as server:
        assert sum(times for _, times in counted(server)) == LOADED + SPOOLED + 1


def check_sites(server: RunningServer, secret: str) -> None:
    with server.client(token=secret) as client:
        listed = client.get("/v1/sites").json()["data"]
        assert [site["id"] for site in listed] == ["SHOPCODE", "SHAREDAA"]
        status = client.get("/api/v1/sites/shop/pixel/status").json()["data"]
        assert status["total_hits"] == LOADED + SPOOLED
        (mapping,) = client.get("/api/v1/sites/shop/utm-mappings").json()["data"]["mappings"]
        assert (mapping["custom_param"], mapping["maps_to"]) == ("partner", "utm_source")
    organisation = server.leadline.organisations.first().id
    shared = server.leadline.sites.get(organisation, "shared")
    assert (shared.sharing, shared.multi_domain) == (Sharing.PRIVATE, MultiDomain.SEPARATE)
    assert not server.leadline.sites.get(organisation, "asleep").is_active
    again = server.site("Gone")
    assert again.slug == "gone-2"


def check_people(server: RunningServer) -> None:
    sessions = Sessions(server.leadline.database)
    secret = sessions.sign_in("ada@example.com", "correct horse battery", address="127.0.0.1")
    session = sessions.find(secret)
    assert session is not None
    assert session.role is Role.OWNER


def check_new_hits(server: RunningServer) -> None:
    before = len(counted(server))
    query = {"sid": "SHOPCODE", "h": "https://shop.example", "p": "/new"}
    assert (
        httpx.get(
            server.url, params=query, headers={"User-Agent": BROWSER}, verify=False
        ).status_code
        == 200
    )
    eventually(lambda: len(counted(server)) == before + 1)


def fails(*_: object, **__: object) -> None:
    raise OSError("no space left on device")


def rows(file: Path) -> list[str]:
    with closing(sqlite3.connect(file)) as connection:
        return list(connection.iterdump())


def test_a_migration_of_metadata_that_fails_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = unpacked(ARCHIVES[0], tmp_path) / "leadline.sqlite3"
    before = rows(file)
    with monkeypatch.context() as broken:
        broken.setattr("alembic.op.create_index", fails)
        with pytest.raises(OSError, match="no space"):
            Database(file)
    assert rows(file) == before
    Database(file).close()
    assert rows(file) != before


def test_a_migration_of_hits_that_fails_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = unpacked(ARCHIVES[0], tmp_path) / "hits.duckdb"

    def hits() -> tuple[int, list[str]]:
        with duckdb.connect(str(file), read_only=True) as connection:
            ((version,),) = connection.execute("SELECT version FROM schema_version").fetchall()
            found = connection.execute("SELECT * FROM hits ORDER BY hit_id")
            return version, [str(row) for row in found.fetchall()]

    before = hits()
    broken = f"{duckdb_sql.MIGRATIONS[2]}; SELECT error('half-way')"
    with monkeypatch.context() as patch:
        patch.setitem(duckdb_sql.MIGRATIONS, 2, broken)
        with pytest.raises(duckdb.Error, match="half-way"):
            opened(file.parent)
    assert hits() == before
    with opened(file.parent):
        pass
    version, after = hits()
    assert (version, len(after)) == (duckdb_sql.SCHEMA_VERSION, LOADED)


@each_release
def test_a_migrated_file_has_the_tables_of_a_new_one(archive: Path, tmp_path: Path) -> None:
    columns = (
        "SELECT table_name, column_index, column_name, data_type, is_nullable, column_default"
        " FROM duckdb_columns() WHERE NOT internal ORDER BY ALL"
    )
    with opened(tmp_path / "new") as new:
        expected = new.query(columns)
    with opened(unpacked(archive, tmp_path)) as migrated:
        assert migrated.query(columns) == expected
        assert migrated.query("SELECT wire, count(*) FROM hits GROUP BY wire") == [("", LOADED)]


def test_every_tagged_release_left_some() -> None:
    listed = subprocess.run(
        ["git", "tag", "--list", "v*"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    tags = listed.stdout.split() if listed.returncode == 0 else []
    assert {tag.removeprefix("v") for tag in tags} <= {
        archive.name.removesuffix(".tar.xz") for archive in ARCHIVES
    }
    assert ARCHIVES
