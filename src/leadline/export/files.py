"""The files of a warehouse's export turned into one file of a format."""

import secrets
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple

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


class Format(StrEnum):
    PARQUET = "parquet"
    CSV = "csv"
    JSONL = "jsonl"


class _Writing(NamedTuple):
    column: Callable[[Column], Column]
    options: str


_WRITING = {
    Format.PARQUET: _Writing(as_typed, "FORMAT parquet, COMPRESSION zstd"),
    Format.CSV: _Writing(for_spreadsheets, "FORMAT csv, HEADER"),
    Format.JSONL: _Writing(as_json, "FORMAT json"),
}


def write(parts: list[Path], code: str, wanted: Format, target: Path) -> None:
    """One after the other, their rows in the order that they have; `code` names the site."""
    column, options = _WRITING[wanted]
    columns = selected(map(column, COLUMNS))
    values: dict[str, Any] = {
        "code": code,
        "key": secrets.token_hex(16),
        "parts": [str(part) for part in parts],
        "target": str(target),
    }
    if wanted is Format.CSV:
        values["formula"] = STARTS_A_FORMULA
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": MEMORY,
        "temp_directory": str(target.parent),
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    with duckdb.connect(":memory:", config=config) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        statement = f"COPY (SELECT {columns} FROM read_parquet($parts)) TO $target ({options})"
        connection.execute(statement, values)
