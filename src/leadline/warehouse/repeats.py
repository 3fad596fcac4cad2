"""Hits that are sent again: by its id each is known for a week, and taken once."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date, timedelta

import duckdb

from leadline.warehouse.batch import Arrivals, ArrowTable

A_DAY = timedelta(days=1)

DATES_KEPT = 9
"""So many changes of the date an id stays known: seven days, and a clock that jumps and returns."""

# Of the hits with one id only the first that ever came stays. Asked again it is the same.
DROP_REPEATED = (
    """
    CREATE OR REPLACE TEMP TABLE named AS
    SELECT hit_id, site_id, CAST(id AS UUID) AS id, date_number,
        row_number() OVER (PARTITION BY site_id, id ORDER BY hit_id) = 1 AND NOT EXISTS (
            SELECT 1 FROM known_ids AS known
            WHERE known.site_id = batch.site_id AND known.id = CAST(batch.id AS UUID)
        ) AS is_new
    FROM batch
    WHERE site_id NOT IN (SELECT site_id FROM erased_sites)
    """,
    "DELETE FROM arrived WHERE hit_id IN (SELECT hit_id FROM named WHERE NOT is_new)",
    "INSERT INTO known_ids SELECT site_id, id, date_number FROM named WHERE is_new",
    "DROP TABLE named",
)
FIND_DATE = "SELECT number, last FROM dates"
CHANGE_DATE = (
    "UPDATE dates SET number = $number, last = $last",
    f"DELETE FROM known_ids WHERE date_number < $number - {DATES_KEPT}",
)


@contextmanager
def as_batch(cursor: duckdb.DuckDBPyConnection, table: ArrowTable) -> Iterator[None]:
    """While the rows of this table are the table `batch`."""
    cursor.register("batch", table)
    try:
        yield
    except BaseException:
        with suppress(duckdb.Error):  # what went wrong first is what counts
            cursor.unregister("batch")
        raise
    cursor.unregister("batch")


def drop_repeated(cursor: duckdb.DuckDBPyConnection, arrivals: Arrivals) -> None:
    """Of what arrived, without the hits whose ids are known; the ids of the others are from now."""
    numbers = _numbered(cursor, arrivals.dates)
    if arrivals.named:
        with as_batch(cursor, arrivals.named_table(numbers)):
            cursor.execute(DROP_REPEATED[0])
        for statement in DROP_REPEATED[1:]:
            cursor.execute(statement)


def _numbered(cursor: duckdb.DuckDBPyConnection, dates: list[date]) -> dict[date, int]:
    """Each date with how often the date had changed when it came last.

    Around midnight some of the day before come late: that is no change.
    """
    ((number, last),) = cursor.execute(FIND_DATE).fetchall()
    numbers, before = {last: number}, number
    for day in dates:
        if not last - A_DAY <= day <= last:
            number, last = number + 1, day
        numbers[day] = number
    if number != before:
        cursor.execute(CHANGE_DATE[0], {"number": number, "last": last})
        cursor.execute(CHANGE_DATE[1], {"number": number})
    return numbers
