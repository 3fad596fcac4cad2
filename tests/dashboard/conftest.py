from collections.abc import Iterator
from pathlib import Path

import pytest

from leadline.access import Role
from tests.dashboard.person import Person, signed_in
from tests.support import RunningServer, running_server


@pytest.fixture(scope="module")
def owner(server: RunningServer) -> Person:
    return signed_in(server, Role.OWNER)


@pytest.fixture(scope="module")
def member(server: RunningServer) -> Person:
    return signed_in(server, Role.MEMBER)


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[RunningServer]:
    """A server that nobody has touched yet."""
    with running_server(tmp_path / "data") as running:
        yield running
