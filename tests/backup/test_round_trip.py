"""What was backed up is there again after a restore, and only then."""

import io
import tarfile
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from threading import Event, Thread
from typing import Any

import httpx
import pytest
from sqlalchemy import insert

from leadline.access import Role
from leadline.backup import BackupTooNew, NotABackup, NotFresh, back_up, metadata, restore
from leadline.control import TaskFailed
from leadline.database import Database
from leadline.settings import Settings
from leadline.sites import MultiDomain, NewSite, Sharing, SiteChange, UtmField
from leadline.storage import opened
from tests.postgresql import Cluster
from tests.support import RunningServer, eventually, running_server

PASSWORD = "correct horse battery"


def furnish(server: RunningServer) -> str:
    """People, sites of every kind, hits, a refusal; the secret of a token."""
    leadline = server.leadline
    organisation = leadline.organisations.first().id
    leadline.organisations.add_user(
        organisation, email="ada@example.com", password=PASSWORD, role=Role.OWNER
    )
    shop = server.site("Shop", slug="shop", domains=("shop.example", "münchen.example"))
    leadline.sites.add_utm_mapping(shop, "partner", UtmField.SOURCE)
    leadline.sites.create(
        organisation,
        NewSite(
            name="Shared “twice”\u3000<b>",
            slug="shared",
            timezone="Europe/Madrid",
            currency="USD",
            sharing=Sharing.PRIVATE,
            share_password="open sesame",
            multi_domain=MultiDomain.SEPARATE,
        ),
    )
    leadline.sites.update(server.site("Asleep", slug="asleep"), SiteChange(is_active=False))
    leadline.sites.delete(server.site("Gone", slug="gone"))
    for path in ("/a", "/b", "/c"):
        send(server, path)
    send(server, "/d", host="https://elsewhere.example")
    eventually(
        lambda: (
            sum(paths(server).values()) == 3
            and all(each.erased_at for each in leadline.sites.deletions())
        )
    )
    return server.token("*", "read:shop")


def send(server: RunningServer, path: str, host: str = "https://shop.example") -> None:
    query = {"sid": "shop", "h": host, "p": path}
    assert httpx.get(server.url, params=query, verify=False).status_code == 200


def paths(server: RunningServer) -> Counter[str]:
    rows = server.leadline.storage.warehouse.query("SELECT path, count(*) FROM hits GROUP BY path")
    return Counter(dict(rows))


def rows(database: Database) -> dict[str, list[Any]]:
    with database.reading() as connection:
        return {
            table.name: sorted(map(str, connection.execute(table.select())))
            for table in metadata.tables()
        }


def visits(server: RunningServer) -> list[tuple[Any, ...]]:
    """Every hit without its numbers, with its place in its visit and its visit's first hit."""
    statement = """
        SELECT hits.* EXCLUDE (hit_id, visit_id), first.path
        FROM hits JOIN hits AS first ON first.hit_id = hits.visit_id ORDER BY hits.hit_id
    """
    return server.leadline.storage.warehouse.query(statement)


@pytest.mark.parametrize("running", [True, False], ids=["into a server", "without a server"])
@pytest.mark.parametrize(
    ("old_engine", "new_engine"), [("sqlite", "sqlite"), ("sqlite", "pg"), ("pg", "sqlite")]
)
def test_all_is_there_again(
    tmp_path: Path, postgresql: Cluster, running: bool, old_engine: str, new_engine: str
) -> None:
    file = tmp_path / "leadline.tar"
    urls = {"sqlite": lambda: None, "pg": postgresql.fresh}
    old = Settings(data=tmp_path / "old", database_url=urls[old_engine]())
    new = Settings(data=tmp_path / "new", database_url=urls[new_engine]())
    with served(old) as server:
        secret = furnish(server)
        made = back_up(server.settings, server.leadline.database, file)
        assert made.size == file.stat().st_size
        assert file.stat().st_mode & 0o777 == 0o600
        before = rows(server.leadline.database), paths(server), visits(server)
        refused = server.leadline.storage.warehouse.query("FROM refusals")
        assert len(refused) == 1
    if running:
        with served(new) as server:
            restore(server.settings, server.leadline.database, file)
            check(server, secret, before, refused)
    else:
        fresh = Database(new.metadata)
        restore(new, fresh, file)
        fresh.close()
    with served(new) as server:
        check(server, secret, before, refused, new=running)


