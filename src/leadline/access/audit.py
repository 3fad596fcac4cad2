"""The audit log: who changed what, and when. Nothing of a visitor is in it, and no secret."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, Row, delete, func, insert, select

from leadline.access.callers import Caller
from leadline.access.model import CONTROL_CHARACTER, User, UserId
from leadline.access.tables import audit_entries
from leadline.clock import Clock, utc_now
from leadline.database import Database, noted
from leadline.sites import OrganisationId

SECRETS = (
    *("password", "secret", "token", "code", "current", "credential", "pending"),
    *("header", "webhook_url"),
)
"""What a field has in its name that is not written down."""
LONGEST_VALUE = 200
MOST_FIELDS = 30


class Actor(msgspec.Struct, frozen=True):
    """A person, a token, or a command: one without an id is not in the tables.

    `address` is the client's, of people alone.
    """

    name: str
    email: str | None = None
    user_id: int | None = None
    token_id: int | None = None
    address: str | None = None

    @classmethod
    def of_user(cls, user: User, address: str) -> "Actor":
        return cls(user.name, user.email, user.id, address=address)

    @classmethod
    def of_caller(cls, caller: Caller, address: str) -> "Actor":
        if caller.person is not None:
            return cls.of_user(caller.person.user, address)
        assert caller.token is not None
        return cls(caller.token.name, token_id=caller.token.id)


COMMAND = Actor("command line")


class Change(msgspec.Struct, frozen=True):
    """`action` is such as `segment.create`; `site` the slug of the site that it is about.

    `details` are the fields that were sent, and their values.
    """

    action: str
    resource_id: str = ""
    site: str | None = None
    details: Mapping[str, Any] = {}

    @property
    def resource_type(self) -> str:
        return self.action.partition(".")[0]


class AuditEntry(msgspec.Struct, frozen=True):
    id: int
    at: datetime
    actor: Actor
    change: Change


class Wanted(msgspec.Struct, frozen=True):
    """Which entries; `since` and `until` are moments, the latter is out."""

    action: str | None = None
    resource_type: str | None = None
    user_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None


class AuditLog:
    """Every method is one transaction."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    def noting(
        self, organisation: OrganisationId, actor: Actor, change: Change
    ) -> AbstractContextManager[None]:
        """Inside, the first change that is committed has an entry beside it."""

        def write(connection: Connection) -> None:
            self._write(connection, organisation, actor, change)

        return noted(write)

    def record(self, organisation: OrganisationId, actor: Actor, change: Change) -> None:
        """Of what changes nothing that is kept, such as signing in."""
        with self._database.writing() as connection:
            self._write(connection, organisation, actor, change)

    def entries(
        self, organisation: OrganisationId, wanted: Wanted, limit: int, offset: int = 0
    ) -> tuple[tuple[AuditEntry, ...], int]:
        """The newest first; and how many there are in all."""
        which = _conditions(organisation, wanted)
        newest = select(audit_entries).where(*which).order_by(audit_entries.c.id.desc())
        with self._database.reading() as connection:
            rows = connection.execute(newest.limit(limit).offset(offset)).all()
            count = connection.execute(
                select(func.count()).select_from(audit_entries).where(*which)
            ).scalar_one()
        return tuple(map(_entry, rows)), count

    def actions(self, organisation: OrganisationId) -> tuple[str, ...]:
        """Those that there are entries of, in alphabetical order."""
        query = select(audit_entries.c.action).distinct().order_by(audit_entries.c.action)
        mine = query.where(audit_entries.c.organisation_id == organisation)
        with self._database.reading() as connection:
            return tuple(connection.execute(mine).scalars())

    def newest(self) -> datetime | None:
        """When the last change was, of any organisation."""
        last = select(audit_entries.c.at).order_by(audit_entries.c.id.desc()).limit(1)
        with self._database.reading() as connection:
            return connection.execute(last).scalar()

    def forget(self, before: datetime) -> int:
        """How many entries were older, and are gone."""
        old = delete(audit_entries).where(audit_entries.c.at < before)
        with self._database.writing() as connection:
            return connection.execute(old).rowcount

    def _write(
        self, connection: Connection, organisation: OrganisationId, actor: Actor, change: Change
    ) -> None:
        connection.execute(
            insert(audit_entries).values(
                organisation_id=organisation,
                at=self._clock(),
                user_id=actor.user_id,
                token_id=actor.token_id,
                actor_name=actor.name[:255],
                actor_email=actor.email,
                address=actor.address,
                action=change.action,
                resource_id=change.resource_id[:255],
                site=change.site,
                details=msgspec.json.encode(told(change.details)).decode(),
            )
        )


def told(fields: Mapping[str, Any]) -> dict[str, Any]:
    """What may be written down of fields: no secrets, and no more than one can read."""
    found = {}
    for name, value in list(fields.items())[:MOST_FIELDS]:
        if any(each in name.lower() for each in SECRETS):
            continue
        text = value if isinstance(value, bool | int | float | None) else str(value)
        found[name] = text[:LONGEST_VALUE] if isinstance(text, str) else text
    return found


def _conditions(organisation: OrganisationId, wanted: Wanted) -> list[ColumnElement[bool]]:
    columns = audit_entries.c
    found = [columns.organisation_id == organisation]
    if wanted.action is not None:
        found.append(columns.action == CONTROL_CHARACTER.sub("", wanted.action))
    if wanted.resource_type is not None:
        kind = CONTROL_CHARACTER.sub("", wanted.resource_type)
        found.append(columns.action.startswith(f"{kind}.", autoescape=True))
    if wanted.user_id is not None:
        found.append(columns.user_id == UserId(wanted.user_id))
    if wanted.since is not None:
        found.append(columns.at >= wanted.since)
    if wanted.until is not None:
        found.append(columns.at < wanted.until)
    return found


def _entry(row: Row[Any]) -> AuditEntry:
    actor = Actor(row.actor_name, row.actor_email, row.user_id, row.token_id, row.address)
    details = msgspec.json.decode(row.details)
    return AuditEntry(row.id, row.at, actor, Change(row.action, row.resource_id, row.site, details))
