"""People who are signed in: sessions with a secret, hashed, looked up at every request."""

import re
import secrets
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256

import msgspec
from sqlalchemy import Connection, delete, insert, select, update

from leadline.access.errors import (
    OrganisationNotFound,
    RateLimited,
    SecondFactorNeeded,
    SessionNotFound,
    WrongCredentials,
)
from leadline.access.factors import has_factor
from leadline.access.failures import Failed, Reason
from leadline.access.members import abilities_in
from leadline.access.model import Abilities, Device, Organisation, Role, User, UserId
from leadline.access.organisations import email_key, organisations_of
from leadline.access.tables import sessions, users
from leadline.access.throttle import HOUR, MINUTE, Throttle
from leadline.access.vouchers import Purpose, give
from leadline.clock import Clock, utc_now
from leadline.database import Database
from leadline.network import subscriber
from leadline.passwords import hash_password, is_outdated, is_text, verify_password

IDLE = timedelta(days=14)
LONGEST = timedelta(days=90)
USE_NOTED_EVERY = timedelta(hours=1)
CONFIRMED_FOR = timedelta(minutes=15)
LONGEST_PASSWORD = 1024
_ID_LENGTH = 16
_ID = re.compile(r"[0-9a-f]{16}")


class Session(msgspec.Struct, frozen=True):
    """Somebody who is signed in, with the role that they have now.

    `organisation` is the one of theirs, which are `organisations`, that they have chosen, else
    the oldest; `role` and `abilities` are theirs in it. `id` names the session and is not its
    secret. `confirmed_at` is when they last proved who they are, with a password or a passkey.
    """

    id: str
    user: User
    organisation: Organisation
    role: Role
    created_at: datetime
    last_seen_at: datetime
    confirmed_at: datetime | None
    has_second_factor: bool
    abilities: Abilities
    organisations: tuple[Organisation, ...]

    @property
    def must_set_up_factor(self) -> bool:
        """Whether the organisation lets them do nothing else first."""
        return self.organisation.requires_second_factor and not self.has_second_factor

    def is_confirmed(self, now: datetime) -> bool:
        """Whether they proved within 15 minutes who they are."""
        return self.confirmed_at is not None and now - self.confirmed_at < CONFIRMED_FOR

    @property
    def expires_at(self) -> datetime:
        """14 days after the last use, 90 days after signing in at the latest."""
        return min(self.last_seen_at + IDLE, self.created_at + LONGEST)


class OpenSession(msgspec.Struct, frozen=True):
    """A session as it may be shown; `last_seen_at` is to the hour. The `id` is not the secret."""

    id: str
    device: Device
    created_at: datetime
    last_seen_at: datetime


