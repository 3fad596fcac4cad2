"""Who may see what a site shares."""

from collections.abc import Callable
from hashlib import sha256

import pytest

from leadline.access import RateLimited, Share, ShareNotFound, Shares, WrongSharePassword
from leadline.database import Database
from leadline.sites import (
    NewShareLink,
    NewSite,
    OrganisationId,
    ShareLinks,
    Sharing,
    Site,
    SiteChange,
    Sites,
)
from tests.support import ManualClock

PASSWORD = "open sesame"
SECRET = sha256(PASSWORD.encode()).hexdigest()
HOME = "203.0.113.9"


@pytest.fixture
def links(database: Database, clock: ManualClock) -> ShareLinks:
    return ShareLinks(database, clock)


@pytest.fixture
def shares(sites: Sites, links: ShareLinks, clock: ManualClock) -> Shares:
    return Shares(sites, links, clock)


@pytest.fixture
def private(sites: Sites, organisation: OrganisationId) -> Site:
    return make(sites, organisation, Sharing.PRIVATE)


def make(sites: Sites, organisation: OrganisationId, sharing: Sharing) -> Site:
    new = NewSite(
        name="Acme", timezone="UTC", currency="EUR", sharing=sharing, share_password=PASSWORD
    )
    return sites.create(organisation, new)


def address(number: int) -> str:
    return f"198.51.100.{number}"


def test_what_is_not_shared_is_not_there(
    shares: Shares, sites: Sites, organisation: OrganisationId
) -> None:
    public = make(sites, organisation, Sharing.PUBLIC)
    assert shares.of_site(public.code.lower()) == Share(public, None, None)
    hidden = make(sites, organisation, Sharing.NONE)
    asleep = sites.update(make(sites, organisation, Sharing.PUBLIC), SiteChange(is_active=False))
    gone = make(sites, organisation, Sharing.PUBLIC)
    sites.delete(gone)
    for code in (hidden.code, asleep.code, gone.code, "NOBODYS", public.slug, ""):
        with pytest.raises(ShareNotFound):
            shares.of_site(code)
        with pytest.raises(ShareNotFound):
            shares.of_link(code, "x")


def test_nobody_is_asked_for_what_is_public(
    shares: Shares, sites: Sites, organisation: OrganisationId
) -> None:
    share = shares.of_site(make(sites, organisation, Sharing.PUBLIC).code)
    assert shares.is_open(share, None)
    with pytest.raises(WrongSharePassword):
        shares.enter(share, PASSWORD, address=HOME)


def test_the_password_gives_a_pass(shares: Shares, private: Site) -> None:
    share = shares.of_site(private.code)
    assert not shares.is_open(share, None)
    for held in (
        shares.enter(share, PASSWORD, address=HOME),
        shares.enter_by_secret(share, SECRET, address=HOME),
        shares.enter_by_secret(share, SECRET.upper(), address=HOME),
    ):
        assert shares.is_open(share, held)
    for wrong in ("", "Open sesame", SECRET, "x" * 10_000):
        with pytest.raises(WrongSharePassword):
            shares.enter(share, wrong, address=HOME)
    for wrong in ("", PASSWORD, SECRET[:-1], "0" * 64, SECRET + "0"):
        with pytest.raises(WrongSharePassword):
            shares.enter_by_secret(share, wrong, address=HOME)


def test_a_pass_cannot_be_made_up(shares: Shares, private: Site) -> None:
    share = shares.of_site(private.code)
    held = shares.enter(share, PASSWORD, address=HOME)
    until, _, seal = held.partition(".")
    later = str(int(until) + 1)
    for forged in (f"{later}.{seal}", f"{until}.{'0' * 48}", seal, until, "", ".", f"{held}0"):
        assert not shares.is_open(share, forged)


def test_a_pass_holds_for_seven_days(shares: Shares, private: Site, clock: ManualClock) -> None:
    share = shares.of_site(private.code)
    held = shares.enter(share, PASSWORD, address=HOME)
    clock.advance(days=7, seconds=-1)
    assert shares.is_open(share, held)
    clock.advance(seconds=1)
    assert not shares.is_open(share, held)


