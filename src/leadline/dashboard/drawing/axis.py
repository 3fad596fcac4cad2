"""An axis whose lines stand at round numbers."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from itertools import count
from math import ceil, floor

Number = int | float | Decimal

MOST_INTERVALS = 4
"""Between the lowest line and the highest, or one more where values are on both sides of zero."""

_DAY = 86_400
_UP_TO_A_DAY = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, _DAY)


class Scale(Enum):
    """What numbers are round: how far the lines of an axis may be apart."""

    WHOLE = "1, 2, 5, 10, 20 and so on"
    DECIMAL = "the same, and 0.5, 0.2, 0.1 and so on"
    SECONDS = "what reads well as hours, minutes and seconds"

    def steps(self) -> Iterator[Fraction]:
        """The distances, ascending."""
        match self:
            case Scale.WHOLE:
                yield from _decimal_steps(0)
            case Scale.DECIMAL:
                yield from _decimal_steps(-6)
            case Scale.SECONDS:
                yield from map(Fraction, _UP_TO_A_DAY)
                yield from (_DAY * step for step in _decimal_steps(0) if step > 1)


def axis(values: Sequence[Number], scale: Scale = Scale.WHOLE) -> tuple[Number, ...]:
    """The lines of an axis that has room for zero and all values: ascending, two at least."""
    low = Fraction(min([0, *values]))
    high = Fraction(max([0, *values]))
    if low == high:
        return 0, 1
    step = next(step for step in scale.steps() if high - low <= step * MOST_INTERVALS)
    lines = range(floor(low / step), ceil(high / step) + 1)
    return tuple(_plain(line * step) for line in lines)


def _decimal_steps(exponent: int) -> Iterator[Fraction]:
    for power in count(exponent):
        for digit in (1, 2, 5):
            yield digit * Fraction(10) ** power


def _plain(number: Fraction) -> Number:
    return int(number) if number.denominator == 1 else float(number)
