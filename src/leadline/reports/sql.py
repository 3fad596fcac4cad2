"""A query as SQL, for either engine."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from leadline.reports.buckets import Buckets
from leadline.reports.conditions import Asked, Conditions
from leadline.reports.counted import (
    Counted,
    columns_of_visits,
    events,
    everything,
    keys_asked,
    known_events,
    known_totals,
    of_event,
    of_sites,
    site_parameters,
)
from leadline.reports.days import naive
from leadline.reports.dimensions import Dimension, Property
from leadline.reports.filters import AllOf, Condition
from leadline.reports.metrics import (
    EVENT_SUMS,
    MONEY,
    OF_PAGES,
    RATIOS,
    SUMS,
    EventMetric,
    Metric,
    sums_of,
)
from leadline.reports.plan import Plan, Span
from leadline.reports.query import Order, Query, Time
from leadline.warehouse import VISIT_COLUMNS, Dialect, visit_rows

_VISITS = "visits_"
"""The beginning of the name of a span's visits."""


class Statement(NamedTuple):
    """Each row has its bucket, the values of the dimensions, and the `sums` of these names."""

    text: str
    parameters: dict[str, Any]
    sums: tuple[str, ...]


def statement(query: Query, dialect: Dialect, plan: Plan) -> Statement:
    """What pageviews, visits, entrances and events add up to, in the order of `Row`."""
    wanted = wanted_sums(query)
    parts = [
        _part(query, dialect, each, wanted, number, span)
        for number, span in enumerate(plan.spans)
        for each in everything(query, number)
        if not each.sums.keys().isdisjoint(wanted)
    ]
    if plan.known is not None:
        parts.append(_part(query, dialect, known_totals(query, plan.dimension, wanted), wanted))
    return _added_up(query, dialect, plan, parts, wanted, {})


def event_statement(query: Query, name: str | None, dialect: Dialect, plan: Plan) -> Statement:
    """What the events of a name add up to, or of all names, in the order of `EventRow`."""
    wanted = _wanted(query, tuple(EventMetric), EVENT_SUMS)
    of_name = "" if name is None else "AND hits.name = $event"
    parts = [
        _part(query, dialect, events(query, dialect, of_name, number), wanted, number, span)
        for number, span in enumerate(plan.spans)
    ]
    if plan.known is not None:
        parts.append(_part(query, dialect, known_events(query, plan.dimension, name), wanted))
    named = {} if name is None else {"event": name}
    return _added_up(query, dialect, plan, parts, wanted, named)


def _added_up(
    query: Query,
    dialect: Dialect,
    plan: Plan,
    parts: Sequence[str],
    wanted: tuple[str, ...],
    named: Mapping[str, str],
) -> Statement:
    """The rows of all parts, one for each bucket and values; with the parameters that it has."""
    keys = _keys(query)
    text = f"""
        {with_visits(query, dialect, plan, parts)} SELECT {keys}, {", ".join(map(_added, wanted))}
        FROM ({" UNION ALL ".join(parts)}) AS counted
        GROUP BY {keys} ORDER BY {_order(query)} {_limit(query)}
    """
    return Statement(text, used(text, {**parameters(query, dialect, plan), **named}), wanted)


def wanted_sums(query: Query) -> tuple[str, ...]:
    """Those of a `Row` that have to be worked out."""
    return _wanted(query, OF_PAGES, SUMS)


def counting(found: Statement) -> Statement:
    """How many rows there are."""
    return Statement(f"SELECT count(*) FROM ({found.text}) AS found", found.parameters, ())


def _part(
    query: Query,
    dialect: Dialect,
    counted: Counted,
    wanted: Sequence[str],
    number: int = 0,
    span: Span | None = None,
) -> str:
    """The sums of a table's rows in a span; those of other tables are 0 there."""
    buckets = Buckets(query.buckets)
    only = None if span is None else buckets.only(*span)
    bucket = buckets.of(counted.moment, dialect) if only is None else f"{only}"
    values = (f"{counted.expression(each)} AS value_{n}" for n, each in enumerate(query.dimensions))
    sums = (f"{counted.sums.get(name, '0')} AS {name}" for name in wanted)
    columns = ", ".join([f"{bucket} AS bucket", *values, *sums])
    rows = selected(columns, AllOf(query.filters), query, dialect, counted, number)
    return f"{rows} GROUP BY {_keys(query)}"


def selected(
    columns: str, tree: Condition, query: Query, dialect: Dialect, counted: Counted, number: int
) -> str:
    """Of a table's rows in a span that fit, with their visits where these are asked about."""
    asked = Asked(counted.expression, _any_hit(query, dialect, counted, number))
    which = f"{counted.which} AND {conditions_of(query, dialect).test(tree, asked)}"
    visits = f"{_VISITS}{number} AS visits"
    table = visits if counted.table == "visits" else counted.table
    is_joined = counted.table != "visits" and "visits." in f"{columns} {which}"
    joined = f"JOIN {visits} USING ({dialect.visit})" if is_joined else ""
    return f"SELECT {columns} FROM {table} {joined} WHERE {which}"


