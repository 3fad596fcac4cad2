from collections.abc import Iterator

import pytest

from tests.support import RunningServer, running_server


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """A server that loads as soon as it can: these tests look at what is stored."""
    with running_server(tmp_path_factory.mktemp("collector"), loader_interval=0.01) as running:
        yield running
