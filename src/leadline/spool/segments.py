"""The files of the log: numbered segments, and what was found in them that is no record."""

import os
from contextlib import suppress
from pathlib import Path

from leadline.logs import logger
from leadline.spool import frames

log = logger(__name__)

SUFFIX = ".spool"
QUARANTINE = "quarantine"


class Segments:
    """The segments of one directory, each with the bytes of it that count.

    The tail of the newest, which a crash may have torn, is cut when this is made: it was never
    acknowledged.
    """

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        sync_directory(directory.parent)
        found = self.numbers()
        self._sizes = {segment: self.path(segment).stat().st_size for segment in found}
        if found:
            self._sizes[found[-1]] = _cut_torn_tail(self.path(found[-1]))

    def numbers(self) -> list[int]:
        """Of the segments on disk, in order."""
        names = (path.stem for path in self.directory.glob(f"*{SUFFIX}"))
        return sorted(int(name) for name in names if name.isdecimal())

    def path(self, segment: int) -> Path:
        return self.directory / f"{segment:010d}{SUFFIX}"

    def size(self, segment: int) -> int:
        return self._sizes.get(segment, 0)

    def set_size(self, segment: int, size: int) -> None:
        self._sizes[segment] = size

    def total(self) -> int:
        """Bytes of all segments."""
        return sum(tuple(self._sizes.values()))

    def create(self, segment: int) -> int:
        """A handle to append to a new segment, of which a crash leaves the name."""
        flags = os.O_CREAT | os.O_WRONLY | os.O_APPEND | os.O_EXCL | os.O_CLOEXEC
        handle = os.open(self.path(segment), flags, 0o600)
        try:
            sync_directory(self.directory)
        except OSError:
            os.close(handle)
            self.path(segment).unlink(missing_ok=True)
            raise
        self._sizes[segment] = 0
        return handle

    def cut(self, segment: int, size: int) -> None:
        """Shorten a segment that may be gone; one that holds nothing goes, so that none pile up."""
        if size:
            with suppress(FileNotFoundError):
                os.truncate(self.path(segment), size)
        else:
            self.remove(segment)

    def remove(self, segment: int) -> None:
        self.path(segment).unlink(missing_ok=True)
        self._sizes.pop(segment, None)

    def set_aside(self, segment: int, offset: int, found: bytes) -> None:
        """Keep what lies where a record should, for whoever wants to know."""
        directory = self.directory / QUARANTINE
        directory.mkdir(mode=0o700, exist_ok=True)
        file = directory / f"{segment:010d}-{offset:010d}"
        handle = os.open(file, os.O_CREAT | os.O_WRONLY | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        try:
            write_all(handle, found)
            os.fsync(handle)
        finally:
            os.close(handle)
        log.error("spool corrupt", segment=segment, offset=offset, bytes=len(found), kept=str(file))

    def set_aside_before(self) -> int:
        """How many pieces are in quarantine."""
        return sum(1 for _ in (self.directory / QUARANTINE).glob("*"))


def write_all(file: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(file, view) :]


def sync_directory(directory: Path) -> None:
    handle = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _cut_torn_tail(path: Path) -> int:
    """Remove what a crash left half written at the end of a segment; the bytes that stay."""
    buffer = path.read_bytes()
    whole, at = 0, frames.find(buffer, 0)
    while at is not None:
        end = frames.end_of(buffer, at)
        if end is None:
            at = frames.find(buffer, at + 1)
        else:
            whole = at = end
    if whole < len(buffer):
        log.warning("spool tail cut", segment=path.name, bytes=len(buffer) - whole)
        os.truncate(path, whole)
    return whole
