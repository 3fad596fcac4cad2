"""The job that makes the files of exports."""

from collections.abc import Callable
from contextlib import suppress

from leadline.patience import GivenUp
from leadline.reports import Content, Export, ExportFailed, Exports, HitsUnavailable, SavedNotFound


class MakeExports:
    """Makes one export after the other, and removes the files whose time is over.

    `content` answers what a file has to hold; `finished` is told of each that is made, or
    cannot be.
    """

    def __init__(
        self,
        exports: Exports,
        content: Callable[[Export], Content],
        finished: Callable[[Export], None] = lambda _: None,
    ) -> None:
        self._exports = exports
        self._content = content
        self._finished = finished

    def run(self) -> None:
        """As long as it takes; it may be given up, and what was begun then waits again."""
        self._exports.expire()
        while (export := self._exports.claim()) is not None:
            try:
                self._exports.complete(export, self._content(export))
                self._tell(export)
            except ExportFailed as error:
                self._exports.fail(export, str(error))
                self._tell(export)
            except HitsUnavailable:
                self._exports.postpone(export)
                return
            except GivenUp:
                self._exports.postpone(export)
                raise
            except Exception:
                self._exports.fail(export, "Something went wrong")
                self._tell(export)
                raise

    def _tell(self, export: Export) -> None:
        with suppress(SavedNotFound):  # it was deleted meanwhile
            self._finished(self._exports.get(export.site, export.job_id))
