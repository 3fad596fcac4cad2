"""The durable log: what was appended is on disk before anybody is told so.

Records go into numbered segment files. Many share one write and one fdatasync (group commit),
made by a thread of its own; a reader sees only what is on disk for good.
"""

import asyncio
import os
import time
from asyncio import AbstractEventLoop
from collections.abc import Callable
from contextlib import suppress
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from threading import Condition, Event, Thread
from typing import NamedTuple

import msgspec

from leadline.logs import logger
from leadline.spool import frames
from leadline.spool.records import Hit, Record
from leadline.spool.segments import Segments, write_all
from leadline.spool.status import UNBOUNDED, Bounds, Durations, SpoolStatus

log = logger(__name__)

READ_BYTES = 512 * 1024
"""Of a segment are read together: their records stay in a processor's cache."""
PENDING_BYTES = 64 * 1024 * 1024
"""So much waits for the disk at most; a disk that hangs does not fill the memory."""

CROWD = 8
GATHERING = 0.00005
LONGEST_GATHERING = 0.002
"""Seconds to wait for more records after a commit of a `CROWD` of them, for each of the crowd, and
at most: about as long as they take to come again. One write serves all."""

_is_hit = attrgetter("is_hit")

Answer = Callable[[bool], None]
"""Is told whether a record is on disk."""


class SpoolUnavailable(Exception):
    """The record could not be made durable; whoever sent it has to send it again."""


class Position(NamedTuple):
    """A place in the log: the number of a segment and a byte offset in it."""

    segment: int
    offset: int


START = Position(0, 0)


class Batch(NamedTuple):
    """Records in the order they were appended, each with its place; `end` is the place after.

    `size` are the bytes that they had in the log.
    """

    records: list[tuple[Position, Record]]
    end: Position
    size: int = 0


class _Pending(msgspec.Struct, frozen=True):
    """An encoded record that waits for the disk, and who wants to know on which event loop."""

    payload: bytes
    is_hit: bool
    loop: AbstractEventLoop | None
    answer: Answer | None


