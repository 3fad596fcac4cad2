from collections.abc import Iterator
from pathlib import Path

import pytest

from leadline.reports import Reports
from leadline.warehouse import Warehouse
from tests.clickhouse import Engine
from tests.support import ManualClock


@pytest.fixture
def warehouse(engine: Engine, tmp_path: Path) -> Iterator[Warehouse]:
    with engine.opened(tmp_path) as warehouse:
        yield warehouse


@pytest.fixture
def reports(warehouse: Warehouse, clock: ManualClock) -> Reports:
    return Reports(warehouse, clock)
