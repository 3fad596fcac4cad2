"""What is made of rows after they have been counted: sums by another part of time, gaps filled."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

import msgspec

from leadline.reports.metrics import EventRow, Row

AnyRow = TypeVar("AnyRow", Row, EventRow)

_PLACE = 2
"""So many of a row's fields say which it is."""


def added(first: AnyRow, second: AnyRow) -> AnyRow:
    """The sums of both, in the place of the first."""
    names = first.__struct_fields__[_PLACE:]
    sums = {name: getattr(first, name) + getattr(second, name) for name in names}
    return msgspec.structs.replace(first, **sums)


def folded(rows: Iterable[AnyRow], places: Sequence[int]) -> list[AnyRow]:
    """Rows of different buckets as one where their bucket's place is the same; its bucket is that.

    Ordered by place, then by values. With `weekdays` of days that makes seven, and is exact:
    nobody is a visitor of two days. What has been cut by a limit cannot be folded.
    """
    found: dict[tuple[int, tuple[str, ...]], AnyRow] = {}
    for row in rows:
        key = places[row.bucket], row.values
        moved = msgspec.structs.replace(row, bucket=key[0])
        found[key] = added(found[key], moved) if key in found else moved
    return [found[key] for key in sorted(found, key=_in_order)]


def filled(rows: Sequence[AnyRow], buckets: int, kind: type[AnyRow]) -> list[AnyRow]:
    """A row for each of so many buckets, the oldest first; without dimensions and with.

    With dimensions, that for each of the values that there are, in the order in which they come.
    """
    there = {(row.values, row.bucket): row for row in rows}
    values = dict.fromkeys(row.values for row in rows) or {(): None}
    return [
        there.get((each, bucket)) or kind(bucket, each)
        for each in values
        for bucket in range(buckets)
    ]


def _in_order(key: tuple[int, tuple[str, ...]]) -> tuple[int, list[bytes]]:
    return key[0], [text.encode() for text in key[1]]
