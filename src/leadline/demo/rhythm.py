"""How many hits there are at which time: nights and weekends, growth, good and bad days."""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from math import ceil, cos, pi

from leadline.demo.catalog import Kind
from leadline.demo.days import HOUR, HOURS_OF_A_WEEK, Days
from leadline.demo.venues import Venue

MOST_AT_ONCE = 40_000
"""About so many hits are in a window at most: they are in memory together."""

GROWTH = 0.8
"""So much busier than at the beginning it is at the end."""

SATURDAY = 5
QUIETEST = 4
NIGHT = 0.08
"""How busy the quietest hour of a day is beside the busiest."""


class Rhythm:
    """Time in windows of equal length, the last one cut where it all ends."""

    def __init__(self, venues: Sequence[Venue], hits: int, until: int) -> None:
        self.until = until
        self.since = min(venue.days.begins[0] for venue in venues)
        self._venues = venues
        span = until - self.since
        self.length = max(1, min(HOUR, span * MOST_AT_ONCE // (2 * hits)))
        self.count = ceil(span / self.length)
        self._profiles = {venue.kind.name: _profile(venue.kind) for venue in venues}
        self._zones = list({id(venue.days): venue.days for venue in venues}.values())

    def begins(self, window: int) -> int:
        return self.since + window * self.length

    def ends(self, window: int) -> int:
        return min(self.begins(window + 1), self.until)

    def weights(self, window: int) -> list[float]:
        """How busy each site is then."""
        begins, ends = self.begins(window), self.ends(window)
        middle = (begins + ends) // 2
        part = (ends - begins) / self.length
        factor = part * (1 + GROWTH * (middle - self.since) / (self.until - self.since))
        moments = {id(days): _in(days, middle) for days in self._zones}
        found = []
        for venue in self._venues:
            day, hour = moments[id(venue.days)]
            profile = self._profiles[venue.kind.name]
            mood = venue.moods[day] if day >= 0 else 0.0
            found.append(venue.size * mood * profile[hour] * factor)
        return found

    def targets(self, hits: int) -> list[int]:
        """How many hits there are to be by the end of each window, in all."""
        so_far = list(accumulate(sum(self.weights(window)) for window in range(self.count)))
        return [round(hits * each / so_far[-1]) for each in so_far[:-1]] + [hits]


def _in(days: Days, moment: int) -> tuple[int, int]:
    """The number of the day, -1 before the first, and the hour of the week."""
    return bisect_right(days.begins, moment) - 1, days.hour_of_week(moment)


def _profile(kind: Kind) -> list[float]:
    """How busy each hour of a week is."""
    return [_busy(kind, *divmod(hour, 24)) for hour in range(HOURS_OF_A_WEEK)]


def _busy(kind: Kind, weekday: int, hour: int) -> float:
    by_day = NIGHT + (1 - NIGHT) * (1 - cos(2 * pi * (hour - QUIETEST) / 24)) / 2
    evening = kind.evening if 18 <= hour <= 22 else 1.0
    return by_day * evening * (kind.weekend if weekday >= SATURDAY else 1.0)
