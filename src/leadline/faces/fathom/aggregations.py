"""Fathom's reports: what the parameters of `/aggregations` ask for, and what is answered."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, Literal, NamedTuple, cast
from zoneinfo import ZoneInfo

import msgspec
from pydantic import BaseModel, Field, RootModel

from leadline.faces.endpoint import Answer, Call, Endpoint, Need
from leadline.faces.fathom.errors import InvalidFields
from leadline.faces.fathom.shapes import Limit, Timezone
from leadline.reports import (
    By,
    Dimension,
    EventMetric,
    EventRow,
    Filter,
    InvalidFilter,
    Metric,
    Operator,
    Order,
    Query,
    Reports,
    Row,
    Time,
    Unit,
    beginning,
    by_host,
    parts,
)
from leadline.sites import MultiDomain, Site, site_in_event_id

MOST_ROWS = 1000
ROWS = 500
LONGEST_BY_HOUR = timedelta(days=7)
CURRENT = timedelta(minutes=5)
CURRENT_ROWS = 150
SECOND = timedelta(seconds=1)

Metrics = Mapping[str, Metric | EventMetric]

PAGEVIEW_METRICS: Metrics = {
    "visits": Metric.VISITS,
    "uniques": Metric.UNIQUES,
    "pageviews": Metric.PAGEVIEWS,
    "avg_duration": Metric.AVERAGE_DURATION,
    "bounce_rate": Metric.BOUNCE_RATE,
}
EVENT_METRICS: Metrics = {each.value: each for each in EventMetric}
FIELDS = {
    "hostname": Dimension.HOSTNAME,
    "pathname": Dimension.PATHNAME,
    "entry_page": Dimension.ENTRY_PAGE,
    "exit_page": Dimension.EXIT_PAGE,
    "referrer_hostname": Dimension.REFERRER_HOSTNAME,
    "referrer_pathname": Dimension.REFERRER_PATHNAME,
    "referrer_source": Dimension.SOURCE,
    "browser": Dimension.BROWSER,
    "country_code": Dimension.COUNTRY,
    "city": Dimension.CITY,
    "state": Dimension.REGION,
    "region": Dimension.REGION,
    "device_type": Dimension.DEVICE_TYPE,
    "operating_system": Dimension.OPERATING_SYSTEM,
    "utm_campaign": Dimension.UTM_CAMPAIGN,
    "utm_content": Dimension.UTM_CONTENT,
    "utm_medium": Dimension.UTM_MEDIUM,
    "utm_source": Dimension.UTM_SOURCE,
    "utm_term": Dimension.UTM_TERM,
    "keyword": Dimension.KEYWORD,
    "ref": Dimension.REF,
}
FILTERED = {name: FIELDS[name] for name in FIELDS if name != "keyword"} | {
    "domain": Dimension.HOSTNAME
}
ONLY_IS = ("device_type", "operating_system", "browser", "country_code", "city", "state", "region")
OPERATORS = {
    "is": Operator.IS,
    "is not": Operator.IS_NOT,
    "is like": Operator.LIKE,
    "is not like": Operator.NOT_LIKE,
    "matching": Operator.MATCHES,
    "not matching": Operator.NOT_MATCHES,
}
DATE_FORMATS = {
    Unit.HOUR: "%Y-%m-%d %H:00:00",
    Unit.DAY: "%Y-%m-%d",
    Unit.MONTH: "%Y-%m",
    Unit.YEAR: "%Y",
}
_DATE = re.compile(r"\d{4}-\d\d-\d\d")


class AggregationQuery(BaseModel):
    entity: Literal["pageview", "event"] = Field(description="What is counted.")
    entity_id: str | None = Field(
        default=None, description="The site, for pageviews; else it may be an event's id."
    )
    site_id: str | None = Field(default=None, description="The site, for an event's name.")
    entity_name: str | None = Field(default=None, description="The name of an event.")
    aggregates: str = Field(
        description="With commas between them: visits, uniques, pageviews, avg_duration,"
        " bounce_rate; of an event conversions, unique_conversions, value."
    )
    date_grouping: Literal["hour", "day", "month", "year", "none"] = Field(
        default="none", description="By hour for up to 7 days."
    )
    field_grouping: str | None = Field(
        default=None, description=f"With commas between them: {', '.join(FIELDS)}."
    )
    sort_by: str | None = Field(
        default=None, description="An aggregate, a field or timestamp, then :asc or :desc."
    )
    date_from: str | None = Field(
        default=None, description="YYYY-MM-DD HH:MM:SS in the time zone; without it all there is."
    )
    date_to: str | None = Field(
        default=None, description="As date_from, and itself in; a date is the whole day."
    )
    timezone: Timezone | None = Field(default=None, description="Instead of the site's.")
    limit: Limit | None = Field(
        default=None, ge=1, le=MOST_ROWS, description="500 with field_grouping, else none."
    )
    filters: str | None = Field(
        default=None,
        description="A JSON array of objects with property, operator and value. All have to fit.",
    )


class AggregationRows(RootModel[list[dict[str, str | float | None]]]):
    """A bare array. Counts are texts, `bounce_rate` is a number from 0 to 1."""


class CurrentQuery(BaseModel):
    site_id: str = Field(description="The site.")
    detailed: Literal["true", "false", "1", "0"] = Field(
        default="false", description="With pages and referrers."
    )


class CurrentPage(Answer):
    hostname: str | None
    pathname: str | None
    total: str


class CurrentReferrer(Answer):
    referrer_hostname: str | None
    referrer_pathname: str | None
    total: str


class CurrentTotal(Answer):
    total: int


class CurrentDetails(CurrentTotal):
    content: list[CurrentPage] = Field(description="Where they are.")
    referrers: list[CurrentReferrer] = Field(description="From where.")


class CurrentVisitors(RootModel[CurrentDetails | CurrentTotal]):
    """The details are there if they were asked for."""


class _Wanted(NamedTuple):
    """A request understood: the report, and the keys of each row of the answer."""

    query: Query
    labels: tuple[str, ...]
    fields: tuple[str, ...]
    aggregates: tuple[str, ...]


def aggregate(call: Call) -> AggregationRows:
    asked = cast(AggregationQuery, call.query)
    is_event = asked.entity == "event"
    site, event = _event_asked(call, asked) if is_event else (_site_asked(call, asked), "")
    reports = call.services.reports
    wanted = _wanted(asked, site, reports)
    if wanted is None:
        return AggregationRows([])
    found: Sequence[Row | EventRow]
    try:
        found = reports.events(wanted.query, event) if is_event else reports.rows(wanted.query)
    except InvalidFilter as error:
        raise InvalidFields.one("filters", "format") from error
    return AggregationRows([_told(row, wanted) for row in found])


def _site_asked(call: Call, asked: AggregationQuery) -> Site:
    name = asked.entity_id or asked.site_id
    if name is None:
        raise InvalidFields.one("entity_id", "missing")
    return call.readable(name)


def _event_asked(call: Call, asked: AggregationQuery) -> tuple[Site, str]:
    """The site and the name of the event, which both are in its id."""
    named = asked.site_id or asked.entity_id
    if named is None:
        raise InvalidFields.one("site_id", "missing")
    if asked.entity_name is not None:
        return call.readable(named), asked.entity_name
    event_id = asked.entity_id or ""
    code = site_in_event_id(event_id)
    if code is None:
        raise InvalidFields.one("entity_name", "missing")
    site = call.readable(asked.site_id or code)
    return site, call.services.events.get(site, event_id).name


def current_visitors(call: Call) -> CurrentVisitors:
    asked = cast(CurrentQuery, call.query)
    site = call.readable(asked.site_id)
    reports = call.services.reports
    now = reports.now()
    everybody = Query(
        sites=(site.id,), since=now - CURRENT, until=now + CURRENT, metrics=(Metric.VISITORS,)
    )
    (all_of_them,) = reports.rows(everybody)
    if asked.detailed in ("false", "0"):
        return CurrentVisitors(CurrentTotal(total=all_of_them.visitors))
    pages, referrers = (
        reports.rows(
            msgspec.structs.replace(
                everybody,
                dimensions=dimensions,
                filters=filters,
                order=(Order(Metric.VISITORS, True),),
                limit=CURRENT_ROWS,
            )
        )
        for dimensions, filters in (
            ((Dimension.HOSTNAME, Dimension.PATHNAME), ()),
            (
                (Dimension.REFERRER_HOSTNAME, Dimension.REFERRER_PATHNAME),
                (Filter(Dimension.REFERRER_HOSTNAME, Operator.IS_NOT, ""),),
            ),
        )
    )
    details = CurrentDetails(
        total=all_of_them.visitors,
        content=[
            CurrentPage(hostname=host, pathname=path, total=str(row.visitors))
            for row in pages
            for host, path in [row.values]
            if row.visitors
        ],
        referrers=[
            CurrentReferrer(
                referrer_hostname=host, referrer_pathname=path or None, total=str(row.visitors)
            )
            for row in referrers
            for host, path in [row.values]
            if row.visitors
        ],
    )
    return CurrentVisitors(details)


# What is asked for


def _wanted(asked: AggregationQuery, site: Site, reports: Reports) -> _Wanted | None:
    """None for a period in which there can be nothing, of which rows are wanted."""
    metrics: Metrics = EVENT_METRICS if asked.entity == "event" else PAGEVIEW_METRICS
    aggregates = _named(asked.aggregates, metrics, "aggregates")
    fields = _named(asked.field_grouping or "", FIELDS, "field_grouping")
    unit = None if asked.date_grouping == "none" else Unit(asked.date_grouping)
    timezone = asked.timezone or site.timezone
    order = _order(asked, aggregates, fields, unit, metrics)
    filters = _filters(asked.filters)
    first, last = reports.bounds(site.id)
    since = _moment(asked.date_from, timezone, "date_from") or first
    until = _end(asked.date_to, timezone) or last
    if unit is Unit.HOUR and until - since > LONGEST_BY_HOUR:
        raise InvalidFields.one("date_grouping", "hours")
    since, until = max(since, first), min(until, last)
    if since >= until and (unit or fields):
        return None
    labelled = parts(since, until, timezone, unit) if unit else []
    limit = asked.limit or (ROWS if fields else None)
    dimensions: tuple[By, ...] = tuple(FIELDS[field] for field in fields)
    if site.multi_domain is MultiDomain.SEPARATE:
        dimensions = by_host(dimensions)
    query = Query(
        sites=(site.id,),
        since=since,
        until=max(since, until),
        buckets=tuple(part.begins for part in labelled),
        dimensions=dimensions,
        metrics=_counted(aggregates, metrics),
        filters=filters,
        order=order,
        limit=limit,
    )
    labels = tuple(part.local.strftime(DATE_FORMATS[unit]) for part in labelled) if unit else ()
    added = tuple(each.value for each in dimensions[len(fields) :] if isinstance(each, Dimension))
    return _Wanted(query, labels, (*fields, *added), aggregates)


def _named(text: str, known: Iterable[str], field: str) -> tuple[str, ...]:
    """The names in a list, each once."""
    names = dict.fromkeys(name.strip() for name in text.split(",") if name.strip())
    if any(name not in known for name in names):
        raise InvalidFields.one(field, "enum")
    if not names and field == "aggregates":
        raise InvalidFields.one(field, "missing")
    return tuple(names)


def _counted(aggregates: Iterable[str], metrics: Metrics) -> tuple[Metric | EventMetric, ...]:
    """Wherever there is a pageview or an event there is a row, whatever is asked of it."""
    always = Metric.PAGEVIEWS if metrics is PAGEVIEW_METRICS else EventMetric.CONVERSIONS
    return (always, *(metrics[name] for name in aggregates))


def _order(
    asked: AggregationQuery,
    aggregates: tuple[str, ...],
    fields: tuple[str, ...],
    unit: Unit | None,
    metrics: Metrics,
) -> tuple[Order, ...]:
    """As is said; else the newest first, and of one time the most of the first aggregate."""
    if asked.sort_by is None:
        by_time = (Order(Time.BUCKET, True),) if unit else ()
        return (*by_time, Order(metrics[aggregates[0]], True)) if fields else by_time
    name, _, direction = asked.sort_by.partition(":")
    by: Any = None
    if name in aggregates:
        by = metrics[name]
    elif name in fields:
        by = FIELDS[name]
    elif name == "timestamp" and unit:
        by = Time.BUCKET
    if by is None or direction not in ("asc", "desc"):
        raise InvalidFields.one("sort_by", "enum")
    return (Order(by, direction == "desc"),)


class _Condition(msgspec.Struct):
    property: str
    operator: str
    value: str


def _filters(text: str | None) -> tuple[Filter, ...]:
    if text is None:
        return ()
    try:
        given = msgspec.json.decode(text, type=list[_Condition])
    except (msgspec.MsgspecError, RecursionError) as error:
        raise InvalidFields.one("filters", "format") from error
    found = []
    for each in given:
        dimension, operator = FILTERED.get(each.property), OPERATORS.get(each.operator)
        is_plain = operator in (Operator.IS, Operator.IS_NOT)
        if dimension is None or operator is None or (each.property in ONLY_IS and not is_plain):
            raise InvalidFields.one("filters", "enum")
        found.append(Filter(dimension, operator, each.value))
    return tuple(found)


def _moment(text: str | None, timezone: str, field: str) -> datetime | None:
    """A moment in UTC, of a text in the zone unless it has one of its own."""
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text)
        if found.tzinfo is None:
            found = found.replace(tzinfo=ZoneInfo(timezone))
        return found.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise InvalidFields.one(field, "date") from error


def _end(text: str | None, timezone: str) -> datetime | None:
    """The moment after the period that ends with a second, or with a day."""
    found = _moment(text, timezone, "date_to")
    if found is None or text is None:
        return None
    try:
        if _DATE.fullmatch(text):
            return beginning(date.fromisoformat(text) + timedelta(days=1), timezone)
        return found.replace(microsecond=0) + SECOND
    except OverflowError as error:
        raise InvalidFields.one("date_to", "date") from error


# What is answered


def _told(row: Row | EventRow, wanted: _Wanted) -> dict[str, str | float | None]:
    found: dict[str, str | float | None] = {name: _amount(row, name) for name in wanted.aggregates}
    if wanted.labels:
        found["date"] = wanted.labels[row.bucket]
    for field, value in zip(wanted.fields, row.values, strict=True):
        found[field] = value or None
    return found


def _amount(row: Row | EventRow, name: str) -> str | float:
    if isinstance(row, EventRow):
        if name == "value":
            cents = row.value * 100
            whole = cents.to_integral_value()
            return str(whole) if cents == whole else format(cents.normalize(), "f")
        return str(getattr(row, name))
    if name == "bounce_rate":
        return row.bounce_rate
    if name == "avg_duration":
        return str(Decimal(row.average_duration).quantize(Decimal("0.0001")))
    return str(getattr(row, name))


_ERRORS = {400: "A parameter is invalid.", 503: "Hits cannot be counted now."}

ENDPOINTS = (
    Endpoint(
        "GET",
        "/aggregations",
        "Get aggregations",
        Need.READ_NAMED,
        aggregate,
        AggregationRows,
        description="What the pageviews of a site, or its events of a name, add up to.",
        query=AggregationQuery,
        errors=_ERRORS,
        group="Reports",
    ),
    Endpoint(
        "GET",
        "/current_visitors",
        "Get current visitors",
        Need.READ_NAMED,
        current_visitors,
        CurrentVisitors,
        description="Who was there in the last 5 minutes.",
        query=CurrentQuery,
        errors=_ERRORS,
        group="Reports",
    ),
)
