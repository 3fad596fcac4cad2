"""Charts, sparklines and the map of the world: their geometry, and what is printed of them."""

import gzip
import re
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise, product
from string import ascii_uppercase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadline.countries import known_country
from leadline.dashboard.drawing import (
    Chart,
    Mark,
    Number,
    Point,
    Scale,
    line_chart,
    sparkline,
    world_map,
)
from leadline.dashboard.drawing.axis import MOST_INTERVALS, axis
from leadline.dashboard.drawing.line_chart import FLAG_WIDTH, MOST_TICKS
from leadline.dashboard.static import asset
from tests.dashboard.drawn import chart_html, map_html
from tests.dashboard.elements import safe
from tests.nasty import MARKUP

KIB = 1024
COUNTRIES = {known_country("".join(pair)) for pair in product(ascii_uppercase, repeat=2)} - {""}
ROUND = re.compile(r"[125]0*|0\.0*[125]")
numbers = st.one_of(
    st.integers(-(10**12), 10**12),
    st.floats(0, 1),
    st.decimals(-(10**9), 10**9, allow_nan=False, places=2),
)
values = st.lists(st.one_of(st.none(), numbers), max_size=100)


def chart_of(
    numbers: Sequence[Number | None],
    others: Sequence[Number | None] | None = None,
    *,
    unfinished: bool = False,
) -> Chart:
    points = [Point(f"day {n}", value, f"{n}") for n, value in enumerate(numbers)]
    compared = None
    if others is not None:
        compared = [Point(f"before {n}", value) for n, value in enumerate(others)]
    return line_chart(points, compared, scale=Scale.DECIMAL, unfinished=unfinished)


def places(*paths: str) -> list[tuple[float, float]]:
    found = re.findall(r"[ML](-?[\d.]+) (-?[\d.]+)", "".join(paths))
    return [(float(x), float(y)) for x, y in found]


@given(st.lists(numbers), st.sampled_from(Scale))
def test_an_axis_has_a_few_round_lines_around_all_values(
    values: list[Number], scale: Scale
) -> None:
    lines = axis(values, scale)
    assert 2 <= len(lines) <= MOST_INTERVALS + 2
    assert lines[0] <= min([0, *values])
    assert lines[-1] >= max([0, *values])
    steps = {Fraction(str(high)) - Fraction(str(low)) for low, high in pairwise(lines)}
    assert len(steps) == 1
    (step,) = steps
    assert 0 in lines
    if scale is not Scale.DECIMAL:
        assert step.denominator == 1
    if scale is not Scale.SECONDS:
        assert ROUND.fullmatch(f"{float(step):.7f}".rstrip("0").rstrip(".") or "0"), step
    elif step < 86_400:
        assert 86_400 % step == 0


@given(values, st.booleans())
def test_a_point_is_as_high_as_its_value_says(
    numbers: list[Number | None], unfinished: bool
) -> None:
    chart = chart_of(numbers, unfinished=unfinished)
    lines = axis([number for number in numbers if number is not None], Scale.DECIMAL)
    low, high = float(lines[0]), float(lines[-1])
    for number, column in zip(numbers, chart.columns, strict=True):
        assert (column.y is None) == (number is None)
        if column.y is not None and number is not None:
            assert column.y == pytest.approx(100 * (high - float(number)) / (high - low), abs=0.01)
            assert 0 <= column.y <= 100


@given(values, st.booleans())
def test_every_value_is_on_a_line_or_a_dot(numbers: list[Number | None], unfinished: bool) -> None:
    chart = chart_of(numbers, unfinished=unfinished)
    known = [(column.x, column.y) for column in chart.columns if column.y is not None]
    lines = places(*chart.lines)
    rest = places(chart.rest)
    assert sorted({*lines, *rest, *chart.dots}) == sorted(known)
    assert sorted(lines) == lines
    if unfinished and known:
        assert known[-1] not in lines
    else:
        assert not rest
    assert chart.is_empty == (not known)
    for path in chart.areas:
        assert path.endswith("Z")


@given(values)
def test_columns_lie_side_by_side(numbers: list[Number | None]) -> None:
    columns = chart_of(numbers).columns
    for index, column in enumerate(columns):
        assert column.left == pytest.approx(100 * index / len(columns), abs=0.01)
        assert column.x == pytest.approx(column.left + column.width / 2, abs=0.02)
    assert [column.name for column in columns] == [f"day {n}" for n in range(len(numbers))]


@given(values, values)
def test_another_time_is_compared_from_its_beginning(
    numbers: list[Number | None], others: list[Number | None]
) -> None:
    chart = chart_of(numbers, others)
    assert chart.has_comparison
    for index, column in enumerate(chart.columns):
        other = others[index] if index < len(others) else None
        assert column.other_name == (f"before {index}" if index < len(others) else "")
        assert column.other == ("–" if other is None else str(other))
        assert (column.other_y is None) == (other is None)


@given(st.integers(0, 400))
def test_there_is_room_for_the_names_below(count: int) -> None:
    ticks = chart_of([1] * count).ticks
    assert len(ticks) <= MOST_TICKS
    assert bool(ticks) == bool(count)
    for left, right in pairwise(ticks):
        assert right.x - left.x > 100 / (MOST_TICKS + 6)
        assert left.spare != right.spare


