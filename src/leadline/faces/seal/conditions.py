"""SealMetrics' conditions and those of reports, each as the other: fields, operators, filters.

What SealMetrics calls a source or a medium is what an arrival came to, not a parameter. A text that
it prints where nothing is known stands for the empty one. What its fields cannot say goes by the
field `leadline`, whose value is a condition in JSON, so that nothing gets lost on the way.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Annotated, Literal, NamedTuple

import msgspec
from pydantic import BaseModel, Field

from leadline.enrichment import named
from leadline.reports import (
    AllOf,
    AnyOf,
    Condition,
    Dimension,
    Filter,
    InvalidFilter,
    Not,
    Operator,
    read_condition,
    written_condition,
)

FIELDS = {
    "utm_source": Dimension.SOURCE,
    "utm_medium": Dimension.MEDIUM,
    "utm_campaign": Dimension.UTM_CAMPAIGN,
    "utm_term": Dimension.UTM_TERM,
    "utm_content": Dimension.UTM_CONTENT,
    "country": Dimension.COUNTRY,
    "device_type": Dimension.DEVICE_TYPE,
    "browser": Dimension.BROWSER,
    "os": Dimension.OPERATING_SYSTEM,
    "path": Dimension.PATHNAME,
    "content_grouping": Dimension.CONTENT_GROUP,
    "referrer": Dimension.REFERRER_HOSTNAME,
    "channel": Dimension.CHANNEL,
}
REFERRER_DOMAIN = "referrer_domain"
LEADLINE = "leadline"
_NAMES = {dimension: field for field, dimension in FIELDS.items()}

_OPERATORS = {
    "eq": Operator.IS,
    "neq": Operator.IS_NOT,
    "contains": Operator.LIKE,
    "not_contains": Operator.NOT_LIKE,
    "starts_with": Operator.STARTS_WITH,
    "ends_with": Operator.ENDS_WITH,
    "in": Operator.IN,
    "not_in": Operator.NOT_IN,
    "regex": Operator.MATCHES,
    "not_regex": Operator.NOT_MATCHES,
}
_OPERATOR_NAMES = {operator: name for name, operator in _OPERATORS.items()}
_SEVERAL = ("in", "not_in")
_WHOLE = {"eq": "in", "neq": "not_in"}
"""Each comparison with a whole text, and what it is with several."""

EMPTY = {
    Dimension.SOURCE: ("(direct)", "direct", "(not set)"),
    Dimension.MEDIUM: ("(none)", "(not set)"),
    Dimension.UTM_CAMPAIGN: ("(not set)",),
    Dimension.UTM_TERM: ("(not set)",),
    Dimension.UTM_CONTENT: ("(not set)",),
    Dimension.ENTRY_PAGE: ("(not set)",),
    Dimension.COUNTRY: ("Unknown", "unknown"),
    Dimension.DEVICE_TYPE: ("Unknown", "unknown"),
    Dimension.BROWSER: ("Unknown", "unknown"),
    Dimension.OPERATING_SYSTEM: ("Unknown", "unknown"),
    Dimension.CHANNEL: ("Unassigned",),
}
"""What stands for nothing; the first is what is printed."""

DEVICES = {"Desktop": "desktop", "Phone": "mobile", "Tablet": "tablet"}
"""What SealMetrics calls a type of device; others go by their own names."""
_DEVICE_TYPES = {name: device for device, name in DEVICES.items()}

_ANY_CASE = "(?i)"
_SCHEMES = ("http://", "https://")

MOST_CONDITIONS = 20
MOST_GROUPS = 10
MOST_IN_A_GROUP = 10


class FilterCondition(BaseModel):
    field: str = Field(description="Such as `utm_medium`.", examples=["utm_medium"])
    operator: Literal[
        "eq",
        "neq",
        "contains",
        "not_contains",
        "starts_with",
        "ends_with",
        "in",
        "not_in",
        "regex",
        "not_regex",
    ] = "eq"
    value: str | list[str] = Field(description="A list with `in` and `not_in`.")


class ConditionGroup(BaseModel):
    """All of them have to fit."""

    conditions: list[FilterCondition] = Field(default_factory=list, max_length=MOST_IN_A_GROUP)


Groups = Annotated[list[ConditionGroup], Field(max_length=MOST_GROUPS)]


class SegmentFilters(BaseModel):
    """All `conditions` have to fit, one of the `groups` if there are any, none of `not_groups`."""

    conditions: list[FilterCondition] = Field(default_factory=list, max_length=MOST_CONDITIONS)
    groups: Groups = Field(default_factory=list)
    not_groups: Groups = Field(default_factory=list)

    @property
    def count(self) -> int:
        """Of the conditions in all of it."""
        groups = (*self.groups, *self.not_groups)
        return len(self.conditions) + sum(len(each.conditions) for each in groups)


class _Said(NamedTuple):
    field: str
    operator: str
    value: str | list[str]

    def as_condition(self) -> FilterCondition:
        return FilterCondition.model_validate(self._asdict())


def condition_of(filters: SegmentFilters) -> Condition:
    """Raises `InvalidFilter`."""
    parts = [*_read_all(filters.conditions)]
    if filters.groups:
        parts.append(AnyOf(tuple(_all_of(group) for group in filters.groups)))
    parts += [Not(_all_of(group)) for group in filters.not_groups]
    return parts[0] if len(parts) == 1 else AllOf(tuple(parts))


def filters_of(tree: Condition) -> SegmentFilters:
    """What `condition_of` makes the same of."""
    filters = SegmentFilters()
    parts = _flat(tree)
    has_groups = sum(isinstance(part, AnyOf) for part in parts) == 1
    for part in parts:
        match part:
            case AnyOf(groups) if groups and has_groups:
                filters.groups = [_group(each) for each in groups]
            case Not(inner):
                filters.not_groups.append(_group(inner))
            case _:
                filters.conditions.append(_said(part))
    if (
        len(filters.conditions) > MOST_CONDITIONS
        or max(len(filters.groups), len(filters.not_groups)) > MOST_GROUPS
    ):
        return SegmentFilters(conditions=[_in_json(tree)])
    return filters


def read(field: str, operator: str, value: str | Sequence[str]) -> Condition:
    """One condition; `value` is no text but several with `in` and `not_in`, which take one too.

    Raises `InvalidFilter`.
    """
    if not isinstance(value, str) and operator not in _SEVERAL:
        raise InvalidFilter(f"{operator} compares with one text")
    texts = (value,) if isinstance(value, str) else tuple(value)
    if field == LEADLINE:
        return _from_json(operator, texts)
    if field == REFERRER_DOMAIN:
        return _referred(operator, texts)
    if field not in FIELDS:
        raise InvalidFilter(f"There is no field {field[:64]}")
    dimension = FIELDS[field]
    if operator in ("eq", "neq"):
        return Filter(dimension, _OPERATORS[operator], _known(dimension, texts[0]))
    if operator in _SEVERAL:
        found = dict.fromkeys(_known(dimension, text) for text in texts)
        return Filter(dimension, _OPERATORS[operator], tuple(found))
    if dimension is Dimension.SOURCE or "*" in texts[0]:
        flags = _ANY_CASE if dimension is Dimension.SOURCE else ""
        return _matching(dimension, operator, texts[0], flags)
    return Filter(dimension, _OPERATORS[operator], texts[0])


def _read_all(conditions: Sequence[FilterCondition]) -> Iterator[Condition]:
    return (read(each.field, each.operator, each.value) for each in conditions)


def _all_of(group: ConditionGroup) -> Condition:
    parts = tuple(_read_all(group.conditions))
    return parts[0] if len(parts) == 1 else AllOf(parts)


def _known(dimension: Dimension, text: str) -> str:
    """The text as it is stored."""
    if text in EMPTY.get(dimension, ()):
        return ""
    match dimension:
        case Dimension.SOURCE:
            return named(text)
        case Dimension.MEDIUM:
            return text.lower()
        case Dimension.COUNTRY:
            return text.upper()
        case Dimension.DEVICE_TYPE:
            return _DEVICE_TYPES.get(text.lower(), text)
        case _:
            return text


def printed(dimension: Dimension, text: str) -> str:
    """A text that is stored as SealMetrics prints it."""
    if not text:
        return EMPTY.get(dimension, ("",))[0]
    match dimension:
        case Dimension.SOURCE:
            return text.lower()
        case Dimension.DEVICE_TYPE:
            return DEVICES.get(text, text)
        case _:
            return text


def _matching(dimension: Dimension, operator: str, text: str, flags: str) -> Filter:
    """A comparison with a part of a text as one with a regular expression."""
    negated = operator.startswith("not_")
    match operator.removeprefix("not_"):
        case "contains":
            pattern = re.escape(text)
        case "starts_with":
            pattern = "^" + re.escape(text)
        case "ends_with":
            pattern = re.escape(text) + "$"
        case _:
            pattern = text
    return Filter(dimension, Operator.NOT_MATCHES if negated else Operator.MATCHES, flags + pattern)


def _from_pattern(operator: str, pattern: str) -> tuple[str, str]:
    """The operator and the text that `_matching` makes this pattern of."""
    pattern = pattern.removeprefix(_ANY_CASE)
    begins, ends = pattern.startswith("^"), pattern.endswith("$")
    inner = pattern.removeprefix("^").removesuffix("$")
    text = re.sub(r"\\(.)", r"\1", inner, flags=re.DOTALL)
    if re.escape(text) != inner or not text:
        return operator, pattern
    match operator, begins, ends:
        case _, False, False:
            return operator.replace("regex", "contains"), text
        case "regex", True, False:
            return "starts_with", text
        case "regex", False, True:
            return "ends_with", text
        case _:
            return operator, pattern


def _referred(operator: str, hosts: tuple[str, ...]) -> Filter:
    """Referrers are stored with their scheme."""
    dimension = Dimension.REFERRER_HOSTNAME
    if operator in ("eq", "neq", *_SEVERAL):
        known = tuple(scheme + host.lower() for host in hosts for scheme in _SCHEMES)
        return Filter(dimension, _OPERATORS[_WHOLE.get(operator, operator)], known)
    if operator == "starts_with":
        return Filter(dimension, Operator.MATCHES, "^https?://" + re.escape(hosts[0]))
    return Filter(dimension, _OPERATORS[operator], hosts[0])


def _from_json(operator: str, texts: tuple[str, ...]) -> Condition:
    if operator != "eq":
        raise InvalidFilter(f"The field {LEADLINE} is compared by eq")
    try:
        return read_condition(texts[0])
    except (msgspec.DecodeError, RecursionError):
        raise InvalidFilter("The value is not a condition in JSON") from None


def _flat(tree: Condition) -> tuple[Condition, ...]:
    if not isinstance(tree, AllOf):
        return (tree,)
    return tuple(part for each in tree.parts for part in _flat(each))


def _group(tree: Condition) -> ConditionGroup:
    parts = _flat(tree)
    if len(parts) > MOST_IN_A_GROUP:
        return ConditionGroup(conditions=[_in_json(tree)])
    return ConditionGroup(conditions=[_said(part) for part in parts])


def _said(part: Condition) -> FilterCondition:
    said = _say(part) if isinstance(part, Filter) else None
    return said.as_condition() if said else _in_json(part)


def _in_json(tree: Condition) -> FilterCondition:
    return FilterCondition(field=LEADLINE, operator="eq", value=written_condition(tree))


def _say(each: Filter) -> _Said | None:
    """None if the same condition cannot be had from what would be said."""
    found = _say_referred(each) or _say_plainly(each)
    return found if found and read(*found) == each else None


def _say_referred(each: Filter) -> _Said | None:
    if each.dimension is not Dimension.REFERRER_HOSTNAME or not isinstance(each.value, tuple):
        return None
    hosts = [text.removeprefix(_SCHEMES[0]) for text in each.value[:: len(_SCHEMES)]]
    operator = _OPERATOR_NAMES[each.operator]
    said = _Said(REFERRER_DOMAIN, operator, hosts)
    if not hosts or read(*said) != each:
        return None
    if len(hosts) == 1:
        (whole,) = (name for name, several in _WHOLE.items() if several == operator)
        return _Said(REFERRER_DOMAIN, whole, hosts[0])
    return said


def _say_plainly(each: Filter) -> _Said | None:
    if not isinstance(each.dimension, Dimension) or each.dimension not in _NAMES:
        return None
    field, operator = _NAMES[each.dimension], _OPERATOR_NAMES[each.operator]
    if isinstance(each.value, tuple):
        return _Said(field, operator, [printed(each.dimension, text) for text in each.value])
    if operator in _WHOLE:
        return _Said(field, operator, printed(each.dimension, each.value))
    if operator in ("regex", "not_regex"):
        return _Said(field, *_from_pattern(operator, each.value))
    return _Said(field, operator, each.value)
