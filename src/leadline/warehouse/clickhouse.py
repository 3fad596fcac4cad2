"""The connection to ClickHouse, through clickhouse-connect, which is installed only if wanted."""

import logging
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from shutil import copyfileobj
from threading import Lock, Thread
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from leadline.patience import stoppable
from leadline.warehouse.engine import WarehouseUnavailable

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

SETTINGS = {"async_insert": 0, "join_use_nulls": 1}
"""Inserts are answered when they are done; an outer join has nulls, as everywhere else."""

# Server-side sessions allow one query at a time; parameters may be longer than an address.
HTTP: dict[str, Any] = {
    "autogenerate_session_id": False,
    "client_name": "leadline",
    "connect_timeout": 5,
    "form_encode_query_params": True,
    "query_retries": 0,
    "send_receive_timeout": 10,
}
"""Timeouts are in seconds: so long at most a server that is asked to end waits for ClickHouse."""

PAUSE = 5.0
"""Seconds after a question that was not answered in which no other is asked."""

QUESTION = {"max_execution_time": HTTP["send_receive_timeout"], "timeout_overflow_mode": "throw"}
"""ClickHouse ends a query whose answer nobody reads, if it was not told to."""

KILL = "KILL QUERY WHERE query_id = {name:String} ASYNC"
"""Everybody may, of one's own queries."""

PATIENT = {"send_receive_timeout": 300}
"""For what copies whole tables."""


class ClickHouseDriverMissing(Exception):
    """The Python package that speaks to ClickHouse is not installed."""

    def __init__(self) -> None:
        super().__init__("ClickHouse needs a driver: install leadline[clickhouse]")


class ClickHouse:
    """Connects when it is first used, so that a server starts while ClickHouse is away.

    Each method raises `WarehouseUnavailable` when ClickHouse does not do it, or does not say so.
    While it does not answer, one question every few seconds waits to find out whether it does
    again; others fail at once.
    """

    def __init__(self, url: str) -> None:
        """Raises `ClickHouseDriverMissing`."""
        try:
            import clickhouse_connect  # noqa: PLC0415
            from clickhouse_connect.driver.exceptions import ClickHouseError  # noqa: PLC0415
            from urllib3.exceptions import HTTPError  # noqa: PLC0415
            from urllib3.exceptions import TimeoutError as NoAnswer  # noqa: PLC0415
        except ImportError:
            raise ClickHouseDriverMissing from None
        logging.getLogger("clickhouse_connect").setLevel(logging.CRITICAL)  # it raises them too
        self._connect = clickhouse_connect.get_client
        self._failures = (ClickHouseError, HTTPError)
        self._silences = (NoAnswer, TimeoutError)
        self._url = url
        self._opening = Lock()
        self._clients: dict[int, Client] = {}
        self._is_silent = False
        self._asked_again_at = 0.0
        self._listening = Lock()

    def rows(self, statement: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        name = str(uuid4())
        settings = QUESTION | {"query_id": name}
        with (
            stoppable(lambda: self._stop(name)),
            self._answering(),
            self._connected() as client,
        ):
            found = client.query(statement, parameters=dict(parameters), settings=settings)
            return [tuple(row) for row in found.result_rows]

    def do(self, statement: str, parameters: Mapping[str, Any] | None = None) -> None:
        with self._connected() as client:
            client.command(statement, parameters=dict(parameters or {}))

    def insert(
        self, table: str, rows: bytes, settings: Mapping[str, Any], *, patiently: bool = False
    ) -> None:
        """`rows` are a stream of Arrow, its columns found by name."""
        with self._connected(patiently) as client:
            client.raw_insert(table, insert_block=rows, fmt="ArrowStream", settings=dict(settings))

    def parquet(self, statement: str, parameters: Mapping[str, Any], target: Path) -> None:
        values = dict(parameters)
        with (
            self._connected(patiently=True) as client,
            target.open("wb") as file,
            client.raw_stream(statement, parameters=values, fmt="Parquet") as stream,
        ):
            copyfileobj(stream, file)

    def close(self) -> None:
        with self._opening:
            for client in self._clients.values():
                client.close()
            self._clients.clear()

    def _stop(self, name: str) -> None:
        """Tell ClickHouse to end a query, and do not wait; the engine in this process cannot."""
        if not self._url.startswith("chdb:"):
            Thread(target=self._kill, args=(name,), daemon=True).start()

    def _kill(self, name: str) -> None:
        with suppress(WarehouseUnavailable), self._connected() as client:
            client.command(KILL, parameters={"name": name})

    @contextmanager
    def _answering(self) -> Iterator[None]:
        """Keeps the threads of a server from waiting, all of them, for what does not answer."""
        if not self._is_silent:
            yield
            return
        too_early = time.monotonic() < self._asked_again_at
        if too_early or not self._listening.acquire(blocking=False):
            raise WarehouseUnavailable("ClickHouse: does not answer")
        try:
            yield
        finally:
            self._listening.release()

    @contextmanager
    def _connected(self, patiently: bool = False) -> Iterator["Client"]:
        try:
            yield self._opened(patiently)
        except self._failures as error:
            self._asked_again_at = time.monotonic() + PAUSE
            self._is_silent = _is_caused_by(error, self._silences)
            raise WarehouseUnavailable(f"ClickHouse: {_first_line(error)}") from error
        self._is_silent = False

    def _opened(self, patiently: bool) -> "Client":
        """Nobody waits for somebody else's attempt to connect; of two clients the first stays."""
        options = options_for(self._url, patiently)
        seconds = options.get("send_receive_timeout", 0)
        known = self._clients.get(seconds)
        if known is not None:
            return known
        made = self._connect(dsn=self._url, settings=SETTINGS, **options)
        with self._opening:
            kept = self._clients.setdefault(seconds, made)
        if kept is not made:
            made.close()
        return kept


def options_for(url: str, patiently: bool = False) -> dict[str, Any]:
    """What clickhouse-connect has to be told; of a URL's scheme it only notices `chdb`."""
    scheme = url.partition(":")[0]
    if scheme == "chdb":
        return {}
    return HTTP | (PATIENT if patiently else {}) | {"interface": scheme}


def _is_caused_by(error: BaseException | None, kinds: tuple[type[Exception], ...]) -> bool:
    while error is not None:
        if isinstance(error, kinds):
            return True
        error = error.__cause__ or error.__context__
    return False


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]
