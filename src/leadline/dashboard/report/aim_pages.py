"""The pages of goals and funnels, for whoever is signed in."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from starlette.responses import Response

from leadline.dashboard.report.aims import funnel_of, goals_reached
from leadline.dashboard.report.audience import Audience
from leadline.dashboard.report.filters import TOKENS
from leadline.dashboard.report.look import UnreadableLook
from leadline.dashboard.report.scope import Scope
from leadline.dashboard.report.serving import page
from leadline.dashboard.report.view import View
from leadline.dashboard.visit import Visit
from leadline.reports import (
    FEWEST_STEPS,
    MOST_STEPS,
    FunnelResult,
    Operator,
    SavedFunnel,
    Target,
    TargetKind,
)

OPERATORS = ("is", "contains", "starts_with", "ends_with", "matches")
"""Those that compare with one text, by their names in addresses."""

ROWS = 5
"""Of steps in an empty form."""


class Steps(NamedTuple):
    """What is asked; `saved` is the funnel that has been kept so, if it is one."""

    targets: tuple[Target, ...]
    saved: SavedFunnel | None = None

    @property
    def is_funnel(self) -> bool:
        return FEWEST_STEPS <= len(self.targets) <= MOST_STEPS


def show_goals(visit: Visit, audience: Audience) -> Response:
    """In short where a script asks for them, else with forms. Raises `Refused`."""
    view = View.of(visit, audience, "/goals")
    goals = visit.rooms.goals.list(view.site.id)
    template = "report_goals_card.html" if visit.is_fragment else "report_goals.html"

    def ask(scope: Scope) -> dict[str, Any]:
        return _WORDS | {"goals": goals_reached(visit.rooms.reports, scope, goals)}

    return page(visit, view, template, ask)


def show_funnels(visit: Visit, audience: Audience) -> Response:
    """The funnel that is asked for, if one is, and the form that asks. Raises `Refused`."""
    view = View.of(visit, audience, "/funnels")
    steps = _steps(visit, view)

    def ask(scope: Scope) -> dict[str, Any]:
        result: FunnelResult | None = None
        if steps.is_funnel:
            result = funnel_of(visit.rooms.reports, scope, steps.targets)
        return _WORDS | {
            "funnels": visit.rooms.funnels.list(view.site.id),
            "steps": steps,
            "result": result,
            "rows": min(MOST_STEPS, max(ROWS, len(steps.targets) + 1)),
        }

    return page(visit, view, "report_funnels.html", ask)


def targets_of(
    kinds: Sequence[str], operators: Sequence[str], values: Sequence[str]
) -> tuple[Target, ...]:
    """Those whose value is not empty. Raises `UnreadableLook`."""
    rows = zip(kinds, operators, values, strict=False)
    return tuple(_target(*row) for row in rows if row[2].strip())


def _steps(visit: Visit, view: View) -> Steps:
    number = visit.query.get("funnel", "")
    if number.isascii() and number.isdecimal() and len(number) < 10:
        saved = visit.rooms.funnels.get(view.site.id, int(number))
        return Steps(saved.steps, saved)
    asked = visit.request.query_params
    fields = (asked.getlist(name) for name in ("kind", "operator", "value"))
    return Steps(targets_of(*fields))


def _target(kind: str, operator: str, value: str) -> Target:
    if kind not in set(TargetKind) or operator not in OPERATORS:
        raise UnreadableLook("no-such-choice", what=f"{kind}:{operator}")
    return Target(TargetKind(kind), TOKENS[operator], value.strip())


TOKEN_OF: dict[Operator, str] = {TOKENS[name]: name for name in OPERATORS}

_WORDS = {
    "TARGET_KINDS": {TargetKind.PAGE: "target-page", TargetKind.EVENT: "target-event"},
    "TARGET_OPERATORS": OPERATORS,
    "TOKEN_OF": TOKEN_OF,
}
