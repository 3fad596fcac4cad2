"""SealMetrics' conditions become those of reports and come back, whatever they are."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadline.faces.seal.conditions import (
    FIELDS,
    FilterCondition,
    SegmentFilters,
    condition_of,
    filters_of,
    read,
)
from leadline.reports import (
    AllOf,
    AnyOf,
    Condition,
    Did,
    Dimension,
    Filter,
    InvalidFilter,
    Not,
    Operator,
    Viewed,
)

SEVERAL = (Operator.IN, Operator.NOT_IN)
TEXTS = st.text(max_size=6) | st.sampled_from(
    ["(none)", "Google", "^a$", "a.b", "x*", "https://a.b"]
)


def leaves() -> st.SearchStrategy[Condition]:
    def of(operator: Operator) -> st.SearchStrategy[Condition]:
        values: st.SearchStrategy[Any] = TEXTS
        if operator in SEVERAL:
            values = st.lists(TEXTS, max_size=4).map(tuple)
        dimensions = st.sampled_from([*FIELDS.values(), Dimension.ENTRY_PAGE])
        return st.builds(Filter, dimensions, st.just(operator), values)

    return st.sampled_from(Operator).flatmap(of)


def inner(parts: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    some = st.lists(parts, max_size=4).map(tuple)
    return st.builds(AllOf, some) | st.builds(AnyOf, some) | st.builds(Not, parts)


STEPS = st.just(Viewed(Filter(Dimension.PATHNAME, Operator.IS, "/"))) | st.just(Did())
TREES = st.recursive(leaves() | STEPS, inner, max_leaves=12)


def holds(tree: Condition, what: Any) -> bool:
    """Whether a tree does, of whose conditions every other holds."""
    match tree:
        case AllOf(parts):
            return all(holds(each, what) for each in parts)
        case AnyOf(parts):
            return any(holds(each, what) for each in parts)
        case Not(part):
            return not holds(part, what)
        case _:
            return bool(hash((tree, what)) % 2)


@given(TREES, st.integers())
def test_every_condition_can_be_said_and_means_the_same(tree: Condition, what: int) -> None:
    said = filters_of(tree)
    assert SegmentFilters.model_validate_json(said.model_dump_json()) == said
    assert holds(condition_of(said), what) == holds(tree, what)
    assert filters_of(condition_of(said)) == said


@pytest.mark.parametrize(
    ("field", "operator", "value", "filter"),
    [
        ("utm_medium", "eq", "(none)", Filter(Dimension.MEDIUM, Operator.IS, "")),
        ("utm_source", "eq", "google", Filter(Dimension.SOURCE, Operator.IS, "Google")),
        (
            "utm_source",
            "in",
            ["bing", "x.y"],
            Filter(Dimension.SOURCE, Operator.IN, ("Bing", "x.y")),
        ),
        ("utm_source", "contains", "goog", Filter(Dimension.SOURCE, Operator.MATCHES, "(?i)goog")),
        ("utm_source", "not_regex", "^a", Filter(Dimension.SOURCE, Operator.NOT_MATCHES, "(?i)^a")),
        ("path", "starts_with", "/a*", Filter(Dimension.PATHNAME, Operator.MATCHES, r"^/a\*")),
        ("path", "ends_with", ".html", Filter(Dimension.PATHNAME, Operator.ENDS_WITH, ".html")),
        ("country", "neq", "Unknown", Filter(Dimension.COUNTRY, Operator.IS_NOT, "")),
        ("country", "eq", "ES", Filter(Dimension.COUNTRY, Operator.IS, "ES")),
        ("device_type", "eq", "mobile", Filter(Dimension.DEVICE_TYPE, Operator.IS, "Phone")),
        ("channel", "not_contains", "Paid", Filter(Dimension.CHANNEL, Operator.NOT_LIKE, "Paid")),
        (
            "referrer_domain",
            "eq",
            "a.example",
            Filter(
                Dimension.REFERRER_HOSTNAME, Operator.IN, ("http://a.example", "https://a.example")
            ),
        ),
    ],
)
def test_what_a_condition_becomes(
    field: str, operator: str, value: str | list[str], filter: Filter
) -> None:
    assert read(field, operator, value) == filter
    said = FilterCondition.model_validate({"field": field, "operator": operator, "value": value})
    assert filters_of(filter).conditions in (
        [said],
        [said.model_copy(update={"operator": "regex"})],
    )


@pytest.mark.parametrize(
    ("field", "operator", "value"),
    [
        ("utm_id", "eq", "a"),
        ("", "eq", "a"),
        ("path", "eq", ["a"]),
        ("path", "contains", []),
        ("leadline", "eq", "{}"),
        ("leadline", "eq", "[" * 10_000),
        ("leadline", "neq", '{"type":"all","parts":[]}'),
    ],
)
def test_what_is_none(field: str, operator: str, value: str | list[str]) -> None:
    with pytest.raises(InvalidFilter):
        read(field, operator, value)