class Spool:
    """One directory of segments, with one writer. `start` it before use, `close` it after."""

    def __init__(
        self,
        directory: Path,
        segment_bytes: int,
        after: Position = START,
        bounds: Bounds = UNBOUNDED,
    ) -> None:
        """`after` is where the reader will go on: new segments get higher numbers than its own."""
        self._segment_bytes = segment_bytes
        self._bounds = bounds
        self._segments = Segments(directory)
        found = self._segments.numbers()
        self._durable = Position(max([after.segment, *found]) + 1, 0)
        self._file = -1
        self._abandoned: list[Position] = []
        self._pending: list[_Pending] = []
        self._pending_bytes = 0
        self._wake = Condition()
        self._closing = self._rolling = False
        self._least = 0
        self._grown, self._rolled = Event(), Event()
        self._refused = 0
        self._bound = ""
        self._wanted = 1
        self._commits = Durations()
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
        self._close_file()

    # Appending

    async def append(self, record: Record) -> None:
        """Returns once the record is on disk. Raises `SpoolUnavailable` if that failed."""
        loop = asyncio.get_running_loop()
        waiter: asyncio.Future[bool] = loop.create_future()

        def answer(durable: bool) -> None:
            if not waiter.done():  # nobody may wait any more
                waiter.set_result(durable)

        self.append_then(record, answer, loop)
        if not await waiter:
            raise SpoolUnavailable

    def append_then(self, record: Record, answer: Answer, loop: AbstractEventLoop) -> None:
        """Append, and have `answer` called on `loop` when it is known whether that succeeded.

        Raises `SpoolUnavailable` if it is known now that it will not.
        """
        self._enqueue(_Pending(frames.encode(record), isinstance(record, Hit), loop, answer))

    def append_unwaited(self, record: Record) -> None:
        """Append, from any thread, what nobody waits for: it may be lost in a crash."""
        self._enqueue(_Pending(frames.encode(record), isinstance(record, Hit), None, None))

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

    def status(self) -> SpoolStatus:
        """How things stand; `bound` names what keeps records from being taken now."""
        return SpoolStatus(
            bytes=self._segments.total(),
            refused=self._refused,
            quarantined=self._segments.set_aside_before(),
            bound=self._bound_at(self._wanted),
            commits=self._commits.copy(),
        )

    def _enqueue(self, pending: _Pending) -> None:
        with self._wake:
            if self._closing or self._pending_bytes > PENDING_BYTES:
                self._refused += 1
                raise SpoolUnavailable
            self._pending.append(pending)
            self._pending_bytes += len(pending.payload)
            if len(self._pending) == 1:
                self._wake.notify()

    def _commit_for_ever(self) -> None:
        crowd = 0
        while True:
            if crowd >= CROWD:
                time.sleep(min(crowd * GATHERING, LONGEST_GATHERING))
            with self._wake:
                while not (self._pending or self._rolling or self._closing):
                    self._wake.wait()
                batch, self._pending = self._pending, []
                self._pending_bytes = 0
                rolling, self._rolling = self._rolling, False
                if not batch and not rolling:
                    return
            if rolling:
                self._finish_segment()
                self._rolled.set()
            crowd = len(batch)
            if not batch:
                continue
            durable = self._commit(_framed(batch))
            if not durable:
                self._refused += len(batch)
            _answer(batch, durable)

    def _commit(self, data: bytes) -> bool:
        """One write and one fdatasync. After a failure nothing more goes into the segment.

        Until what was never acknowledged is off the disk nothing is taken.
        """
        if self._at_bound(len(data)):
            self._finish_segment()  # what is loaded of it can then be dropped
            return False
        began = time.perf_counter()
        try:
            self._cut_abandoned()
            if self._file < 0 or self._durable.offset >= self._segment_bytes:
                self._open_segment(self._next_segment())
            write_all(self._file, data)
            os.fdatasync(self._file)
        except Exception as error:  # nobody else would answer
            log.error("spool write failed", error=_reason(error), bytes=len(data))
            self._abandon_segment()
            return False
        self._durable = Position(self._durable.segment, self._durable.offset + len(data))
        self._segments.set_size(*self._durable)
        self._commits.add(time.perf_counter() - began)
        self._grown.set()
        return True

    def _at_bound(self, more: int) -> bool:
        bound = self._bound_at(more)
        self._wanted = more if bound else 1
        if bound != self._bound:
            self._bound = bound
            if bound:
                log.error("hits are refused", bound=bound)
            else:
                log.info("hits are taken again")
        return bool(bound)

    def _bound_at(self, more: int) -> str:
        """What keeps so many more bytes from being taken, if anything."""
        if self._segments.total() + more > self._bounds.spool_bytes:
            return f"the spool holds {self._bounds.spool_bytes} bytes"
        if self._bounds.free_bytes:
            try:
                disk = os.statvfs(self._segments.directory)
            except OSError:  # the write tells more
                return ""
            if disk.f_bavail * disk.f_frsize < self._bounds.free_bytes + more:
                return f"less than {self._bounds.free_bytes} bytes of the disk are free"
        return ""

    def _finish_segment(self) -> None:
        if self._next_segment() == self._durable.segment:
            return
        try:
            self._open_segment(self._next_segment())
        except OSError as error:  # the next commit tries again
            log.error("spool segment not opened", error=_reason(error))
            self._abandon_segment()

    def _next_segment(self) -> int:
        """The number of the segment that follows; an empty one need not be followed."""
        return max(self._durable.segment + (1 if self._durable.offset else 0), self._least)

    def _open_segment(self, segment: int) -> None:
        self._close_file()
        self._file = self._segments.create(segment)
        self._durable = Position(segment, 0)

    def _close_file(self) -> None:
        """Whatever the system says of that: what was acknowledged is on disk."""
        if self._file >= 0:
            file, self._file = self._file, -1
            with suppress(OSError):
                os.close(file)

    def _abandon_segment(self) -> None:
        """Cut off what was never acknowledged; the next commit opens a new segment."""
        if self._file >= 0:
            self._close_file()
            self._abandoned.append(self._durable)
            try:
                self._cut_abandoned()
            except OSError as error:
                log.error("spool cut failed", error=_reason(error))
        self._durable = Position(self._durable.segment + 1, 0)

    def _cut_abandoned(self) -> None:
        """Off the disk with what nobody was told of, else a restart would find it."""
        while self._abandoned:
            self._segments.cut(*self._abandoned[-1])
            self._abandoned.pop()

    # Reading

    @property
    def end(self) -> Position:
        """The place after the last durable record."""
        return self._durable

    def read(self, start: Position) -> Batch | None:
        """The next durable records from `start` on, not too many at once; None at the end.

        Where there is no record what is there goes to quarantine; the batch may then be empty.
        Raises OSError.
        """
        durable = self._durable
        for segment in self._segments.numbers():
            if segment < start.segment or Position(segment, 0) >= durable:
                continue
            offset = start.offset if segment == start.segment else 0
            end = durable.offset if segment == durable.segment else self._segments.size(segment)
            if offset < end:
                return self._read_segment(Position(segment, offset), end)
        return None

    def _read_segment(self, start: Position, end: int) -> Batch:
        segment, offset = start
        with self._segments.path(segment).open("rb") as file:
            file.seek(offset)
            buffer = file.read(min(READ_BYTES, end - offset))
            found, at = frames.read(buffer, 0)
            if not at:  # one record may be larger
                buffer += file.read(min(2 * frames.LARGEST, end - offset - len(buffer)))
                found, at = frames.read(buffer, 0)
        more = offset + len(buffer) < end
        while at < len(buffer) and not (more and at):  # else it may go on behind what was read
            after = self._next_record(buffer, at, more)
            self._segments.set_aside(segment, offset + at, buffer[at:after])
            further, at = frames.read(buffer, after)
            found += further
        records = [(Position(segment, offset + place), record) for place, record in found]
        return Batch(records, Position(segment, offset + at), at)

    def _next_record(self, buffer: bytes, at: int, more: bool) -> int:
        found = frames.find(buffer, at + 1)
        if found is not None:
            return found
        return len(buffer) - frames.LARGEST if more else len(buffer)

    def wait(self, timeout: float) -> None:
        """Return when something was appended since the last call, or after `timeout` seconds."""
        self._grown.wait(timeout)
        self._grown.clear()

    def wake(self) -> None:
        """Let whoever waits return now."""
        self._grown.set()

    def drop(self, before: Position) -> None:
        """Remove the segments that lie wholly before this place."""
        for segment in self._segments.numbers():
            if segment < before.segment:
                self._segments.remove(segment)

    def segments(self) -> list[int]:
        """The numbers of the segments on disk, in order."""
        return self._segments.numbers()


def _reason(error: Exception) -> str:
    return (isinstance(error, OSError) and error.strerror) or str(error) or type(error).__name__


def _framed(batch: list[_Pending]) -> bytes:
    """The frames of what is written together: hits that follow one another share one."""
    parts: list[bytes] = []
    for is_hit, run in groupby(batch, key=_is_hit):
        payloads = [pending.payload for pending in run]
        parts += [frames.frame_hits(payloads)] if is_hit else map(frames.frame, payloads)
    return b"".join(parts)


def _answer(batch: list[_Pending], durable: bool) -> None:
    """Tell those who wait, each on its own event loop; one that is closed has nobody left."""
    for loop, of_loop in groupby(batch, key=lambda pending: pending.loop):
        if loop is not None:
            answers = [pending.answer for pending in of_loop if pending.answer is not None]
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(_tell, answers, durable)


def _tell(answers: list[Answer], durable: bool) -> None:
    for answer in answers:
        answer(durable)
