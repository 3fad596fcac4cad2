"""Organisations and the people in them."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from leadline.access import EmailTaken, InvalidUser, Organisations, Role
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
        {"password": "eleven char"},
        {"password": "x" * 129},
        {"password": "\udcff" * 12},
        {"name": "x" * 256},
        {"name": "two\nlines"},
    ],
    ids=range(17),
)
def test_a_person_has_an_address_and_a_password(
    organisations: Organisations, organisation: OrganisationId, wrong: dict[str, str]
) -> None:
    fields = {"email": "ada@example.com", "password": PASSWORD} | wrong
    with pytest.raises(InvalidUser):
        organisations.add_user(organisation, role=Role.OWNER, **fields)
    assert organisations.owner(organisation) is None
