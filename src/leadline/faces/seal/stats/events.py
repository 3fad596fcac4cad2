"""Conversions and microconversions by their types, and what each type comes from."""

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from functools import partial
from typing import Any, Literal, TypeVar, cast

from pydantic import Field

from leadline.faces.endpoint import Answer, Call
from leadline.faces.seal.shapes import Envelope
from leadline.faces.seal.stats.asked import Comparing, Narrowed, Scope, scope_of
from leadline.faces.seal.stats.described import endpoint
from leadline.faces.seal.stats.event_shapes import (
    ConversionsByType,
    Count,
    CountryCount,
    DeviceCount,
    GeoConversion,
    LandingPageCount,
    MicroconversionDetail,
    MicroconversionMetrics,
    SourceConversion,
    SourceCount,
)
from leadline.faces.seal.stats.figures import Money, average, percent
from leadline.faces.seal.stats.questions import dimensions_of, of_other
from leadline.faces.seal.stats.shapes import Paginated, paginated
from leadline.faces.seal.stats.tables import (
    COUNTRY,
    DEVICE_TYPE,
    LANDING_PAGE,
    UTM_COLUMNS,
    Column,
)
from leadline.reports import (
    Answers,
    By,
    Condition,
    Dimension,
    EventRow,
    Filter,
    Operator,
    Query,
)

CONVERSIONS = Filter(Dimension.EVENT_KIND, Operator.IS, "conversion")
MICROCONVERSIONS = Filter(Dimension.EVENT_KIND, Operator.IS, "micro")

Part = TypeVar("Part", bound=Answer)


# What is asked for


class OfTypes(Narrowed):
    conversion_type: list[str] = Field(
        default_factory=list, description="A type; one of several, if repeated."
    )


class _Types(OfTypes, Comparing):
    page: int = Field(default=1, ge=1, le=1_000_000)
    page_size: int = Field(default=20, ge=1, le=100)
    sort_order: Literal["asc", "desc"] = "desc"
    include_totals: bool = Field(default=False, description="Whether to tell what all comes to.")


class ConversionsQuery(_Types):
    sort_by: Literal["count", "revenue", "avg_value"] = "count"


class MicroconversionsQuery(_Types):
    sort_by: Literal["count"] = "count"


# Questions about events


def of_types(types: Iterable[str]) -> tuple[Condition, ...]:
    wanted = tuple(types)
    return (Filter(Dimension.EVENT_NAME, Operator.IN, wanted),) if wanted else ()


def query_of_events(scope: Scope, dimensions: Sequence[By], *more: Condition) -> Query:
    return Query(
        sites=(scope.site.id,),
        **scope.period._asdict(),
        dimensions=tuple(dimensions),
        filters=(*scope.filters, *more),
    )


def money(row: EventRow) -> str:
    return str(Money.TEXT.printed(row.value))


def share(row: EventRow, total: EventRow) -> float:
    return percent(row.conversions, total.conversions)


def by_count(rows: Iterable[EventRow]) -> list[EventRow]:
    """The most first."""
    return sorted(rows, key=lambda row: (-row.conversions, row.values))


def values_of(columns: Sequence[Column], values: Sequence[str]) -> dict[str, str]:
    return {
        column.name: column.printed(value) for column, value in zip(columns, values, strict=True)
    }


# By type


def list_conversions(call: Call) -> Paginated[ConversionsByType]:
    def told(
        row: EventRow, parts: dict[str, list[EventRow]], other: EventRow | None
    ) -> ConversionsByType:
        return ConversionsByType(
            conversion_type=row.values[0],
            count=row.conversions,
            revenue=money(row),
            avg_value=str(Money.TEXT.printed(average(row.value, row.conversions))),
            count_prev=other and other.conversions,
            revenue_prev=other and money(other),
            by_source=[
                SourceConversion(
                    **values_of(UTM_COLUMNS, each.values[1:]),
                    conversions=each.conversions,
                    revenue=money(each),
                    percentage=share(each, row),
                )
                for each in parts["source"]
            ],
            by_country=[
                GeoConversion(
                    country=COUNTRY.printed(each.values[1]),
                    conversions=each.conversions,
                    revenue=money(each),
                    percentage=share(each, row),
                )
                for each in parts["country"]
            ],
        )

    return _by_type(call, CONVERSIONS, told, has_money=True)


def list_microconversions(call: Call) -> Paginated[MicroconversionMetrics]:
    def told(
        row: EventRow, parts: dict[str, list[EventRow]], other: EventRow | None
    ) -> MicroconversionMetrics:
        return MicroconversionMetrics(
            conversion_type=row.values[0],
            count=row.conversions,
            count_prev=other and other.conversions,
            by_source=[
                SourceCount(
                    **values_of(UTM_COLUMNS, each.values[1:]),
                    count=each.conversions,
                    percentage=share(each, row),
                )
                for each in parts["source"]
            ],
        )

    return _by_type(call, MICROCONVERSIONS, told, has_money=False)


_SORTS: dict[str, Callable[[EventRow], Any]] = {
    "count": lambda row: row.conversions,
    "revenue": lambda row: row.value,
    "avg_value": lambda row: average(row.value, row.conversions),
}