def off_and_on(sites: Sites, site: Site) -> None:
    sites.update(site, SiteChange(sharing=Sharing.NONE))
    sites.update(site, SiteChange(sharing=Sharing.PRIVATE, share_password=PASSWORD))


@pytest.mark.parametrize(
    "change",
    [
        lambda sites, site: sites.update(site, SiteChange(share_password="another")),
        lambda sites, site: sites.update(site, SiteChange(share_password=PASSWORD)),
        off_and_on,
    ],
)
def test_a_pass_is_over_with_the_password(
    shares: Shares, sites: Sites, private: Site, change: Callable[[Sites, Site], object]
) -> None:
    held = shares.enter(shares.of_site(private.code), PASSWORD, address=HOME)
    change(sites, private)
    assert not shares.is_open(shares.of_site(private.code), held)


def test_a_pass_is_for_one_share(
    shares: Shares, sites: Sites, links: ShareLinks, private: Site, organisation: OrganisationId
) -> None:
    first, second = (
        shares.of_link(
            private.code, links.create(private, NewShareLink(name=name, password=PASSWORD)).token
        )
        for name in "ab"
    )
    other = shares.of_site(make(sites, organisation, Sharing.PRIVATE).code)
    own = shares.of_site(private.code)
    held = shares.enter(first, PASSWORD, address=HOME)
    assert shares.is_open(first, held)
    for share in (second, other, own):
        assert not shares.is_open(share, held)


def test_a_link_is_there_however_the_site_is_shared(
    shares: Shares, sites: Sites, links: ShareLinks, private: Site, clock: ManualClock
) -> None:
    link = links.create(private, NewShareLink(name="Ada"))
    sites.update(private, SiteChange(sharing=Sharing.NONE))
    share = shares.of_link(private.code, link.token)
    assert shares.is_open(share, None)
    shares.note_use(share)
    assert links.list(private)[0].last_used_at == clock.now
    sites.update(private, SiteChange(is_active=False))
    with pytest.raises(ShareNotFound):
        shares.of_link(private.code, link.token)
    sites.update(private, SiteChange(is_active=True))
    links.revoke(private, link.id)
    with pytest.raises(ShareNotFound):
        shares.of_link(private.code, link.token)


def test_attempts_are_throttled_by_address(shares: Shares, private: Site) -> None:
    share = shares.of_site(private.code)
    for _ in range(10):
        with pytest.raises(WrongSharePassword):
            shares.enter(share, "wrong", address="2001:db8::1")
    with pytest.raises(RateLimited) as refused:
        shares.enter(share, PASSWORD, address="2001:db8::2")
    assert 0 < refused.value.retry_after <= 15 * 60
    assert shares.is_open(share, shares.enter(share, PASSWORD, address=HOME))


def test_a_password_known_to_be_right_is_not_counted(shares: Shares, private: Site) -> None:
    """A page that embeds a share sends it each time, and nobody else can use up its attempts."""
    share = shares.of_site(private.code)
    for _ in range(20):
        shares.enter_by_secret(share, SECRET, address=HOME)
    for number in range(60):
        with pytest.raises((WrongSharePassword, RateLimited)):
            shares.enter_by_secret(share, "0" * 64, address=address(number))
    assert shares.is_open(share, shares.enter_by_secret(share, SECRET, address=address(1)))


def test_attempts_are_throttled_by_share(
    shares: Shares, sites: Sites, private: Site, organisation: OrganisationId
) -> None:
    share = shares.of_site(private.code)
    for number in range(50):
        with pytest.raises(WrongSharePassword):
            shares.enter(share, "wrong", address=address(number))
    with pytest.raises(RateLimited):
        shares.enter(share, PASSWORD, address=HOME)
    other = shares.of_site(make(sites, organisation, Sharing.PRIVATE).code)
    assert shares.is_open(other, shares.enter(other, PASSWORD, address=HOME))
