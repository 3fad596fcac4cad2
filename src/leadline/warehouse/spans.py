"""Spans of time that hold so few hits that they are dealt with at once."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from leadline.warehouse.engine import Dialect

EARLIEST, LATEST = datetime(1970, 1, 1), datetime(2262, 1, 1)
"""Before and after all hits, in UTC without a zone, as moments are here."""

Span = tuple[datetime, datetime]
"""From a moment to another, the second not included."""

HOUR = 3_600_000_000

IN_SPAN = "site_id = $site AND received_at >= $since AND received_at < $until"


def by_hour(dialect: Dialect) -> str:
    """How many rows a site has in each hour of a span, hours in microseconds since 1970."""
    moment = dialect.microseconds("received_at")
    return f"""
        SELECT {moment} - {moment} % {HOUR} AS hour, count(*) FROM hits
        WHERE {IN_SPAN} GROUP BY hour ORDER BY hour
    """


def cut(counted: Iterable[tuple[int, int]], span: Span, most: int) -> list[Span]:
    """A span as several, each of `most` rows or of one hour; `counted` is of `by_hour`."""
    since, until = span
    begins = [since]
    rows = 0
    for hour, count in counted:
        if rows and rows + count > most:
            begins.append(EARLIEST + timedelta(microseconds=hour))
            rows = 0
        rows += count
    return list(zip(begins, [*begins[1:], until], strict=True))
