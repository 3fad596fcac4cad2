"""Signing in: who gets a session, and how often one may try."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import Connection, select, update

from leadline.access import Organisations, RateLimited, Role, Sessions, UserId, WrongCredentials
from leadline.access.tables import sessions as stored
from leadline.access.tables import users
from leadline.database import Database, Location
from leadline.sites import OrganisationId
from tests.support import ManualClock

EMAIL, PASSWORD = "ada@example.com", "correct horse battery"
HERE = "192.0.2.7"


@pytest.mark.usefixtures("ada")
def test_whoever_knows_the_password_is_signed_in(
    sessions: Sessions, organisations: Organisations, clock: ManualClock
) -> None:
    secret = sessions.sign_in(EMAIL.upper(), PASSWORD, address=HERE)
    session = sessions.find(secret)
    assert session is not None
    assert (session.user.email, session.user.name) == ("Ada@Example.com", "Ada")
    assert (session.role, session.organisation) == (Role.ADMIN, organisations.first())
    assert session.expires_at == clock.now + timedelta(days=14)
    assert sessions.sign_in(EMAIL, PASSWORD, address=HERE) != secret


@pytest.mark.usefixtures("ada")
@pytest.mark.parametrize(
    ("email", "password"),
    [
        (EMAIL, PASSWORD + "x"),
        (EMAIL, ""),
        (EMAIL, "x" * 100_000),
        (EMAIL, "\udcff\x00"),
        ("eve@example.com", PASSWORD),
        ("", PASSWORD),
        ("\x00\udcff", PASSWORD),
    ],
)
def test_nobody_else_is(sessions: Sessions, email: str, password: str) -> None:
    with pytest.raises(WrongCredentials) as refused:
        sessions.sign_in(email, password, address=HERE)
    assert str(refused.value) == "No account has this e-mail address and this password"


# What only memory is about: one engine will do.
in_memory = pytest.mark.parametrize("location", ["sqlite"], indirect=True)


@in_memory
@pytest.mark.usefixtures("ada")
def test_attempts_of_one_address_are_bounded(sessions: Sessions) -> None:
    for _ in range(10):
        with pytest.raises(WrongCredentials):
            sessions.sign_in(EMAIL, "x", address=HERE)
    with pytest.raises(RateLimited) as refused:
        sessions.sign_in(EMAIL, PASSWORD, address=HERE)
    assert 0 < refused.value.retry_after <= 15 * 60
    assert sessions.sign_in(EMAIL, PASSWORD, address="192.0.2.8")


@in_memory
@pytest.mark.usefixtures("ada")
def test_attempts_count_where_they_succeed_and_wherever_in_an_ipv6_network(
    sessions: Sessions,
) -> None:
    for number in range(10):
        sessions.sign_in(EMAIL, PASSWORD, address=f"2001:db8:0:7:{number}::1")
    with pytest.raises(RateLimited):
        sessions.verify(EMAIL, PASSWORD, address="2001:db8:0:7::ffff")
    assert sessions.sign_in(EMAIL, PASSWORD, address="2001:db8:0:8::1")


@in_memory
def test_attempts_on_one_account_are_bounded_wherever_they_come_from(sessions: Sessions) -> None:
    for number in range(50):
        with pytest.raises(WrongCredentials):
            sessions.sign_in("Eve@example.com", "x" * 2000, address=f"192.0.2.{number}")
    with pytest.raises(RateLimited) as refused:
        sessions.sign_in("eve@EXAMPLE.com", "x", address="198.51.100.1")
    assert 0 < refused.value.retry_after <= 3600


WEAK = PasswordHasher(time_cost=1, memory_cost=64).hash(PASSWORD)


def store_hash(database: Database, user: UserId, hashed: str) -> None:
    with database.writing() as connection:
        mine = users.c.id == user
        connection.execute(update(users).where(mine).values(password_hash=hashed))


class Interrupted(Database):
    """A database where something happens elsewhere just before one of the writes to come."""

    happens: Callable[[], object] | None = None
    writes_before = 0
    happened = False

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        if self.happens is not None:
            if self.writes_before:
                self.writes_before -= 1
            else:
                happens, self.happens, self.happened = self.happens, None, True
                happens()
        with super().writing() as connection:
            yield connection


@pytest.fixture
def interrupted(location: Location) -> Iterator[Interrupted]:
    opened = Interrupted(location)
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("hashed", "writes_before"),
    [(None, 0), (WEAK, 0), (WEAK, 1)],
    ids=["before the session", "before the hash is renewed", "between the two"],
)
def test_the_old_password_signs_nobody_in_while_a_new_one_is_set(
    database: Database,
    interrupted: Interrupted,
    sessions: Sessions,
    ada: UserId,
    organisations: Organisations,
    hashed: str | None,
    writes_before: int,
) -> None:
    if hashed is not None:
        store_hash(database, ada, hashed)
    new, here = "another password", organisations.first().id
    interrupted.happens = lambda: organisations.set_password(here, EMAIL, new)
    interrupted.writes_before = writes_before
    with pytest.raises(WrongCredentials):
        Sessions(interrupted).sign_in(EMAIL, PASSWORD, address=HERE)
    assert interrupted.happened
    with database.reading() as connection:
        assert connection.execute(select(stored)).all() == []
    assert sessions.sign_in(EMAIL, new, address=HERE)


def test_whoever_is_removed_while_signing_in_is_not_signed_in(
    interrupted: Interrupted,
    sessions: Sessions,
    ada: UserId,
    organisations: Organisations,
    organisation: OrganisationId,
) -> None:
    interrupted.happens = lambda: organisations.remove_user(organisation, EMAIL)
    with pytest.raises(WrongCredentials):
        Sessions(interrupted).sign_in(EMAIL, PASSWORD, address=HERE)
    assert sessions.find(sessions.open(ada)) is None


def test_a_hash_is_renewed_once_by_those_who_sign_in_at_the_same_time(
    sessions: Sessions, ada: UserId, database: Database
) -> None:
    store_hash(database, ada, WEAK)
    with ThreadPoolExecutor(4) as pool:
        attempts = [pool.submit(sessions.sign_in, EMAIL, PASSWORD, address=HERE) for _ in range(4)]
    assert len({attempt.result() for attempt in attempts}) == 4


def test_a_hash_of_old_parameters_is_renewed(
    sessions: Sessions, ada: UserId, database: Database
) -> None:
    store_hash(database, ada, WEAK)
    sessions.sign_in(EMAIL, PASSWORD, address=HERE)
    with database.reading() as connection:
        query = select(users.c.password_hash).where(users.c.id == ada)
        assert connection.execute(query).scalar_one() != WEAK
    assert sessions.sign_in(EMAIL, PASSWORD, address=HERE)
