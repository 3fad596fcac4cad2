"""The connection to ClickHouse, through clickhouse-connect, which is installed only if wanted."""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from shutil import copyfileobj
from threading import Lock
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

SETTINGS = {"async_insert": 0, "join_use_nulls": 1}
"""Inserts are answered when they are done; an outer join has nulls, as everywhere else."""

# Server-side sessions allow one query at a time; parameters may be longer than an address.
HTTP: dict[str, Any] = {
    "autogenerate_session_id": False,
    "client_name": "leadline",
    "connect_timeout": 10,
    "form_encode_query_params": True,
}


class ClickHouseDriverMissing(Exception):
    """The Python package that speaks to ClickHouse is not installed."""

    def __init__(self) -> None:
        super().__init__("ClickHouse needs a driver: install leadline[clickhouse]")


class WarehouseUnavailable(Exception):
    """ClickHouse cannot be reached, or refuses."""


class ClickHouse:
    """Connects when it is first used, so that a server starts while ClickHouse is away.

    Each method raises `WarehouseUnavailable` when ClickHouse does not do it, or does not say so.
    """

    def __init__(self, url: str) -> None:
        """Raises `ClickHouseDriverMissing`."""
        try:
            import clickhouse_connect  # noqa: PLC0415
            from clickhouse_connect.driver.exceptions import ClickHouseError  # noqa: PLC0415
            from urllib3.exceptions import HTTPError  # noqa: PLC0415
        except ImportError:
            raise ClickHouseDriverMissing from None
        logging.getLogger("clickhouse_connect").setLevel(logging.CRITICAL)  # it raises them too
        self._connect = clickhouse_connect.get_client
        self._failures = (ClickHouseError, HTTPError)
        self._url = url
        self._opening = Lock()
        self._client: Client | None = None

    def rows(self, statement: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        with self._connected() as client:
            found = client.query(statement, parameters=dict(parameters))
            return [tuple(row) for row in found.result_rows]

    def do(self, statement: str, parameters: Mapping[str, Any] | None = None) -> None:
        with self._connected() as client:
            client.command(statement, parameters=dict(parameters or {}))

    def insert(self, table: str, rows: bytes, settings: Mapping[str, Any]) -> None:
        """`rows` are a stream of Arrow, its columns found by name."""
        with self._connected() as client:
            client.raw_insert(table, insert_block=rows, fmt="ArrowStream", settings=dict(settings))

    def parquet(self, statement: str, parameters: Mapping[str, Any], target: Path) -> None:
        values = dict(parameters)
        with (
            self._connected() as client,
            target.open("wb") as file,
            client.raw_stream(statement, parameters=values, fmt="Parquet") as stream,
        ):
            copyfileobj(stream, file)

    def close(self) -> None:
        with self._opening:
            if self._client is not None:
                self._client.close()
                self._client = None

    @contextmanager
    def _connected(self) -> Iterator["Client"]:
        try:
            yield self._opened()
        except self._failures as error:
            raise WarehouseUnavailable(f"ClickHouse: {_first_line(error)}") from error

    def _opened(self) -> "Client":
        """Nobody waits for somebody else's attempt to connect; of two clients the first stays."""
        if self._client is None:
            made = self._connect(dsn=self._url, settings=SETTINGS, **options_for(self._url))
            return self._kept(made)
        return self._client

    def _kept(self, made: "Client") -> "Client":
        with self._opening:
            if self._client is None:
                self._client = made
            elif self._client is not made:
                made.close()
            return self._client


def options_for(url: str) -> dict[str, Any]:
    """What clickhouse-connect has to be told; of a URL's scheme it only notices `chdb`."""
    scheme = url.partition(":")[0]
    return {} if scheme == "chdb" else HTTP | {"interface": scheme}


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]
