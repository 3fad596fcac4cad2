"""Creating, changing, deleting sites, and what may be listed on them."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from leadline.database import Database
from leadline.passwords import share_secret, verify_password
from leadline.sites import (
    DomainNotFound,
    DomainTaken,
    InvalidCurrency,
    InvalidDomain,
    InvalidName,
    InvalidParameter,
    InvalidPassword,
    InvalidTimezone,
    MultiDomain,
    NameTaken,
    OptionRequired,
    OrganisationId,
    PasswordRequired,
    Sharing,
    Site,
    SiteChange,
    SiteNotFound,
    Sites,
    UtmField,
    UtmMappingChange,
    UtmMappingNotFound,
    UtmMappingTaken,
)
from leadline.sites.tables import sites as sites_table
from tests.sites.making import new_site
from tests.support import ManualClock


@pytest.fixture
def site(sites: Sites, organisation: OrganisationId) -> Site:
    return sites.create(organisation, new_site(domains=("example.com",)))


def again(sites: Sites, site: Site) -> Site:
    return sites.get(site.organisation, site.code)


def opens_with(database: Database, site: Site, password: str) -> bool:
    """Whether a share link with this password would open the site's dashboard."""
    query = select(sites_table.c.share_password_hash).where(sites_table.c.id == site.id)
    with database.reading() as connection:
        hashed = connection.execute(query).scalar_one()
    return hashed is not None and verify_password(hashed, share_secret(password))


# Creating


def test_a_new_site_is_what_was_asked_for(
    sites: Sites, organisation: OrganisationId, clock: ManualClock
) -> None:
    site = sites.create(
        organisation,
        new_site(
            "Daffy's Website",
            timezone="America/New_York",
            currency="USD",
            domains=("Example.com", "www.example.com", "münchen.de"),
            sharing=Sharing.PUBLIC,
            multi_domain=MultiDomain.SEPARATE,
        ),
    )
    assert (site.name, site.timezone, site.currency) == (
        "Daffy's Website",
        "America/New_York",
        "USD",
    )
    assert [domain.domain for domain in site.domains] == [
        "example.com",
        "www.example.com",
        "münchen.de",
    ]
    assert site.domains[2].host == "xn--mnchen-3ya.de"
    assert (site.sharing, site.multi_domain) == (Sharing.PUBLIC, MultiDomain.SEPARATE)
    assert (site.is_active, site.created_at, site.updated_at) == (True, clock.now, None)
    assert sites.get(organisation, site.slug) == site


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"timezone": "Mars/Olympus"}, InvalidTimezone),
        ({"timezone": "localtime"}, InvalidTimezone),
        ({"timezone": "Europe/" + "x" * 64}, InvalidTimezone),
        ({"timezone": "../UTC"}, InvalidTimezone),
        ({"currency": "eur"}, InvalidCurrency),
        ({"currency": "DEM"}, InvalidCurrency),
        ({"domains": ("http://example.com",)}, InvalidDomain),
        ({"domains": ("example.com", "EXAMPLE.com")}, DomainTaken),
        ({"domains": ("münchen.de", "xn--mnchen-3ya.de")}, DomainTaken),
        ({"sharing": Sharing.PRIVATE}, PasswordRequired),
        ({"sharing": Sharing.PRIVATE, "share_password": ""}, InvalidPassword),
        ({"sharing": Sharing.PRIVATE, "share_password": "x" * 256}, InvalidPassword),
        ({"sharing": Sharing.PRIVATE, "share_password": "\udcff"}, InvalidPassword),
    ],
)
def test_what_no_site_can_have_creates_none(
    sites: Sites, organisation: OrganisationId, fields: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        sites.create(organisation, new_site(**fields))
    assert sites.list(organisation, include_inactive=True) == ()


def test_many_are_created_together_or_not_at_all(
    sites: Sites, organisation: OrganisationId
) -> None:
    with pytest.raises(NameTaken):
        sites.create_all(organisation, [new_site(code="CDBUGS"), new_site(code="CDBUGS")])
    with pytest.raises(InvalidName):
        sites.create_all(organisation, [new_site("A"), new_site("")])
    assert sites.list(organisation) == ()
    made = sites.create_all(organisation, (new_site(code=code) for code in ("CDBUGS", "GCDFS")))
    assert [site.code for site in made] == ["CDBUGS", "GCDFS"]


def test_lists_hold_what_may_be_seen(
    sites: Sites, organisation: OrganisationId, stranger: OrganisationId
) -> None:
    first, second = sites.create_all(organisation, [new_site("A"), new_site("B")])
    sites.create(stranger, new_site("C"))
    off = sites.update(first, SiteChange(is_active=False))
    assert sites.list(organisation) == (second,)
    assert sites.list(organisation, include_inactive=True) == (off, second)
    assert sites.list(organisation, visible={second.id}) == (second,)
    assert sites.list(organisation, visible=()) == ()
    assert sites.codes([first.id, second.id]) == {first.id: first.code, second.id: second.code}


# Changing


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", "Zenith"), ("timezone", "Asia/Tokyo"), ("currency", "JPY"), ("is_active", False)],
)
def test_an_update_changes_its_field_and_no_other(
    sites: Sites, site: Site, clock: ManualClock, field: str, value: Any
) -> None:
    clock.advance(hours=1)
    updated = sites.update(site, SiteChange(**{field: value}))
    assert updated == again(sites, site)
    for name in site.__struct_fields__:
        before = {field: value, "updated_at": clock.now}.get(name, getattr(site, name))
        assert getattr(updated, name) == before, name


