"""The events of one site: its hits by their names beside the rows that are kept of names."""

import re
from collections.abc import Iterable
from datetime import datetime
from hashlib import blake2b
from secrets import token_bytes
from string import ascii_uppercase
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, and_, delete, insert, select, update

from leadline.sites.errors import EventNotFound
from leadline.sites.model import Event, EventCurrency, Site, Tracked
from leadline.sites.tables import site_events

LETTERS = 16
"""Of an id, after the site's code: so many that no two names meet."""

_ID = re.compile(rf"[A-Z]{{5,8}}[A-Z]{{{LETTERS}}}")


def site_in_event_id(event_id: str) -> str | None:
    """The code of the site that an id speaks of; None for what is no event's id."""
    return event_id[:-LETTERS] if _ID.fullmatch(event_id) else None


class Known(NamedTuple):
    """A name with hits or a row. `is_there` unless it was deleted, and not sent since."""

    event: Event
    is_there: bool

    @property
    def place(self) -> tuple[datetime, str]:
        """In the order of creation."""
        return self.event.created_at, self.event.name


class Book:
    """All names as they were at one moment."""

    def __init__(self, connection: Connection, site: Site, tracked: Iterable[Tracked]) -> None:
        hits = {name: (first, last) for name, first, last in tracked}
        query = select(site_events).where(site_events.c.site_id == site.id)
        kept = {row.name: row for row in connection.execute(query)}
        self._known = {
            name: _known(site, name, hits.get(name), kept.get(name)) for name in hits | kept
        }

    def all(self) -> Iterable[Known]:
        """The deleted ones too, in no order."""
        return self._known.values()

    def find(self, name: str) -> Event | None:
        found = self._known.get(name)
        return found.event if found and found.is_there else None

    def named(self, name: str) -> Event:
        """Raises `EventNotFound`."""
        found = self.find(name)
        if found is None:
            raise EventNotFound(name)
        return found

    def with_id(self, event_id: str) -> Event:
        """Raises `EventNotFound`."""
        for event, is_there in self._known.values():
            if event.id == event_id and is_there:
                return event
        raise EventNotFound(event_id)


def _known(
    site: Site, name: str, hits: tuple[datetime, datetime] | None, row: Row[Any] | None
) -> Known:
    moments = [*([hits[0]] if hits else []), *([row.created_at] if row else [])]
    event = Event(
        id=row.public_id if row else id_of(site, name),
        name=name,
        currency=EventCurrency(row.currency) if row and row.currency else None,
        created_at=min(moments),
    )
    deleted_at = row.deleted_at if row else None
    return Known(event, deleted_at is None or (hits is not None and hits[1] > deleted_at))


def id_of(site: Site, name: str) -> str:
    """The id of an event that never was renamed."""
    return _id(site, blake2b(name.encode(), digest_size=LETTERS).digest())


def put(connection: Connection, site: Site, event: Event, **values: Any) -> None:
    """Change the row of an event, which is made if there is none."""
    row = _row(site, event.name)
    if connection.execute(update(site_events).where(row).values(**values)).rowcount:
        return
    made = {"name": event.name, "public_id": event.id, "created_at": event.created_at}
    connection.execute(insert(site_events).values({"site_id": site.id} | made | values))


def rename(connection: Connection, site: Site, event: Event, name: str, now: datetime) -> None:
    """Give an event the name of none. The old name is that of a deleted one with another id."""
    connection.execute(delete(site_events).where(_row(site, name)))
    put(connection, site, event, name=name, deleted_at=None)
    left = Event(_id(site, token_bytes(LETTERS)), event.name, None, now)
    put(connection, site, left, deleted_at=now)


def _row(site: Site, name: str) -> Any:
    return and_(site_events.c.site_id == site.id, site_events.c.name == name)


def _id(site: Site, digest: bytes) -> str:
    number = int.from_bytes(digest)
    return site.code + "".join(ascii_uppercase[number // 26**nth % 26] for nth in range(LETTERS))
