"""What conversions, microconversions and items have been sent with."""

from collections import Counter
from collections.abc import Iterable, Iterator
from decimal import Decimal, InvalidOperation
from typing import Any, Literal, NamedTuple, cast

from pydantic import Field

from leadline.faces.endpoint import Answer, Call
from leadline.faces.seal.shapes import Envelope
from leadline.faces.seal.stats.asked import Narrowed, Scope, scope_of
from leadline.faces.seal.stats.described import endpoint
from leadline.faces.seal.stats.events import CONVERSIONS, OfTypes, of_types, query_of_events
from leadline.faces.seal.stats.figures import Money
from leadline.faces.seal.stats.questions import dimensions_of
from leadline.faces.seal.stats.raw import Item, items_of
from leadline.faces.seal.stats.shapes import Paginated, paginated, sometimes
from leadline.faces.seal.stats.tables import CAMPAIGN, MEDIUM, SOURCE, Column
from leadline.reports import By, Condition, Dimension, Filter, Operator, Property, Reports

Table = Literal["both", "conversions", "microconversions", "conversion_items"]
_KINDS = {"conversions": "conversion", "microconversions": "micro"}
_UTM = {"utm_source": SOURCE, "utm_medium": MEDIUM, "utm_campaign": CAMPAIGN}
QUANTITY, PRICE = "quantity", "price"
MOST_UNITS = 1_000_000
MOST_PRICE = Decimal(10**13)


# What is asked for


class KeysQuery(Narrowed):
    table: Table = Field(default="both", description="Of what.")


class _OfKey(OfTypes):
    property_key: str = Field(min_length=1, max_length=1000)
    table: Table = Field(default="both", description="Of what.")


class ValuesQuery(_OfKey):
    group_by: Literal["utm_source", "utm_medium", "utm_campaign", "all"] = "utm_source"
    page: int = Field(default=1, ge=1, le=1_000_000)
    page_size: int = Field(default=50, ge=1, le=1000)


class BreakdownQuery(_OfKey):
    pass


# What is answered


class PropertyKey(Answer):
    key: str
    conversions_count: int
    microconversions_count: int
    total_count: int
    count: int = Field(description="The same as `total_count`.")


class PropertyValue(Answer):
    property_value: str
    utm_source: str | None = sometimes("If grouped by it.")
    utm_medium: str | None = sometimes("If grouped by it.")
    utm_campaign: str | None = sometimes("If grouped by it.")
    conversions_count: int
    microconversions_count: int
    total_count: int
    revenue: float = Field(description="Of conversions; of items price times quantity.")


class BreakdownRow(Answer):
    utm_source: str
    utm_medium: str
    utm_campaign: str
    total: int
    values: dict[str, int]


class Breakdown(Answer):
    property_key: str
    property_values: list[str]
    total_events: int
    date_from: str
    date_to: str
    data: list[BreakdownRow]
    rows: list[BreakdownRow] = Field(description="The same as `data`.")
    totals: dict[str, int] = Field(description="By value.")


class Sum(NamedTuple):
    """What is counted under a key or a value, and the source it is of."""

    value: str
    source: tuple[str, ...]
    conversions: int
    microconversions: int
    revenue: Decimal = Decimal(0)

    @property
    def total(self) -> int:
        return self.conversions + self.microconversions


def list_keys(call: Call) -> Envelope[list[PropertyKey]]:
    asked = cast(KeysQuery, call.query)
    scope = scope_of(call, asked)
    reports = call.services.reports
    if asked.table == "conversion_items":
        units: Counter[str] = Counter()
        for item in items_of(reports, query_of_events(scope, (), CONVERSIONS)):
            units.update(item.properties.keys())
        found = [Sum(key, (), count, 0) for key, count in units.items()]
    else:
        dimensions = (Dimension.PROPERTY_KEY, Dimension.EVENT_KIND)
        rows = reports.events(query_of_events(scope, dimensions, *_of_table(asked.table)))
        found = _added(
            _sum(row.values[0], (), row.values[1], row.conversions, row.value) for row in rows
        )
    return Envelope(
        data=[
            PropertyKey(
                key=each.value,
                conversions_count=each.conversions,
                microconversions_count=each.microconversions,
                total_count=each.total,
                count=each.total,
            )
            for each in _most_first(found)
        ]
    )


def list_values(call: Call) -> Paginated[PropertyValue]:
    asked = cast(ValuesQuery, call.query)
    columns = [*_UTM.values()] if asked.group_by == "all" else [_UTM[asked.group_by]]
    found = _most_first(_values(call.services.reports, scope_of(call, asked), asked, columns))
    begin = (asked.page - 1) * asked.page_size
    rows = [
        PropertyValue(
            property_value=each.value,
            **_source(columns, each),
            conversions_count=each.conversions,
            microconversions_count=each.microconversions,
            total_count=each.total,
            revenue=float(Money.NUMBER.printed(each.revenue)),
        )
        for each in found[begin : begin + asked.page_size]
    ]
    return paginated(rows, len(found), asked)


