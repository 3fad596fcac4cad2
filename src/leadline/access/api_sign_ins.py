"""People who sign in at the API: access tokens for a quarter of an hour, and what renews them."""

import secrets
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from hashlib import sha256

import msgspec
from sqlalchemy import Connection, delete, insert, select, update

from leadline.access.errors import SessionNotFound, Unauthenticated
from leadline.access.factors import has_factor
from leadline.access.members import abilities_in
from leadline.access.model import Abilities, Device, Role, User, UserId
from leadline.access.organisations import organisations_of
from leadline.access.seals import SigningKey
from leadline.access.sessions import IDLE, LONGEST
from leadline.access.tables import api_sign_ins, spent_refreshes, users
from leadline.clock import Clock, utc_now
from leadline.database import Database, insert_row
from leadline.sites import OrganisationId

ACCESS_VALID = timedelta(minutes=15)
KEY = "api"
_ALGORITHM = "HS256"


class Granted(msgspec.Struct, frozen=True):
    """What somebody has who has signed in: `access` is a JWT, `refresh` is good for one renewal."""

    sign_in: int
    user: User
    access: str
    refresh: str


class Membership(msgspec.Struct, frozen=True):
    """What somebody is in an organisation, and may do with its sites."""

    organisation: OrganisationId
    role: Role
    abilities: Abilities


class SignedIn(msgspec.Struct, frozen=True):
    """Somebody who is asking, as what they are now, in the oldest of their organisations first.

    One that asks for a second factor is not among them while they have none.
    """

    sign_in: int
    user: User
    memberships: tuple[Membership, ...]

    @property
    def organisation(self) -> OrganisationId:
        return self.memberships[0].organisation

    @property
    def role(self) -> Role:
        return self.memberships[0].role


class ApiSignIn(msgspec.Struct, frozen=True):
    """A sign-in as it may be shown. Moments are those of signing in, and of the last renewal."""

    id: int
    device: Device
    created_at: datetime
    last_used_at: datetime


Claims = Callable[[SignedIn], Mapping[str, object]]
"""What else a token says of somebody; it is believed by nobody."""


