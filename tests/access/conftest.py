import pytest

from leadline.access import Invitations, Organisations, Role, Sessions, Tokens, UserId
from leadline.database import Database
from leadline.sites import NewSite, OrganisationId, Site, Sites
from tests.support import ManualClock


@pytest.fixture
def organisations(database: Database, clock: ManualClock) -> Organisations:
    return Organisations(database, clock)


@pytest.fixture
def organisation(organisations: Organisations) -> OrganisationId:
    return organisations.first().id


@pytest.fixture
def tokens(database: Database, clock: ManualClock) -> Tokens:
    return Tokens(database, clock)


@pytest.fixture
def sessions(database: Database, clock: ManualClock) -> Sessions:
    return Sessions(database, clock)


@pytest.fixture
def invitations(database: Database, clock: ManualClock) -> Invitations:
    return Invitations(database, clock)


@pytest.fixture
def sites(database: Database) -> Sites:
    return Sites(database)


@pytest.fixture
def site(sites: Sites, organisation: OrganisationId) -> Site:
    return sites.create(organisation, NewSite(name="Acme", timezone="UTC", currency="EUR"))


@pytest.fixture
def ada(organisations: Organisations, organisation: OrganisationId) -> UserId:
    user = organisations.add_user(
        organisation,
        email="Ada@Example.com",
        password="correct horse battery",
        role=Role.ADMIN,
        name="Ada",
    )
    return user.id
