"""The owner's one-time link."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from leadline.access import (
    EmailTaken,
    InvalidUser,
    InvitationOver,
    Invitations,
    Organisations,
    Role,
)
from leadline.access.tables import invitations as stored
from leadline.database import Database, Location
from leadline.sites import OrganisationId
from tests.support import ManualClock

EMAIL, PASSWORD = "ada@example.com", "correct horse battery"


@pytest.fixture
def link(invitations: Invitations, organisation: OrganisationId) -> str:
    secret = invitations.invite_owner(organisation)
    assert secret is not None
    return secret


def test_it_makes_the_owner_once(
    invitations: Invitations,
    organisations: Organisations,
    organisation: OrganisationId,
    link: str,
) -> None:
    other = invitations.invite_owner(organisation)
    assert other is not None
    assert invitations.is_open(link)
    assert invitations.is_open(other)
    user = invitations.accept(link, email=EMAIL, password=PASSWORD, name="Ada")
    assert (user.email, user.name, user.role) == (EMAIL, "Ada", Role.OWNER)
    assert organisations.owner(organisation) == user
    assert invitations.invite_owner(organisation) is None
    for secret in (link, other):
        assert not invitations.is_open(secret)
        with pytest.raises(InvitationOver):
            invitations.accept(secret, email="eve@example.com", password=PASSWORD)


def test_it_is_over_after_a_day(invitations: Invitations, clock: ManualClock, link: str) -> None:
    clock.advance(hours=23, minutes=59)
    assert invitations.is_open(link)
    clock.advance(minutes=1)
    assert not invitations.is_open(link)
    with pytest.raises(InvitationOver):
        invitations.accept(link, email=EMAIL, password=PASSWORD)


def test_it_is_over_when_an_owner_was_made_otherwise(
    invitations: Invitations,
    organisations: Organisations,
    organisation: OrganisationId,
    link: str,
) -> None:
    fields = {"email": EMAIL, "password": PASSWORD}
    organisations.add_user(organisation, role=Role.ADMIN, **fields)
    with pytest.raises(EmailTaken):
        invitations.accept(link, **fields)
    organisations.add_user(
        organisation, email="grace@example.com", password=PASSWORD, role=Role.OWNER
    )
    assert not invitations.is_open(link)


@pytest.mark.parametrize("secret", ["", "x", "é", "\x00", "\udcff", "x" * 100_000])
def test_no_other_secret_opens_it(invitations: Invitations, link: str, secret: str) -> None:
    assert not invitations.is_open(secret)
    with pytest.raises(InvitationOver):
        invitations.accept(secret, email=EMAIL, password=PASSWORD)
    assert invitations.is_open(link)


def test_near_misses_do_not_open_it(invitations: Invitations, link: str) -> None:
    for wrong in (link[:-1], link + "x", link + "\0", f" {link}", link.swapcase()):
        assert not invitations.is_open(wrong)


def test_it_is_not_stored(invitations: Invitations, link: str, database: Database) -> None:
    assert invitations.is_open(link)
    with database.reading() as connection:
        rows = connection.execute(select(stored)).all()
    assert len(rows) == 1
    assert link not in str(rows)


def test_a_wrong_form_does_not_use_it_up(invitations: Invitations, link: str) -> None:
    for wrong in ({"email": "ada"}, {"password": "short"}, {"name": "x" * 256}):
        with pytest.raises(InvalidUser):
            invitations.accept(link, **({"email": EMAIL, "password": PASSWORD} | wrong))
    assert invitations.is_open(link)


@pytest.mark.parametrize("links", ["one link", "two links"])
def test_of_two_at_once_one_becomes_the_owner(
    invitations: Invitations,
    location: Location,
    organisations: Organisations,
    organisation: OrganisationId,
    clock: ManualClock,
    link: str,
    links: str,
) -> None:
    """On two nodes, each with the same link or one of its own."""
    other = link if links == "one link" else invitations.invite_owner(organisation)
    assert other is not None
    elsewhere = Database(location)

    def accept(node: Invitations, secret: str, email: str) -> bool:
        try:
            node.accept(secret, email=email, password=PASSWORD)
        except InvitationOver:
            return False
        return True

    nodes = (invitations, Invitations(elsewhere, clock))
    with ThreadPoolExecutor(2) as pool:
        made = list(pool.map(accept, nodes, (link, other), ("ada@example.com", "eve@example.com")))
    elsewhere.close()
    assert sorted(made) == [False, True]
    assert len(organisations.people(organisation)) == 1
