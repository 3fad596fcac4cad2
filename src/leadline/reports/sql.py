"""A query as SQL, for either engine."""

import re
from collections.abc import Callable
from typing import Any, NamedTuple

from leadline.reports.days import naive
from leadline.reports.query import Dimension, EventMetric, Filter, Metric, Operator, Query, Time
from leadline.warehouse import Dialect, visit_rows

_OF_THE_PAGE = {Dimension.HOSTNAME: "origin", Dimension.PATHNAME: "path"}
_NAMED_OTHERWISE = {
    **_OF_THE_PAGE,
    Dimension.ENTRY_PAGE: "path",
    Dimension.REFERRER_HOSTNAME: "referrer",
    Dimension.REFERRER_PATHNAME: "referrer_path",
}
_SUMS = ("pageviews", "uniques", "visitors", "visits", "bounces", "duration")
_RATIOS = {Metric.BOUNCE_RATE: "bounces", Metric.AVERAGE_DURATION: "duration"}
_NEGATED = {
    Operator.IS_NOT: Operator.IS,
    Operator.NOT_LIKE: Operator.LIKE,
    Operator.NOT_MATCHES: Operator.MATCHES,
}
_IN_TIME = "hits.site_id = $site AND hits.received_at >= $since AND hits.received_at < $until"

Expression = Callable[[Dimension], str]
"""The SQL of a dimension."""


class Statement(NamedTuple):
    """Each row has its bucket, the values of the dimensions, and the sums."""

    text: str
    parameters: dict[str, Any]


def statement(query: Query, dialect: Dialect) -> Statement:
    """What pageviews and visits add up to, in the order of `Row`."""
    keys = _keys(query)
    sums = ", ".join(f"CAST(sum({name}) AS BIGINT)" for name in _SUMS)
    text = f"""
        WITH visits AS ({_visits(query, dialect)}),
        counted AS (
            SELECT {_values(query, dialect, "hits.received_at", _of_page)},
                count(*) AS pageviews,
                count(DISTINCT (hits.day, hits.visitor, hits.origin, hits.path)) AS uniques,
                count(DISTINCT (hits.day, hits.visitor)) AS visitors,
                0 AS visits, 0 AS bounces, 0 AS duration
            FROM hits JOIN visits USING ({dialect.visit})
            WHERE {_IN_TIME} AND hits.kind = 'pageview' {_conditions(query, dialect, _of_page)}
            GROUP BY {keys}
            UNION ALL
            SELECT {_values(query, dialect, "started_at", _of_visit)},
                0 AS pageviews, 0 AS uniques, 0 AS visitors, count(*) AS visits,
                sum(CASE WHEN views = 1 THEN 1 ELSE 0 END) AS bounces, sum(lasted) AS duration
            FROM visits
            WHERE views > 0 AND started_at >= $since AND started_at < $until
                {_conditions(query, dialect, _of_visit)}
            GROUP BY {keys}
        )
        SELECT {keys}, {sums} FROM counted GROUP BY {keys} ORDER BY {_order(query)} {_limit(query)}
    """
    return Statement(text, _parameters(query))


def event_statement(query: Query, name: str, dialect: Dialect) -> Statement:
    """What the events of a name add up to, in the order of `EventRow`."""
    text = f"""
        WITH visits AS ({_visits(query, dialect)})
        SELECT {_values(query, dialect, "hits.received_at", _of_event)},
            CAST(count(*) AS BIGINT) AS conversions,
            CAST(count(DISTINCT (hits.day, hits.visitor)) AS BIGINT) AS unique_conversions,
            sum(coalesce(hits.amount, 0)) AS value
        FROM hits JOIN visits USING ({dialect.visit})
        WHERE {_IN_TIME} AND hits.kind IN ('conversion', 'micro') AND hits.name = $event
            {_conditions(query, dialect, _of_event)}
        GROUP BY {_keys(query)} ORDER BY {_order(query)} {_limit(query)}
    """
    return Statement(text, {**_parameters(query), "event": name})


def _parameters(query: Query) -> dict[str, Any]:
    found: dict[str, Any] = {
        "site": query.site,
        "since": naive(query.since),
        "until": naive(query.until),
    }
    if query.buckets:
        found["begins"] = [naive(begin) for begin in query.buckets]
    for number, each in enumerate(query.filters):
        found[f"filter_{number}"] = _compared(each)
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
    return visit_rows(dialect, _known_of_visits(query), hits)


def _known_of_visits(query: Query) -> set[str]:
    """The columns of visits that a query asks for."""
    return {_of_visit(each) for each in (*query.dimensions, *(f.dimension for f in query.filters))}


def _column(dimension: Dimension) -> str:
    return _NAMED_OTHERWISE.get(dimension, dimension.value)


def _of_visit(dimension: Dimension) -> str:
    """A visit is known by its first page."""
    return "exit_path" if dimension is Dimension.EXIT_PAGE else f"entry_{_column(dimension)}"


def _of_page(dimension: Dimension) -> str:
    return f"hits.{_column(dimension)}" if dimension in _OF_THE_PAGE else _of_visit(dimension)


def _of_event(dimension: Dimension) -> str:
    """An event has kept what is known of its visit, though that may have no page."""
    is_of_visit = dimension in (Dimension.ENTRY_PAGE, Dimension.EXIT_PAGE)
    return _of_visit(dimension) if is_of_visit else f"hits.{_column(dimension)}"


def _keys(query: Query) -> str:
    return ", ".join(["bucket", *(f"value_{n}" for n, _ in enumerate(query.dimensions))])


def _values(query: Query, dialect: Dialect, moment: str, expression: Expression) -> str:
    bucket = f"{dialect.begun('begins', by=moment)} - 1" if query.buckets else "0"
    values = (f"{expression(each)} AS value_{n}" for n, each in enumerate(query.dimensions))
    return ", ".join([f"{bucket} AS bucket", *values])


def _conditions(query: Query, dialect: Dialect, expression: Expression) -> str:
    found = []
    for number, each in enumerate(query.filters):
        value, text = f"filter_{number}", expression(each.dimension)
        operator = _NEGATED.get(each.operator, each.operator)
        is_so = f"{text} = ${value}" if operator is Operator.IS else dialect.matches(text, value)
        found.append(f"AND NOT ({is_so})" if each.operator in _NEGATED else f"AND {is_so}")
    return " ".join(found)


def _compared(each: Filter) -> str:
    """What a text is compared with: another, or a pattern."""
    if each.operator in (Operator.LIKE, Operator.NOT_LIKE):
        return "(?s)" + ".*".join(map(re.escape, each.value.split("*")))
    return each.value


def _order(query: Query) -> str:
    wanted = []
    for by, is_descending in query.order:
        match by:
            case Time():
                found = "bucket"
            case Dimension():
                found = f"value_{query.dimensions.index(by)}"
            case Metric() if by in _RATIOS:
                found = (
                    f"CASE WHEN sum(visits) > 0 THEN sum({_RATIOS[by]}) / sum(visits) ELSE 0 END"
                )
            case Metric():
                found = f"sum({by.value})"
            case EventMetric():
                found = by.value
        wanted.append(f"{found} DESC" if is_descending else found)
    values = (f"value_{number}" for number, _ in enumerate(query.dimensions))
    return ", ".join([*wanted, "bucket DESC", *values])


def _limit(query: Query) -> str:
    return "" if query.limit is None else f"LIMIT {query.limit:d}"
