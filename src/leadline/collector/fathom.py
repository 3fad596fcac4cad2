"""Fathom's wire: everything in the query of a request for the collector's root.

A pageview is a GET with `h`, `p`, `r`, `sid`, `qs`, `cid`; an event adds `name` and `payload`
(with `_value` in hundredths; what has no underscore is a property, and `_engaged` makes it a
departure, which is our own), a legacy goal `gcode` and `gval`; a departure ping has `dp`. An image
for browsers without scripts has `sid` and `noscript`, and its page is the `Referer`.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import msgspec

from leadline.collector import text_json
from leadline.collector.properties import departure, property_text
from leadline.collector.urls import form_fields, parameters
from leadline.collector.wire import Malformed, WireHit, amount_of
from leadline.spool import Kind

QUERY_LENGTH = 32 * 1024
_NONE = ("", "{}")
_decoder = msgspec.json.Decoder()
_HUNDREDTH = Decimal("0.01")
_NO_VALUE = ("", "undefined", "null")
"""What a script writes for a value that the page does not give."""


def decode(query: bytes, referer: bytes = b"") -> WireHit | None:
    """The hit in a query string; None for a departure ping, which is no hit.

    Raises `Malformed`.
    """
    if len(query) > QUERY_LENGTH:
        raise Malformed("query")
    given = form_fields(query.decode("utf-8", "replace"))
    if "dp" in given:
        return None
    page = given.get("h")
    if not page and "noscript" in given:
        page = referer.decode("utf-8", "replace")
    if not page:
        raise Malformed("h")
    path, _, search = given.get("p", "").replace("#", "%23").partition("?")
    address, _, page_search = page.partition("?")
    if "p" in given:
        address = _origin(address) + (path if path.startswith("/") else f"/{path}")
    kind, name, value, properties = _event(given)
    return WireHit(
        site=given.get("sid", ""),
        page=address,
        referrer=given.get("r", ""),
        parameters=_parameters(page_search, search, given.get("qs", "")),
        kind=kind,
        name=name,
        amount=value,
        properties=properties,
        wire="fathom",
    )


def _parameters(page_search: str, search: str, given: str) -> Mapping[str, str]:
    """Of a parameter in several places the last counts."""
    if page_search or search or given not in _NONE:
        return {**parameters(page_search), **parameters(search), **_strings(given)}
    return {}


def _origin(address: str) -> str:
    scheme, separator, rest = address.partition("://")
    return f"{scheme}{separator}{rest.partition('/')[0]}" if separator else address


def _event(given: dict[str, str]) -> tuple[Kind, str, Decimal | None, dict[str, str]]:
    """What it is; the name of an event; value in units of the currency; properties."""
    if given.get("gcode"):
        worth = given.get("gval", "")
        if worth in _NO_VALUE:
            return Kind.MICRO, given["gcode"], None, {}
        return Kind.CONVERSION, given["gcode"], _in_units(_number(worth)), {}
    name = given.get("name", "")
    if not name:
        return Kind.PAGEVIEW, "", None, {}
    payload = _object(given.get("payload", ""))
    left = departure(payload)
    if left is not None:
        return Kind.DEPARTURE, "", None, left
    value = payload.get("_value")
    properties = _properties(payload)
    if value is None or isinstance(value, bool) or not isinstance(value, int | float):
        return Kind.MICRO, name, None, properties
    return Kind.CONVERSION, name, _in_units(value), properties


def _number(text: str) -> int | float:
    try:
        return msgspec.json.decode(text, type=int | float)
    except msgspec.MsgspecError as error:
        raise Malformed("gval") from error


def _in_units(hundredths: int | float) -> Decimal:
    return amount_of(Decimal(str(hundredths)) * _HUNDREDTH)


def _properties(payload: dict[str, Any]) -> dict[str, str]:
    try:
        return {
            key: property_text(value) for key, value in payload.items() if not key.startswith("_")
        }
    except (ValueError, RecursionError) as error:
        raise Malformed("payload") from error


def _object(text: str) -> dict[str, Any]:
    try:
        found = text_json.decode(_decoder, text.encode()) if text else {}
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _strings(text: str) -> dict[str, str]:
    """The parameters that have a value; an empty one hides none that the page's address has."""
    return {n: value for n, value in _object(text).items() if value and isinstance(value, str)}
