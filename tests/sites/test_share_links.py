"""Links to a site's reports."""

from datetime import timedelta

import msgspec
import pytest

from leadline.database import Database
from leadline.sites import (
    InvalidShareLink,
    NewShareLink,
    OrganisationId,
    ShareLinkNotFound,
    ShareLinks,
    Site,
    SiteChange,
    SiteNotFound,
    Sites,
    TooManyShareLinks,
    share_links,
)
from tests.sites.making import new_site
from tests.support import ManualClock


@pytest.fixture
def links(database: Database, clock: ManualClock) -> ShareLinks:
    return ShareLinks(database, clock)


@pytest.fixture
def site(sites: Sites, organisation: OrganisationId) -> Site:
    return sites.create(organisation, new_site())


def test_a_link_is_found_by_its_token(links: ShareLinks, site: Site, clock: ManualClock) -> None:
    new = NewShareLink(
        name=" For Ada ",
        condition='{"type":"all"}',
        condition_name="Everything, really",
        view="period=7d",
    )
    link = links.create(site, new)
    assert links.find(site, link.token) == link
    assert (link.name, link.condition, link.condition_name, link.view) == (
        "For Ada",
        '{"type":"all"}',
        "Everything, really",
        "period=7d",
    )
    assert (link.password_hash, link.expires_at, link.last_used_at) == (None, None, None)
    assert link.created_at == clock.now
    assert len(link.token) == 32
    other = links.create(site, NewShareLink(name="For Ada"))
    assert other.token != link.token
    assert links.list(site) == (link, other)


def test_no_other_token_finds_one(links: ShareLinks, site: Site) -> None:
    links.create(site, NewShareLink(name="Ada"))
    for token in ("", "x", "\x00", "é", "' OR 1=1", "\udcff", "x" * 10_000):
        with pytest.raises(ShareLinkNotFound):
            links.find(site, token)


def test_a_link_is_of_one_site(
    links: ShareLinks, site: Site, sites: Sites, organisation: OrganisationId
) -> None:
    link = links.create(site, NewShareLink(name="Ada"))
    other = sites.create(organisation, new_site())
    with pytest.raises(ShareLinkNotFound):
        links.find(other, link.token)
    with pytest.raises(ShareLinkNotFound):
        links.revoke(other, link.id)
    assert links.list(other) == ()
    assert links.find(site, link.token) == link


def test_a_revoked_link_is_over_at_once(links: ShareLinks, site: Site) -> None:
    first, second, third = (links.create(site, NewShareLink(name=name)) for name in "abc")
    assert links.find(site, second.token) == second
    links.revoke(site, second.id)
    with pytest.raises(ShareLinkNotFound):
        links.find(site, second.token)
    assert links.list(site) == (first, third)
    for gone in (second.id, 2**31, 10**30):
        with pytest.raises(ShareLinkNotFound):
            links.revoke(site, gone)
    links.revoke_all(site)
    assert links.list(site) == ()


def test_a_link_ends_when_it_was_said(links: ShareLinks, site: Site, clock: ManualClock) -> None:
    link = links.create(site, NewShareLink(name="Ada", expires_at=clock.now + timedelta(days=1)))
    clock.advance(hours=23, minutes=59)
    assert links.find(site, link.token) == link
    clock.advance(minutes=1)
    with pytest.raises(ShareLinkNotFound):
        links.find(site, link.token)
    assert links.list(site) == (link,)


def test_its_use_is_noted_once_an_hour(links: ShareLinks, site: Site, clock: ManualClock) -> None:
    link = links.create(site, NewShareLink(name="Ada"))
    first = clock.now
    for _ in range(3):
        links.note_use(links.find(site, link.token))
        assert links.find(site, link.token).last_used_at == first
        clock.advance(minutes=20)
    links.note_use(links.find(site, link.token))
    assert links.find(site, link.token).last_used_at == clock.now


def test_what_no_link_can_have(links: ShareLinks, site: Site) -> None:
    for field, value in (
        ("name", ""),
        ("name", "  "),
        ("name", "x" * 101),
        ("name", "a\nb"),
        ("password", "x" * 256),
        ("password", "\udcff"),
        ("condition_name", "x" * 256),
        ("view", "x" * 2049),
        ("view", "a\x00"),
    ):
        wrong = msgspec.structs.replace(NewShareLink(name="Ada"), **{field: value})
        with pytest.raises(InvalidShareLink) as refused:
            links.create(site, wrong)
        assert refused.value.field == field
    assert links.list(site) == ()


def test_no_link_begins_over(links: ShareLinks, site: Site, clock: ManualClock) -> None:
    with pytest.raises(InvalidShareLink) as refused:
        links.create(site, NewShareLink(name="Ada", expires_at=clock.now))
    assert refused.value.field == "expires_at"


def test_a_site_has_only_so_many(
    links: ShareLinks, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(share_links, "LINKS_OF_A_SITE", 3)
    for number in range(3):
        links.create(site, NewShareLink(name=str(number)))
    with pytest.raises(TooManyShareLinks):
        links.create(site, NewShareLink(name="one more"))


def test_links_go_with_their_site(
    links: ShareLinks, site: Site, sites: Sites, organisation: OrganisationId, database: Database
) -> None:
    link = links.create(site, NewShareLink(name="Ada"))
    sites.delete(site)
    with pytest.raises(ShareLinkNotFound):
        links.find(site, link.token)
    for change in (
        lambda: links.create(site, NewShareLink(name="Eve")),
        lambda: links.revoke(site, link.id),
        lambda: links.revoke_all(site),
    ):
        with pytest.raises(SiteNotFound):
            change()


def test_a_shared_site_is_found_by_its_code_only(
    sites: Sites, organisation: OrganisationId
) -> None:
    site = sites.create(organisation, new_site(code="CDBUGS", slug="acme"))
    for code in ("CDBUGS", "cdbugs", "CdBugs"):
        assert sites.shared(code).site == site
    for name in ("acme", "nobody", "CDBUG", "", "\x00", "cdbug\u017f", "%", "x" * 1000):
        with pytest.raises(SiteNotFound):
            sites.shared(name)
    sites.update(site, SiteChange(is_active=False))
    with pytest.raises(SiteNotFound):
        sites.shared("CDBUGS")
