"""Lists on pages, made of their table."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, Literal, NamedTuple, cast

from msgspec.structs import replace
from pydantic import BaseModel, Field, create_model

from leadline.faces.endpoint import Call, Endpoint
from leadline.faces.seal.stats.asked import Comparing, Narrowed, OnPages, scope_of
from leadline.faces.seal.stats.described import endpoint, fields_of, name_of
from leadline.faces.seal.stats.figures import FIGURES, percent, printed, printed_before
from leadline.faces.seal.stats.filters import containing, like
from leadline.faces.seal.stats.questions import in_all, known, of_other, query_of, told
from leadline.faces.seal.stats.shapes import Paginated, paginated, row_shape, sometimes
from leadline.faces.seal.stats.tables import INCLUDED, LISTINGS, UTM_COLUMNS, Column, Listing
from leadline.reports import Answers, Condition, Dimension, Order, Period, Query, Row, folded

# What is asked for


class Paging(Narrowed, Comparing):
    page: int = Field(default=1, ge=1, le=1_000_000)
    sort_order: Literal["asc", "desc"] = "desc"
    include_totals: bool = Field(default=False, description="Whether to tell what all comes to.")
    search: str | None = Field(
        default=None, max_length=200, description="A part of the name, in any case."
    )


class PagingOfPages(Paging, OnPages):
    path_filter: str | None = Field(
        default=None, max_length=400, description="A part of the path; `%` stands for anything."
    )
    include: list[Literal["device", "browser", "os", "channel_group"]] = Field(
        default_factory=list, description="What rows are told apart by too; may be repeated."
    )
    include_utm: bool = Field(default=False, description="Tell rows apart by UTM fields too.")


_INCLUDED = dict(zip(("device", "browser", "os", "channel_group"), INCLUDED, strict=True))


def _query_of(listing: Listing) -> type[BaseModel]:
    sizes = Field(default=listing.usual, ge=1, le=listing.most)
    sorts = Field(default=listing.sorts[0])
    return create_model(
        f"{name_of(listing.path)}Query",
        __base__=PagingOfPages if listing.of_pages else Paging,
        __module__=__name__,
        page_size=(int, sizes),
        sort_by=(Literal[listing.sorts], sorts),  # type: ignore[arg-type]
    )


# What is answered


def _row_of(listing: Listing) -> type[BaseModel]:
    fields = fields_of(listing.columns, listing.figures, listing.money, compared=True)
    if listing.of_pages:
        included = (str | None, sometimes("With `include`."))
        tagged = (str | None, sometimes("With `include_utm`."))
        fields |= {column.name: included for column in INCLUDED}
        fields |= {column.name: tagged for column in UTM_COLUMNS}
    if listing.has_share:
        fields["percentage"] = (float, Field(description="Of all entrances."))
    return row_shape(f"{name_of(listing.path)}Row", fields)


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
    with_total = listing.has_share or asked.include_totals
    found = _found(call, query, scope.other_period, with_total=with_total)
    before = None if found.others is None else {other.values: other for other in found.others}
    rows = []
    for row in found.rows:
        fields = told(columns, query.dimensions, row) | printed(row, listing.figures, listing.money)
        if before is not None:
            other = before.get(row.values, Row(0, row.values))
            fields |= printed_before(other, listing.figures, listing.money)
        if listing.has_share and found.total:
            fields["percentage"] = percent(row.entrances, found.total.entrances)
        rows.append(row_kind(**fields))
    total_before = None if found.others is None else _together(found.others)
    totals, totals_before = (
        printed(total, listing.figures, listing.money) if total else None
        for total in (found.total, total_before)
    )
    return paginated(rows, found.number, asked, totals, totals_before, scope.other)


class _Found(NamedTuple):
    """The rows of a page, how many there are in all, and all rows of the other time."""

    rows: list[Row]
    number: int
    total: Row | None
    others: list[Row] | None


def _found(call: Call, query: Query, other: Period | None, *, with_total: bool) -> _Found:
    questions: list[Callable[[Answers], Any]] = [lambda answers: answers.counted(query)]
    if with_total:
        questions.append(lambda answers: answers.rows(in_all(query)))
    if other is not None:
        during = of_other(query, other)
        questions.append(lambda answers: answers.rows(during))
    with call.services.reports.at_once() as answers:
        (rows, number), *more = answers.all([partial(ask, answers) for ask in questions])
    total = more[0][0] if with_total else None
    return _Found(rows, number, total, more[-1] if other is not None else None)


def _together(rows: Iterable[Row]) -> Row:
    """What they add up to: no figure of a list counts anything in two of them."""
    found = folded((replace(row, values=()) for row in rows), [0])
    return found[0] if found else Row(0, ())


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


def _endpoint(listing: Listing) -> Endpoint:
    row = _row_of(listing)
    handle = partial(list_on_pages, listing, row)
    answer = Paginated[row]  # type: ignore[valid-type]
    return endpoint(listing.path, listing.summary, handle, _query_of(listing), answer)


ENDPOINTS = tuple(map(_endpoint, LISTINGS))