def test_an_update_of_nothing_changes_nothing(sites: Sites, site: Site) -> None:
    assert sites.update(site, SiteChange()) == site == again(sites, site)


@pytest.mark.parametrize(
    "change",
    [
        SiteChange(name="Zenith", timezone="Mars/Olympus"),
        SiteChange(name="Zenith", currency="euro"),
        SiteChange(name="Zenith", sharing=Sharing.PRIVATE),
        SiteChange(name="Zenith", multi_domain=True),
    ],
)
def test_a_refused_update_stores_nothing(sites: Sites, site: Site, change: SiteChange) -> None:
    with pytest.raises((InvalidTimezone, InvalidCurrency, PasswordRequired, OptionRequired)):
        sites.update(site, change)
    assert again(sites, site) == site


def test_a_private_share_opens_with_its_password_alone(
    sites: Sites, database: Database, organisation: OrganisationId
) -> None:
    private = new_site(sharing=Sharing.PRIVATE, share_password="first")
    site = sites.create(organisation, private)
    assert opens_with(database, site, "first")
    assert not opens_with(database, site, "second")

    site = sites.update(site, SiteChange(share_password="second"))
    assert opens_with(database, site, "second")
    assert not opens_with(database, site, "first")

    site = sites.update(site, SiteChange(sharing=Sharing.PRIVATE))
    assert opens_with(database, site, "second")


def test_leaving_private_sharing_forgets_the_password(
    sites: Sites, database: Database, organisation: OrganisationId
) -> None:
    private = new_site(sharing=Sharing.PRIVATE, share_password="first")
    site = sites.create(organisation, private)
    site = sites.update(site, SiteChange(sharing=Sharing.PUBLIC, share_password="second"))
    assert not opens_with(database, site, "second")
    with pytest.raises(PasswordRequired):
        sites.update(site, SiteChange(sharing=Sharing.PRIVATE))


def test_a_password_for_a_site_that_is_not_private_is_not_kept(
    sites: Sites, database: Database, organisation: OrganisationId
) -> None:
    site = sites.create(organisation, new_site(share_password="first"))
    assert not opens_with(database, site, "first")
    site = sites.update(site, SiteChange(share_password="second"))
    assert site.sharing is Sharing.NONE
    assert not opens_with(database, site, "second")


