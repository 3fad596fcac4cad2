"""The thread that moves spooled records into the warehouse, each exactly once."""

from threading import Event, Thread

from leadline.logs import logger
from leadline.spool import Spool
from leadline.warehouse.batch import Arrivals
from leadline.warehouse.duckdb_engine import DuckDBWarehouse
from leadline.warehouse.priority import lower_priority

log = logger(__name__)

FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0


class Loader:
    """Loads what is durable in the spool, at most once per `interval` seconds.

    When the warehouse fails the batch stays in the spool and is tried again, with growing pauses.
    """

    def __init__(self, spool: Spool, warehouse: DuckDBWarehouse, interval: float) -> None:
        self._spool = spool
        self._warehouse = warehouse
        self._interval = interval
        self._stopping = Event()
        self._thread = Thread(target=self._run, name="loader", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Finish the batch at hand and stop; what is left is loaded at the next start."""
        self._stopping.set()
        self._thread.join()

    def drain(self) -> None:
        """Load everything that is in the spool now. Raises what the warehouse raises.

        What arrives meanwhile is left for the next call: many small batches cost more than few.
        """
        end, position = self._spool.end, self._warehouse.loaded()
        while position < end and not self._stopping.is_set():
            batch = self._spool.read(position)
            if batch is None:
                return
            self._warehouse.load(Arrivals.of(batch))
            position = batch.end
            self._spool.drop(position)

    def _run(self) -> None:
        lower_priority()
        pause = FIRST_PAUSE
        while not self._stopping.is_set():
            try:
                self.drain()
                pause = FIRST_PAUSE
                self._spool.wait(timeout=1.0)
                self._stopping.wait(self._interval)
            except Exception as error:  # whatever it is, the hits are safe in the spool
                log.error("loading failed", error=str(error), again_in=pause)
                self._stopping.wait(pause)
                pause = min(2 * pause, LONGEST_PAUSE)
