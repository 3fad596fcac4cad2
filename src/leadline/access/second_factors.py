"""The second factor: codes of an authenticator app (RFC 6238), and recovery codes in its place.

A passkey is both factors at once, see `leadline.access.passkeys`; whoever has one has recovery
codes too, and is asked for more than a password as well.
"""

import hmac
import re
from datetime import datetime, timedelta

import msgspec
import pyotp
from sqlalchemy import Connection, delete, func, insert, select, update

from leadline.access.errors import NoSecondFactor, RateLimited, Stale, WrongCode
from leadline.access.factors import (
    code_hash,
    codes_left,
    fits,
    forget_all,
    forget_codes_of_nothing,
    has_factor,
    hashed_codes,
    new_recovery_codes,
    plain,
    store_codes,
    use_code,
)
from leadline.access.failures import Failed, Reason
from leadline.access.model import Device, User, UserId
from leadline.access.seals import Seals
from leadline.access.sessions import open_session
from leadline.access.tables import authenticator_apps, passkeys, sessions
from leadline.access.throttle import HOUR, MINUTE, Throttle
from leadline.access.vouchers import Purpose, holder, use_up
from leadline.clock import Clock, utc_now
from leadline.database import Database
from leadline.network import subscriber

SET_UP_VALID = timedelta(minutes=30)
DRIFT = 1
"""Steps of 30 seconds by which a clock may be wrong, either way."""
_CODE = re.compile(r"[0-9]{6}")
_SET_UP = "authenticator app"


class FactorState(msgspec.Struct, frozen=True):
    """What somebody has beside a password; `app_since` is when the app was set up, in UTC."""

    app_since: datetime | None
    passkeys: int
    recovery_codes: int

    @property
    def is_on(self) -> bool:
        return self.app_since is not None or self.passkeys > 0


class NewApp(msgspec.Struct, frozen=True):
    """What an authenticator app has to be told: the secret in base32, or the `otpauth:` address.

    `seal` goes with the first code to `turn_on`, within 30 minutes.
    """

    secret: str
    address: str
    seal: str


class _SetUp(msgspec.Struct, frozen=True, array_like=True):
    user: int
    secret: str


