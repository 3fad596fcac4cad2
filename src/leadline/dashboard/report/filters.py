"""Conditions as they stand in an address: `country:is:DE`, `pathname:starts_with:/blog`."""

from leadline.reports import Condition, Did, Dimension, Filter, Not, Operator

SEPARATOR = "|"
"""Between the texts of `in` and `not_in`."""

TOKENS = {
    "is": Operator.IS,
    "is_not": Operator.IS_NOT,
    "contains": Operator.LIKE,
    "contains_not": Operator.NOT_LIKE,
    "starts_with": Operator.STARTS_WITH,
    "ends_with": Operator.ENDS_WITH,
    "in": Operator.IN,
    "not_in": Operator.NOT_IN,
    "matches": Operator.MATCHES,
    "matches_not": Operator.NOT_MATCHES,
}
_TOKEN_OF = {operator: token for token, operator in TOKENS.items()}

OPPOSITES = {
    Operator.IS: Operator.IS_NOT,
    Operator.LIKE: Operator.NOT_LIKE,
    Operator.IN: Operator.NOT_IN,
    Operator.MATCHES: Operator.NOT_MATCHES,
}
NEGATIVE = frozenset(OPPOSITES.values())
OPPOSITES |= {negated: plain for plain, negated in OPPOSITES.items()}

FILTERED = (
    Dimension.PATHNAME,
    Dimension.ENTRY_PAGE,
    Dimension.EXIT_PAGE,
    Dimension.CONTENT_GROUP,
    Dimension.HOSTNAME,
    Dimension.CHANNEL,
    Dimension.SOURCE,
    Dimension.MEDIUM,
    Dimension.REFERRER_HOSTNAME,
    Dimension.REFERRER_PATHNAME,
    Dimension.UTM_SOURCE,
    Dimension.UTM_MEDIUM,
    Dimension.UTM_CAMPAIGN,
    Dimension.UTM_TERM,
    Dimension.UTM_CONTENT,
    Dimension.REF,
    Dimension.KEYWORD,
    Dimension.COUNTRY,
    Dimension.REGION,
    Dimension.CITY,
    Dimension.BROWSER,
    Dimension.OPERATING_SYSTEM,
    Dimension.DEVICE_TYPE,
    Dimension.EVENT_NAME,
)
"""What can be filtered by: an event is what somebody did in a visit."""

LENGTH = 2000
MOST = 20


class UnreadableFilter(ValueError):
    """A text is no condition."""


def read(text: str) -> Filter:
    """Raises `UnreadableFilter`."""
    name, first, rest = text.partition(":")
    token, second, value = rest.partition(":")
    operator = TOKENS.get(token)
    if not (first and second) or operator is None or len(value) > LENGTH or "\0" in value:
        raise UnreadableFilter(text)
    try:
        dimension = Dimension(name)
    except ValueError:
        raise UnreadableFilter(text) from None
    if dimension not in FILTERED:
        raise UnreadableFilter(text)
    if operator in (Operator.IN, Operator.NOT_IN):
        return Filter(dimension, operator, tuple(value.split(SEPARATOR)))
    return Filter(dimension, operator, value)


def condition_of(found: Filter) -> Condition:
    """What a filter lets through. One of an event is of whole visits, with it or without it."""
    if found.dimension is not Dimension.EVENT_NAME:
        return found
    if found.operator in NEGATIVE:
        plain = negated(found)
        assert plain is not None
        return Not(Did(plain))
    return Did(found)


def written(found: Filter) -> str:
    assert isinstance(found.dimension, Dimension)
    return f"{found.dimension.value}:{_TOKEN_OF[found.operator]}:{SEPARATOR.join(found.texts)}"


def token_of(found: Filter) -> str:
    return _TOKEN_OF[found.operator]


def negated(found: Filter) -> Filter | None:
    """The opposite; None where there is no operator for it."""
    operator = OPPOSITES.get(found.operator)
    return None if operator is None else Filter(found.dimension, operator, found.value)
