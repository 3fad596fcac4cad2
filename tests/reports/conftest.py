from collections.abc import Iterator
from pathlib import Path

import pytest

from leadline.reports import Reports
from leadline.warehouse import DuckDBWarehouse
from tests.support import ManualClock
from tests.warehouse.histories import opened


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[DuckDBWarehouse]:
    with opened(tmp_path) as warehouse:
        yield warehouse


@pytest.fixture
def reports(warehouse: DuckDBWarehouse, clock: ManualClock) -> Reports:
    return Reports(warehouse, clock)
