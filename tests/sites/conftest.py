from datetime import UTC, datetime

import pytest

from leadline.access import Organisations
from leadline.access.tables import organisations
from leadline.database import Database, insert_row
from leadline.sites import OrganisationId, Sites, Snapshot
from tests.support import ManualClock


@pytest.fixture
def organisation(database: Database) -> OrganisationId:
    return Organisations(database).first().id


@pytest.fixture
def stranger(database: Database, organisation: OrganisationId) -> OrganisationId:
    """Another organisation in the same database; no door makes a second one yet."""
    with database.writing() as connection:
        values = {"uuid": "b", "name": "B", "slug": "b", "timezone": "UTC", "currency": "EUR"}
        made = insert_row(
            connection, organisations, created_at=datetime(2026, 1, 1, tzinfo=UTC), **values
        )
    return OrganisationId(made)


@pytest.fixture
def snapshot(database: Database) -> Snapshot:
    return Snapshot(database)


@pytest.fixture
def sites(database: Database, snapshot: Snapshot, clock: ManualClock) -> Sites:
    """The service as a server composes it: each change is in the snapshot at once."""
    return Sites(database, changed=snapshot.refresh, clock=clock)
