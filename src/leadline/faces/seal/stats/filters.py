"""Which hits a question is about: `filters`, parameters of their own, a segment.

Of one field a filter goes before a parameter, and a parameter before what a segment says.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from msgspec.structs import replace

from leadline.faces.seal.conditions import EMPTY, read
from leadline.faces.seal.errors import InvalidRequest
from leadline.reports import (
    AllOf,
    AnyOf,
    Condition,
    Dimension,
    Filter,
    InvalidFilter,
    Operator,
    Reports,
)

UTM = ("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content")
_FIELDS = {
    **{name: name for name in (*UTM, "country", "device_type", "browser", "os", "path")},
    "referrer": "referrer_domain",
}
"""The fields of `filters`, as conditions know them."""

_PARAMETERS = {
    **{name: name for name in (*UTM, "country", "device_type", "browser", "os")},
    "channel_group": "channel",
    "content_grouping": "content_grouping",
    "landing_page": "path",
}
"""The parameters that stand for conditions."""

_OPERATORS = {
    "eq": "eq",
    "ne": "neq",
    "contains": "contains",
    "not_contains": "not_contains",
    "regex": "regex",
    "not_regex": "not_regex",
    "in": "in",
    "not_in": "not_in",
}

Moved = Mapping[Dimension, Dimension]
OF_ANY_PAGE: Moved = {}
OF_LANDING_PAGES: Moved = {
    Dimension.PATHNAME: Dimension.ENTRY_PAGE,
    Dimension.CONTENT_GROUP: Dimension.ENTRY_CONTENT_GROUP,
}

_SEVERAL = ("in", "not_in")
_NEXT = re.compile(rf",(?=(?:{'|'.join(_FIELDS)}):(?:{'|'.join(_OPERATORS)}):)")
_SCHEME = "://"


def conditions_of(
    reports: Reports,
    filters: str | None,
    parameters: Mapping[str, Sequence[str]],
    segment: Condition | None = None,
    moved: Moved = OF_ANY_PAGE,
    unwanted: Mapping[str, Sequence[str]] = {},
    field: str = "query.filters",
) -> tuple[Condition, ...]:
    """All of them together, and nothing `unwanted`. Raises `InvalidRequest`, about the `field`.

    `moved` says which dimensions of a page mean others, but in a segment.
    """
    try:
        found = _by_priority(filters, parameters, segment, moved)
        found += tuple(_named(unwanted, moved, "not_in"))
        reports.check(AllOf(found))
    except InvalidFilter as error:
        message = f"Not a usable filter: {error}"
        raise InvalidRequest.one(field, message, "value_error") from error
    return found


def containing(dimension: Dimension, text: str) -> Condition:
    """In any case, and as it is printed."""
    found = Filter(dimension, Operator.MATCHES, "(?i)" + re.escape(text))
    if any(text.lower() in each.lower() for each in EMPTY.get(dimension, ())):
        return AnyOf((found, Filter(dimension, Operator.IS, "")))
    return found


def like(dimension: Dimension, pattern: str) -> Condition:
    """`%` stands for anything; without any it may be anywhere."""
    if "%" not in pattern:
        return Filter(dimension, Operator.MATCHES, re.escape(pattern))
    parts = map(re.escape, pattern.split("%"))
    return Filter(dimension, Operator.MATCHES, rf"(?s)\A{'.*'.join(parts)}\z")


def _by_priority(
    filters: str | None,
    parameters: Mapping[str, Sequence[str]],
    segment: Condition | None,
    moved: Moved,
) -> tuple[Condition, ...]:
    found: list[Condition] = [] if filters is None else [*_read(filters, moved)]
    for more in (_named(parameters, moved), _parts(segment)):
        said = {each.dimension for each in found if isinstance(each, Filter)}
        found += [
            each for each in more if not (isinstance(each, Filter) and each.dimension in said)
        ]
    return tuple(found)


def _read(text: str, moved: Moved) -> Iterator[Condition]:
    for each in _NEXT.split(text):
        field, _, rest = each.partition(":")
        operator, is_whole, value = rest.partition(":")
        if field not in _FIELDS or operator not in _OPERATORS or not is_whole:
            raise InvalidFilter(f"field:operator:value is needed, and not {each[:64]}")
        known = "referrer" if field == "referrer" and _SCHEME in value else _FIELDS[field]
        values = value.split("|") if operator in _SEVERAL else value
        yield _moved(read(known, _OPERATORS[operator], values), moved)


def _named(
    parameters: Mapping[str, Sequence[str]], moved: Moved, operator: str = "in"
) -> list[Condition]:
    return [
        _moved(
            read(_PARAMETERS[name], operator, values),
            OF_LANDING_PAGES if name == "landing_page" else moved,
        )
        for name, values in parameters.items()
        if name in _PARAMETERS and values
    ]


def _parts(segment: Condition | None) -> tuple[Condition, ...]:
    if segment is None:
        return ()
    return segment.parts if isinstance(segment, AllOf) else (segment,)


def _moved(each: Condition, moved: Moved) -> Condition:
    if isinstance(each, Filter) and isinstance(each.dimension, Dimension):
        return replace(each, dimension=moved.get(each.dimension, each.dimension))
    return each
