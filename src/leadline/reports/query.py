"""One kind of question: what pageviews, visits and events of a site add up to, by what, of which,
and when.

A pageview or an event counts in the bucket of its own moment, a visit in that of its first hit.
What is known of a visit (where it came from, on which pages it began and ended) is known of all its
pageviews.
"""

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

import msgspec

from leadline.reports.dimensions import By
from leadline.reports.filters import Condition
from leadline.reports.metrics import EventMetric, Metric


class Time(StrEnum):
    """Of a bucket, to order by."""

    BUCKET = "time"


class Order(NamedTuple):
    """A dimension has to be one of the query's."""

    by: By | Metric | EventMetric | Time
    descending: bool = False


class Query(msgspec.Struct, frozen=True, kw_only=True):
    """What there is of one site, or of several together. `since` is in, `until` is out. `buckets`
    are their beginnings in order, the first of them `since`; without any there is one row for each
    combination of the dimensions' values.

    Only `metrics` are worked out, and a row is there if one of them has something to count. Without
    any, they are those of `OF_PAGES`, and of events all.

    All `filters` have to fit. Rows are ordered as is said, then by bucket, the newest first, and by
    the dimensions' values. `limit` is a number of rows, and `offset` one of those to pass over
    where there is a limit.
    """

    sites: tuple[int, ...]
    since: datetime
    until: datetime
    buckets: tuple[datetime, ...] = ()
    dimensions: tuple[By, ...] = ()
    metrics: tuple[Metric | EventMetric, ...] = ()
    filters: tuple[Condition, ...] = ()
    order: tuple[Order, ...] = ()
    limit: int | None = None
    offset: int = 0