def served(settings: Settings) -> AbstractContextManager[RunningServer]:
    return running_server(settings.data, database_url=settings.database_url)


def check(
    server: RunningServer, secret: str, before: tuple[Any, ...], refused: Any, new: bool = False
) -> None:
    """The server has what it had before and, if `new`, what came after a first check."""
    if not new:
        assert (rows(server.leadline.database), paths(server), visits(server)) == before
        assert server.leadline.storage.warehouse.query("FROM refusals") == refused
        assert server.site("Another").id > 4  # no number of a site is given twice
        assert server.site("Gone").slug == "gone-2"
        eventually(lambda: server.leadline.snapshot.find("shop"))
        send(server, "/new")
    assert server.leadline.sessions.sign_in("ada@example.com", PASSWORD, address="::1")
    eventually(lambda: paths(server)["/new"] == 1)
    ids = server.leadline.storage.warehouse.query("SELECT hit_id FROM hits ORDER BY received_at")
    assert ids[:3] == [(1,), (2,), (3,)]
    assert ids[3][0] >= 1 << 32
    with server.client(token=secret) as client:
        listed = client.get("/v1/sites").json()["data"]
        assert listed[0]["name"] == "Shop"
        status = client.get("/api/v1/sites/shop/pixel/status").json()["data"]
        assert status["total_hits"] == 4


def test_every_hit_answered_before_is_in_it_once(tmp_path: Path) -> None:
    file = tmp_path / "leadline.tar"
    answered: list[str] = []
    stopping = Event()

    with running_server(tmp_path / "old", loader_interval=1) as server:
        server.site("Shop", slug="shop")

        def keep_sending() -> None:
            while not stopping.is_set():
                send(server, f"/{len(answered)}")
                answered.append(f"/{len(answered)}")

        thread = Thread(target=keep_sending)
        thread.start()
        eventually(lambda: len(answered) > 50)
        before = len(answered)
        back_up(server.settings, server.leadline.database, file)
        stopping.set()
        thread.join()
        expected = answered[:before]
    target = Settings(data=tmp_path / "new")
    fresh = Database(target.metadata)
    restore(target, fresh, file)
    fresh.close()
    with opened(target) as storage:
        found = Counter(path for (path,) in storage.warehouse.query("SELECT path FROM hits"))
    assert set(expected) <= set(found) <= set(answered)
    assert set(found.values()) == {1}


def test_salts_and_sessions_are_not_in_it(tmp_path: Path) -> None:
    file = tmp_path / "leadline.tar"
    with running_server(tmp_path / "old") as server:
        furnish(server)
        database = server.leadline.database
        user = server.leadline.organisations.owner(server.leadline.organisations.first().id)
        assert user is not None
        server.leadline.sessions.open(user.id)
        back_up(server.settings, database, file)
        with database.reading() as connection:
            salts = connection.exec_driver_sql("SELECT salt FROM daily_salts").scalars().all()
            sessions = connection.exec_driver_sql("SELECT secret_hash FROM sessions").scalars()
            hidden = [*salts, *(each.encode() for each in sessions)]
    assert len(hidden) > 1
    stored = file.read_bytes()
    assert not any(each in stored or each.hex().encode() in stored for each in hidden)


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    """A backup of a server that had one site and one hit."""
    file = tmp_path / "leadline.tar"
    with running_server(tmp_path / "old") as server:
        server.site("Shop", slug="shop")
        send(server, "/")
        back_up(server.settings, server.leadline.database, file)
    return file


def fresh(tmp_path: Path) -> tuple[Settings, Database]:
    settings = Settings(data=tmp_path / "new")
    return settings, Database(settings.metadata)


