"""Rows as CSV, a few at a time, in which no text is a formula."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet may take for more than a text, at the beginning of one."""

ROWS = 1000


def as_csv(names: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """In UTF-8, the names first."""
    yield _written([names])
    waiting = iter(rows)
    while some := list(islice(waiting, ROWS)):
        yield _written(some)


def _written(rows: Iterable[Sequence[Any]]) -> bytes:
    file = io.StringIO()
    csv.writer(file).writerows([_harmless(cell) for cell in row] for row in rows)
    return file.getvalue().encode()


def _harmless(cell: Any) -> Any:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell
