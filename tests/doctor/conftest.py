from collections.abc import Iterator

import pytest

from tests.doctor.servers import Server, running


@pytest.fixture(scope="module")
def web() -> Iterator[Server]:
    """Pages on `localhost`."""
    with running() as server:
        yield server
