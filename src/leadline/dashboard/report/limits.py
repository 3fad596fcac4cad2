"""What somebody else may be shown of a report: what one looks at, all of it, or a segment."""

from collections.abc import Iterator
from typing import NamedTuple

from leadline.dashboard.report import filters
from leadline.dashboard.report.look import Look, UnreadableLook, read
from leadline.dashboard.report.names import DIMENSIONS, OPERATORS
from leadline.dashboard.texts import Texts
from leadline.dashboard.visit import Visit
from leadline.reports import (
    AllOf,
    Condition,
    Dimension,
    Filter,
    InvalidFilter,
    SavedNotFound,
    Segment,
)
from leadline.sites import Site

LOOKED_AT, EVERYTHING = "looked-at", "everything"


class Limit(NamedTuple):
    """`words` say to people what `condition` lets through; without one it is everything."""

    condition: Condition | None = None
    words: str = ""


def limits(visit: Visit, site: Site) -> dict[str, Limit]:
    """What can be chosen, first of all what the address asks for. Raises `Refused`."""
    look = read(visit.request.query_params)
    segments = visit.rooms.segments.list(site.id)
    found = {EVERYTHING: Limit()}
    if look.filters or look.segment:
        found = {LOOKED_AT: _looked_at(visit, site, look)} | found
    return found | {
        f"segment-{each.name}": Limit(each.condition, each.display_name) for each in segments
    }


def rest_of_look(visit: Visit, segment: str | None = None) -> str:
    """The query that asks for all but what a `Limit` says: days, what they are beside, the metric;
    and for a segment. Raises `Refused`.
    """
    return read(visit.request.query_params).query(filters=(), segment=segment)


def looked_at(visit: Visit, site: Site) -> Condition:
    """Which hits and visits the address asks for. Raises `Refused`."""
    limit = _looked_at(visit, site, read(visit.request.query_params))
    assert limit.condition is not None
    return limit.condition


def _looked_at(visit: Visit, site: Site, look: Look) -> Limit:
    parts: list[tuple[Condition, str]] = [
        (filters.condition_of(each), _in_words(visit.texts, each)) for each in look.filters
    ]
    if look.segment:
        segment = segment_of(visit, site, look.segment)
        parts.insert(0, (segment.condition, segment.display_name))
    tree = AllOf(tuple(condition for condition, _ in parts))
    try:
        visit.rooms.reports.check(tree)
    except InvalidFilter as error:
        raise UnreadableLook("no-such-filter", what=str(error)) from None
    return Limit(tree, " \N{MIDDLE DOT} ".join(words for _, words in parts))


def segment_of(visit: Visit, site: Site, name: str) -> Segment:
    """Raises `UnreadableLook`."""
    try:
        return visit.rooms.segments.get(site.id, name)
    except SavedNotFound:
        raise UnreadableLook("no-such-choice", what=f"segment={name}") from None


def _in_words(t: Texts, each: Filter) -> str:
    """Such as: Campaign is spring."""
    assert isinstance(each.dimension, Dimension)
    by, operator = DIMENSIONS[each.dimension], OPERATORS[filters.token_of(each)]
    return f"{t(by)} {t(operator)} {', '.join(_values(t, each))}"


def _values(t: Texts, each: Filter) -> Iterator[str]:
    for text in each.texts:
        is_country = each.dimension is Dimension.COUNTRY and text
        yield t.country(text) if is_country else text or t("value-none")
