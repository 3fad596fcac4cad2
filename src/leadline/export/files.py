"""The files of a warehouse's export turned into one file of a format."""

import secrets
import shutil
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import duckdb

from leadline.export.columns import (
    COLUMNS,
    STARTS_A_FORMULA,
    Column,
    as_json,
    as_typed,
    for_spreadsheets,
    selected,
)

MEMORY = "128MB"
ROW_GROUP = 20_480
"""Rows that Parquet keeps together, and that are in memory until they are written."""


class Format(StrEnum):
    PARQUET = "parquet"
    CSV = "csv"
    JSONL = "jsonl"


class _Writing(NamedTuple):
    """How a format is written; `is_text`: pieces of a file make a file."""

    column: Callable[[Column], Column]
    options: str
    is_text: bool


_WRITING = {
    Format.PARQUET: _Writing(
        as_typed, f"FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {ROW_GROUP}", False
    ),
    Format.CSV: _Writing(for_spreadsheets, "FORMAT csv, HEADER $header", True),
    Format.JSONL: _Writing(as_json, "FORMAT json", True),
}


def write(parts: list[Path], code: str, wanted: Format, target: BinaryIO) -> None:
    """One after the other, their rows in the order that they have; `code` names the site.

    The parts are gone afterwards, and their directory has room for as much again.
    """
    key = secrets.token_hex(16)
    pieces = [[part] for part in parts] if _WRITING[wanted].is_text else [parts]
    with _duckdb(parts[0].parent) as connection:
        for number, piece in enumerate(pieces):
            written = parts[0].with_name("piece")
            values = {"code": code, "key": key, "target": str(written)}
            _copy(connection, piece, wanted, values, is_first=number == 0)
            for part in piece:
                part.unlink()
            with written.open("rb") as rows:
                shutil.copyfileobj(rows, target)


def _copy(
    connection: duckdb.DuckDBPyConnection,
    parts: list[Path],
    wanted: Format,
    values: dict[str, Any],
    is_first: bool,
) -> None:
    writing = _WRITING[wanted]
    options = writing.options.replace("$header", str(is_first))
    columns = selected(map(writing.column, COLUMNS))
    if wanted is Format.CSV:
        values["formula"] = STARTS_A_FORMULA
    values["parts"] = [str(part) for part in parts]
    statement = f"COPY (SELECT {columns} FROM read_parquet($parts)) TO $target ({options})"
    connection.execute(statement, values)


def _duckdb(directory: Path) -> duckdb.DuckDBPyConnection:
    """One thread, so that no rows wait for others to be put in order."""
    connection = duckdb.connect(
        ":memory:",
        config={
            "memory_limit": MEMORY,
            "threads": 1,
            "temp_directory": str(directory),
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        },
    )
    connection.execute("SET TimeZone = 'UTC'")
    return connection
