"""The pages of a report, for whoever may look at it."""

from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlencode

import msgspec
from starlette.responses import Response

from leadline.dashboard.drawing import WorldMap
from leadline.dashboard.report import figures, filters, names
from leadline.dashboard.report.audience import Audience
from leadline.dashboard.report.charted import drawings, mapped
from leadline.dashboard.report.events import COLUMNS as EVENT_COLUMNS
from leadline.dashboard.report.events import all_events, file_of_events, one_event
from leadline.dashboard.report.limits import segment_of
from leadline.dashboard.report.lines import bare_host
from leadline.dashboard.report.look import CHARTED, Look, UnreadableLook, read
from leadline.dashboard.report.overview import card_of, live, overview
from leadline.dashboard.report.panels import GROUP_TITLES, GROUPS, PANELS, Panel
from leadline.dashboard.report.periods import Comparison, Preset, moved, units
from leadline.dashboard.report.scope import Scope, scope_of
from leadline.dashboard.report.table import MOST_PAGES, PER_PAGE, Asked, Table, file_of, table
from leadline.dashboard.visit import Refused, Visit
from leadline.reports import (
    Dimension,
    Filter,
    FilterTooLarge,
    HitsUnavailable,
    InvalidFilter,
    InvalidPattern,
    Metric,
    Operator,
    Segment,
)

Answer = TypeVar("Answer")

EVENTS = "events"
"""The panel whose rows are no pages and visits."""


class View:
    """What the templates of a report need to make links."""

    def __init__(self, audience: Audience, look: Look) -> None:
        self.audience = audience
        self.look = look
        self.site = audience.site

    def at(self, path: str = "", look: Look | None = None, /, **more: Any) -> str:
        """An address of the report: of this look, or of another one."""
        pairs = [*(look or self.look).pairs(), *self.audience.extra]
        pairs += [(name, str(value)) for name, value in more.items()]
        return self.audience.at(path) + (f"?{urlencode(pairs)}" if pairs else "")

    def to(self, **changes: Any) -> str:
        """The report with another look."""
        return self.at("", self.changed(**changes))

    def changed(self, **changes: Any) -> Look:
        return msgspec.structs.replace(self.look, **changes)

    def sorted(self, table: Table, metric: Metric) -> str:
        """The table by another column, or by the same the other way round."""
        is_turned = metric == table.asked.by and table.asked.descending
        return self._table(table, table.asked._replace(by=metric, descending=not is_turned, page=1))

    def paged(self, table: Table, step: int) -> str:
        return self._table(table, table.asked._replace(page=table.asked.page + step))

    def _table(self, table: Table, asked: Asked) -> str:
        more: dict[str, Any] = {"sort": asked.by.value}
        if asked.wanted:
            more["q"] = asked.wanted
        if not asked.descending:
            more["up"] = 1
        if asked.page > 1:
            more["page"] = asked.page
        return self.at(f"/panels/{table.panel.name}", **more)

    def segment(self, visit: Visit) -> Segment | None:
        """The one that is looked at. Raises `UnreadableLook`."""
        name = self.look.segment
        if name is not None and self.audience.is_shared:
            raise UnreadableLook("no-such-choice", what=f"segment={name}")
        return None if name is None else segment_of(visit, self.site, name)

    def segments(self, visit: Visit) -> tuple[Segment, ...]:
        """Those that can be looked at; whoever a report is shared with sees what they are shown."""
        return () if self.audience.is_shared else visit.rooms.segments.list(self.site.id)

    def all_hosts(self) -> str:
        left = (each for each in self.look.filters if each.dimension is not Dimension.HOSTNAME)
        return self.to(filters=tuple(left))

    def of_host(self, origin: str) -> str:
        chosen = Filter(Dimension.HOSTNAME, Operator.IS, origin)
        return self.at("", self.look.with_filters(chosen))

    def of_country(self, code: str) -> str:
        chosen = Filter(Dimension.COUNTRY, Operator.IS, code)
        return self.at("", self.look.with_filters(chosen))

    def of_event(self, name: str) -> str:
        chosen = Filter(Dimension.EVENT_NAME, Operator.IS, name)
        return self.at("", self.look.with_filters(chosen))

    def kept(self, *without: str) -> list[tuple[str, str]]:
        """The hidden fields of a form that asks for the rest."""
        pairs = (*self.look.pairs(), *self.audience.extra)
        return [pair for pair in pairs if pair[0] not in without]


def show_report(visit: Visit, audience: Audience) -> Response:
    """Raises `Refused`."""
    view = View(audience, read(visit.request.query_params))
    return _page(
        visit,
        view,
        "report.html",
        lambda scope: _report(visit, view, scope),
    )


