"""Lists: on pages, the first rows of each, and content groups. All are made of the tables."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, Literal, cast

from msgspec.structs import replace
from pydantic import BaseModel, Field, create_model

from leadline.faces.endpoint import Answer, Call, Endpoint, Need
from leadline.faces.seal.shapes import Envelope
from leadline.faces.seal.stats.asked import Comparing, Narrowed, Scope, scope_of
from leadline.faces.seal.stats.figures import (
    ALL_FIGURES,
    COMPARED,
    FIGURES,
    Money,
    metrics_of,
    percent,
    printed,
    printed_before,
)
from leadline.faces.seal.stats.filters import containing, like
from leadline.faces.seal.stats.shapes import (
    MONEY_TEXT,
    Before,
    DateRange,
    Paginated,
    Totals,
    row_shape,
    sometimes,
)
from leadline.faces.seal.stats.tables import (
    DEVICES,
    GROUPINGS,
    INCLUDED,
    LISTINGS,
    TOPS,
    UTM_COLUMNS,
    Column,
    Grouping,
    Listing,
    Top,
)
from leadline.reports import (
    By,
    Condition,
    Days,
    Dimension,
    Filter,
    Operator,
    Order,
    Page,
    Period,
    Query,
    Row,
    folded,
)

GROUP = "Statistics"
ERRORS = {
    400: "The dates are invalid.",
    403: "The token is not allowed to do this.",
    404: "No such site or segment.",
    422: "A parameter is invalid.",
    503: "Hits cannot be counted now; see Retry-After.",
}


# What is asked for


class Paging(Narrowed, Comparing):
    page: int = Field(default=1, ge=1, le=1_000_000)
    sort_order: Literal["asc", "desc"] = "desc"
    include_totals: bool = Field(default=False, description="Whether to tell what all comes to.")
    search: str | None = Field(
        default=None, max_length=200, description="A part of the name, in any case."
    )


class PagingOfPages(Paging):
    path_filter: str | None = Field(
        default=None, max_length=400, description="A part of the path; `%` stands for anything."
    )
    include: list[Literal["device", "browser", "os", "channel_group"]] = Field(
        default_factory=list, description="What rows are told apart by too; may be repeated."
    )
    include_utm: bool = Field(default=False, description="Tell rows apart by UTM fields too.")


_INCLUDED = dict(zip(("device", "browser", "os", "channel_group"), INCLUDED, strict=True))


def _query_of(listing: Listing) -> type[BaseModel]:
    base = PagingOfPages if listing.of_pages else Paging
    sizes = Field(default=listing.usual, ge=1, le=listing.most)
    sorts = Field(default=listing.sorts[0])
    return create_model(
        f"{_name(listing.path)}Query",
        __base__=(base, listing.asked) if listing.asked is not Narrowed else base,
        __module__=__name__,
        page_size=(int, sizes),
        sort_by=(Literal[listing.sorts], sorts),  # type: ignore[arg-type]
    )


def _query_of_top(top: Top) -> type[BaseModel]:
    limits = Field(default=10, ge=1, le=top.most)
    return create_model(
        f"{_name(top.path)}Query", __base__=top.asked, __module__=__name__, limit=(int, limits)
    )


def _name(path: str) -> str:
    return "".join(word.capitalize() for word in path.replace("-", "/").split("/"))


# What is answered


def _fields(
    columns: Iterable[Column], figures: Iterable[str], money: Money, *, compared: bool = False
) -> dict[str, Any]:
    found: dict[str, Any] = {column.name: str for column in columns}
    found |= {name: _type_of(name, money) for name in figures}
    if compared:
        for name in figures:
            if name in COMPARED:
                kind = money.type if name == "revenue" else int
                found[f"{name}_prev"] = (kind | None, sometimes("With `compare`."))
    return found


def _type_of(figure: str, money: Money) -> Any:
    if figure == "revenue":
        is_text = money is Money.TEXT
        return (str, Field(pattern=MONEY_TEXT, examples=["12345.67"])) if is_text else float
    return float if figure.endswith("_rate") else int


def _row_of(listing: Listing) -> type[BaseModel]:
    fields = _fields(listing.columns, listing.figures, listing.money, compared=True)
    if listing.of_pages:
        included = (str | None, sometimes("With `include`."))
        tagged = (str | None, sometimes("With `include_utm`."))
        fields |= {column.name: included for column in INCLUDED}
        fields |= {column.name: tagged for column in UTM_COLUMNS}
    if listing.has_share:
        fields["percentage"] = (float, Field(description="Of all entrances."))
    return row_shape(f"{_name(listing.path)}Row", fields)


def told(columns: Sequence[Column], dimensions: Sequence[By], row: Row) -> dict[str, Any]:
    """The values of a row by the names of its columns."""
    values = dict(zip(dimensions, row.values, strict=True))
    return {column.name: column.printed(values[column.dimension]) for column in columns}


def dimensions_of(columns: Iterable[Column]) -> tuple[Dimension, ...]:
    return tuple(dict.fromkeys(column.dimension for column in columns))


def query_of(
    scope: Scope, columns: Sequence[Column], figures: tuple[str, ...], *more: Condition
) -> Query:
    return Query(
        sites=(scope.site.id,),
        **scope.period._asdict(),
        dimensions=dimensions_of(columns),
        metrics=metrics_of(figures),
        filters=(*scope.filters, *more),
    )


def of_other(query: Query, period: Period) -> Query:
    """The same question of another time, and of all its rows."""
    return replace(query, order=(), limit=None, offset=0, **period._asdict())


def in_all(query: Query) -> Query:
    return replace(query, dimensions=(), buckets=(), order=(), limit=None, offset=0)


def known(dimension: Dimension) -> Condition:
    return Filter(dimension, Operator.IS_NOT, "")


# On pages


def list_on_pages(listing: Listing, row_kind: type[BaseModel], call: Call) -> Paginated[Any]:
    asked = cast(Any, call.query)
    scope = scope_of(call, asked, listing.moved)
    columns = [*listing.columns, *_more_columns(asked)]
    first = listing.columns[0].dimension
    more = [*_searched(asked, first)]
    if listing.known_only:
        more.append(known(first))
    query = replace(
        query_of(scope, columns, listing.figures, *more),
        order=(Order(FIGURES[asked.sort_by].metric, asked.sort_order == "desc"),),
        limit=asked.page_size,
        offset=(asked.page - 1) * asked.page_size,
    )
    page, others, total_before = _answered(call, query, scope.other_period)
    before = {other.values: other for other in others}
    rows = []
    for row in page.rows:
        fields = told(columns, query.dimensions, row) | printed(row, listing.figures, listing.money)
        if total_before is not None:
            other = before.get(row.values, Row(0, row.values))
            fields |= printed_before(other, listing.figures, listing.money)
        if listing.has_share:
            fields["percentage"] = percent(row.entrances, page.total.entrances)
        rows.append(row_kind(**fields))
    return paginated(
        rows,
        page.count,
        asked,
        totals=printed(page.total, listing.figures, listing.money),
        before=printed(total_before, listing.figures, listing.money) if total_before else None,
        other=scope.other,
    )


def paginated(
    rows: list[Any],
    total: int,
    asked: Any,
    totals: Mapping[str, Any] | None = None,
    before: Mapping[str, Any] | None = None,
    other: Days | None = None,
) -> Paginated[Any]:
    """An answer of one page; `before` are the totals of the `other` days."""
    return Paginated(
        data=rows,
        total=total,
        page=asked.page,
        page_size=asked.page_size,
        has_next=asked.page * asked.page_size < total,
        has_prev=asked.page > 1,
        comparison=Before(date_range=DateRange.of(other), **before) if other and before else None,
        totals=Totals(**totals) if totals and asked.include_totals else None,
    )


def _answered(
    call: Call, query: Query, other: Period | None
) -> tuple[Page[Row], list[Row], Row | None]:
    """A page, and if there is another time all its rows and what it adds up to."""
    with call.services.reports.at_once() as answers:
        if other is None:
            return answers.page(query), [], None
        before = of_other(query, other)
        questions: list[Callable[[], Any]] = [
            partial(answers.page, query),
            partial(answers.rows, before),
            partial(answers.rows, in_all(before)),
        ]
        page, others, total = answers.all(questions)
    return page, others, total[0]


def _more_columns(asked: Any) -> list[Column]:
    if not isinstance(asked, PagingOfPages):
        return []
    found = [_INCLUDED[name] for name in dict.fromkeys(asked.include)]
    return [*found, *(UTM_COLUMNS if asked.include_utm else ())]


def _searched(asked: Any, dimension: Dimension) -> Iterable[Condition]:
    if asked.search:
        yield containing(dimension, asked.search)
    if isinstance(asked, PagingOfPages) and asked.path_filter:
        yield like(dimension, asked.path_filter)


# The first rows


def list_top(top: Top, row_kind: type[BaseModel], call: Call) -> Envelope[list[Any]]:
    asked = cast(Any, call.query)
    scope = scope_of(call, asked, top.moved)
    more = [known(top.columns[0].dimension)] if top.known_only else []
    figures = top.figures
    if getattr(asked, "landing_page", None):
        figures = tuple(name for name in figures if name != "page_views")
    query = replace(
        query_of(scope, top.columns, figures, *more),
        order=(Order(FIGURES[figures[0]].metric, True),),
        limit=asked.limit,
    )
    rows = [
        row_kind(**told(top.columns, query.dimensions, row), **printed(row, figures, top.money))
        for row in call.services.reports.rows(query)
    ]
    return Envelope(data=rows)


def _row_of_top(top: Top) -> type[BaseModel]:
    fields = _fields(top.columns, top.figures, top.money)
    if "landing_page" in top.asked.model_fields:
        fields["page_views"] = (int | None, sometimes("Without `landing_page`."))
    return row_shape(f"{_name(top.path)}Row", fields)


# Content groups


def list_groups(grouping: Grouping, row_kind: type[BaseModel], call: Call) -> Envelope[list[Any]]:
    scope = scope_of(call, cast(Narrowed, call.query), grouping.moved)
    group = grouping.group
    columns = (group, Column("page", grouping.page))
    query = query_of(scope, columns, grouping.figures, known(group.dimension))
    pages: dict[str, list[Row]] = {}
    for row in call.services.reports.rows(query):
        pages.setdefault(row.values[0], []).append(replace(row, values=()))
    counted = FIGURES[grouping.counted]
    found = []
    for name, rows in pages.items():
        (total,) = folded(rows, [0])
        unique = sum(counted.of(row) > 0 for row in rows)
        found.append((name, unique, total))
    first = FIGURES[grouping.figures[0]]
    found.sort(key=lambda each: (-first.of(each[2]), each[0]))
    data = [
        row_kind(
            **{group.name: name, "unique_pages": unique},
            **printed(total, grouping.figures, grouping.money),
        )
        for name, unique, total in found
    ]
    return Envelope(data=data)


def _row_of_group(grouping: Grouping) -> type[BaseModel]:
    fields = {grouping.group.name: str, "unique_pages": int}
    return row_shape(
        f"{_name(grouping.path)}Row", fields | _fields((), grouping.figures, grouping.money)
    )


# Devices, all in one


class DevicesQuery(Narrowed, Comparing):
    pass


def _row_of_device(name: str, columns: Sequence[Column]) -> type[BaseModel]:
    fields = _fields(columns, ALL_FIGURES, Money.NUMBER, compared=True)
    return row_shape(f"Stats{_name(name.replace('_', '/'))}Row", fields | {"percentage": float})


_DEVICE_ROWS = {name: _row_of_device(name, columns) for name, columns in DEVICES.items()}
Devices: type[BaseModel] = create_model(
    "StatsDevices",
    __base__=Answer,
    __module__=__name__,
    **{name: (list[kind], ...) for name, kind in _DEVICE_ROWS.items()},  # type: ignore
)


def get_devices(call: Call) -> Envelope[Any]:
    scope = scope_of(call, cast(Narrowed, call.query))
    order = (Order(FIGURES["entrances"].metric, True),)
    queries = [
        replace(query_of(scope, columns, ALL_FIGURES), order=order) for columns in DEVICES.values()
    ]
    other = scope.other_period
    with call.services.reports.at_once() as answers:
        asked = [*queries, *(of_other(query, other) for query in queries if other)]
        found = answers.all([partial(answers.rows, query) for query in asked])
    data = {}
    for number, (name, columns) in enumerate(DEVICES.items()):
        rows = found[number]
        before = found[number + len(queries)] if other else None
        data[name] = _told_devices(columns, _DEVICE_ROWS[name], rows, before)
    return Envelope(data=Devices(**data))


def _told_devices(
    columns: Sequence[Column],
    kind: type[BaseModel],
    rows: list[Row],
    others: list[Row] | None,
) -> list[BaseModel]:
    total = sum(row.entrances for row in rows)
    before = {row.values: row for row in others or ()}
    dimensions = dimensions_of(columns)
    found = []
    for row in rows:
        fields = told(columns, dimensions, row) | printed(row, ALL_FIGURES, Money.NUMBER)
        if others is not None:
            other = before.get(row.values, Row(0, row.values))
            fields |= printed_before(other, ALL_FIGURES, Money.NUMBER)
        found.append(kind(**fields, percentage=percent(row.entrances, total)))
    return found


# The endpoints


def endpoint(
    path: str,
    summary: str,
    handle: Callable[[Call], BaseModel],
    query: type[BaseModel],
    answer: type[BaseModel],
    description: str = "",
) -> Endpoint:
    return Endpoint(
        "GET",
        path,
        summary,
        Need.READ_NAMED,
        handle,
        answer,
        description=description,
        query=query,
        errors=ERRORS,
        group=GROUP,
    )


def _on_pages(listing: Listing) -> Endpoint:
    row = _row_of(listing)
    handle = partial(list_on_pages, listing, row)
    return endpoint(
        listing.path,
        listing.summary,
        handle,
        _query_of(listing),
        Paginated[row],  # type: ignore
    )


def _top(top: Top) -> Endpoint:
    row = _row_of_top(top)
    handle = partial(list_top, top, row)
    return endpoint(
        top.path,
        top.summary,
        handle,
        _query_of_top(top),
        Envelope[list[row]],  # type: ignore
    )


def _grouping(grouping: Grouping) -> Endpoint:
    row = _row_of_group(grouping)
    handle = partial(list_groups, grouping, row)
    return endpoint(
        grouping.path,
        grouping.summary,
        handle,
        Narrowed,
        Envelope[list[row]],  # type: ignore
        description="Without the pages of no group.",
    )


ENDPOINTS = (
    *map(_on_pages, LISTINGS),
    *map(_top, TOPS),
    *map(_grouping, GROUPINGS),
    endpoint(
        "/stats/devices",
        "Get devices",
        get_devices,
        DevicesQuery,
        Envelope[Devices],
        description="By type, browser and system, all in one.",
    ),
)
