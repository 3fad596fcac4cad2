from collections.abc import Iterator

import pytest

from tests.openid.provider import TestProvider, running_provider


@pytest.fixture
def local() -> Iterator[TestProvider]:
    """A provider on this machine."""
    with running_provider() as provider:
        yield provider
