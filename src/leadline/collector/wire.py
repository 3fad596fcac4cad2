"""What both wires say, once decoded: the common form that the collector works on."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation

import msgspec

from leadline.spool import Kind

NAME_LENGTH = 255
_LARGEST_AMOUNT = Decimal(10) ** 13
_STEP = Decimal("0.0001")


class Malformed(Exception):
    """The hit breaks the rules of its wire; it is dropped."""


class WireHit(msgspec.Struct, frozen=True, kw_only=True):
    """A hit as its sender wrote it. `site` is a code or a slug, `page` the page's full address.

    `parameters` are the URL parameters that the wire carried, `wire` is its name. `happened_at`
    is for hits that are told of later, by somebody who knows when that was.
    """

    site: str
    page: str
    referrer: str
    parameters: Mapping[str, str]
    kind: Kind = Kind.PAGEVIEW
    name: str = ""
    amount: Decimal | None = None
    properties: dict[str, str] = {}
    group: str = ""
    browser_timezone: str = ""
    wire: str
    happened_at: datetime | None = None


def amount_of(value: int | float | Decimal) -> Decimal:
    """`value` to four decimals. Raises `Malformed` for what no till would take."""
    try:
        amount = Decimal(str(value)).quantize(_STEP)
    except InvalidOperation as error:
        raise Malformed("amount") from error
    if not abs(amount) < _LARGEST_AMOUNT:
        raise Malformed("amount")
    return amount
