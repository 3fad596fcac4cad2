"""The metadata database: its engine, its transactions, and how it comes to its present shape.

SQLAlchemy Core, synchronous; callers on an event loop go through a thread. Each room declares
its own tables on `metadata` and is the only one to query them.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Connection,
    DateTime,
    Dialect,
    MetaData,
    Table,
    create_engine,
    event,
    insert,
    inspect,
    text,
)
from sqlalchemy.types import TypeDecorator

from leadline.memory import Memory, may_wait
from leadline.migrations import HEAD

BUSY_TIMEOUT_MS = 10_000

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware datetime in UTC, stored without its zone, to the microsecond."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)


class DatabaseTooNew(Exception):
    """The database was written by a newer Leadline than this one."""


class Database:
    """One metadata database. Safe to use from several threads and beside other processes."""

    def __init__(self, file: Path) -> None:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._engine = create_engine(
            f"sqlite:///{file}",
            pool_size=8,
            max_overflow=40,
            connect_args={"timeout": BUSY_TIMEOUT_MS / 1000, "check_same_thread": False},
        )
        event.listen(self._engine, "connect", _prepare_connection)
        event.listen(self._engine, "begin", _begin)
        try:
            self._migrate()
        except BaseException:
            self._engine.dispose()
            raise
        self._watch = sqlite3.connect(file, check_same_thread=False, isolation_level=None)
        self.memory = Memory(self.change_count)
        file.chmod(0o600)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection for queries that belong together: they see one state."""
        may_wait()
        with self._engine.begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that holds the write lock from its start; an error rolls it back."""
        may_wait()
        with self._engine.connect() as plain:
            connection = plain.execution_options(leadline_writes=True)
            with connection.begin():
                yield connection

    def change_count(self) -> int:
        """A number that differs from the last answer if anybody has committed since.

        Costs a few microseconds; other processes' commits count too.
        """
        count: int = self._watch.execute("PRAGMA data_version").fetchone()[0]
        return count

    def close(self) -> None:
        self._watch.close()
        self._engine.dispose()

    def _migrate(self) -> None:
        with self.writing() as connection:
            found = _revision(connection)
            if found == HEAD:
                return
            upgrade(connection, found)


def insert_row(connection: Connection, table: Table, **values: Any) -> int:
    """Insert one row; answers the number that it got."""
    key = connection.execute(insert(table).values(**values)).inserted_primary_key
    assert key is not None
    return int(key[0])


def upgrade(connection: Connection, found: str | None) -> None:
    """Bring an older database to the present shape, inside the caller's transaction."""
    from alembic import command  # noqa: PLC0415  (a third of a second that most starts need not pay)
    from alembic.config import Config  # noqa: PLC0415
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if found is not None and found not in known:
        raise DatabaseTooNew(
            f"the data directory was written by a newer Leadline (revision {found})"
        )
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _prepare_connection(connection: Any, _record: object) -> None:
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
