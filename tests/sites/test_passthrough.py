"""Referrers that only pass a visitor on: kept, changed, and known to the collector."""

from typing import Any

import pytest

from leadline.database import Database
from leadline.sites import (
    ENTRIES_OF_A_LIST,
    EntryNotFound,
    EntryTaken,
    InvalidDomain,
    InvalidEntry,
    NewPassthroughReferrer,
    OrganisationId,
    PassthroughReferrerChange,
    PassthroughReferrers,
    Site,
    Sites,
    Snapshot,
    TooManyEntries,
)
from tests.sites.making import new_site
from tests.support import ManualClock


@pytest.fixture
def referrers(database: Database, snapshot: Snapshot, clock: ManualClock) -> PassthroughReferrers:
    return PassthroughReferrers(database, snapshot.refresh, clock)


@pytest.fixture
def site(sites: Sites, organisation: OrganisationId) -> Site:
    return sites.create(organisation, new_site())


def new(domain: str = "bank.example", **fields: Any) -> NewPassthroughReferrer:
    return NewPassthroughReferrer(domain=domain, **({"utm_source": "bank"} | fields))


def source_of(snapshot: Snapshot, site: Site, host: str) -> str | None:
    rules = snapshot.find(site.code)
    assert rules is not None
    if rules.passthrough is None:
        return None
    found = rules.passthrough.find(host)
    return found.utm_source if found else ""


def test_a_referrer_is_kept_changed_and_removed_and_acts_at_once(
    referrers: PassthroughReferrers, site: Site, snapshot: Snapshot
) -> None:
    assert source_of(snapshot, site, "bank.example") is None
    added = referrers.add(site, new(" WWW.Münchner-Bank.example "))
    assert (added.domain, added.utm_medium) == ("xn--mnchner-bank-dlb.example", "passthrough")
    assert source_of(snapshot, site, "pay." + added.domain) == "bank"
    assert source_of(snapshot, site, "example") == ""
    change = PassthroughReferrerChange(utm_source=" till ", domain="till.example")
    changed = referrers.change(site, added.id, change)
    assert (changed.domain, changed.utm_source) == ("till.example", "till")
    assert source_of(snapshot, site, "till.example") == "till"
    assert referrers.list(site) == (changed,)
    referrers.change(site, added.id, PassthroughReferrerChange(is_active=False))
    assert source_of(snapshot, site, "till.example") is None
    referrers.remove(site, added.id)
    with pytest.raises(EntryNotFound):
        referrers.get(site, added.id)


def test_what_is_refused_changes_nothing(
    referrers: PassthroughReferrers, site: Site, sites: Sites
) -> None:
    first, second = referrers.add(site, new()), referrers.add(site, new("till.example"))
    with pytest.raises(EntryTaken):
        referrers.add(site, new("www.bank.example"))
    with pytest.raises(EntryTaken):
        referrers.change(site, second.id, PassthroughReferrerChange(domain="BANK.example"))
    with pytest.raises(InvalidDomain):
        referrers.add(site, new("no host"))
    for field in ("utm_source", "utm_medium", "utm_campaign", "utm_term", "service_name"):
        with pytest.raises(InvalidEntry) as refused:
            referrers.add(site, new("other.example", **{field: "a\0b"}))
        assert refused.value.field == field
    with pytest.raises(InvalidEntry):
        referrers.change(site, first.id, PassthroughReferrerChange(utm_source=" "))
    assert referrers.list(site) == (first, second)
    for number in range(ENTRIES_OF_A_LIST - 2):
        referrers.add(site, new(f"{number}.example"))
    with pytest.raises(TooManyEntries):
        referrers.add(site, new("last.example"))
    sites.delete(site)
    assert referrers.list(site) == ()
