"""Files of the operator that are read again when they change."""

from collections.abc import Callable
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import Generic, TypeVar

from leadline.logs import logger

Content = TypeVar("Content")

CHECK_INTERVAL = 10.0
"""Seconds between two looks at whether a file has changed."""

log = logger(__name__)


class WatchedFile(Generic[Content]):
    """What `read` makes of a file, as of at most 10 seconds ago.

    None while there is no file, or `read` raises: that is logged once until the file changes.
    Safe on several threads.
    """

    def __init__(
        self,
        path: Path,
        read: Callable[[Path], Content],
        seconds: Callable[[], float] = monotonic,
    ) -> None:
        self._path = path
        self._read = read
        self._seconds = seconds
        self._checking = Lock()
        self._version: object = None
        self._content: Content | None = None
        self._check()

    def get(self) -> Content | None:
        if self._seconds() >= self._next_check and self._checking.acquire(blocking=False):
            try:
                self._check()
            finally:
                self._checking.release()
        return self._content

    def _check(self) -> None:
        self._next_check = self._seconds() + CHECK_INTERVAL
        version = self._version_now()
        if version == self._version:
            return
        self._version = version
        try:
            self._content = self._read(self._path)
        except Exception as error:  # whatever is in the file, hits go on
            self._content = None
            log.warning("file not used", file=str(self._path), reason=str(error))
        else:
            log.info("file read", file=str(self._path))

    def _version_now(self) -> object:
        try:
            found = self._path.stat()
        except OSError as error:
            return error.errno
        return found.st_mtime_ns, found.st_size, found.st_ino
