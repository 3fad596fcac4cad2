"""The organisations, and the people in them."""

import re
from uuid import uuid4

from sqlalchemy import Row, insert, select

from leadline.access.errors import EmailTaken, InvalidUser
from leadline.access.model import CONTROL_CHARACTER, Organisation, Role, User, UserId
from leadline.access.tables import memberships, organisations, users
from leadline.clock import Clock, utc_now
from leadline.database import Database, insert_row
from leadline.passwords import hash_password, is_text
from leadline.sites import OrganisationId

PASSWORD_LENGTHS = range(12, 129)
USER_NAME_LENGTH = 255
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
        query = (
            select(users, memberships.c.role)
            .join(memberships)
            .where(
                memberships.c.organisation_id == organisation,
                memberships.c.role == Role.OWNER,
            )
            .order_by(users.c.id)
            .limit(1)
        )
        with self._database.reading() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else _user(row)

    def add_user(
        self, organisation: OrganisationId, *, email: str, password: str, role: Role, name: str = ""
    ) -> User:
        """Raises `InvalidUser`, `EmailTaken`."""
        if not _EMAIL.fullmatch(email) or CONTROL_CHARACTER.search(email):
            raise InvalidUser(f"Not an e-mail address: {email[:254]}")
        if len(password) not in PASSWORD_LENGTHS or not is_text(password):
            raise InvalidUser("A password has 12 to 128 characters")
        now = self._clock()
        name = name or email.partition("@")[0]
        if len(name) > USER_NAME_LENGTH or CONTROL_CHARACTER.search(name):
            raise InvalidUser("A person's name has at most 255 characters, no control characters")
        hashed = hash_password(password)
        with self._database.writing() as connection:
            key = email.lower()
            if connection.execute(select(users.c.id).where(users.c.email_key == key)).first():
                raise EmailTaken(email)
            values = {"email": email, "email_key": key, "name": name, "password_hash": hashed}
            user_id = insert_row(connection, users, created_at=now, **values)
            connection.execute(
                insert(memberships).values(organisation_id=organisation, user_id=user_id, role=role)
            )
        return User(UserId(user_id), email, name, role, now)


def _user(row: Row[tuple[object, ...]]) -> User:
    return User(UserId(row.id), row.email, row.name, Role(row.role), row.created_at)
