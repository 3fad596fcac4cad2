"""The metadata in a PostgreSQL database, which several servers may share."""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Table, create_engine, func, insert, make_url, select
from sqlalchemy.exc import DBAPIError

from leadline.database.engine import Engine

WRITE_LOCK = 0x6C656164_6C696E65
"""The advisory lock of writers: "leadline" in ASCII."""

LOCK_TIMEOUT_MS = 10_000
STALLED_MS = 60_000
"""A writer that does nothing for so long loses its transaction, and the lock with it."""

BEGIN_WRITING = f"""
SET LOCAL lock_timeout = {LOCK_TIMEOUT_MS};
SET LOCAL idle_in_transaction_session_timeout = {STALLED_MS};
SELECT pg_advisory_xact_lock({WRITE_LOCK})
"""

PATIENCE_MS = 250
LOCK_NOT_AVAILABLE = "55P03"

# A server that does not answer is an error after seconds, not after hours.
CONNECT = {
    "client_encoding": "utf8",
    "connect_timeout": 5,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}


class DriverMissing(Exception):
    """The Python package that speaks PostgreSQL's protocol is not installed."""

    def __init__(self) -> None:
        super().__init__("PostgreSQL needs a driver: install leadline[postgresql]")


class UnsuitableDatabase(Exception):
    """A database that cannot hold every text."""

    def __init__(self, encoding: str) -> None:
        super().__init__(f"the metadata database has the encoding {encoding}; it has to be UTF8")


class PostgreSQL(Engine):
    def __init__(self, url: str) -> None:
        """Raises `DriverMissing`, `UnsuitableDatabase`."""
        parsed = make_url(url)
        given = {name: value for name, value in CONNECT.items() if name not in parsed.query}
        try:
            self._engine = create_engine(
                parsed,
                pool_size=5,
                max_overflow=15,
                pool_timeout=LOCK_TIMEOUT_MS / 1000,
                pool_pre_ping=True,
                hide_parameters=True,  # an error's text may be logged
                # Nothing is prepared for a session, as a pooler may change it between transactions.
                connect_args={"prepare_threshold": None, **given},
            )
        except ImportError:
            raise DriverMissing from None
        self._readers = self._engine.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )
        self._writers = self._engine.execution_options(isolation_level="READ COMMITTED")
        self._counts = itertools.count()
        self._check()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        with self._readers.begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        with self._writers.begin() as connection:
            connection.exec_driver_sql(BEGIN_WRITING, execution_options={"no_parameters": True})
            yield connection

    def change_count(self) -> int:
        """Another number each time: nobody tells cheaply whether somebody has committed."""
        return next(self._counts)

    def scrub(self, table: Table) -> bool:
        """Writes the rows that are left into new files; the old ones go with the commit.

        A reader of a snapshot from before sees no rows at all, so that what is missing has to be
        looked for once more in a write transaction. The write-ahead log, its archives and backups
        are the operator's.
        """
        try:
            with self.writing() as connection:
                left = [dict(row._mapping) for row in connection.execute(select(table))]
                connection.exec_driver_sql(f"SET LOCAL lock_timeout = {PATIENCE_MS}")
                connection.exec_driver_sql(f"TRUNCATE {table.name}")
                if left:
                    connection.execute(insert(table), left)
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) == LOCK_NOT_AVAILABLE:
                return False
            raise
        return True

    def continue_numbers(self, connection: Connection, table: Table, last: int) -> None:
        sequence = func.pg_get_serial_sequence(table.name, "id")
        connection.execute(select(func.setval(sequence, max(last, 1), last > 0)))

    def close(self) -> None:
        self._engine.dispose()

    def _check(self) -> None:
        with self.reading() as connection:
            encoding: str = connection.exec_driver_sql("SHOW server_encoding").scalar_one()
        if encoding != "UTF8":
            self.close()
            raise UnsuitableDatabase(encoding)
