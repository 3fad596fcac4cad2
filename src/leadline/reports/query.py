"""One kind of question: what pageviews and visits of a site add up to, by what, of which, and when.

A pageview counts in the bucket of its own moment, a visit in that of its first hit. What is known
of a visit (where it came from, on which pages it began and ended) is known of all its pageviews.
"""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

import msgspec


class Dimension(StrEnum):
    """What rows may be told apart by, and filtered by. Texts are empty where nothing is known.

    `HOSTNAME` and `REFERRER_HOSTNAME` are scheme and host, as in `https://www.example.com`.
    """

    HOSTNAME = "hostname"
    PATHNAME = "pathname"
    ENTRY_PAGE = "entry_page"
    EXIT_PAGE = "exit_page"
    REFERRER_HOSTNAME = "referrer_hostname"
    REFERRER_PATHNAME = "referrer_pathname"
    SOURCE = "source"
    MEDIUM = "medium"
    CHANNEL = "channel"
    UTM_SOURCE = "utm_source"
    UTM_MEDIUM = "utm_medium"
    UTM_CAMPAIGN = "utm_campaign"
    UTM_TERM = "utm_term"
    UTM_CONTENT = "utm_content"
    REF = "ref"
    KEYWORD = "keyword"
    COUNTRY = "country"
    REGION = "region"
    CITY = "city"
    BROWSER = "browser"
    OPERATING_SYSTEM = "operating_system"
    DEVICE_TYPE = "device_type"


class Metric(StrEnum):
    """`UNIQUES` are different visitors of each page and day; `VISITORS` of each day.

    `BOUNCES` are visits with one pageview. `DURATION` is in microseconds, from a visit's first hit
    to its last, or until its last page was left. The last two are of a visit, on average.
    """

    PAGEVIEWS = "pageviews"
    UNIQUES = "uniques"
    VISITORS = "visitors"
    VISITS = "visits"
    BOUNCES = "bounces"
    DURATION = "duration"
    BOUNCE_RATE = "bounce_rate"
    AVERAGE_DURATION = "average_duration"


class EventMetric(StrEnum):
    """`UNIQUE_CONVERSIONS` are different visitors of each day. `VALUE` is in the site's money."""

    CONVERSIONS = "conversions"
    UNIQUE_CONVERSIONS = "unique_conversions"
    VALUE = "value"


class Operator(StrEnum):
    """`LIKE` is a part of a text, in which `*` stands for anything; `MATCHES` a regular expression
    in RE2's syntax, which has to be somewhere in it."""

    IS = "is"
    IS_NOT = "is not"
    LIKE = "like"
    NOT_LIKE = "not like"
    MATCHES = "matches"
    NOT_MATCHES = "not matches"


PATTERNS = frozenset((Operator.MATCHES, Operator.NOT_MATCHES))


class Filter(msgspec.Struct, frozen=True):
    dimension: Dimension
    operator: Operator
    value: str


class Time(StrEnum):
    """Of a bucket, to order by."""

    BUCKET = "time"


class Order(NamedTuple):
    """A dimension has to be one of the query's."""

    by: Dimension | Metric | EventMetric | Time
    descending: bool = False


class Query(msgspec.Struct, frozen=True, kw_only=True):
    """`since` is in, `until` is out. `buckets` are their beginnings in order, the first of them
    `since`; without any there is one row for each combination of the dimensions' values.

    All `filters` have to fit. Rows are ordered as is said, then by bucket, the newest first, and by
    the dimensions' values. `limit` is a number of rows.
    """

    site: int
    since: datetime
    until: datetime
    buckets: tuple[datetime, ...] = ()
    dimensions: tuple[Dimension, ...] = ()
    filters: tuple[Filter, ...] = ()
    order: tuple[Order, ...] = ()
    limit: int | None = None


class Row(msgspec.Struct, frozen=True):
    """`bucket` is the index of one of the query's, 0 without any; `values` are of its dimensions.

    Rates and averages are of the sums, 0 where there is no visit.
    """

    bucket: int
    values: tuple[str, ...]
    pageviews: int
    uniques: int
    visitors: int
    visits: int
    bounces: int
    duration: int

    @property
    def bounce_rate(self) -> float:
        """From 0 to 1."""
        return self.bounces / self.visits if self.visits else 0.0

    @property
    def average_duration(self) -> float:
        """In seconds."""
        return self.duration / self.visits / 1_000_000 if self.visits else 0.0


class EventRow(msgspec.Struct, frozen=True):
    """As `Row`, of the events of one name."""

    bucket: int
    values: tuple[str, ...]
    conversions: int
    unique_conversions: int
    value: Decimal


class InvalidPattern(ValueError):
    """A filter's regular expression is none, or is too long."""
