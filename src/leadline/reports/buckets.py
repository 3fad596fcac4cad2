"""In which bucket a moment is, as SQL that does not look at each of them."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from leadline.reports.days import naive
from leadline.warehouse import Dialect

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
NEVER = 2**62

MOST_CELLS = 10_000
"""Of a grid; buckets of very different lengths may need more, and are looked at one by one."""


class Buckets:
    """Time after the first bucket is cut into cells as long as the shortest one there.

    So at most one bucket begins in a cell, and of a moment in it only that edge has to be known.
    """

    def __init__(self, begins: Sequence[datetime]) -> None:
        """In order; every moment that is asked about is in one of them, or after the last."""
        self._begins = begins
        self._edges = [(begin - EPOCH) // MICROSECOND for begin in begins]
        inner = self._edges[1:]
        self._width = min((after - before for before, after in pairwise(inner)), default=1)
        self._last = (inner[-1] - inner[0]) // self._width if inner else 0
        self._is_one_by_one = self._last >= MOST_CELLS

    def parameters(self) -> dict[str, Any]:
        if len(self._edges) < 2:
            return {}
        if self._is_one_by_one:
            return {"begins": [naive(begin) for begin in self._begins]}
        return {"places": self._places(), "edges": [*self._edges, NEVER]}

    def of(self, moment: str, dialect: Dialect) -> str:
        """The number of the bucket, 0 for the first."""
        if len(self._edges) < 2:
            return "0"
        if self._is_one_by_one:
            return f"{dialect.begun('begins', by=moment)} - 1"
        at, first = dialect.microseconds(moment), self._edges[1]
        cell = dialect.divided(f"({at} - {first:d})", self._width)
        place = dialect.element("places", f"greatest(least({cell}, {self._last:d}), 0) + 1")
        following = dialect.element("edges", f"{place} + 2")
        is_after = f"CASE WHEN {at} >= {following} THEN 1 ELSE 0 END"
        return f"CASE WHEN {at} < {first:d} THEN 0 ELSE {place} + {is_after} END"

    def only(self, since: datetime, until: datetime) -> int | None:
        """The number of the bucket in which everything is from `since` until before `until`."""
        first = bisect_right(self._begins, since) - 1
        last = bisect_left(self._begins, until) - 1
        return max(first, 0) if first >= last else None

    def _places(self) -> list[int]:
        """Of each cell the bucket in which it begins."""
        found = []
        place = 1
        for cell in range(self._last + 1):
            begins = self._edges[1] + cell * self._width
            while place + 1 < len(self._edges) and self._edges[place + 1] <= begins:
                place += 1
            found.append(place)
        return found
