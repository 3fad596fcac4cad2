"""A query as SQL, for either engine."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from leadline.reports.conditions import condition, parameters
from leadline.reports.counted import (
    Counted,
    asked_of,
    column,
    events,
    everything,
    keys_asked,
    of_sites,
    site_names,
)
from leadline.reports.days import naive
from leadline.reports.dimensions import Dimension, Property, is_of_events
from leadline.reports.filters import AllOf
from leadline.reports.metrics import (
    EVENT_SUMS,
    OF_PAGES,
    RATIOS,
    SUMS,
    EventMetric,
    Metric,
    sums_of,
)
from leadline.reports.query import Order, Query, Time
from leadline.warehouse import Dialect

_AT_FIRST = "(received_at, hit_id)"


class Statement(NamedTuple):
    """Each row has its bucket, the values of the dimensions, and the `sums` of these names."""

    text: str
    parameters: dict[str, Any]
    sums: tuple[str, ...]


def statement(query: Query, dialect: Dialect) -> Statement:
    """What pageviews, visits, entrances and events add up to, in the order of `Row`."""
    wanted = _wanted(query, OF_PAGES, SUMS)
    keys = _keys(query)
    parts = [
        _part(query, dialect, each, wanted)
        for each in everything(query)
        if not each.sums.keys().isdisjoint(wanted)
    ]
    text = f"""
        {_with_visits(query, dialect, parts)} SELECT {keys}, {", ".join(map(_added, wanted))}
        FROM ({" UNION ALL ".join(parts)}) AS counted
        GROUP BY {keys} ORDER BY {_order(query, _sum)} {_limit(query)}
    """
    return Statement(text, _parameters(query), wanted)


def event_statement(query: Query, name: str | None, dialect: Dialect) -> Statement:
    """What the events of a name add up to, or of all names, in the order of `EventRow`."""
    wanted = _wanted(query, tuple(EventMetric), EVENT_SUMS)
    named = {} if name is None else {"event": name}
    of_name = "AND hits.name = $event" if named else ""
    part = _part(query, dialect, events(query, dialect, of_name), wanted)
    text = f"""
        {_with_visits(query, dialect, [part])} {part}
        ORDER BY {_order(query, str)} {_limit(query)}
    """
    return Statement(text, _parameters(query) | named, wanted)


def counting(found: Statement) -> Statement:
    """How many rows there are."""
    return Statement(f"SELECT count(*) FROM ({found.text}) AS found", found.parameters, ())


def columns_of_visits(query: Query) -> list[str]:
    """The columns of hits that are asked of the first page of a visit."""
    return sorted(
        {
            column(each)
            for each in asked_of(query)
            if isinstance(each, Dimension)
            and each not in (Dimension.SITE, Dimension.EXIT_PAGE)
            and not is_of_events(each)
        }
    )


def _part(query: Query, dialect: Dialect, counted: Counted, wanted: Sequence[str]) -> str:
    """The sums of a table's rows; those of other tables are 0 there."""
    bucket = f"{dialect.begun('begins', by=counted.moment)} - 1" if query.buckets else "0"
    values = (f"{counted.expression(each)} AS value_{n}" for n, each in enumerate(query.dimensions))
    sums = (f"{counted.sums.get(name, '0')} AS {name}" for name in wanted)
    selected = ", ".join([f"{bucket} AS bucket", *values, *sums])
    which = f"{counted.which} AND {condition(AllOf(query.filters), counted.expression, dialect)}"
    is_joined = counted.table != "visits" and "visits." in f"{selected} {which}"
    joined = f"JOIN visits USING ({dialect.visit})" if is_joined else ""
    return f"SELECT {selected} FROM {counted.table} {joined} WHERE {which} GROUP BY {_keys(query)}"


def _with_visits(query: Query, dialect: Dialect, parts: Sequence[str]) -> str:
    is_asked = any("visits." in part for part in parts)
    return f"WITH visits AS ({_visits(query, dialect)})" if is_asked else ""


def _wanted(
    query: Query, usually: Sequence[Metric | EventMetric], sums: Sequence[str]
) -> tuple[str, ...]:
    """What has to be summed up for the metrics and the order, in the order of `sums`."""
    ordered = (each.by for each in query.order if isinstance(each.by, Metric | EventMetric))
    found = sums_of([*(query.metrics or usually), *ordered])
    if not found.issubset(sums):
        raise ValueError(f"{found.difference(sums)} cannot be asked of these rows")
    return tuple(name for name in sums if name in found)


def _parameters(query: Query) -> dict[str, Any]:
    found: dict[str, Any] = {
        **dict(zip(site_names(query), query.sites, strict=True)),
        "since": naive(query.since),
        "until": naive(query.until),
        **parameters(AllOf(query.filters)),
        **{name: each.key for each, name in keys_asked(query).items()},
    }
    if query.buckets:
        found["begins"] = [naive(begin) for begin in query.buckets]
    return found


def _visits(query: Query, dialect: Dialect) -> str:
    """Those that began in the time of the query, or have a hit in it, with what it asks of them.

    The hits of a visit that began before are all looked at, as far back as its first.
    """
    columns = columns_of_visits(query)
    first, last = (dialect.microseconds(f"{edge}(received_at)") for edge in ("min", "max"))
    known = "".join(f", {_of_pageviews('argMin', column)} AS entry_{column}" for column in columns)
    if Dimension.SITE in asked_of(query):
        known += ", min(site_id) AS of_site"
    return f"""
        SELECT {dialect.visit}, min(visit_started_at) AS started_at, {last} - {first} AS lasted,
            count(*) FILTER (WHERE kind = 'pageview') AS views,
            {_of_pageviews("argMax", "path")} AS exit_path{known}
        FROM hits
        WHERE {of_sites(query)} AND visit_started_at < $until AND visit_started_at >= (
            SELECT least($since, coalesce(min(visit_started_at), $since)) FROM hits
            WHERE {of_sites(query)} AND received_at >= $since AND received_at < $until
        )
        GROUP BY {dialect.visit}
    """


def _of_pageviews(pick: str, column: str) -> str:
    return f"coalesce({pick}({column}, {_AT_FIRST}) FILTER (WHERE kind = 'pageview'), '')"


def _keys(query: Query) -> str:
    return ", ".join(["bucket", *(f"value_{n}" for n, _ in enumerate(query.dimensions))])


def _added(name: str) -> str:
    return _sum(name) if name == "revenue" else f"CAST({_sum(name)} AS BIGINT)"


def _sum(name: str) -> str:
    return f"sum({name})"


def _order(query: Query, summed: Callable[[str], str]) -> str:
    wanted = [_ordered(query, each, summed) for each in query.order]
    values = (f"value_{number}" for number, _ in enumerate(query.dimensions))
    return ", ".join([*wanted, "bucket DESC", *values])


def _ordered(query: Query, each: Order, summed: Callable[[str], str]) -> str:
    match each.by:
        case Time():
            found = "bucket"
        case Metric() if ratio := RATIOS.get(each.by):
            of, to = (summed(name) for name in ratio)
            divided = f"CAST({of} AS DOUBLE) / CAST({to} AS DOUBLE)"
            found = f"CASE WHEN {to} > 0 THEN {divided} ELSE 0 END"
        case Metric() | EventMetric():
            found = summed(each.by.value)
        case Dimension() | Property():
            found = f"value_{query.dimensions.index(each.by)}"
    return f"{found} DESC" if each.descending else found


def _limit(query: Query) -> str:
    return "" if query.limit is None else f"LIMIT {query.limit:d} OFFSET {query.offset:d}"
