"""What the free question may say, and what it means."""

from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from pydantic import BaseModel, Field

from leadline.faces.endpoint import Call
from leadline.faces.seal.errors import BadRequest, InvalidRequest
from leadline.faces.seal.stats.asked import Day, OfSite, Scope, site_asked
from leadline.faces.seal.stats.figures import COMPARED
from leadline.faces.seal.stats.filters import conditions_of
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
from leadline.reports import Condition, Days, Unit

MOST_DIMENSIONS = 10
MOST_ROWS = 10_000
MOST_EXPORTED = 100_000
MOST_TO_ORDER_BY = 20

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
        default_factory=list,
        max_length=MOST_TO_ORDER_BY,
        description="Without any, most entrances come first.",
    )
    limit: int = Field(default=100, ge=1, le=MOST_ROWS)
    offset: int = Field(default=0, ge=0, le=1_000_000_000)
    compare: str | None = Field(default=None, description="`previous` or `yoy`.")


class ExportRequest(QueryRequest):
    limit: int = Field(default=MOST_ROWS, ge=1, le=MOST_EXPORTED)


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


def understood(call: Call, body: QueryRequest) -> Wanted:
    """Raises `BadRequest`, `InvalidRequest`."""
    assert isinstance(call.query, OfSite)
    site = site_asked(call, call.query)
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


def _filters(call: Call, given: QueryFilters) -> tuple[Condition, ...]:
    wanted: dict[str, list[str]] = {}
    unwanted: dict[str, list[str]] = {}
    for name, value in given:
        if isinstance(value, str | list) and name not in TIMES:
            into = unwanted if name.endswith(_NOT) else wanted
            into[name.removesuffix(_NOT)] = [value] if isinstance(value, str) else value
    return conditions_of(
        call.services.reports, None, wanted, unwanted=unwanted, field="body.filters"
    )
