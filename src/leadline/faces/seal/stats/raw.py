"""Conversions, microconversions and items one by one, the newest first."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any, NamedTuple, cast
from zoneinfo import ZoneInfo

import msgspec
from msgspec.structs import replace
from pydantic import Field

from leadline.faces.endpoint import Answer, Call
from leadline.faces.seal.errors import BadRequest
from leadline.faces.seal.stats.asked import Scope, scope_of
from leadline.faces.seal.stats.described import endpoint
from leadline.faces.seal.stats.events import (
    CONVERSIONS,
    MICROCONVERSIONS,
    OfTypes,
    of_types,
    query_of_events,
    values_of,
)
from leadline.faces.seal.stats.figures import Money
from leadline.faces.seal.stats.periods import count
from leadline.faces.seal.stats.questions import in_all
from leadline.faces.seal.stats.shapes import Paginated, paginated, sometimes
from leadline.faces.seal.stats.tables import (
    BROWSER,
    CHANNEL_GROUP,
    COUNTRY,
    COUNTRY_NAME,
    DEVICE_TYPE,
    LANDING_PAGE,
    OS,
    UTM_COLUMNS,
    Column,
)
from leadline.reports import (
    Condition,
    Dimension,
    Filter,
    LoggedEvent,
    Operator,
    Property,
    Query,
    Reports,
)

LONGEST = 31
"""Days."""

MOST_WITH_ITEMS = 100_000
"""So many conversions with items are looked at for one answer."""

ITEMS = "items"
HAS_ITEMS = Filter(Property(ITEMS), Operator.IS_NOT, "")

_COLUMNS = (
    Column("conversion_type", Dimension.EVENT_NAME),
    COUNTRY,
    COUNTRY_NAME,
    DEVICE_TYPE,
    BROWSER,
    OS,
    CHANNEL_GROUP,
    LANDING_PAGE,
    *UTM_COLUMNS,
)


class RawQuery(OfTypes):
    landing_page: list[str] = Field(
        default_factory=list, description="Where the visit began; one of several, if repeated."
    )
    page: int = Field(default=1, ge=1, le=1_000_000)
    page_size: int = Field(default=50, ge=1, le=10_000)


class RawEvent(Answer):
    date: str = Field(description="In the site's time zone.")
    hour: int
    timestamp_utc: str = Field(examples=["2026-03-10T11:05:00.000Z"])
    timestamp_local: str = Field(examples=["2026-03-10T12:05:00.000+01:00"])
    conversion_type: str
    amount: str | None = sometimes("Of conversions, with two digits.")
    country: str
    country_name: str
    device_type: str
    browser: str
    os: str
    channel_group: str
    landing_page: str
    utm_source: str
    utm_medium: str
    utm_campaign: str
    utm_term: str
    utm_content: str
    properties: dict[str, str]


class Item(NamedTuple):
    """One of a conversion's, of which its `properties` tell."""

    event: LoggedEvent
    properties: dict[str, str]


def list_raw(kind: Condition, call: Call) -> Paginated[RawEvent]:
    asked, scope = _asked(call)
    begin = (asked.page - 1) * asked.page_size
    query = replace(_query(scope, asked, kind), limit=asked.page_size, offset=begin)
    with call.services.reports.at_once() as answers:
        questions: list[Any] = [
            partial(answers.event_log, query),
            partial(answers.events, in_all(query)),
        ]
        events, (total,) = answers.all(questions)
    rows = [
        _told(event, event.properties, scope, with_amount=kind is CONVERSIONS) for event in events
    ]
    return paginated(rows, total.conversions, asked)


def list_raw_items(call: Call) -> Paginated[RawEvent]:
    asked, scope = _asked(call)
    items = items_of(call.services.reports, _query(scope, asked, CONVERSIONS))
    begin = (asked.page - 1) * asked.page_size
    rows = [
        _told(item.event, item.properties, scope, with_amount=False)
        for item in items[begin : begin + asked.page_size]
    ]
    return paginated(rows, len(items), asked)


def items_of(reports: Reports, query: Query) -> list[Item]:
    """The items of conversions, in their order. Raises `BadRequest` where there are too many."""
    asked = replace(query, filters=(*query.filters, HAS_ITEMS), limit=MOST_WITH_ITEMS + 1)
    events = reports.event_log(asked)
    if len(events) > MOST_WITH_ITEMS:
        raise BadRequest("There are too many conversions with items; ask for fewer days")
    return [item for event in events for item in _items(event)]


def _items(event: LoggedEvent) -> Iterator[Item]:
    """What is no object in the list is none."""
    try:
        found = msgspec.json.decode(event.properties[ITEMS])
    except (msgspec.DecodeError, RecursionError):
        return
    for each in found if isinstance(found, list) else ():
        if isinstance(each, dict):
            yield Item(event, {key: _text(value) for key, value in each.items()})


def _text(value: Any) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def _asked(call: Call) -> tuple[RawQuery, Scope]:
    asked = cast(RawQuery, call.query)
    scope = scope_of(call, asked)
    if count(scope.days) > LONGEST:
        raise BadRequest(f"Of single events at most {LONGEST} days can be asked for")
    return asked, scope


def _query(scope: Scope, asked: RawQuery, kind: Condition) -> Query:
    dimensions = [column.dimension for column in _COLUMNS]
    return query_of_events(scope, dimensions, kind, *of_types(asked.conversion_type))


def _told(
    event: LoggedEvent, properties: dict[str, str], scope: Scope, *, with_amount: bool
) -> RawEvent:
    local = event.at.astimezone(ZoneInfo(scope.site.timezone))
    amount = str(Money.TEXT.printed(event.amount or Decimal(0))) if with_amount else None
    return RawEvent(
        date=str(local.date()),
        hour=local.hour,
        timestamp_utc=_moment(event.at).replace("+00:00", "Z"),
        timestamp_local=_moment(local),
        amount=amount,
        properties=properties,
        **values_of(_COLUMNS, event.values),
    )


def _moment(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds")


_DESCRIPTION = f"The newest first, of up to {LONGEST} days."

ENDPOINTS = (
    endpoint(
        "/stats/conversions/raw",
        "List single conversions",
        partial(list_raw, CONVERSIONS),
        RawQuery,
        Paginated[RawEvent],
        description=_DESCRIPTION,
    ),
    endpoint(
        "/stats/microconversions/raw",
        "List single microconversions",
        partial(list_raw, MICROCONVERSIONS),
        RawQuery,
        Paginated[RawEvent],
        description=_DESCRIPTION,
    ),
    endpoint(
        "/stats/conversion-items/raw",
        "List single items",
        list_raw_items,
        RawQuery,
        Paginated[RawEvent],
        description=f"The items of conversions, whose properties are their own. {_DESCRIPTION}",
    ),
)
