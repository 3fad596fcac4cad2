"""One screen of a site: totals, a chart, and a few lines of every group of panels."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

import msgspec

from leadline.dashboard.report import figures, periods
from leadline.dashboard.report.lines import Line, lines_of
from leadline.dashboard.report.look import CHARTED, SOLD, Look
from leadline.dashboard.report.panels import GROUPS, Panel
from leadline.dashboard.report.scope import Question, Scope, present
from leadline.reports import (
    Answers,
    Dimension,
    EventMetric,
    EventRow,
    Metric,
    Order,
    Pair,
    Period,
    Query,
    Reports,
    Row,
    filled,
)
from leadline.sites import Site

LINES = 9
HOSTS = 50
CONVERSION = "conversion"
"""The kind of events that something is sold by."""

Ask = Callable[[Answers, Query], list[Row]]


class Tile(NamedTuple):
    """A total. `other` and `changed` are None where it stands beside nothing."""

    metric: Metric
    value: Any
    other: Any
    changed: float | None
    series: tuple[float, ...] = ()

    @property
    def is_better(self) -> bool:
        return self.changed is not None and figures.is_better(self.metric, self.changed)


class Bucket(NamedTuple):
    """A part of time: when it begins as a whole, in the site's zone, and what there was."""

    local: datetime
    value: Any
    other_local: datetime | None
    other: Any
    is_going_on: bool


class Card(NamedTuple):
    """A group's chosen panel in short."""

    panel: Panel
    lines: tuple[Line, ...]


class Live(NamedTuple):
    """Who is there now. It is stale if there are hits that the report does not show yet."""

    present: int
    marker: str
    is_stale: bool


class Overview(NamedTuple):
    scope: Scope
    live: Live
    tiles: tuple[Tile, ...]
    buckets: tuple[Bucket, ...]
    cards: tuple[Card, ...]
    events: tuple[EventRow, ...]
    countries: dict[str, int] | None
    hosts: tuple[str, ...]


def overview(reports: Reports, scope: Scope, look: Look) -> Overview:
    """Everything of one snapshot, but for what was sold when, which is asked where anything was.

    Raises `HitsUnavailable`, `InvalidFilter`.
    """
    panels = [look.panel(group) for group in GROUPS]
    series = _Series(scope, CHARTED, Answers.rows)
    asked: list[Question] = [
        lambda answers: _paired(answers, scope, CHARTED, Answers.rows),
        series.rows,
        series.others,
        lambda answers: answers.rows(present(scope.site, scope.now, scope.conditions)),
        lambda answers: _by_country(answers, scope, panels),
        lambda answers: answers.events(_top_events(scope)),
        lambda answers: _hosts(answers, scope),
        lambda answers: _paired(answers, scope, SOLD, _sold),
        *(_card_question(scope, panel) for panel in panels),
    ]
    totals, rows, others, current, countries, events, hosts, sold, *found = answered(reports, asked)
    sales = _Series(scope, SOLD, _sold)
    has_sold = bool(sold.row.conversions or sold.other.conversions)
    sold_rows, sold_others = answered(reports, [sales.rows, sales.others]) if has_sold else ([], [])
    return Overview(
        scope=scope,
        live=Live(current[0].visitors, marker_of(reports, scope.site), False),
        tiles=_tiles(totals, sold if has_sold else None, scope, rows, sold_rows),
        buckets=(
            sales.buckets(look.metric, sold_rows, sold_others)
            if has_sold and look.metric in SOLD
            else series.buckets(look.metric, rows, others)
        ),
        cards=tuple(
            Card(panel, _lines(look, scope, panel, rows))
            for panel, rows in zip(panels, found, strict=True)
        ),
        events=tuple(events),
        countries=countries,
        hosts=hosts,
    )


def card_of(
    reports: Reports, scope: Scope, look: Look, panel: Panel
) -> tuple[Card, dict[str, int] | None]:
    """One panel in short, and what is on its map. Raises as `overview`."""
    rows, countries = answered(
        reports,
        [
            _card_question(scope, panel),
            lambda answers: _by_country(answers, scope, [panel]),
        ],
    )
    return Card(panel, _lines(look, scope, panel, rows)), countries


def live(reports: Reports, scope: Scope, seen: str) -> Live:
    """`seen` is the marker of what is shown. Raises as `overview`."""
    query = present(scope.site, scope.now, scope.conditions)
    (rows,) = answered(reports, [lambda answers: answers.rows(query)])
    marker = marker_of(reports, scope.site)
    return Live(rows[0].visitors, marker, scope.is_going_on and marker != seen)


def marker_of(reports: Reports, site: Site) -> str:
    """Another text after further hits of the site."""
    last = reports.last_hit(site.id)
    return "" if last is None else f"{last.timestamp():.6f}"


def answered(reports: Reports, questions: Sequence[Question]) -> list[Any]:
    """What each of these answers, all of one snapshot."""
    with reports.at_once() as answers:
        return answers.all([partial(question, answers) for question in questions])


