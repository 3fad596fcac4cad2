"""The properties of events, which are stored as texts whatever the wire."""

from decimal import Decimal
from typing import Any

import msgspec

_EXPONENT_FROM = 6
_EXPONENT_BELOW = -4
_WHOLE_BELOW = 2.0**63


def property_text(value: Any) -> str:
    """A property's value as SealMetrics' server stores it: as text."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case str():
            return value
        case int():
            return str(value)
        case float():
            return _number_text(value)
        case _:
            return _compact_json(value)


def _number_text(value: float) -> str:
    """Whole numbers without a point, others in the shortest form that Go's %g gives."""
    if value.is_integer() and abs(value) < _WHOLE_BELOW:
        return str(int(value))
    sign, digits, exponent = Decimal(repr(value)).normalize().as_tuple()
    assert isinstance(exponent, int)
    power = len(digits) + exponent - 1
    if _EXPONENT_BELOW <= power < _EXPONENT_FROM:
        return format(Decimal(repr(value)), "f")
    first, rest = str(digits[0]), "".join(map(str, digits[1:]))
    return f"{'-' if sign else ''}{first}{'.' if rest else ''}{rest}e{power:+03d}"


def _compact_json(value: Any) -> str:
    text = msgspec.json.encode(value, order="sorted").decode()
    for character, escaped in (("<", "\\u003c"), (">", "\\u003e"), ("&", "\\u0026")):
        text = text.replace(character, escaped)
    return text