class ApiSignIns:
    """Every method is one transaction.

    A sign-in is over after 14 days without a renewal, and 90 days after it began. What renews it is
    good for once; if it comes a second time somebody else has it, and the sign-in ends.
    """

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock
        self._key = SigningKey(database, KEY)

    def open(self, user: UserId, claims: Claims, device: Device | None = None) -> Granted:
        """Nothing is asked: the caller knows who it is. Raises `Unauthenticated` for nobody."""
        refresh, now, known = secrets.token_urlsafe(32), self._clock(), device or Device()
        with self._database.writing() as connection:
            over = (api_sign_ins.c.last_used_at <= now - IDLE) | (
                api_sign_ins.c.created_at <= now - LONGEST
            )
            connection.execute(delete(api_sign_ins).where(over))
            if connection.execute(select(users.c.id).where(users.c.id == user)).first() is None:
                raise Unauthenticated
            values = {"browser": known.browser, "system": known.system, "user_id": user}
            values |= {"created_at": now, "last_used_at": now}
            number = insert_row(connection, api_sign_ins, refresh_hash=_hash(refresh), **values)
            found = _signed_in(connection, number)
        return self._granted(found, refresh, claims)

    def renew(self, refresh: str, claims: Claims) -> Granted:
        """Raises `Unauthenticated`."""
        hashed, fresh, now = _hash(refresh), secrets.token_urlsafe(32), self._clock()
        known = select(api_sign_ins.c.id).where(
            api_sign_ins.c.refresh_hash == hashed,
            api_sign_ins.c.last_used_at > now - IDLE,
            api_sign_ins.c.created_at > now - LONGEST,
        )
        spent = select(spent_refreshes.c.sign_in_id).where(spent_refreshes.c.refresh_hash == hashed)
        with self._database.writing() as connection:
            number = connection.execute(known).scalar()
            if number is not None:
                mine = api_sign_ins.c.id == number
                values = {"refresh_hash": _hash(fresh), "last_used_at": now}
                connection.execute(update(api_sign_ins).where(mine).values(**values))
                connection.execute(
                    insert(spent_refreshes).values(refresh_hash=hashed, sign_in_id=number)
                )
                found = _signed_in(connection, number)
            else:
                found = None
                stolen = connection.execute(spent).scalar()
                if stolen is not None:
                    connection.execute(delete(api_sign_ins).where(api_sign_ins.c.id == stolen))
        return self._granted(found, fresh, claims)

    def authenticate(self, access: str) -> SignedIn:
        """Who has this token, whose sign-in has not ended. Raises `Unauthenticated`."""
        import jwt  # noqa: PLC0415  (a third of a second, and memory, for who signs in here alone)

        try:
            claims = jwt.decode(
                access,
                self._key(),
                [_ALGORITHM],
                options={
                    "require": ["exp", "sub", "sid"],
                    "verify_exp": False,
                    "verify_iat": False,
                },
            )
            until, number = float(claims["exp"]), int(claims["sid"])
        except (jwt.InvalidTokenError, ValueError, TypeError):
            raise Unauthenticated from None
        if until <= self._clock().timestamp():
            raise Unauthenticated
        found = self._database.memory.remember(("api sign-in", number), lambda: self._find(number))
        if found is None or str(found.user.id) != claims["sub"]:
            raise Unauthenticated
        return found

    def all_of(self, user: UserId) -> tuple[ApiSignIn, ...]:
        """Those that are not over, the newest first."""
        now = self._clock()
        query = select(api_sign_ins).where(
            api_sign_ins.c.user_id == user,
            api_sign_ins.c.last_used_at > now - IDLE,
            api_sign_ins.c.created_at > now - LONGEST,
        )
        with self._database.reading() as connection:
            return tuple(
                ApiSignIn(row.id, Device(row.browser, row.system), row.created_at, row.last_used_at)
                for row in connection.execute(query.order_by(api_sign_ins.c.id.desc()))
            )

    def end(self, user: UserId, sign_in: int) -> None:
        """Raises `SessionNotFound`, also for one of somebody else."""
        mine = (api_sign_ins.c.user_id == user) & (api_sign_ins.c.id == sign_in)
        with self._database.writing() as connection:
            if not connection.execute(delete(api_sign_ins).where(mine)).rowcount:
                raise SessionNotFound

    def end_all(self, user: UserId, but: int | None = None) -> int:
        """How many ended."""
        mine = api_sign_ins.c.user_id == user
        if but is not None:
            mine &= api_sign_ins.c.id != but
        with self._database.writing() as connection:
            return connection.execute(delete(api_sign_ins).where(mine)).rowcount

    def _granted(self, found: SignedIn | None, refresh: str, claims: Claims) -> Granted:
        import jwt  # noqa: PLC0415  (as above)

        if found is None:
            raise Unauthenticated
        now = self._clock()
        said = {
            **claims(found),
            "sub": str(found.user.id),
            "email": found.user.email,
            "sid": found.sign_in,
            "iat": int(now.timestamp()),
            "exp": int((now + ACCESS_VALID).timestamp()),
        }
        access = jwt.encode(said, self._key(), _ALGORITHM)
        return Granted(found.sign_in, found.user, access, refresh)

    def _find(self, number: int) -> SignedIn | None:
        with self._database.reading() as connection:
            return _signed_in(connection, number)


def _signed_in(connection: Connection, number: int) -> SignedIn | None:
    joined = select(users).join(api_sign_ins, api_sign_ins.c.user_id == users.c.id)
    row = connection.execute(joined.where(api_sign_ins.c.id == number)).one_or_none()
    if row is None:
        return None
    user = UserId(row.id)
    theirs = tuple(
        Membership(each.id, role, abilities_in(connection, each.id, user, role))
        for each, role in organisations_of(connection, user)
        if not each.requires_second_factor or has_factor(connection, user)
    )
    if not theirs:
        return None
    return SignedIn(number, User(user, row.email, row.name, theirs[0].role, row.created_at), theirs)


def _hash(secret: str) -> str:
    return sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
