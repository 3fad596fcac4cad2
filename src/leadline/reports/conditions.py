"""A tree of conditions as SQL, for either engine."""

import re
from collections.abc import Callable

from leadline.reports.dimensions import By
from leadline.reports.filters import AllOf, AnyOf, Condition, Filter, Not, Operator, conditions
from leadline.warehouse import Dialect

_NEGATED = {
    Operator.IS_NOT: Operator.IS,
    Operator.NOT_LIKE: Operator.LIKE,
    Operator.NOT_IN: Operator.IN,
    Operator.NOT_MATCHES: Operator.MATCHES,
}

Expression = Callable[[By], str]
"""The SQL of what is compared; never NULL."""


def parameters(tree: Condition) -> dict[str, str]:
    """The texts that are compared with, by the names that `condition` has for them."""
    return {
        f"{name}_{number}": _compared(each.operator, text)
        for each, name in _names(tree).items()
        for number, text in enumerate(each.texts)
    }


def condition(tree: Condition, expression: Expression, dialect: Dialect) -> str:
    """In brackets, where it needs some."""
    names = _names(tree)

    def told(part: Condition) -> str:
        match part:
            case Filter():
                return _test(part, names[part], expression(part.dimension), dialect)
            case Not(inner):
                return f"NOT {told(inner)}"
            case AllOf(parts):
                return f"({' AND '.join(map(told, parts)) or '1 = 1'})"
            case AnyOf(parts):
                return f"({' OR '.join(map(told, parts)) or '1 = 0'})"

    return told(tree)


def _names(tree: Condition) -> dict[Filter, str]:
    """Conditions that are alike share one."""
    return {each: f"filter_{n}" for n, each in enumerate(dict.fromkeys(conditions(tree)))}


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
