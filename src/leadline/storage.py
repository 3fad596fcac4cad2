"""What holds the hits: spool, loader and warehouse, in one process at a time.

A command that needs them asks the server of the data directory; without one it opens them itself.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from leadline import jobs
from leadline.control import Task, ask
from leadline.settings import Settings
from leadline.sites import Sites
from leadline.spool import Bounds, Spool
from leadline.warehouse import Loader, open_warehouse

EXPORT, TAKE_BACK, FORGET = "export hits", "take back hits", "forget hits"


class DataInUse(Exception):
    """Another server works on the same data directory."""


class Storage:
    """The way of a hit after the collector: spool, loader, warehouse."""

    def __init__(self, settings: Settings) -> None:
        url = settings.warehouse_url
        self.warehouse = open_warehouse(
            settings.warehouse_file,
            None if url is None else url.get_secret_value(),
            other=settings.other_warehouse_file,
            memory=settings.warehouse_memory,
            threads=min(settings.warehouse_threads, _processors()),
        )
        self.spool = Spool(
            settings.spool_directory,
            settings.spool_segment_bytes,
            self.warehouse.loaded(),
            Bounds(settings.spool_max_bytes, settings.disk_reserve_bytes),
        )
        self.loader = Loader(self.spool, self.warehouse, settings.loader_interval)

    def tasks(self) -> dict[str, Task]:
        """What a command may have the server do."""
        return {
            EXPORT: self._export,
            TAKE_BACK: self._take_back,
            FORGET: lambda _: self.warehouse.forget_all(),
        }

    def _export(self, directory: Path) -> None:
        """Every hit that is durable by now, and no more than is in the warehouse then."""
        self.loader.catch_up()
        self.warehouse.export(directory)

    def _take_back(self, directory: Path) -> None:
        """The hits of an export keep their numbers: the spool goes on above them."""
        self.spool.skip_to(self.warehouse.next_segment(directory))
        self.loader.catch_up()
        self.warehouse.take_back(directory)


def _processors() -> int:
    """Those that this process may use, as far as the system says."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def do(settings: Settings, task: str, directory: Path) -> None:
    """Do something with the hits, through the running server if there is one.

    Raises `TaskFailed`, or what the warehouse raises.
    """
    if not ask(settings.data, task, directory):
        with opened(settings) as storage:
            storage.tasks()[task](directory)


@contextmanager
def opened(settings: Settings) -> Iterator[Storage]:
    """The storage of a directory that no server works on. Raises `DataInUse`."""
    with sole_use(settings):
        storage = Storage(settings)
        try:
            yield storage
        finally:
            storage.warehouse.close()


@contextmanager
def sole_use(settings: Settings) -> Iterator[None]:
    """Hold the data directory for this process. Raises `DataInUse`."""
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(settings.data / "leadline.lock", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise DataInUse(f"another Leadline serves {settings.data}") from None
        yield
    finally:
        os.close(handle)


def erase_deleted_sites(settings: Settings, sites: Sites) -> bool:
    """Erase the hits of deleted sites now; False if a running server is going to do it.

    Only those in this data directory: each server erases its own.
    """
    if not (settings.warehouse_file.exists() or settings.spool_directory.exists()):
        return settings.database_url is None
    try:
        with opened(settings) as storage:
            erase = jobs.EraseDeletedSites(sites, storage.spool, storage.warehouse)
            storage.spool.start()
            erase.run()
            storage.spool.close()
            storage.loader.drain()
            erase.run()
    except DataInUse:
        return False
    return settings.database_url is None
