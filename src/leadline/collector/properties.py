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
_SMALLEST_PLAIN = 1e-6
_LARGEST_PLAIN = 1e21


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
    text = msgspec.json.encode(_with_numbers(value), order="sorted").decode()
    for character, escaped in (("<", "\\u003c"), (">", "\\u003e"), ("&", "\\u0026")):
        text = text.replace(character, escaped)
    return text


def _with_numbers(value: Any) -> Any:
    """The same with its numbers as Go's encoding/json writes them."""
    match value:
        case dict():
            return {key: _with_numbers(each) for key, each in value.items()}
        case list():
            return list(map(_with_numbers, value))
        case float():
            return msgspec.Raw(_json_number(value).encode())
        case _:
            return value


def _json_number(value: float) -> str:
    """Without an exponent from 1e-6 up to 1e21, and with the shortest digits."""
    if value == 0 or _SMALLEST_PLAIN <= abs(value) < _LARGEST_PLAIN:
        return format(Decimal(repr(value)).normalize(), "f")
    mantissa, _, exponent = repr(value).partition("e")
    sign, digits = exponent[0], exponent[1:].lstrip("0")
    return f"{mantissa.removesuffix('.0')}e{sign}{digits.zfill(2) if sign == '+' else digits}"