class SecondFactors:
    """Each client has 10 attempts in 15 minutes, each user 10 an hour, counted in this process.

    A code is accepted once. Whatever turns a factor on or off ends no session. `failed` is told of
    sign-ins that were not good.
    """

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock
        self._seals = Seals(database, clock)
        self._by_address = Throttle(10, 15 * MINUTE)
        self._by_user = Throttle(10, HOUR)
        self.failed: Failed = lambda who, address, reason: None

    def state(self, user: UserId) -> FactorState:
        since = select(authenticator_apps.c.created_at).where(authenticator_apps.c.user_id == user)
        keys = select(func.count()).where(passkeys.c.user_id == user)
        with self._database.reading() as connection:
            return FactorState(
                connection.execute(since).scalar(),
                connection.execute(keys).scalar_one(),
                codes_left(connection, user),
            )

    def offer(self, user: User, issuer: str) -> NewApp:
        """A secret for an app, which shows `issuer` beside the code. Nothing is stored yet."""
        secret = pyotp.random_base32()
        seal = self._seals.seal(_SET_UP, _SetUp(user.id, secret), SET_UP_VALID)
        return self.offered(user, issuer, seal)

    def offered(self, user: User, issuer: str, seal: str) -> NewApp:
        """What was offered under this seal. Raises `Stale`."""
        secret = self._opened(user.id, seal)
        address = pyotp.TOTP(secret).provisioning_uri(name=user.email, issuer_name=issuer)
        return NewApp(secret, address, seal)

    def turn_on(self, user: UserId, seal: str, code: str, *, address: str) -> tuple[str, ...]:
        """Ask for codes of the offered secret from now on, in the place of one before.

        Answers recovery codes, which are shown this once, unless the user has some already. Raises
        `Stale`, `WrongCode`, `RateLimited`.
        """
        secret = self._opened(user, seal)
        self._count(user, address)
        step = self._step_of(secret, code, 0)
        if step is None:
            raise WrongCode
        fresh = new_recovery_codes()
        hashes = hashed_codes(fresh)
        with self._database.writing() as connection:
            has_codes = codes_left(connection, user) > 0
            mine = authenticator_apps.c.user_id == user
            connection.execute(delete(authenticator_apps).where(mine))
            values = {"user_id": user, "secret": secret, "last_step": step}
            connection.execute(
                insert(authenticator_apps).values(created_at=self._clock(), **values)
            )
            if not has_codes:
                store_codes(connection, user, hashes)
        return () if has_codes else fresh

    def turn_off(self, user: UserId, code: str, *, address: str) -> None:
        """Ask for no codes of an app any more. The caller has checked the password.

        Raises `WrongCode`, `RateLimited`.
        """
        self._count(user, address)
        found = self._checked(user, code)
        with self._database.writing() as connection:
            self._use(connection, user, found)
            mine = authenticator_apps.c.user_id == user
            connection.execute(delete(authenticator_apps).where(mine))
            forget_codes_of_nothing(connection, user)

    def renew_recovery_codes(self, user: UserId) -> tuple[str, ...]:
        """Ten new ones, shown this once; those of before are over. Raises `NoSecondFactor`."""
        if not self.state(user).is_on:  # asked first, as hashes are slow
            raise NoSecondFactor
        fresh = new_recovery_codes()
        hashes = hashed_codes(fresh)
        with self._database.writing() as connection:
            if not has_factor(connection, user):
                raise NoSecondFactor
            store_codes(connection, user, hashes)
        return fresh

    def pending(self, pending: str) -> FactorState:
        """What somebody has who has given a password. Raises `Stale`."""
        with self._database.reading() as connection:
            user = holder(connection, Purpose.SECOND_STEP, pending, self._clock())
        return self.state(user)

    def sign_in(
        self, pending: str, code: str, *, address: str, device: Device | None = None
    ) -> str:
        """The secret of a new session of whoever `SecondFactorNeeded` was raised for.

        `code` is of the app, or a recovery code. Raises `Stale`, also if the password was
        changed since; `WrongCode`, `RateLimited`.
        """
        with self._database.reading() as connection:
            user = holder(connection, Purpose.SECOND_STEP, pending, self._clock())
        try:
            return self._sign_in(user, pending, code, address, device)
        except WrongCode:
            self.failed(user, address, Reason.SECOND_FACTOR)
            raise
        except RateLimited as error:
            if error.is_first:
                self.failed(user, address, Reason.THROTTLED)
            raise

    def _sign_in(
        self, user: UserId, pending: str, code: str, address: str, device: Device | None
    ) -> str:
        self._count(user, address)
        found = self._checked(user, code)
        with self._database.writing() as connection:
            user = holder(connection, Purpose.SECOND_STEP, pending, self._clock())
            self._use(connection, user, found)
            use_up(connection, pending)
            return open_session(connection, user, self._clock(), device)

    def reset(self, user: UserId) -> None:
        """Forget every factor of somebody who has lost them, and end their sessions."""
        with self._database.writing() as connection:
            forget_all(connection, user)
            connection.execute(delete(sessions).where(sessions.c.user_id == user))

    def _count(self, user: UserId, address: str) -> None:
        self._by_address.spend(subscriber(address))
        self._by_user.spend(str(user))

    def _opened(self, user: UserId, seal: str) -> str:
        set_up = self._seals.open(_SET_UP, seal, _SetUp)
        if set_up.user != user:
            raise Stale
        return set_up.secret

    def _checked(self, user: UserId, code: str) -> int | str:
        """The step of an app's code, or the hash of a recovery code. Raises `WrongCode`."""
        app = select(authenticator_apps).where(authenticator_apps.c.user_id == user)
        with self._database.reading() as connection:
            row = connection.execute(app).one_or_none()
            hashed = code_hash(connection, user, code)
        step = None if row is None else self._step_of(row.secret, code, row.last_step)
        if step is not None:
            return step
        if hashed is not None and fits(hashed, code):
            return hashed
        raise WrongCode

    def _use(self, connection: Connection, user: UserId, found: int | str) -> None:
        """Raises `WrongCode` if somebody was quicker."""
        if isinstance(found, str):
            used = use_code(connection, user, found)
        else:
            older = (authenticator_apps.c.user_id == user) & (
                authenticator_apps.c.last_step < found
            )
            newest = update(authenticator_apps).where(older).values(last_step=found)
            used = connection.execute(newest).rowcount == 1
        if not used:
            raise WrongCode

    def _step_of(self, secret: str, code: str, last: int) -> int | None:
        """The step of 30 seconds, after `last`, that the code is of."""
        code = plain(code)
        if not _CODE.fullmatch(code):
            return None
        totp = pyotp.TOTP(secret)
        now = totp.timecode(self._clock())
        for step in range(now - DRIFT, now + DRIFT + 1):
            if step > last and hmac.compare_digest(totp.generate_otp(step), code):
                return step
        return None
