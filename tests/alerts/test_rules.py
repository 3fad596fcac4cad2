"""Rules of a site: kept as they were made, and only if they make sense."""

from decimal import Decimal

import pytest

from leadline.access import Organisations
from leadline.alerts import (
    MOST_RULES,
    AlertMetric,
    AlertNotFound,
    InvalidRule,
    NewRule,
    RuleChange,
    Rules,
    TooManyRules,
)
from leadline.database import Database
from leadline.sites import Site, Sites
from leadline.webhooks import Sender
from tests.sites.making import new_site
from tests.support import ManualClock


@pytest.fixture
def site(database: Database) -> Site:
    return Sites(database).create(Organisations(database).first().id, new_site())


@pytest.fixture
def rules(database: Database, clock: ManualClock) -> Rules:
    return Rules(database, Sender(), clock)


def test_one_is_kept_as_it_was_made(rules: Rules, site: Site) -> None:
    new = NewRule(name="Spike", threshold_value=Decimal("12.5"), email_recipients=("a@b.example",))
    made = rules.create(site.id, new)
    assert rules.get(site.id, made.id) == made
    assert (made.threshold_value, made.email_recipients) == (Decimal("12.50"), ("a@b.example",))
    assert (made.is_active, made.trigger_count, made.last_triggered_at) == (True, 0, None)
    assert rules.active() == rules.list(site.id) == (made,)


def test_change_and_delete(rules: Rules, site: Site) -> None:
    made = rules.create(site.id, NewRule(name="Silence", metric=AlertMetric.CUSTOM, silent_hours=3))
    changed = rules.change(site.id, made.id, RuleChange(name="Nothing", is_active=False))
    assert (changed.name, changed.silent_hours, changed.is_active) == ("Nothing", 3, False)
    assert rules.list(site.id) == rules.active() == ()
    assert rules.list(site.id, include_inactive=True) == (changed,)
    other = rules.change(site.id, made.id, RuleChange(metric=AlertMetric.VISITORS))
    assert (other.metric, other.silent_hours) == (AlertMetric.VISITORS, None)
    for number in (made.id + 1, 0, 2**40):
        with pytest.raises(AlertNotFound):
            rules.get(site.id, number)
    with pytest.raises(AlertNotFound):
        rules.delete(site.id + 1, made.id)
    rules.delete(site.id, made.id)
    assert rules.list(site.id, include_inactive=True) == ()


@pytest.mark.parametrize(
    ("field", "new"),
    [
        ("name", NewRule(name=" ")),
        ("name", NewRule(name="a\nb")),
        ("custom_condition", NewRule(name="a", metric=AlertMetric.CUSTOM)),
        ("custom_condition", NewRule(name="a", metric=AlertMetric.CUSTOM, silent_hours=0)),
        ("custom_condition", NewRule(name="a", metric=AlertMetric.CUSTOM, silent_hours=169)),
        ("custom_condition", NewRule(name="a", silent_hours=1)),
        ("threshold_value", NewRule(name="a", threshold_value=Decimal("-0.01"))),
        ("threshold_value", NewRule(name="a", threshold_value=Decimal("10000.01"))),
        ("threshold_value", NewRule(name="a", threshold_value=Decimal("0.001"))),
        ("threshold_value", NewRule(name="a", threshold_value=Decimal("NaN"))),
        ("email_recipients", NewRule(name="a", email_recipients=("nobody",))),
        ("email_recipients", NewRule(name="a", email_recipients=("a@b.example",) * 11)),
        ("slack_webhook_url", NewRule(name="a", slack_webhook_url="http://chat.example.com/")),
        ("custom_webhook_url", NewRule(name="a", custom_webhook_url="https://a.example/" * 99)),
        ("cooldown_minutes", NewRule(name="a", cooldown_minutes=4)),
        ("cooldown_minutes", NewRule(name="a", cooldown_minutes=1441)),
    ],
)
def test_what_makes_no_sense(rules: Rules, site: Site, field: str, new: NewRule) -> None:
    with pytest.raises(InvalidRule) as refusal:
        rules.create(site.id, new)
    assert refusal.value.field == field


def test_there_are_not_too_many(rules: Rules, site: Site) -> None:
    for _ in range(MOST_RULES):
        rules.create(site.id, NewRule(name="One"))
    with pytest.raises(TooManyRules):
        rules.create(site.id, NewRule(name="One more"))
