"""Hits go first: what is done in the background gets the processor when nobody wants it."""

import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import TypeVar

NICENESS = 10

Result = TypeVar("Result")


def lower_priority() -> None:
    """Of the calling thread, and of those that it starts. Linux only: elsewhere it does nothing."""
    if sys.platform == "linux":
        thread = threading.get_native_id()
        present = os.getpriority(os.PRIO_PROCESS, thread)
        os.setpriority(os.PRIO_PROCESS, thread, max(present, NICENESS))


def in_background(work: Callable[[], Result]) -> Result:
    """What `work` answers, done in a thread of low priority; threads that it starts inherit it.

    Whoever gives up the caller's work gives up this.
    """
    with ThreadPoolExecutor(1, initializer=lower_priority) as executor:
        return executor.submit(copy_context().run, work).result()
