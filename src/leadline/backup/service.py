"""Making a backup beside a server, and restoring one into a fresh installation."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from leadline import __version__, storage
from leadline.backup import archive, metadata
from leadline.backup.archive import BackupTooNew, Manifest
from leadline.clock import utc_now
from leadline.database import Database
from leadline.migrations import HEAD
from leadline.settings import Settings
from leadline.warehouse import FILES, SCHEMA_VERSION


class Backup(msgspec.Struct, frozen=True):
    """A backup that was made or restored; `size` is in bytes."""

    file: Path
    size: int
    made_at: datetime


def back_up(settings: Settings, database: Database, target: Path) -> Backup:
    """Every hit that was answered before this began is in it, once. The server goes on working.

    Raises `storage.DataInUse`, `control.TaskFailed`, OSError.
    """
    with _workplace(settings) as directory:
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
    with _workplace(settings) as directory:
        manifest = archive.unpack(source, directory, _needed())
        if manifest.metadata_revision > HEAD or manifest.warehouse_version > SCHEMA_VERSION:
            raise BackupTooNew
        with database.reading() as connection:
            metadata.check_fresh(connection)
        storage.do(settings, storage.TAKE_BACK, directory)
        try:
            with database.writing() as connection:
                metadata.check_fresh(connection)
                metadata.load(database, connection, directory)
        except BaseException:
            storage.do(settings, storage.FORGET, directory)
            raise
    return Backup(source, source.stat().st_size, manifest.made_at)


def _needed() -> set[str]:
    return {metadata.file_of(table) for table in metadata.tables()} | set(FILES)


@contextmanager
def _workplace(settings: Settings) -> Iterator[Path]:
    """A directory for the files, where the server can reach them too; gone at the end."""
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="backup-", dir=settings.data) as directory:
        yield Path(directory)
