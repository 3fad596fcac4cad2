"""Work in a thread, which whoever waits for it may give up."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from threading import Event, Lock, Thread
from typing import Any, ParamSpec, TypeVar

from anyio.to_thread import run_sync
from starlette.requests import Request

P = ParamSpec("P")
Result = TypeVar("Result")

AGAIN = 1.0
"""Seconds after which work is told again to stop: a query that just begins does not hear it."""


A_MOMENT = 0.25


class GivenUp(Exception):
    """The work was stopped, as nobody waits for it any more."""


class TooSlow(Exception):
    """The work took longer than it may."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"The answer took longer than {seconds:g} seconds; ask for less")


class _Attempt:
    def __init__(self) -> None:
        self._changing = Lock()
        self._given_up = False
        self._stops: list[Callable[[], object]] = []

    def give_up(self) -> None:
        with self._changing:
            self._given_up = True
            for stop in self._stops:
                stop()

    @contextmanager
    def stoppable(self, stop: Callable[[], object]) -> Iterator[None]:
        with self._changing:
            if self._given_up:
                raise GivenUp
            self._stops.append(stop)
        try:
            yield
        except Exception as error:
            if self._given_up:
                raise GivenUp from error
            raise
        finally:
            with self._changing:
                self._stops.remove(stop)


_attempt: ContextVar[_Attempt | None] = ContextVar("attempt", default=None)


def stoppable(stop: Callable[[], object]) -> AbstractContextManager[None]:
    """While the block runs, `stop` is called by another thread if the work is given up.

    It may be called several times, and does not wait. Raises `GivenUp` if the work has been given
    up already, and for any error after that. Several threads that share the work, in copies of its
    context, may each have a block.
    """
    attempt = _attempt.get()
    return nullcontext() if attempt is None else attempt.stoppable(stop)


async def in_thread(
    gone: Callable[[], Awaitable[Any]],
    seconds: float | None,
    work: Callable[P, Result],
    *args: P.args,
    **kwargs: P.kwargs,
) -> Result:
    """What `work` answers. It is given up when `gone` returns, and after so many seconds if any.

    Raises `GivenUp` or `TooSlow` if it could be stopped then; else it is waited for.
    """
    attempt = _Attempt()
    token = _attempt.set(attempt)
    try:
        working = asyncio.ensure_future(run_sync(lambda: work(*args, **kwargs)))
    finally:
        _attempt.reset(token)
    leaving = asyncio.ensure_future(gone())
    try:
        await asyncio.wait({working, leaving}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        is_slow = not leaving.done()
        while not working.done():
            attempt.give_up()
            await asyncio.wait({working}, timeout=AGAIN)
        try:
            return await working
        except GivenUp:
            if seconds is not None and is_slow:
                raise TooSlow(seconds) from None
            raise
    finally:
        leaving.cancel()


def within(seconds: float, ending: Event, work: Callable[[], Result]) -> Result:
    """What `work` answers. It is given up when `ending` is set, and after so many seconds.

    Raises `GivenUp` or `TooSlow` if it could be stopped then.
    """
    attempt, done = _Attempt(), Event()
    until = time.monotonic() + seconds

    def watch() -> None:
        while not done.wait(A_MOMENT):
            if ending.is_set() or time.monotonic() > until:
                attempt.give_up()

    watcher = Thread(target=watch, name="patience", daemon=True)
    token = _attempt.set(attempt)
    watcher.start()
    try:
        return work()
    except GivenUp:
        if not ending.is_set():
            raise TooSlow(seconds) from None
        raise
    finally:
        _attempt.reset(token)
        done.set()


async def leaving(request: Request) -> None:
    """Returns when whoever asks has gone; the body is read by now."""
    while (await request.receive())["type"] != "http.disconnect":
        pass
