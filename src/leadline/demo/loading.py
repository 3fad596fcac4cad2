"""Hits on their way into the warehouse, while the next ones are made."""

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Self

from leadline.spool import Batch, Hit, Position, Record
from leadline.warehouse import Arrivals, Warehouse

SEGMENT = 1
"""The hits have their numbers as if they had come from this one, the first of a spool."""


class Loading:
    """Loads hits as the loader does, but not out of the spool; into a warehouse without any."""

    def __init__(self, warehouse: Warehouse) -> None:
        self._warehouse = warehouse
        self._place = Position(SEGMENT, 0)
        self._thread = ThreadPoolExecutor(1)
        self._under_way: Future[None] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._thread.shutdown()
        if self._under_way is not None and error[0] is None:
            self._under_way.result()

    def add(self, hits: Sequence[Hit]) -> None:
        """Returns when those of the call before are loaded. Raises what that has raised."""
        if self._under_way is not None:
            self._under_way.result()
        self._under_way = self._thread.submit(self._load, hits)

    def _load(self, hits: Sequence[Hit]) -> None:
        segment, begin = self._place
        placed: list[tuple[Position, Record]] = [
            (Position(segment, begin + nth), hit) for nth, hit in enumerate(hits)
        ]
        self._place = Position(segment, begin + len(hits))
        self._warehouse.load(Arrivals.of(Batch(placed, self._place)))
        self._warehouse.finish()
