"""What a site's visits are to come to: goals, and funnels of several steps."""

from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

from leadline.dashboard.report.overview import answered
from leadline.dashboard.report.scope import Scope
from leadline.reports import (
    Answers,
    Funnel,
    FunnelResult,
    Goal,
    Metric,
    Query,
    Reports,
    Target,
)


class Reached(NamedTuple):
    """How many visits came to a goal, of how many; the same of the other time, if there is one."""

    goal: Goal
    visits: int
    of: int
    other: int | None

    @property
    def rate(self) -> float:
        return self.visits / self.of if self.of else 0.0


def goals_reached(reports: Reports, scope: Scope, goals: Sequence[Goal]) -> tuple[Reached, ...]:
    """In their order. Visits count where they begin. Raises `HitsUnavailable`, `InvalidFilter`."""
    queries = [scope.query(Metric.ENTRANCES)]
    queries += [_of(scope, goal) for goal in goals]
    before = [] if scope.other is None else [scope.moved(_of(scope, goal)) for goal in goals]
    counts = answered(reports, [partial(_count, query=query) for query in (*queries, *before)])
    of, found = counts[0], counts[1 : len(queries)]
    others = counts[len(queries) :] if before else [None] * len(goals)
    return tuple(
        Reached(goal, visits, of, other)
        for goal, visits, other in zip(goals, found, others, strict=True)
    )


def funnel_of(reports: Reports, scope: Scope, steps: Sequence[Target]) -> FunnelResult:
    """Raises `HitsUnavailable`, `InvalidFilter`."""
    return reports.funnel(
        Funnel(
            sites=(scope.site.id,),
            since=scope.period.since,
            until=scope.period.until,
            steps=tuple(step.condition for step in steps),
            filters=scope.conditions,
        )
    )


def _of(scope: Scope, goal: Goal) -> Query:
    return scope.query(Metric.ENTRANCES, filters=(goal.target.condition,))


def _count(answers: Answers, query: Query) -> int:
    (row,) = answers.rows(query)
    return row.entrances
