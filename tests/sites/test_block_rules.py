"""The rules of a site about what does not count: kept, changed, and known to the collector."""

from ipaddress import ip_address

import pytest

from leadline.database import LARGEST_NUMBER, Database
from leadline.sites import (
    BLOCK_RULES_OF_A_KIND,
    NOTE_LENGTH,
    BlockRuleChange,
    BlockRuleNotFound,
    BlockRules,
    BlockRuleTaken,
    InvalidBlockRule,
    OrganisationId,
    Site,
    SiteChange,
    SiteNotFound,
    SiteRules,
    Sites,
    Snapshot,
    TooManyBlockRules,
)
from tests.sites.making import new_site
from tests.support import ManualClock


@pytest.fixture
def block_rules(database: Database, snapshot: Snapshot, clock: ManualClock) -> BlockRules:
    return BlockRules(database, changed=snapshot.refresh, clock=clock)


@pytest.fixture
def site(sites: Sites, organisation: OrganisationId) -> Site:
    return sites.create(organisation, new_site())


def known(snapshot: Snapshot, site: Site) -> SiteRules:
    rules = snapshot.find(site.code)
    assert rules is not None
    return rules


def blocks(snapshot: Snapshot, site: Site, address: str, path: str = "/") -> bool:
    blocked = known(snapshot, site).blocked
    return blocked is not None and bool(blocked.reason(ip_address(address), "", "", path, ""))


def test_a_rule_is_kept_in_its_one_form_and_works_at_once(
    block_rules: BlockRules, site: Site, snapshot: Snapshot, clock: ManualClock
) -> None:
    assert block_rules.list(site) == ()
    assert known(snapshot, site).blocked is None
    added = block_rules.add(site, "address", " 198.51.100.7/24 ", "the office")
    assert (added.kind, added.value, added.note) == ("address", "198.51.100.0/24", "the office")
    assert (added.is_active, added.created_at) == (True, clock.now)
    path = block_rules.add(site, "path", "/admin/*")
    assert block_rules.list(site) == (added, path)
    assert block_rules.get(site, path.id) == path
    assert blocks(snapshot, site, "198.51.100.9")
    assert blocks(snapshot, site, "192.0.2.1", "/admin/x")
    assert not blocks(snapshot, site, "192.0.2.1")


def test_a_rule_is_changed_switched_off_and_removed(
    block_rules: BlockRules, site: Site, snapshot: Snapshot
) -> None:
    rule = block_rules.add(site, "address", "192.0.2.1", is_active=False)
    assert not blocks(snapshot, site, "192.0.2.1")
    changed = block_rules.change(site, rule.id, BlockRuleChange(is_active=True, note="home"))
    assert (changed.is_active, changed.note, changed.value) == (True, "home", "192.0.2.1")
    assert blocks(snapshot, site, "192.0.2.1")
    changed = block_rules.change(site, rule.id, BlockRuleChange(value="2001:DB8::/32"))
    assert (changed.value, changed.note) == ("2001:db8::/32", "home")
    assert blocks(snapshot, site, "2001:db8::1")
    assert not blocks(snapshot, site, "192.0.2.1")
    assert block_rules.change(site, rule.id, BlockRuleChange()) == changed
    block_rules.remove(site, rule.id)
    assert known(snapshot, site).blocked is None
    assert block_rules.list(site) == ()


def test_a_change_that_is_refused_changes_nothing(block_rules: BlockRules, site: Site) -> None:
    first = block_rules.add(site, "address", "192.0.2.1")
    second = block_rules.add(site, "address", "192.0.2.2")
    with pytest.raises(BlockRuleTaken):
        block_rules.add(site, "address", "::ffff:192.0.2.1")
    with pytest.raises(BlockRuleTaken):
        block_rules.change(site, second.id, BlockRuleChange(value="192.0.2.1/32", note="x"))
    with pytest.raises(InvalidBlockRule):
        block_rules.change(site, second.id, BlockRuleChange(value="DE", note="x"))
    with pytest.raises(InvalidBlockRule):
        block_rules.change(site, second.id, BlockRuleChange(note="x" * (NOTE_LENGTH + 1)))
    with pytest.raises(InvalidBlockRule):
        block_rules.add(site, "country", "DE", "a\x00b")
    assert block_rules.list(site) == (first, second)
    assert block_rules.change(site, first.id, BlockRuleChange(value="192.0.2.1")) == first


def test_a_site_has_so_many_rules_of_a_kind(
    block_rules: BlockRules, site: Site, sites: Sites, organisation: OrganisationId
) -> None:
    for number in range(BLOCK_RULES_OF_A_KIND):
        block_rules.add(site, "address", f"192.0.2.{number}", is_active=bool(number % 2))
    with pytest.raises(TooManyBlockRules):
        block_rules.add(site, "address", "192.0.3.1")
    block_rules.add(site, "path", "/other")
    other = sites.create(organisation, new_site())
    block_rules.add(other, "address", "192.0.3.1")
    assert len(block_rules.list(site)) == BLOCK_RULES_OF_A_KIND + 1


def test_rules_of_another_site_and_of_none_are_not_there(
    block_rules: BlockRules, site: Site, sites: Sites, organisation: OrganisationId
) -> None:
    other = sites.create(organisation, new_site())
    rule = block_rules.add(other, "country", "DE")
    for number in (rule.id, rule.id + 1, 0, LARGEST_NUMBER, LARGEST_NUMBER + 1):
        with pytest.raises(BlockRuleNotFound):
            block_rules.get(site, number)
        with pytest.raises(BlockRuleNotFound):
            block_rules.change(site, number, BlockRuleChange(is_active=False))
        with pytest.raises(BlockRuleNotFound):
            block_rules.remove(site, number)
    assert block_rules.list(other) == (rule,)


def test_the_rules_of_a_deleted_site_are_gone(
    block_rules: BlockRules, site: Site, sites: Sites
) -> None:
    rule = block_rules.add(site, "country", "DE")
    sites.delete(site)
    assert block_rules.list(site) == ()
    with pytest.raises(SiteNotFound):
        block_rules.add(site, "country", "FR")
    with pytest.raises(SiteNotFound):
        block_rules.remove(site, rule.id)


def test_a_site_honours_the_wishes_that_it_is_told_to(
    sites: Sites, site: Site, snapshot: Snapshot
) -> None:
    assert (site.honours_dnt, site.honours_gpc) == (False, False)
    changed = sites.update(site, SiteChange(honours_gpc=True))
    assert (changed.honours_dnt, changed.honours_gpc) == (False, True)
    rules = known(snapshot, site)
    assert (rules.honours_dnt, rules.honours_gpc) == (False, True)
    sites.update(site, SiteChange(honours_dnt=True, honours_gpc=False))
    rules = known(snapshot, site)
    assert (rules.honours_dnt, rules.honours_gpc) == (True, False)