def _by_type(
    call: Call,
    kind: Condition,
    told: Callable[[EventRow, dict[str, list[EventRow]], EventRow | None], Part],
    *,
    has_money: bool,
) -> Paginated[Part]:
    """There are few types, so that all are known at once and put in order here."""
    asked = cast(Any, call.query)
    scope = scope_of(call, asked)
    wanted = (kind, *of_types(asked.conversion_type))
    name = Dimension.EVENT_NAME
    questions = [
        query_of_events(scope, (name,), *wanted),
        query_of_events(scope, (name, *dimensions_of(UTM_COLUMNS)), *wanted),
    ]
    if has_money:
        questions.append(query_of_events(scope, (name, COUNTRY.dimension), *wanted))
    before: list[EventRow] | None = None
    with call.services.reports.at_once() as answers:
        if other := scope.other_period:
            before = answers.events(of_other(questions[0], other))
        types, *parts = answers.all([partial(answers.events, query) for query in questions])
    is_descending = asked.sort_order == "desc"
    types.sort(key=lambda row: row.values)
    types.sort(key=_SORTS[asked.sort_by], reverse=is_descending)
    begin = (asked.page - 1) * asked.page_size
    shown = types[begin : begin + asked.page_size]
    grouped = [_grouped(rows) for rows in parts]
    others = {row.values: row for row in before or ()}
    rows = [
        told(
            row,
            {
                part: by_count(found.get(row.values[0], ()))
                for part, found in zip(("source", "country"), grouped, strict=False)
            },
            None if before is None else others.get(row.values, EventRow(0, row.values)),
        )
        for row in shown
    ]
    return paginated(
        rows,
        len(types),
        asked,
        totals=_totals(types, has_money=has_money),
        before=None if before is None else _totals(before, has_money=has_money),
        other=scope.other,
    )


def _grouped(rows: Iterable[EventRow]) -> dict[str, list[EventRow]]:
    """By type."""
    found: dict[str, list[EventRow]] = {}
    for row in rows:
        found.setdefault(row.values[0], []).append(row)
    return found


def _totals(rows: Sequence[EventRow], *, has_money: bool) -> dict[str, int | str | float]:
    found: dict[str, int | str | float] = {"count": sum(row.conversions for row in rows)}
    if has_money:
        found["revenue"] = Money.TEXT.printed(sum((row.value for row in rows), Decimal(0)))
    return found


def list_types(call: Call) -> Envelope[list[str]]:
    scope = scope_of(call, cast(Narrowed, call.query))
    query = query_of_events(scope, (Dimension.EVENT_NAME,), MICROCONVERSIONS)
    return Envelope(data=[row.values[0] for row in call.services.reports.events(query)])


def get_microconversion(call: Call) -> Envelope[MicroconversionDetail]:
    scope = scope_of(call, cast(Narrowed, call.query))
    name = call.path["conversion_type"]

    def rows(answers: Answers, *columns: Column) -> list[EventRow]:
        query = query_of_events(scope, dimensions_of(columns), MICROCONVERSIONS)
        return by_count(answers.events(query, name))

    with call.services.reports.at_once() as answers:
        (total,), sources, countries, devices, pages = answers.all(
            [
                partial(rows, answers),
                partial(rows, answers, *UTM_COLUMNS),
                partial(rows, answers, COUNTRY),
                partial(rows, answers, DEVICE_TYPE),
                partial(rows, answers, LANDING_PAGE),
            ]
        )

    def told(kind: type[Part], columns: Sequence[Column], found: Iterable[EventRow]) -> list[Part]:
        return [
            kind(
                **values_of(columns, row.values),
                count=row.conversions,
                percentage=share(row, total),
            )
            for row in found
        ]

    first, last = map(str, scope.days)
    return Envelope(
        data=MicroconversionDetail(
            conversion_type=name,
            date_from=first,
            date_to=last,
            totals=Count(count=total.conversions),
            total_count=total.conversions,
            by_source=told(SourceCount, UTM_COLUMNS, sources),
            by_country=told(CountryCount, [COUNTRY], countries),
            by_device=told(DeviceCount, [DEVICE_TYPE], devices),
            by_landing_page=told(LandingPageCount, [LANDING_PAGE], pages),
        )
    )


ENDPOINTS = (
    endpoint(
        "/stats/conversions",
        "List conversions",
        list_conversions,
        ConversionsQuery,
        Paginated[ConversionsByType],
        description="By type.",
    ),
    endpoint(
        "/stats/microconversions",
        "List microconversions",
        list_microconversions,
        MicroconversionsQuery,
        Paginated[MicroconversionMetrics],
        description="By type.",
    ),
    endpoint(
        "/stats/microconversions-types",
        "List types of microconversions",
        list_types,
        Narrowed,
        Envelope[list[str]],
    ),
    endpoint(
        "/stats/microconversions/{conversion_type:path}",
        "Get microconversion",
        get_microconversion,
        Narrowed,
        Envelope[MicroconversionDetail],
        description="What the microconversions of a type come from.",
    ),
)
