"""What another process changes is effective without a restart."""

from collections.abc import Iterator

import pytest

from leadline.database import Database
from leadline.sites import NewSite, SiteChange, Sites, UtmField
from tests.collector.hits import new_site, seal, stored
from tests.support import RunningServer, eventually


@pytest.fixture
def elsewhere(server: RunningServer) -> Iterator[Sites]:
    """The same sites, seen through a database connection that the server knows nothing of."""
    database = Database(server.settings.metadata)
    yield Sites(database)
    database.close()


def test_a_new_site_collects(server: RunningServer, elsewhere: Sites) -> None:
    organisation = server.leadline.organisations.first()
    site = elsewhere.create(organisation.id, NewSite(name="New", timezone="UTC", currency="EUR"))
    eventually(lambda: server.leadline.snapshot.find(site.code) is not None)
    seal(server, site.slug)
    assert len(stored(server, site.id)) == 1


def test_a_mapping_acts(server: RunningServer, elsewhere: Sites) -> None:
    site = new_site(server)
    elsewhere.add_utm_mapping(site, "src", UtmField.SOURCE)

    def acts() -> bool:
        rules = server.leadline.snapshot.find(site.code)
        return rules is not None and len(rules.utm_mappings) == 1

    eventually(acts)
    seal(server, site.slug, u="https://shop.example/?src=google")
    assert stored(server, site.id)[0].utm_source == "google"


def test_a_domain_a_state_and_an_end_act(server: RunningServer, elsewhere: Sites) -> None:
    site = new_site(server)
    find = server.leadline.snapshot.find
    elsewhere.add_domain(site, "shop.example")
    eventually(lambda: (rules := find(site.code)) is not None and bool(rules.hosts))
    seal(server, site.slug, u="https://other.test/")
    elsewhere.update(site, SiteChange(is_active=False))
    eventually(lambda: (rules := find(site.code)) is not None and not rules.is_active)
    seal(server, site.slug)
    assert stored(server, site.id) == []
    elsewhere.delete(site)
    eventually(lambda: find(site.code) is None)
