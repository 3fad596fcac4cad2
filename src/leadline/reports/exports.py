"""Exports: files of rows that are made in the background and kept for a day.

What is asked for is a text that only whoever makes the rows reads. A file is on the server that
made it, in its data directory; the row of the export is there for all.
"""

import re
import secrets
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

import msgspec
from sqlalchemy import Connection, Row, Select, and_, delete, func, or_, select, update

from leadline.clock import Clock, utc_now
from leadline.database import Database
from leadline.reports.errors import SavedNotFound, TooManySaved
from leadline.reports.shelf import Shelf
from leadline.reports.tables import exports

MOST_EXPORTS = 20
"""Of a site, those that are expired aside."""

MOST_BYTES = 1024**3
"""Of all files together."""

KEPT = timedelta(hours=24)
"""So long a file can be had."""

REMEMBERED = timedelta(days=30)
"""So long it is told that there was an export."""

ABANDONED = timedelta(minutes=15)
"""Nobody makes an export any more that was begun so long ago."""

MOST_STARTS = 3
TOKEN_BYTES = 32
ERROR_LENGTH = 255
_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,64}")


class ExportStatus(StrEnum):
    PENDING = "pending"
    GENERATING = "generating"
    COMPLETED = "completed"
    FAILED = "failed"
    EXPIRED = "expired"


class Export(msgspec.Struct, frozen=True):
    """`job_id` is a UUID in lower case. Whoever has the `token` may have the file, until it
    `expires_at`; `size` is in bytes."""

    id: int
    job_id: str
    site: int
    asked: str
    estimated_rows: int
    status: ExportStatus
    starts: int
    rows: int | None
    size: int | None
    token: str | None
    error: str | None
    created_at: datetime
    started_at: datetime | None
    completed_at: datetime | None
    expires_at: datetime | None


class Content(NamedTuple):
    """So many rows, as a file, whose `parts` are made while they are taken."""

    rows: int
    parts: Iterable[bytes]


class ExportFailed(Exception):
    """Why an export cannot be made, for people."""


