"""One metadata database, whichever engine keeps it, and what is promised of its transactions."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Table

from leadline.database.engine import Engine
from leadline.database.migrating import migrate
from leadline.database.noting import pending_note
from leadline.database.postgresql import PostgreSQL
from leadline.database.sqlite import SQLite
from leadline.memory import Memory, may_wait

Location = Path | str
"""Where the metadata are: a path is a SQLite file, a text the URL of a PostgreSQL database."""


class Database:
    """One metadata database. Safe to use from several threads and beside other processes."""

    def __init__(self, location: Location) -> None:
        """Opens it, migrating it. Raises `DatabaseTooNew`, or why it cannot be had."""
        self._engine: Engine = (
            SQLite(location) if isinstance(location, Path) else PostgreSQL(location)
        )
        try:
            with self.writing() as connection:
                migrate(connection)
        except BaseException:
            self.close()
            raise
        self.memory = Memory(self.change_count)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection for queries that belong together: they see one state."""
        may_wait()
        with self._engine.reading() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that holds the write lock from its start; an error rolls it back.

        What was to be `noted` beside it is written at its end.
        """
        may_wait()
        note = pending_note()
        with self._engine.writing() as connection:
            yield connection
            if note is not None:
                note.write(connection)
        if note is not None:
            note.is_written = True

    def change_count(self) -> int:
        """A number that differs from the last answer if anybody has committed since.

        It costs nothing to speak of. Where nobody can tell, it differs every time.
        """
        return self._engine.change_count()

    def scrub(self, table: Table) -> bool:
        """Rid the database's files of what was deleted from `table`.

        False if somebody reads just now: it is then to be tried again later.
        """
        return self._engine.scrub(table)

    def continue_numbers(self, connection: Connection, table: Table, last: int) -> None:
        """New rows of the table get numbers above `last`, which is no smaller than any there."""
        self._engine.continue_numbers(connection, table, last)

    def close(self) -> None:
        self._engine.close()
