"""A new password for somebody who has forgotten the old one, by a link that is sent to them."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import delete, select, update

from leadline.access.errors import RateLimited, Stale
from leadline.access.model import User
from leadline.access.organisations import (
    checked_hash,
    email_key,
    members,
    organisations_of,
    user_in,
)
from leadline.access.tables import memberships, sessions, users
from leadline.access.throttle import HOUR, MINUTE, Throttle
from leadline.access.vouchers import Purpose, give, holder, use_up
from leadline.clock import Clock, utc_now
from leadline.database import Database
from leadline.logs import logger
from leadline.network import subscriber
from leadline.sites import OrganisationId

log = logger(__name__)

PATH = "/reset/"

SendReset = Callable[[User, str], None]
"""Takes who has forgotten a password, and the link for them."""


class PasswordResets:
    """A link is valid for an hour and for one new password; another address ends it too.

    Links lead to `public_url` alone: what a request says of its host may come from anybody. Without
    one, or while nobody has set `send_reset`, there are none.
    """

    def __init__(self, database: Database, public_url: str | None, clock: Clock = utc_now) -> None:
        self._database = database
        self._public_url = public_url
        self._clock = clock
        self._by_address = Throttle(10, 15 * MINUTE)
        self._by_account = Throttle(3, HOUR)
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="password-resets")
        self.send_reset: SendReset | None = None

    @property
    def are_sent(self) -> bool:
        return self.send_reset is not None and self._public_url is not None

    def ask(self, email: str, *, address: str) -> None:
        """Send a link to whoever has this e-mail address, three an hour at most.

        Nothing tells whether there is such a person, nor how long it takes: all of it happens
        afterwards. Raises `RateLimited` for a client that asks too often.
        """
        self._by_address.spend(subscriber(address))
        if self.are_sent:
            self._worker.submit(self._send, email)

    def check(self, secret: str) -> tuple[User, OrganisationId]:
        """Whose link it is, and the first organisation that they are in. Raises `Stale`."""
        with self._database.reading() as connection:
            user = holder(connection, Purpose.PASSWORD_RESET, secret, self._clock())
            first = next(iter(organisations_of(connection, user)), None)
            if first is None:
                raise Stale
            organisation = first[0].id
            theirs = members(organisation).where(users.c.id == user)
            return user_in(connection.execute(theirs).one()), organisation

    def reset(self, secret: str, password: str) -> None:
        """Set a new password, and end all sessions. Raises `Stale`, `InvalidUser`.

        A second factor stays.
        """
        self.check(secret)
        hashed = checked_hash(password)
        with self._database.writing() as connection:
            user = holder(connection, Purpose.PASSWORD_RESET, secret, self._clock())
            use_up(connection, secret)
            mine = users.c.id == user
            connection.execute(update(users).where(mine).values(password_hash=hashed))
            connection.execute(delete(sessions).where(sessions.c.user_id == user))

    def close(self) -> None:
        self._worker.shutdown()

    def _send(self, email: str) -> None:
        try:
            self._by_account.spend(email.lower()[:254])
            theirs = users.c.email_key == email_key(email)
            joined = select(users, memberships.c.role).join(memberships).where(theirs)
            with self._database.writing() as connection:
                row = connection.execute(joined.order_by(users.c.id).limit(1)).one_or_none()
                if row is None:
                    return
                user = user_in(row)
                secret = give(connection, Purpose.PASSWORD_RESET, user.id, self._clock())
            if self.send_reset is not None:
                self.send_reset(user, f"{self._public_url}{PATH}{secret}")
        except RateLimited:
            return
        except Exception as error:
            log.error("no link to a new password", exc_info=error)
