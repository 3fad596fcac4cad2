"""Staying signed in: how long a session lasts, and what ends it."""

from datetime import datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy import delete, select, update

from leadline.access import Organisations, Role, Sessions, UserId
from leadline.access.tables import memberships
from leadline.access.tables import sessions as stored
from leadline.database import Database, Location
from leadline.memory import NotInMemory, from_memory
from leadline.sites import OrganisationId
from tests.support import ManualClock

EMAIL, PASSWORD = "ada@example.com", "correct horse battery"
HERE = "192.0.2.7"


def test_a_session_ends_after_two_weeks_without_use(
    sessions: Sessions, ada: UserId, clock: ManualClock
) -> None:
    secret = sessions.open(ada)
    for _ in range(3):
        clock.advance(days=13)
        assert sessions.find(secret) is not None
    clock.advance(days=14)
    assert sessions.find(secret) is None


def test_a_session_ends_after_ninety_days_however_it_is_used(
    sessions: Sessions, ada: UserId, clock: ManualClock
) -> None:
    secret = sessions.open(ada)
    for _ in range(9):
        clock.advance(days=9, hours=23)
        assert sessions.find(secret) is not None
    clock.advance(hours=9)
    assert sessions.find(secret) is None


def test_a_use_is_noted_at_most_once_an_hour(
    sessions: Sessions, ada: UserId, clock: ManualClock
) -> None:
    def noted() -> datetime:
        session = sessions.find(secret)
        assert session is not None
        return session.last_seen_at

    secret, opened_at = sessions.open(ada), clock.now
    clock.advance(minutes=59)
    assert noted() == noted() == opened_at
    clock.advance(minutes=1)
    noted()
    assert noted() == clock.now


@pytest.mark.parametrize("location", ["sqlite"], indirect=True)
def test_while_nothing_changes_the_database_is_not_asked(
    sessions: Sessions, ada: UserId, clock: ManualClock
) -> None:
    secret = sessions.open(ada)
    with pytest.raises(NotInMemory):
        from_memory(sessions.find, secret)
    session = sessions.find(secret)
    assert session is not None
    clock.advance(minutes=59)
    assert from_memory(sessions.find, secret) == session


def test_sessions_that_are_over_are_not_kept(
    sessions: Sessions, ada: UserId, clock: ManualClock, database: Database
) -> None:
    sessions.open(ada)
    clock.advance(days=15)
    sessions.open(ada)
    with database.reading() as connection:
        assert len(connection.execute(select(stored)).all()) == 1


def test_ending_one_session_leaves_the_others(sessions: Sessions, ada: UserId) -> None:
    one, other = sessions.open(ada), sessions.open(ada)
    sessions.end(one)
    sessions.end(one)
    sessions.end(None)
    assert sessions.find(one) is None
    assert sessions.find(other) is not None


def test_a_session_ended_elsewhere_is_over_at_the_next_request(
    sessions: Sessions, ada: UserId, location: Location
) -> None:
    secret = sessions.open(ada)
    assert sessions.find(secret) is not None
    elsewhere = Database(location)
    Sessions(elsewhere).end(secret)
    elsewhere.close()
    assert sessions.find(secret) is None


def test_a_role_is_the_one_of_now(sessions: Sessions, ada: UserId, database: Database) -> None:
    secret = sessions.open(ada)
    session = sessions.find(secret)
    assert session is not None
    assert session.role.may_manage
    with database.writing() as connection:
        connection.execute(update(memberships).values(role=Role.MEMBER))
    session = sessions.find(secret)
    assert session is not None
    assert (session.role, session.user.role) == (Role.MEMBER, Role.MEMBER)
    assert not session.role.may_manage
    with database.writing() as connection:
        connection.execute(delete(memberships))
    assert sessions.find(secret) is None


def test_a_new_password_signs_out_everywhere(
    sessions: Sessions, ada: UserId, organisations: Organisations, organisation: OrganisationId
) -> None:
    secret = sessions.open(ada)
    organisations.set_password(organisation, EMAIL, "another password")
    assert sessions.find(secret) is None
    assert sessions.sign_in(EMAIL, "another password", address=HERE)


def test_whoever_is_removed_is_out_at_once(
    sessions: Sessions, ada: UserId, organisations: Organisations, organisation: OrganisationId
) -> None:
    secret = sessions.open(ada)
    assert sessions.find(secret) is not None
    organisations.remove_user(organisation, EMAIL)
    assert sessions.find(secret) is None


def test_a_secret_is_not_stored(sessions: Sessions, ada: UserId, database: Database) -> None:
    secret = sessions.open(ada)
    with database.reading() as connection:
        assert secret not in str(connection.execute(select(stored)).all())


@pytest.fixture(scope="module")
def guessed(tmp_path_factory: pytest.TempPathFactory) -> Sessions:
    database = Database(tmp_path_factory.mktemp("guessed") / "leadline.sqlite3")
    organisations = Organisations(database)
    user = organisations.add_user(
        organisations.first().id, email=EMAIL, password=PASSWORD, role=Role.OWNER
    )
    sessions = Sessions(database)
    sessions.open(user.id)
    return sessions


def test_near_misses_find_no_session(sessions: Sessions, ada: UserId) -> None:
    secret = sessions.open(ada)
    for wrong in (secret[:-1], secret + "x", secret + "\0", f" {secret}", secret.swapcase()):
        assert sessions.find(wrong) is None
        sessions.end(wrong)
    assert sessions.find(secret) is not None


@given(secret=st.none() | st.text(st.characters()))
@example(secret="x" * 1_000_000)
def test_no_guess_finds_a_session(guessed: Sessions, secret: str | None) -> None:
    assert guessed.find(secret) is None
