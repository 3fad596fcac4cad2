"""Goals and funnels: kept in order, changed and gone, each of its own site alone."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from leadline.database import Database
from leadline.memory import from_memory
from leadline.reports import (
    MOST_FUNNELS,
    MOST_GOALS,
    MOST_STEPS,
    Did,
    Dimension,
    Filter,
    Funnels,
    Goal,
    Goals,
    InvalidSaved,
    Operator,
    SavedFunnel,
    SavedNameTaken,
    SavedNotFound,
    SiteGone,
    Target,
    TargetKind,
    TooManySaved,
    Viewed,
)
from leadline.sites import Site, Sites
from tests.nasty import MARKUP, REFUSED, WRITINGS
from tests.support import ManualClock

THANKS = Target(TargetKind.PAGE, Operator.IS, "/thanks")
SHOP = Target(TargetKind.PAGE, Operator.MATCHES, r"^/(shop|купить)/\d+$")
BUY = Target(TargetKind.EVENT, Operator.IS, "buy “now”")

Either = Goals | Funnels


@pytest.fixture
def goals(database: Database, is_pattern: Callable[[str], bool], clock: ManualClock) -> Goals:
    return Goals(database, is_pattern, clock)


@pytest.fixture
def funnels(database: Database, is_pattern: Callable[[str], bool], clock: ManualClock) -> Funnels:
    return Funnels(database, is_pattern, clock)


@pytest.fixture(params=["goals", "funnels"])
def either(request: pytest.FixtureRequest) -> Either:
    found: Either = request.getfixturevalue(request.param)
    return found


def add(either: Either, site: Site, name: str, *steps: Target) -> Any:
    """A goal is its first step."""
    given = steps or (THANKS, BUY)
    if isinstance(either, Goals):
        return either.add(site.id, name, given[0])
    return either.add(site.id, name, given)


def change(either: Either, site: Site, number: int, name: str, *steps: Target) -> Any:
    given = steps or (THANKS, BUY)
    if isinstance(either, Goals):
        return either.change(site.id, number, name, given[0])
    return either.change(site.id, number, name, given)


def test_goals_are_kept_in_order(goals: Goals, site: Site, clock: ManualClock) -> None:
    first = goals.add(site.id, "Thanks", THANKS)
    assert first == Goal(first.id, "Thanks", THANKS, clock.now)
    clock.advance(days=-1)
    second = goals.add(site.id, "A sale", BUY)
    assert goals.list(site.id) == (first, second)
    changed = goals.change(site.id, first.id, "Zzz", SHOP)
    assert changed == Goal(first.id, "Zzz", SHOP, first.created_at)
    assert goals.list(site.id) == (changed, second)


def test_funnels_are_kept_with_their_steps_in_order(
    funnels: Funnels, site: Site, clock: ManualClock
) -> None:
    first = funnels.add(site.id, "Checkout", [SHOP, BUY, THANKS])
    assert first == SavedFunnel(first.id, "Checkout", (SHOP, BUY, THANKS), clock.now)
    second = funnels.add(site.id, "Long", [THANKS] * MOST_STEPS)
    changed = funnels.change(site.id, first.id, "Checkout", (BUY, SHOP))
    assert changed == SavedFunnel(first.id, "Checkout", (BUY, SHOP), clock.now)
    assert funnels.list(site.id) == (changed, second)


def test_a_target_is_a_condition_of_visits() -> None:
    assert THANKS.condition == Viewed(Filter(Dimension.PATHNAME, Operator.IS, "/thanks"))
    assert BUY.condition == Did(Filter(Dimension.EVENT_NAME, Operator.IS, "buy “now”"))


def test_a_removed_one_is_gone_and_its_name_is_free(either: Either, site: Site) -> None:
    made = add(either, site, "Thanks")
    assert either.get(site.id, made.id) == made
    assert either.remove(site.id, made.id) == made
    for again in (either.get, either.remove):
        with pytest.raises(SavedNotFound):
            again(site.id, made.id)
    with pytest.raises(SavedNotFound):
        change(either, site, made.id, "Back")
    assert either.list(site.id) == ()
    assert add(either, site, "Thanks").id > made.id


def test_any_text_is_a_name(either: Either, site: Site) -> None:
    names = [*MARKUP, *WRITINGS, "x" * 100, "a", "A"]
    for name in names:
        steps = (Target(TargetKind.EVENT, Operator.IS, name), THANKS)
        assert add(either, site, name, *steps) in either.list(site.id)
    assert [each.name for each in either.list(site.id)] == names


def test_a_name_that_none_can_have(either: Either, site: Site) -> None:
    made = add(either, site, "Fine")
    for name in ("", " ", "\u3000", "x" * 101, *REFUSED):
        with pytest.raises(InvalidSaved) as error:
            add(either, site, name)
        assert error.value.field == "name"
        with pytest.raises(InvalidSaved):
            change(either, site, made.id, name)
    assert either.list(site.id) == (made,)


NO_STEPS = (
    *(("value", Target(TargetKind.EVENT, Operator.IS, value)) for value in ("", " ", *REFUSED)),
    ("value", Target(TargetKind.PAGE, Operator.IS, "/" * 2049)),
    ("value", Target(TargetKind.PAGE, Operator.MATCHES, "(")),
    ("value", Target(TargetKind.PAGE, Operator.NOT_MATCHES, "x" * 1001)),
    ("operator", Target(TargetKind.PAGE, Operator.IN, "/")),
    ("operator", Target(TargetKind.EVENT, Operator.NOT_IN, "buy")),
)


def test_a_goal_that_none_can_be(goals: Goals, site: Site) -> None:
    made = goals.add(site.id, "Fine", BUY)
    for field, step in NO_STEPS:
        with pytest.raises(InvalidSaved) as error:
            goals.add(site.id, "Wrong", step)
        assert error.value.field == field
        with pytest.raises(InvalidSaved):
            goals.change(site.id, made.id, "Wrong", step)
    assert goals.list(site.id) == (made,)


def test_steps_that_none_can_have(funnels: Funnels, site: Site) -> None:
    made = funnels.add(site.id, "Fine", (BUY, SHOP))
    for _, step in NO_STEPS:
        with pytest.raises(InvalidSaved, match=r"^Step 2: ") as error:
            funnels.add(site.id, "Wrong", (BUY, step))
        assert error.value.field == "steps"
    for steps in ((), (BUY,), (BUY,) * (MOST_STEPS + 1)):
        with pytest.raises(InvalidSaved, match="2 to 10 steps"):
            funnels.change(site.id, made.id, "Wrong", steps)
    assert funnels.list(site.id) == (made,)


def test_a_name_that_another_has(either: Either, site: Site, other: Site) -> None:
    made, second = add(either, site, "Thanks"), add(either, site, "Sale")
    with pytest.raises(SavedNameTaken):
        add(either, site, "Thanks")
    with pytest.raises(SavedNameTaken):
        change(either, site, second.id, "Thanks")
    assert either.list(site.id) == (made, second)
    assert change(either, site, made.id, "Thanks") == made
    assert add(either, other, "Thanks").name == "Thanks"


def test_of_many_at_once_one_gets_the_name(either: Either, site: Site) -> None:
    def try_to(_: int) -> bool:
        try:
            add(either, site, "Thanks")
        except SavedNameTaken:
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(try_to, range(6))) == 1


def test_a_site_has_so_many(either: Either, site: Site, other: Site) -> None:
    most = MOST_GOALS if isinstance(either, Goals) else MOST_FUNNELS
    for number in range(most):
        last = add(either, site, f"Number {number}")
    with pytest.raises(TooManySaved):
        add(either, site, "One more")
    assert change(either, site, last.id, "One more").name == "One more"
    add(either, other, "One more")


def test_a_number_that_none_has(either: Either, site: Site) -> None:
    for number in (0, -1, 99, 2**80, -(2**80)):
        for ask in (either.get, either.remove):
            with pytest.raises(SavedNotFound):
                ask(site.id, number)


def test_one_of_another_site_is_not_there(either: Either, site: Site, other: Site) -> None:
    theirs = add(either, other, "Theirs")
    for ask in (either.get, either.remove):
        with pytest.raises(SavedNotFound):
            ask(site.id, theirs.id)
    with pytest.raises(SavedNotFound):
        change(either, site, theirs.id, "Mine")
    assert either.list(site.id) == ()
    assert either.list(other.id) == (theirs,)


def test_a_deleted_site_takes_them_along(
    either: Either, site: Site, sites: Sites, database: Database
) -> None:
    made = add(either, site, "Thanks")
    sites.delete(site)
    with pytest.raises(SavedNotFound):
        either.get(site.id, made.id)
    with pytest.raises(SavedNotFound):
        change(either, site, made.id, "Late")
    with pytest.raises(SiteGone):
        add(either, site, "Late")
    with database.reading() as connection:
        for table in ("goals", "funnels"):
            assert connection.exec_driver_sql(f"SELECT * FROM {table}").all() == []


@pytest.mark.parametrize("location", ["sqlite"], indirect=True)
def test_they_are_remembered(either: Either, site: Site) -> None:
    made = add(either, site, "Thanks")
    assert either.list(site.id) == (made,)
    assert from_memory(either.list, site.id) == (made,)
