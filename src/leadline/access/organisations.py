"""The organisations, and the people in them."""

import re
from datetime import datetime
from typing import Any
from uuid import uuid4

import msgspec
from sqlalchemy import Connection, Row, Select, delete, insert, select, update

from leadline.access.errors import (
    EmailTaken,
    InvalidEmail,
    InvalidUserName,
    InvalidUserPassword,
    LastOwner,
    UserNotFound,
)
from leadline.access.model import CONTROL_CHARACTER, Organisation, Role, User, UserId
from leadline.access.tables import memberships, organisations, sessions, users
from leadline.clock import Clock, utc_now
from leadline.database import Database, insert_row
from leadline.passwords import hash_password, is_text
from leadline.sites import OrganisationId

PASSWORD_LENGTHS = range(12, 129)
USER_NAME_LENGTH = 255
EMAIL_LENGTH = 254
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,189}")


class Organisations:
    """Every method is one transaction."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    def first(self) -> Organisation:
        """The organisation that a first start makes: zone UTC, currency EUR."""
        oldest = select(organisations).order_by(organisations.c.id).limit(1)
        with self._database.reading() as connection:
            row = connection.execute(oldest).one_or_none()
        if row is None:
            with self._database.writing() as connection:
                row = connection.execute(oldest).one_or_none()  # somebody may have been quicker
                if row is None:
                    connection.execute(
                        insert(organisations).values(
                            uuid=str(uuid4()),
                            name="Leadline",
                            timezone="UTC",
                            currency="EUR",
                            created_at=self._clock(),
                        )
                    )
                    row = connection.execute(oldest).one()
        return Organisation(**row._mapping)

    def get(self, organisation: OrganisationId) -> Organisation:
        query = select(organisations).where(organisations.c.id == organisation)
        with self._database.reading() as connection:
            return Organisation(**connection.execute(query).one()._mapping)

    def owner(self, organisation: OrganisationId) -> User | None:
        """The owner who has been there longest, if there is one yet."""
        owners = _members(organisation).where(memberships.c.role == Role.OWNER)
        query = owners.order_by(users.c.id).limit(1)
        with self._database.reading() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else user_in(row)

    def add_user(
        self, organisation: OrganisationId, *, email: str, password: str, role: Role, name: str = ""
    ) -> User:
        """Raises `InvalidUser`, `EmailTaken`."""
        new = new_user(email, password, name)
        with self._database.writing() as connection:
            return add_member(connection, organisation, new, role, self._clock())

    def people(self, organisation: OrganisationId) -> tuple[User, ...]:
        """Everybody who may sign in, in order of creation."""
        query = _members(organisation).order_by(users.c.id)
        with self._database.reading() as connection:
            return tuple(user_in(row) for row in connection.execute(query))

    def find(self, organisation: OrganisationId, email: str) -> User:
        """Raises `UserNotFound`."""
        with self._database.reading() as connection:
            return _member(connection, organisation, email)

    def require_second_factor(self, organisation: OrganisationId, is_required: bool) -> None:
        """Whether all of its people have to have one: whoever has none has to set one up first."""
        theirs = organisations.c.id == organisation
        values = {"requires_second_factor": is_required}
        with self._database.writing() as connection:
            connection.execute(update(organisations).where(theirs).values(values))

    def set_password(self, organisation: OrganisationId, email: str, password: str) -> User:
        """Ends the person's sessions too. Raises `InvalidUser`, `UserNotFound`."""
        hashed = checked_hash(password)
        with self._database.writing() as connection:
            user = _member(connection, organisation, email)
            mine = users.c.id == user.id
            connection.execute(update(users).where(mine).values(password_hash=hashed))
            connection.execute(delete(sessions).where(sessions.c.user_id == user.id))
        return user

    def set_email(self, user: UserId, email: str) -> None:
        """The address that they sign in with from now on. Raises `InvalidEmail`, `EmailTaken`."""
        _check_email(email)
        key = email_key(email)
        with self._database.writing() as connection:
            others = (users.c.email_key == key) & (users.c.id != user)
            if connection.execute(select(users.c.id).where(others)).first():
                raise EmailTaken(email)
            values = {"email": email, "email_key": key}
            connection.execute(update(users).where(users.c.id == user).values(values))

    def rename_user(self, user: UserId, name: str) -> User:
        """Raises `InvalidUserName`, `UserNotFound`."""
        checked = checked_name(name)
        mine = users.c.id == user
        query = select(users, memberships.c.role).join(memberships).where(mine).limit(1)
        with self._database.writing() as connection:
            connection.execute(update(users).where(mine).values(name=checked))
            row = connection.execute(query).one_or_none()
        if row is None:
            raise UserNotFound(str(user))
        return user_in(row)

    def remove_user(self, organisation: OrganisationId, email: str) -> User:
        """At once, signed in or not. Raises `UserNotFound`, `LastOwner`."""
        with self._database.writing() as connection:
            user = _member(connection, organisation, email)
            owners = _members(organisation).where(memberships.c.role == Role.OWNER)
            others = owners.where(users.c.id != user.id).limit(1)
            if user.role is Role.OWNER and connection.execute(others).first() is None:
                raise LastOwner(user.email)
            connection.execute(delete(users).where(users.c.id == user.id))
        return user


