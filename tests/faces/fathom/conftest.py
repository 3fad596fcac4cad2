from collections.abc import Iterator

import httpx
import pytest

from tests.support import BROWSER, PATIENCE, RunningServer


@pytest.fixture(scope="module")
def owner(server: RunningServer) -> Iterator[httpx.Client]:
    """Somebody with a `*` token."""
    with server.client("*") as client:
        yield client


@pytest.fixture(scope="module")
def anybody(server: RunningServer) -> Iterator[httpx.Client]:
    """Somebody without a token; one can be sent with each request."""
    with httpx.Client(
        base_url=server.url, headers={"User-Agent": BROWSER}, verify=False, timeout=PATIENCE
    ) as client:
        yield client
