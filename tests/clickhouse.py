"""The warehouse's engines for the tests: DuckDB, and ClickHouse inside this process."""

import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

import clickhouse_connect

from leadline.warehouse import DuckDBWarehouse, Warehouse
from leadline.warehouse.clickhouse import ClickHouse
from leadline.warehouse.clickhouse_engine import ClickHouseWarehouse
from leadline.warehouse.staging import Staging

WAREHOUSES = ("duckdb", "clickhouse")
SMALL: dict[str, Any] = {"memory": "128MB", "threads": 1}


class ClickHouseInside:
    """A process has one, in one directory; what each test has of it is a database of its own."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._client = clickhouse_connect.get_client(dsn=f"chdb://{directory}")

    def url(self, data: Path) -> str:
        """Of the database of a data directory, which is made if it is not there."""
        name = "test_" + sha256(str(data.resolve()).encode()).hexdigest()[:16]
        self._client.command(f"CREATE DATABASE IF NOT EXISTS {name}")
        return f"chdb://{self.directory}?database={name}"

    def ask(self, url: str, statement: str) -> list[tuple[Any, ...]]:
        """`statement` names the database as `{db}`."""
        found = self._client.query(statement.replace("{db}", _database(url)))
        return [tuple(row) for row in found.result_rows]

    def do(self, url: str, statement: str) -> None:
        self._client.command(statement.replace("{db}", _database(url)))

    def forget(self) -> None:
        """Every database that was made."""
        for (name,) in self.ask("", "SELECT name FROM system.databases WHERE name LIKE 'test_%'"):
            self._client.command(f"DROP DATABASE {name} SYNC")

    def close(self) -> None:
        self._client.close()


def _database(url: str) -> str:
    return url.rpartition("=")[2]


@contextmanager
def running_clickhouse() -> Iterator[ClickHouseInside]:
    with tempfile.TemporaryDirectory(prefix="leadline-clickhouse-") as directory:
        inside = ClickHouseInside(Path(directory))
        yield inside
        inside.forget()
        inside.close()


class Engine:
    """One kind of warehouse."""

    def __init__(self, clickhouse: ClickHouseInside | None) -> None:
        self._clickhouse = clickhouse

    def opened(self, data: Path) -> AbstractContextManager[Warehouse]:
        """The warehouse of a data directory, to be opened as often as one likes."""
        if self._clickhouse is None:
            return closing(DuckDBWarehouse(data / "hits.duckdb", **SMALL))
        return closing(opened_in_clickhouse(data, self._clickhouse.url(data)))

    def url(self, data: Path) -> str | None:
        """What the settings of a server say of the warehouse of a data directory."""
        return None if self._clickhouse is None else self._clickhouse.url(data)

    def examples(self, count: int) -> int:
        """How many are worth their time; one in ClickHouse takes several times as long."""
        return count if self._clickhouse is None else max(3, count // 4)


def opened_in_clickhouse(data: Path, url: str) -> ClickHouseWarehouse:
    return ClickHouseWarehouse(Staging(data / "staging.duckdb", **SMALL), ClickHouse(url))


def local(warehouse: Warehouse) -> DuckDBWarehouse:
    """Where what keeps a visit going is."""
    if isinstance(warehouse, ClickHouseWarehouse):
        return warehouse.staging
    assert isinstance(warehouse, DuckDBWarehouse)
    return warehouse
