"""The links of a report: everything that it is asked is in its addresses."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

import msgspec

from leadline.dashboard.report.asked import AnyMetric, Asked, Listed
from leadline.dashboard.report.audience import Audience
from leadline.dashboard.report.limits import segment_of
from leadline.dashboard.report.look import Look, UnreadableLook, read
from leadline.dashboard.report.panels import Panel
from leadline.dashboard.visit import Visit
from leadline.reports import Dimension, Filter, Operator, Segment

Pairs = Sequence[tuple[str, Any]]

ASKED = ("name", "key", "q", "sort", "up", "funnel", "kind", "operator", "value")
"""What pages below the report are asked besides a look."""


class View:
    """What the templates of a report need to make links."""

    def __init__(self, audience: Audience, look: Look, path: str = "", more: Pairs = ()) -> None:
        """`path` is that of the page below the report, and `more` what it is asked besides."""
        self.audience = audience
        self.look = look
        self.site = audience.site
        self.path = path
        self.more = more

    @classmethod
    def of(cls, visit: Visit, audience: Audience, path: str = "") -> "View":
        """What the address asks of the report, or of a page below it. Raises `UnreadableLook`."""
        asked = visit.request.query_params
        more = [pair for pair in asked.multi_items() if path and pair[0] in ASKED]
        return cls(audience, read(asked), path, more)

    def with_tab(self, panel: Panel) -> "View":
        """The same, where the group of a panel shows it."""
        return View(self.audience, self.look.with_tab(panel), self.path, self.more)

    def at(self, path: str = "", look: Look | None = None, /, **more: Any) -> str:
        """An address of the report: of this look, or of another one."""
        return self._address(path, look or self.look, [*more.items()])

    def to(self, **changes: Any) -> str:
        """The same page with another look."""
        return self._address(self.path, self.changed(**changes), self.more)

    def _address(self, path: str, look: Look, more: Pairs) -> str:
        pairs = [*look.pairs(), *self.audience.extra, *more]
        return self.audience.at(path) + (f"?{urlencode(pairs)}" if pairs else "")

    def changed(self, **changes: Any) -> Look:
        return msgspec.structs.replace(self.look, **changes)

    def sorted(self, table: Listed, metric: AnyMetric) -> str:
        """The table by another column, or by the same the other way round."""
        is_turned = metric == table.asked.by and table.asked.descending
        return self._table(table, table.asked._replace(by=metric, descending=not is_turned, page=1))

    def paged(self, table: Listed, step: int) -> str:
        return self._table(table, table.asked._replace(page=table.asked.page + step))

    def file(self, table: Listed) -> str:
        """All of its rows, as they are searched and ordered."""
        return self._table(table, table.asked._replace(page=1), ".csv")

    def _table(self, table: Listed, asked: Asked, suffix: str = "") -> str:
        more: dict[str, Any] = {**table.more, "sort": asked.by.value}
        if asked.wanted:
            more["q"] = asked.wanted
        if not asked.descending:
            more["up"] = 1
        if asked.page > 1:
            more["page"] = asked.page
        return self.at(table.path + suffix, **more)

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
