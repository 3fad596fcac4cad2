"""Which engine holds the hits."""

from pathlib import Path

from leadline.warehouse.clickhouse import ClickHouse
from leadline.warehouse.clickhouse_engine import ClickHouseWarehouse
from leadline.warehouse.duckdb_engine import DuckDBWarehouse
from leadline.warehouse.engine import Warehouse
from leadline.warehouse.staging import Staging


class WarehouseElsewhere(Exception):
    """The hits of this data directory are with the other engine."""

    def __init__(self, file: Path) -> None:
        super().__init__(f"{file} belongs to the other kind of warehouse: move with a backup")


def open_warehouse(
    file: Path, url: str | None, *, other: Path, memory: str, threads: int
) -> Warehouse:
    """The warehouse at this URL, or else in this file; `other` is what the other would have.

    Raises `WarehouseElsewhere`, `ClickHouseDriverMissing`, `WarehouseInUse`, `WarehouseTooNew`.
    """
    if other.exists():
        raise WarehouseElsewhere(other)
    if url is None:
        return DuckDBWarehouse(file, memory=memory, threads=threads)
    clickhouse = ClickHouse(url)
    return ClickHouseWarehouse(Staging(file, memory=memory, threads=threads), clickhouse)
