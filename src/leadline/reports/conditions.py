"""A tree of conditions as SQL, for either engine."""

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from leadline.reports.dimensions import By
from leadline.reports.filters import (
    AllOf,
    AnyOf,
    Condition,
    Did,
    Filter,
    Not,
    Operator,
    Step,
    Viewed,
    conditions,
)
from leadline.warehouse import Dialect

_NEGATED = {
    Operator.IS_NOT: Operator.IS,
    Operator.NOT_LIKE: Operator.LIKE,
    Operator.NOT_IN: Operator.IN,
    Operator.NOT_MATCHES: Operator.MATCHES,
}

IS_PAGEVIEW = "hits.kind = 'pageview'"
IS_EVENT = "hits.kind IN ('conversion', 'micro')"

Expression = Callable[[By], str]
"""The SQL of what is compared; never NULL."""


class Asked(NamedTuple):
    """Of what a condition is asked: of what is known of a row, and of any hit of its visit.

    `any_hit` makes of a test of a hit one of whether a hit of the row's visit passes it.
    """

    expression: Expression
    any_hit: Callable[[str], str]


class Conditions:
    """Those of a question, whose parameters have names that are shared by all that are alike."""

    def __init__(self, trees: Sequence[Condition], of_hit: Expression, dialect: Dialect) -> None:
        """`of_hit` is what a hit is known by on its own."""
        found = dict.fromkeys(conditions(AllOf(tuple(trees))))
        self._names = {each: f"filter_{number}" for number, each in enumerate(found)}
        self._of_hit = of_hit
        self._dialect = dialect

    def parameters(self) -> dict[str, str]:
        """The texts that are compared with."""
        return {
            f"{name}_{number}": _compared(each.operator, text)
            for each, name in self._names.items()
            for number, text in enumerate(each.texts)
        }

    def test(self, tree: Condition, asked: Asked) -> str:
        """In brackets, where it needs some."""
        match tree:
            case Filter():
                return self._compare(tree, asked.expression(tree.dimension))
            case Not(part):
                return f"NOT {self.test(part, asked)}"
            case AllOf(parts):
                return f"({' AND '.join(self.test(each, asked) for each in parts) or '1 = 1'})"
            case AnyOf(parts):
                return f"({' OR '.join(self.test(each, asked) for each in parts) or '1 = 0'})"
            case Viewed() | Did():
                return asked.any_hit(self.test_of_hit(tree))

    def test_of_hit(self, step: Step) -> str:
        match step:
            case Viewed(which):
                kind = IS_PAGEVIEW
            case Did(which):
                kind = IS_EVENT
        return f"({kind} AND {self.test(which, Asked(self._of_hit, any_hit=str))})"

    def _compare(self, each: Filter, text: str) -> str:
        return _test(each, self._names[each], text, self._dialect)


def _test(each: Filter, name: str, text: str, dialect: Dialect) -> str:
    operator = _NEGATED.get(each.operator, each.operator)
    values = [f"${name}_{number}" for number, _ in enumerate(each.texts)]
    if operator in (Operator.IS, Operator.IN):
        is_so = f"{text} IN ({', '.join(values)})" if values else f"{text} <> {text}"
    else:
        is_so = dialect.matches(text, f"{name}_0")
    return f"(NOT ({is_so}))" if each.operator in _NEGATED else f"({is_so})"


def _compared(operator: Operator, text: str) -> str:
    """What a text is compared with: another, or a pattern."""
    match _NEGATED.get(operator, operator):
        case Operator.LIKE:
            return "(?s)" + ".*".join(map(re.escape, text.split("*")))
        case Operator.STARTS_WITH:
            return r"\A" + re.escape(text)
        case Operator.ENDS_WITH:
            return re.escape(text) + r"\z"
        case _:
            return text
