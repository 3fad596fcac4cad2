"""Hits by day as bars, drawn on the server."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from leadline.reports import DayCount

WIDTH, HEIGHT = 700, 160
GAP = 6
LEAST = 2
"""The height of a bar that stands for little, so that it is seen."""


class Bar(NamedTuple):
    """A day's bar, in the units of the drawing; `x` and `y` are its upper left corner."""

    day: date
    hits: int
    x: float
    y: float
    width: float
    height: float


class Chart(NamedTuple):
    """`top` is the number that the full height stands for."""

    bars: tuple[Bar, ...]
    top: int
    width: int = WIDTH
    height: int = HEIGHT

    @property
    def total(self) -> int:
        return sum(bar.hits for bar in self.bars)


def chart_of(days: Sequence[DayCount]) -> Chart:
    top = round_up(max((day.hits for day in days), default=0))
    step = (WIDTH + GAP) / max(1, len(days))
    bars = (_bar(day, index * step, step - GAP, top) for index, day in enumerate(days))
    return Chart(tuple(bars), top)


def round_up(number: int) -> int:
    """The next number, from 1 on, that reads well on an axis: 7, 60, 150, 1 500."""
    step = max(1, 5 * 10 ** (len(str(number)) - 2)) if number >= 10 else 1
    return max(1, -(-number // step) * step)


def _bar(day: DayCount, x: float, width: float, top: int) -> Bar:
    height = round(max(HEIGHT * day.hits / top, LEAST), 1) if day.hits else 0
    return Bar(day.day, day.hits, round(x, 1), round(HEIGHT - height, 1), round(width, 1), height)
