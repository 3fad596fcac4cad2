"""What the hot path knows of the sites, and when."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from zoneinfo import ZoneInfo

import pytest

from leadline.database import Database, Location
from leadline.sites import (
    OrganisationId,
    SiteChange,
    Sites,
    Snapshot,
    UtmField,
    UtmMappingChange,
)
from tests.sites.making import new_site


@pytest.fixture
def elsewhere(database: Database, location: Location) -> Iterator[Sites]:
    """The service in another process: it does not know the snapshot."""
    other = Database(location)
    yield Sites(other)
    other.close()


def test_a_site_is_known_as_soon_as_it_is_created(
    sites: Sites, snapshot: Snapshot, organisation: OrganisationId
) -> None:
    fields = {"domains": ("www.Example.com", "münchen.de"), "timezone": "Europe/Madrid"}
    site = sites.create(organisation, new_site("Acme", code="CDBUGS", **fields))
    rules = snapshot.find("CDBUGS")
    assert rules is not None
    assert (rules.id, rules.code, rules.slug, rules.is_active) == (site.id, "CDBUGS", "acme", True)
    assert rules.timezone == ZoneInfo("Europe/Madrid")
    assert rules.hosts == {"example.com", "xn--mnchen-3ya.de"}
    assert rules.utm_mappings == ()
    for name in ("cdbugs", "CdBugs", "acme", "ACME"):
        assert snapshot.find(name) is rules
    assert snapshot.find("nobody") is None
    assert snapshot.find("") is None


def test_every_change_is_seen_at_once(
    sites: Sites, snapshot: Snapshot, organisation: OrganisationId
) -> None:
    site = sites.create(organisation, new_site())
    sites.update(site, SiteChange(timezone="Asia/Tokyo"))
    sites.add_domain(site, "example.com")
    sites.add_domain(site, "example.org")
    sites.remove_domain(site, "example.com")
    rules = snapshot.find(site.code)
    assert rules is not None
    assert rules.timezone.key == "Asia/Tokyo"
    assert rules.hosts == {"example.org"}


def test_active_mappings_are_known_the_earliest_first(
    sites: Sites, snapshot: Snapshot, organisation: OrganisationId
) -> None:
    site = sites.create(organisation, new_site())
    first = sites.add_utm_mapping(site, "src", UtmField.SOURCE)
    sites.add_utm_mapping(site, "from", UtmField.SOURCE)
    last = sites.add_utm_mapping(site, "kind", UtmField.MEDIUM)

    def known() -> list[tuple[str, UtmField]]:
        rules = snapshot.find(site.code)
        assert rules is not None
        return list(rules.utm_mappings)

    assert [name for name, _ in known()] == ["src", "from", "kind"]
    sites.change_utm_mapping(site, first.id, UtmMappingChange(is_active=False))
    sites.change_utm_mapping(site, last.id, UtmMappingChange(maps_to=UtmField.TERM))
    assert known() == [("from", UtmField.SOURCE), ("kind", UtmField.TERM)]
    sites.change_utm_mapping(site, first.id, UtmMappingChange(is_active=True))
    sites.remove_utm_mapping(site, "from")
    assert known() == [("src", UtmField.SOURCE), ("kind", UtmField.TERM)]


def test_a_deactivated_site_is_known_as_inactive(
    sites: Sites, snapshot: Snapshot, organisation: OrganisationId
) -> None:
    site = sites.create(organisation, new_site(domains=("example.com",)))
    for is_active in (False, True):
        sites.update(site, SiteChange(is_active=is_active))
        rules = snapshot.find(site.slug)
        assert rules is not None
        assert rules.is_active is is_active
        assert rules.hosts == {"example.com"}


def test_a_deleted_site_is_unknown_under_all_its_names(
    sites: Sites, snapshot: Snapshot, organisation: OrganisationId
) -> None:
    kept = sites.create(organisation, new_site("Kept"))
    site = sites.create(organisation, new_site(code="CDBUGS", slug="acme-corp"))
    sites.delete(site)
    for name in ("CDBUGS", "cdbugs", "acme-corp", "ACME-CORP"):
        assert snapshot.find(name) is None
    assert snapshot.find(kept.code) is not None


def test_changes_made_elsewhere_are_seen_after_a_refresh(
    elsewhere: Sites, snapshot: Snapshot, organisation: OrganisationId
) -> None:
    site = elsewhere.create(organisation, new_site())
    assert snapshot.find(site.code) is None
    snapshot.refresh()
    assert snapshot.find(site.code) is not None

    elsewhere.add_domain(site, "example.com")
    elsewhere.update(site, SiteChange(is_active=False))
    snapshot.refresh()
    rules = snapshot.find(site.code)
    assert rules is not None
    assert (rules.is_active, rules.hosts) == (False, frozenset({"example.com"}))

    elsewhere.delete(site)
    snapshot.refresh()
    assert snapshot.find(site.code) is None


def test_a_site_made_and_deleted_between_two_refreshes_was_never_there(
    elsewhere: Sites, snapshot: Snapshot, organisation: OrganisationId
) -> None:
    site = elsewhere.create(organisation, new_site())
    elsewhere.delete(site)
    snapshot.refresh()
    assert snapshot.find(site.code) is None


def test_a_refresh_loads_only_what_has_changed(
    sites: Sites, snapshot: Snapshot, organisation: OrganisationId
) -> None:
    still, moving = sites.create_all(organisation, [new_site("Still"), new_site("Moving")])
    before = {name: snapshot.find(name) for name in (still.code, moving.code)}
    sites.update(moving, SiteChange(timezone="Asia/Tokyo"))
    assert snapshot.find(still.code) is before[still.code]
    assert snapshot.find(moving.code) is not before[moving.code]
    snapshot.refresh()
    assert snapshot.find(still.code) is before[still.code]


def test_a_new_snapshot_knows_what_was_there_before(
    database: Database, sites: Sites, organisation: OrganisationId
) -> None:
    site = sites.create(organisation, new_site())
    gone = sites.create(organisation, new_site())
    sites.delete(gone)
    fresh = Snapshot(database)
    fresh.refresh()
    assert fresh.find(site.slug) is not None
    assert fresh.find(gone.slug) is None


def test_changes_from_many_threads_are_all_seen(
    sites: Sites, elsewhere: Sites, snapshot: Snapshot, organisation: OrganisationId
) -> None:
    def create(number: int) -> str:
        service = elsewhere if number % 2 else sites
        return service.create(organisation, new_site()).code

    with ThreadPoolExecutor(6) as pool:
        codes = list(pool.map(create, range(24)))
    snapshot.refresh()
    assert all(snapshot.find(code) for code in codes)
