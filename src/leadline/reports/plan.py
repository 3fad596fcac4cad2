"""How a query is answered: from the totals of whole days where there are some, else from hits."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from threading import Lock
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from leadline.clock import midnight
from leadline.reports.counted import of_sites, site_parameters
from leadline.reports.days import naive
from leadline.reports.query import Query
from leadline.warehouse import Ask, Dialect

A_DAY = timedelta(days=1)
AN_INSTANT = timedelta(microseconds=1)


class Span(NamedTuple):
    """A time in UTC; `until` is out."""

    since: datetime
    until: datetime


class Summary(NamedTuple):
    """What is worked out of sites: visits that began before a moment, days of a zone in a span."""

    visits_until: datetime
    zone: str
    days: Span


class Plan(NamedTuple):
    """`spans` are those whose hits are looked at, and `begun` when the visits of these began;
    `known` is the one of whose days totals are known, by the `dimension` that is asked for.

    Visits that began before `visits_until` are known.
    """

    spans: tuple[Span, ...]
    begun: tuple[Span, ...]
    known: Span | None = None
    dimension: str = ""
    visits_until: datetime | None = None


class Planner:
    """Plans queries of one snapshot, for several threads, and looks nothing up twice."""

    def __init__(self, ask: Ask, dialect: Dialect) -> None:
        self._ask = ask
        self._summarises = dialect.summarises
        self._planning = Lock()
        self._summaries: dict[tuple[int, ...], Summary | None] = {}
        self._begun: dict[tuple[tuple[int, ...], Span], Span] = {}

    def plan(self, query: Query, dimension: str | None) -> Plan:
        """`dimension` is that of the known totals which tell what is asked, if there can be any."""
        with self._planning:
            summary = self._summary_of(query) if self._summarises else None
            known = None if summary is None or dimension is None else _known(query, summary)
            spans = _without(Span(query.since, query.until), known)
            begun = tuple(self._begun_in(query, span) for span in spans)
        return Plan(spans, begun, known, dimension or "", summary and summary.visits_until)

    def _summary_of(self, query: Query) -> Summary | None:
        """Of several sites what holds for all of them: no days."""
        if query.sites not in self._summaries:
            rows = self._ask(
                "SELECT visits_until, zone, rollups_since, least(rollups_until, visits_until)"
                f" FROM summarised WHERE {of_sites(query, 'summarised')}",
                **site_parameters(query),
            )
            is_all = rows and len(rows) == len(set(query.sites))
            self._summaries[query.sites] = _read(rows) if is_all else None
        return self._summaries[query.sites]

    def _begun_in(self, query: Query, span: Span) -> Span:
        """When visits began that have a hit in the span: that may be before it, and after it if the
        hit came late."""
        key = query.sites, span
        if key not in self._begun:
            ((earliest, latest),) = self._ask(
                "SELECT least($since, coalesce(min(visit_started_at), $since)),"
                " greatest($until, coalesce(max(visit_started_at), $until)) FROM hits"
                f" WHERE {of_sites(query)} AND received_at >= $since AND received_at < $until",
                since=naive(span.since),
                until=naive(span.until),
                **site_parameters(query),
            )
            self._begun[key] = Span(_utc(earliest), max(span.until, _utc(latest) + AN_INSTANT))
        return self._begun[key]


def _read(rows: Sequence[tuple[Any, ...]]) -> Summary:
    _, zone, since, until = rows[0]
    return Summary(_utc(min(row[0] for row in rows)), zone, Span(_utc(since), _utc(until)))


def _known(query: Query, summary: Summary) -> Span | None:
    zone = ZoneInfo(summary.zone)
    days = Span(
        _next_midnight(max(query.since, summary.days.since), zone),
        _last_midnight(min(query.until, summary.days.until), zone),
    )
    is_any = days.since < days.until and _fall_on_midnights(query.buckets, days, zone)
    return days if is_any else None


def _without(whole: Span, known: Span | None) -> tuple[Span, ...]:
    if known is None:
        return (whole,)
    rest = (Span(whole.since, known.since), Span(known.until, whole.until))
    return tuple(span for span in rest if span.since < span.until)


def _fall_on_midnights(buckets: tuple[datetime, ...], days: Span, zone: ZoneInfo) -> bool:
    """Whether no day is in two buckets."""
    inside = (begin for begin in buckets if days.since < begin < days.until)
    return all(_last_midnight(begin, zone) == begin for begin in inside)


def _date(moment: datetime, zone: ZoneInfo) -> date:
    return moment.astimezone(zone).date()


def _last_midnight(moment: datetime, zone: ZoneInfo) -> datetime:
    return midnight(_date(moment, zone), zone)


def _next_midnight(moment: datetime, zone: ZoneInfo) -> datetime:
    begun = _last_midnight(moment, zone)
    return begun if begun == moment else midnight(_date(moment, zone) + A_DAY, zone)


def _utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC)
