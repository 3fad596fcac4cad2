"""What a visit may come to, which goals are and funnels are made of: a page, or an event."""

from collections.abc import Callable
from enum import StrEnum

import msgspec

from leadline.reports.dimensions import Dimension
from leadline.reports.errors import InvalidSaved
from leadline.reports.filters import (
    PATTERN_LENGTH,
    Filter,
    InvalidFilter,
    InvalidPattern,
    Operator,
    check,
)
from leadline.reports.shelf import check_text

VALUE_LENGTH = 2048


class StepKind(StrEnum):
    PAGE = "page"
    EVENT = "event"


class Step(msgspec.Struct, frozen=True):
    """A view of a page whose path, or an event whose name, compares so with `value`.

    No operator that compares with several texts is possible.
    """

    kind: StepKind
    operator: Operator
    value: str

    @property
    def condition(self) -> Filter:
        """What is true of its hits."""
        is_page = self.kind is StepKind.PAGE
        dimension = Dimension.PATHNAME if is_page else Dimension.EVENT_NAME
        return Filter(dimension, self.operator, self.value)


def check_step(step: Step, is_pattern: Callable[[str], bool]) -> None:
    """Raises `InvalidSaved`, which speaks of a field of the step."""
    check_text("value", step.value, VALUE_LENGTH)
    try:
        check(step.condition, is_pattern)
    except InvalidPattern as error:
        reason = f"Not a regular expression of up to {PATTERN_LENGTH} characters"
        raise InvalidSaved("value", reason) from error
    except InvalidFilter as error:
        raise InvalidSaved("operator", "A step compares with one text") from error