def test_several_domains_are_reported_one_way_or_the_other(sites: Sites, site: Site) -> None:
    assert site.multi_domain is None
    with pytest.raises(OptionRequired):
        sites.update(site, SiteChange(multi_domain=True))

    def option(**fields: Any) -> MultiDomain | None:
        return sites.update(again(sites, site), SiteChange(**fields)).multi_domain

    assert option(multi_domain_option=MultiDomain.COMBINED) is None
    both = {"multi_domain": True, "multi_domain_option": MultiDomain.COMBINED}
    assert option(**both) is MultiDomain.COMBINED
    assert option(multi_domain=True) is MultiDomain.COMBINED
    assert option(multi_domain_option=MultiDomain.SEPARATE) is MultiDomain.SEPARATE
    assert option(name="Zenith") is MultiDomain.SEPARATE
    assert option(multi_domain=False, multi_domain_option=MultiDomain.COMBINED) is None


# Deleting


def test_a_deleted_site_is_gone(
    sites: Sites, site: Site, organisation: OrganisationId, clock: ManualClock
) -> None:
    sites.add_utm_mapping(site, "src", UtmField.SOURCE)
    sites.delete(site)
    assert sites.list(organisation, include_inactive=True) == ()
    assert sites.utm_mappings(site) == ()
    (deletion,) = sites.deletions()
    assert (deletion.site, deletion.erased_at) == (site.id, None)
    clock.advance(minutes=1)
    sites.confirm_erased(site.id)
    assert [each.erased_at for each in sites.deletions()] == [clock.now]
    assert sites.deletions(after=deletion.revision) == ()


def test_nothing_can_be_done_to_a_deleted_site(sites: Sites, site: Site) -> None:
    mapping = sites.add_utm_mapping(site, "src", UtmField.SOURCE)
    sites.delete(site)
    with pytest.raises(SiteNotFound):
        again(sites, site)
    with pytest.raises(SiteNotFound):
        sites.delete(site)
    with pytest.raises(SiteNotFound):
        sites.update(site, SiteChange(is_active=True))
    with pytest.raises(SiteNotFound):
        sites.add_domain(site, "example.org")
    with pytest.raises(SiteNotFound):
        sites.remove_domain(site, "example.com")
    with pytest.raises(SiteNotFound):
        sites.add_utm_mapping(site, "other", UtmField.SOURCE)
    with pytest.raises(SiteNotFound):
        sites.change_utm_mapping(site, mapping.id, UtmMappingChange(is_active=False))
    with pytest.raises(SiteNotFound):
        sites.remove_utm_mapping(site, "src")


def test_the_number_of_a_deleted_site_is_not_used_again(
    sites: Sites, organisation: OrganisationId
) -> None:
    last = sites.create(organisation, new_site())
    sites.delete(last)
    assert sites.create(organisation, new_site()).id > last.id


# Domains


def test_domains_are_listed_in_the_order_they_came(
    sites: Sites, site: Site, clock: ManualClock
) -> None:
    clock.advance(minutes=1)
    added = sites.add_domain(site, " Shop.Example.com ")
    assert (added.domain, added.created_at) == ("shop.example.com", clock.now)
    found = again(sites, site)
    assert [domain.domain for domain in found.domains] == ["example.com", "shop.example.com"]
    assert found.domains[1] == added
    assert found.updated_at == clock.now


@pytest.mark.parametrize("domain", ["example.com", "EXAMPLE.com", " example.com"])
def test_a_domain_is_listed_once(sites: Sites, site: Site, domain: str) -> None:
    with pytest.raises(DomainTaken):
        sites.add_domain(site, domain)
    assert again(sites, site) == site
    sites.add_domain(site, "www.example.com")


def test_two_sites_may_list_the_same_domain(
    sites: Sites, site: Site, organisation: OrganisationId
) -> None:
    other = sites.create(organisation, new_site(domains=("example.com",)))
    sites.remove_domain(other, "example.com")
    assert again(sites, site) == site


def test_a_domain_is_removed_in_any_writing(sites: Sites, site: Site) -> None:
    sites.add_domain(site, "münchen.de")
    sites.remove_domain(site, "XN--mnchen-3ya.de")
    sites.remove_domain(site, "Example.com")
    assert again(sites, site).domains == ()


@pytest.mark.parametrize("domain", ["example.org", "www.example.com", "no host", "a\0b.com"])
def test_only_a_listed_domain_can_be_removed(sites: Sites, site: Site, domain: str) -> None:
    with pytest.raises(DomainNotFound):
        sites.remove_domain(site, domain)
    assert again(sites, site) == site


