"""What runs by itself, at intervals, on threads beside the event loop."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import NamedTuple

from leadline.logs import logger
from leadline.patience import GivenUp, in_thread

log = logger(__name__)


class Job(NamedTuple):
    """`run` is called in a thread every `interval` seconds; an error ends one run, not the job."""

    name: str
    interval: float
    run: Callable[[], None]


class Schedule:
    """Runs its jobs, each after its own interval, until it is stopped."""

    def __init__(self, jobs: list[Job]) -> None:
        self._jobs = jobs
        self._stopping = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        self._tasks = [asyncio.create_task(self._repeat(job), name=job.name) for job in self._jobs]

    async def stop(self) -> None:
        """Returns when the runs in progress have ended: afterwards no job uses anything.

        What can be given up of them is.
        """
        self._stopping.set()
        await asyncio.gather(*self._tasks)

    async def _repeat(self, job: Job) -> None:
        failing = ""
        while not await self._stopped_within(job.interval):
            try:
                await in_thread(self._stopping.wait, None, job.run)
            except GivenUp:
                return
            except Exception as error:
                if str(error) != failing:  # a job that runs often does not fill the log
                    failing = str(error)
                    log.error("job failed", job=job.name, error=failing)
            else:
                if failing:
                    failing = ""
                    log.info("job works again", job=job.name)

    async def _stopped_within(self, seconds: float) -> bool:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)
        return self._stopping.is_set()
