"""How many requests somebody may make in a window of time; counted in this process's memory."""

import math
import time

from limits.storage import MemoryStorage

from leadline.access.errors import RateLimited
from leadline.access.model import Allowance

MINUTE = 60
HOUR = 3600


class Throttle:
    """A fixed window of so many seconds per key; a limit of 0 lets everything pass."""

    def __init__(self, limit: int, seconds: int) -> None:
        self._limit = limit
        self._seconds = seconds
        self._counts = MemoryStorage()

    @classmethod
    def per_minute(cls, limit: int) -> "Throttle":
        return cls(limit, MINUTE)

    @classmethod
    def per_hour(cls, limit: int) -> "Throttle":
        return cls(limit, HOUR)

    def spend(self, key: str) -> Allowance | None:
        """Count one request of `key`. Raises `RateLimited`; None stands for no limit."""
        if not self._limit:
            return None
        if self._counts.get_expiry(key) > time.time() + 2 * self._seconds:  # the clock was set back
            self._counts.clear(key)
        spent = self._counts.incr(key, self._seconds)
        ends = self._counts.get_expiry(key)
        allowance = Allowance(self._limit, max(0, self._limit - spent), math.ceil(ends))
        if spent > self._limit:
            retry_after = max(1, math.ceil(ends - time.time()))
            raise RateLimited(retry_after, allowance, is_first=spent == self._limit + 1)
        return allowance