class Exports:
    """The exports of every site. `directory` is made when it is needed."""

    def __init__(self, database: Database, directory: Path, clock: Clock = utc_now) -> None:
        self._shelf = Shelf(database, exports, _export_in, most=MOST_EXPORTS)
        self._database = database
        self._directory = directory
        self._clock = clock

    def create(self, site: int, asked: str, estimated_rows: int) -> Export:
        """It waits to be made. Raises `TooManySaved`, `SiteGone`."""
        values = {
            "job_id": str(uuid4()),
            "asked": asked,
            "estimated_rows": estimated_rows,
            "status": ExportStatus.PENDING,
            "starts": 0,
            "created_at": self._clock(),
        }
        with self._shelf.changing() as connection:
            if self._count(connection, site, include_expired=False) >= MOST_EXPORTS:
                raise TooManySaved(MOST_EXPORTS)
            return self._shelf.insert(connection, site, values)

    def page(
        self, site: int, limit: int, offset: int, *, include_expired: bool = False
    ) -> tuple[tuple[Export, ...], int]:
        """Some of them, the newest first, and how many there are."""
        query = _of(site, include_expired).order_by(exports.c.id.desc())
        with self._database.reading() as connection:
            rows = connection.execute(query.limit(limit).offset(offset)).all()
            total = self._count(connection, site, include_expired=include_expired)
        return tuple(map(_export_in, rows)), total

    def get(self, site: int, job_id: str) -> Export:
        """Raises `SavedNotFound`."""
        return self._shelf.get(site, job_id, "job_id")

    def find(self, token: str) -> Export:
        """The export whose file may be had with this. Raises `SavedNotFound`."""
        with self._database.reading() as connection:
            found = select(exports).where(exports.c.token == token)
            row = connection.execute(found).one_or_none() if _TOKEN.fullmatch(token) else None
        export = None if row is None else _export_in(row)
        if export is None or export.expires_at is None or export.expires_at <= self._clock():
            raise SavedNotFound("the file of an export")
        return export

    def file(self, export: Export) -> Path | None:
        """None if another server has made it, or it went since."""
        path = self._path(export.job_id)
        return path if path.is_file() else None

    def delete(self, site: int, job_id: str) -> None:
        """Raises `SavedNotFound`."""
        with self._shelf.changing() as connection:
            export = self._shelf.find(connection, site, job_id, "job_id")
            self._shelf.remove(connection, site, export.id)
        self._path(job_id).unlink(missing_ok=True)

    # Making them

    def claim(self) -> Export | None:
        """The next that is to be made, which nobody else makes then; None if there is none."""
        now = self._clock()
        abandoned = and_(
            exports.c.status == ExportStatus.GENERATING, exports.c.started_at < now - ABANDONED
        )
        waiting = or_(exports.c.status == ExportStatus.PENDING, abandoned)
        query = select(exports).where(waiting).order_by(exports.c.id).limit(1)
        with self._database.reading() as connection:  # which most often finds none, and locks none
            if connection.execute(query).one_or_none() is None:
                return None
        with self._database.writing() as connection:
            row = connection.execute(query).one_or_none()
            if row is None:
                return None
            if row.starts >= MOST_STARTS:
                _set(connection, row.id, status=ExportStatus.FAILED, error="It was interrupted")
                return None
            values = {"status": ExportStatus.GENERATING, "started_at": now}
            _set(connection, row.id, starts=row.starts + 1, **values)
            return _export_in(connection.execute(_one(row.id)).one())

    def complete(self, export: Export, content: Content) -> None:
        """Raises `ExportFailed` where there is no room."""
        size = self._write(export, content.parts)
        now = self._clock()
        values = {
            "status": ExportStatus.COMPLETED,
            "actual_rows": content.rows,
            "file_size": size,
            "token": secrets.token_urlsafe(TOKEN_BYTES),
            "completed_at": now,
            "expires_at": now + KEPT,
        }
        with self._database.writing() as connection:
            if not _set(connection, export.id, **values):
                self._path(export.job_id).unlink(missing_ok=True)  # it was deleted meanwhile

    def fail(self, export: Export, why: str) -> None:
        with self._database.writing() as connection:
            values = {"status": ExportStatus.FAILED, "completed_at": self._clock()}
            _set(connection, export.id, error=why[:ERROR_LENGTH], **values)

    def postpone(self, export: Export) -> None:
        """It waits again, as if nobody had begun."""
        with self._database.writing() as connection:
            _set(connection, export.id, status=ExportStatus.PENDING, starts=export.starts - 1)

    def resume(self) -> None:
        """Have all that were begun wait again: for a server that is alone, when it starts."""
        begun = exports.c.status == ExportStatus.GENERATING
        with self._database.writing() as connection:
            connection.execute(update(exports).where(begun).values(status=ExportStatus.PENDING))

    def expire(self) -> None:
        """Remove the files whose time is over, and those of which nothing is known."""
        now = self._clock()
        over = and_(exports.c.status == ExportStatus.COMPLETED, exports.c.expires_at <= now)
        forgotten = exports.c.created_at <= now - REMEMBERED
        with self._database.reading() as connection:
            is_over = connection.execute(select(exports.c.id).where(or_(over, forgotten))).first()
        if is_over:
            with self._database.writing() as connection:
                connection.execute(update(exports).where(over).values(status=ExportStatus.EXPIRED))
                connection.execute(delete(exports).where(forgotten))
        files = {path.name for path in self._files()}
        if files:
            kept = (ExportStatus.COMPLETED, ExportStatus.GENERATING)
            with self._database.reading() as connection:
                query = select(exports.c.job_id).where(exports.c.status.in_(kept))
                known = set(connection.execute(query).scalars())
            for name in files:
                if name.partition(".")[0] not in known:
                    self._path(name).unlink(missing_ok=True)

    def _write(self, export: Export, parts: Iterable[bytes]) -> int:
        """The number of bytes. Raises `ExportFailed`."""
        self._directory.mkdir(mode=0o700, exist_ok=True)
        unfinished = self._path(f"{export.job_id}.unfinished")
        room = MOST_BYTES - sum(path.stat().st_size for path in self._files())
        size = 0
        try:
            with unfinished.open("wb") as file:
                for part in parts:
                    size += file.write(part)
                    if size > room:
                        raise ExportFailed("There is no room for another file; delete some exports")
            unfinished.replace(self._path(export.job_id))
        finally:
            unfinished.unlink(missing_ok=True)
        return size

    def _files(self) -> Iterator[Path]:
        return self._directory.iterdir() if self._directory.is_dir() else iter(())

    def _path(self, name: str) -> Path:
        return self._directory / name

    @staticmethod
    def _count(connection: Connection, site: int, *, include_expired: bool) -> int:
        query = select(func.count()).select_from(_of(site, include_expired).subquery())
        return int(connection.execute(query).scalar_one())


def _of(site: int, include_expired: bool) -> Select[Any]:
    query = select(exports).where(exports.c.site_id == site)
    return query if include_expired else query.where(exports.c.status != ExportStatus.EXPIRED)


def _one(number: int) -> Select[Any]:
    return select(exports).where(exports.c.id == number)


def _set(connection: Connection, number: int, **values: Any) -> bool:
    """Whether it is still there."""
    changed = connection.execute(update(exports).where(exports.c.id == number).values(**values))
    return bool(changed.rowcount)


def _export_in(row: Row[Any]) -> Export:
    return Export(
        id=row.id,
        job_id=row.job_id,
        site=row.site_id,
        asked=row.asked,
        estimated_rows=row.estimated_rows,
        status=ExportStatus(row.status),
        starts=row.starts,
        rows=row.actual_rows,
        size=row.file_size,
        token=row.token,
        error=row.error,
        created_at=row.created_at,
        started_at=row.started_at,
        completed_at=row.completed_at,
        expires_at=row.expires_at,
    )
