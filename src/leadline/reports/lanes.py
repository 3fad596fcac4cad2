"""Questions that are answered at once."""

from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from contextvars import copy_context
from typing import TypeVar

Result = TypeVar("Result")


def in_lanes(lanes: int, questions: Sequence[Callable[[], Result]]) -> list[Result]:
    """What each answers, in their order, worked out by so many threads.

    When one fails, no other is begun, and its error is raised when those that are have ended.
    """
    if lanes == 1:
        return [question() for question in questions]
    with ThreadPoolExecutor(lanes) as executor:
        asked = [executor.submit(copy_context().run, question) for question in questions]
        wait(asked, return_when=FIRST_EXCEPTION)
        executor.shutdown(cancel_futures=True)
    return [each.result() for each in asked]
