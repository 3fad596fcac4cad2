"""The one-time link to the owner account, while there is no owner. Others are invited by
those who are there: `MemberInvitations`."""

import secrets
from datetime import timedelta
from hashlib import sha256

from sqlalchemy import Connection, delete, insert, select

from leadline.access.errors import InvitationOver
from leadline.access.model import Role, User
from leadline.access.organisations import add_member, has_owner, new_user
from leadline.access.tables import invitations
from leadline.clock import Clock, utc_now
from leadline.database import Database
from leadline.sites import OrganisationId

VALID = timedelta(hours=24)


class Invitations:
    """Every method is one transaction."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    def invite_owner(self, organisation: OrganisationId) -> str | None:
        """The secret of a new link, valid for 24 hours; None if there is an owner."""
        secret = secrets.token_urlsafe(32)
        now = self._clock()
        values = {"organisation_id": organisation, "secret_hash": _hash(secret)}
        with self._database.writing() as connection:
            connection.execute(delete(invitations).where(invitations.c.expires_at <= now))
            if has_owner(connection, organisation):
                return None
            connection.execute(insert(invitations).values(expires_at=now + VALID, **values))
        return secret

    def is_open(self, secret: str) -> bool:
        with self._database.reading() as connection:
            return self._organisation(connection, secret) is not None

    def accept(self, secret: str, *, email: str, password: str, name: str = "") -> User:
        """Make the owner. Raises `InvitationOver`, `InvalidUser`, `EmailTaken`.

        Of two who do it at the same time, one becomes the owner.
        """
        if not self.is_open(secret):
            raise InvitationOver
        new = new_user(email, password, name)
        with self._database.writing() as connection:
            organisation = self._organisation(connection, secret)
            if organisation is None:
                raise InvitationOver
            user = add_member(connection, organisation, new, Role.OWNER, self._clock())
            mine = invitations.c.organisation_id == organisation
            connection.execute(delete(invitations).where(mine))
        return user

    def _organisation(self, connection: Connection, secret: str) -> OrganisationId | None:
        """Whose owner this link makes; None if it is over."""
        query = select(invitations.c.organisation_id).where(
            invitations.c.secret_hash == _hash(secret), invitations.c.expires_at > self._clock()
        )
        found = connection.execute(query).scalar()
        if found is None or has_owner(connection, OrganisationId(found)):
            return None
        return OrganisationId(found)


def _hash(secret: str) -> str:
    return sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
