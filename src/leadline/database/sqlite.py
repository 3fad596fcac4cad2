"""The metadata in one SQLite file, with a write-ahead log beside it."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, create_engine, event, text

from leadline.database.engine import Engine

BUSY_TIMEOUT_MS = 10_000
PATIENCE_MS = 250


class SQLite(Engine):
    def __init__(self, file: Path) -> None:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file.touch(mode=0o600)
        file.chmod(0o600)
        self._engine = create_engine(
            f"sqlite:///{file}",
            pool_size=8,
            max_overflow=40,
            hide_parameters=True,  # an error's text may be logged
            connect_args={"timeout": BUSY_TIMEOUT_MS / 1000, "check_same_thread": False},
        )
        event.listen(self._engine, "connect", _prepare)
        event.listen(self._engine, "begin", _begin)
        self._watch = sqlite3.connect(file, check_same_thread=False, isolation_level=None)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        with self._engine.begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        with self._engine.connect() as plain:
            connection = plain.execution_options(leadline_writes=True)
            with connection.begin():
                yield connection

    def change_count(self) -> int:
        """Costs a few microseconds; other processes' commits count too."""
        count: int = self._watch.execute("PRAGMA data_version").fetchone()[0]
        return count

    def scrub(self, table: Table) -> bool:
        """Empties the write-ahead log, which still holds what was deleted.

        Writers wait while this waits for readers, so it does not wait long.
        """
        with self.reading() as connection:
            connection.exec_driver_sql(f"PRAGMA busy_timeout = {PATIENCE_MS}")
            try:
                busy = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").scalar_one()
            finally:
                connection.exec_driver_sql(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
        return not busy

    def continue_numbers(self, connection: Connection, table: Table, last: int) -> None:
        known = {"name": table.name}
        connection.execute(text("DELETE FROM sqlite_sequence WHERE name = :name"), known)
        statement = "INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :last)"
        connection.execute(text(statement), known | {"last": last})

    def close(self) -> None:
        self._watch.close()
        self._engine.dispose()


def _prepare(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # transactions are begun below, not guessed by the driver
    for pragma in (
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        f"busy_timeout = {BUSY_TIMEOUT_MS}",
        "secure_delete = ON",  # a disposed salt leaves no bytes behind
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("leadline_writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
