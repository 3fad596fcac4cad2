"""What runs by itself, at intervals, on threads beside the event loop."""

import asyncio
from collections.abc import Callable
from typing import NamedTuple

from leadline.logs import logger

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
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        self._tasks = [asyncio.create_task(_repeat(job), name=job.name) for job in self._jobs]

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


async def _repeat(job: Job) -> None:
    while True:
        await asyncio.sleep(job.interval)
        try:
            await asyncio.to_thread(job.run)
        except Exception as error:
            log.error("job failed", job=job.name, error=str(error))
