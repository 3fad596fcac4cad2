"""Records on their way into a warehouse without a spool."""

from leadline.spool import Batch, Position, Record
from leadline.warehouse import Warehouse
from tests.warehouse.histories import load


def store(warehouse: Warehouse, *records: Record) -> None:
    begin = warehouse.loaded().offset
    placed = [(Position(1, begin + number), record) for number, record in enumerate(records)]
    load(warehouse, [Batch(placed, Position(1, begin + len(records)))])
