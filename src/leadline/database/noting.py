"""What is written beside a change, in the change's own transaction."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from sqlalchemy import Connection

Write = Callable[[Connection], None]

_noted: ContextVar["_Note | None"] = ContextVar("noted", default=None)


class _Note:
    def __init__(self, write: Write) -> None:
        self.write = write
        self.is_written = False


@contextmanager
def noted(write: Write) -> Iterator[None]:
    """Inside, `write` is done once, in the first transaction that is committed, if there is one."""
    token = _noted.set(_Note(write))
    try:
        yield
    finally:
        _noted.reset(token)


def pending_note() -> "_Note | None":
    """The one that no transaction has written yet."""
    note = _noted.get()
    return None if note is None or note.is_written else note
