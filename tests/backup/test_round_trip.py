"""What was backed up is there again after a restore, and only then."""

from collections import Counter
from contextlib import AbstractContextManager
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from sqlalchemy import insert

from leadline.backup import back_up, metadata, restore
from leadline.database import Database
from leadline.settings import Settings
from leadline.storage import opened
from tests.backup.furniture import BUY, PASSWORD, fresh, furnish, paths, rows, send
from tests.postgresql import Cluster
from tests.support import RunningServer, eventually, running_server


def visits(server: RunningServer) -> list[tuple[Any, ...]]:
    return server.leadline.storage.warehouse.query("FROM hits ORDER BY hit_id")


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
    assert ids == sorted(set(ids))  # what came after is numbered after
    with server.client(token=secret) as client:
        listed = client.get("/v1/sites").json()["data"]
        assert listed[0]["name"] == "Shop"
        status = client.get("/api/v1/sites/shop/pixel/status").json()["data"]
        assert status["total_hits"] == 4
    check_saved(server)


def check_saved(server: RunningServer) -> None:
    leadline = server.leadline
    site = leadline.sites.get(leadline.organisations.first().id, "shop")
    (segment,) = leadline.segments.list(site.id)
    assert segment == leadline.segments.get(site.id, "not-of-e")
    assert leadline.goals.list(site.id)[0].target == BUY
    (funnel,) = leadline.funnels.list(site.id)
    assert funnel.steps[-1] == BUY
    copied = leadline.segments.duplicate(site.id, segment.id)
    assert copied.id > segment.id
    leadline.segments.delete(site.id, copied.id)


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
    with opened(target) as held:
        found = Counter(path for (path,) in held.warehouse.query("SELECT path FROM hits"))
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
