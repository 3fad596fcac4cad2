"""Answers of the database that are known to be still true.

Whoever asks the database how often it has changed, before it believes its memory, may answer
from memory: a revoked token is refused at the very next request. On an event loop, where nobody
may wait for a database, `memory_only` turns a question that memory cannot answer into
`NotInMemory`; it is then to be asked again in a thread.
"""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

Answer = TypeVar("Answer")

LARGEST = 10_000

_memory_only: ContextVar[bool] = ContextVar("memory_only", default=False)


class NotInMemory(Exception):
    """The answer has to be fetched, and the caller must not wait here."""


@contextmanager
def memory_only() -> Iterator[None]:
    """Within this block, asking the database raises `NotInMemory` before anything is done."""
    token = _memory_only.set(True)
    try:
        yield
    finally:
        _memory_only.reset(token)


def may_wait() -> None:
    """Raises `NotInMemory` where waiting for a database is not allowed."""
    if _memory_only.get():
        raise NotInMemory


class Memory:
    """Remembers answers until `change_count` says that something has changed."""

    def __init__(self, change_count: Callable[[], int]) -> None:
        self._change_count = change_count
        self._count: int | None = None
        self._answers: dict[Hashable, Any] = {}

    def remember(self, question: Hashable, fetch: Callable[[], Answer]) -> Answer:
        """The remembered answer, or what `fetch` answers now. An error is not remembered."""
        count = self._change_count()
        answers = self._answers
        if count != self._count or len(answers) > LARGEST:
            self._count, self._answers = count, {}
        elif question in answers:
            known: Answer = answers[question]
            return known
        may_wait()
        answer = fetch()
        if self._change_count() == count == self._count:
            self._answers[question] = answer
        return answer