def get_breakdown(call: Call) -> Envelope[Breakdown]:
    asked = cast(BreakdownQuery, call.query)
    scope = scope_of(call, asked)
    columns = [*_UTM.values()]
    found = _values(call.services.reports, scope, asked, columns)
    totals: Counter[str] = Counter()
    by_source: dict[tuple[str, ...], list[Sum]] = {}
    for each in _most_first(found):
        totals[each.value] += each.total
        by_source.setdefault(each.source, []).append(each)
    rows = [
        BreakdownRow(
            **_source(columns, sums[0]),
            total=sum(each.total for each in sums),
            values={each.value: each.total for each in sums},
        )
        for sums in by_source.values()
    ]
    rows.sort(key=lambda row: -row.total)
    first, last = map(str, scope.days)
    values = dict(sorted(totals.items(), key=lambda each: (-each[1], each[0])))
    return Envelope(
        data=Breakdown(
            property_key=asked.property_key,
            property_values=list(values),
            total_events=sum(values.values()),
            date_from=first,
            date_to=last,
            data=rows,
            rows=rows,
            totals=values,
        )
    )


def _source(columns: Iterable[Column], found: Sum) -> dict[str, Any]:
    return {
        column.name: column.printed(value)
        for column, value in zip(columns, found.source, strict=True)
    }


def _values(reports: Reports, scope: Scope, asked: _OfKey, columns: list[Column]) -> list[Sum]:
    """What is counted under each value of a key, by source; an empty value is none."""
    wanted = of_types(asked.conversion_type)
    by = dimensions_of(columns)
    if asked.table == "conversion_items":
        items = items_of(reports, query_of_events(scope, by, CONVERSIONS, *wanted))
        return _added(_of_items(items, asked.property_key))
    key = Property(asked.property_key)
    has_key = Filter(key, Operator.IS_NOT, "")
    dimensions: tuple[By, ...] = (key, Dimension.EVENT_KIND, *by)
    query = query_of_events(scope, dimensions, has_key, *_of_table(asked.table), *wanted)
    return _added(
        _sum(row.values[0], row.values[2:], row.values[1], row.conversions, row.value)
        for row in reports.events(query)
    )


def _of_items(items: Iterable[Item], key: str) -> Iterator[Sum]:
    """An item counts as often as its quantity says."""
    for item in items:
        if value := item.properties.get(key):
            units = _units(item.properties.get(QUANTITY, ""))
            revenue = units * _price(item.properties.get(PRICE, ""))
            yield Sum(value, item.event.values, units, 0, revenue)


def _units(text: str) -> int:
    number = _number(text)
    return int(number) if 1 <= number <= MOST_UNITS and number == int(number) else 1


def _price(text: str) -> Decimal:
    number = _number(text)
    return number if abs(number) <= MOST_PRICE else Decimal(0)


def _number(text: str) -> Decimal:
    """0 for what is none."""
    try:
        found = Decimal(text)
    except InvalidOperation:
        return Decimal(0)
    return found if found.is_finite() else Decimal(0)


def _of_table(table: str) -> tuple[Condition, ...]:
    if table not in _KINDS:
        return ()
    return (Filter(Dimension.EVENT_KIND, Operator.IS, _KINDS[table]),)


def _sum(value: str, source: tuple[str, ...], kind: str, count: int, amount: Decimal) -> Sum:
    if kind == "conversion":
        return Sum(value, source, count, 0, amount)
    return Sum(value, source, 0, count)


def _added(sums: Iterable[Sum]) -> list[Sum]:
    """One of each value and source."""
    found: dict[tuple[str, tuple[str, ...]], Sum] = {}
    for each in sums:
        key = each.value, each.source
        before = found.get(key, Sum(each.value, each.source, 0, 0))
        found[key] = Sum(
            *key,
            before.conversions + each.conversions,
            before.microconversions + each.microconversions,
            before.revenue + each.revenue,
        )
    return list(found.values())


def _most_first(sums: Iterable[Sum]) -> list[Sum]:
    return sorted(sums, key=lambda each: (-each.total, each.value, each.source))


ENDPOINTS = (
    endpoint(
        "/stats/properties/keys",
        "List properties",
        list_keys,
        KeysQuery,
        Envelope[list[PropertyKey]],
    ),
    endpoint(
        "/stats/properties/values",
        "List values of a property",
        list_values,
        ValuesQuery,
        Paginated[PropertyValue],
    ),
    endpoint(
        "/stats/properties/breakdown",
        "Get breakdown of a property",
        get_breakdown,
        BreakdownQuery,
        Envelope[Breakdown],
        description="How often each value came from each source, medium and campaign.",
    ),
)
