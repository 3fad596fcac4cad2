"""Paths of SVG through places: across and down, both from 0 to 100 from the upper left corner."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

Place = tuple[float, float]


def runs(xs: Sequence[float], ys: Sequence[float | None]) -> Iterator[list[Place]]:
    """The places from left to right, parted where there is none."""
    places = ((x, y) for x, y in zip(xs, ys, strict=True))
    for is_gap, run in groupby(places, lambda place: place[1] is None):
        if not is_gap:
            yield [(x, y) for x, y in run if y is not None]


def line(run: Iterable[Place]) -> str:
    """The path through all of a run."""
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in run)


def area(run: Sequence[Place], ground: float) -> str:
    """What is between a run and a level."""
    return f"{line(run)}V{ground:g}H{run[0][0]:g}Z"


def middle(index: int, count: int) -> float:
    """Where the middle of one of so many equal columns is."""
    return round(100 * (index + 0.5) / count, 2)
