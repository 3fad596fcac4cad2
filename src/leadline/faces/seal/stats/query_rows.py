"""The rows that answer the free question."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple

from msgspec.structs import replace

from leadline.faces.endpoint import Call
from leadline.faces.seal.errors import BadRequest
from leadline.faces.seal.stats.figures import FIGURES, Money, Printed, printed
from leadline.faces.seal.stats.query_asked import COLUMNS, OrderBy, Wanted
from leadline.faces.seal.stats.questions import dimensions_of, query_of
from leadline.reports import Answers, Days, Order, Part, Query, Row, folded, parts

MOST_TO_FOLD = 200_000
"""Rows by day or hour that are put together for one answer."""


class Found(NamedTuple):
    rows: list[dict[str, Printed]]
    total: int
    """On all pages."""


def answered(call: Call, wanted: Wanted) -> tuple[Found, Found | None]:
    """Those of the days that are asked about, and of the others if there are any."""
    days = [each for each in (wanted.scope.days, wanted.scope.other) if each]
    find = _in_parts if wanted.is_in_parts else _in_all
    with call.services.reports.at_once() as answers:
        found = answers.all([partial(find, answers, wanted, each) for each in days])
    return found[0], found[1] if len(found) > 1 else None


def _query(wanted: Wanted, days: Days) -> Query:
    return query_of(wanted.scope._replace(days=days), wanted.columns, wanted.figures)


def _in_all(answers: Answers, wanted: Wanted, days: Days) -> Found:
    query = replace(
        _query(wanted, days),
        order=tuple(_order(each) for each in wanted.order),
        limit=wanted.limit,
        offset=wanted.offset,
    )
    rows, count = answers.counted(query)
    return Found([_told(wanted, (), row) for row in rows], count)


def _order(each: OrderBy) -> Order:
    by = FIGURES[each.field].metric if each.field in FIGURES else COLUMNS[each.field].dimension
    return Order(by, each.direction == "desc")


def _in_parts(answers: Answers, wanted: Wanted, days: Days) -> Found:
    """What a part of the time is called is known here, and so is what belongs together."""
    query = _query(wanted, days)
    found = parts(query.since, query.until, wanted.scope.site.timezone, wanted.unit)
    query = replace(query, buckets=tuple(part.begins for part in found), limit=MOST_TO_FOLD + 1)
    rows = answers.rows(query)
    if len(rows) > MOST_TO_FOLD:
        raise BadRequest("There are too many rows by time; ask for fewer days or dimensions")
    labels = [_label(wanted.times, part) for part in found]
    known = list(dict.fromkeys(labels))
    place = {label: number for number, label in enumerate(known)}
    kept = [row for row in rows if _is_wanted(wanted, found[row.bucket])]
    together = folded(kept, [place[label] for label in labels])
    for each in reversed(wanted.order):
        key = _key(wanted, each.field, known)
        together.sort(key=key, reverse=each.direction == "desc")
    shown = together[wanted.offset : wanted.offset + wanted.limit]
    return Found([_told(wanted, known[row.bucket], row) for row in shown], len(together))


def _label(times: Sequence[str], part: Part) -> tuple[str | int, ...]:
    local = part.local
    told: dict[str, str | int] = {
        "date": str(local.date()),
        "hour": local.hour,
        "day_of_week": local.isoweekday(),
    }
    return tuple(told[name] for name in times)


def _is_wanted(wanted: Wanted, part: Part) -> bool:
    is_hour = wanted.hours is None or part.local.hour in wanted.hours
    return is_hour and (wanted.weekdays is None or part.local.isoweekday() in wanted.weekdays)


def _key(
    wanted: Wanted, field: str, labels: Sequence[tuple[str | int, ...]]
) -> Callable[[Row], Any]:
    if field in FIGURES:
        return FIGURES[field].of
    if field in wanted.times:
        nth = wanted.times.index(field)
        return lambda row: labels[row.bucket][nth]
    nth = dimensions_of(wanted.columns).index(COLUMNS[field].dimension)
    return lambda row: row.values[nth].encode()


def _told(wanted: Wanted, label: Sequence[str | int], row: Row) -> dict[str, Printed]:
    told: dict[str, Printed] = dict(zip(wanted.times, label, strict=True))
    for column, value in zip(wanted.columns, row.values, strict=True):
        told[column.name] = column.printed(value)
    return told | printed(row, wanted.figures, Money.NUMBER)
