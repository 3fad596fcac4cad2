"""The events of a site: what its hits are called, and what is known of a name beyond its hits.

An event is there from its first hit on, and nothing has to be stored for it: its id follows from
its name, so that who looks changes nothing. A row is kept once something is set, or deleted.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime

from msgspec import UNSET, UnsetType
from sqlalchemy import Connection

from leadline.clock import Clock, utc_now
from leadline.database import Database
from leadline.sites import rows
from leadline.sites.errors import EventTaken, UnknownCursor
from leadline.sites.event_book import Book, Known, id_of, put, rename
from leadline.sites.model import Event, EventCurrency, Listed, Site, SiteId, Tracked
from leadline.sites.names import check_name


class Events:
    """The events of every site. A method looks at the hits first, then it is one transaction.

    `tracked` answers what the events of a site are called; what it raises is raised on.
    """

    def __init__(
        self,
        database: Database,
        tracked: Callable[[SiteId], Iterable[Tracked]],
        clock: Clock = utc_now,
    ) -> None:
        self._database = database
        self._tracked = tracked
        self._clock = clock

    def page(
        self, site: Site, *, limit: int, after: str | None = None, before: str | None = None
    ) -> Listed[Event]:
        """Up to `limit` events next to a cursor, in order of creation, then of their names.

        The cursor is an event's id; that of a deleted one still marks its place. Raises
        `UnknownCursor`.
        """
        known = self._book(site).all()
        found = sorted((each for each in known if each.is_there), key=lambda each: each.place)
        if before is not None:
            end = _place_of(known, before)
            found = [each for each in found if each.place < end]
            chosen = found[-limit:]
        else:
            if after is not None:
                begin = _place_of(known, after)
                found = [each for each in found if each.place > begin]
            chosen = found[:limit]
        return Listed(tuple(each.event for each in chosen), has_more=len(found) > limit)

    def get(self, site: Site, event_id: str) -> Event:
        """Raises `EventNotFound`."""
        return self._book(site).with_id(event_id)

    def create(self, site: Site, name: str, currency: EventCurrency | None = None) -> Event:
        """The event of this name, made if there is none, with this currency.

        If none is given it keeps its own, or gets dollars. Raises `InvalidName`.
        """
        check_name(name)
        with self._changing(site) as (connection, look):
            found = look().find(name)
            now = self._clock()
            event = found or Event(id_of(site, name), name, None, now)
            put(
                connection,
                site,
                event,
                currency=currency or event.currency or EventCurrency.DOLLAR,
                created_at=event.created_at,
                deleted_at=None,
            )
            return look().named(name)

    def change(
        self,
        site: Site,
        event_id: str,
        *,
        name: str | UnsetType = UNSET,
        currency: EventCurrency | UnsetType = UNSET,
    ) -> Event:
        """Changes what is given. Hits keep the name that they came with.

        Raises `EventNotFound`, `InvalidName`, `EventTaken`.
        """
        if name is not UNSET:
            check_name(name)
        with self._changing(site) as (connection, look):
            book = look()
            event = book.with_id(event_id)
            if currency is not UNSET:
                put(connection, site, event, currency=currency, deleted_at=None)
            if name is not UNSET and name != event.name:
                if book.find(name) is not None:
                    raise EventTaken(name)
                rename(connection, site, event, name, self._clock())
            return look().with_id(event_id)

    def delete(self, site: Site, event_id: str) -> Event:
        """The event that was. Its hits stay, and a later one brings it back without a currency.

        Raises `EventNotFound`.
        """
        return self._delete(site, lambda book: book.with_id(event_id))

    def delete_named(self, site: Site, name: str) -> Event:
        """As `delete`."""
        return self._delete(site, lambda book: book.named(name))

    def _delete(self, site: Site, find: Callable[[Book], Event]) -> Event:
        with self._changing(site) as (connection, look):
            event = find(look())
            put(connection, site, event, currency=None, deleted_at=self._clock())
            return event

    def _book(self, site: Site) -> Book:
        tracked = self._tracked(site.id)
        with self._database.reading() as connection:
            return Book(connection, site, tracked)

    @contextmanager
    def _changing(self, site: Site) -> Iterator[tuple[Connection, Callable[[], Book]]]:
        """A transaction, and a look at what is in it."""
        tracked = list(self._tracked(site.id))
        with self._database.writing() as connection:
            rows.check_exists(connection, site)
            yield connection, lambda: Book(connection, site, tracked)


def _place_of(known: Iterable[Known], cursor: str) -> tuple[datetime, str]:
    for each in known:
        if each.event.id == cursor:
            return each.place
    raise UnknownCursor(cursor)
