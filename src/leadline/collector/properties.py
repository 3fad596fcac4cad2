"""The properties of events, which are stored as texts whatever the wire."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import msgspec

from leadline.collector.wire import Malformed

_LONGEST = 24 * 60 * 60
_ALL = 100
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


def departure(properties: Mapping[str, Any]) -> dict[str, str] | None:
    """What the properties of an event say of a page that was left; None if they say nothing of it.

    This is our own: `_engaged` are the seconds for which it was in view, `_scroll` is how much of
    it was seen, in percent. Raises `Malformed`.
    """
    if "_engaged" not in properties:
        return None
    found = {
        "engaged": _whole(properties["_engaged"], _LONGEST),
        "scroll": _whole(properties.get("_scroll", 0), _ALL),
    }
    return {name: str(value) for name, value in found.items()}


def _whole(value: Any, most: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
        raise Malformed("departure")
    return value


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
