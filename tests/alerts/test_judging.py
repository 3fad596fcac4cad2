"""Whether a condition holds, held against floats that know no shortcuts."""

import math
from decimal import Decimal
from fractions import Fraction
from statistics import fmean, pstdev

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from leadline.alerts import ConditionType, Direction, Figures, judge, mean

COUNTS = st.integers(0, 10_000)


def figures(current: int, before: list[int]) -> Figures:
    values = [Fraction(value) for value in before]
    return Figures(Fraction(current), values, mean(values))


def naive(
    condition: ConditionType,
    direction: Direction,
    threshold: float,
    current: int,
    before: list[int],
) -> float | bool | None:
    """How far, in units of the threshold, upwards; or an answer where there is no such thing."""
    middle = fmean(before) if before else 0.0
    match condition:
        case ConditionType.ABSOLUTE_THRESHOLD:
            if direction is Direction.INCREASE:
                return current >= threshold
            if direction is Direction.DECREASE:
                return current <= threshold
            return bool(before) and abs(current - middle) >= threshold
        case ConditionType.STD_DEVIATION:
            deviation = pstdev(before) if before else 0.0
            return (current - middle) / deviation if deviation else None
        case ConditionType.RATE_OF_CHANGE:
            middle = before[-1] if before else 0.0
    return (current / middle - 1) * 100 if middle else None


@given(
    st.sampled_from(ConditionType),
    st.sampled_from(Direction),
    st.decimals(0, 10_000, places=2),
    COUNTS,
    st.lists(COUNTS, max_size=20),
)
def test_it_holds_when_it_should(
    condition: ConditionType,
    direction: Direction,
    threshold: Decimal,
    current: int,
    before: list[int],
) -> None:
    found = judge(condition, direction, threshold, figures(current, before))
    limit = float(threshold)
    expected = naive(condition, direction, limit, current, before)
    if expected is None:
        assert not found.is_triggered
    elif isinstance(expected, bool):
        assume(not before or not math.isclose(abs(current - fmean(before)), limit))
        assert found.is_triggered == expected
    else:
        assume(not math.isclose(abs(expected), limit, abs_tol=1e-6))
        rises = direction is not Direction.DECREASE and expected > limit
        falls = direction is not Direction.INCREASE and expected < -limit
        assert found.is_triggered == (rises or falls)
    assert found.current_value == current


@pytest.mark.parametrize(
    ("condition", "direction", "threshold", "current", "before", "holds"),
    [
        ("percentage_change", "increase", "50", 150, [100, 100], True),
        ("percentage_change", "increase", "50", 149, [100, 100], False),
        ("percentage_change", "decrease", "50", 50, [100, 100], True),
        ("percentage_change", "both", "0", 100, [100], False),
        ("percentage_change", "both", "50", 100, [0, 0], False),
        ("percentage_change", "both", "50", 100, [], False),
        ("rate_of_change", "decrease", "100", 0, [900, 10], True),
        ("absolute_threshold", "increase", "100", 100, [], True),
        ("absolute_threshold", "decrease", "0", 0, [], True),
        ("absolute_threshold", "both", "10", 110, [100], True),
        ("absolute_threshold", "both", "10", 110, [], False),
        ("std_deviation", "increase", "3", 12, [9, 11], False),
        ("std_deviation", "increase", "3", 13, [9, 11], True),
        ("std_deviation", "both", "3", 16, [10, 10], False),
    ],
)
def test_just_so_much_is_enough(
    condition: str, direction: str, threshold: str, current: int, before: list[int], holds: bool
) -> None:
    found = judge(
        ConditionType(condition), Direction(direction), Decimal(threshold), figures(current, before)
    )
    assert found.is_triggered == holds


def test_what_is_told_is_rounded() -> None:
    condition = ConditionType.PERCENTAGE_CHANGE
    found = judge(condition, Direction.BOTH, Decimal(50), figures(2, [1, 1, 4]))
    assert found.baseline_value == Decimal("2.00")
    assert found.change_percentage == Decimal("0.00")
    assert judge(condition, Direction.BOTH, Decimal(50), figures(1, [])).change_percentage is None
