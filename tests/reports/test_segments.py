"""Segments: kept as they were given, found by any of their names, each of its own site alone."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leadline.access import Organisations, Role
from leadline.database import Database, Location
from leadline.memory import NotInMemory, from_memory
from leadline.reports import (
    MOST_SEGMENTS,
    AllOf,
    AnyOf,
    Condition,
    Dimension,
    Filter,
    FilterTooLarge,
    InvalidFilter,
    InvalidPattern,
    InvalidSaved,
    NewSegment,
    Not,
    Operator,
    Property,
    SavedNameTaken,
    SavedNotFound,
    Segment,
    SegmentChange,
    Segments,
    SiteGone,
    TooManySaved,
)
from leadline.reports.filters import MOST_CHARACTERS, MOST_PARTS, OF_SEVERAL, PATTERNS
from leadline.sites import OrganisationId, Site, Sites
from tests.nasty import MARKUP, REFUSED, WRITINGS
from tests.support import ManualClock

MOBILE = Filter(Dimension.DEVICE_TYPE, Operator.IS, "mobile")
TREE = AllOf(
    (
        Filter(Dimension.UTM_SOURCE, Operator.NOT_IN, ("a", "é\0“\n", "")),
        AnyOf((AllOf((MOBILE,)), AllOf(()))),
        Not(AnyOf((Not(MOBILE), Filter(Dimension.PATHNAME, Operator.MATCHES, r"^/a\d+$")))),
    )
)
UNKNOWN: tuple[int | str, ...] = (
    *("", "x", "a b", "\0", "é", "\udcff", "x" * 9000, "seg_x"),
    *(0, -1, 99, 2**80, -(2**80)),
)


@pytest.fixture
def segments(database: Database, is_pattern: Callable[[str], bool], clock: ManualClock) -> Segments:
    return Segments(database, is_pattern, clock)


def new(display_name: str = "On a phone", **fields: Any) -> NewSegment:
    values: dict[str, Any] = {"display_name": display_name, "condition": MOBILE}
    return NewSegment(**(values | fields))


def test_a_segment_is_kept_and_found_by_any_of_its_names(
    segments: Segments, site: Site, clock: ManualClock
) -> None:
    fields = {"name": "phones-2", "description": "Small screens", "color": "#09afAF"}
    made = segments.create(site.id, new(condition=TREE, **fields))
    assert made == Segment(
        id=made.id,
        public_id=made.public_id,
        name="phones-2",
        display_name="On a phone",
        description="Small screens",
        color="#09afAF",
        condition=TREE,
        created_by=None,
        created_at=clock.now,
        updated_at=clock.now,
    )
    assert re.fullmatch("seg_[a-z0-9]{16}", made.public_id)
    for key in (made.id, made.public_id, made.name):
        assert segments.get(site.id, key) == made
    assert segments.list(site.id) == (made,)


def test_what_is_not_given_is_none_or_made(segments: Segments, site: Site) -> None:
    made = segments.create(site.id, new())
    assert (made.name, made.description, made.color) == ("on-a-phone", None, None)
    assert segments.create(site.id, new(description="")).description == ""


def test_a_name_is_made_of_the_displayed_one(segments: Segments, site: Site, other: Site) -> None:
    for displayed, names in (
        ("Ünï  code!", ["uni-code", "uni-code-2", "uni-code-3"]),
        ("日本語", ["ri-ben-yu", "ri-ben-yu-2"]),
        ("Mobile", ["mobile-2", "mobile-3"]),
        ("x" * 60, ["x" * 50, "x" * 48 + "-2"]),
        (f"{'x' * 47} y", [f"{'x' * 47}-y", f"{'x' * 47}-2"]),
    ):
        segments.create(other.id, new(displayed))
        assert [segments.create(site.id, new(displayed)).name for _ in names] == names


def test_every_text_makes_a_name_of_its_own(segments: Segments, site: Site) -> None:
    displayed = [*WRITINGS, *MARKUP, "…", "…", "-", "a-2", "a", "a", "a"]
    made = [segments.create(site.id, new(text)) for text in displayed]
    assert all(re.fullmatch("[a-z0-9-]{1,50}", each.name) for each in made)
    assert len({each.name for each in made}) == len(made)
    assert [each.display_name for each in segments.list(site.id)] == displayed


def test_what_is_given_is_changed_and_the_rest_stays(
    segments: Segments, site: Site, clock: ManualClock
) -> None:
    made = segments.create(site.id, new(description="Small screens", color="#000000"))
    clock.advance(days=1)
    assert segments.change(site.id, made.id, SegmentChange()) == made
    changed = segments.change(site.id, made.name, SegmentChange(color=None, condition=TREE))
    assert changed == segments.get(site.id, made.id)
    assert (changed.color, changed.condition) == (None, TREE)
    assert (changed.name, changed.description) == (made.name, made.description)
    assert (changed.created_at, changed.updated_at) == (made.created_at, clock.now)
    named = SegmentChange(name="phones", display_name="Phones", description=None)
    segments.change(site.id, made.public_id, named)
    renamed = segments.get(site.id, "phones")
    assert (renamed.id, renamed.display_name, renamed.description) == (made.id, "Phones", None)
    assert segments.change(site.id, "phones", named) == renamed
    with pytest.raises(SavedNotFound):
        segments.get(site.id, made.name)


def test_a_duplicate_has_all_but_the_name(
    segments: Segments, site: Site, clock: ManualClock
) -> None:
    made = segments.create(site.id, new(condition=TREE, description="Why", color="#ffffff"))
    clock.advance(hours=1)
    second = segments.duplicate(site.id, made.public_id)
    third = segments.duplicate(site.id, made.id, "third")
    assert [each.name for each in segments.list(site.id)] == [made.name, f"{made.name}-2", "third"]
    for copy in (second, third):
        assert copy.created_at == copy.updated_at == clock.now
        assert copy.public_id != made.public_id
        for field in ("display_name", "description", "color", "condition"):
            assert getattr(copy, field) == getattr(made, field)
    with pytest.raises(SavedNameTaken):
        segments.duplicate(site.id, made.id, "third")


def test_a_deleted_one_is_gone_and_its_name_is_free(segments: Segments, site: Site) -> None:
    made = segments.create(site.id, new())
    assert segments.delete(site.id, made.name) == made
    for again in (segments.get, segments.delete, segments.duplicate):
        with pytest.raises(SavedNotFound):
            again(site.id, made.id)
    with pytest.raises(SavedNotFound):
        segments.change(site.id, made.id, SegmentChange(color=None))
    back = segments.create(site.id, new())
    assert back.name == made.name
    assert back.id > made.id


# What is refused


REFUSED_VALUES = [
    *(("name", name) for name in ("", "A", "a_b", "a b", "é", "x" * 51, "a\n", "seg_x")),
    *(("color", color) for color in ("", "red", "#12345", "#1234567", "#12345g", "#123456\n")),
    *(("display_name", text) for text in ("", " ", "\u3000", "x" * 101, *REFUSED)),
    *(("description", text) for text in ("x" * 501, *REFUSED)),
]


def test_what_no_segment_can_have(segments: Segments, site: Site) -> None:
    made = segments.create(site.id, new())
    for field, value in REFUSED_VALUES:
        fields: dict[str, Any] = {field: value}
        with pytest.raises(InvalidSaved) as refused:
            segments.create(site.id, new(**fields))
        assert refused.value.field == field
        change = SegmentChange(**fields)
        with pytest.raises(InvalidSaved):
            segments.change(site.id, made.id, change)
    assert segments.list(site.id) == (made,)


def test_a_condition_that_none_can_have(segments: Segments, site: Site) -> None:
    made = segments.create(site.id, new())
    for condition, error in (
        (Filter(Dimension.PATHNAME, Operator.MATCHES, "("), InvalidPattern),
        (Filter(Dimension.PATHNAME, Operator.IN, "x"), InvalidFilter),
        (Filter(Dimension.PATHNAME, Operator.IS, "\ud800"), InvalidFilter),
        (Filter(Dimension.PATHNAME, Operator.IS, "x" * (MOST_CHARACTERS + 1)), FilterTooLarge),
        (Filter(Property("x" * (MOST_CHARACTERS + 1)), Operator.IS, ""), FilterTooLarge),
        (AllOf((MOBILE,) * (MOST_PARTS - 1)), FilterTooLarge),
        (Filter(Dimension.EVENT_NAME, Operator.IS, "buy"), InvalidFilter),
        (AnyOf((MOBILE, Not(Filter(Property("size"), Operator.IS, "XL")))), InvalidFilter),
    ):
        with pytest.raises(error):
            segments.create(site.id, new(condition=condition))
        change = SegmentChange(condition=condition)
        with pytest.raises(error):
            segments.change(site.id, made.id, change)
    assert segments.list(site.id) == (made,)


def test_a_name_that_another_has(segments: Segments, site: Site, other: Site) -> None:
    made = segments.create(site.id, new(name="phones"))
    second = segments.create(site.id, new(name="tablets"))
    for taken in ("phones", "mobile", "all-traffic"):
        with pytest.raises(SavedNameTaken):
            segments.create(site.id, new(name=taken))
        with pytest.raises(SavedNameTaken):
            segments.change(site.id, second.id, SegmentChange(name=taken))
    assert segments.list(site.id) == (made, second)
    assert segments.create(other.id, new(name="phones")).name == "phones"


def test_a_key_that_none_has(segments: Segments, site: Site) -> None:
    for key in UNKNOWN:
        for ask in (segments.get, segments.delete):
            with pytest.raises(SavedNotFound):
                ask(site.id, key)


def test_a_site_has_so_many(segments: Segments, site: Site, other: Site) -> None:
    for _ in range(MOST_SEGMENTS):
        segments.create(site.id, new())
    with pytest.raises(TooManySaved):
        segments.create(site.id, new())
    with pytest.raises(TooManySaved):
        segments.duplicate(site.id, "on-a-phone")
    segments.create(other.id, new())
    segments.delete(site.id, "on-a-phone")
    segments.create(site.id, new())


def test_the_largest_that_sealmetrics_has(segments: Segments, site: Site) -> None:
    """20 conditions, 10 groups and 10 negated ones of 10 each."""
    group = AllOf((MOBILE,) * 10)
    tree = AllOf((*(MOBILE,) * 20, AnyOf((group,) * 10), *(Not(group),) * 10))
    assert segments.create(site.id, new(condition=tree)).condition == tree


# Whose it is


def test_a_segment_of_another_site_is_not_there(
    segments: Segments, site: Site, other: Site
) -> None:
    theirs = segments.create(other.id, new())
    for key in (theirs.id, theirs.public_id, theirs.name):
        for ask in (segments.get, segments.delete, segments.duplicate):
            with pytest.raises(SavedNotFound):
                ask(site.id, key)
        with pytest.raises(SavedNotFound):
            segments.change(site.id, key, SegmentChange(name="mine"))
    assert segments.list(site.id) == ()
    assert segments.list(other.id) == (theirs,)


def test_a_deleted_site_takes_them_along(
    segments: Segments, site: Site, sites: Sites, database: Database
) -> None:
    made = segments.create(site.id, new())
    sites.delete(site)
    with pytest.raises(SavedNotFound):
        segments.get(site.id, made.id)
    with pytest.raises(SiteGone):
        segments.create(site.id, new())
    with pytest.raises(SavedNotFound):
        segments.change(site.id, made.id, SegmentChange(name="late"))
    with database.reading() as connection:
        assert connection.exec_driver_sql("SELECT * FROM segments").all() == []


def test_it_outlives_whoever_made_it(
    segments: Segments, site: Site, database: Database, organisation: OrganisationId
) -> None:
    organisations = Organisations(database)
    ada, bob = (
        organisations.add_user(
            organisation, email=f"{name}@example.com", password="correct horse", role=Role.OWNER
        )
        for name in ("ada", "bob")
    )
    made = segments.create(site.id, new(), by=ada.id)
    copied = segments.duplicate(site.id, made.id, by=bob.id)
    assert (made.created_by, copied.created_by) == (ada.id, bob.id)
    organisations.remove_user(organisation, ada.email)
    assert segments.get(site.id, made.id).created_by is None
    assert segments.get(site.id, copied.id).created_by == bob.id
    with pytest.raises(SiteGone):
        segments.create(site.id, new(), by=ada.id)


def test_of_many_at_once_one_gets_the_name(segments: Segments, site: Site) -> None:
    def create(name: str | None) -> bool:
        try:
            segments.create(site.id, new(name=name))
        except SavedNameTaken:
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(create, ["phones"] * 6)) == 1
        assert all(pool.map(create, [None] * 6))
    assert len({each.name for each in segments.list(site.id)}) == 7


@pytest.mark.parametrize("location", ["sqlite"], indirect=True)
def test_they_are_remembered_until_somebody_changes_one(
    segments: Segments, site: Site, location: Location, is_pattern: Callable[[str], bool]
) -> None:
    made = segments.create(site.id, new())
    with pytest.raises(NotInMemory):
        from_memory(segments.get, site.id, made.name)
    segments.get(site.id, made.name)
    segments.list(site.id)
    assert from_memory(segments.get, site.id, made.name) == made
    assert from_memory(segments.list, site.id) == (made,)
    elsewhere = Database(location)
    Segments(elsewhere, is_pattern).delete(site.id, made.id)
    elsewhere.close()
    with pytest.raises(SavedNotFound):
        segments.get(site.id, made.name)
    assert segments.list(site.id) == ()


# Trees

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=5)
of_pages = st.sampled_from([Dimension.PATHNAME, Dimension.REF, Dimension.UTM_TERM])
filters = st.one_of(
    st.builds(Filter, of_pages, st.sampled_from(sorted(OF_SEVERAL)), st.tuples(texts, texts)),
    st.builds(
        Filter, of_pages, st.sampled_from(sorted({*Operator} - OF_SEVERAL - PATTERNS)), texts
    ),
)


def several(parts: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    joined = st.lists(parts, max_size=3).map(tuple)
    return st.one_of(joined.map(AllOf), joined.map(AnyOf), parts.map(Not))


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tree=st.recursive(filters, several, max_leaves=6))
def test_a_tree_comes_back_as_it_was(segments: Segments, site: Site, tree: Condition) -> None:
    made = segments.create(site.id, new(condition=tree))
    assert made.condition == tree
    assert segments.delete(site.id, made.id).condition == tree
