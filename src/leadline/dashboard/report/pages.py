"""The pages of a report, for whoever may look at it."""

from typing import Any

from starlette.responses import Response

from leadline.dashboard.drawing import WorldMap
from leadline.dashboard.report.asked import read_asked
from leadline.dashboard.report.audience import Audience
from leadline.dashboard.report.charted import drawings, mapped
from leadline.dashboard.report.events import (
    COLUMNS,
    Which,
    event_table,
    file_of_events,
    one_event,
)
from leadline.dashboard.report.look import SOLD
from leadline.dashboard.report.overview import card_of, live, overview
from leadline.dashboard.report.panels import PANELS, Panel
from leadline.dashboard.report.scope import Scope
from leadline.dashboard.report.serving import csv_file, page
from leadline.dashboard.report.table import file_of, table
from leadline.dashboard.report.view import View
from leadline.dashboard.visit import Refused, Visit

EVENTS = "events"
"""The panel whose rows are no pages and visits."""


def show_report(visit: Visit, audience: Audience) -> Response:
    """Raises `Refused`."""
    view = View.of(visit, audience)
    return page(
        visit,
        view,
        "report.html",
        lambda scope: _report(visit, view, scope),
    )


def _report(visit: Visit, view: View, scope: Scope) -> dict[str, Any]:
    found = overview(visit.rooms.reports, scope, view.look)
    milestones = visit.rooms.milestones.between(view.site, *scope.days)
    drawn = drawings(visit.texts, found, view.look.metric, milestones)
    return {
        "report": found,
        "drawn": drawn,
        "map": _map(visit, view, found.countries),
        "has_goals": not view.audience.is_shared and bool(visit.rooms.goals.list(view.site.id)),
    }


def _card(visit: Visit, view: View, scope: Scope, panel: Panel) -> dict[str, Any]:
    card, countries = card_of(visit.rooms.reports, scope, view.look, panel)
    return {"card": card, "map": _map(visit, view, countries)}


def _map(visit: Visit, view: View, countries: dict[str, int] | None) -> WorldMap | None:
    return None if countries is None else mapped(visit.texts, countries, view.of_country)


def show_panel(visit: Visit, audience: Audience, panel: str) -> Response:
    """In short where a script asks for it, else in full. Raises `Refused`."""
    if panel == EVENTS:
        return _show_events(visit, audience)
    found = _panel(panel)
    view = View.of(visit, audience, f"/panels/{panel}").with_tab(found)
    if visit.is_fragment:
        return page(
            visit,
            view,
            "report_card.html",
            lambda scope: _card(visit, view, scope, found),
        )
    asked = read_asked(visit.query, (*found.metrics, *SOLD))
    return page(
        visit,
        view,
        "report_table.html",
        lambda scope: {
            "table": table(visit.rooms.reports, visit.texts, scope, view.look, found, asked)
        },
    )


def download(visit: Visit, audience: Audience, panel: str) -> Response:
    """A panel as CSV. Raises `Refused`."""
    if panel == EVENTS:
        return _download_events(visit, audience)
    found = _panel(panel)
    view = View.of(visit, audience)
    asked = read_asked(visit.query, (*found.metrics, *SOLD))
    return csv_file(
        visit,
        view,
        panel,
        lambda scope: file_of(visit.rooms.reports, visit.texts, scope, found, asked),
    )


def _show_events(visit: Visit, audience: Audience) -> Response:
    """Events by name; one of them, or what it has under one key, if that is asked for."""
    view = View.of(visit, audience, f"/panels/{EVENTS}")
    reports, which = visit.rooms.reports, _which(visit)
    if which.is_of_one and not which.key:
        return page(
            visit,
            view,
            "report_event.html",
            lambda scope: {"event": one_event(reports, scope, which.name)},
        )
    asked = read_asked(visit.query, COLUMNS)
    return page(
        visit,
        view,
        "report_events.html",
        lambda scope: {"table": event_table(reports, scope, which, asked)},
    )


def _download_events(visit: Visit, audience: Audience) -> Response:
    view = View.of(visit, audience)
    which, asked = _which(visit), read_asked(visit.query, COLUMNS)
    if which.is_of_one and not which.key:
        raise Refused(404, "no-page")
    return csv_file(
        visit,
        view,
        EVENTS,
        lambda scope: file_of_events(visit.rooms.reports, scope, which, asked),
    )


def _which(visit: Visit) -> Which:
    return Which(visit.query.get("name", ""), visit.query.get("key", ""))


def show_live(visit: Visit, audience: Audience) -> Response:
    """How many are there now."""
    view = View.of(visit, audience)
    seen = visit.query.get("seen", "")
    return page(
        visit,
        view,
        "report_live.html",
        lambda scope: {"live": live(visit.rooms.reports, scope, seen)},
    )


def _panel(name: str) -> Panel:
    found = PANELS.get(name)
    if found is None:
        raise Refused(404, "no-page")
    return found