@pytest.mark.parametrize("what", ["token", "person", "site", "site that was deleted", "hit"])
def test_only_a_fresh_installation_takes_one(tmp_path: Path, backup: Path, what: str) -> None:
    with running_server(tmp_path / "new") as server:
        leadline = server.leadline
        organisation = leadline.organisations.first().id
        if what == "token":
            server.token("*")
        elif what == "person":
            leadline.organisations.add_user(
                organisation, email="x@example.com", password=PASSWORD, role=Role.MEMBER
            )
        elif what == "hit":
            statement = "INSERT INTO erased_sites VALUES (7)"
            leadline.storage.warehouse.query(statement)
        else:
            site = server.site("Other")
            if what != "site":
                leadline.sites.delete(site)
                eventually(lambda: all(each.erased_at for each in leadline.sites.deletions()))
        before = rows(leadline.database)
        with pytest.raises(TaskFailed if what == "hit" else NotFresh):
            restore(server.settings, leadline.database, backup)
        assert rows(leadline.database) == before
        assert paths(server) == {}


def rewritten(backup: Path, change: Callable[[str, bytes], bytes | None]) -> Path:
    """The same tar with members changed, or left out."""
    changed = backup.with_name("changed.tar")
    with tarfile.open(backup) as old, tarfile.open(changed, "w") as new:
        for member in old.getmembers():
            file = old.extractfile(member)
            assert file is not None
            data = change(member.name, file.read())
            if data is not None:
                member.size = len(data)
                new.addfile(member, io.BytesIO(data))
    return changed


@pytest.mark.parametrize(
    "damage",
    [
        lambda file: file.write_bytes(b""),
        lambda file: file.write_bytes(b"no tar" * 1000),
        lambda file: file.write_bytes(file.read_bytes()[:5000]),
        lambda file: file.write_bytes(file.read_bytes().replace(b'"Shop"', b'"Shut"')),
        lambda file: rewritten(
            file, lambda name, data: None if name == "hits.parquet" else data
        ).replace(file),
        lambda file: rewritten(
            file, lambda name, data: b"{}" if name == "manifest.json" else data
        ).replace(file),
    ],
    ids=["empty", "no tar", "cut", "changed", "incomplete", "no manifest"],
)
def test_a_damaged_file_changes_nothing(
    tmp_path: Path, backup: Path, damage: Callable[[Path], object]
) -> None:
    damage(backup)
    settings, database = fresh(tmp_path)
    before = rows(database)
    with pytest.raises(NotABackup):
        restore(settings, database, backup)
    assert rows(database) == before
    assert [path.name for path in settings.data.glob("backup-*")] == []
    database.close()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"format": 1', b'"format": 2'),
        (b'"metadata_revision": "', b'"metadata_revision": "9'),
        (b'"warehouse_version": ', b'"warehouse_version": 9'),
    ],
)
def test_a_newer_one_is_refused(tmp_path: Path, backup: Path, old: bytes, new: bytes) -> None:
    changed = rewritten(backup, lambda name, data: data.replace(old, new))
    settings, database = fresh(tmp_path)
    with pytest.raises(BackupTooNew):
        restore(settings, database, changed)
    database.close()


def test_what_cannot_be_restored_whole_leaves_the_place_fresh(
    tmp_path: Path, backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings, database = fresh(tmp_path)
    with monkeypatch.context() as broken:
        broken.setattr(metadata, "_continue_numbers", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            restore(settings, database, backup)
    restore(settings, database, backup)
    database.close()
    with opened(settings) as storage:
        assert storage.warehouse.query("SELECT count(*) FROM hits") == [(1,)]


def test_a_backup_that_cannot_be_written_leaves_no_file(
    tmp_path: Path, backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(data=tmp_path / "old")
    database = Database(settings.metadata)
    before = backup.read_bytes()

    def full(_: int) -> None:
        raise OSError("no space left on device")

    with monkeypatch.context() as broken:
        broken.setattr("os.fsync", full)
        with pytest.raises(OSError, match="no space"):
            back_up(settings, database, backup)
    database.close()
    assert backup.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["leadline.tar", "old"]
    assert list(settings.data.glob("backup-*")) == []


def test_thousands_of_rows_come_through(tmp_path: Path) -> None:
    _, database = fresh(tmp_path)
    (table,) = (table for table in metadata.tables() if table.name == "site_names")
    with database.writing() as connection:
        connection.execute(
            insert(table), [{"name": f"name-{n}", "site_id": n} for n in range(3500)]
        )
    metadata.dump(database, tmp_path)
    with database.writing() as connection:
        metadata.load(database, connection, tmp_path)
    assert len(rows(database)["site_names"]) == 3500
    database.close()
