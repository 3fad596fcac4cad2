from collections.abc import Iterator

import pytest

from leadline.access import Organisations
from leadline.database import Database
from leadline.sites import Site, Sites
from leadline.webhooks import Courier, Deliveries, Sender, Webhooks
from tests.doctor.servers import Server, running
from tests.sites.making import new_site
from tests.support import ManualClock


@pytest.fixture
def site(database: Database) -> Site:
    return Sites(database).create(Organisations(database).first().id, new_site())


@pytest.fixture
def receiver() -> Iterator[Server]:
    with running() as server:
        yield server


@pytest.fixture
def webhooks(database: Database, clock: ManualClock) -> Webhooks:
    return Webhooks(database, Sender(to_loopback=True), clock)


@pytest.fixture
def deliveries(database: Database, clock: ManualClock) -> Deliveries:
    return Deliveries(database, clock)


@pytest.fixture
def courier(database: Database, webhooks: Webhooks, clock: ManualClock) -> Iterator[Courier]:
    courier = Courier(database, webhooks, Sender(to_loopback=True), clock)
    yield courier
    courier.close()
