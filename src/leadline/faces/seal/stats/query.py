"""The free question: any dimensions by any metrics, as rows or as a file."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any, Literal, NamedTuple, cast

from msgspec.structs import replace
from pydantic import BaseModel, Field, RootModel

from leadline.faces.endpoint import Answer, Call, Download, Endpoint, Need
from leadline.faces.seal.errors import BadRequest, InvalidRequest
from leadline.faces.seal.sheets import as_csv
from leadline.faces.seal.stats.asked import Day, OfSite, Scope, site_asked
from leadline.faces.seal.stats.figures import COMPARED, FIGURES, Money, Printed, printed
from leadline.faces.seal.stats.filters import conditions_of
from leadline.faces.seal.stats.listed import ERRORS, GROUP, dimensions_of, query_of
from leadline.faces.seal.stats.periods import Compare, checked, compared
from leadline.faces.seal.stats.tables import (
    BROWSER,
    CHANNEL_GROUP,
    COUNTRY,
    DEVICE_TYPE,
    OS,
    UTM_COLUMNS,
    Column,
)
from leadline.reports import Answers, Days, Order, Part, Query, Row, Unit, folded, parts

MOST_DIMENSIONS = 10
MOST_ROWS = 10_000
MOST_EXPORTED = 100_000
MOST_TO_FOLD = 200_000
"""Rows by day or hour that are put together for one answer."""

TIMES = ("date", "hour", "day_of_week")
COLUMNS = {
    column.name: column
    for column in (COUNTRY, *UTM_COLUMNS, DEVICE_TYPE, BROWSER, OS, CHANNEL_GROUP)
}
DIMENSIONS = (*TIMES, *COLUMNS)
METRICS = COMPARED
_GRANULARITIES = {"total": (), "daily": ("date",), "hourly": ("date", "hour")}
_COMPARISONS = {"previous": Compare.PREVIOUS, "true": Compare.PREVIOUS, "yoy": Compare.YOY}
_NOT = "_not"
_FILE_NAME = r"^[A-Za-z0-9_.-]{1,100}$"


# What is asked for

Texts = str | list[str]
Numbers = int | list[int]


class QueryFilters(BaseModel):
    """Each a value or several, of which one has to fit; with `_not` none of them may."""

    utm_source: Texts | None = None
    utm_source_not: Texts | None = None
    utm_medium: Texts | None = None
    utm_medium_not: Texts | None = None
    utm_campaign: Texts | None = None
    utm_campaign_not: Texts | None = None
    utm_term: Texts | None = None
    utm_term_not: Texts | None = None
    utm_content: Texts | None = None
    utm_content_not: Texts | None = None
    country: Texts | None = None
    country_not: Texts | None = None
    device_type: Texts | None = None
    device_type_not: Texts | None = None
    browser: Texts | None = None
    browser_not: Texts | None = None
    os: Texts | None = None
    os_not: Texts | None = None
    channel_group: Texts | None = None
    channel_group_not: Texts | None = None
    hour: Numbers | None = Field(default=None, description="From 0 to 23.")
    day_of_week: Numbers | None = Field(default=None, description="From 1, Monday, to 7.")


class OrderBy(BaseModel):
    field: str = Field(description="A dimension or a metric that is asked for.")
    direction: Literal["asc", "desc"] = "desc"


class QueryRequest(BaseModel):
    date_from: Day
    date_to: Day
    granularity: Literal["total", "daily", "hourly"] = Field(
        default="total", description="`daily` adds `date` to the dimensions, `hourly` `hour` too."
    )
    dimensions: list[str] = Field(
        default_factory=list,
        description=f"At most {MOST_DIMENSIONS} of {', '.join(DIMENSIONS)}.",
    )
    metrics: list[str] = Field(
        default_factory=list, description=f"Of {', '.join(METRICS)}; without any all of them."
    )
    filters: QueryFilters | None = None
    order_by: list[OrderBy] = Field(
        default_factory=list, description="Without any, most entrances come first."
    )
    limit: int = Field(default=100, ge=1, le=MOST_ROWS)
    offset: int = Field(default=0, ge=0, le=1_000_000_000)
    compare: str | None = Field(default=None, description="`previous` or `yoy`.")


class ExportRequest(QueryRequest):
    limit: int = Field(default=MOST_ROWS, ge=1, le=MOST_EXPORTED)


class ExportQuery(OfSite):
    filename: str = Field(default="export.csv", pattern=_FILE_NAME)


# What is answered


class QueryMeta(Answer):
    total_rows: int
    has_more: bool
    granularity: str
    dimensions: list[str]
    metrics: list[str]


class ComparisonMeta(Answer):
    date_from: str
    date_to: str
    mode: str
    total_rows: int


class QueryResponse(Answer):
    data: list[dict[str, str | int | float]]
    meta: QueryMeta
    comparison_data: list[dict[str, str | int | float]] | None
    comparison_meta: ComparisonMeta | None


class CsvText(RootModel[str]):
    """A row of names, then the rows; with `compare` the first column is `period`."""


class Wanted(NamedTuple):
    """A request understood. Rows have the `times`, the values of `columns` and the `figures`."""

    scope: Scope
    mode: Compare | None
    times: tuple[str, ...]
    columns: tuple[Column, ...]
    figures: tuple[str, ...]
    order: tuple[OrderBy, ...]
    hours: frozenset[int] | None
    weekdays: frozenset[int] | None
    limit: int
    offset: int

    @property
    def names(self) -> tuple[str, ...]:
        return (*self.times, *(column.name for column in self.columns), *self.figures)

    @property
    def is_in_parts(self) -> bool:
        """Whether anything is asked of parts of the time."""
        return bool(self.times) or self.hours is not None or self.weekdays is not None

    @property
    def unit(self) -> Unit:
        return Unit.HOUR if "hour" in self.times or self.hours is not None else Unit.DAY


class Found(NamedTuple):
    rows: list[dict[str, Printed]]
    total: int


def ask(call: Call) -> QueryResponse:
    body = cast(QueryRequest, call.body)
    wanted = _wanted(call, body)
    found, before = _answered(call, wanted)
    meta = QueryMeta(
        total_rows=found.total,
        has_more=wanted.offset + len(found.rows) < found.total,
        granularity=body.granularity,
        dimensions=[*wanted.times, *(column.name for column in wanted.columns)],
        metrics=[name for name in wanted.figures if name in METRICS],
    )
    comparison = None
    if before is not None and wanted.scope.other is not None and wanted.mode is not None:
        first, last = map(str, wanted.scope.other)
        comparison = ComparisonMeta(
            date_from=first, date_to=last, mode=wanted.mode.value, total_rows=before.total
        )
    return QueryResponse(
        data=found.rows,
        meta=meta,
        comparison_data=before.rows if before else None,
        comparison_meta=comparison,
    )


def export(call: Call) -> Download:
    wanted = _wanted(call, cast(QueryRequest, call.body))
    found, before = _answered(call, wanted)
    return Download(cast(ExportQuery, call.query).filename, as_csv(*_sheet(wanted, found, before)))


def _sheet(
    wanted: Wanted, found: Found, before: Found | None
) -> tuple[Sequence[str], Iterator[Sequence[Any]]]:
    names = wanted.names
    if before is None:
        return names, ([row[name] for name in names] for row in found.rows)
    both = (("current", found), ("comparison", before))
    rows = ([which, *(row[name] for name in names)] for which, each in both for row in each.rows)
    return ("period", *names), rows


# What is asked for, understood


def _wanted(call: Call, body: QueryRequest) -> Wanted:
    """Raises `BadRequest`, `InvalidRequest`."""
    site = site_asked(call, cast(OfSite, call.query))
    days = checked(Days(body.date_from, body.date_to))
    mode = _mode(body.compare)
    dimensions = _named(body.dimensions, DIMENSIONS, "dimension")
    if len(dimensions) > MOST_DIMENSIONS:
        raise BadRequest(f"At most {MOST_DIMENSIONS} dimensions are possible")
    asked = (*_GRANULARITIES[body.granularity], *dimensions)
    metrics = _named(body.metrics, METRICS, "metric") or METRICS
    given = body.filters or QueryFilters()
    with_rate = {"entrances", "engaged_entrances"}.issubset(metrics)
    wanted = Wanted(
        scope=Scope(site, days, compared(days, mode), _filters(call, given)),
        mode=mode,
        times=tuple(name for name in TIMES if name in asked),
        columns=tuple(COLUMNS[name] for name in dimensions if name in COLUMNS),
        figures=(*metrics, "bounce_rate") if with_rate else metrics,
        order=tuple(body.order_by),
        hours=_numbers(given.hour, 0, 23, "hour"),
        weekdays=_numbers(given.day_of_week, 1, 7, "day_of_week"),
        limit=body.limit,
        offset=body.offset,
    )
    for each in wanted.order:
        if each.field not in wanted.names:
            raise BadRequest(f"Cannot order by {each.field[:64]}, which is not asked for")
    return wanted if wanted.order else wanted._replace(order=_usual_order(wanted))


def _usual_order(wanted: Wanted) -> tuple[OrderBy, ...]:
    is_counted = "entrances" in wanted.figures
    return (OrderBy(field="entrances" if is_counted else wanted.figures[0]),)


def _mode(compare: str | None) -> Compare | None:
    if compare is None:
        return None
    if compare not in _COMPARISONS:
        raise BadRequest(f"Unknown compare: {compare[:64]}. Known are previous and yoy")
    return _COMPARISONS[compare]


def _named(names: Iterable[str], known: Sequence[str], what: str) -> tuple[str, ...]:
    """Each once."""
    found = tuple(dict.fromkeys(names))
    for name in found:
        if name not in known:
            raise BadRequest(f"Unknown {what}: {name[:64]}. Known are {', '.join(known)}")
    return found


def _numbers(given: Numbers | None, least: int, most: int, field: str) -> frozenset[int] | None:
    if given is None:
        return None
    found = frozenset([given] if isinstance(given, int) else given)
    if any(not least <= number <= most for number in found):
        message = f"From {least} to {most}"
        raise InvalidRequest.one(f"body.filters.{field}", message, "value_error")
    return found


def _filters(call: Call, given: QueryFilters) -> Any:
    wanted: dict[str, list[str]] = {}
    unwanted: dict[str, list[str]] = {}
    for name, value in given:
        if isinstance(value, str | list) and name not in TIMES:
            into = unwanted if name.endswith(_NOT) else wanted
            into[name.removesuffix(_NOT)] = [value] if isinstance(value, str) else value
    return conditions_of(call.services.reports, None, wanted, unwanted=unwanted)


# The rows


def _answered(call: Call, wanted: Wanted) -> tuple[Found, Found | None]:
    days = [each for each in (wanted.scope.days, wanted.scope.other) if each]
    find = _in_parts if wanted.is_in_parts else _in_all
    with call.services.reports.at_once() as answers:
        found = answers.all([partial(find, answers, wanted, each) for each in days])
    return found[0], found[1] if len(found) > 1 else None


def _query(wanted: Wanted, days: Days) -> Query:
    return query_of(wanted.scope._replace(days=days), wanted.columns, wanted.figures)


def _in_all(answers: Answers, wanted: Wanted, days: Days) -> Found:
    query = replace(
        _query(wanted, days),
        order=tuple(_order(each) for each in wanted.order),
        limit=wanted.limit,
        offset=wanted.offset,
    )
    page = answers.page(query)
    return Found([_told(wanted, (), row) for row in page.rows], page.count)


def _order(each: OrderBy) -> Order:
    by = FIGURES[each.field].metric if each.field in FIGURES else COLUMNS[each.field].dimension
    return Order(by, each.direction == "desc")


def _in_parts(answers: Answers, wanted: Wanted, days: Days) -> Found:
    """What a part of the time is called is known here, and so is what belongs together."""
    query = _query(wanted, days)
    found = parts(query.since, query.until, wanted.scope.site.timezone, wanted.unit)
    query = replace(query, buckets=tuple(part.begins for part in found), limit=MOST_TO_FOLD + 1)
    rows = answers.rows(query)
    if len(rows) > MOST_TO_FOLD:
        raise BadRequest("There are too many rows by time; ask for fewer days or dimensions")
    labels = [_label(wanted.times, part) for part in found]
    known = list(dict.fromkeys(labels))
    place = {label: number for number, label in enumerate(known)}
    kept = [row for row in rows if _is_wanted(wanted, found[row.bucket])]
    together = folded(kept, [place[label] for label in labels])
    for each in reversed(wanted.order):
        key = _key(wanted, each.field, known)
        together.sort(key=key, reverse=each.direction == "desc")
    shown = together[wanted.offset : wanted.offset + wanted.limit]
    return Found([_told(wanted, known[row.bucket], row) for row in shown], len(together))


def _label(times: Sequence[str], part: Part) -> tuple[str | int, ...]:
    local = part.local
    told: dict[str, str | int] = {
        "date": str(local.date()),
        "hour": local.hour,
        "day_of_week": local.isoweekday(),
    }
    return tuple(told[name] for name in times)


def _is_wanted(wanted: Wanted, part: Part) -> bool:
    is_hour = wanted.hours is None or part.local.hour in wanted.hours
    return is_hour and (wanted.weekdays is None or part.local.isoweekday() in wanted.weekdays)


def _key(
    wanted: Wanted, field: str, labels: Sequence[tuple[str | int, ...]]
) -> Callable[[Row], Any]:
    if field in FIGURES:
        return FIGURES[field].of
    if field in wanted.times:
        nth = wanted.times.index(field)
        return lambda row: labels[row.bucket][nth]
    nth = dimensions_of(wanted.columns).index(COLUMNS[field].dimension)
    return lambda row: row.values[nth].encode()


def _told(wanted: Wanted, label: Sequence[str | int], row: Row) -> dict[str, Printed]:
    told: dict[str, Printed] = dict(zip(wanted.times, label, strict=True))
    for column, value in zip(wanted.columns, row.values, strict=True):
        told[column.name] = column.printed(value)
    return told | printed(row, wanted.figures, Money.NUMBER)


_DESCRIPTION = (
    "Any dimensions by any metrics; `bounce_rate` is added where both kinds of entrances are asked"
    " for. The answer has no envelope."
)

ENDPOINTS = (
    Endpoint(
        "POST",
        "/stats/query",
        "Query",
        Need.READ_NAMED,
        ask,
        QueryResponse,
        description=_DESCRIPTION,
        query=OfSite,
        body=QueryRequest,
        errors=ERRORS,
        group=GROUP,
    ),
    Endpoint(
        "POST",
        "/stats/query/export",
        "Export query",
        Need.READ_NAMED,
        export,
        CsvText,
        description="The same as CSV.",
        query=ExportQuery,
        body=ExportRequest,
        errors=ERRORS,
        group=GROUP,
        media_types=("text/csv",),
    ),
)
