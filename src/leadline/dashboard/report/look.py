"""What somebody looks at: of which days, beside which, by what, and of which hits; all of it is in
the address."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

import msgspec
from starlette.datastructures import QueryParams

from leadline.dashboard.report import filters
from leadline.dashboard.report.panels import GROUPS, PANELS, Panel
from leadline.dashboard.report.periods import Comparison, Preset
from leadline.dashboard.visit import Refused
from leadline.reports import Days, Filter, Metric, Unit

CHARTED = (
    Metric.VISITORS,
    Metric.VISITS,
    Metric.PAGEVIEWS,
    Metric.VIEWS_PER_VISIT,
    Metric.BOUNCE_RATE,
    Metric.AVERAGE_DURATION,
)
SOLD = (Metric.CONVERSIONS, Metric.REVENUE)
"""Of sites that sell something."""
EARLIEST, LATEST = date(2000, 1, 1), date(2200, 1, 1)


class UnreadableLook(Refused):
    """An address asks for what there is not."""

    def __init__(self, key: str, **arguments: str | int) -> None:
        super().__init__(400, key, **arguments)


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """`preset` is None where the days are chosen one by one. `unit` is None for the usual one.

    `tabs` is the chosen panel of each group that shows another than its first. `segment` is the
    name of a saved one.
    """

    preset: Preset | None = Preset.THIRTY_DAYS
    chosen: Days | None = None
    comparison: Comparison = Comparison.PREVIOUS
    unit: Unit | None = None
    metric: Metric = Metric.VISITORS
    filters: tuple[Filter, ...] = ()
    segment: str | None = None
    tabs: tuple[tuple[str, str], ...] = ()

    def query(self, **changes: Any) -> str:
        """The part of an address that says this, with changes; empty if nothing has to be said."""
        changed = msgspec.structs.replace(self, **changes)
        return urlencode(list(changed.pairs()))

    def pairs(self) -> Iterable[tuple[str, str]]:
        """The fields of a form that says this."""
        if self.chosen is not None:
            yield "from", self.chosen.first.isoformat()
            yield "to", self.chosen.last.isoformat()
        elif self.preset is not None and self.preset is not Preset.THIRTY_DAYS:
            yield "period", self.preset.value
        if self.comparison is not Comparison.PREVIOUS:
            yield "compare", self.comparison.value
        if self.unit is not None:
            yield "by", self.unit.value
        if self.metric is not Metric.VISITORS:
            yield "metric", self.metric.value
        for each in self.filters:
            yield "f", filters.written(each)
        if self.segment is not None:
            yield "segment", self.segment
        yield from self.tabs

    def panel(self, group: str) -> Panel:
        """The panel that a group shows."""
        return PANELS[dict(self.tabs).get(group, GROUPS[group][0])]

    def with_tab(self, panel: Panel) -> "Look":
        tabs = {**dict(self.tabs), panel.group: panel.name}
        kept = tuple((group, name) for group, name in tabs.items() if name != GROUPS[group][0])
        return msgspec.structs.replace(self, tabs=kept)

    def with_filters(self, *found: Filter) -> "Look":
        """These in place of what there is by `is` of the same dimensions; once each."""
        left = (each for each in self.filters if not _is_replaced(each, found))
        return msgspec.structs.replace(self, filters=(*left, *found))

    def without(self, number: int) -> "Look":
        left = self.filters[:number] + self.filters[number + 1 :]
        return msgspec.structs.replace(self, filters=left)

    def negated(self, number: int) -> "Look | None":
        """With one filter turned round, where that can be."""
        other = filters.negated(self.filters[number])
        if other is None:
            return None
        turned = (*self.filters[:number], other, *self.filters[number + 1 :])
        return msgspec.structs.replace(self, filters=turned)


def read(parameters: QueryParams) -> Look:
    """Raises `UnreadableLook`."""
    chosen = _chosen(parameters)
    return Look(
        preset=None if chosen else _one_of(Preset, parameters, "period", Preset.THIRTY_DAYS),
        chosen=chosen,
        comparison=_one_of(Comparison, parameters, "compare", Comparison.PREVIOUS),
        unit=_one_of(Unit, parameters, "by", None),
        metric=_metric(parameters),
        filters=_filters(parameters),
        segment=parameters.get("segment") or None,
        tabs=tuple(_tabs(parameters)),
    )


def _is_replaced(each: Filter, found: Iterable[Filter]) -> bool:
    return any(
        each == other or (each.dimension == other.dimension and each.operator is other.operator)
        for other in found
    )


def _one_of(kind: Any, parameters: Mapping[str, str], name: str, default: Any) -> Any:
    text = parameters.get(name)
    if not text:
        return default
    try:
        return kind(text)
    except ValueError:
        raise UnreadableLook("no-such-choice", what=f"{name}={text}") from None


def _metric(parameters: Mapping[str, str]) -> Metric:
    found: Metric = _one_of(Metric, parameters, "metric", Metric.VISITORS)
    if found not in (*CHARTED, *SOLD):
        raise UnreadableLook("no-such-choice", what=f"metric={found.value}")
    return found


def _chosen(parameters: Mapping[str, str]) -> Days | None:
    first, last = parameters.get("from"), parameters.get("to")
    if not first and not last:
        return None
    found = Days(_date(first or last), _date(last or first))
    return found if found.first <= found.last else Days(found.last, found.first)


def _date(text: str | None) -> date:
    try:
        found = date.fromisoformat(text or "")
    except ValueError:
        raise UnreadableLook("no-such-date", what=text or "") from None
    return max(EARLIEST, min(found, LATEST))


def _filters(parameters: QueryParams) -> tuple[Filter, ...]:
    texts = parameters.getlist("f")
    value = parameters.get("what")
    if value is not None:
        texts.append(f"{parameters.get('field', '')}:{parameters.get('how', '')}:{value}")
    if len(texts) > filters.MOST:
        raise UnreadableLook("too-many-filters", most=filters.MOST)
    try:
        return tuple(dict.fromkeys(map(filters.read, texts)))
    except filters.UnreadableFilter as error:
        raise UnreadableLook("no-such-filter", what=str(error)) from None


def _tabs(parameters: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    for group, names in GROUPS.items():
        name = parameters.get(group)
        if name in names[1:]:
            yield group, name
