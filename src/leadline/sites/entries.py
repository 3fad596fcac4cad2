"""How lists of a site's own lie in their tables: rows with numbers, which change with the site."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, Row, Table, delete, func, select, update

from leadline.clock import Clock
from leadline.database import LARGEST_NUMBER, Database, insert_row
from leadline.sites import rows
from leadline.sites.errors import EntryNotFound, InvalidEntry, TooManyEntries
from leadline.sites.model import ENTRIES_OF_A_LIST, Site
from leadline.text import CONTROL_CHARACTERS

Entry = TypeVar("Entry")


class Entries(Generic[Entry]):
    """The rows of one table, which has `site_id`, `created_at` and `updated_at`.

    `changed` is called after each change is committed.
    """

    def __init__(
        self,
        database: Database,
        table: Table,
        read: Callable[[Row[Any]], Entry],
        changed: Callable[[], None],
        clock: Clock,
    ) -> None:
        self._database = database
        self._table = table
        self._read = read
        self._changed = changed
        self._clock = clock

    def list(self, site: Site) -> tuple[Entry, ...]:
        """In order of creation."""
        with self._database.reading() as connection:
            return self.all(connection, site)

    def get(self, site: Site, number: int) -> Entry:
        """Raises `EntryNotFound`."""
        with self._database.reading() as connection:
            return self.find(connection, site, number)

    @contextmanager
    def changing(self, site: Site) -> Iterator[Connection]:
        """A transaction that changes the site. Raises `SiteNotFound`."""
        with self._database.writing() as connection:
            rows.touch(connection, site, self._clock())
            yield connection
        self._changed()

    def all(self, connection: Connection, site: Site) -> tuple[Entry, ...]:
        query = self._of(site).order_by(self._table.c.id)
        return tuple(map(self._read, connection.execute(query)))

    def find(self, connection: Connection, site: Site, number: int) -> Entry:
        """Raises `EntryNotFound`."""
        # No database compares with what cannot be there.
        query = self._of(site).where(self._table.c.id == number)
        row = connection.execute(query).one_or_none() if number <= LARGEST_NUMBER else None
        if row is None:
            raise EntryNotFound(number)
        return self._read(row)

    def add(self, connection: Connection, site: Site, values: dict[str, Any]) -> Entry:
        """Raises `TooManyEntries`."""
        count = select(func.count()).select_from(self._of(site).subquery())
        if connection.execute(count).scalar_one() >= ENTRIES_OF_A_LIST:
            raise TooManyEntries(ENTRIES_OF_A_LIST)
        now = self._clock()
        times = {"created_at": now, "updated_at": now}
        number = insert_row(connection, self._table, site_id=site.id, **values, **times)
        return self.find(connection, site, number)

    def change(
        self, connection: Connection, site: Site, number: int, values: dict[str, Any]
    ) -> Entry:
        """Raises `EntryNotFound`."""
        found = self.find(connection, site, number)
        if not values:
            return found
        mine = self._table.c.id == number
        values = values | {"updated_at": self._clock()}
        connection.execute(update(self._table).where(mine).values(**values))
        return self.find(connection, site, number)

    def remove(self, connection: Connection, site: Site, number: int) -> None:
        """Raises `EntryNotFound`."""
        self.find(connection, site, number)
        connection.execute(delete(self._table).where(self._table.c.id == number))

    def _of(self, site: Site) -> Any:
        return select(self._table).where(self._table.c.site_id == site.id)


def checked_text(field: str, text: str, most: int, least: int = 0) -> str:
    """Without white space around it. Raises `InvalidEntry`."""
    stripped = text.strip()
    if not least <= len(stripped) <= most or CONTROL_CHARACTERS.search(stripped):
        raise InvalidEntry(field, "{} characters without control characters", f"{least} to {most}")
    return stripped
