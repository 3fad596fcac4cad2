"""A backup or a restore that fails leaves everything as it was."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import Connection

from leadline import storage
from leadline.backup import NotFresh, back_up, metadata, restore
from leadline.database import Database
from leadline.database.postgresql import BEGIN_WRITING, STALLED_MS
from leadline.settings import Settings
from leadline.storage import opened
from tests.backup.furniture import fresh, paths, rows, send
from tests.postgresql import Cluster
from tests.support import eventually, running_server


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
    with opened(settings) as held:
        assert held.warehouse.query("SELECT count(*) FROM hits") == [(1,)]


def test_nobody_makes_a_site_before_both_are_there(
    tmp_path: Path, backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its hits would be among those that are put back, or go with them when that fails."""
    asked: list[str] = []

    def do(settings: Settings, task: str, directory: Path) -> None:
        storage_do(settings, task, directory)
        asked.append(task)
        with closing(sqlite3.connect(settings.metadata_file, timeout=0)) as other:
            other.execute("BEGIN IMMEDIATE")

    storage_do = storage.do
    with running_server(tmp_path / "new") as server:
        with monkeypatch.context() as watched:
            watched.setattr(storage, "do", do)
            with pytest.raises(sqlite3.OperationalError, match="locked"):
                restore(server.settings, server.leadline.database, backup)
        assert asked == [storage.TAKE_BACK]
        server.site("Mine", slug="shop")
        send(server, "/mine")
        eventually(lambda: paths(server)["/mine"] == 1)
        with pytest.raises(NotFresh):
            restore(server.settings, server.leadline.database, backup)
        assert paths(server)["/mine"] == 1


class Unlucky(Database):
    """Its first commit after `fails` is set does not come about, or only its answer is lost."""

    fails: str | None = None

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        how, self.fails = self.fails, None
        with super().writing() as connection:
            yield connection
            if how == "rolled back":
                raise OSError("no space left on device")
        if how == "answer lost":
            raise OSError("the connection is gone")


@pytest.mark.parametrize("how", ["rolled back", "answer lost"])
def test_a_commit_that_fails_takes_the_hits_with_it(tmp_path: Path, backup: Path, how: str) -> None:
    settings = Settings(data=tmp_path / "new")
    database = Unlucky(settings.metadata)
    before = rows(database)
    database.fails = how
    with pytest.raises(OSError, match=r"no space|gone"):
        restore(settings, database, backup)
    with opened(settings) as held:
        (hits,) = held.warehouse.query("SELECT count(*) FROM hits")
    if how == "rolled back":
        assert (rows(database), hits) == (before, (0,))
        restore(settings, database, backup)
    else:
        assert (rows(database) == before, hits) == (False, (1,))
    database.close()


def test_postgresql_waits_for_as_many_hits_as_there_are(
    tmp_path: Path, backup: Path, postgresql: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A transaction that lies idle is ended there; this one does not."""
    idle = "idle_in_transaction_session_timeout = "
    impatient = BEGIN_WRITING.replace(f"{idle}{STALLED_MS}", f"{idle}2500")
    assert impatient != BEGIN_WRITING
    monkeypatch.setattr("leadline.database.postgresql.BEGIN_WRITING", impatient)
    monkeypatch.setattr("leadline.backup.service.AWAKE_EVERY", 0.05)
    storage_do = storage.do

    def slowly(settings: Settings, task: str, directory: Path) -> None:
        Event().wait(4)
        storage_do(settings, task, directory)

    monkeypatch.setattr(storage, "do", slowly)
    settings = Settings(data=tmp_path / "new", database_url=postgresql.fresh())
    database = Database(settings.metadata)
    restore(settings, database, backup)
    assert len(rows(database)["sites"]) == 1
    database.close()


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
