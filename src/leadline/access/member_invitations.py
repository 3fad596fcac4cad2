"""Inviting people into an organisation, by a link for one e-mail address."""

import secrets
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, delete, insert, select, update

from leadline.access.audit import Change
from leadline.access.errors import (
    AlreadyMember,
    InvitationForAnother,
    InvitationNotFound,
    InvitationOver,
    MemberNotFound,
    NobodysIdentity,
    NotAllowed,
)
from leadline.access.identities import known_as, link
from leadline.access.members import add_to, checked_sites, give_site
from leadline.access.model import Role, SiteRole, User, UserId
from leadline.access.organisations import (
    NewUser,
    add_member,
    check_email,
    email_key,
    members,
    new_user,
    user_in,
)
from leadline.access.tables import invited_sites, member_invitations, organisations, users
from leadline.clock import Clock, utc_now
from leadline.database import LARGEST_NUMBER, Database, insert_row
from leadline.sites import OrganisationId, Site, SiteId

VALID = timedelta(days=7)


class Invitation(msgspec.Struct, frozen=True):
    """What somebody was asked. `invited_by` is a name, empty if a token invited, and once that
    person is gone. `sites` matter for members: others have all.
    """

    id: int
    organisation: OrganisationId
    organisation_name: str
    organisation_slug: str
    email: str
    role: Role
    sites: tuple[tuple[SiteId, SiteRole], ...]
    invited_by: str
    created_at: datetime
    expires_at: datetime
    accepted_at: datetime | None

    @property
    def acceptance(self) -> Change:
        """What the audit log is told when somebody accepts it."""
        return Change("member.create", self.email, details={"role": self.role.value})

    def is_open(self, now: datetime) -> bool:
        return self.accepted_at is None and now < self.expires_at


class NewInvitation(msgspec.Struct, frozen=True):
    """The only moment at which the secret is known."""

    invitation: Invitation
    secret: str


Invited = Callable[[Invitation, str], None]
"""Takes an invitation, and the secret that its link has. Called after it is stored."""


