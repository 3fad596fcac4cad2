"""Some rows of many, and what all of them are."""

from typing import Generic

import msgspec

from leadline.reports.query import Query
from leadline.reports.rows import AnyRow


class Page(msgspec.Struct, Generic[AnyRow], frozen=True):
    """`total` is of everything that was asked about, in one row: a visitor of two pages is one
    there. `count` is the number of rows on all pages."""

    rows: list[AnyRow]
    total: AnyRow
    count: int


def every_row(query: Query) -> Query:
    """The same question, whose rows are neither ordered nor cut."""
    return msgspec.structs.replace(query, order=(), limit=None, offset=0)


def in_all(query: Query) -> Query:
    """The same question, answered with one row."""
    return msgspec.structs.replace(every_row(query), dimensions=(), buckets=())
