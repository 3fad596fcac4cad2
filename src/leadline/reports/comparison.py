"""A time beside another: which time that is, and which rows belong together."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Generic, NamedTuple

import msgspec

from leadline.reports.calendar import Unit, parts
from leadline.reports.days import beginning
from leadline.reports.paging import every_row
from leadline.reports.query import Query
from leadline.reports.rows import AnyRow

DAY = timedelta(days=1)


class Period(NamedTuple):
    """A time as a `Query` has it."""

    since: datetime
    until: datetime
    buckets: tuple[datetime, ...] = ()


class Days(NamedTuple):
    """Local dates, both in."""

    first: date
    last: date

    def before(self) -> "Days":
        """As many days, which end where these begin."""
        count = (self.last - self.first).days + 1
        return Days(self.first - count * DAY, self.first - DAY)

    def year_before(self) -> "Days":
        """The same dates; 28 February for the 29th."""
        return Days(_earlier(self.first, 12), _earlier(self.last, 12))

    def month_before(self) -> "Days":
        """The same days of the month before; its last, where it is too short."""
        return Days(_earlier(self.first, 1), _earlier(self.last, 1))

    def quarter_before(self) -> "Days":
        """As `month_before`, three months earlier."""
        return Days(_earlier(self.first, 3), _earlier(self.last, 3))

    def week_before(self) -> "Days":
        return Days(self.first - 7 * DAY, self.last - 7 * DAY)

    def period(self, timezone: str, unit: Unit | None = None) -> Period:
        """All of these days in the zone, in buckets if there is a unit."""
        since, until = beginning(self.first, timezone), beginning(self.last + DAY, timezone)
        found = parts(since, until, timezone, unit) if unit else []
        return Period(since, until, tuple(part.begins for part in found))


class Pair(msgspec.Struct, Generic[AnyRow], frozen=True):
    """A row, and what there was under the same values in the same bucket of the other time.

    Buckets are the same by their index. Where one has no row there is one of zeros.
    """

    row: AnyRow
    other: AnyRow


def during(query: Query, period: Period) -> Query:
    """The same question of another time, and of all its rows."""
    return msgspec.structs.replace(every_row(query), **period._asdict())


def paired(
    rows: Iterable[AnyRow], others: Iterable[AnyRow], kind: type[AnyRow], *, all_others: bool
) -> list[Pair[AnyRow]]:
    """In the order of `rows`; then, if wanted, those that only the other time has."""
    left = {(row.bucket, row.values): row for row in others}
    found = []
    for row in rows:
        key = row.bucket, row.values
        found.append(Pair(row, left.pop(key, kind(*key))))
    if all_others:
        found += [Pair(kind(row.bucket, row.values), row) for row in left.values()]
    return found


def _earlier(day: date, months: int) -> date:
    """The same day so many months ago, or the last of that month."""
    month = day.year * 12 + day.month - 1 - months
    first = date(month // 12, month % 12 + 1, 1)
    last = (first.replace(day=28) + 4 * DAY).replace(day=1) - DAY
    return first.replace(day=min(day.day, last.day))
