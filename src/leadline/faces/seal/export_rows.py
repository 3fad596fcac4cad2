"""The rows of exports: what is asked for, how many there are, and the file that they make."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from enum import StrEnum
from itertools import islice
from typing import Annotated, Any, NamedTuple
from zoneinfo import ZoneInfo

import msgspec
from msgspec.structs import replace
from pydantic import BaseModel, Field

from leadline.faces.seal.errors import InvalidRequest
from leadline.faces.seal.sheets import as_csv
from leadline.faces.seal.stats.asked import Day, Scope
from leadline.faces.seal.stats.events import CONVERSIONS, MICROCONVERSIONS, query_of_events
from leadline.faces.seal.stats.figures import COMPARED, FIGURES, Money, metrics_of, printed
from leadline.faces.seal.stats.filters import OF_ANY_PAGE, conditions_of
from leadline.faces.seal.stats.periods import checked
from leadline.faces.seal.stats.questions import in_all, query_of, told
from leadline.faces.seal.stats.tables import LISTINGS, Listing
from leadline.reports import (
    Condition,
    Days,
    Did,
    Dimension,
    ExportFailed,
    Filter,
    LoggedEvent,
    Operator,
    Order,
    Query,
    Reports,
    Row,
    Unit,
    parts,
)
from leadline.sites import Site

MOST_ROWS = 100_000
"""Of one file."""

ROWS_AT_ONCE = 1000


class ExportType(StrEnum):
    PAGES = "pages"
    SOURCES = "sources"
    MEDIUMS = "mediums"
    CAMPAIGNS = "campaigns"
    TERMS = "terms"
    COUNTRIES = "countries"
    DEVICES = "devices"
    BROWSERS = "browsers"
    OS = "os"
    CONVERSIONS = "conversions"
    MICROCONVERSIONS = "microconversions"
    TIME_SERIES = "time_series"
    LANDING_PAGES = "landing_pages"


class ExportFormat(StrEnum):
    CSV = "csv"
    JSON = "json"

    @property
    def media_type(self) -> str:
        return "text/csv" if self is ExportFormat.CSV else "application/json"


Text = Annotated[str, Field(max_length=255)]
Shorter = Annotated[str, Field(max_length=100)]


class ExportFilters(BaseModel):
    utm_source: Text | None = None
    utm_medium: Text | None = None
    utm_campaign: Text | None = None
    utm_term: Text | None = None
    utm_content: Text | None = None
    country: Annotated[str, Field(min_length=2, max_length=2)] | None = None
    device_type: Annotated[str, Field(max_length=50)] | None = None
    browser: Shorter | None = None
    os: Shorter | None = None
    content_grouping: Text | None = None
    conversion_type: Shorter | None = Field(
        None, description="Events of this type; of other rows the visits that have one."
    )
    advanced_filters: Annotated[str, Field(max_length=1000)] | None = Field(
        None, description="As `filters` of the statistics."
    )


class ExportRequest(BaseModel):
    export_type: ExportType
    format: ExportFormat = ExportFormat.CSV
    date_from: Day = Field(description="A day of the site's time zone.")
    date_to: Day = Field(description="The last day, itself in.")
    filters: ExportFilters = Field(default_factory=ExportFilters)

    @property
    def file_name(self) -> str:
        return f"{self.export_type}_{self.date_from}_{self.date_to}.{self.format}"


class Sheet(NamedTuple):
    """A value of each name in each of the rows."""

    names: tuple[str, ...]
    rows: Sequence[Sequence[Any]]


_PATHS = {
    ExportType.PAGES: "/stats/pages",
    ExportType.SOURCES: "/stats/sources",
    ExportType.MEDIUMS: "/stats/mediums",
    ExportType.CAMPAIGNS: "/stats/campaigns",
    ExportType.TERMS: "/stats/terms",
    ExportType.COUNTRIES: "/stats/geo/countries",
    ExportType.DEVICES: "/stats/devices/types",
    ExportType.BROWSERS: "/stats/browsers",
    ExportType.OS: "/stats/operating-systems",
    ExportType.LANDING_PAGES: "/stats/landing-pages",
}
_LISTINGS = {
    kind: listing for kind, path in _PATHS.items() for listing in LISTINGS if listing.path == path
}
_EVENTS = {ExportType.CONVERSIONS: CONVERSIONS, ExportType.MICROCONVERSIONS: MICROCONVERSIONS}
_OTHER_NAMES = ("name", "device")
"""Columns that say once more what another says."""


def scope_of(reports: Reports, site: Site, asked: ExportRequest) -> Scope:
    """Raises `BadRequest`, `InvalidRequest`."""
    days = checked(Days(asked.date_from, asked.date_to))
    listing = _LISTINGS.get(asked.export_type)
    given = asked.filters.model_dump(
        exclude={"conversion_type", "advanced_filters"}, exclude_none=True
    )
    parameters = {name: [text] for name, text in given.items()}
    moved = listing.moved if listing else OF_ANY_PAGE
    try:
        found = conditions_of(reports, asked.filters.advanced_filters, parameters, None, moved)
    except InvalidRequest as error:
        message = error.problems[0]["message"]
        raise InvalidRequest.one("body.filters.advanced_filters", message, "value_error") from error
    return Scope(site, days, None, (*found, *_of_type(asked)))


def _of_type(asked: ExportRequest) -> Iterator[Condition]:
    wanted = asked.filters.conversion_type
    if wanted is not None:
        is_it = Filter(Dimension.EVENT_NAME, Operator.IS, wanted)
        yield is_it if asked.export_type in _EVENTS else Did(is_it)


def count_rows(reports: Reports, site: Site, asked: ExportRequest) -> int:
    """Raises `BadRequest`, `InvalidRequest`."""
    scope = scope_of(reports, site, asked)
    if asked.export_type in _EVENTS:
        query = query_of_events(scope, (), _EVENTS[asked.export_type])
        (total,) = reports.events(in_all(query))
        return total.conversions
    if asked.export_type is ExportType.TIME_SERIES:
        return (scope.days.last - scope.days.first).days + 1
    query = _query_of_listing(scope, _LISTINGS[asked.export_type])
    return reports.page(replace(query, limit=1)).count


def sheet_of(reports: Reports, site: Site, asked: ExportRequest) -> Sheet:
    """Raises `BadRequest`, `InvalidRequest`, `ExportFailed`."""
    scope = scope_of(reports, site, asked)
    if asked.export_type in _EVENTS:
        return _events(reports, scope, asked.export_type)
    if asked.export_type is ExportType.TIME_SERIES:
        return _by_day(reports, scope)
    return _listed(reports, scope, _LISTINGS[asked.export_type])


def file_of(sheet: Sheet, format: ExportFormat) -> Iterator[bytes]:
    if format is ExportFormat.CSV:
        return as_csv(sheet.names, ([_cell(value) for value in row] for row in sheet.rows))
    return _as_json(sheet)


def _cell(value: Any) -> Any:
    return msgspec.json.encode(value).decode() if isinstance(value, dict) else value


def _as_json(sheet: Sheet) -> Iterator[bytes]:
    """A list of objects."""
    yield b"["
    waiting = iter(sheet.rows)
    is_first = True
    while some := list(islice(waiting, ROWS_AT_ONCE)):
        encoded = msgspec.json.encode([dict(zip(sheet.names, row, strict=True)) for row in some])
        yield (b"" if is_first else b",") + encoded[1:-1]
        is_first = False
    yield b"]"


def _query_of_listing(scope: Scope, listing: Listing) -> Query:
    order = Order(FIGURES[listing.sorts[0]].metric, True)
    query = query_of(scope, listing.columns, listing.figures)
    return replace(query, order=(order,), limit=MOST_ROWS + 1)


def _listed(reports: Reports, scope: Scope, listing: Listing) -> Sheet:
    query = _query_of_listing(scope, listing)
    columns = [column for column in listing.columns if column.name not in _OTHER_NAMES]
    rows = []
    for row in _bounded(reports.rows(query)):
        values = told(columns, query.dimensions, row)
        values |= printed(row, listing.figures, listing.money)
        rows.append(tuple(values.values()))
    names = (*(column.name for column in columns), *listing.figures)
    return Sheet(names, rows)


def _by_day(reports: Reports, scope: Scope) -> Sheet:
    """Days of nobody too."""
    period = scope.period
    days = parts(period.since, period.until, scope.site.timezone, Unit.DAY)
    query = replace(
        query_of(scope, (), COMPARED),
        buckets=tuple(day.begins for day in days),
        metrics=metrics_of(COMPARED),
    )
    found = {row.bucket: row for row in reports.rows(query)}
    rows = []
    for number, day in enumerate(days):
        figures = printed(found.get(number, Row(number, ())), COMPARED, Money.TEXT)
        rows.append((str(day.local.date()), *figures.values()))
    return Sheet(("date", *COMPARED), rows)


def _events(reports: Reports, scope: Scope, kind: ExportType) -> Sheet:
    query = query_of_events(scope, (Dimension.EVENT_NAME,), _EVENTS[kind])
    events = _bounded(reports.event_log(replace(query, limit=MOST_ROWS + 1)))
    zone = ZoneInfo(scope.site.timezone)
    if kind is ExportType.MICROCONVERSIONS:
        names: tuple[str, ...] = ("date", "conversion_type", "properties")
        return Sheet(names, [(*_begin(each, zone), each.properties) for each in events])
    names = ("date", "conversion_type", "amount", "properties")
    rows = [(*_begin(each, zone), _amount(each), each.properties) for each in events]
    return Sheet(names, rows)


def _begin(event: LoggedEvent, zone: ZoneInfo) -> tuple[str, str]:
    return str(event.at.astimezone(zone).date()), event.values[0]


def _amount(event: LoggedEvent) -> str | float:
    return Money.TEXT.printed(event.amount or Decimal(0))


def _bounded(rows: Sequence[Any]) -> Iterable[Any]:
    """Raises `ExportFailed`."""
    if len(rows) > MOST_ROWS:
        raise ExportFailed(f"There are more than {MOST_ROWS:,} rows; ask for fewer days")
    return rows
