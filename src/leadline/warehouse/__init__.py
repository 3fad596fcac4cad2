"""The hits, and everything that turns spooled records into them: loader, visits, refusals."""

from leadline.warehouse.duckdb_engine import (
    DuckDBWarehouse,
    WarehouseInUse,
    WarehouseTooNew,
)
from leadline.warehouse.loader import Loader

__all__ = ["DuckDBWarehouse", "Loader", "WarehouseInUse", "WarehouseTooNew"]
