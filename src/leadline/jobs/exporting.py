"""The job that makes the files of exports."""

from collections.abc import Callable
from functools import partial
from threading import Event

from leadline.patience import GivenUp, TooSlow, within
from leadline.reports import Content, Export, ExportFailed, Exports, HitsUnavailable

SECONDS = 300.0


class MakeExports:
    """Makes one export after the other, and removes the files whose time is over.

    `content` answers what a file has to hold; it has `seconds` for one. After `stop` it leaves what
    it has begun to the next server.
    """

    def __init__(
        self, exports: Exports, content: Callable[[Export], Content], seconds: float = SECONDS
    ) -> None:
        self._exports = exports
        self._content = content
        self._seconds = seconds
        self._ending = Event()

    def stop(self) -> None:
        self._ending.set()

    def run(self) -> None:
        self._exports.expire()
        while not self._ending.is_set():
            export = self._exports.claim()
            if export is None:
                return
            try:
                within(self._seconds, self._ending, partial(self._make, export))
            except (ExportFailed, TooSlow) as error:
                self._exports.fail(export, str(error))
            except (GivenUp, HitsUnavailable):
                self._exports.postpone(export)
                return
            except Exception:
                self._exports.fail(export, "Something went wrong")
                raise

    def _make(self, export: Export) -> None:
        self._exports.complete(export, self._content(export))
