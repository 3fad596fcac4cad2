import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from argon2 import PasswordHasher
from hypothesis import settings
from playwright.sync_api import Browser

from leadline import passwords
from leadline.database import Database, Location
from tests.browser_support import PageServer, running_browser
from tests.clickhouse import WAREHOUSES, ClickHouseInside, Engine, running_clickhouse
from tests.postgresql import ENGINES, Cluster, fresh_location, running_cluster
from tests.support import ManualClock, RunningServer, running_server

# A server beside a test may have something to say while that looks at what a command prints.
structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.__stderr__))

# How long anything takes depends on the machine, and no test is about it.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

# A password that is hard to guess takes 64 MiB and a tenth of a second, each time.
passwords._hasher = PasswordHasher(time_cost=1, memory_cost=128, parallelism=1)


SLOW = ("crash", "browser", "deploy", "warehouse", "backup")
"""Directories whose files go first: two workers then end at the same time, or nearly."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    place = {name: number for number, name in enumerate(SLOW)}
    items.sort(key=lambda item: place.get(item.path.parent.name, len(SLOW)))


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """One server for all tests that do not need one of their own."""
    with running_server(tmp_path_factory.mktemp("server")) as running:
        yield running


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Cluster]:
    """A PostgreSQL for all tests that need one."""
    with running_cluster() as cluster:
        yield cluster


@pytest.fixture(scope="session")
def clickhouse() -> Iterator[ClickHouseInside]:
    """A ClickHouse for all tests that need one."""
    with running_clickhouse() as inside:
        yield inside


@pytest.fixture(scope="session", params=WAREHOUSES)
def engine(request: pytest.FixtureRequest) -> Engine:
    """A kind of warehouse: whatever uses this runs on both."""
    inside = request.param == "clickhouse"
    return Engine(request.getfixturevalue("clickhouse") if inside else None)


@pytest.fixture(params=ENGINES)
def location(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Location]:
    """Where a test's own metadata are: whatever uses this runs on both engines."""
    with fresh_location(request, tmp_path) as found:
        yield found


@pytest.fixture
def database(location: Location) -> Iterator[Database]:
    opened = Database(location)
    yield opened
    opened.close()


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One for each file: while Playwright runs, its event loop bars `asyncio.run`."""
    with running_browser() as running:
        yield running


@pytest.fixture(scope="session")
def page_server() -> Iterator[PageServer]:
    """Pages of another origin than the server's."""
    pages = PageServer()
    yield pages
    pages.close()
