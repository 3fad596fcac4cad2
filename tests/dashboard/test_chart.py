"""The bars of a site's page."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from leadline.dashboard.chart import HEIGHT, WIDTH, chart_of, round_up
from leadline.reports import DayCount

numbers = st.integers(min_value=0, max_value=10**12)


@given(st.lists(numbers, min_size=1, max_size=40))
def test_bars_stand_side_by_side_and_as_high_as_their_share(hits: list[int]) -> None:
    days = [DayCount(date(2026, 1, 1) + timedelta(n), number) for n, number in enumerate(hits)]
    chart = chart_of(days)
    assert chart.total == sum(hits)
    assert [bar.day for bar in chart.bars] == [day.day for day in days]
    for left, right in zip(chart.bars, chart.bars[1:], strict=False):
        assert left.x + left.width <= right.x
    for bar in chart.bars:
        assert 0 <= bar.x < bar.x + bar.width <= WIDTH + 0.1
        assert abs(bar.y + bar.height - HEIGHT) < 0.1
        assert (bar.height > 0) == (bar.hits > 0)
        assert abs(bar.height - HEIGHT * bar.hits / chart.top) <= 2


@given(numbers)
def test_the_axis_ends_at_the_next_round_number(number: int) -> None:
    top = round_up(number)
    assert max(1, number) <= top <= max(1, 1.5 * number)
    assert len(str(top).rstrip("0")) <= 2
