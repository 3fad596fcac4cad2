"""The organisations, and the people in them."""

import itertools
import re
from datetime import datetime
from typing import Any
from uuid import uuid4

import msgspec
from sqlalchemy import Connection, Row, Select, delete, insert, select, update

from leadline.access.errors import (
    ConfirmationFailed,
    EmailTaken,
    InvalidEmail,
    InvalidOrganisationName,
    InvalidUserName,
    InvalidUserPassword,
    LastOrganisation,
    LastOwner,
    NotAllowed,
    OrganisationNotFound,
    UserNotFound,
)
from leadline.access.model import CONTROL_CHARACTER, Organisation, Role, User, UserId
from leadline.access.tables import (
    member_invitations,
    memberships,
    organisations,
    sessions,
    tokens,
    users,
)
from leadline.clock import Clock, utc_now
from leadline.database import Database, insert_row
from leadline.passwords import hash_password, is_text
from leadline.sites import (
    RESERVED,
    OrganisationId,
    Sites,
    check_currency,
    check_timezone,
    numbered,
    slug_of,
)

PASSWORD_LENGTHS = range(12, 129)
USER_NAME_LENGTH = 255
ORGANISATION_NAME_LENGTH = 255
EMAIL_LENGTH = 254
_SLUG = re.compile(r"[a-z0-9_-]{1,64}")
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,189}")


