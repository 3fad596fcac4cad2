"""A metric over time as a line, beside that of another time, with the milestones on the way.

Places are in percent of the drawing: `x` from its left edge, `y` from its upper one.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from leadline.dashboard.drawing.axis import Number, Scale, axis
from leadline.dashboard.drawing.paths import Place, area, line, middle, runs

MOST_TICKS = 6
ROWS_OF_FLAGS = 3
FLAG_WIDTH = 25
LONGEST_FLAG = 24
"""In letters, of which a flag has room for as many within its width."""


class Point(NamedTuple):
    """A bucket: `name` says when it is, `tick` the same in as few letters as an axis has room for.

    The line has a gap where `value` is None, as for a rate of nothing.
    """

    name: str
    value: Number | None
    tick: str = ""


class Mark(NamedTuple):
    """A milestone in one of the buckets, which count from 0."""

    bucket: int
    text: str


class Level(NamedTuple):
    """A line across, and the number that it stands for."""

    y: float
    text: str


class Tick(NamedTuple):
    """A name below the drawing; the `spare` ones are left out of a narrow one."""

    x: float
    text: str
    anchor: str
    spare: bool


class Flag(NamedTuple):
    """A line down, and what its milestones are called: "" where other flags leave no room.

    The names are above the drawing, in rows of which the lowest is 0.
    """

    x: float
    text: str
    anchor: str
    row: int


class Column(NamedTuple):
    """The strip of the drawing that belongs to a bucket, and everything that is to be read there.

    `y` and `other_y` are None where there is no value; `other_name` is "" beyond the comparison.
    """

    left: float
    width: float
    x: float
    y: float | None
    other_y: float | None
    name: str
    value: str
    other_name: str
    other: str
    marks: tuple[str, ...]


class Chart(NamedTuple):
    """Paths in a square with a side of 100. `rest` leads to a last value that is not final yet.

    `dots` are values with none beside them.
    """

    lines: tuple[str, ...]
    areas: tuple[str, ...]
    rest: str
    other_lines: tuple[str, ...]
    dots: tuple[Place, ...]
    levels: tuple[Level, ...]
    ticks: tuple[Tick, ...]
    flags: tuple[Flag, ...]
    columns: tuple[Column, ...]
    has_comparison: bool

    @property
    def is_empty(self) -> bool:
        """Whether there is no value at all."""
        return all(column.y is None and column.other_y is None for column in self.columns)

    @property
    def rows_of_flags(self) -> int:
        return max((flag.row + 1 for flag in self.flags if flag.text), default=0)

    @property
    def gutter(self) -> int:
        """How many letters the longest number on the axis has."""
        return max(len(level.text) for level in self.levels)


def line_chart(
    points: Sequence[Point],
    others: Sequence[Point] | None = None,
    marks: Sequence[Mark] = (),
    *,
    text: Callable[[Number], str] = str,
    nothing: str = "–",
    scale: Scale = Scale.WHOLE,
    unfinished: bool = False,
) -> Chart:
    """The chart of buckets in the order of time.

    `others` are compared with them one by one, from the first on. `text` writes a value, `nothing`
    stands where there is none. `unfinished` says that the last value may still change. A mark of no
    bucket is left out.
    """
    count = len(points)
    compared = list(others or ())[:count]
    missing = [None] * (count - len(compared))
    values = [point.value for point in points]
    other_values = [*(point.value for point in compared), *missing]
    lines = axis([value for value in (*values, *other_values) if value is not None], scale)
    xs = [middle(index, count) for index in range(count)]
    ys = [_y(value, lines) for value in values]
    other_ys = [_y(value, lines) for value in other_values]
    marked = _by_index(marks, count)
    solid, rest = _parted(xs, ys) if unfinished else (ys, "")

    def written(value: Number | None) -> str:
        return nothing if value is None else text(value)

    return Chart(
        lines=tuple(line(run) for run in runs(xs, solid) if len(run) > 1),
        areas=tuple(area(run, _on(0, lines)) for run in runs(xs, ys) if len(run) > 1),
        rest=rest,
        other_lines=tuple(line(run) for run in runs(xs, other_ys) if len(run) > 1),
        dots=tuple(run[0] for run in runs(xs, ys) if len(run) == 1),
        levels=tuple(Level(_on(value, lines), text(value)) for value in lines),
        ticks=tuple(_ticks(points)),
        flags=tuple(_flags(marked, count)),
        columns=tuple(
            Column(
                left=round(100 * index / count, 2),
                width=round(100 / count, 2),
                x=xs[index],
                y=ys[index],
                other_y=other_ys[index],
                name=point.name,
                value=written(point.value),
                other_name=compared[index].name if index < len(compared) else "",
                other=written(other_values[index]),
                marks=tuple(marked.get(index, ())),
            )
            for index, point in enumerate(points)
        ),
        has_comparison=others is not None,
    )


def _on(value: Number, lines: Sequence[Number]) -> float:
    low, high = float(lines[0]), float(lines[-1])
    return round(100 * (high - float(value)) / (high - low), 2)


def _y(value: Number | None, lines: Sequence[Number]) -> float | None:
    return None if value is None else _on(value, lines)


def _parted(xs: Sequence[float], ys: Sequence[float | None]) -> tuple[list[float | None], str]:
    """Everything but the last value, and the way to that from the one before."""
    known = [index for index, y in enumerate(ys) if y is not None]
    if not known:
        return list(ys), ""
    last = known[-1]
    way = [(xs[index], y) for index, y in enumerate(ys) if last - 1 <= index and y is not None]
    return [*ys[:last], *[None] * (len(ys) - last)], line(way) if len(way) > 1 else ""


def _ticks(points: Sequence[Point]) -> Iterator[Tick]:
    named = [index for index, point in enumerate(points) if point.tick]
    step = -(-len(named) // MOST_TICKS) or 1
    for place, index in enumerate(named[::step]):
        x = middle(index, len(points))
        yield Tick(x, points[index].tick, _anchor(x), place % 2 == 1)


def _anchor(x: float) -> str:
    return "start" if x < 4 else "end" if x > 96 else "middle"


def _by_index(marks: Sequence[Mark], count: int) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for mark in marks:
        if 0 <= mark.bucket < count:
            found[mark.bucket].append(mark.text)
    return dict(found)


def _flags(marked: dict[int, list[str]], count: int) -> Iterator[Flag]:
    """From the right to the left, each in the lowest row whose names leave room for its own."""
    taken_from = [100.0 + FLAG_WIDTH] * ROWS_OF_FLAGS
    for index, texts in sorted(marked.items(), reverse=True):
        x = middle(index, count)
        is_right = x > 100 - FLAG_WIDTH
        left = x - FLAG_WIDTH if is_right else x
        row = next((row for row, end in enumerate(taken_from) if left + FLAG_WIDTH <= end), None)
        if row is None:
            yield Flag(x, "", "start", 0)
            continue
        taken_from[row] = left
        yield Flag(x, _short(" · ".join(texts)), "end" if is_right else "start", row)


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_FLAG else text[: LONGEST_FLAG - 1].rstrip() + "…"
