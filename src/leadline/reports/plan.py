"""How a query is answered: from the totals of whole days where there are some, else from hits."""

from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from leadline.clock import midnight
from leadline.reports.days import naive
from leadline.warehouse import ROLLED_UP, Ask

A_DAY = timedelta(days=1)

_SUMMARY = """
SELECT visits_until, zone, rollups_since, least(rollups_until, visits_until)
FROM summarised WHERE site_id = $site
"""
_EARLIEST = """
SELECT least($since, coalesce(min(visit_started_at), $since)) FROM hits
WHERE site_id = $site AND received_at >= $since AND received_at < $until
"""


class Span(NamedTuple):
    """A time in UTC; `until` is out."""

    since: datetime
    until: datetime


class Summary(NamedTuple):
    """What is worked out of a site: visits that began before a moment, days of a zone in a span."""

    visits_until: datetime
    zone: str
    days: Span


class Plan(NamedTuple):
    """`spans` are those whose hits are looked at, `days` the one of which totals are known.

    Visits that began before `visits_until` are known.
    """

    spans: tuple[Span, ...]
    days: Span | None = None
    visits_until: datetime | None = None


def summary_of(ask: Ask, site: int) -> Summary | None:
    for visits_until, zone, since, until in ask(_SUMMARY, site=site):
        return Summary(_utc(visits_until), zone, Span(_utc(since), _utc(until)))
    return None


def earliest(ask: Ask, site: int, span: Span) -> datetime:
    """When the earliest visit began that has a hit in the span, if that was before it."""
    bounds = {"since": naive(span.since), "until": naive(span.until)}
    ((found,),) = ask(_EARLIEST, site=site, **bounds)
    return _utc(found)


def planned(
    whole: Span, buckets: tuple[datetime, ...], dimension: str | None, summary: Summary | None
) -> Plan:
    """`dimension` is the one of the known totals that tells what is asked, if there is one."""
    if summary is None:
        return Plan((whole,))
    plan = Plan((whole,), visits_until=summary.visits_until)
    if dimension not in ROLLED_UP:
        return plan
    zone = ZoneInfo(summary.zone)
    days = Span(
        _next_midnight(max(whole.since, summary.days.since), zone),
        _last_midnight(min(whole.until, summary.days.until), zone),
    )
    if days.since >= days.until or not _fall_on_midnights(buckets, days, zone):
        return plan
    rest = (Span(whole.since, days.since), Span(days.until, whole.until))
    spans = tuple(span for span in rest if span.since < span.until)
    return plan._replace(spans=spans, days=days)


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
