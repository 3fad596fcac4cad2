"""How many requests somebody may make in a window of time; counted in this process's memory."""

import math
import time

from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from leadline.access.errors import RateLimited
from leadline.access.model import Allowance


class Throttle:
    """A fixed window of requests per key; without a limit it lets everything pass."""

    def __init__(self, window: RateLimitItem | None) -> None:
        self._window = window
        self._limiter = FixedWindowRateLimiter(MemoryStorage())

    @classmethod
    def per_minute(cls, limit: int) -> "Throttle":
        return cls(RateLimitItemPerMinute(limit) if limit else None)

    @classmethod
    def per_hour(cls, limit: int) -> "Throttle":
        return cls(RateLimitItemPerHour(limit) if limit else None)

    def spend(self, key: str) -> Allowance | None:
        """Count one request of `key`. Raises `RateLimited`; None stands for no limit."""
        if self._window is None:
            return None
        allowed = self._limiter.hit(self._window, key)
        state = self._limiter.get_window_stats(self._window, key)
        reset = math.ceil(state.reset_time)
        allowance = Allowance(self._window.amount, max(0, state.remaining), reset)
        if not allowed:
            raise RateLimited(max(1, math.ceil(state.reset_time - time.time())), allowance)
        return allowance
