"""People who are signed in: sessions with a secret, hashed, looked up at every request."""

import secrets
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256

import msgspec
from sqlalchemy import ColumnElement, delete, insert, select, update

from leadline.access.errors import WrongCredentials
from leadline.access.model import Organisation, Role, User, UserId
from leadline.access.organisations import email_key, user_in
from leadline.access.tables import memberships, organisations, sessions, users
from leadline.access.throttle import HOUR, MINUTE, Throttle
from leadline.clock import Clock, utc_now
from leadline.database import Database
from leadline.network import subscriber
from leadline.passwords import hash_password, is_outdated, is_text, verify_password

IDLE = timedelta(days=14)
LONGEST = timedelta(days=90)
USE_NOTED_EVERY = timedelta(hours=1)
LONGEST_PASSWORD = 1024


class Session(msgspec.Struct, frozen=True):
    """Somebody who is signed in, with the role that they have now."""

    user: User
    organisation: Organisation
    role: Role
    created_at: datetime
    last_seen_at: datetime

    @property
    def expires_at(self) -> datetime:
        """14 days after the last use, 90 days after signing in at the latest."""
        return min(self.last_seen_at + IDLE, self.created_at + LONGEST)


class Sessions:
    """Every method is one transaction. Attempts to sign in are counted in this process."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock
        self._by_address = Throttle(10, 15 * MINUTE)
        self._by_account = Throttle(50, HOUR)
        self._nobodys_hash = _nobodys_hash()

    def sign_in(self, email: str, password: str, *, address: str) -> str:
        """The secret of a new session. Raises as `verify` does."""
        self._count(email, address)
        secret = secrets.token_urlsafe(32)
        while True:
            user, fitting = self._check(email, password)
            if self._open(secret, (users.c.id == user) & (users.c.password_hash == fitting)):
                return secret
            # Somebody was quicker: the hash is of another password by now, or was renewed.

    def verify(self, email: str, password: str, *, address: str) -> UserId:
        """Whose address and password these are. Raises `WrongCredentials`, `RateLimited`.

        Which of the two was wrong is not told, nor by the time that it takes.
        """
        self._count(email, address)
        return self._check(email, password)[0]

    def open(self, user: UserId) -> str:
        """The secret of a new session of this user; it finds nobody if the user is gone."""
        secret = secrets.token_urlsafe(32)
        self._open(secret, users.c.id == user)
        return secret

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

    def _open(self, secret: str, who: ColumnElement[bool]) -> bool:
        """Whether there is such a user, who has a session now."""
        now = self._clock()
        over = (sessions.c.last_seen_at <= now - IDLE) | (sessions.c.created_at <= now - LONGEST)
        with self._database.writing() as connection:
            connection.execute(delete(sessions).where(over))
            user = connection.execute(select(users.c.id).where(who)).scalar()
            if user is None:
                return False
            values = {"secret_hash": _hash(secret), "user_id": user}
            connection.execute(insert(sessions).values(created_at=now, last_seen_at=now, **values))
        return True

    def _load(self, hashed: str) -> Session | None:
        query = (
            select(
                users,
                memberships.c.role,
                memberships.c.organisation_id,
                sessions.c.created_at.label("opened_at"),
                sessions.c.last_seen_at,
            )
            .join(sessions, sessions.c.user_id == users.c.id)
            .join(memberships, memberships.c.user_id == users.c.id)
            .where(sessions.c.secret_hash == hashed)
            .order_by(memberships.c.organisation_id)
            .limit(1)
        )
        with self._database.reading() as connection:
            row = connection.execute(query).one_or_none()
            if row is None:
                return None
            theirs = organisations.c.id == row.organisation_id
            organisation = connection.execute(select(organisations).where(theirs)).one()
        return Session(
            user_in(row),
            Organisation(**organisation._mapping),
            Role(row.role),
            row.opened_at,
            row.last_seen_at,
        )


def _hash(secret: str) -> str:
    return sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


@cache
def _nobodys_hash() -> str:
    """A hash that costs as much as anybody's and fits nothing; made before the first attempt."""
    return hash_password(secrets.token_urlsafe(32))
