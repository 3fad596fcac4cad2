from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from leadline.access import Organisations
from leadline.database import Database
from leadline.reports import Reports
from leadline.sites import OrganisationId, Site, Sites
from leadline.warehouse import DuckDBWarehouse, Warehouse
from tests.clickhouse import SMALL, Engine
from tests.sites.making import new_site
from tests.support import ManualClock


@pytest.fixture
def warehouse(engine: Engine, tmp_path: Path) -> Iterator[Warehouse]:
    with engine.opened(tmp_path) as warehouse:
        yield warehouse


@pytest.fixture
def reports(warehouse: Warehouse, clock: ManualClock) -> Reports:
    return Reports(warehouse, clock)


@pytest.fixture(scope="session")
def is_pattern(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], bool]]:
    """What says so for both warehouses."""
    warehouse = DuckDBWarehouse(tmp_path_factory.mktemp("patterns") / "hits.duckdb", **SMALL)
    yield warehouse.is_pattern
    warehouse.close()


@pytest.fixture
def organisation(database: Database) -> OrganisationId:
    return Organisations(database).first().id


@pytest.fixture
def sites(database: Database, clock: ManualClock) -> Sites:
    return Sites(database, clock=clock)


@pytest.fixture
def site(sites: Sites, organisation: OrganisationId) -> Site:
    return sites.create(organisation, new_site())


@pytest.fixture
def other(sites: Sites, organisation: OrganisationId) -> Site:
    return sites.create(organisation, new_site("Other"))
