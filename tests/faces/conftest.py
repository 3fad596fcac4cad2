from collections.abc import Iterator

import pytest

from tests.postgresql import ENGINES, fresh_location
from tests.support import RunningServer, running_server


@pytest.fixture(scope="session", params=ENGINES)
def server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningServer]:
    """One server for all tests of the faces, and one more of them on PostgreSQL."""
    data = tmp_path_factory.mktemp("faces")
    with fresh_location(request, data) as location:
        url = location if isinstance(location, str) else None
        with running_server(data, database_url=url) as running:
            yield running


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What is marked `one_database` is about the wire alone, and asked of one server."""
    spared = [each for each in items if _is_spared(each)]
    items[:] = [each for each in items if not _is_spared(each)]
    config.hook.pytest_deselected(items=spared)


def _is_spared(item: pytest.Item) -> bool:
    parameters = getattr(item, "callspec", None)
    is_second = parameters is not None and parameters.params.get("server") == ENGINES[1]
    return is_second and item.get_closest_marker("one_database") is not None


def pytest_itemcollected(item: pytest.Item) -> None:
    """Give each operation's test an id of its own: workers tell tests apart by it."""
    label = getattr(item, "operation_label", None)
    if label is not None and "[" not in item.nodeid:
        item._id = item.id.with_params(label)
