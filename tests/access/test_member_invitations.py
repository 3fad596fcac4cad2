"""Inviting people into an organisation."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from leadline.access import (
    AccessError,
    AlreadyMember,
    EmailTaken,
    Identities,
    InvalidEmail,
    Invitation,
    InvitationForAnother,
    InvitationNotFound,
    InvitationOver,
    MemberInvitations,
    Members,
    NobodysIdentity,
    NotAllowed,
    Organisations,
    Role,
    Sessions,
    SiteRole,
    User,
    UserId,
    WrongCredentials,
)
from leadline.access.tables import member_invitations
from leadline.database import Database, Location
from leadline.sites import NewSite, OrganisationId, Site, SiteNotFound, Sites
from tests.support import ManualClock

EMAIL, PASSWORD = "Grace@example.com", "correct horse battery"


@pytest.fixture
def invitations(database: Database, clock: ManualClock) -> MemberInvitations:
    return MemberInvitations(database, clock)


@pytest.fixture
def members(database: Database, clock: ManualClock) -> Members:
    return Members(database, clock)


@pytest.fixture
def by(organisations: Organisations, organisation: OrganisationId) -> User:
    return organisations.add_user(
        organisation, email="owner@example.com", password=PASSWORD, role=Role.OWNER, name="Ada"
    )


def test_somebody_new_has_the_sites_that_were_given(
    invitations: MemberInvitations,
    sessions: Sessions,
    organisation: OrganisationId,
    sites: Sites,
    site: Site,
    by: User,
    database: Database,
) -> None:
    sent: list[tuple[Invitation, str]] = []
    invitations.invited = lambda invitation, secret: sent.append((invitation, secret))
    other = sites.create(organisation, NewSite(name="Other", timezone="UTC", currency="EUR"))
    made = invitations.invite(
        organisation, EMAIL, Role.MEMBER, [(site, SiteRole.EDITOR)], by=by.role, inviter=by.id
    )
    assert sent == [(made.invitation, made.secret)]
    with database.reading() as connection:
        assert made.secret not in str(connection.execute(select(member_invitations)).all())
    found = invitations.find(made.secret)
    assert (found.email, found.invited_by, found.organisation_name) == (EMAIL, "Ada", "Leadline")
    assert not invitations.is_known(found)
    user = invitations.accept(made.secret, name="Grace", password=PASSWORD)
    session = sessions.find(sessions.open(user.id))
    assert session is not None
    assert (session.user.email, session.role) == (EMAIL, Role.MEMBER)
    assert session.abilities.may_manage(site.id)
    assert not session.abilities.may_read(other.id)
    (listed,) = invitations.list(organisation)
    assert listed.accepted_at is not None
    for ask in (
        lambda: invitations.find(made.secret),
        lambda: invitations.accept(made.secret, name="", password=PASSWORD),
        lambda: invitations.accept_as(made.secret, user.id),
    ):
        with pytest.raises(InvitationOver):
            ask()
    with pytest.raises(AlreadyMember):
        invitations.invite(organisation, EMAIL.upper(), Role.ADMIN, by=by.role, inviter=by.id)
    with pytest.raises(InvitationNotFound):
        invitations.resend(organisation, listed.id, by=Role.OWNER)


def test_it_is_over_after_seven_days_or_with_another(
    invitations: MemberInvitations, organisation: OrganisationId, by: User, clock: ManualClock
) -> None:
    first = invitations.invite(organisation, EMAIL, Role.ADMIN, by=by.role, inviter=by.id)
    clock.advance(days=6, hours=23)
    assert invitations.find(first.secret) == first.invitation
    second = invitations.invite(organisation, EMAIL.lower(), Role.ADMIN, by=by.role, inviter=by.id)
    clock.advance(days=7)
    third = invitations.resend(organisation, second.invitation.id, by=Role.OWNER)
    for over in (first.secret, second.secret, "", "x", "\0", "\udcff"):
        with pytest.raises(InvitationOver):
            invitations.find(over)
    assert invitations.list(organisation) == (third.invitation,)
    assert invitations.find(third.secret).is_open(clock.now)
    invitations.revoke(organisation, third.invitation.id, by=Role.ADMIN)
    with pytest.raises(InvitationOver):
        invitations.accept(third.secret, name="", password=PASSWORD)
    for number in (third.invitation.id, 2**40, 0):
        with pytest.raises(InvitationNotFound):
            invitations.revoke(organisation, number, by=Role.OWNER)


def test_nobody_invites_above_themselves(
    invitations: MemberInvitations,
    organisations: Organisations,
    organisation: OrganisationId,
    by: User,
    site: Site,
) -> None:
    for role in Role:
        for given in Role:
            may = role is Role.OWNER or (role is Role.ADMIN and given is not Role.OWNER)
            if may:
                made = invitations.invite(organisation, EMAIL, given, by=role)
                assert made.invitation.invited_by == ""
            else:
                with pytest.raises(NotAllowed):
                    invitations.invite(organisation, EMAIL, given, by=role)
    made = invitations.invite(organisation, EMAIL, Role.OWNER, by=by.role, inviter=by.id)
    for role in (Role.ADMIN, Role.MEMBER):
        with pytest.raises(NotAllowed):
            invitations.revoke(organisation, made.invitation.id, by=role)
    other = organisations.create("Other", by.id, like=organisations.get(organisation))
    with pytest.raises(SiteNotFound):
        invitations.invite(
            other.id, EMAIL, Role.MEMBER, [(site, SiteRole.VIEWER)], by=by.role, inviter=by.id
        )
    with pytest.raises(InvitationNotFound):
        invitations.revoke(other.id, made.invitation.id, by=Role.OWNER)
    with pytest.raises(InvalidEmail):
        invitations.invite(organisation, "x", Role.MEMBER, by=by.role, inviter=by.id)


def test_somebody_known_accepts_with_their_account(
    invitations: MemberInvitations,
    organisations: Organisations,
    members: Members,
    organisation: OrganisationId,
    by: User,
    ada: UserId,
) -> None:
    other = organisations.create("Other", by.id, like=organisations.get(organisation))
    made = invitations.invite(other.id, "ADA@example.com", Role.ADMIN, by=by.role, inviter=by.id)
    assert invitations.is_known(made.invitation)
    with pytest.raises(EmailTaken):
        invitations.accept(made.secret, name="", password=PASSWORD)
    with pytest.raises(InvitationForAnother):
        invitations.accept_as(made.secret, by.id)
    assert invitations.accept_as(made.secret, ada).role is Role.ADMIN
    assert [one.slug for one, _ in organisations.of(ada)] == ["leadline", "other"]
    members.remove(other.id, ada, by=Role.OWNER)
    assert invitations.list(other.id) == ()  # nothing is kept of whoever is gone
    assert [one.slug for one, _ in organisations.of(ada)] == ["leadline"]


def test_of_two_at_once_one_accepts(
    invitations: MemberInvitations,
    location: Location,
    clock: ManualClock,
    organisation: OrganisationId,
    organisations: Organisations,
    by: User,
) -> None:
    made = invitations.invite(organisation, EMAIL, Role.ADMIN, by=by.role, inviter=by.id)
    elsewhere = Database(location)

    def accept(node: MemberInvitations) -> bool:
        try:
            node.accept(made.secret, name="", password=PASSWORD)
        except AccessError:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        done = sorted(pool.map(accept, (invitations, MemberInvitations(elsewhere, clock))))
    elsewhere.close()
    assert done == [False, True]
    assert len(organisations.people(organisation)) == 2


ISSUER = "https://login.example.com"


def test_somebody_a_provider_vouches_for_needs_no_password(
    invitations: MemberInvitations,
    sessions: Sessions,
    organisation: OrganisationId,
    site: Site,
    by: User,
    database: Database,
) -> None:
    made = invitations.invite(
        organisation, EMAIL, Role.MEMBER, [(site, SiteRole.EDITOR)], by=by.role, inviter=by.id
    )
    with pytest.raises(InvitationForAnother):
        invitations.accept_vouched(
            made.secret, name="Eve", issuer=ISSUER, subject="2", email="eve@example.com"
        )
    user = invitations.accept_vouched(
        made.secret, name="Grace", issuer=ISSUER, subject="1", email=EMAIL.lower()
    )
    assert (user.name, user.email, user.role) == ("Grace", EMAIL, Role.MEMBER)
    session = sessions.find(Identities(database).sign_in(ISSUER, "1", None))
    assert session is not None
    assert session.user.id == user.id
    assert session.abilities.may_manage(site.id)
    with pytest.raises(WrongCredentials):
        sessions.sign_in(EMAIL, "", address="192.0.2.7")
    with pytest.raises(InvitationOver):
        invitations.accept_vouched(
            made.secret, name="Grace", issuer=ISSUER, subject="3", email=EMAIL
        )


def test_a_provider_vouches_for_nobody_who_has_an_account(
    invitations: MemberInvitations, organisation: OrganisationId, by: User, database: Database
) -> None:
    Identities(database).sign_in(ISSUER, "1", by.email)
    made = invitations.invite(organisation, EMAIL, Role.MEMBER, by=by.role, inviter=by.id)
    with pytest.raises(NobodysIdentity):
        invitations.accept_vouched(
            made.secret, name="Grace", issuer=ISSUER, subject="1", email=EMAIL
        )
    assert not invitations.is_known(invitations.find(made.secret))
