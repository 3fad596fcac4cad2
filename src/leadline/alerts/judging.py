"""Whether a figure is what a rule waits for. Exact: nothing is rounded before it is compared."""

from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from typing import NamedTuple

from leadline.alerts.model import ConditionType, Direction

CENT = Decimal("0.01")


class Figures(NamedTuple):
    """A window's figure, those of the windows before it, the latest last, and what they are in all
    (their mean, or a rate of all of them together)."""

    current: Fraction
    before: Sequence[Fraction]
    baseline: Fraction


class Judgement(NamedTuple):
    """In hundredths. `change_percentage` is against the baseline, None if that is 0."""

    current_value: Decimal
    baseline_value: Decimal
    change_percentage: Decimal | None
    is_triggered: bool


def judge(
    condition: ConditionType, direction: Direction, threshold: Decimal, figures: Figures
) -> Judgement:
    """Without windows before only `absolute_threshold` with one direction can hold.

    - `percentage_change`: by so many percent of the baseline.
    - `rate_of_change`: as that, of the window just before.
    - `std_deviation`: by so many standard deviations of the windows before, from their mean.
    - `absolute_threshold`: that much or more (increase), that much or less (decrease), or that far
      from the baseline (both).
    """
    current, before, baseline = figures
    limit = Fraction(threshold)
    if condition is ConditionType.RATE_OF_CHANGE:
        baseline = before[-1] if before else Fraction(0)
    change = (current - baseline) / baseline * 100 if baseline else None
    match condition:
        case ConditionType.ABSOLUTE_THRESHOLD if direction is Direction.INCREASE:
            holds = current >= limit
        case ConditionType.ABSOLUTE_THRESHOLD if direction is Direction.DECREASE:
            holds = current <= limit
        case ConditionType.ABSOLUTE_THRESHOLD:
            holds = bool(before) and abs(current - baseline) >= limit
        case ConditionType.STD_DEVIATION:
            holds = _is_far(current, before, limit, direction)
        case _:
            holds = change is not None and _is_beyond(change, limit, direction)
    return Judgement(
        hundredths(current),
        hundredths(baseline),
        None if change is None else hundredths(change),
        holds,
    )


def mean(values: Sequence[Fraction]) -> Fraction:
    """0 of none."""
    return sum(values, Fraction(0)) / len(values) if values else Fraction(0)


def hundredths(value: Fraction) -> Decimal:
    return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(CENT, ROUND_HALF_EVEN)


def _is_beyond(difference: Fraction, limit: Fraction, direction: Direction) -> bool:
    if difference > 0:
        return direction is not Direction.DECREASE and difference >= limit
    if difference < 0:
        return direction is not Direction.INCREASE and -difference >= limit
    return False


def _is_far(
    current: Fraction, before: Sequence[Fraction], limit: Fraction, direction: Direction
) -> bool:
    """Squares are compared, which are rational."""
    middle = mean(before)
    variance = mean([(value - middle) ** 2 for value in before])
    difference = current - middle
    squared = difference**2 if difference >= 0 else -(difference**2)
    return variance > 0 and _is_beyond(squared, limit**2 * variance, direction)
