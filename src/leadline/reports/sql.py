"""A query as SQL, for either engine."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from leadline.reports.conditions import Expression, condition, parameters
from leadline.reports.days import naive
from leadline.reports.dimensions import By, Dimension, Property, is_of_events
from leadline.reports.filters import AllOf, conditions
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
from leadline.warehouse import Dialect, visit_rows

_OF_THE_PAGE = {
    Dimension.HOSTNAME: "origin",
    Dimension.PATHNAME: "path",
    Dimension.CONTENT_GROUP: "content_group",
}
_NAMED_OTHERWISE = {
    **_OF_THE_PAGE,
    Dimension.ENTRY_PAGE: "path",
    Dimension.REFERRER_HOSTNAME: "referrer",
    Dimension.REFERRER_PATHNAME: "referrer_path",
    Dimension.EVENT_NAME: "name",
    Dimension.EVENT_KIND: "kind",
}
_IN_TIME = "hits.site_id = $site AND hits.received_at >= $since AND hits.received_at < $until"
_IS_EVENT = "hits.kind IN ('conversion', 'micro')"
_IS_CONVERSION = "hits.kind = 'conversion'"


class Statement(NamedTuple):
    """Each row has its bucket, the values of the dimensions, and the `sums` of these names."""

    text: str
    parameters: dict[str, Any]
    sums: tuple[str, ...]


class _Counted(NamedTuple):
    """What is counted of the rows of a table, `hits` or `visits`, and when each row was."""

    table: str
    moment: str
    which: str
    expression: Expression
    sums: Mapping[str, str]


def statement(query: Query, dialect: Dialect) -> Statement:
    """What pageviews, visits, entrances and events add up to, in the order of `Row`."""
    wanted = _wanted(query, OF_PAGES, SUMS)
    keys = _keys(query)
    parts = [
        _part(query, dialect, each, wanted)
        for each in _all_counted()
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
    counted = _Counted(
        _by_key(dialect) if Dimension.PROPERTY_KEY in query.dimensions else "hits",
        "hits.received_at",
        f"{_IN_TIME} AND {_IS_EVENT} {of_name}",
        _of_event(query, dialect),
        {
            "conversions": "CAST(count(*) AS BIGINT)",
            "unique_conversions": "CAST(count(DISTINCT (hits.day, hits.visitor)) AS BIGINT)",
            "value": "sum(coalesce(hits.amount, 0))",
        },
    )
    part = _part(query, dialect, counted, wanted)
    text = f"""
        {_with_visits(query, dialect, [part])} {part}
        ORDER BY {_order(query, str)} {_limit(query)}
    """
    return Statement(text, _parameters(query) | named, wanted)


def counting(found: Statement) -> Statement:
    """How many rows there are."""
    return Statement(f"SELECT count(*) FROM ({found.text}) AS found", found.parameters, ())


def columns_of_visits(query: Query) -> set[str]:
    """The columns of visits that are asked for."""
    asked = (each for each in asked_of(query) if not is_of_events(each))
    return {_of_visit(each).removeprefix("visits.") for each in asked}


def _all_counted() -> tuple[_Counted, ...]:
    return (
        _Counted(
            "hits",
            "hits.received_at",
            f"{_IN_TIME} AND hits.kind = 'pageview'",
            _of_page,
            {
                "pageviews": "count(*)",
                "uniques": "count(DISTINCT (hits.day, hits.visitor, hits.origin, hits.path))",
                "visitors": "count(DISTINCT (hits.day, hits.visitor))",
            },
        ),
        _Counted(
            "visits",
            "visits.started_at",
            "visits.views > 0 AND visits.started_at >= $since AND visits.started_at < $until",
            _of_visit,
            {
                "visits": "count(*)",
                "bounces": "sum(CASE WHEN visits.views = 1 THEN 1 ELSE 0 END)",
                "duration": "sum(visits.lasted)",
            },
        ),
        _Counted(
            "hits",
            "hits.received_at",
            f"{_IN_TIME} AND hits.is_entry",
            _of_hit,
            {
                "entrances": "count(*)",
                "engaged_entrances": "sum(CASE WHEN visits.views > 1 THEN 1 ELSE 0 END)",
                "entrance_bounces": "sum(CASE WHEN visits.views > 1 THEN 0 ELSE 1 END)",
            },
        ),
        _Counted(
            "hits",
            "hits.received_at",
            f"{_IN_TIME} AND {_IS_EVENT}",
            _of_hit,
            {
                "conversions": f"sum(CASE WHEN {_IS_CONVERSION} THEN 1 ELSE 0 END)",
                "microconversions": f"sum(CASE WHEN {_IS_CONVERSION} THEN 0 ELSE 1 END)",
                "revenue": f"sum(CASE WHEN {_IS_CONVERSION} THEN coalesce(hits.amount, 0)"
                " ELSE 0 END)",
            },
        ),
    )


def _part(query: Query, dialect: Dialect, counted: _Counted, wanted: Sequence[str]) -> str:
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


def _by_key(dialect: Dialect) -> str:
    """Of each event a row for each key that it has a property of."""
    return f"(SELECT *, {dialect.each_key('properties')} AS property_key FROM hits) AS hits"


def _wanted(
    query: Query, usually: Sequence[Metric | EventMetric], sums: Sequence[str]
) -> tuple[str, ...]:
    """What has to be summed up for the metrics and the order, in the order of `sums`."""
    ordered = (each.by for each in query.order if isinstance(each.by, Metric | EventMetric))
    found = sums_of([*(query.metrics or usually), *ordered])
    return tuple(name for name in sums if name in found)


def asked_of(query: Query) -> list[By]:
    """What rows are told apart by, or filtered by."""
    compared = (each.dimension for each in conditions(AllOf(query.filters)))
    return list(dict.fromkeys([*query.dimensions, *compared]))


def _keys_asked(query: Query) -> dict[Property, str]:
    """The names of the parameters that are keys of properties."""
    found = (each for each in asked_of(query) if isinstance(each, Property))
    return {each: f"key_{n}" for n, each in enumerate(found)}


def _parameters(query: Query) -> dict[str, Any]:
    found: dict[str, Any] = {
        "site": query.site,
        "since": naive(query.since),
        "until": naive(query.until),
        **parameters(AllOf(query.filters)),
        **{name: each.key for each, name in _keys_asked(query).items()},
    }
    if query.buckets:
        found["begins"] = [naive(begin) for begin in query.buckets]
    return found


def _visits(query: Query, dialect: Dialect) -> str:
    """Those that began in the time of the query, or have a hit in it, with what it asks of them.

    The hits of a visit that began before are all looked at, as far back as its first.
    """
    hits = """
        site_id = $site AND visit_started_at < $until AND visit_started_at >= (
            SELECT least($since, coalesce(min(visit_started_at), $since)) FROM hits
            WHERE site_id = $site AND received_at >= $since AND received_at < $until
        )
    """
    return visit_rows(dialect, columns_of_visits(query), hits)


def _column(each: Dimension) -> str:
    return _NAMED_OTHERWISE.get(each, each.value)


def _of_visit(each: By) -> str:
    """A visit is known by its first page."""
    assert isinstance(each, Dimension)
    return "visits.exit_path" if each is Dimension.EXIT_PAGE else f"visits.entry_{_column(each)}"


def _of_page(each: By) -> str:
    is_its_own = isinstance(each, Dimension) and each in _OF_THE_PAGE
    return _of_hit(each) if is_its_own else _of_visit(each)


def _of_hit(each: By) -> str:
    """A hit has kept what is known of its visit, though that may have no page."""
    assert isinstance(each, Dimension)
    is_of_visit = each in (Dimension.ENTRY_PAGE, Dimension.EXIT_PAGE)
    return _of_visit(each) if is_of_visit else f"hits.{_column(each)}"


def _of_event(query: Query, dialect: Dialect) -> Expression:
    keys = _keys_asked(query)

    def expression(each: By) -> str:
        if isinstance(each, Property):
            return dialect.property("hits.properties", keys[each])
        return _of_hit(each)

    return expression


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