def conditions_of(query: Query, dialect: Dialect) -> Conditions:
    return Conditions(query.filters, of_event(query, dialect), dialect)


def _any_hit(query: Query, dialect: Dialect, counted: Counted, number: int) -> Callable[[str], str]:
    """Of the visits that have a hit in a span all hits are looked at, those after its end too."""
    table = "visits" if counted.table == "visits" else "hits"
    visit = ", ".join(f"{table}.{column}" for column in dialect.visit.split(", "))
    began = (f"visit_started_at >= $earliest_{number}", f"visit_started_at < $latest_{number}")
    hits = " AND ".join([of_sites(query), *began])
    return lambda test: f"({visit}) IN (SELECT {dialect.visit} FROM hits WHERE {hits} AND {test})"


def with_visits(query: Query, dialect: Dialect, plan: Plan, parts: Sequence[str]) -> str:
    """Those that the parts name, to be written before them."""
    visits = [
        f"{_VISITS}{number} AS ({_visits(query, dialect, plan, number)})"
        for number, _ in enumerate(plan.spans)
        if any(f"{_VISITS}{number} " in part for part in parts)
    ]
    return f"WITH {', '.join(visits)}" if visits else ""


def _visits(query: Query, dialect: Dialect, plan: Plan, number: int) -> str:
    """Those that began in a span, or have a hit in it, with what the query asks of them.

    What is not known of them already is found in hits, as far back as the first of a visit.
    """
    columns = columns_of_visits(query)
    known = (f"started_at >= $earliest_{number}", f"started_at < $settled_{number}")
    rest = (f"visit_started_at >= $unsettled_{number}", f"visit_started_at < $latest_{number}")
    of_hits = visit_rows(dialect, columns, " AND ".join([of_sites(query), *rest]))
    if plan.visits_until is None:
        return of_hits
    listed = [dialect.visit, "started_at", "lasted", "views"]
    listed += (column for column in VISIT_COLUMNS if column in columns)
    return f"""
        SELECT site_id, {", ".join(listed)} FROM visits
        WHERE {" AND ".join([of_sites(query, "visits"), *known])}
        UNION ALL {of_hits}
    """


def _wanted(
    query: Query, usually: Sequence[Metric | EventMetric], sums: Sequence[str]
) -> tuple[str, ...]:
    """What has to be summed up for the metrics and the order, in the order of `sums`."""
    ordered = (each.by for each in query.order if isinstance(each.by, Metric | EventMetric))
    found = sums_of([*(query.metrics or usually), *ordered])
    if not found.issubset(sums):
        raise ValueError(f"{found.difference(sums)} cannot be asked of these rows")
    return tuple(name for name in sums if name in found)


def parameters(query: Query, dialect: Dialect, plan: Plan) -> dict[str, Any]:
    return {
        **site_parameters(query),
        **_moments(plan),
        **conditions_of(query, dialect).parameters(),
        **{name: each.key for each, name in keys_asked(query).items()},
        **Buckets(query.buckets).parameters(),
    }


def used(text: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters that a statement names."""
    return {name: values[name] for name in set(re.findall(r"\$(\w+)", text))}


def _moments(plan: Plan) -> dict[str, datetime]:
    found: dict[str, datetime] = {}
    for number, (span, begun) in enumerate(zip(plan.spans, plan.begun, strict=True)):
        settled = begun.since if plan.visits_until is None else plan.visits_until
        found |= {
            f"since_{number}": span.since,
            f"until_{number}": span.until,
            f"earliest_{number}": begun.since,
            f"latest_{number}": begun.until,
            f"settled_{number}": min(settled, begun.until),
            f"unsettled_{number}": max(settled, begun.since),
        }
    if plan.known is not None:
        found |= {"known_since": plan.known.since, "known_until": plan.known.until}
    return {name: naive(moment) for name, moment in found.items()}


def _keys(query: Query) -> str:
    return ", ".join(["bucket", *(f"value_{n}" for n, _ in enumerate(query.dimensions))])


def _added(name: str) -> str:
    return _sum(name) if name in MONEY else f"CAST({_sum(name)} AS BIGINT)"


def _sum(name: str) -> str:
    return f"sum({name})"


def _order(query: Query) -> str:
    wanted = [_ordered(query, each) for each in query.order]
    values = (f"value_{number}" for number, _ in enumerate(query.dimensions))
    return ", ".join([*wanted, "bucket DESC", *values])


def _ordered(query: Query, each: Order) -> str:
    match each.by:
        case Time():
            found = "bucket"
        case Metric() if ratio := RATIOS.get(each.by):
            of, to = map(_sum, ratio)
            divided = f"CAST({of} AS DOUBLE) / CAST({to} AS DOUBLE)"
            found = f"CASE WHEN {to} > 0 THEN {divided} ELSE 0 END"
        case Metric() | EventMetric():
            found = _sum(each.by.value)
        case Dimension() | Property():
            found = f"value_{query.dimensions.index(each.by)}"
    return f"{found} DESC" if each.descending else found


def _limit(query: Query) -> str:
    return "" if query.limit is None else f"LIMIT {query.limit:d} OFFSET {query.offset:d}"