class Sessions:
    """Every method is one transaction. Attempts to sign in are counted in this process, and
    `failed` is told of those that were not good."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock
        self._by_address = Throttle(10, 15 * MINUTE)
        self._by_account = Throttle(50, HOUR)
        self._nobodys_hash = _nobodys_hash()
        self.failed: Failed = lambda who, address, reason: None

    def sign_in(
        self, email: str, password: str, *, address: str, device: Device | None = None
    ) -> str:
        """The secret of a new session. Raises as `verify` does.

        Raises `SecondFactorNeeded` where a password is not enough.
        """
        try:
            return self._sign_in(email, password, address, device)
        except WrongCredentials:
            self.failed(email, address, Reason.PASSWORD)
            raise
        except RateLimited as error:
            if error.is_first:
                self.failed(email, address, Reason.THROTTLED)
            raise

    def _sign_in(self, email: str, password: str, address: str, device: Device | None) -> str:
        self._count(email, address)
        while True:
            user, fitting = self._check(email, password)
            theirs = (users.c.id == user) & (users.c.password_hash == fitting)
            with self._database.writing() as connection:
                if connection.execute(select(users.c.id).where(theirs)).first() is None:
                    continue  # the hash is of another password by now, or was renewed
                if not has_factor(connection, user):
                    return open_session(connection, user, self._clock(), device)
                pending = give(connection, Purpose.SECOND_STEP, user, self._clock())
            raise SecondFactorNeeded(pending, user)

    def verify(self, email: str, password: str, *, address: str) -> UserId:
        """Whose address and password these are. Raises `WrongCredentials`, `RateLimited`.

        Which of the two was wrong is not told, nor by the time that it takes.
        """
        self._count(email, address)
        return self._check(email, password)[0]

    def open(self, user: UserId, device: Device | None = None) -> str:
        """The secret of a new session of this user; it finds nobody if the user is gone.

        Nothing is asked: the caller knows who it is.
        """
        with self._database.writing() as connection:
            if connection.execute(select(users.c.id).where(users.c.id == user)).first() is None:
                return secrets.token_urlsafe(32)
            return open_session(connection, user, self._clock(), device)

    def find(self, secret: str | None) -> Session | None:
        """None for a session that is unknown, over or ended, or whose user is gone.

        Notes the use, at most once an hour.
        """
        if not secret:
            return None
        hashed, now = _hash(secret), self._clock()
        session = self._database.memory.remember(("session", hashed), lambda: self._load(hashed))
        if session is None or session.expires_at <= now:
            return None
        if now - session.last_seen_at >= USE_NOTED_EVERY:
            mine = sessions.c.secret_hash == hashed
            with self._database.writing() as connection:
                connection.execute(update(sessions).where(mine).values(last_seen_at=now))
        return session

    def end(self, secret: str | None) -> None:
        """Sign out; nothing happens if nobody was signed in."""
        if secret:
            with self._database.writing() as connection:
                connection.execute(delete(sessions).where(sessions.c.secret_hash == _hash(secret)))

    def confirm(self, secret: str) -> None:
        """Note that whoever has this session has just proved who they are."""
        mine = sessions.c.secret_hash == _hash(secret)
        with self._database.writing() as connection:
            connection.execute(update(sessions).where(mine).values(confirmed_at=self._clock()))

    def choose(self, secret: str, slug: str) -> Organisation:
        """Go on in another organisation of theirs. Raises `OrganisationNotFound`."""
        mine = sessions.c.secret_hash == _hash(secret)
        with self._database.writing() as connection:
            user = connection.execute(select(sessions.c.user_id).where(mine)).scalar()
            theirs = () if user is None else organisations_of(connection, UserId(user))
            chosen = [organisation for organisation, _ in theirs if organisation.slug == slug]
            if not chosen:
                raise OrganisationNotFound(slug)
            values = {"organisation_id": chosen[0].id}
            connection.execute(update(sessions).where(mine).values(values))
        return chosen[0]

    def all_of(self, user: UserId) -> tuple[OpenSession, ...]:
        """Those that are not over, the one that was used last first."""
        now = self._clock()
        query = select(sessions).where(
            sessions.c.user_id == user,
            sessions.c.last_seen_at > now - IDLE,
            sessions.c.created_at > now - LONGEST,
        )
        newest = query.order_by(sessions.c.last_seen_at.desc(), sessions.c.created_at.desc())
        with self._database.reading() as connection:
            return tuple(
                OpenSession(
                    row.secret_hash[:_ID_LENGTH],
                    Device(row.browser, row.system),
                    row.created_at,
                    row.last_seen_at,
                )
                for row in connection.execute(newest)
            )

    def end_one(self, user: UserId, session: str) -> None:
        """By its id. Raises `SessionNotFound`, also for one of somebody else."""
        if not _ID.fullmatch(session):
            raise SessionNotFound
        mine = (sessions.c.user_id == user) & sessions.c.secret_hash.startswith(session)
        with self._database.writing() as connection:
            if not connection.execute(delete(sessions).where(mine)).rowcount:
                raise SessionNotFound

    def end_others(self, user: UserId, secret: str) -> None:
        """All of the user's, but the one of this secret."""
        others = (sessions.c.user_id == user) & (sessions.c.secret_hash != _hash(secret))
        with self._database.writing() as connection:
            connection.execute(delete(sessions).where(others))

    def _count(self, email: str, address: str) -> None:
        self._by_address.spend(subscriber(address))
        self._by_account.spend(email.lower()[:254])

    def _check(self, email: str, password: str) -> tuple[UserId, str]:
        """Whose they are, and the stored hash that the password fits."""
        theirs = users.c.email_key == email_key(email)
        query = select(users.c.id, users.c.password_hash).where(theirs)
        with self._database.reading() as connection:
            row = connection.execute(query).one_or_none()
        known = row.password_hash if row is not None else self._nobodys_hash
        usable = len(password) <= LONGEST_PASSWORD and is_text(password)
        fits = verify_password(known, password if usable else "") and usable
        if row is None or not fits:
            raise WrongCredentials
        user = UserId(row.id)
        return user, self._renew(user, known, password) if is_outdated(known) else known

    def _renew(self, user: UserId, known: str, password: str) -> str:
        renewed = hash_password(password)
        mine = (users.c.id == user) & (users.c.password_hash == known)  # never a newer password's
        with self._database.writing() as connection:
            connection.execute(update(users).where(mine).values(password_hash=renewed))
        return renewed

    def _load(self, hashed: str) -> Session | None:
        mine = sessions.c.secret_hash == hashed
        query = (
            select(
                users,
                sessions.c.organisation_id,
                sessions.c.created_at.label("opened_at"),
                sessions.c.last_seen_at,
                sessions.c.confirmed_at,
            )
            .join(sessions, sessions.c.user_id == users.c.id)
            .where(mine)
        )
        with self._database.reading() as connection:
            row = connection.execute(query).one_or_none()
            theirs = () if row is None else organisations_of(connection, UserId(row.id))
            if row is None or not theirs:
                return None
            chosen = [one for one in theirs if one[0].id == row.organisation_id]
            organisation, role = (chosen or theirs)[0]
            user = User(UserId(row.id), row.email, row.name, role, row.created_at)
            has_second_factor = has_factor(connection, user.id)
            abilities = abilities_in(connection, organisation.id, user.id, role)
        return Session(
            hashed[:_ID_LENGTH],
            user,
            organisation,
            role,
            row.opened_at,
            row.last_seen_at,
            row.confirmed_at,
            has_second_factor,
            abilities,
            tuple(one for one, _ in theirs),
        )


def open_session(connection: Connection, user: UserId, now: datetime, device: Device | None) -> str:
    """The secret of a new session, in the caller's transaction; sessions that are over go."""
    secret, known = secrets.token_urlsafe(32), device or Device()
    over = (sessions.c.last_seen_at <= now - IDLE) | (sessions.c.created_at <= now - LONGEST)
    connection.execute(delete(sessions).where(over))
    connection.execute(
        insert(sessions).values(
            secret_hash=_hash(secret),
            user_id=user,
            created_at=now,
            last_seen_at=now,
            confirmed_at=now,
            browser=known.browser,
            system=known.system,
        )
    )
    return secret


def _hash(secret: str) -> str:
    return sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


@cache
def _nobodys_hash() -> str:
    """A hash that costs as much as anybody's and fits nothing; made before the first attempt."""
    return hash_password(secrets.token_urlsafe(32))
