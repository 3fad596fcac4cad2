"""How segments, goals and funnels lie in their tables: rows of sites, under names of their own."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, Row, Table, delete, select, update
from sqlalchemy.exc import IntegrityError

from leadline.database import LARGEST_NUMBER, Database, insert_row
from leadline.reports.errors import (
    InvalidSaved,
    SavedFault,
    SavedNameTaken,
    SavedNotFound,
    SiteGone,
    TooManySaved,
)
from leadline.text import CONTROL_CHARACTERS

NAME_LENGTH = 100

_KEY = re.compile(r"[a-z0-9_-]{1,50}")

Saved = TypeVar("Saved")


class Shelf(Generic[Saved]):
    """The rows of one table; a site has up to `most`."""

    def __init__(
        self,
        database: Database,
        table: Table,
        read: Callable[[Row[Any]], Saved],
        *,
        most: int,
    ) -> None:
        self._database = database
        self._table = table
        self._read = read
        self._most = most

    def list(self, site: int) -> tuple[Saved, ...]:
        """In order of creation."""
        question = (self._table.name, site)
        return self._database.memory.remember(question, lambda: self._list(site))

    def _list(self, site: int) -> tuple[Saved, ...]:
        query = self._of(site).order_by(self._table.c.id)
        with self._database.reading() as connection:
            return tuple(map(self._read, connection.execute(query)))

    def get(self, site: int, key: int | str, column: str = "id") -> Saved:
        """The one that has `key` in this column. Raises `SavedNotFound`."""
        question = (self._table.name, site, column, key)
        return self._database.memory.remember(question, lambda: self._get(site, key, column))

    def _get(self, site: int, key: int | str, column: str) -> Saved:
        with self._database.reading() as connection:
            return self.find(connection, site, key, column)

    def find(self, connection: Connection, site: int, key: int | str, column: str = "id") -> Saved:
        """As `get`."""
        # No database compares with what cannot be there.
        is_possible = 0 < key <= LARGEST_NUMBER if isinstance(key, int) else _KEY.fullmatch(key)
        query = self._of(site).where(self._table.c[column] == key)
        row = connection.execute(query).one_or_none() if is_possible else None
        if row is None:
            raise SavedNotFound(key)
        return self._read(row)

    @contextmanager
    def changing(self) -> Iterator[Connection]:
        """A transaction. Raises `SiteGone`."""
        try:
            with self._database.writing() as connection:
                yield connection
        except IntegrityError as error:
            raise SiteGone from error

    def names(self, connection: Connection, site: int) -> dict[str, int]:
        """Those of a site, and whose they are."""
        columns = self._table.c
        query = select(columns.name, columns.id).where(columns.site_id == site)
        return {row.name: row.id for row in connection.execute(query)}

    def add(self, connection: Connection, site: int, values: dict[str, Any]) -> Saved:
        """Raises `SavedNameTaken`, `TooManySaved`."""
        names = self.names(connection, site)
        if values["name"] in names:
            raise SavedNameTaken(values["name"])
        if len(names) >= self._most:
            raise TooManySaved(self._most)
        return self.insert(connection, site, values)

    def insert(self, connection: Connection, site: int, values: dict[str, Any]) -> Saved:
        """One that has no name."""
        number = insert_row(connection, self._table, site_id=site, **values)
        return self.find(connection, site, number)

    def change(
        self, connection: Connection, site: int, number: int, values: dict[str, Any]
    ) -> Saved:
        """Raises `SavedNotFound`, `SavedNameTaken`."""
        self.find(connection, site, number)
        if "name" in values:
            owner = self.names(connection, site).get(values["name"], number)
            if owner != number:
                raise SavedNameTaken(values["name"])
        mine = self._table.c.id == number
        connection.execute(update(self._table).where(mine).values(**values))
        return self.find(connection, site, number)

    def remove(self, connection: Connection, site: int, number: int) -> Saved:
        """What was there. Raises `SavedNotFound`."""
        found = self.find(connection, site, number)
        connection.execute(delete(self._table).where(self._table.c.id == number))
        return found

    def _of(self, site: int) -> Any:
        return select(self._table).where(self._table.c.site_id == site)


def check_text(field: str, text: str, most: int, least: int = 1) -> None:
    """Raises `InvalidSaved`."""
    if len(text.strip()) < least or len(text) > most:
        raise InvalidSaved(field, SavedFault.LENGTH, f"{least} to {most}")
    if CONTROL_CHARACTERS.search(text):
        raise InvalidSaved(field, SavedFault.CONTROL)
