"""A question of steps: how many visits did the first, how many of these then the second, and on."""

from collections.abc import Mapping
from datetime import datetime
from itertools import pairwise

import msgspec

from leadline.reports.filters import Condition, InvalidFilter, Step

FEWEST_STEPS = 2
MOST_STEPS = 10


class InvalidFunnel(InvalidFilter):
    """A funnel has too few steps, or too many."""


class Funnel(msgspec.Struct, frozen=True, kw_only=True):
    """Of visits that begin from `since` until before `until` and fit all `filters`.

    A visit reaches a step with a hit that fits it and is later than one with which it reached the
    step before; one hit is one step, and what else the visit does in between does not matter. The
    hits may be after `until`. A visit may have no page, and filters of a page mean that of its
    first hit.
    """

    sites: tuple[int, ...]
    since: datetime
    until: datetime
    steps: tuple[Step, ...]
    filters: tuple[Condition, ...] = ()


class Reached(msgspec.Struct, frozen=True):
    """The `visits` that reached a step, of those that reached the one `before`.

    What is before the first step is to begin a visit. Rates are from 0 to 1, and 0 of nothing.
    """

    visits: int
    before: int

    @property
    def rate(self) -> float:
        return self.visits / self.before if self.before else 0.0

    @property
    def drop_off(self) -> float:
        return (self.before - self.visits) / self.before if self.before else 0.0


class FunnelResult(msgspec.Struct, frozen=True):
    """`entrances` are all visits that were asked about, and `steps` those of the funnel."""

    entrances: int
    steps: tuple[Reached, ...]

    @property
    def completion_rate(self) -> float:
        """Of the visits that reached the first step, those that reached the last."""
        return Reached(self.steps[-1].visits, self.steps[0].visits).rate


def check_steps(funnel: Funnel) -> None:
    if not FEWEST_STEPS <= len(funnel.steps) <= MOST_STEPS:
        raise InvalidFunnel(f"a funnel has from {FEWEST_STEPS} to {MOST_STEPS} steps")


def result(funnel: Funnel, visits: Mapping[int, int]) -> FunnelResult:
    """`visits` are those that did so many steps and no more."""
    reached = [
        sum(count for done, count in visits.items() if done >= number)
        for number in range(len(funnel.steps) + 1)
    ]
    return FunnelResult(
        reached[0], tuple(Reached(now, before) for before, now in pairwise(reached))
    )
