"""What somebody has beside a password: an authenticator app, passkeys, recovery codes.

Everything here is part of the caller's transaction.
"""

import secrets
from collections.abc import Iterable

from sqlalchemy import Connection, delete, func, insert, select

from leadline.access.model import UserId
from leadline.access.tables import authenticator_apps, identities, passkeys, recovery_codes
from leadline.passwords import hash_password, verify_password

RECOVERY_CODES = 10
_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
_LENGTH = 8


def has_factor(connection: Connection, user: UserId) -> bool:
    """Whether a password alone does not sign them in."""
    return any(
        connection.execute(select(table.c.user_id).where(table.c.user_id == user).limit(1)).first()
        for table in (authenticator_apps, passkeys)
    )


def new_recovery_codes() -> tuple[str, ...]:
    """Ten, such as `k3m9-x2qp`: no two begin with the same character.

    The first character tells which one is meant; the other seven have 34 bits, and are kept as
    slow hashes.
    """
    marks = secrets.SystemRandom().sample(_ALPHABET, RECOVERY_CODES)
    codes = (mark + "".join(map(secrets.choice, [_ALPHABET] * (_LENGTH - 1))) for mark in marks)
    return tuple(f"{code[:4]}-{code[4:]}" for code in codes)


def hashed_codes(codes: Iterable[str]) -> dict[str, str]:
    """Their hashes by their marks. Slow on purpose, so not for a transaction."""
    return {code[0]: hash_password(plain(code)) for code in codes}


def store_codes(connection: Connection, user: UserId, hashes: dict[str, str]) -> None:
    """In the place of those that there were."""
    forget_codes(connection, user)
    rows = [{"user_id": user, "mark": mark, "code_hash": hashed} for mark, hashed in hashes.items()]
    connection.execute(insert(recovery_codes), rows)


def forget_codes(connection: Connection, user: UserId) -> None:
    connection.execute(delete(recovery_codes).where(recovery_codes.c.user_id == user))


def codes_left(connection: Connection, user: UserId) -> int:
    query = select(func.count()).where(recovery_codes.c.user_id == user)
    return connection.execute(query).scalar_one()


def code_hash(connection: Connection, user: UserId, code: str) -> str | None:
    """Of the recovery code that begins as this one does."""
    query = select(recovery_codes.c.code_hash).where(
        recovery_codes.c.user_id == user, recovery_codes.c.mark == plain(code)[:1]
    )
    return connection.execute(query).scalar()


def fits(hashed: str, code: str) -> bool:
    """Slow on purpose, so not for a transaction."""
    return verify_password(hashed, plain(code))


def use_code(connection: Connection, user: UserId, hashed: str) -> bool:
    """Whether it was still there; it is not any more."""
    mine = (recovery_codes.c.user_id == user) & (recovery_codes.c.code_hash == hashed)
    return connection.execute(delete(recovery_codes).where(mine)).rowcount == 1


def forget_codes_of_nothing(connection: Connection, user: UserId) -> None:
    """Recovery codes stand for a factor: they go with the last one."""
    if not has_factor(connection, user):
        forget_codes(connection, user)


def forget_all(connection: Connection, user: UserId) -> None:
    """Whatever somebody has beside the password, and who they are at an OpenID provider."""
    for table in (authenticator_apps, passkeys, recovery_codes, identities):
        connection.execute(delete(table).where(table.c.user_id == user))


def plain(code: str) -> str:
    """As it is kept, however it was typed."""
    return "".join(code.lower().replace("-", " ").split())[:64]
