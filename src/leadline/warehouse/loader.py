"""The thread that moves spooled records into the warehouse, each exactly once."""

import time
from threading import Condition, Event, Thread
from typing import NamedTuple

from leadline.logs import logger
from leadline.spool import Position, Spool
from leadline.warehouse.batch import Arrivals
from leadline.warehouse.engine import Warehouse
from leadline.warehouse.priority import lower_priority

log = logger(__name__)

HITS_AT_ONCE = 40_000
BYTES_AT_ONCE = 16 * 1024 * 1024
"""So much is taken in together, if there is as much: what a load costs beside its hits is then
little, and the hits do not need too much memory."""

MUCH = 1024 * 1024
QUIET = 0.1
"""When so many bytes wait and so many seconds long nothing more comes, there is no waiting."""

FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0


class NotLoaded(Exception):
    """Something is left in the spool; a later attempt, or the next server, loads it."""


class LoaderStatus(NamedTuple):
    """`lag` is for how many seconds something has been in the spool that is not loaded.

    `failure` says why nothing is loaded now, and is empty if that works.
    """

    lag: float
    failure: str


class Loader:
    """Loads what is durable in the spool; from one beginning to the next pass `interval` seconds.

    What arrives in between is loaded together, as few large batches cost less than many small
    ones; what came in a burst is loaded when that is over.

    When the warehouse fails the batch stays in the spool and is tried again, with growing pauses
    and in smaller parts.
    """

    def __init__(self, spool: Spool, warehouse: Warehouse, interval: float) -> None:
        self._spool = spool
        self._warehouse = warehouse
        self._interval = interval
        self._stopping = Event()
        self._drains = Condition()
        self._begun = self._ended = 0
        self._bytes_at_once = BYTES_AT_ONCE
        self._failure: Exception | None = None
        self._loaded_until = self._warehouse.loaded()
        self._current_at = time.monotonic()
        self._thread = Thread(target=self._run, name="loader", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Finish the batch at hand and stop; what is left is loaded at the next start."""
        with self._drains:
            self._stopping.set()
            self._drains.notify_all()
        self._spool.wake()
        self._thread.join()

    def catch_up(self) -> None:
        """Returns when all is loaded that is in the spool now, by the thread if it runs.

        Raises `NotLoaded` when the loader fails, or stops before.
        """
        failure = None
        if self._thread.is_alive():
            failure = self._wait_for_thread()
        else:
            self.drain()
        if self._stopping.is_set():
            raise NotLoaded("the server is ending")
        if failure is not None:
            raise NotLoaded(f"loading hits failed: {failure}") from failure

    def _wait_for_thread(self) -> Exception | None:
        """What went wrong when the thread next drained the spool from its beginning to its end."""
        with self._drains:
            wanted = self._begun + 1
            self._spool.wake()
            self._drains.wait_for(lambda: self._ended >= wanted or self._stopping.is_set())
            return self._failure

    def status(self) -> LoaderStatus:
        is_current = self._loaded_until >= self._spool.end
        lag = 0.0 if is_current else time.monotonic() - self._current_at
        failure = self._failure
        return LoaderStatus(lag, "" if failure is None else str(failure) or type(failure).__name__)

    def drain(self) -> bool:
        """Load everything that is in the spool now; whether there was anything.

        What arrives meanwhile is left for the next call: many small batches cost more than few.
        Raises what the warehouse raises.
        """
        self._warehouse.finish()
        began = time.monotonic()
        end, position = self._spool.end, self._warehouse.loaded()
        has_loaded = False
        while position < end and not self._stopping.is_set():
            arrivals = self._read(position)
            if arrivals is None:  # a segment may have been finished after its last record
                position = end
            else:
                self._warehouse.load(arrivals)
                position = arrivals.end
                has_loaded = True
            self._spool.drop(position)
        if position >= end:
            self._loaded_until, self._current_at = position, began
        return has_loaded

    def _read(self, position: Position) -> Arrivals | None:
        """What follows in the spool, so much of it as is taken in together; None at its end."""
        batch = self._spool.read(position)
        if batch is None:
            return None
        arrivals = Arrivals.of(batch)
        while arrivals.hits.length < HITS_AT_ONCE and arrivals.size < self._bytes_at_once:
            batch = self._spool.read(arrivals.end)
            if batch is None:
                break
            arrivals.add(batch)
        return arrivals

    def _drain_and_tell(self) -> bool:
        with self._drains:
            self._begun += 1
            number = self._begun
        failure = None
        try:
            has_loaded = self.drain()
            self._bytes_at_once = BYTES_AT_ONCE
        except Exception as error:
            failure = error
            self._bytes_at_once //= 4  # it may have been too much
            raise
        finally:
            with self._drains:
                self._ended, self._failure = number, failure
                self._drains.notify_all()
        return has_loaded

    def _wait_for_more(self, until: float) -> None:
        """Until then at most, by the clock that counts seconds: what comes is loaded together."""
        while (left := until - time.monotonic()) > 0 and not self._stopping.is_set():
            end = self._spool.end
            self._stopping.wait(min(QUIET, left))
            if self._spool.end == end and self._is_much(end):
                break

    def _is_much(self, end: Position) -> bool:
        loaded = self._loaded_until
        return end.segment > loaded.segment or end.offset - loaded.offset > MUCH

    def _run(self) -> None:
        lower_priority()
        pause = FIRST_PAUSE
        while not self._stopping.is_set():
            try:
                began = time.monotonic()
                has_loaded = self._drain_and_tell()
                pause = FIRST_PAUSE
                if has_loaded:
                    self._wait_for_more(began + self._interval)
                self._spool.wait(timeout=1.0)
            except Exception as error:  # whatever it is, the hits are safe in the spool
                log.error("loading failed", error=str(error), again_in=pause)
                self._stopping.wait(pause)
                pause = min(2 * pause, LONGEST_PAUSE)