class Organisations:
    """Every method is one transaction."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    def first(self) -> Organisation:
        """The organisation that a first start makes: zone UTC, currency EUR."""
        oldest = _living().order_by(organisations.c.id).limit(1)
        with self._database.reading() as connection:
            row = connection.execute(oldest).one_or_none()
        if row is None:
            with self._database.writing() as connection:
                row = connection.execute(oldest).one_or_none()  # somebody may have been quicker
                if row is None:
                    _insert(connection, "Leadline", "UTC", "EUR", self._clock())
                    row = connection.execute(oldest).one()
        return Organisation(**row._mapping)

    def get(self, organisation: OrganisationId) -> Organisation:
        query = select(organisations).where(organisations.c.id == organisation)
        with self._database.reading() as connection:
            return Organisation(**connection.execute(query).one()._mapping)

    def named(self, slug: str) -> Organisation:
        """The one with this slug. Raises `OrganisationNotFound`, also for one that is deleted."""
        if not _SLUG.fullmatch(slug):
            raise OrganisationNotFound(slug)
        query = _living().where(organisations.c.slug == slug)
        with self._database.reading() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            raise OrganisationNotFound(slug)
        return Organisation(**row._mapping)

    def of(self, user: UserId) -> tuple[tuple[Organisation, Role], ...]:
        """Those that somebody is in, with their role, in order of creation."""
        with self._database.reading() as connection:
            return organisations_of(connection, user)

    def create(self, name: str, owner: UserId, *, like: Organisation) -> Organisation:
        """A new one, with zone and currency of another; its slug is made of its name.

        Raises `InvalidOrganisationName`, `NotAllowed` for whoever owns no organisation yet.
        """
        _check_name(name)
        now = self._clock()
        with self._database.writing() as connection:
            if all(role is not Role.OWNER for _, role in organisations_of(connection, owner)):
                raise NotAllowed
            made = _insert(connection, name, like.timezone, like.currency, now)
            insert_membership(connection, made, owner, Role.OWNER, now)
            query = select(organisations).where(organisations.c.id == made)
            return Organisation(**connection.execute(query).one()._mapping)

    def change(
        self,
        organisation: OrganisationId,
        *,
        by: Role,
        name: str | None = None,
        timezone: str | None = None,
        currency: str | None = None,
    ) -> Organisation:
        """Zone and currency are what new sites begin with, and checked like a site's.

        Raises `NotAllowed` unless `by` an owner, `InvalidOrganisationName`, `InvalidTimezone`,
        `InvalidCurrency`.
        """
        _check_owner(by)
        values: dict[str, object] = {"updated_at": self._clock()}
        if name is not None:
            values["name"] = _check_name(name)
        if timezone is not None:
            values["timezone"] = check_timezone(timezone)
        if currency is not None:
            values["currency"] = check_currency(currency)
        mine = organisations.c.id == organisation
        with self._database.writing() as connection:
            connection.execute(update(organisations).where(mine).values(values))
            query = select(organisations).where(mine)
            return Organisation(**connection.execute(query).one()._mapping)

    def delete(self, organisation: OrganisationId, name: str, *, by: Role, sites: Sites) -> None:
        """At once: nobody is in it any more, its sites count nothing, its tokens open nothing.

        Whoever was in no other has no account any more. Sites and their hits are kept, for
        whoever runs the server. Raises `NotAllowed` unless `by` an owner, `ConfirmationFailed`
        unless `name` is its name, `LastOrganisation`.
        """
        _check_owner(by)
        sites.deactivate_all(
            organisation, lambda connection: self._delete(connection, organisation, name)
        )

    def _delete(self, connection: Connection, organisation: OrganisationId, name: str) -> None:
        now, living = self._clock(), connection.execute(_living()).all()
        mine = [row for row in living if row.id == organisation]
        if not mine or mine[0].name != name:
            raise ConfirmationFailed
        if len(living) == 1:
            raise LastOrganisation
        its = organisations.c.id == organisation
        connection.execute(update(organisations).where(its).values(deleted_at=now, updated_at=now))
        theirs = (tokens.c.organisation_id == organisation) & tokens.c.revoked_at.is_(None)
        revoked = {"revoked_at": now, "updated_at": now}
        connection.execute(update(tokens).where(theirs).values(revoked))
        invited = member_invitations.c.organisation_id == organisation
        connection.execute(delete(member_invitations).where(invited))
        for row in connection.execute(members(organisation)).all():
            end_membership(connection, organisation, user_in(row))

    def owner(self, organisation: OrganisationId) -> User | None:
        """The owner who has been there longest, if there is one yet."""
        owners = members(organisation).where(memberships.c.role == Role.OWNER)
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
        query = members(organisation).order_by(users.c.id)
        with self._database.reading() as connection:
            return tuple(user_in(row) for row in connection.execute(query))

    def find(self, organisation: OrganisationId, email: str) -> User:
        """Raises `UserNotFound`."""
        with self._database.reading() as connection:
            return member(connection, organisation, email)

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
            user = member(connection, organisation, email)
            mine = users.c.id == user.id
            connection.execute(update(users).where(mine).values(password_hash=hashed))
            connection.execute(delete(sessions).where(sessions.c.user_id == user.id))
        return user

    def set_email(self, user: UserId, email: str) -> None:
        """The address that they sign in with from now on. Raises `InvalidEmail`, `EmailTaken`."""
        check_email(email)
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
        """At once, signed in or not; the account goes with their last organisation.

        Raises `UserNotFound`, `LastOwner`.
        """
        with self._database.writing() as connection:
            user = member(connection, organisation, email)
            check_not_last_owner(connection, organisation, user)
            end_membership(connection, organisation, user)
        return user


class NewUser(msgspec.Struct, frozen=True):
    """Somebody whose values are right, on the way into a transaction."""

    email: str
    name: str
    password_hash: str


def new_user(email: str, password: str, name: str) -> NewUser:
    """Slow on purpose, so not inside a transaction. Raises `InvalidUser`."""
    check_email(email)
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
    insert_membership(connection, organisation, UserId(user_id), role, now)
    return User(UserId(user_id), new.email, new.name, role, now)


def insert_membership(
    connection: Connection, organisation: OrganisationId, user: UserId, role: Role, now: datetime
) -> None:
    values = {"organisation_id": organisation, "user_id": user, "role": role, "created_at": now}
    connection.execute(insert(memberships).values(values))


def end_membership(connection: Connection, organisation: OrganisationId, user: User) -> None:
    """Without asking whether they are the last owner; an account ends with the last membership."""
    theirs = memberships.c.user_id == user.id
    here = theirs & (memberships.c.organisation_id == organisation)
    connection.execute(delete(memberships).where(here))
    invited = (member_invitations.c.organisation_id == organisation) & (
        member_invitations.c.email_key == email_key(user.email)
    )
    connection.execute(delete(member_invitations).where(invited))
    if connection.execute(select(memberships.c.user_id).where(theirs).limit(1)).first() is None:
        connection.execute(delete(users).where(users.c.id == user.id))


def check_not_last_owner(connection: Connection, organisation: OrganisationId, user: User) -> None:
    """Raises `LastOwner`."""
    owners = members(organisation).where(memberships.c.role == Role.OWNER)
    others = owners.where(users.c.id != user.id).limit(1)
    if user.role is Role.OWNER and connection.execute(others).first() is None:
        raise LastOwner(user.email)


def organisations_of(connection: Connection, user: UserId) -> tuple[tuple[Organisation, Role], ...]:
    """Those that the user is in, and their role there, in order of creation."""
    query = (
        select(organisations, memberships.c.role)
        .join(memberships)
        .where(memberships.c.user_id == user, organisations.c.deleted_at.is_(None))
        .order_by(organisations.c.id)
    )
    found = []
    for row in connection.execute(query):
        columns = dict(row._mapping)
        role = Role(columns.pop("role"))
        found.append((Organisation(**columns), role))
    return tuple(found)


def email_key(email: str) -> str:
    """The address as it is looked up; what no database can hold is nobody's."""
    return "" if CONTROL_CHARACTER.search(email) else email.lower()


