"""The background stays in the background."""

import os
import threading

import pytest

from leadline.warehouse.priority import NICENESS, in_background


def niceness() -> int:
    return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())


def test_work_in_the_background_is_of_low_priority_and_nothing_else_is() -> None:
    before = niceness()
    assert in_background(niceness) == max(before, NICENESS)
    assert niceness() == before


def test_threads_that_it_starts_are_too() -> None:
    def in_a_thread_of_its_own() -> int:
        found: list[int] = []
        thread = threading.Thread(target=lambda: found.append(niceness()))
        thread.start()
        thread.join()
        return found[0]

    assert in_background(in_a_thread_of_its_own) == in_background(niceness)


def test_an_error_reaches_the_caller() -> None:
    with pytest.raises(ZeroDivisionError):
        in_background(lambda: 1 // 0)
