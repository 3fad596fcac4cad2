"""Deleting rows from DuckDB so that the file has their room for others.

DuckDB gives back the blocks of row groups of which no row is left, when it works its log into the
file. So the row groups are dealt with a few at a time: what is to stay of them goes to the end of
the table, in one transaction, and the log is worked in at once. The next have the room of those
before, and the file grows by no more than that. Of itself DuckDB merges row groups of which much is
gone, many at once, for which the file grows by as much as they hold.

A row group of which little goes keeps the room of that until more is gone.
"""

from bisect import bisect_right
from itertools import accumulate
from typing import Any, NamedTuple

import duckdb

from leadline.logs import logger

log = logger(__name__)

WORTH_IT = 0.25
"""The part of a row group from which on its room is taken back: to move the rest has a price."""

ROWS_AT_ONCE = 122_880
"""At most so many are moved at once: as many as a row group has."""

_LAST = "SELECT max(rowid) FROM {table} WHERE {doomed}"

_SIZES = """
SELECT CAST(sum(count) AS BIGINT) FROM pragma_storage_info($table)
WHERE column_id = 0 AND segment_type <> 'VALIDITY' GROUP BY row_group_id ORDER BY row_group_id
"""
_COUNT = """
SELECT count(*), count(*) FILTER ({doomed}) FROM {table} WHERE rowid BETWEEN $first AND $last
"""
_MOVE = """
INSERT INTO {table} SELECT * FROM {table} WHERE rowid BETWEEN $first AND $last AND NOT ({doomed})
"""
_CLEAR = "DELETE FROM {table} WHERE rowid BETWEEN $first AND $last"
_DELETE = f"{_CLEAR} AND ({{doomed}})"


class Doomed(NamedTuple):
    """Rows of a table that are to go: a condition and its parameters."""

    table: str
    condition: str
    parameters: dict[str, Any]

    def written(self, statement: str) -> str:
        return statement.format(table=self.table, doomed=self.condition)


class Rows(NamedTuple):
    """Whole row groups, one or several: their row ids, the last included.

    `size` is how many rows they have room for, `there` how many are left, `going` how many of
    those are doomed.
    """

    first: int
    last: int
    there: int
    going: int

    @property
    def size(self) -> int:
        return self.last - self.first + 1

    @property
    def staying(self) -> int:
        return self.there - self.going

    @property
    def is_worth_it(self) -> bool:
        return self.size - self.staying >= WORTH_IT * self.size

    def after(self, before: "Rows") -> "Rows":
        return Rows(before.first, self.last, before.there + self.there, before.going + self.going)


def find(cursor: duckdb.DuckDBPyConnection, doomed: Doomed) -> Rows | None:
    """The last rows of which some are doomed; row ids stay what they are while nobody writes."""
    ((last,),) = cursor.execute(doomed.written(_LAST), doomed.parameters).fetchall()
    if last is None:
        return None
    sizes = cursor.execute(_SIZES, {"table": doomed.table}).fetchall()
    ends = list(accumulate((size for (size,) in sizes), initial=0))
    number = bisect_right(ends, last)
    if number == len(ends):  # rows that are only in the log yet
        return _counted(cursor, doomed, ends[-1], last)
    found = _counted(cursor, doomed, ends[number - 1], ends[number] - 1)
    while number > 1 and found.is_worth_it:
        number -= 1
        before = _counted(cursor, doomed, ends[number - 1], ends[number] - 1)
        if not before.is_worth_it or before.staying + found.staying > ROWS_AT_ONCE:
            break
        found = found.after(before)
    return found


def _counted(cursor: duckdb.DuckDBPyConnection, doomed: Doomed, first: int, last: int) -> Rows:
    here = doomed.parameters | {"first": first, "last": last}
    ((there, going),) = cursor.execute(doomed.written(_COUNT), here).fetchall()
    return Rows(first, last, there, going)


def clear(cursor: duckdb.DuckDBPyConnection, doomed: Doomed, rows: Rows) -> None:
    """Delete the doomed of these, so that their room is to be had if that is worth it.

    In a transaction.
    """
    here = {"first": rows.first, "last": rows.last}
    if not rows.is_worth_it:
        delete(cursor, doomed, rows)
        return
    if rows.staying:
        cursor.execute(doomed.written(_MOVE), doomed.parameters | here)
    cursor.execute(doomed.written(_CLEAR), here)


def delete(cursor: duckdb.DuckDBPyConnection, doomed: Doomed, rows: Rows) -> None:
    """As `clear`, but for no room, and with hardly any memory."""
    here = {"first": rows.first, "last": rows.last}
    cursor.execute(doomed.written(_DELETE), doomed.parameters | here)


def give_back(cursor: duckdb.DuckDBPyConnection, merges: int) -> bool:
    """The room of what is cleared; while somebody reads what was before, it is later: False.

    `merges` is how many DuckDB may make at other times.
    """
    cursor.execute("SET GLOBAL max_vacuum_tasks = 0")
    try:
        cursor.execute("CHECKPOINT")
    except duckdb.TransactionException:
        log.info("room is given back later")
        return False
    finally:
        cursor.execute(f"SET GLOBAL max_vacuum_tasks = {merges}")
    return True