def _report(visit: Visit, view: View, scope: Scope) -> dict[str, Any]:
    found = overview(visit.rooms.reports, scope, view.look)
    milestones = visit.rooms.milestones.between(view.site, *scope.days)
    drawn = drawings(visit.texts, found, view.look.metric, milestones)
    return {"report": found, "drawn": drawn, "map": _map(visit, view, found.countries)}


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
    view = View(audience, read(visit.request.query_params).with_tab(found))
    if visit.is_fragment:
        return _page(
            visit,
            view,
            "report_card.html",
            lambda scope: _card(visit, view, scope, found),
        )
    asked = _asked(visit, found)
    return _page(
        visit,
        view,
        "report_table.html",
        lambda scope: {"table": table(visit.rooms.reports, scope, view.look, found, asked)},
    )


def download(visit: Visit, audience: Audience, panel: str) -> Response:
    """A panel as CSV. Raises `Refused`."""
    if panel == EVENTS:
        return _download_events(visit, audience)
    found = _panel(panel)
    look = read(visit.request.query_params)
    asked = _asked(visit, found)
    reports = visit.rooms.reports
    scope = _scope(visit, View(audience, look))
    text = _answered(lambda: file_of(reports, scope, found, asked))
    return _file(visit, audience, found.name, text)


def _show_events(visit: Visit, audience: Audience) -> Response:
    """Events by name, or those of the `name` that is asked for."""
    view = View(audience, read(visit.request.query_params))
    reports, name = visit.rooms.reports, visit.query.get("name", "")
    if name:
        return _page(
            visit,
            view,
            "report_event.html",
            lambda scope: {"event": one_event(reports, scope, name)},
        )
    return _page(
        visit, view, "report_events.html", lambda scope: {"events": all_events(reports, scope)}
    )


def _download_events(visit: Visit, audience: Audience) -> Response:
    scope = _scope(visit, View(audience, read(visit.request.query_params)))
    text = _answered(lambda: file_of_events(visit.rooms.reports, scope))
    return _file(visit, audience, EVENTS, text)


def show_live(visit: Visit, audience: Audience) -> Response:
    """How many are there now."""
    view = View(audience, read(visit.request.query_params))
    seen = visit.query.get("seen", "")
    return _page(
        visit,
        view,
        "report_live.html",
        lambda scope: {"live": live(visit.rooms.reports, scope, seen)},
    )


def _file(visit: Visit, audience: Audience, name: str, text: str) -> Response:
    headers = {
        **visit.headers,
        "Content-Disposition": f'attachment; filename="{audience.site.slug}-{name}.csv"',
    }
    return Response(text, media_type="text/csv; charset=utf-8", headers=headers)


def _page(
    visit: Visit, view: View, template: str, ask: Callable[[Scope], dict[str, Any]]
) -> Response:
    scope = _scope(visit, view)
    values = _answered(lambda: ask(scope))
    words = {
        "view": view,
        "scope": scope,
        "look": view.look,
        "site": view.site,
        "segment": view.segment(visit),
        "segments": view.segments(visit),
        "figures": figures,
    }
    return visit.page(template, **_WORDS | words | values)


def _scope(visit: Visit, view: View) -> Scope:
    segment = view.segment(visit)
    conditions = () if segment is None else (segment.condition,)
    return _answered(lambda: scope_of(visit.rooms.reports, view.audience, view.look, conditions))


def _answered(ask: Callable[[], Answer]) -> Answer:
    try:
        return ask()
    except HitsUnavailable:
        raise NoHits from None
    except InvalidPattern as error:
        raise UnreadableLook("no-such-pattern", what=str(error)) from None
    except FilterTooLarge:
        raise UnreadableLook("too-many-filters", most=filters.MOST) from None
    except InvalidFilter as error:
        raise UnreadableLook("no-such-filter", what=str(error)) from None


class NoHits(Refused):
    def __init__(self) -> None:
        super().__init__(503, "no-report")
        self.headers["Retry-After"] = str(HitsUnavailable.retry_after)


def _panel(name: str) -> Panel:
    found = PANELS.get(name)
    if found is None:
        raise Refused(404, "no-page")
    return found


def _asked(visit: Visit, panel: Panel) -> Asked:
    number = visit.query.get("page", "1")
    page = int(number) if number.isascii() and number.isdecimal() and len(number) < 6 else 1
    try:
        by = Metric(visit.query.get("sort", panel.metrics[0].value))
    except ValueError:
        by = panel.metrics[0]
    wanted = visit.query.get("q", "").strip()[: filters.LENGTH].replace("\0", "")
    return Asked(wanted, by, "up" not in visit.query, max(1, min(page, MOST_PAGES)))


_WORDS: dict[str, Any] = {
    "GROUPS": GROUPS,
    "GROUP_TITLES": GROUP_TITLES,
    "PANELS": PANELS,
    "PRESETS": tuple(Preset),
    "COMPARISONS": tuple(Comparison),
    "CHARTED": CHARTED,
    "EVENT_COLUMNS": EVENT_COLUMNS,
    "PER_PAGE": PER_PAGE,
    **names.TABLES,
    "bare_host": bare_host,
    "moved": moved,
    "units": units,
    "filter_names": filters,
}
