"""A connection to ClickHouse that breaks when it is told to; ClickHouse itself is the real one."""

from collections.abc import Mapping
from enum import Enum
from pathlib import Path
from typing import Any

from leadline.warehouse import WarehouseUnavailable
from leadline.warehouse.clickhouse import ClickHouse
from leadline.warehouse.clickhouse_engine import ClickHouseWarehouse
from leadline.warehouse.staging import Staging
from tests.clickhouse import SMALL


class Fate(Enum):
    """What becomes of a statement."""

    DONE = "done"
    NEVER_ARRIVES = "never arrives"
    ANSWER_LOST = "answer lost"


class Unreliable(ClickHouse):
    """`fates` are those of the next statements that change something, in `changes` what they are.

    While it is `down` nothing arrives, questions neither.
    """

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.fates: list[Fate] = []
        self.changes: list[str] = []
        self.down = False

    def rows(self, statement: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        self._reach()
        return super().rows(statement, parameters)

    def do(self, statement: str, parameters: Mapping[str, Any] | None = None) -> None:
        if statement.startswith("CREATE"):
            self._reach()
            super().do(statement, parameters)
            return
        fate = self._next(statement)
        super().do(statement, parameters)
        self._answer(fate)

    def insert(
        self, table: str, rows: bytes, settings: Mapping[str, Any], *, patiently: bool = False
    ) -> None:
        fate = self._next(table)
        super().insert(table, rows, settings)
        self._answer(fate)

    def _next(self, change: str) -> Fate:
        self._reach()
        fate = self.fates.pop(0) if self.fates else Fate.DONE
        if fate is Fate.NEVER_ARRIVES:
            raise WarehouseUnavailable(fate.value)
        self.changes.append(change)
        return fate

    def _answer(self, fate: Fate) -> None:
        if fate is Fate.ANSWER_LOST:
            raise WarehouseUnavailable(fate.value)

    def _reach(self) -> None:
        if self.down:
            raise WarehouseUnavailable("down")


class Node:
    """A server's part of the warehouse, which can be opened again and again."""

    def __init__(self, data: Path, url: str) -> None:
        self._data, self._url = data, url
        self.restart()

    def restart(self) -> None:
        """As after a crash: what is not in the file is gone."""
        self.connection = Unreliable(self._url)
        self.warehouse = ClickHouseWarehouse(
            Staging(self._data / "staging.duckdb", **SMALL), self.connection
        )

    def close(self) -> None:
        self.warehouse.close()
