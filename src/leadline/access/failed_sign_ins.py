"""Failed sign-ins on their way into the audit log."""

from collections import Counter
from threading import Lock

from sqlalchemy import Connection, select

from leadline.access.audit import Actor, AuditLog, Change
from leadline.access.errors import RateLimited
from leadline.access.failures import Reason
from leadline.access.model import User, UserId
from leadline.access.organisations import email_key, organisations_of, user_in
from leadline.access.tables import memberships, users
from leadline.access.throttle import Throttle
from leadline.database import Database

ACTION = "session.refuse"
MOST_WAITING = 1_000
MOST_AN_HOUR = 30
"""Entries about one account."""


class FailedSignIns:
    """Noted in memory, whether there is such an account or not, and written down a little later: so
    the time of an answer tells nothing. Alike ones are one entry with their number.

    No attacker fills the disk or the memory: what is beyond the bounds is dropped.
    """

    def __init__(self, database: Database, audit: AuditLog) -> None:
        self._database = database
        self._audit = audit
        self._lock = Lock()
        self._waiting: Counter[tuple[str | UserId, str, Reason]] = Counter()
        self._by_account = Throttle.per_hour(MOST_AN_HOUR)

    def note(self, who: str | UserId, address: str, reason: Reason) -> None:
        key = (email_key(who) if isinstance(who, str) else who, address, reason)
        with self._lock:
            if key in self._waiting or len(self._waiting) < MOST_WAITING:
                self._waiting[key] += 1

    def write(self) -> None:
        """Write down what was noted, in every organisation of the account that it was about."""
        with self._lock:
            waiting, self._waiting = self._waiting, Counter()
        for (who, address, reason), attempts in waiting.items():
            with self._database.reading() as connection:
                user = _user(connection, who)
                theirs = () if user is None else organisations_of(connection, user.id)
            if user is None or not self._has_room(user):
                continue
            actor = Actor.of_user(user, address)
            details = {"reason": reason.value, "attempts": attempts}
            for organisation, _ in theirs:
                self._audit.record(
                    organisation.id, actor, Change(ACTION, user.email, None, details)
                )

    def _has_room(self, user: User) -> bool:
        try:
            self._by_account.spend(str(user.id))
        except RateLimited:
            return False
        return True


def _user(connection: Connection, who: str | UserId) -> User | None:
    """The account, with the role of any of its organisations."""
    mine = users.c.email_key == who if isinstance(who, str) else users.c.id == who
    query = select(users, memberships.c.role).join(memberships).where(mine).limit(1)
    row = connection.execute(query).one_or_none()
    return None if row is None else user_in(row)
