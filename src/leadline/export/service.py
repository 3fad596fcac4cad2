"""Exporting the hits of a site, through the running server if there is one."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from leadline import storage
from leadline.export.files import Format, write
from leadline.reports import beginning
from leadline.settings import Settings
from leadline.sites import Site
from leadline.warehouse import EARLIEST, LATEST

WORKPLACE = "export-"


class NoSuchSpan(Exception):
    """The last day is before the first."""

    def __init__(self, since: date, until: date) -> None:
        super().__init__(f"{until} is before {since}")


def export(
    settings: Settings,
    site: Site,
    wanted: Format,
    target: Path | None,
    since: date | None = None,
    until: date | None = None,
) -> None:
    """Every hit of the site that was answered before this began, in order of time, then of hit.

    `since` and `until` are days of the site's zone, both included. Without a target it goes to
    standard output; a target is replaced when the new file is whole, and for its owner alone.

    Raises `NoSuchSpan`, `storage.DataInUse`, `control.TaskFailed`, OSError.
    """
    if since and until and until < since:
        raise NoSuchSpan(since, until)
    hits = storage.Hits(
        site.id,
        EARLIEST if since is None else _beginning(since, site),
        LATEST if until is None else _end(until, site),
    )
    with _replaced(target) as file, storage.workplace(settings, WORKPLACE) as directory:
        storage.do_with(settings, storage.EXPORT_SITE, hits, directory)
        write(sorted(directory.iterdir()), site.code, wanted, file)


def _beginning(day: date, site: Site) -> datetime:
    if not EARLIEST.date() < day < LATEST.date():
        return EARLIEST if day <= EARLIEST.date() else LATEST
    return beginning(day, site.timezone).replace(tzinfo=None)


def _end(day: date, site: Site) -> datetime:
    return LATEST if day == date.max else _beginning(day + timedelta(days=1), site)


@contextmanager
def _replaced(target: Path | None) -> Iterator[BinaryIO]:
    """What is written takes the place of the target when all of it is on the disk."""
    if target is None:
        yield sys.stdout.buffer
        sys.stdout.flush()
        return
    unfinished = target.with_name(f".{target.name}.unfinished")
    unfinished.unlink(missing_ok=True)  # a command that was killed leaves it
    handle = os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)
