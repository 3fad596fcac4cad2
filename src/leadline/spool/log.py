"""The durable log: what was appended is on disk before anybody is told so.

Records go into numbered segment files. Many share one write and one fdatasync (group commit),
made by a thread of its own; a reader sees only what is on disk for good.
"""

import asyncio
import os
from contextlib import suppress
from itertools import groupby
from pathlib import Path
from threading import Condition, Event, Thread
from typing import NamedTuple

from leadline.logs import logger
from leadline.spool import frames
from leadline.spool.records import Record

log = logger(__name__)

SUFFIX = ".spool"
READ_BYTES = 4 * frames.LARGEST

Waiter = asyncio.Future[None]


class SpoolUnavailable(Exception):
    """The record could not be made durable; whoever sent it has to send it again."""


class Position(NamedTuple):
    """A place in the log: the number of a segment and a byte offset in it."""

    segment: int
    offset: int


START = Position(0, 0)


class Batch(NamedTuple):
    """Records in the order they were appended, each with its place; `end` is the place after."""

    records: list[tuple[Position, Record]]
    end: Position


class Spool:
    """One directory of segments, with one writer. `start` it before use, `close` it after."""

    def __init__(self, directory: Path, segment_bytes: int, after: Position = START) -> None:
        """`after` is where the reader will go on: new segments get higher numbers than its own."""
        self._directory = directory
        self._segment_bytes = segment_bytes
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        _sync_directory(directory.parent)
        found = self.segments()
        for segment in found:
            _cut_torn_tail(self._path(segment))
        self._durable = Position(max([after.segment, *found]) + 1, 0)
        self._file = -1
        self._pending: list[tuple[bytes, Waiter | None]] = []
        self._wake = Condition()
        self._closing = self._rolling = False
        self._least = 0
        self._grown, self._rolled = Event(), Event()
        self._thread = Thread(target=self._commit_for_ever, name="spool", daemon=True)

    def start(self) -> None:
        self._open_segment(self._durable.segment)
        self._thread.start()

    def close(self) -> None:
        """Make durable what was appended, then stop."""
        with self._wake:
            self._closing = True
            self._wake.notify()
        self._thread.join()
        if self._file >= 0:
            os.close(self._file)

    # Appending

    async def append(self, record: Record) -> None:
        """Returns once the record is on disk. Raises `SpoolUnavailable` if that failed."""
        waiter = asyncio.get_running_loop().create_future()
        self._enqueue(frames.encode(record), waiter)
        await waiter

    def append_unwaited(self, record: Record) -> None:
        """Append, from any thread, what nobody waits for: it may be lost in a crash."""
        self._enqueue(frames.encode(record), None)

    def roll(self) -> None:
        """Finish the present segment, unless it is empty, so that it can be dropped once loaded.

        Returns at once; it is done by the thread that commits.
        """
        with self._wake:
            self._rolling = True
            self._wake.notify()

    def skip_to(self, segment: int) -> None:
        """Go on in a segment of at least this number; a spool that is not started only may.

        Returns when it is so. Raises `SpoolUnavailable` if it cannot be.
        """
        if not self._thread.is_alive():
            return
        with self._wake:
            self._least, self._rolling = segment, True
            self._rolled.clear()
            self._wake.notify()
        self._rolled.wait()
        if self._durable.segment < segment:
            raise SpoolUnavailable

    def _enqueue(self, frame: bytes, waiter: Waiter | None) -> None:
        with self._wake:
            if self._closing:
                raise SpoolUnavailable
            self._pending.append((frame, waiter))
            self._wake.notify()

    def _commit_for_ever(self) -> None:
        while True:
            with self._wake:
                while not (self._pending or self._rolling or self._closing):
                    self._wake.wait()
                batch, self._pending = self._pending, []
                rolling, self._rolling = self._rolling, False
                if not batch and not rolling:
                    return
            if rolling:
                self._finish_segment()
                self._rolled.set()
            if not batch:
                continue
            durable = self._commit(b"".join(frame for frame, _ in batch))
            _answer([waiter for _, waiter in batch if waiter is not None], durable)

    def _commit(self, data: bytes) -> bool:
        """One write and one fdatasync. After a failure nothing more goes into the segment."""
        try:
            if self._file < 0 or self._durable.offset >= self._segment_bytes:
                self._open_segment(self._next_segment())
            _write_all(self._file, data)
            os.fdatasync(self._file)
        except OSError as error:
            log.error("spool write failed", error=error.strerror, bytes=len(data))
            self._abandon_segment()
            return False
        self._durable = Position(self._durable.segment, self._durable.offset + len(data))
        self._grown.set()
        return True

    def _finish_segment(self) -> None:
        if self._next_segment() == self._durable.segment:
            return
        try:
            self._open_segment(self._next_segment())
        except OSError as error:  # the next commit tries again
            log.error("spool segment not opened", error=error.strerror)
            self._abandon_segment()

    def _next_segment(self) -> int:
        """The number of the segment that follows; an empty one need not be followed."""
        return max(self._durable.segment + (1 if self._durable.offset else 0), self._least)

    def _open_segment(self, segment: int) -> None:
        if self._file >= 0:
            os.close(self._file)
            self._file = -1
        flags = os.O_CREAT | os.O_WRONLY | os.O_APPEND | os.O_EXCL | os.O_CLOEXEC
        self._file = os.open(self._path(segment), flags, 0o600)
        self._durable = Position(segment, 0)
        _sync_directory(self._directory)

    def _abandon_segment(self) -> None:
        """Cut off what was never acknowledged; the next commit opens a new segment."""
        if self._file >= 0:
            try:
                self._cut(self._durable)
            except OSError as error:
                log.error("spool cut failed", error=error.strerror)
            os.close(self._file)
            self._file = -1
        self._durable = Position(self._durable.segment + 1, 0)

    def _cut(self, end: Position) -> None:
        """Shorten the open segment; one that holds nothing goes, so that none pile up."""
        os.ftruncate(self._file, end.offset)
        if not end.offset:
            self._path(end.segment).unlink()

    # Reading

    @property
    def end(self) -> Position:
        """The place after the last durable record."""
        return self._durable

    def read(self, start: Position) -> Batch | None:
        """The next durable records from `start` on, some megabytes at most; None at the end."""
        durable = self._durable
        for segment in self.segments():
            if segment < start.segment or Position(segment, 0) >= durable:
                continue
            offset = start.offset if segment == start.segment else 0
            limit = durable.offset if segment == durable.segment else None
            batch = self._read_segment(segment, offset, limit)
            if batch.records:
                return batch
        return None

    def _read_segment(self, segment: int, offset: int, limit: int | None) -> Batch:
        path = self._path(segment)
        end = path.stat().st_size if limit is None else limit
        size = max(0, min(READ_BYTES, end - offset))
        with path.open("rb") as file:
            file.seek(offset)
            buffer = file.read(size)
        records: list[tuple[Position, Record]] = []
        after = offset
        for first, last in frames.scan(buffer):
            place = Position(segment, offset + first - frames.HEADER.size)
            records.append((place, frames.decode(buffer[first:last])))
            after = offset + last
        return Batch(records, Position(segment, after))

    def wait(self, timeout: float) -> None:
        """Return when something was appended since the last call, or after `timeout` seconds."""
        self._grown.wait(timeout)
        self._grown.clear()

    def wake(self) -> None:
        """Let whoever waits return now."""
        self._grown.set()

    def drop(self, before: Position) -> None:
        """Remove the segments that lie wholly before this place."""
        for segment in self.segments():
            if segment < before.segment:
                self._path(segment).unlink(missing_ok=True)

    def segments(self) -> list[int]:
        """The numbers of the segments on disk, in order."""
        names = (path.stem for path in self._directory.glob(f"*{SUFFIX}"))
        return sorted(int(name) for name in names if name.isdecimal())

    def _path(self, segment: int) -> Path:
        return self._directory / f"{segment:010d}{SUFFIX}"


def _answer(waiters: list[Waiter], durable: bool) -> None:
    """Tell those who wait, each on its own event loop; one that is closed has nobody left."""
    for loop, of_loop in groupby(waiters, key=Waiter.get_loop):
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(_settle, list(of_loop), durable)


def _settle(waiters: list[Waiter], durable: bool) -> None:
    for waiter in waiters:
        if waiter.done():  # the client went away
            continue
        if durable:
            waiter.set_result(None)
        else:
            waiter.set_exception(SpoolUnavailable())


def _write_all(file: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(file, view) :]


def _sync_directory(directory: Path) -> None:
    handle = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _cut_torn_tail(path: Path) -> None:
    """Remove what a crash left half written at the end of a segment."""
    buffer = path.read_bytes()
    whole = max((end for _, end in frames.scan(buffer)), default=0)
    if whole < len(buffer):
        log.warning("spool tail cut", segment=path.name, bytes=len(buffer) - whole)
        os.truncate(path, whole)