class MemberInvitations:
    """Every method is one transaction.

    A link is valid for 7 days and for one person, and there is one for each address and
    organisation: another takes the place of the first. `invited` may send it.
    """

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock
        self.invited: Invited = lambda invitation, secret: None

    def invite(
        self,
        organisation: OrganisationId,
        email: str,
        role: Role,
        sites: Iterable[tuple[Site, SiteRole]] = (),
        *,
        by: Role,
        inviter: UserId | None = None,
    ) -> NewInvitation:
        """`by` is the role there of whoever invites; `inviter` is None for a token.

        Raises `NotAllowed`, `InvalidEmail`, `AlreadyMember`, `SiteNotFound` for a site of
        another organisation.
        """
        check_email(email)
        if not by.may_give(role):
            raise NotAllowed
        given = dict(checked_sites(organisation, sites))
        secret, now, key = secrets.token_urlsafe(32), self._clock(), email_key(email)
        with self._database.writing() as connection:
            there = members(organisation).where(users.c.email_key == key)
            if connection.execute(there).first():
                raise AlreadyMember(email)
            former = (member_invitations.c.organisation_id == organisation) & (
                member_invitations.c.email_key == key
            )
            connection.execute(delete(member_invitations).where(former))
            number = insert_row(
                connection,
                member_invitations,
                organisation_id=organisation,
                email=email,
                email_key=key,
                role=role,
                invited_by=inviter,
                secret_hash=_hash(secret),
                created_at=now,
                expires_at=now + VALID,
            )
            rows = [
                {"invitation_id": number, "site_id": site, "role": site_role}
                for site, site_role in given.items()
            ]
            if rows:
                connection.execute(insert(invited_sites), rows)
            (invitation,) = _load(connection, member_invitations.c.id == number)
        self.invited(invitation, secret)
        return NewInvitation(invitation, secret)

    def list(self, organisation: OrganisationId) -> tuple[Invitation, ...]:
        """The newest first, those that are over included."""
        with self._database.reading() as connection:
            return _load(connection, member_invitations.c.organisation_id == organisation)

    def resend(self, organisation: OrganisationId, invitation: int, *, by: Role) -> NewInvitation:
        """A new link, for 7 days from now; the old one is over.

        Raises `NotAllowed`, `InvitationNotFound`, also for one that was accepted.
        """
        secret = secrets.token_urlsafe(32)
        mine = member_invitations.c.id == invitation
        values = {"secret_hash": _hash(secret), "expires_at": self._clock() + VALID}
        with self._database.writing() as connection:
            _pending(connection, organisation, invitation, by)
            connection.execute(update(member_invitations).where(mine).values(values))
            (renewed,) = _load(connection, mine)
        self.invited(renewed, secret)
        return NewInvitation(renewed, secret)

    def revoke(self, organisation: OrganisationId, invitation: int, *, by: Role) -> Invitation:
        """Raises as `resend` does."""
        with self._database.writing() as connection:
            found = _pending(connection, organisation, invitation, by)
            mine = member_invitations.c.id == invitation
            connection.execute(delete(member_invitations).where(mine))
        return found

    def find(self, secret: str) -> Invitation:
        """Raises `InvitationOver` for a link that is unknown, used, revoked or too old."""
        with self._database.reading() as connection:
            return self._find(connection, secret)

    def is_known(self, invitation: Invitation) -> bool:
        """Whether whoever was invited has an account, and so accepts it by signing in."""
        theirs = users.c.email_key == email_key(invitation.email)
        with self._database.reading() as connection:
            return connection.execute(select(users.c.id).where(theirs)).first() is not None

    def accept(self, secret: str, *, name: str, password: str) -> User:
        """Make an account with the address that was invited.

        Raises `InvitationOver`, `InvalidUser`, `EmailTaken` if there is one.
        """
        new = new_user(self.find(secret).email, password, name)
        with self._database.writing() as connection:
            return self._join(connection, secret, new)

    def accept_vouched(
        self, secret: str, *, name: str, issuer: str, subject: str, email: str
    ) -> User:
        """Make an account of whoever an OpenID provider knows as `subject`, with no password.

        `email` is one that the provider has verified. Raises as `accept` does, and
        `InvitationForAnother`; `NobodysIdentity` for somebody who has an account already.
        """
        invited = self.find(secret).email
        if email_key(email) != email_key(invited):
            raise InvitationForAnother(invited)
        # A hash as any other, so that nobody sees by the time it takes that no password fits.
        new = new_user(invited, secrets.token_urlsafe(32), name)
        with self._database.writing() as connection:
            if known_as(connection, issuer, subject) is not None:
                raise NobodysIdentity
            user = self._join(connection, secret, new)
            link(connection, user.id, issuer, subject)
        return user

    def _join(self, connection: Connection, secret: str, new: NewUser) -> User:
        invitation = self._find(connection, secret)
        user = add_member(connection, invitation.organisation, new, invitation.role, self._clock())
        self._accepted(connection, invitation, user.id)
        return user

    def accept_as(self, secret: str, user: UserId) -> User:
        """With the account that there is.

        Raises `InvitationOver`, `InvitationForAnother`, `AlreadyMember`, `MemberNotFound`.
        """
        with self._database.writing() as connection:
            invitation = self._find(connection, secret)
            theirs = select(users.c.email_key).where(users.c.id == user)
            key = connection.execute(theirs).scalar()
            if key is None:
                raise MemberNotFound(user)
            if key != email_key(invitation.email):
                raise InvitationForAnother(invitation.email)
            add_to(connection, invitation.organisation, user, invitation.role, self._clock())
            self._accepted(connection, invitation, user)
            mine = members(invitation.organisation).where(users.c.id == user)
            return user_in(connection.execute(mine).one())

    def _accepted(self, connection: Connection, invitation: Invitation, user: UserId) -> None:
        for site, role in invitation.sites:
            give_site(connection, invitation.organisation, site, user, role)
        mine = member_invitations.c.id == invitation.id
        values = {"accepted_at": self._clock()}
        connection.execute(update(member_invitations).where(mine).values(values))

    def _find(self, connection: Connection, secret: str) -> Invitation:
        found = _load(connection, member_invitations.c.secret_hash == _hash(secret))
        if not found or not found[0].is_open(self._clock()):
            raise InvitationOver
        return found[0]


def _pending(
    connection: Connection, organisation: OrganisationId, invitation: int, by: Role
) -> Invitation:
    """One that was not accepted. Raises `InvitationNotFound`, `NotAllowed`."""
    if invitation > LARGEST_NUMBER:
        raise InvitationNotFound(invitation)
    mine = (member_invitations.c.id == invitation) & member_invitations.c.accepted_at.is_(None)
    found = _load(connection, mine & (member_invitations.c.organisation_id == organisation))
    if not found:
        raise InvitationNotFound(invitation)
    if not by.may_give(found[0].role):
        raise NotAllowed
    return found[0]


def _load(connection: Connection, which: ColumnElement[bool]) -> tuple[Invitation, ...]:
    joined = member_invitations.join(organisations).outerjoin(
        users, users.c.id == member_invitations.c.invited_by
    )
    query = (
        select(
            member_invitations,
            organisations.c.name.label("organisation_name"),
            organisations.c.slug.label("organisation_slug"),
            users.c.name.label("inviter"),
        )
        .select_from(joined)
        .where(which)
        .order_by(member_invitations.c.created_at.desc(), member_invitations.c.id.desc())
    )
    found = connection.execute(query).all()
    sites: dict[int, list[Any]] = {}
    theirs = invited_sites.c.invitation_id.in_([row.id for row in found])
    for row in connection.execute(
        select(invited_sites).where(theirs).order_by(invited_sites.c.site_id)
    ):
        sites.setdefault(row.invitation_id, []).append((SiteId(row.site_id), SiteRole(row.role)))
    return tuple(
        Invitation(
            row.id,
            OrganisationId(row.organisation_id),
            row.organisation_name,
            row.organisation_slug,
            row.email,
            Role(row.role),
            tuple(sites.get(row.id, ())),
            row.inviter or "",
            row.created_at,
            row.expires_at,
            row.accepted_at,
        )
        for row in found
    )


def _hash(secret: str) -> str:
    return sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
