"""How a number went, without saying how far."""

from collections.abc import Sequence
from typing import NamedTuple

from leadline.dashboard.drawing.axis import Number
from leadline.dashboard.drawing.paths import area, line, runs


class Sparkline(NamedTuple):
    """Paths in a square with a side of 100; none if there are not two values side by side."""

    lines: tuple[str, ...]
    areas: tuple[str, ...]


def sparkline(values: Sequence[Number | None]) -> Sparkline:
    """From zero up to the greatest of the values, which are in the order of time."""
    known = [float(value) for value in values if value is not None]
    low, high = min([0.0, *known]), max([0.0, *known])
    spread = high - low or 1
    xs = [round(100 * index / max(1, len(values) - 1), 2) for index in range(len(values))]
    ys = [None if value is None else _y(float(value), low, spread) for value in values]
    drawn = [run for run in runs(xs, ys) if len(run) > 1]
    ground = _y(0, low, spread)
    return Sparkline(tuple(line(run) for run in drawn), tuple(area(run, ground) for run in drawn))


def _y(value: float, low: float, spread: float) -> float:
    return round(100 * (1 - (value - low) / spread), 1)
