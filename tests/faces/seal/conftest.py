from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any
from uuid import uuid4

import httpx
import pytest

from leadline.access import abilities_of
from leadline.access.tables import organisations
from leadline.clock import utc_now
from leadline.database import insert_row
from leadline.sites import OrganisationId
from tests.faces.seal.dialect import calls, new_site
from tests.support import RunningServer

Connect = Callable[..., httpx.Client]


@pytest.fixture(scope="module")
def api(server: RunningServer) -> Iterator[httpx.Client]:
    """Calls with a token that may do everything."""
    with calls(server, server.token("*")) as client:
        yield client


@pytest.fixture
def site(api: httpx.Client) -> dict[str, Any]:
    """A site of this test alone."""
    return new_site(api)


@pytest.fixture
def connect(server: RunningServer) -> Iterator[Connect]:
    """Opens calls with a token of the given abilities."""
    with ExitStack() as stack:

        def opened(*abilities: str) -> httpx.Client:
            return stack.enter_context(calls(server, server.token(*abilities)))

        yield opened


@pytest.fixture(scope="module")
def stranger(server: RunningServer) -> Iterator[httpx.Client]:
    """Calls with a `*` token of another organisation on the same server."""
    with server.leadline.database.writing() as connection:
        number = insert_row(
            connection,
            organisations,
            uuid=str(uuid4()),
            slug=uuid4().hex,
            name="Strangers",
            timezone="UTC",
            currency="EUR",
            created_at=utc_now(),
        )
    organisation = OrganisationId(number)
    new = server.leadline.tokens.create(organisation, "test", abilities_of([("*", None)]))
    with calls(server, new.secret) as client:
        yield client
