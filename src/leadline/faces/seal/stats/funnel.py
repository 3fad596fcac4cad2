"""Funnels: what each source came to, and how many visits took one step after the other."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, cast

from msgspec.structs import replace
from pydantic import BaseModel, Field

from leadline.faces.endpoint import Answer, Call, Endpoint, Need
from leadline.faces.seal.shapes import Envelope
from leadline.faces.seal.stats.asked import Narrowed, OfPeriod, Scope, scope_of
from leadline.faces.seal.stats.described import ERRORS, GROUP, endpoint
from leadline.faces.seal.stats.events import query_of_events, values_of
from leadline.faces.seal.stats.figures import Money, percent
from leadline.faces.seal.stats.questions import dimensions_of, query_of
from leadline.faces.seal.stats.shapes import DateRange, sometimes
from leadline.faces.seal.stats.tables import UTM_COLUMNS
from leadline.reports import (
    FEWEST_STEPS,
    MOST_STEPS,
    Did,
    Dimension,
    EventRow,
    Filter,
    Funnel,
    FunnelResult,
    Operator,
    Row,
    Step,
    Viewed,
)

STEP_LENGTH = 2048
SOURCES = UTM_COLUMNS[:4]
CONVERSION = "conversion"


# By source


class FunnelQuery(Narrowed):
    limit: int = Field(default=1000, ge=1, le=10_000)


class FunnelRow(Answer):
    utm_source: str
    utm_medium: str
    utm_campaign: str
    utm_term: str
    entrances: int
    page_views: int
    microconversions: dict[str, int] = Field(description="By type.")
    conversions: dict[str, int] = Field(description="By type.")
    revenue: dict[str, float] = Field(description="By type of conversion.")


class FunnelResponse(Answer):
    account_id: str
    date_from: str
    date_to: str
    microconversion_types: list[str]
    conversion_types: list[str]
    rows: list[FunnelRow]
    totals: FunnelRow
    truncated: bool | None = sometimes("True where there are more rows than `limit`.")


def get_funnel(call: Call) -> FunnelResponse:
    asked = cast(FunnelQuery, call.query)
    scope = scope_of(call, asked)
    traffic = query_of(scope, SOURCES, ("entrances", "page_views"))
    types = (Dimension.EVENT_KIND, Dimension.EVENT_NAME)
    events = query_of_events(scope, (*types, *dimensions_of(SOURCES)))
    with call.services.reports.at_once() as answers:
        questions: list[Callable[[], Any]] = [
            partial(answers.rows, traffic),
            partial(answers.events, events),
            partial(answers.rows, replace(traffic, dimensions=())),
            partial(answers.events, replace(events, dimensions=types)),
        ]
        rows, found, (total,), all_found = answers.all(questions)
    by_source: dict[tuple[str, ...], list[EventRow]] = {}
    for event in found:
        by_source.setdefault(event.values[2:], []).append(event)
    known = {row.values: row for row in rows}
    known |= {values: Row(0, values) for values in by_source if values not in known}
    told = sorted(known.values(), key=lambda row: (-row.entrances, -row.pageviews, row.values))
    first, last = map(str, scope.days)
    return FunnelResponse(
        account_id=scope.site.slug,
        date_from=first,
        date_to=last,
        microconversion_types=_types(all_found, is_conversion=False),
        conversion_types=_types(all_found, is_conversion=True),
        rows=[
            _told(values_of(SOURCES, row.values), row, by_source.get(row.values, ()))
            for row in told[: asked.limit]
        ],
        totals=_told(dict.fromkeys((column.name for column in SOURCES), ""), total, all_found),
        truncated=len(told) > asked.limit or None,
    )


def _told(source: dict[str, str], row: Row, events: Sequence[EventRow]) -> FunnelRow:
    conversions = _of_kind(events, is_conversion=True)
    return FunnelRow(
        **source,
        entrances=row.entrances,
        page_views=row.pageviews,
        microconversions={
            event.values[1]: event.conversions for event in _of_kind(events, is_conversion=False)
        },
        conversions={event.values[1]: event.conversions for event in conversions},
        revenue={
            event.values[1]: float(Money.NUMBER.printed(event.value)) for event in conversions
        },
    )


def _of_kind(events: Sequence[EventRow], *, is_conversion: bool) -> list[EventRow]:
    return [event for event in events if (event.values[0] == CONVERSION) is is_conversion]


def _types(events: Sequence[EventRow], *, is_conversion: bool) -> list[str]:
    return sorted(event.values[1] for event in _of_kind(events, is_conversion=is_conversion))


# Step by step


class FunnelRequest(BaseModel):
    steps: list[str] = Field(
        min_length=FEWEST_STEPS,
        max_length=MOST_STEPS,
        description="Each the path of a page, which begins with `/`, or the type of an event.",
    )
    name: str = Field(default="Custom Funnel", max_length=255)


class FunnelStep(Answer):
    step_number: int
    name: str
    count: int
    conversion_rate: float = Field(description="Of the step before, in percent.")
    drop_off_rate: float


class FunnelReport(Answer):
    name: str
    date_range: DateRange
    steps: list[FunnelStep]
    total_entries: int = Field(description="Visits that took the first step.")
    total_completions: int = Field(description="Visits that took all of them.")
    overall_conversion_rate: float


def make_funnel(call: Call) -> Envelope[FunnelReport]:
    body = cast(FunnelRequest, call.body)
    scope = scope_of(call, cast(OfPeriod, call.query))
    found = call.services.reports.funnel(_funnel(scope, body.steps))
    return Envelope(data=_reported(scope, body, found))


def _funnel(scope: Scope, steps: Sequence[str]) -> Funnel:
    since, until, _ = scope.period
    return Funnel(sites=(scope.site.id,), since=since, until=until, steps=tuple(map(_step, steps)))


def _step(text: str) -> Step:
    if text.startswith("/"):
        return Viewed(Filter(Dimension.PATHNAME, Operator.IS, text))
    return Did(Filter(Dimension.EVENT_NAME, Operator.IS, text))


def _reported(scope: Scope, body: FunnelRequest, found: FunnelResult) -> FunnelReport:
    """All who take the first step come from nowhere."""
    entries, completions = found.steps[0].visits, found.steps[-1].visits
    steps = []
    before = entries
    for number, (name, reached) in enumerate(zip(body.steps, found.steps, strict=True), start=1):
        steps.append(
            FunnelStep(
                step_number=number,
                name=name,
                count=reached.visits,
                conversion_rate=percent(reached.visits, before),
                drop_off_rate=percent(before - reached.visits, before),
            )
        )
        before = reached.visits
    return FunnelReport(
        name=body.name,
        date_range=DateRange.of(scope.days),
        steps=steps,
        total_entries=entries,
        total_completions=completions,
        overall_conversion_rate=percent(completions, entries),
    )


ENDPOINTS = (
    endpoint(
        "/stats/funnel",
        "Get funnel",
        get_funnel,
        FunnelQuery,
        FunnelResponse,
        description="What each source, medium, campaign and term came to, without an envelope.",
    ),
    Endpoint(
        "POST",
        "/stats/funnel",
        "Make funnel",
        Need.READ_NAMED,
        make_funnel,
        Envelope[FunnelReport],
        description="How many visits took the steps one after the other.",
        query=OfPeriod,
        body=FunnelRequest,
        errors=ERRORS,
        group=GROUP,
    ),
)
