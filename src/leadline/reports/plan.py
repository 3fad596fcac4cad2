"""How a query is answered: from the totals of whole days where they are known, else from hits."""

from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from leadline.clock import midnight
from leadline.reports.query import Query
from leadline.warehouse import ROLLED_UP

A_DAY = timedelta(days=1)


class Span(NamedTuple):
    """A time; `until` is out."""

    since: datetime
    until: datetime


class Summary(NamedTuple):
    """What is worked out of a site: visits that began before a moment, days of a zone in a span."""

    visits_until: datetime
    zone: str
    rolled_up: Span


class Plan(NamedTuple):
    """`spans` are those whose hits are looked at, `days` the one of which totals are known."""

    spans: tuple[Span, ...]
    days: Span | None = None


def planned(query: Query, dimension: str | None, summary: Summary | None) -> Plan:
    """`dimension` is that of the warehouse's totals which tell what is asked, if there is one."""
    whole = Span(query.since, query.until)
    if summary is None or dimension not in ROLLED_UP:
        return Plan((whole,))
    zone = ZoneInfo(summary.zone)
    days = Span(
        _next_midnight(max(whole.since, summary.rolled_up.since), zone),
        _last_midnight(min(whole.until, summary.rolled_up.until), zone),
    )
    if days.since >= days.until or not _fall_on_midnights(query.buckets, days, zone):
        return Plan((whole,))
    rest = (Span(whole.since, days.since), Span(days.until, whole.until))
    return Plan(tuple(span for span in rest if span.since < span.until), days)


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


def utc(moment: datetime) -> datetime:
    """A moment as the warehouse stores it, with its zone."""
    return moment.replace(tzinfo=UTC)