class _Series:
    """A period and the one beside it by parts of time."""

    def __init__(self, scope: Scope, metrics: Sequence[Metric], ask: Ask) -> None:
        self._scope = scope
        self._metrics = metrics
        self._ask = ask
        zone = scope.site.timezone
        self._period, self._locals = periods.in_parts(scope.period, zone, scope.unit)
        self._other: Period | None = None
        self._other_locals: tuple[datetime, ...] = ()
        if scope.other is not None:
            self._other, self._other_locals = periods.in_parts(scope.other, zone, scope.unit)

    def rows(self, answers: Answers) -> list[Row]:
        query = self._scope.query(*self._metrics, buckets=self._period.buckets)
        return filled(self._ask(answers, query), len(self._locals), Row)

    def others(self, answers: Answers) -> list[Row]:
        if self._other is None or not self._other.buckets:
            return []
        query = self._scope.during(self._other, *self._metrics)
        return filled(self._ask(answers, query), len(self._other_locals), Row)

    def buckets(
        self, metric: Metric, rows: Sequence[Row], others: Sequence[Row]
    ) -> tuple[Bucket, ...]:
        now = self._scope.now
        ends = (*self._period.buckets[1:], self._period.until)
        return tuple(
            Bucket(
                local,
                figures.value_of(row, metric) if begins <= now else None,
                self._other_locals[number] if number < len(others) else None,
                figures.value_of(others[number], metric) if number < len(others) else None,
                begins <= now < end,
            )
            for number, (row, local, begins, end) in enumerate(
                zip(rows, self._locals, self._period.buckets, ends, strict=True)
            )
        )


def _sold(answers: Answers, query: Query) -> list[Row]:
    """Conversions and revenue: as rows have them, sooner where totals of days are known."""
    if query.filters:
        return answers.rows(query)
    by_kind = msgspec.structs.replace(query, metrics=(), dimensions=(Dimension.EVENT_KIND,))
    found = [
        Row(each.bucket, (), conversions=each.conversions, revenue=each.value)
        for each in answers.events(by_kind)
        if each.values == (CONVERSION,)
    ]
    return found or ([] if query.buckets else [Row(0, ())])


def _paired(answers: Answers, scope: Scope, metrics: Sequence[Metric], ask: Ask) -> Pair[Row]:
    (row,) = ask(answers, scope.query(*metrics))
    if scope.other is None:
        return Pair(row, row)
    (other,) = ask(answers, scope.during(scope.other, *metrics))
    return Pair(row, other)


def _tiles(
    totals: Pair[Row],
    sold: Pair[Row] | None,
    scope: Scope,
    rows: Sequence[Row],
    sold_rows: Sequence[Row],
) -> tuple[Tile, ...]:
    begun = sum(begins <= scope.now for begins in _begins(scope))
    tiles = [_tile(totals, metric, scope, rows[:begun]) for metric in CHARTED]
    if sold is not None:
        tiles += [_tile(sold, metric, scope, sold_rows[:begun]) for metric in SOLD]
    return tuple(tiles)


def _begins(scope: Scope) -> tuple[datetime, ...]:
    return periods.in_parts(scope.period, scope.site.timezone, scope.unit)[0].buckets


def _tile(pair: Pair[Row], metric: Metric, scope: Scope, rows: Sequence[Row]) -> Tile:
    value = figures.value_of(pair.row, metric)
    series = tuple(float(figures.value_of(row, metric)) for row in rows)
    if scope.other is None:
        return Tile(metric, value, None, None, series)
    other = figures.value_of(pair.other, metric)
    return Tile(metric, value, other, figures.change(value, other), series)


def _card_question(scope: Scope, panel: Panel) -> Question:
    query = scope.top(panel.dimension, panel.metrics[:1], LINES)
    return lambda answers: answers.rows(query)


def _lines(look: Look, scope: Scope, panel: Panel, rows: Sequence[Row]) -> tuple[Line, ...]:
    return lines_of(look, panel, rows, scope.query(dimensions=(panel.dimension,)).dimensions)


def _top_events(scope: Scope) -> Any:
    order = (Order(EventMetric.CONVERSIONS, descending=True),)
    return scope.query(dimensions=(Dimension.EVENT_NAME,), order=order, limit=LINES)


def _hosts(answers: Answers, scope: Scope) -> tuple[str, ...]:
    """Those of a site with several, the one with most pageviews first, whatever is filtered."""
    if scope.site.multi_domain is None:
        return ()
    query = msgspec.structs.replace(
        scope.top(Dimension.HOSTNAME, (Metric.PAGEVIEWS,), HOSTS), filters=scope.limits
    )
    return tuple(row.values[0] for row in answers.rows(query))


def _by_country(answers: Answers, scope: Scope, panels: Sequence[Panel]) -> dict[str, int] | None:
    """Visitors by the code of their country, if one of the panels has a map."""
    if not any(panel.dimension is Dimension.COUNTRY for panel in panels):
        return None
    rows = answers.rows(scope.query(Metric.VISITORS, dimensions=(Dimension.COUNTRY,)))
    return {row.values[0]: row.visitors for row in rows if row.values[0]}
