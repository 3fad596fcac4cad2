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


def pytest_itemcollected(item: pytest.Item) -> None:
    """Give each operation's test an id of its own: workers tell tests apart by it."""
    label = getattr(item, "operation_label", None)
    if label is not None and "[" not in item.nodeid:
        item._id = item.id.with_params(label)