class NewUser(msgspec.Struct, frozen=True):
    """Somebody whose values are right, on the way into a transaction."""

    email: str
    name: str
    password_hash: str


def new_user(email: str, password: str, name: str) -> NewUser:
    """Slow on purpose, so not inside a transaction. Raises `InvalidUser`."""
    _check_email(email)
    name = checked_name(name or email.partition("@")[0])
    return NewUser(email, name, checked_hash(password))


def checked_name(name: str) -> str:
    """Raises `InvalidUserName`."""
    if not name.strip() or len(name) > USER_NAME_LENGTH or CONTROL_CHARACTER.search(name):
        raise InvalidUserName
    return name


def add_member(
    connection: Connection, organisation: OrganisationId, new: NewUser, role: Role, now: datetime
) -> User:
    """Raises `EmailTaken`."""
    key = email_key(new.email)
    if connection.execute(select(users.c.id).where(users.c.email_key == key)).first():
        raise EmailTaken(new.email)
    values = msgspec.structs.asdict(new) | {"email_key": key, "created_at": now}
    user_id = insert_row(connection, users, **values)
    connection.execute(
        insert(memberships).values(organisation_id=organisation, user_id=user_id, role=role)
    )
    return User(UserId(user_id), new.email, new.name, role, now)


def email_key(email: str) -> str:
    """The address as it is looked up; what no database can hold is nobody's."""
    return "" if CONTROL_CHARACTER.search(email) else email.lower()


def has_owner(connection: Connection, organisation: OrganisationId) -> bool:
    query = _members(organisation).where(memberships.c.role == Role.OWNER).limit(1)
    return connection.execute(query).first() is not None


def user_in(row: Row[Any]) -> User:
    return User(UserId(row.id), row.email, row.name, Role(row.role), row.created_at)


def _check_email(email: str) -> None:
    key = email.lower()  # which may be longer
    if not _EMAIL.fullmatch(email) or len(key) > EMAIL_LENGTH or not key.isprintable():
        raise InvalidEmail(email)


def checked_hash(password: str) -> str:
    """Slow on purpose, so not inside a transaction. Raises `InvalidUserPassword`."""
    if len(password) not in PASSWORD_LENGTHS or not is_text(password):
        raise InvalidUserPassword
    return hash_password(password)


def _members(organisation: OrganisationId) -> Select[Any]:
    joined = select(users, memberships.c.role).join(memberships)
    return joined.where(memberships.c.organisation_id == organisation)


def _member(connection: Connection, organisation: OrganisationId, email: str) -> User:
    query = _members(organisation).where(users.c.email_key == email_key(email))
    row = connection.execute(query).one_or_none()
    if row is None:
        raise UserNotFound(email)
    return user_in(row)
