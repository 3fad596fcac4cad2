"""Who is who at a provider of OpenID Connect."""

from sqlalchemy import Connection, delete, insert, select

from leadline.access.errors import NobodysIdentity, SecondFactorNeeded
from leadline.access.factors import has_factor
from leadline.access.model import Device, UserId
from leadline.access.organisations import email_key
from leadline.access.sessions import open_session
from leadline.access.tables import identities, users
from leadline.access.throttle import MINUTE, Throttle
from leadline.access.vouchers import Purpose, give
from leadline.clock import Clock, utc_now
from leadline.database import Database
from leadline.network import subscriber


class Identities:
    """The first time somebody is known by an e-mail address, from then on by what never changes.

    Who has no account gets none, but by an invitation: the address has to be that of a user.
    """

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock
        self._by_address = Throttle(30, 15 * MINUTE)

    def count(self, address: str) -> None:
        """One attempt to sign in so. Raises `RateLimited`."""
        self._by_address.spend(subscriber(address))

    def sign_in(
        self,
        issuer: str,
        subject: str,
        email: str | None,
        *,
        has_several_factors: bool = False,
        device: Device | None = None,
    ) -> str:
        """The secret of a new session. `email` is one that the provider has verified.

        The provider stands in the place of a password. Raises `NobodysIdentity`, also for an
        account that is somebody else's at this provider; `SecondFactorNeeded` where the provider
        has not asked for several factors.
        """
        with self._database.writing() as connection:
            user = known_as(connection, issuer, subject)
            if user is None:
                user = self._linked(connection, issuer, subject, email)
            if has_several_factors or not has_factor(connection, user):
                return open_session(connection, user, self._clock(), device)
            pending = give(connection, Purpose.SECOND_STEP, user, self._clock())
        raise SecondFactorNeeded(pending, user)

    def _linked(
        self, connection: Connection, issuer: str, subject: str, email: str | None
    ) -> UserId:
        theirs = users.c.email_key == (email_key(email) if email else "")
        user = connection.execute(select(users.c.id).where(theirs)).scalar()
        if user is None:
            raise NobodysIdentity
        mine = identities.c.user_id == user
        if connection.execute(select(identities.c.issuer).where(mine)).scalar() == issuer:
            raise NobodysIdentity
        connection.execute(delete(identities).where(mine))
        link(connection, UserId(user), issuer, subject)
        return UserId(user)


def known_as(connection: Connection, issuer: str, subject: str) -> UserId | None:
    query = select(identities.c.user_id).where(
        identities.c.issuer == issuer, identities.c.subject == subject
    )
    user = connection.execute(query).scalar()
    return None if user is None else UserId(user)


def link(connection: Connection, user: UserId, issuer: str, subject: str) -> None:
    values = {"user_id": user, "issuer": issuer, "subject": subject}
    connection.execute(insert(identities).values(values))
