"""Which hits and visits a question is about: conditions, and trees of them."""

import re
from collections.abc import Callable, Iterator
from enum import StrEnum

import msgspec

from leadline.reports.dimensions import By, Dimension, Property

PATTERN_LENGTH = 1000
"""Characters of a regular expression."""

MOST_PARTS = 300
"""Of a tree, conditions and what holds them together."""

DEEPEST = 10
MOST_TEXTS = 1000
MOST_CHARACTERS = 20_000
"""Of all the texts that a tree compares with, and the keys of properties."""

_HALF_PAIR = re.compile(r"[\ud800-\udfff]")


class Operator(StrEnum):
    """`LIKE` is a part of a text, in which `*` stands for anything; `MATCHES` a regular expression
    in RE2's syntax, which has to be somewhere in it. `IN` is one of several texts."""

    IS = "is"
    IS_NOT = "is not"
    LIKE = "like"
    NOT_LIKE = "not like"
    STARTS_WITH = "starts with"
    ENDS_WITH = "ends with"
    IN = "in"
    NOT_IN = "not in"
    MATCHES = "matches"
    NOT_MATCHES = "not matches"


PATTERNS = frozenset((Operator.MATCHES, Operator.NOT_MATCHES))
OF_SEVERAL = frozenset((Operator.IN, Operator.NOT_IN))


class Filter(msgspec.Struct, frozen=True, tag="filter"):
    """One condition. `value` is a tuple with `IN` and `NOT_IN`, and with no other operator.

    A dimension of a page is that of each pageview, and of a visit that of its first page; a
    dimension of visits is that of a whole visit, and so of all its pageviews.
    """

    dimension: By
    operator: Operator
    value: str | tuple[str, ...]

    @property
    def texts(self) -> tuple[str, ...]:
        return self.value if isinstance(self.value, tuple) else (self.value,)


class AllOf(msgspec.Struct, frozen=True, tag="all"):
    """Without parts it fits everything."""

    parts: "tuple[Condition, ...]" = ()


class AnyOf(msgspec.Struct, frozen=True, tag="any"):
    """Without parts it fits nothing."""

    parts: "tuple[Condition, ...]" = ()


class Not(msgspec.Struct, frozen=True, tag="not"):
    part: "Condition"


class Viewed(msgspec.Struct, frozen=True, tag="viewed"):
    """A pageview that fits, by what is the page's own: `HOSTNAME`, `PATHNAME`, `CONTENT_GROUP`.

    As a condition: whatever belongs to a visit with such a pageview, in the period or out of it.
    """

    page: "Condition" = AllOf()


class Did(msgspec.Struct, frozen=True, tag="did"):
    """As `Viewed`, an event: by its page, `EVENT_NAME`, `EVENT_KIND` and properties."""

    event: "Condition" = AllOf()


Step = Viewed | Did
Condition = Filter | AllOf | AnyOf | Not | Viewed | Did

OF_A_PAGE = frozenset((Dimension.HOSTNAME, Dimension.PATHNAME, Dimension.CONTENT_GROUP))
OF_AN_EVENT = OF_A_PAGE | {Dimension.EVENT_NAME, Dimension.EVENT_KIND}


class InvalidFilter(ValueError):
    """A condition compares what cannot be compared so."""


class InvalidPattern(InvalidFilter):
    """A filter's regular expression is none, or is too long."""


class FilterTooLarge(InvalidFilter):
    """A tree has too many parts or texts, or is too deep."""


def written_condition(tree: Condition) -> str:
    """As JSON, for others to keep."""
    return msgspec.json.encode(tree).decode()


def read_condition(text: str) -> Condition:
    """What `written_condition` wrote."""
    tree: Condition = msgspec.json.decode(text, type=Condition)
    return tree


def conditions(tree: Condition, *, of_hits: bool = True) -> Iterator[Filter]:
    """Those of a tree, in order; with those of single hits of a visit or without."""
    waiting = [tree]
    while waiting:
        found = waiting.pop()
        if isinstance(found, Filter):
            yield found
        elif of_hits or not isinstance(found, Step):
            waiting.extend(reversed(_parts(found)))


def check(tree: Condition, is_pattern: Callable[[str], bool]) -> None:
    """Raises `InvalidFilter` for what no warehouse should be asked."""
    _check_size(tree)
    texts = 0
    characters = 0
    for step in steps(tree):
        _check_step(step)
    for each in conditions(tree):
        _check_condition(each, is_pattern)
        texts += len(each.texts)
        characters += sum(map(len, _written(each)))
    if texts > MOST_TEXTS or characters > MOST_CHARACTERS:
        raise FilterTooLarge("too many texts, or too long ones")


def _check_size(tree: Condition) -> None:
    level: list[Condition] = [tree]
    parts = depth = 0
    while level:
        parts += len(level)
        depth += 1
        if parts > MOST_PARTS or depth > DEEPEST:
            raise FilterTooLarge("too many conditions, or too deep in each other")
        level = [inner for each in level for inner in _parts(each)]


def _parts(tree: Condition) -> tuple[Condition, ...]:
    match tree:
        case Filter():
            return ()
        case Not(part) | Viewed(part) | Did(part):
            return (part,)
        case AllOf(parts) | AnyOf(parts):
            return parts


def steps(tree: Condition) -> Iterator[Step]:
    if isinstance(tree, Step):
        yield tree
    for part in _parts(tree):
        yield from steps(part)


def _check_step(step: Step) -> None:
    (which,) = _parts(step)
    if any(steps(which)):
        raise InvalidFilter("no hit has hits")
    for each in conditions(which):
        is_property = isinstance(each.dimension, Property)
        its_own = OF_A_PAGE if isinstance(step, Viewed) else OF_AN_EVENT
        if each.dimension not in its_own and not (is_property and isinstance(step, Did)):
            raise InvalidFilter("a single hit is not known by this")


def _check_condition(each: Filter, is_pattern: Callable[[str], bool]) -> None:
    if isinstance(each.value, tuple) != (each.operator in OF_SEVERAL):
        raise InvalidFilter(f"{each.operator.value} compares with another number of texts")
    if each.dimension is Dimension.PROPERTY_KEY:
        raise InvalidFilter("an event has several keys")
    if any(map(_HALF_PAIR.search, _written(each))):
        raise InvalidFilter("half of a surrogate pair is no text")
    if each.operator not in PATTERNS:
        return
    (pattern,) = each.texts
    if len(pattern) > PATTERN_LENGTH or not is_pattern(pattern):
        raise InvalidPattern(pattern)


def _written(each: Filter) -> tuple[str, ...]:
    """Every text of a condition that somebody wrote."""
    keys = (each.dimension.key,) if isinstance(each.dimension, Property) else ()
    return each.texts + keys
