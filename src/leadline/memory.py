"""Answers of the database that are known to be still true.

Whoever asks the database how often it has changed, before it believes its memory, may answer
from memory: a revoked token is refused at the very next request. On an event loop, where nobody
may wait for a database, `from_memory` turns a question that memory cannot answer into
`NotInMemory`; it is then to be asked again in a thread.
"""

from collections.abc import Callable, Hashable
from contextvars import ContextVar
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
Answer = TypeVar("Answer")

LARGEST = 10_000

_memory_only: ContextVar["dict[Memory, int] | None"] = ContextVar("memory_only", default=None)
"""Where nobody may wait: how often each database had changed when it was first asked there."""


class NotInMemory(Exception):
    """The answer has to be fetched, and the caller must not wait here."""


def from_memory(ask: Callable[P, Answer], *args: P.args, **kwargs: P.kwargs) -> Answer:
    """What `ask` answers, all of it as of one moment.

    Raises `NotInMemory` as soon as it asks the database for anything new. It may then be asked
    once more where waiting is allowed: until then it has changed nothing.
    """
    token = _memory_only.set({})
    try:
        return ask(*args, **kwargs)
    finally:
        _memory_only.reset(token)


def may_wait() -> None:
    """Raises `NotInMemory` where waiting for a database is not allowed."""
    if _memory_only.get() is not None:
        raise NotInMemory


class Memory:
    """Remembers answers until `change_count` says that something has changed."""

    def __init__(self, change_count: Callable[[], int]) -> None:
        self._change_count = change_count
        self._known: tuple[int | None, dict[Hashable, Any]] = (None, {})

    def remember(self, question: Hashable, fetch: Callable[[], Answer]) -> Answer:
        """The remembered answer, or what `fetch` answers now. An error is not remembered."""
        count = self._count_now()
        known_at, answers = self._known  # one read: other threads replace both together
        if known_at != count or len(answers) > LARGEST:
            answers = {}
            self._known = (count, answers)
        elif question in answers:
            known: Answer = answers[question]
            return known
        may_wait()
        answer = fetch()
        if self._change_count() == count:
            answers[question] = answer
        return answer

    def _count_now(self) -> int:
        counts = _memory_only.get()
        if counts is None:
            return self._change_count()
        count = counts.get(self)
        if count is None:
            count = counts[self] = self._change_count()
        return count
