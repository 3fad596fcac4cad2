"""Jobs run again and again, whatever happens to one run, until they are stopped."""

import asyncio
from collections.abc import Callable
from threading import Event

from structlog.testing import capture_logs

from leadline.jobs import Job, Schedule
from leadline.patience import GivenUp, stoppable
from tests.support import PATIENCE, eventually


def run_until(jobs: list[Job], done: Callable[[], bool]) -> None:
    async def run() -> None:
        schedule = Schedule(jobs)
        schedule.start()
        await asyncio.to_thread(eventually, done)
        await schedule.stop()

    asyncio.run(run())


def test_a_job_that_fails_runs_again_and_holds_up_no_other() -> None:
    runs = {"failing": 0, "other": 0}

    def fail() -> None:
        runs["failing"] += 1
        raise RuntimeError("this time")

    def succeed() -> None:
        runs["other"] += 1

    jobs = [Job("failing", 0.001, fail), Job("other", 0.001, succeed)]
    run_until(jobs, lambda: min(runs.values()) >= 3)


def test_a_job_that_goes_on_failing_is_logged_once_and_when_it_works_again() -> None:
    runs = 0

    def fail_for_a_while() -> None:
        nonlocal runs
        runs += 1
        if runs <= 5:
            raise RuntimeError("first" if runs <= 3 else "second")

    with capture_logs() as lines:
        run_until([Job("failing", 0.001, fail_for_a_while)], lambda: runs >= 8)
    assert [(line["event"], line.get("error")) for line in lines] == [
        ("job failed", "first"),
        ("job failed", "second"),
        ("job works again", None),
    ]


def test_a_run_in_progress_is_finished_before_the_stop_and_none_follows() -> None:
    begun, may_end, ended = Event(), Event(), Event()
    runs = []

    def work() -> None:
        runs.append(1)
        begun.set()
        may_end.wait(timeout=PATIENCE)
        ended.set()

    async def run() -> None:
        schedule = Schedule([Job("work", 0.001, work), Job("rare", 3600.0, work)])
        schedule.start()
        await asyncio.to_thread(begun.wait, 10)
        stopping = asyncio.create_task(schedule.stop())
        stopped, _ = await asyncio.wait({stopping}, timeout=0.1)
        assert not stopped
        may_end.set()
        await stopping
        assert ended.is_set()

    asyncio.run(run())
    assert len(runs) == 1


def test_a_run_that_can_be_given_up_is_at_the_stop() -> None:
    begun, stopped = Event(), Event()

    def work() -> None:
        with stoppable(stopped.set):
            begun.set()
            assert stopped.wait(timeout=PATIENCE)
            raise GivenUp

    with capture_logs() as lines:
        run_until([Job("long", 0.001, work)], begun.is_set)
    assert lines == []


def test_a_schedule_may_be_stopped_before_it_started() -> None:
    asyncio.run(Schedule([Job("never", 1.0, lambda: None)]).stop())
