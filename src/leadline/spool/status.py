"""What an operator may want to know of the log, and what he may bound."""

from bisect import bisect_left
from typing import NamedTuple

DURATION_BOUNDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 10.0)
"""Upper bounds of the histogram of commits, in seconds; what took longer is in a last bucket."""


class Bounds(NamedTuple):
    """Bytes that the log may hold, and bytes of the disk that it leaves free."""

    spool_bytes: int
    free_bytes: int


UNBOUNDED = Bounds(spool_bytes=2**63, free_bytes=0)


class Durations:
    """A histogram of durations in seconds. One thread adds."""

    def __init__(self) -> None:
        self.counts = [0] * (len(DURATION_BOUNDS) + 1)
        self.seconds = 0.0

    def add(self, seconds: float) -> None:
        self.counts[bisect_left(DURATION_BOUNDS, seconds)] += 1
        self.seconds += seconds

    def copy(self) -> "Durations":
        copied = Durations()
        copied.counts, copied.seconds = list(self.counts), self.seconds
        return copied


class SpoolStatus(NamedTuple):
    """`bytes` on disk; records `refused` since the start; corrupt pieces in `quarantined`.

    `bound` says why records are refused now, and is empty if they are taken.
    """

    bytes: int
    refused: int
    quarantined: int
    bound: str
    commits: Durations
