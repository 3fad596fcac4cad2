"""PostgreSQL for the tests: a server of their own, and a fresh database for each that wants one."""

import itertools
import os
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

from leadline.database import Database, Location
from tests.support import PATIENCE, eventually

USER = "leadline"
MIGRATED = "leadline_migrated"
QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "shared_buffers=32MB")


FORGET_CONNECTIONS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = %s AND pid <> pg_backend_pid()
"""
TABLES = """
SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'
"""
FILL = "INSERT INTO {} SELECT * FROM json_populate_recordset(NULL::{}, %s)"
EMPTY = f"""
DO $$
DECLARE found record;
BEGIN
    SET LOCAL session_replication_role = replica;
    FOR found IN {TABLES}
    LOOP EXECUTE format('DELETE FROM %I', found.tablename); END LOOP;
    FOR found IN SELECT sequencename FROM pg_sequences WHERE last_value IS NOT NULL
    LOOP EXECUTE format('ALTER SEQUENCE %I RESTART', found.sequencename); END LOOP;
END $$
"""
"""Keys that refer to what is gone are not looked at meanwhile."""
SHAPE = """
SELECT (SELECT string_agg(version_num, ',') FROM alembic_version),
    (SELECT array_agg((table_name, column_name, data_type) ORDER BY table_name, column_name)::text
        FROM information_schema.columns WHERE table_schema = 'public'),
    (SELECT array_agg(indexdef ORDER BY indexdef)::text FROM pg_indexes WHERE schemaname = 'public')
"""
"""What a test may have changed besides rows."""

ENGINES = ("sqlite", "postgresql")


class NoPostgreSQL(Exception):
    """The tests need PostgreSQL's server; a missing one is no reason to skip them."""

    def __init__(self) -> None:
        super().__init__("initdb is not there: apt-get install postgresql")


