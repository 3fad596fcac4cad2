"""How a page of a report is answered, or why it is not."""

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from starlette.responses import Response

from leadline.dashboard.report import figures, filters, names
from leadline.dashboard.report.asked import SEARCH_LENGTH
from leadline.dashboard.report.events import COLUMNS as EVENT_COLUMNS
from leadline.dashboard.report.lines import bare_host
from leadline.dashboard.report.look import CHARTED, SOLD, UnreadableLook
from leadline.dashboard.report.panels import GROUP_TITLES, GROUPS, PANELS
from leadline.dashboard.report.periods import Comparison, Preset, moved, units
from leadline.dashboard.report.scope import Scope, scope_of
from leadline.dashboard.report.view import View
from leadline.dashboard.visit import Refused, Visit
from leadline.reports import FilterTooLarge, HitsUnavailable, InvalidFilter, InvalidPattern

Answer = TypeVar("Answer")


def csv_file(visit: Visit, view: View, name: str, ask: Callable[[Scope], str]) -> Response:
    """Raises `Refused`."""
    text = answered(partial(ask, scope(visit, view)))
    headers = {
        **visit.headers,
        "Content-Disposition": f'attachment; filename="{view.site.slug}-{name}.csv"',
    }
    return Response(text, media_type="text/csv; charset=utf-8", headers=headers)


def page(
    visit: Visit, view: View, template: str, ask: Callable[[Scope], dict[str, Any]]
) -> Response:
    found = scope(visit, view)
    values = answered(partial(ask, found))
    words = {
        "view": view,
        "scope": found,
        "look": view.look,
        "site": view.site,
        "segment": view.segment(visit),
        "segments": view.segments(visit),
        "figures": figures,
    }
    return visit.page(template, **_WORDS | words | values)


def scope(visit: Visit, view: View) -> Scope:
    segment = view.segment(visit)
    conditions = () if segment is None else (segment.condition,)
    return answered(lambda: scope_of(visit.rooms.reports, view.audience, view.look, conditions))


def answered(ask: Callable[[], Answer]) -> Answer:
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


_WORDS: dict[str, Any] = {
    "GROUPS": GROUPS,
    "GROUP_TITLES": GROUP_TITLES,
    "PANELS": PANELS,
    "PRESETS": tuple(Preset),
    "COMPARISONS": tuple(Comparison),
    "CHARTED": (*CHARTED, *SOLD),
    "EVENT_COLUMNS": EVENT_COLUMNS,
    "SEARCH_LENGTH": SEARCH_LENGTH,
    **names.TABLES,
    "bare_host": bare_host,
    "moved": moved,
    "units": units,
    "filter_names": filters,
}