@given(st.lists(st.builds(Mark, st.integers(-5, 60), st.text(max_size=60)), max_size=12))
def test_flags_leave_room_for_each_other(marks: list[Mark]) -> None:
    chart = line_chart([Point("", 1)] * 50, marks=marks)
    there = [mark for mark in marks if 0 <= mark.bucket < 50]
    assert len(chart.flags) == len({mark.bucket for mark in there})
    for index, column in enumerate(chart.columns):
        assert list(column.marks) == [mark.text for mark in there if mark.bucket == index]
    spans = [
        (flag.row, flag.x - FLAG_WIDTH * (flag.anchor == "end"))
        for flag in chart.flags
        if flag.text
    ]
    for (row, left), (other_row, other_left) in pairwise(sorted(spans)):
        assert 0 <= left <= 100 - FLAG_WIDTH + 0.01
        assert row != other_row or other_left - left >= FLAG_WIDTH - 0.01


def test_charts_of_little() -> None:
    assert chart_of([]).is_empty
    assert chart_of([None, None]).is_empty
    one = chart_of([7])
    assert one.dots == ((50.0, one.columns[0].y),)
    assert (one.lines, one.areas) == ((), ())
    assert [level.text for level in chart_of([0, 0]).levels] == ["0", "1"]


@given(values)
def test_a_sparkline_stays_in_its_square(numbers: list[Number | None]) -> None:
    drawn = sparkline(numbers)
    points = places(*drawn.lines)
    assert all(0 <= x <= 100 and 0 <= y <= 100 for x, y in points)
    assert len(drawn.lines) == len(drawn.areas)
    assert sorted(points) == points


codes = st.sampled_from(["DE", "FR", "US", "JP", "SG", "LU", "XX", ""])


@given(st.dictionaries(codes, st.integers(0, 10**9)))
def test_the_more_came_from_a_country_the_darker_it_is(values: dict[str, int]) -> None:
    drawn = world_map(values, name=str.lower, address=lambda code: f"/?country={code}")
    assert {each.code: each.value for each in drawn.countries} == {
        code: str(value) for code, value in values.items() if value
    }
    shades = [each.shade for each in drawn.countries]
    assert shades == sorted(shades, reverse=True)
    assert shades == [] or shades[0] == 6
    least = {each.shade: int(each.text) for each in drawn.legend}
    assert list(least.values()) == sorted(least.values())
    for each in drawn.countries:
        expected = max(shade for shade, bound in least.items() if bound <= int(each.value))
        assert each.shade == expected


def test_every_country_has_an_outline() -> None:
    outlines = asset("world.svg").body.decode()
    found = set(re.findall(r'id="([A-Z]{2})"', outlines))
    assert found == COUNTRIES - {"AQ"}
    drawn = world_map({}, name=str, address=str)
    assert f'viewBox="0 0 {drawn.width} {drawn.height}"' in outlines
    marks = re.findall(r"(?<=[MVHZLz ,])-?\d+", outlines)
    assert max(int(mark) for mark in marks) <= drawn.width


@pytest.mark.parametrize("text", MARKUP)
def test_names_stay_text(text: str) -> None:
    points = [Point(text, 1, text), Point(text, 2, text)]
    chart = line_chart(points, points, [Mark(0, text), Mark(1, text)], text=lambda _: text)
    page = safe(chart_html(chart, title=text, value=text, comparison=text, milestones=text))
    assert text in page.text
    assert "script" not in [tag for tag, _ in page.found]
    drawn = world_map({text: 1}, name=lambda _: text, address=lambda _: "/x", text=lambda _: text)
    assert text in safe(map_html(drawn, text)).text


def test_a_table_says_the_same() -> None:
    points = [Point("Monday", 1200, "Mo"), Point("Tuesday", None, "Tu")]
    others = [Point("Monday before", 300)]
    chart = line_chart(points, others, [Mark(1, "Launch")], text=lambda value: f"{value:,}")
    html = chart_html(chart)
    rows = re.findall(r"<tr>(.*?)</tr>", html)
    assert re.findall(r'<th scope="col"[^>]*>(.*?)</th>', rows[0]) == [
        "Day",
        "Visitors",
        "The week before",
        "Milestones",
    ]
    told = [" ".join(re.sub("<[^>]*>", " ", row).split()) for row in rows[1:]]
    assert told == ["Monday 1,200 300 Monday before", "Tuesday – – Launch"]
    assert "<title>Monday: 1,200 · Monday before: 300</title>" in html
    assert "<title>Tuesday: – · Launch</title>" in html


def gzipped(body: bytes) -> int:
    return len(gzip.compress(body, 9))


def test_drawings_are_light() -> None:
    """A page with everything on it has to stay below 100 KB."""
    assert gzipped(asset("world.svg").body) < 16 * KIB
    files = ("world.svg", "leadline.js", "leadline.css", "htmx.js", "icon.svg")
    assert sum(gzipped(asset(name).body) for name in files) < 45 * KIB
    points = [Point(f"{n} of a month", n * 7919 % 1000, f"{n}") for n in range(90)]
    chart = chart_html(line_chart(points, points))
    drawn = world_map(
        {code: n + 1 for n, code in enumerate(sorted(COUNTRIES))},
        name=lambda code: f"Land of {code}",
        address=lambda code: f"/sites/example/?period=month&filter=country:is:{code}",
    )
    assert gzipped((chart + map_html(drawn)).encode()) < 12 * KIB