class Cluster:
    """A private PostgreSQL on a free port of 127.0.0.1; quick, as it never waits for a disk."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory / "cluster"
        self._numbers = itertools.count(1)
        self._emptied: list[str] = []
        self._process: subprocess.Popen[str] | None = None
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port: int = free.getsockname()[1]
        made = ("--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync")
        subprocess.run(
            [program("initdb"), "-D", self._directory, "-U", USER, *made],
            check=True,
            stdout=subprocess.DEVNULL,
            **_as_somebody(),
        )

    def start(self) -> None:
        options = ["listen_addresses=127.0.0.1", "unix_socket_directories=", *QUICK]
        self._process = subprocess.Popen(
            [program("postgres"), "-D", str(self._directory), "-p", str(self.port)]
            + [word for option in options for word in ("-c", option)],
            stderr=subprocess.DEVNULL,
            text=True,
            **_as_somebody(),
        )
        eventually(self._answers)

    def stop(self) -> None:
        """Ends it as an operator would, connections and all; `start` brings it back."""
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)
            self._process.wait(timeout=PATIENCE)
            self._process = None

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://{USER}:secret@127.0.0.1:{self.port}/{database}"

    def fresh(self) -> str:
        """The URL of a database that is migrated already, and has nothing in it."""
        if self._emptied:
            return self._emptied.pop()
        name = f"test_{next(self._numbers)}"
        self.do("CREATE DATABASE {} TEMPLATE {}", name, MIGRATED)
        return self.url(name)

    def give_back(self, url: str) -> None:
        """Empties a database of `fresh` for the next test: a new one takes ten times as long."""
        name = url.rpartition("/")[2]
        try:
            with self._connected(name) as connection:
                connection.execute(FORGET_CONNECTIONS, (name,))
                connection.execute(EMPTY)
                for table, rows in self._first_rows.items():
                    values = sql.SQL(FILL).format(*[sql.Identifier(table)] * 2)
                    connection.execute(values, (rows,))
                is_whole = connection.execute(SHAPE).fetchone() == self._shape
        except psycopg.Error:
            is_whole = False
        if is_whole:
            self._emptied.append(url)
        else:
            self.drop(url)

    @cached_property
    def _shape(self) -> Any:
        with self._connected(MIGRATED) as connection:
            return connection.execute(SHAPE).fetchone()

    @cached_property
    def _first_rows(self) -> dict[str, str]:
        """By table, as JSON."""
        found = {}
        with self._connected(MIGRATED) as connection:
            for (table,) in connection.execute(TABLES).fetchall():
                rows = sql.SQL("SELECT json_agg(each)::text FROM {} AS each")
                row = connection.execute(rows.format(sql.Identifier(table))).fetchone()
                if row and row[0]:
                    found[table] = row[0]
        return found

    def empty(self, encoding: str = "UTF8") -> str:
        """The URL of a new database in which nothing is."""
        name = f"test_{next(self._numbers)}"
        self.do("CREATE DATABASE {} TEMPLATE template0 LOCALE 'C' ENCODING {}", name, encoding)
        return self.url(name)

    def files_of(self, url: str) -> Path:
        """The directory of a database's own files, all that was committed being in them."""
        with self._connected() as connection:
            connection.execute("CHECKPOINT")
            name = url.rpartition("/")[2]
            row = connection.execute("SELECT oid FROM pg_database WHERE datname = %s", (name,))
            (number,) = row.fetchone() or (None,)
        return self._directory / "base" / str(number)

    def drop(self, url: str) -> None:
        self.do("DROP DATABASE {} WITH (FORCE)", url.rpartition("/")[2])

    def do(self, statement: str, *names: str) -> None:
        """A statement of the server's administrator, with names in its braces."""
        with self._connected() as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))

    def _connected(self, database: str = "postgres") -> psycopg.Connection[Any]:
        return psycopg.connect(
            host="127.0.0.1", port=self.port, user=USER, dbname=database, autocommit=True
        )

    def _answers(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, "PostgreSQL did not start"
        try:
            self._connected().close()
        except psycopg.OperationalError:
            return False
        return True


@contextmanager
def running_cluster() -> Iterator[Cluster]:
    with tempfile.TemporaryDirectory(prefix="leadline-postgresql-") as name:
        directory = Path(name)
        if os.geteuid() == 0:
            shutil.chown(directory, "postgres", "postgres")
        cluster = Cluster(directory)
        cluster.start()
        try:
            migrated = cluster.url(MIGRATED)
            cluster.do("CREATE DATABASE {}", MIGRATED)
            Database(migrated).close()
            yield cluster
        finally:
            cluster.stop()


@contextmanager
def fresh_location(request: pytest.FixtureRequest, directory: Path) -> Iterator[Location]:
    """Where nothing but the metadata of one test are, on the engine that `request.param` names."""
    if request.param == "sqlite":
        file = directory / "leadline.sqlite3"
        file.write_bytes(_migrated_file())
        yield file
        return
    cluster: Cluster = request.getfixturevalue("postgresql")
    url = cluster.fresh()
    yield url
    cluster.give_back(url)


@cache
def _migrated_file() -> bytes:
    with tempfile.TemporaryDirectory() as directory:
        file = Path(directory) / "leadline.sqlite3"
        Database(file).close()
        assert [each.name for each in Path(directory).iterdir()] == [file.name]
        return file.read_bytes()


def program(name: str) -> str:
    """One of the server's programs: from `PATH`, or the newest that Debian has installed."""
    found = shutil.which(name)
    if found:
        return found
    installed = Path("/usr/lib/postgresql").glob(f"*/bin/{name}")
    newest = max(installed, key=lambda path: float(path.parts[-3]), default=None)
    if newest is None:
        raise NoPostgreSQL
    return str(newest)


def _as_somebody() -> dict[str, Any]:
    """PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    return {"user": "postgres", "group": "postgres", "extra_groups": []}
