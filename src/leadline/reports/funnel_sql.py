"""A funnel as SQL, for either engine."""

from itertools import pairwise

from msgspec.structs import replace

from leadline.reports.counted import entrances, of_sites, site_parameters
from leadline.reports.days import naive
from leadline.reports.filters import AllOf
from leadline.reports.funnel import Funnel
from leadline.reports.plan import Plan
from leadline.reports.query import Query
from leadline.reports.sql import (
    Statement,
    conditions_of,
    parameters,
    selected,
    used,
    with_visits,
)
from leadline.warehouse import Dialect

HITS_AT_ONCE = 500_000
"""Of which visits are put together; four times as many fit into 128 MB."""


def asked_by(funnel: Funnel) -> Query:
    """Of the same time; the steps are among its filters, so that all have their parameters."""
    filters = (*funnel.filters, *funnel.steps)
    return Query(sites=funnel.sites, since=funnel.since, until=funnel.until, filters=filters)


def count_hits(query: Query) -> Statement:
    text = f"""
        SELECT count(*) FROM hits
        WHERE {of_sites(query)} AND received_at >= $since AND received_at < $until
    """
    time = {"since": naive(query.since), "until": naive(query.until)}
    return Statement(text, {**site_parameters(query), **time}, ())


def portions(funnel: Funnel, hits: int) -> list[Funnel]:
    """The same question of parts of its time, which add up, as a visit begins in one of them.

    The hits of visits are put in order in memory; so they are not too many at once.
    """
    number = hits // HITS_AT_ONCE + 1
    edges = [funnel.since + (funnel.until - funnel.since) * n / number for n in range(number)]
    return [
        replace(funnel, since=since, until=until)
        for since, until in pairwise([*edges, funnel.until])
    ]


def funnel_statement(funnel: Funnel, dialect: Dialect, plan: Plan) -> Statement:
    """How many visits did so many steps: a row of both for each number that there is."""
    query = asked_by(funnel)
    entered = _entered(funnel, query, dialect)
    text = f"""
        {with_visits(query, dialect, plan, [entered])}
        SELECT coalesce(walked.done, 0) AS reached, count(*)
        FROM ({entered}) AS entered
        LEFT JOIN ({_walked(funnel, query, dialect, entered)}) AS walked USING ({dialect.visit})
        GROUP BY reached
    """
    return Statement(text, used(text, parameters(query, dialect, plan)), ())


def _entered(funnel: Funnel, query: Query, dialect: Dialect) -> str:
    """The visits that begin in the time and fit the filters."""
    visit = ", ".join(f"hits.{column} AS {column}" for column in dialect.visit.split(", "))
    return selected(visit, AllOf(funnel.filters), query, dialect, entrances(query, 0), 0)


def _walked(funnel: Funnel, query: Query, dialect: Dialect, entered: str) -> str:
    """How many steps each visit did that did the first; bits tell which a hit fits."""
    tests = [conditions_of(query, dialect).test_of_hit(step) for step in funnel.steps]
    bits = (f"CASE WHEN {test} THEN {1 << n} ELSE 0 END" for n, test in enumerate(tests))
    began = "visit_started_at >= $since_0 AND visit_started_at < $until_0"
    hits = f"FROM hits WHERE {of_sites(query)} AND {began}"
    of_entered = f"AND ({dialect.visit}) IN ({entered})" if funnel.filters else ""
    began_walking = f"SELECT {dialect.visit} {hits} AND {tests[0]} {of_entered}"
    return f"""
        SELECT {dialect.visit}, {dialect.steps_done("steps")} AS done
        FROM (
            SELECT {dialect.visit}, received_at, hit_id, CAST({" + ".join(bits)} AS BIGINT) AS steps
            {hits} AND ({dialect.visit}) IN ({began_walking})
        ) AS fitting
        WHERE steps > 0 GROUP BY {dialect.visit}
    """
