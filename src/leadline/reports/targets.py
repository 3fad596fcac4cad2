"""What a visit may come to, which a goal is, and a step of a funnel: a page, or an event."""

from collections.abc import Callable
from enum import StrEnum

import msgspec

from leadline.reports.dimensions import Dimension
from leadline.reports.errors import InvalidSaved, SavedFault
from leadline.reports.filters import (
    PATTERN_LENGTH,
    Did,
    Filter,
    InvalidFilter,
    InvalidPattern,
    Operator,
    Step,
    Viewed,
    check,
)
from leadline.reports.shelf import check_text

VALUE_LENGTH = 2048


class TargetKind(StrEnum):
    PAGE = "page"
    EVENT = "event"


class Target(msgspec.Struct, frozen=True):
    """A view of a page whose path, or an event whose name, compares so with `value`.

    No operator that compares with several texts is possible.
    """

    kind: TargetKind
    operator: Operator
    value: str

    @property
    def condition(self) -> Step:
        """What is true of a visit that came to it."""
        if self.kind is TargetKind.PAGE:
            return Viewed(Filter(Dimension.PATHNAME, self.operator, self.value))
        return Did(Filter(Dimension.EVENT_NAME, self.operator, self.value))


def check_target(target: Target, is_pattern: Callable[[str], bool]) -> None:
    """Raises `InvalidSaved`, which speaks of a field of the target."""
    check_text("value", target.value, VALUE_LENGTH)
    try:
        check(target.condition, is_pattern)
    except InvalidPattern as error:
        raise InvalidSaved("value", SavedFault.PATTERN, PATTERN_LENGTH) from error
    except InvalidFilter as error:
        raise InvalidSaved("operator", SavedFault.OPERATOR) from error
