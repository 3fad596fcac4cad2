"""The channel rules of a site: kept, changed, replaced as a whole, and known to the collector."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from leadline.database import LARGEST_NUMBER, Database
from leadline.sites import (
    ENTRIES_OF_A_LIST,
    ChannelPatterns,
    ChannelRule,
    ChannelRuleChange,
    ChannelRules,
    EntryIsLive,
    EntryNotFound,
    InvalidEntry,
    NewChannelRule,
    OrganisationId,
    Replaced,
    Replacement,
    Site,
    SiteNotFound,
    Sites,
    Snapshot,
    TooManyEntries,
)
from tests.sites.making import new_site
from tests.support import ManualClock


@pytest.fixture
def rules(database: Database, snapshot: Snapshot, clock: ManualClock) -> ChannelRules:
    return ChannelRules(database, snapshot.refresh, clock)


@pytest.fixture
def site(sites: Sites, organisation: OrganisationId) -> Site:
    return sites.create(organisation, new_site())


def new(name: str = "Partners", **fields: Any) -> NewChannelRule:
    return NewChannelRule(channel_name=name, **({"source_pattern": "partner"} | fields))


def known(snapshot: Snapshot, site: Site) -> ChannelPatterns | None:
    found = snapshot.find(site.code)
    assert found is not None
    return found.channels


def test_a_rule_is_kept_changed_and_removed_and_acts_at_once(
    rules: ChannelRules, site: Site, snapshot: Snapshot, clock: ManualClock
) -> None:
    assert known(snapshot, site) is None
    added = rules.add(site, new(" Partners ", medium_pattern=" ^link$ ", priority=70))
    assert structs.asdict(added) == {
        "id": added.id,
        "channel_name": "Partners",
        "source_pattern": "partner",
        "medium_pattern": "^link$",
        "campaign_pattern": "",
        "priority": 70,
        "is_active": True,
        "created_at": clock.now,
        "updated_at": clock.now,
    }
    ready = known(snapshot, site)
    assert ready is not None
    assert ready.channel("our-partner", "link", "") == "Partners"
    assert ready.channel("our-partner", "links", "") is None
    clock.advance(hours=1)
    changed = rules.change(site, added.id, ChannelRuleChange(medium_pattern="", is_active=False))
    assert (changed.medium_pattern, changed.updated_at) == ("", clock.now)
    assert known(snapshot, site) is None
    assert rules.match(site, "partner", "x", "") is None
    assert rules.match(site, "partner", "x", "", include_inactive=True) == changed
    rules.remove(site, added.id, only_if_inactive=True)
    assert rules.list(site) == ()
    live = rules.add(site, new())
    with pytest.raises(EntryIsLive):
        rules.remove(site, live.id, only_if_inactive=True)
    assert rules.list(site) == (live,)


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"channel_name": " "}, "channel_name"),
        ({"channel_name": "x" * 51}, "channel_name"),
        ({"channel_name": "a\nb"}, "channel_name"),
        ({"source_pattern": "("}, "source_pattern"),
        ({"source_pattern": "(?=a)"}, "source_pattern"),
        ({"source_pattern": ""}, "source_pattern"),
        ({"medium_pattern": "x" * 256}, "medium_pattern"),
        ({"medium_pattern": "a\0b"}, "medium_pattern"),
        ({"medium_pattern": "\ud800"}, "medium_pattern"),
        ({"campaign_pattern": r"(\pL{50}){20}"}, "campaign_pattern"),
        ({"priority": -1}, "priority"),
        ({"priority": 1001}, "priority"),
    ],
)
def test_what_is_refused_changes_nothing(
    rules: ChannelRules, site: Site, fields: dict[str, Any], wrong: str
) -> None:
    kept = rules.add(site, new())
    with pytest.raises(InvalidEntry) as refused:
        rules.add(site, NewChannelRule(**({"channel_name": "A", "source_pattern": "a"} | fields)))
    assert refused.value.field == wrong
    with pytest.raises(InvalidEntry):
        rules.change(site, kept.id, ChannelRuleChange(**fields))
    with pytest.raises(InvalidEntry):
        rules.replace(site, [new(), structs.replace(new(), **fields)], Replaced.ALL)
    (fault,) = rules.check([new(), structs.replace(new(), **fields)])
    assert fault.field == f"rules.1.{wrong}"
    assert rules.list(site) == (kept,)


def test_rules_take_the_place_of_others(rules: ChannelRules, site: Site) -> None:
    live, draft = rules.add(site, new("Live")), rules.add(site, new("Draft", is_active=False))
    others = [new("A"), new("B", is_active=False)]
    tried = rules.replace(site, others, Replaced.ALL, dry_run=True)
    assert tried == Replacement(2, 2)
    assert rules.list(site) == (live, draft)
    assert rules.replace(site, others, Replaced.DRAFTS) == Replacement(1, 2)
    names = [(rule.channel_name, rule.is_active) for rule in rules.list(site)]
    assert names == [("Live", True), ("A", False), ("B", False)]
    assert rules.replace(site, others, Replaced.ALL) == Replacement(3, 2)
    names = [(rule.channel_name, rule.is_active) for rule in rules.list(site)]
    assert names == [("A", True), ("B", False)]
    with pytest.raises(TooManyEntries):
        rules.replace(site, [new()] * (ENTRIES_OF_A_LIST + 1), Replaced.ALL)
    assert len(rules.list(site)) == 2


def test_a_site_has_so_many_of_its_own(
    rules: ChannelRules, site: Site, sites: Sites, organisation: OrganisationId
) -> None:
    rules.replace(site, [new()] * ENTRIES_OF_A_LIST, Replaced.ALL)
    with pytest.raises(TooManyEntries):
        rules.add(site, new())
    other = sites.create(organisation, new_site())
    theirs = rules.add(other, new())
    for number in (theirs.id, 0, LARGEST_NUMBER + 1):
        with pytest.raises(EntryNotFound):
            rules.get(site, number)
        with pytest.raises(EntryNotFound):
            rules.change(site, number, ChannelRuleChange(priority=1))
        with pytest.raises(EntryNotFound):
            rules.remove(site, number)
    sites.delete(other)
    assert rules.list(other) == ()
    with pytest.raises(SiteNotFound):
        rules.add(other, new())


PATTERNS = st.sampled_from(["", "a", "^b", "c$", "^$", "a|b", "."])
VALUES = st.text("abc", max_size=3)
RULES = st.lists(
    st.builds(
        ChannelRule,
        st.integers(1, 9),
        st.text("xyz", min_size=1, max_size=1),
        PATTERNS,
        PATTERNS,
        PATTERNS,
        st.integers(0, 2),
        st.just(True),
        st.datetimes(),
        st.datetimes(),
    ),
    max_size=6,
    unique_by=lambda rule: rule.id,
)


@given(RULES, VALUES, VALUES, VALUES)
def test_the_first_rule_by_priority_whose_patterns_are_all_found(
    given_rules: list[ChannelRule], source: str, medium: str, campaign: str
) -> None:
    def fits(rule: ChannelRule) -> bool:
        return bool(
            re.search(rule.source_pattern, source)
            and re.search(rule.medium_pattern, medium)
            and re.search(rule.campaign_pattern, campaign)
        )

    fitting = [rule for rule in given_rules if fits(rule)]
    expected = min(fitting, key=lambda rule: (-rule.priority, rule.id), default=None)
    assert ChannelPatterns(given_rules).find(source, medium, campaign) == expected
