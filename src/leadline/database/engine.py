"""What one kind of database has to promise, and where it may differ from another."""

from abc import ABC, abstractmethod
from contextlib import AbstractContextManager

from sqlalchemy import Connection, Table


class Engine(ABC):
    """One kind of database, opened. Safe to use from several threads and beside other processes."""

    @abstractmethod
    def reading(self) -> AbstractContextManager[Connection]:
        """A transaction that sees one state from its first query on."""

    @abstractmethod
    def writing(self) -> AbstractContextManager[Connection]:
        """A transaction that no other writer runs beside; it sees all that was committed before."""

    @abstractmethod
    def change_count(self) -> int:
        """A number that differs from the last answer if anybody has committed since."""

    @abstractmethod
    def scrub(self, table: Table) -> bool:
        """Rid the database's files of what was deleted from `table`.

        False if somebody reads just now: it is then to be tried again later.
        """

    @abstractmethod
    def continue_numbers(self, connection: Connection, table: Table, last: int) -> None:
        """New rows of the table get numbers above `last`, which is no smaller than any there."""

    @abstractmethod
    def close(self) -> None: ...