def test_an_invalid_domain_is_not_added(sites: Sites, site: Site) -> None:
    with pytest.raises(InvalidDomain):
        sites.add_domain(site, "https://example.org")
    assert again(sites, site) == site


# UTM mappings


def test_mappings_are_listed_in_the_order_they_came(
    sites: Sites, site: Site, clock: ManualClock
) -> None:
    made = [sites.add_utm_mapping(site, name, UtmField.SOURCE) for name in ("src", "Src", "from")]
    assert sites.utm_mappings(site) == tuple(made)
    assert all(mapping.is_active and mapping.created_at == clock.now for mapping in made)
    assert again(sites, site).updated_at == clock.now


def test_a_parameter_is_mapped_once(sites: Sites, site: Site) -> None:
    sites.add_utm_mapping(site, "src", UtmField.SOURCE)
    with pytest.raises(UtmMappingTaken):
        sites.add_utm_mapping(site, "src", UtmField.MEDIUM)


@pytest.mark.parametrize("parameter", ["a", "a" * 100, "what ever[0]", "ключ"])
def test_any_parameter_name_can_be_mapped(sites: Sites, site: Site, parameter: str) -> None:
    assert sites.add_utm_mapping(site, parameter, UtmField.TERM).custom_param == parameter


@pytest.mark.parametrize("parameter", ["", "a" * 101, "a\nb", "a\0b", "\udcff"])
def test_other_texts_cannot(sites: Sites, site: Site, parameter: str) -> None:
    with pytest.raises(InvalidParameter):
        sites.add_utm_mapping(site, parameter, UtmField.TERM)


def test_a_mapping_changes_only_what_is_sent(sites: Sites, site: Site) -> None:
    mapping = sites.add_utm_mapping(site, "src", UtmField.SOURCE)
    change = UtmMappingChange(maps_to=UtmField.MEDIUM)
    assert sites.change_utm_mapping(site, mapping.id, change).is_active
    changed = sites.change_utm_mapping(site, mapping.id, UtmMappingChange(is_active=False))
    assert (changed.maps_to, changed.is_active) == (UtmField.MEDIUM, False)
    assert sites.change_utm_mapping(site, mapping.id, UtmMappingChange()) == changed
    assert sites.utm_mappings(site) == (changed,)


def test_a_mapping_is_removed_by_its_parameter(sites: Sites, site: Site) -> None:
    sites.add_utm_mapping(site, "src", UtmField.SOURCE)
    with pytest.raises(UtmMappingNotFound):
        sites.remove_utm_mapping(site, "SRC")
    sites.remove_utm_mapping(site, "src")
    assert sites.utm_mappings(site) == ()


@pytest.mark.parametrize("parameter", ["", "a\0b", "\udcff", "a" * 9000])
def test_what_names_no_mapping_removes_none(sites: Sites, site: Site, parameter: str) -> None:
    with pytest.raises(UtmMappingNotFound):
        sites.remove_utm_mapping(site, parameter)


@pytest.mark.parametrize("number", [0, 2**31 - 1, 2**31, 2**63 - 1, 10**18])
def test_a_number_that_is_no_mappings_changes_none(sites: Sites, site: Site, number: int) -> None:
    with pytest.raises(UtmMappingNotFound):
        sites.change_utm_mapping(site, number, UtmMappingChange(is_active=False))


def test_a_mapping_of_another_site_is_out_of_reach(
    sites: Sites, site: Site, organisation: OrganisationId
) -> None:
    other = sites.create(organisation, new_site())
    mapping = sites.add_utm_mapping(other, "src", UtmField.SOURCE)
    with pytest.raises(UtmMappingNotFound):
        sites.change_utm_mapping(site, mapping.id, UtmMappingChange(is_active=False))
    with pytest.raises(UtmMappingNotFound):
        sites.remove_utm_mapping(site, "src")
    assert again(sites, site) == site


def test_a_given_moment_of_creation_is_kept(sites: Sites, organisation: OrganisationId) -> None:
    moment = datetime(2020, 7, 27, 12, 1, 1, tzinfo=UTC)
    assert sites.create(organisation, new_site(created_at=moment)).created_at == moment
