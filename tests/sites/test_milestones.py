"""Milestones: kept, paged, changed and gone, each of its own site alone."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leadline.database import Database
from leadline.sites import (
    MILESTONE_NAME_LENGTH,
    InvalidName,
    MilestoneNotFound,
    Milestones,
    OrganisationId,
    Site,
    SiteNotFound,
    Sites,
    UnknownCursor,
)
from tests.sites.making import new_site
from tests.support import ManualClock

DAY = date(2023, 11, 7)
UNKNOWN = "2922b1b5-a960-4ccd-a84f-7b310fce9edf"
NOBODY = ["", "x", "\0" * 36, "é" * 36, "\udcff", "x" * 9000, UNKNOWN]


@pytest.fixture
def milestones(database: Database, clock: ManualClock) -> Milestones:
    return Milestones(database, clock)


@pytest.fixture
def site(sites: Sites, organisation: OrganisationId) -> Site:
    return sites.create(organisation, new_site())


def test_a_milestone_is_kept_and_changed(
    milestones: Milestones, site: Site, clock: ManualClock
) -> None:
    made = milestones.create(site, "Website redesign", DAY)
    assert str(UUID(made.id)) == made.id
    assert (made.name, made.day) == ("Website redesign", DAY)
    assert made.created_at == made.updated_at == clock.now
    assert milestones.get(site, made.id) == milestones.get(site, made.id.upper()) == made
    clock.advance(days=1)
    for day in (date.min, date.max):
        changed = milestones.change(site, made.id, "😀" * MILESTONE_NAME_LENGTH, day)
        assert changed == milestones.get(site, made.id)
        assert (changed.id, changed.day) == (made.id, day)
        assert (changed.created_at, changed.updated_at) == (made.created_at, clock.now)


def test_a_deleted_one_is_gone_and_nothing_of_it_is_kept(
    milestones: Milestones, site: Site, database: Database
) -> None:
    made, other = milestones.create(site, "Secret", DAY), milestones.create(site, "Other", DAY)
    assert milestones.delete(site, made.id) == made
    for again in (milestones.get, milestones.delete):
        with pytest.raises(MilestoneNotFound):
            again(site, made.id)
    with pytest.raises(MilestoneNotFound):
        milestones.change(site, made.id, "Back", DAY)
    assert milestones.page(site, limit=9).rows == (other,)
    with database.reading() as connection:
        rows = connection.exec_driver_sql("SELECT name, milestone_date FROM site_milestones").all()
    assert (None, None) in rows
    assert "Secret" not in str(rows)


@pytest.mark.parametrize("name", ["", " ", "a\0b", "\udcff", "x" * (MILESTONE_NAME_LENGTH + 1)])
def test_a_name_that_none_can_have(milestones: Milestones, site: Site, name: str) -> None:
    made = milestones.create(site, "Fine", DAY)
    with pytest.raises(InvalidName):
        milestones.create(site, name, DAY)
    with pytest.raises(InvalidName):
        milestones.change(site, made.id, name, DAY)
    assert milestones.page(site, limit=9).rows == (made,)


@pytest.mark.parametrize("name", NOBODY)
def test_an_id_of_none(milestones: Milestones, site: Site, name: str) -> None:
    with pytest.raises(MilestoneNotFound):
        milestones.get(site, name)
    for side in ("after", "before"):
        with pytest.raises(UnknownCursor):
            milestones.page(site, limit=1, **{side: name})


def test_a_milestone_of_another_site_is_not_there(
    milestones: Milestones, site: Site, sites: Sites, organisation: OrganisationId
) -> None:
    other = sites.create(organisation, new_site("Other"))
    theirs = milestones.create(other, "Theirs", DAY)
    with pytest.raises(MilestoneNotFound):
        milestones.get(site, theirs.id)
    with pytest.raises(MilestoneNotFound):
        milestones.change(site, theirs.id, "Mine", DAY)
    with pytest.raises(MilestoneNotFound):
        milestones.delete(site, theirs.id)
    with pytest.raises(UnknownCursor):
        milestones.page(site, limit=1, after=theirs.id)
    assert milestones.page(site, limit=1).rows == ()
    assert milestones.page(other, limit=1).rows == (theirs,)


def test_a_deleted_site_takes_them_along(
    milestones: Milestones, site: Site, sites: Sites, database: Database
) -> None:
    made = milestones.create(site, "Redesign", DAY)
    sites.delete(site)
    with pytest.raises(MilestoneNotFound):
        milestones.get(site, made.id)
    with pytest.raises(SiteNotFound):
        milestones.create(site, "Late", DAY)
    with pytest.raises(SiteNotFound):
        milestones.change(site, made.id, "Late", DAY)
    with database.reading() as connection:
        assert connection.exec_driver_sql("SELECT * FROM site_milestones").all() == []


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    minutes=st.lists(st.integers(0, 3), min_size=1, max_size=6),
    gone=st.sets(st.integers(0, 5)),
    cursor=st.integers(0, 5),
    limit=st.integers(1, 7),
)
def test_a_page_is_a_slice(
    database: Database,
    sites: Sites,
    organisation: OrganisationId,
    minutes: list[int],
    gone: set[int],
    cursor: int,
    limit: int,
) -> None:
    """Some of one moment, in any order of moments; what is gone keeps its place."""
    clock = ManualClock()
    milestones = Milestones(database, clock)
    site = sites.create(organisation, new_site())
    made, began = [], clock.now
    for number, minute in enumerate(minutes):
        clock.now = began + timedelta(minutes=minute)
        made.append(milestones.create(site, f"Number {number}", DAY))
    order = sorted(made, key=lambda each: each.created_at)
    for place in gone & set(range(len(order))):
        milestones.delete(site, order[place].id)
    left = [(place, each) for place, each in enumerate(order) if place not in gone]
    cursor %= len(order)
    for side, rest in (
        ({}, [each for _, each in left]),
        ({"after": order[cursor].id}, [each for place, each in left if place > cursor]),
        ({"before": order[cursor].id}, [each for place, each in left if place < cursor]),
    ):
        page = milestones.page(site, limit=limit, **side)
        assert page.rows == tuple(rest[-limit:] if "before" in side else rest[:limit])
        assert page.has_more is (len(rest) > limit)
