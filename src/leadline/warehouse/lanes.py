"""Cursors that see one state of a DuckDB file, for threads that read it at once."""

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from threading import BoundedSemaphore, Lock

import duckdb

Connection = duckdb.DuckDBPyConnection

A_COMMIT = 0.02
"""Seconds that a commit takes, as a rule; one that takes longer works the log into the file."""


class Lanes:
    """Every reader has one; `more` are for whoever takes them first."""

    def __init__(self, more: int) -> None:
        self._more = BoundedSemaphore(more)
        self.committing = Lock()
        """Held during each commit, so that none falls between two lanes of a reader."""

    @contextmanager
    def beside(self, first: Connection, wanted: int) -> Iterator[list[Connection]]:
        """The `first` and others of its file, in transactions that end when they are closed.

        As many as are wanted, or are left; one alone where a commit takes long.
        """
        with ExitStack() as taken:
            cursors = [first]
            while len(cursors) < wanted and self._more.acquire(blocking=False):
                taken.callback(self._more.release)
                cursors.append(taken.enter_context(closing(another(first))))
            if len(cursors) == 1 or not self._begin_together(cursors):
                first.begin()
                del cursors[1:]
            yield cursors

    def _begin_together(self, cursors: list[Connection]) -> bool:
        if not self.committing.acquire(timeout=A_COMMIT):
            return False
        try:
            for cursor in cursors:
                cursor.begin()
                cursor.execute("FROM loaded").fetchall()  # what it sees is settled by its first use
        finally:
            self.committing.release()
        return True


def another(connection: Connection) -> Connection:
    """A cursor of the same file, which writes moments in UTC."""
    cursor = connection.cursor()
    cursor.execute("SET TimeZone = 'UTC'")
    return cursor
