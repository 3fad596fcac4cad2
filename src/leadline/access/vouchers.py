"""Secrets that stand for somebody for a while: who has given a password, who may set a new one.

They are kept as hashes, so that whoever reads the database has none, and are over with the
password or the e-mail address that they were given for. Everything here is part of the caller's
transaction.
"""

import secrets
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from sqlalchemy import Connection, delete, insert, select

from leadline.access.errors import Stale
from leadline.access.model import UserId
from leadline.access.tables import users, vouchers


class Purpose(StrEnum):
    """What a voucher is good for, and for nothing else."""

    SECOND_STEP = "second step"
    PASSWORD_RESET = "password reset"


VALID = {
    Purpose.SECOND_STEP: timedelta(minutes=10),
    Purpose.PASSWORD_RESET: timedelta(hours=1),
}


def give(connection: Connection, purpose: Purpose, user: UserId, now: datetime) -> str:
    """The secret of a new one; those that are over go."""
    secret = secrets.token_urlsafe(32)
    connection.execute(delete(vouchers).where(vouchers.c.expires_at <= now))
    connection.execute(
        insert(vouchers).values(
            secret_hash=_hash(secret),
            purpose=purpose,
            user_id=user,
            credentials=_credentials(connection, user),
            expires_at=now + VALID[purpose],
        )
    )
    return secret


def holder(connection: Connection, purpose: Purpose, secret: str, now: datetime) -> UserId:
    """Whom it stands for. Raises `Stale`."""
    query = select(vouchers.c.user_id, vouchers.c.credentials).where(
        vouchers.c.secret_hash == _hash(secret),
        vouchers.c.purpose == purpose,
        vouchers.c.expires_at > now,
    )
    row = connection.execute(query).one_or_none()
    if row is None or row.credentials != _credentials(connection, row.user_id):
        raise Stale
    return UserId(row.user_id)


def use_up(connection: Connection, secret: str) -> None:
    connection.execute(delete(vouchers).where(vouchers.c.secret_hash == _hash(secret)))


def _credentials(connection: Connection, user: UserId) -> str:
    """A fingerprint of the address and the password, the same one set again being another."""
    query = select(users.c.email_key, users.c.password_hash).where(users.c.id == user)
    row = connection.execute(query).one()
    return _hash(f"{row.email_key} {row.password_hash}")


def _hash(secret: str) -> str:
    return sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
