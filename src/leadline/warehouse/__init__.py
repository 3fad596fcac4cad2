"""The hits, and everything that turns spooled records into them: loader, visits, refusals."""

from leadline.warehouse.duckdb_engine import (
    FILES,
    DuckDBWarehouse,
    NotEmpty,
    WarehouseInUse,
    WarehouseTooNew,
)
from leadline.warehouse.duckdb_sql import SCHEMA_VERSION
from leadline.warehouse.loader import Loader, NotLoaded

__all__ = [
    "FILES",
    "SCHEMA_VERSION",
    "DuckDBWarehouse",
    "Loader",
    "NotEmpty",
    "NotLoaded",
    "WarehouseInUse",
    "WarehouseTooNew",
]
