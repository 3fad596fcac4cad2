"""`leadline`, in a process that kills itself at a named point: the N-th time that it gets there."""

import os
import signal
from collections.abc import Callable, Iterator
from typing import Any

from leadline.spool import log, segments
from leadline.warehouse import duckdb_engine, duckdb_sql

Function = Callable[..., Any]

POINTS = ("write", "fdatasync", "load", "rotation", "delete")
"""After a write, a fdatasync, the commit of a load; amid a new segment, and a final delete."""


def _fatal(times: int) -> Callable[[], None]:
    left = times

    def die() -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    return die


def _then(function: Function, die: Callable[[], None]) -> Function:
    def wrapped(*given: Any, **named: Any) -> Any:
        found = function(*given, **named)
        die()
        return found

    return wrapped


def _first(function: Function, die: Callable[[], None]) -> Function:
    def wrapped(*given: Any, **named: Any) -> Any:
        die()
        return function(*given, **named)

    return wrapped


class _FatalStatements(tuple[str, ...]):
    """Statements of which the first is carried out before the end."""

    die: Callable[[], None]

    def __iter__(self) -> Iterator[str]:
        for number, statement in enumerate(super().__iter__()):
            if number == 1:
                self.die()
            yield statement


def arrange(point: str, times: int) -> None:
    die = _fatal(times)
    spool: Any = log
    match point:
        case "write":
            spool.write_all = _then(spool.write_all, die)
        case "fdatasync":
            os.fdatasync = _then(os.fdatasync, die)
        case "load":
            warehouse: Any = duckdb_engine.DuckDBWarehouse
            warehouse.load = _then(warehouse.load, die)
        case "rotation":
            at_start = 2  # of the directory, and for the first segment
            die = _fatal(at_start + times)
            segments.sync_directory = _first(segments.sync_directory, die)
        case "delete":
            statements = _FatalStatements(duckdb_sql.ERASE)
            statements.die = die
            duckdb_sql.ERASE = statements
