"""How long everything together may take."""

from collections.abc import Callable
from time import monotonic

from leadline.doctor.errors import TimedOut


class Deadline:
    """A moment from which on nothing is waited for any more."""

    def __init__(self, seconds: float, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._end = clock() + seconds

    def left(self) -> float:
        """Seconds, more than 0. Raises `TimedOut`."""
        left = self._end - self._clock()
        if left <= 0:
            raise TimedOut
        return left

    def at_most(self, seconds: float) -> "Deadline":
        """One that is not later, and not later than in so many seconds."""
        return Deadline(max(0.0, min(seconds, self._end - self._clock())), self._clock)
