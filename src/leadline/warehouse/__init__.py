"""The hits, and everything that turns spooled records into them: loader, visits, refusals."""

from leadline.warehouse.batch import Arrivals
from leadline.warehouse.clickhouse import ClickHouseDriverMissing
from leadline.warehouse.duckdb_engine import (
    FILES,
    DuckDBWarehouse,
    NotEmpty,
    WarehouseInUse,
    WarehouseTooNew,
)
from leadline.warehouse.duckdb_sql import REFUSALS_KEPT_DAYS, SCHEMA_VERSION
from leadline.warehouse.engine import (
    IS_HIT,
    Ask,
    Dialect,
    Snapshot,
    Warehouse,
    WarehouseUnavailable,
)
from leadline.warehouse.loader import Loader, NotLoaded
from leadline.warehouse.opening import WarehouseElsewhere, open_warehouse
from leadline.warehouse.spans import EARLIEST, LATEST
from leadline.warehouse.summaries_sql import ROLLED_UP
from leadline.warehouse.visit_rows import COLUMNS as VISIT_COLUMNS
from leadline.warehouse.visit_rows import visit_rows

__all__ = [
    "EARLIEST",
    "FILES",
    "IS_HIT",
    "LATEST",
    "REFUSALS_KEPT_DAYS",
    "ROLLED_UP",
    "SCHEMA_VERSION",
    "VISIT_COLUMNS",
    "Arrivals",
    "Ask",
    "ClickHouseDriverMissing",
    "Dialect",
    "DuckDBWarehouse",
    "Loader",
    "NotEmpty",
    "NotLoaded",
    "Snapshot",
    "Warehouse",
    "WarehouseElsewhere",
    "WarehouseInUse",
    "WarehouseTooNew",
    "WarehouseUnavailable",
    "open_warehouse",
    "visit_rows",
]