def has_owner(connection: Connection, organisation: OrganisationId) -> bool:
    query = members(organisation).where(memberships.c.role == Role.OWNER).limit(1)
    return connection.execute(query).first() is not None


def user_in(row: Row[Any]) -> User:
    return User(UserId(row.id), row.email, row.name, Role(row.role), row.created_at)


def check_email(email: str) -> None:
    key = email.lower()  # which may be longer
    if not _EMAIL.fullmatch(email) or len(key) > EMAIL_LENGTH or not key.isprintable():
        raise InvalidEmail(email)


def checked_hash(password: str) -> str:
    """Slow on purpose, so not inside a transaction. Raises `InvalidUserPassword`."""
    if len(password) not in PASSWORD_LENGTHS or not is_text(password):
        raise InvalidUserPassword
    return hash_password(password)


def _living() -> Select[Any]:
    return select(organisations).where(organisations.c.deleted_at.is_(None))


def _insert(
    connection: Connection, name: str, timezone: str, currency: str, now: datetime
) -> OrganisationId:
    """A new organisation, whose slug nobody has or had."""
    wanted = slug_of(name, "organisation")
    taken = set(connection.execute(select(organisations.c.slug)).scalars()) | RESERVED
    further = (numbered(wanted, number) for number in itertools.count(2))
    slug = next(slug for slug in itertools.chain([wanted], further) if slug not in taken)
    return OrganisationId(
        insert_row(
            connection,
            organisations,
            uuid=str(uuid4()),
            name=name,
            slug=slug,
            timezone=timezone,
            currency=currency,
            created_at=now,
        )
    )


def _check_name(name: str) -> str:
    is_empty, is_long = not name.strip(), len(name) > ORGANISATION_NAME_LENGTH
    if is_empty or is_long or CONTROL_CHARACTER.search(name):
        raise InvalidOrganisationName
    return name


def _check_owner(by: Role) -> None:
    if by is not Role.OWNER:
        raise NotAllowed


def members(organisation: OrganisationId) -> Select[Any]:
    joined = select(users, memberships.c.role).join(memberships)
    return joined.where(memberships.c.organisation_id == organisation)


def member(connection: Connection, organisation: OrganisationId, email: str) -> User:
    query = members(organisation).where(users.c.email_key == email_key(email))
    row = connection.execute(query).one_or_none()
    if row is None:
        raise UserNotFound(email)
    return user_in(row)
