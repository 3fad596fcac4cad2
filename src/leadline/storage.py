"""What holds the hits: spool, loader and warehouse, in one process at a time.

A command that needs them asks the server of the data directory; without one it opens them itself.
"""

import fcntl
import math
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory
from typing import TypeVar

import msgspec

from leadline import jobs
from leadline.control import Task, ask
from leadline.reports import Held, Reports
from leadline.settings import Settings
from leadline.sites import Sites
from leadline.spool import Bounds, Spool
from leadline.warehouse import EARLIEST, Loader, open_warehouse

EXPORT, TAKE_BACK, FORGET = "export hits", "take back hits", "forget hits"
EXPORT_SITE, COUNT = "export the hits of a site", "count the hits of a site"
WANTED, FOUND = "wanted.json", "found.json"
"""In the directory of a task that is about some hits: which, and what is to be said of them."""


class DataInUse(Exception):
    """Another server works on the same data directory."""


class Hits(msgspec.Struct, frozen=True):
    """Those of a site from a moment to another, the second not included; UTC without a zone."""

    site: int
    since: datetime
    until: datetime


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
            EXPORT_SITE: self._export_site,
            COUNT: self._count,
        }

    def _export(self, directory: Path) -> None:
        """Every hit that is durable by now, and no more than is in the warehouse then."""
        self.loader.catch_up()
        self.warehouse.export(directory)

    def _export_site(self, directory: Path) -> None:
        """Those of the hits that are durable by now."""
        wanted = _read(directory / WANTED, Hits)
        self.loader.catch_up()
        self.warehouse.export_hits(wanted.site, wanted.since, wanted.until, directory)

    def _count(self, directory: Path) -> None:
        """All that are before the end of what is asked for."""
        wanted = _read(directory / WANTED, Hits)
        self.loader.catch_up()
        found = Reports(self.warehouse).held(wanted.site, wanted.until.replace(tzinfo=UTC))
        (directory / FOUND).write_bytes(msgspec.json.encode(found))

    def _take_back(self, directory: Path) -> None:
        """The hits of an export keep their numbers: the spool goes on above them."""
        self.spool.skip_to(self.warehouse.next_segment(directory))
        self.loader.catch_up()
        self.warehouse.take_back(directory)


Written = TypeVar("Written")


def _read(file: Path, kind: type[Written]) -> Written:
    return msgspec.json.decode(file.read_bytes(), type=kind)


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


def do_with(settings: Settings, task: str, hits: Hits, directory: Path) -> None:
    """As `do`, with these hits only."""
    (directory / WANTED).write_bytes(msgspec.json.encode(hits))
    do(settings, task, directory)
    (directory / WANTED).unlink()


def count(settings: Settings, site: int, before: datetime) -> Held:
    """What there is of a site's hits before a moment in UTC, spooled ones included."""
    with workplace(settings, "count-") as directory:
        hits = Hits(site, EARLIEST, before.replace(tzinfo=None))
        do_with(settings, COUNT, hits, directory)
        return _read(directory / FOUND, Held)


@contextmanager
def workplace(settings: Settings, prefix: str) -> Iterator[Path]:
    """A directory for files, where the server can reach them too; gone at the end.

    One at a time: a second command waits for the first. The names of directories begin with the
    prefix, and what a command that was killed has left under it goes first.
    """
    data = settings.data
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _sole_use_of(data):
        for left in data.glob(f"{prefix}*"):
            rmtree(left)
        with TemporaryDirectory(prefix=prefix, dir=data) as directory:
            yield Path(directory)


@contextmanager
def _sole_use_of(directory: Path) -> Iterator[None]:
    handle = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


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
            erase = jobs.EraseDeletedSites(
                sites, storage.spool, storage.warehouse, seconds=math.inf
            )
            storage.spool.start()
            erase.run()
            storage.spool.close()
            storage.loader.drain()
            erase.run()
    except DataInUse:
        return False
    return settings.database_url is None
