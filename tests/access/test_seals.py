"""Signed texts: only what was given out comes back, for as long as it was meant, and once if it has
to."""

from datetime import timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadline.access import Seals, Stale
from leadline.access.seals import MAC_SIZE
from leadline.database import Database, Location
from tests.support import ManualClock

HOUR = timedelta(hours=1)


class Claims(msgspec.Struct, frozen=True):
    user: int
    text: str


@pytest.fixture
def seals(database: Database, clock: ManualClock) -> Seals:
    return Seals(database, clock)


def test_what_was_sealed_comes_back(seals: Seals, clock: ManualClock) -> None:
    claims = Claims(7, "“é”\0")
    seal = seals.seal("test", claims, HOUR)
    assert seals.open("test", seal, Claims) == claims
    clock.advance(seconds=3599)
    assert seals.open("test", seal, Claims) == claims
    clock.advance(seconds=1)
    with pytest.raises(Stale):
        seals.open("test", seal, Claims)


def test_a_seal_is_for_one_purpose(seals: Seals) -> None:
    with pytest.raises(Stale):
        seals.open("another", seals.seal("test", "x", HOUR), str)


def test_every_server_of_one_database_has_the_same_key(
    seals: Seals, location: Location, clock: ManualClock
) -> None:
    seal = seals.seal("test", "x", HOUR)
    elsewhere = Database(location)
    assert Seals(elsewhere, clock).open("test", seal, str) == "x"
    elsewhere.close()


def test_another_database_has_another_key(
    seals: Seals, tmp_path_factory: pytest.TempPathFactory
) -> None:
    other = Database(tmp_path_factory.mktemp("other") / "leadline.sqlite3")
    with pytest.raises(Stale):
        seals.open("test", Seals(other).seal("test", "x", HOUR), str)
    other.close()


def test_a_seal_can_be_spent_once(seals: Seals, database: Database, clock: ManualClock) -> None:
    one, other = (seals.seal("test", "x", HOUR) for _ in range(2))
    for seal in (one, other):
        with database.writing() as connection:
            seals.spend(connection, seal, HOUR)
    with database.writing() as connection, pytest.raises(Stale):
        seals.spend(connection, one, HOUR)
    clock.advance(hours=2)
    with pytest.raises(Stale):
        seals.open("test", one, str)


def test_no_two_are_alike_and_none_is_short(seals: Seals) -> None:
    made = [seals.seal("test", "x", HOUR) for _ in range(100)]
    assert len({seal[:20] for seal in made}) == 100
    assert MAC_SIZE * 8 >= 256


@given(wrong=st.text(st.characters(), max_size=300) | st.from_regex(r"[\w-]+", fullmatch=True))
def test_nothing_else_opens(guessed: Seals, wrong: str) -> None:
    with pytest.raises(Stale):
        guessed.open("test", wrong, str)


@given(place=st.integers(0, 500), other=st.characters())
def test_a_seal_has_one_spelling(guessed: Seals, place: int, other: str) -> None:
    seal = guessed.seal("test", "x", HOUR)
    place %= len(seal)
    for changed in (seal[:place] + other + seal[place + 1 :], seal[:place] + other + seal[place:]):
        if changed != seal:
            with pytest.raises(Stale):
                guessed.open("test", changed, str)


@pytest.fixture(scope="module")
def guessed(tmp_path_factory: pytest.TempPathFactory) -> Seals:
    return Seals(Database(tmp_path_factory.mktemp("guessed") / "leadline.sqlite3"))
