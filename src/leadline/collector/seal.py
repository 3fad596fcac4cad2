"""SealMetrics' wire: a POST whose body is a form with one field `d`, or the JSON itself."""

import re
from typing import Any

import msgspec

from leadline.collector import text_json
from leadline.collector.properties import departure, property_text
from leadline.collector.urls import form_field, parameters, parse
from leadline.collector.wire import Malformed, WireHit, amount_of
from leadline.spool import Kind

BODY_LENGTH = 15 * 1024


class _Payload(msgspec.Struct):
    """The keys of the wire: account, session, token, URL, referrer, zone, clock, group; event,
    value, micro, extra properties. The session and the token are accepted and not used."""

    a: str | None = None
    s: str | None = None
    t: str | None = None
    u: str | None = None
    r: str | None = None
    z: str | None = None
    c: int | None = None
    g: str | None = None
    e: str | None = None
    v: int | float | None = None
    m: Any = None
    x: dict[str, Any] | None = None
    p: dict[str, str | None] | None = None


_BROKEN_FORM = re.compile(rb"%(?![0-9a-fA-F]{2})|;")
_decoder = msgspec.json.Decoder(_Payload)


def decode(body: bytes, content_type: bytes) -> WireHit:
    """The hit in a request's body. Raises `Malformed`."""
    if len(body) > BODY_LENGTH:
        raise Malformed("body")
    try:
        given = text_json.decode(_decoder, _json_in(body, content_type))
        extra = given.x or given.p or {}
        left = departure(extra) if given.e else None
        event = "" if left else given.e or ""
        properties = left or {key: property_text(value) for key, value in extra.items()}
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise Malformed("json") from error
    address = parse(given.u or "")
    kind = Kind.PAGEVIEW
    if left:
        kind = Kind.DEPARTURE
    elif event:
        kind = Kind.MICRO if _is_true(given.m) else Kind.CONVERSION
    return WireHit(
        site=given.a or "",
        page=given.u or "",
        referrer=given.r or "",
        parameters=parameters(address.query) if address else {},
        kind=kind,
        name=event,
        amount=amount_of(given.v or 0) if kind is Kind.CONVERSION else None,
        properties=properties,
        group=(given.g or "") if kind is Kind.PAGEVIEW else "",
        browser_timezone=given.z or "",
        wire="seal",
    )


def _json_in(body: bytes, content_type: bytes) -> bytes:
    if not content_type.lower().startswith(b"application/x-www-form-urlencoded"):
        return body
    found = form_field(body.decode("utf-8", "replace"), "d")
    # Most forms have one field, and then an escape that is none would still be in its text.
    if ("%" in found or b";" in body or b"&" in body or not body.startswith(b"d=")) and (
        _BROKEN_FORM.search(body)
    ):
        raise Malformed("form")
    return found.encode()


def _is_true(mark: Any) -> bool:
    if isinstance(mark, bool | int | float):
        return bool(mark)
    return mark in ("true", "1")
