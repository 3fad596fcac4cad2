"""Making a backup beside a server, and restoring one into a fresh installation."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from threading import Event

import msgspec
from sqlalchemy import Connection, select

from leadline import __version__, storage
from leadline.backup import archive, metadata
from leadline.backup.archive import BackupTooNew, Manifest
from leadline.clock import utc_now
from leadline.database import Database
from leadline.migrations import HEAD
from leadline.settings import Settings
from leadline.warehouse import FILES, SCHEMA_VERSION

WORKPLACE = "backup-"

AWAKE_EVERY = 10.0
"""Seconds."""


class NothingToBackUp(Exception):
    """Nothing was ever kept there: most likely the path is wrong."""

    def __init__(self, data: Path) -> None:
        super().__init__(f"there is nothing to back up in {data}")


class Backup(msgspec.Struct, frozen=True):
    """A backup that was made or restored; `size` is in bytes."""

    file: Path
    size: int
    made_at: datetime


def check_used(settings: Settings) -> None:
    """To be called before anything is opened, which makes what is missing.

    Raises `NothingToBackUp`.
    """
    kept = settings.warehouse_file if settings.database_url else settings.metadata_file
    if not kept.exists():
        raise NothingToBackUp(settings.data)


def back_up(settings: Settings, database: Database, target: Path) -> Backup:
    """Every hit that was answered before this began is in it, once. The server goes on working.

    Raises `storage.DataInUse`, `control.TaskFailed`, OSError.
    """
    with storage.workplace(settings, WORKPLACE) as directory:
        storage.do(settings, storage.EXPORT, directory)
        metadata.dump(database, directory)  # after the hits, so that none is of an unknown site
        manifest = Manifest(
            format=archive.FORMAT,
            leadline=__version__,
            made_at=utc_now(),
            metadata_revision=HEAD,
            warehouse_version=SCHEMA_VERSION,
            members=archive.digests(directory),
        )
        archive.pack(manifest, directory, target)
    return Backup(target, target.stat().st_size, manifest.made_at)


def restore(settings: Settings, database: Database, source: Path) -> Backup:
    """All of it or nothing.

    Raises `archive.NotABackup`, `archive.BackupTooNew`, `metadata.NotFresh`, and as `back_up` does.
    """
    with storage.workplace(settings, WORKPLACE) as directory:
        manifest = archive.unpack(source, directory, _needed)
        if manifest.metadata_revision > HEAD or manifest.warehouse_version > SCHEMA_VERSION:
            raise BackupTooNew
        _put_back(settings, database, directory)
    return Backup(source, source.stat().st_size, manifest.made_at)


def _put_back(settings: Settings, database: Database, directory: Path) -> None:
    """Metadata and hits, or neither. Nobody else writes metadata until both are there.

    So there is no site meanwhile of which a hit could come.
    """
    taken = Event()

    def take_back() -> None:
        storage.do(settings, storage.TAKE_BACK, directory)
        taken.set()

    try:
        with database.writing() as connection:
            metadata.check_fresh(connection)
            metadata.load(database, connection, directory)
            _kept_awake(connection, take_back)
    except BaseException:
        if taken.is_set():
            _forget_hits(settings, database, directory)
        raise


def _kept_awake(connection: Connection, work: Callable[[], None]) -> None:
    """Do what takes long beside a transaction, which PostgreSQL would end if it lay idle."""
    with ThreadPoolExecutor(1) as executor:
        working = executor.submit(work)
        while wait([working], timeout=AWAKE_EVERY).not_done:
            connection.execute(select(1))
        working.result()


def _forget_hits(settings: Settings, database: Database, directory: Path) -> None:
    """After a commit that failed; one of which only the answer was lost keeps its hits."""
    with suppress(metadata.NotFresh), database.writing() as connection:
        metadata.check_fresh(connection)
        storage.do(settings, storage.FORGET, directory)


def _needed(manifest: Manifest) -> set[str]:
    """An older backup knows nothing of tables that were made since."""
    is_older = manifest.metadata_revision < HEAD
    tables = () if is_older else metadata.tables()
    return {metadata.file_of(table) for table in tables} | set(FILES)
