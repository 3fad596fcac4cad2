"""Organisations and the people in them."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import update

from leadline.access import (
    Abilities,
    ConfirmationFailed,
    EmailTaken,
    InvalidOrganisationName,
    InvalidUser,
    LastOrganisation,
    NotAllowed,
    Organisation,
    OrganisationNotFound,
    Organisations,
    Role,
    Sessions,
    Tokens,
    Unauthenticated,
    User,
    UserId,
)
from leadline.access.tables import users
from leadline.database import Database, Location
from leadline.sites import InvalidValue, NewSite, OrganisationId, Sites
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


# Several of them


@pytest.fixture
def owner(organisations: Organisations, organisation: OrganisationId) -> User:
    return organisations.add_user(
        organisation, email="owner@example.com", password=PASSWORD, role=Role.OWNER
    )


def test_a_slug_is_made_of_the_name_and_nobodys_for_ever(
    organisations: Organisations, organisation: OrganisationId, owner: User, sites: Sites
) -> None:
    like = organisations.get(organisation)

    def create(name: str) -> Organisation:
        return organisations.create(name, owner.id, like=like)

    first, second = create("Blumen & Möbel"), create("Blumen & Möbel")
    assert (first.slug, second.slug) == ("blumen-mobel", "blumen-mobel-2")
    assert (first.timezone, first.currency) == (like.timezone, like.currency)
    renamed = organisations.change(first.id, by=Role.OWNER, name="Flowers", currency="CHF")
    assert (renamed.slug, renamed.name, renamed.currency) == (first.slug, "Flowers", "CHF")
    organisations.delete(first.id, "Flowers", by=Role.OWNER, sites=sites)
    assert create("Blumen & Möbel").slug == "blumen-mobel-3"
    assert organisations.named(second.slug) == second
    for wrong in (first.slug, "nothing", "", "\0", "x" * 1000):
        with pytest.raises(OrganisationNotFound):
            organisations.named(wrong)
    assert create("..").slug.startswith("organisation-")
    assert create("users").slug != "users"


@pytest.mark.parametrize("name", ["", " ", "x" * 256, "two\nlines", "\udcff"])
def test_an_organisation_has_a_name(
    organisations: Organisations, organisation: OrganisationId, owner: User, name: str
) -> None:
    like = organisations.get(organisation)
    with pytest.raises(InvalidOrganisationName):
        organisations.create(name, owner.id, like=like)
    with pytest.raises(InvalidOrganisationName):
        organisations.change(organisation, by=Role.OWNER, name=name, currency="CHF")
    with pytest.raises(InvalidValue):
        organisations.change(organisation, by=Role.OWNER, name="Other", currency="XXXX")
    assert organisations.of(owner.id) == ((like, Role.OWNER),)


def test_a_deleted_one_lets_nobody_in(
    organisations: Organisations,
    organisation: OrganisationId,
    owner: User,
    sites: Sites,
    tokens: Tokens,
) -> None:
    other = organisations.create("Other", owner.id, like=organisations.get(organisation))
    guest = organisations.add_user(
        other.id, email="guest@example.com", password=PASSWORD, role=Role.MEMBER
    )
    site = sites.create(other.id, NewSite(name="Acme", timezone="UTC", currency="EUR"))
    token = tokens.create(other.id, "all", Abilities(full=True))
    for by in (Role.ADMIN, Role.MEMBER):
        with pytest.raises(NotAllowed):
            organisations.delete(other.id, "Other", by=by, sites=sites)
    with pytest.raises(ConfirmationFailed):
        organisations.delete(other.id, "other", by=Role.OWNER, sites=sites)
    assert sites.numbered(site.id).is_active
    organisations.delete(other.id, "Other", by=Role.OWNER, sites=sites)
    assert not sites.numbered(site.id).is_active
    with pytest.raises(Unauthenticated):
        tokens.authenticate(token.secret)
    assert [one.id for one, _ in organisations.of(owner.id)] == [organisation]
    assert organisations.of(guest.id) == ()
    with pytest.raises(ConfirmationFailed):
        organisations.delete(other.id, "Other", by=Role.OWNER, sites=sites)
    with pytest.raises(LastOrganisation):
        organisations.delete(organisation, "Leadline", by=Role.OWNER, sites=sites)
    assert organisations.first().id == organisation


def test_only_owners_make_more(
    organisations: Organisations, organisation: OrganisationId, ada: UserId
) -> None:
    with pytest.raises(NotAllowed):
        organisations.create("Mine", ada, like=organisations.get(organisation))
