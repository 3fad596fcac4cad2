"""Organisations and the people in them."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import update

from leadline.access import EmailTaken, InvalidUser, Organisations, Role, Sessions
from leadline.access.tables import users
from leadline.database import Database, Location
from leadline.sites import OrganisationId
from tests.support import ManualClock

PASSWORD = "correct horse battery"


def test_a_first_start_makes_one_organisation(
    organisations: Organisations, clock: ManualClock
) -> None:
    first = organisations.first()
    assert (first.timezone, first.currency, first.created_at) == ("UTC", "EUR", clock.now)
    clock.advance(days=1)
    assert organisations.first() == first == organisations.get(first.id)


def test_two_first_starts_at_once_make_one_too(database: Database, location: Location) -> None:
    other = Database(location)
    rooms = [Organisations(database), Organisations(other)]
    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(Organisations.first, rooms)
    other.close()
    assert first == second


def test_the_owner_is_who_has_been_there_longest(
    organisations: Organisations, organisation: OrganisationId
) -> None:
    def add(email: str, role: Role, name: str = "") -> None:
        organisations.add_user(organisation, email=email, password=PASSWORD, role=role, name=name)

    assert organisations.owner(organisation) is None
    add("member@example.com", Role.MEMBER)
    assert organisations.owner(organisation) is None
    add("Ada@Example.com", Role.OWNER)
    add("grace@example.com", Role.OWNER, name="Grace")
    owner = organisations.owner(organisation)
    assert owner is not None
    assert (owner.email, owner.name, owner.role) == ("Ada@Example.com", "Ada", Role.OWNER)


def test_an_address_is_one_persons_in_any_case(
    organisations: Organisations, organisation: OrganisationId
) -> None:
    fields = {"password": PASSWORD, "role": Role.OWNER}
    organisations.add_user(organisation, email="ada@example.com", **fields)  # type: ignore[arg-type]
    with pytest.raises(EmailTaken):
        organisations.add_user(organisation, email="ADA@example.com", **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "wrong",
    [
        {"email": ""},
        {"email": "ada"},
        {"email": "@example.com"},
        {"email": "ada@"},
        {"email": "a@b@c"},
        {"email": "a da@example.com"},
        {"email": "ada@example.com\n"},
        {"email": "\udcff@example.com"},
        {"email": "x" * 65 + "@example.com"},
        {"email": "ada@" + "x" * 190},
        {"email": "ada@" + "İ" * 180},  # twice as long in lower case
        {"email": "ada\0@example.com"},
        {"email": "ada@example.com\u200b"},  # as copied from a page
        {"email": "\u202eada@example.com"},
        {"email": "a\u00adda@example.com"},
        {"password": "eleven char"},
        {"password": "x" * 129},
        {"password": "\udcff" * 12},
        {"name": "x" * 256},
        {"name": "two\nlines"},
    ],
    ids=range(20),
)
def test_a_person_has_an_address_and_a_password(
    organisations: Organisations, organisation: OrganisationId, wrong: dict[str, str]
) -> None:
    fields = {"email": "ada@example.com", "password": PASSWORD} | wrong
    with pytest.raises(InvalidUser):
        organisations.add_user(organisation, role=Role.OWNER, **fields)
    assert organisations.owner(organisation) is None


def test_an_invisible_character_of_earlier_days_locks_nobody_out(
    organisations: Organisations, organisation: OrganisationId, database: Database
) -> None:
    fields = {"password": PASSWORD, "role": Role.ADMIN}
    organisations.add_user(organisation, email="ada@example.com", **fields)  # type: ignore[arg-type]
    email = "ada@example.com\u200b"
    with database.writing() as connection:
        connection.execute(update(users).values(email=email, email_key=email))
    assert Sessions(database).sign_in(email, PASSWORD, address="192.0.2.7")
    organisations.set_password(organisation, email, "another password")
    assert organisations.remove_user(organisation, email).email == email
    assert organisations.people(organisation) == ()
