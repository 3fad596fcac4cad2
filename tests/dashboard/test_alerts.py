"""The pages of a site's alerts: its rules, and what these found."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from leadline.access import SiteRole, Wanted
from leadline.alerts import (
    Alert,
    AlertMetric,
    AlertStatus,
    AlertType,
    Baseline,
    ConditionType,
    Direction,
    Judgement,
    NewRule,
    Rule,
    Window,
)
from leadline.dashboard.alert_forms import STARTS
from leadline.dashboard.alerts import watched
from leadline.dashboard.texts import LANGUAGES, Texts
from leadline.sites import Site
from tests.dashboard.elements import Elements, safe
from tests.dashboard.person import Person, given, text_of
from tests.nasty import MARKUP
from tests.support import RunningServer

NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
DROP = {
    "kind": "traffic_drop",
    "name": "Half are gone",
    "metric": "entrances",
    "condition_type": "percentage_change",
    "threshold_value": "12,5",
    "threshold_direction": "decrease",
    "comparison_window": "24h",
    "baseline_period": "30d",
    "email_recipients": "ana@example.com, bo@example.com",
    "slack_webhook_url": "",
    "custom_webhook_url": "",
    "cooldown_minutes": "30",
}
SILENCE = {"kind": "custom", "name": "Nobody came", "silent_hours": "3", "cooldown_minutes": "60"}


def page(site: Site, *more: str) -> str:
    return "/".join((f"/sites/{site.slug}/alerts", *more))


def rules(server: RunningServer, site: Site) -> tuple[Rule, ...]:
    return server.leadline.alert_rules.list(site.id, include_inactive=True)


def triggered(server: RunningServer, rule: Rule) -> Alert:
    """What a rule has found just now."""
    found = Judgement(Decimal("180.00"), Decimal("90.50"), Decimal("98.90"), is_triggered=True)
    server.leadline.alert_history.note(rule, found, NOW)
    return server.leadline.alert_history.page(rule.site, 1, 0)[0][0]


def actions(server: RunningServer, site: Site) -> list[str]:
    found, _ = server.leadline.audit.entries(site.organisation, Wanted(), 50, 0)
    return [entry.change.action for entry in found if entry.change.site == site.slug]


@pytest.fixture
def site(server: RunningServer) -> Site:
    return server.site("Watched Shop")


@pytest.fixture
def rule(server: RunningServer, site: Site) -> Rule:
    return server.leadline.alert_rules.create(site.id, NewRule(name="Spike"))


def test_a_rule_is_made_changed_switched_and_deleted(
    owner: Person, server: RunningServer, site: Site
) -> None:
    answer = owner.send(page(site, "new"), **DROP)
    assert (answer.status_code, answer.headers["location"]) == (303, page(site))
    (made,) = rules(server, site)
    assert (made.alert_type, made.metric) == (AlertType.TRAFFIC_DROP, AlertMetric.ENTRANCES)
    assert made.threshold_value == Decimal("12.50")
    assert (made.comparison_window, made.baseline_period) == (Window.DAY, Baseline.MONTH)
    assert (made.notify_email, made.notify_slack, made.notify_webhook) == (True, False, False)
    assert made.email_recipients == ("ana@example.com", "bo@example.com")
    assert made.created_by is not None
    shown = owner.read(page(site))
    assert "Half are gone Entrances of the last 24 hours: at least 12.5% below" in shown
    assert "ana@example.com, bo@example.com" in shown

    own = page(site, str(made.id))
    form = Elements(owner.get(own).text)
    assert ("option", {"value": "entrances", "selected": None}) in form.found
    url = "https://hooks.example.com/ours"
    fields = DROP | {"name": "Fewer", "email_recipients": "", "custom_webhook_url": url}
    assert owner.send(own, **fields).status_code == 303
    (changed,) = rules(server, site)
    assert (changed.name, changed.notify_email, changed.notify_webhook) == ("Fewer", False, True)
    assert changed.custom_webhook_url == url
    assert 'name="email_recipients" type="text" value=""' in owner.get(own).text

    assert owner.send(f"{own}/switch", page(site)).status_code == 303
    assert [each.is_active for each in rules(server, site)] == [False]
    assert "Off Fewer" in owner.read(page(site))
    assert owner.send(f"{own}/switch", page(site), on="1").status_code == 303
    assert [each.is_active for each in rules(server, site)] == [True]
    assert owner.send(f"{own}/delete", page(site)).status_code == 303
    assert rules(server, site) == ()
    assert owner.get(own).status_code == 404
    told = ["alert.delete", "alert.update", "alert.update", "alert.update", "alert.create"]
    assert actions(server, site) == told


def test_silence_is_watched(owner: Person, server: RunningServer, site: Site) -> None:
    assert "threshold_value" not in owner.get(page(site, "new") + "?kind=custom").text
    assert owner.send(page(site, "new"), **SILENCE).status_code == 303
    (made,) = rules(server, site)
    assert (made.metric, made.silent_hours) == (AlertMetric.CUSTOM, 3)
    assert "No hit for 3 hours" in owner.read(page(site))
    fields = SILENCE | {"silent_hours": "1"}
    assert owner.send(page(site, str(made.id)), **fields).status_code == 303
    assert "No hit for an hour" in owner.read(page(site))


@pytest.mark.parametrize("kind", STARTS)
def test_each_kind_begins_with_something_sensible(
    owner: Person, server: RunningServer, site: Site, kind: AlertType
) -> None:
    form = Elements(owner.get(f"{page(site, 'new')}?kind={kind}").text)
    inputs = [each for tag, each in form.found if tag == "input" and "name" in each]
    fields = {str(each["name"]): each["value"] or "" for each in inputs}
    chosen = [each["value"] for tag, each in form.found if tag == "option" and "selected" in each]
    names = [str(each["name"]) for tag, each in form.found if tag == "select" and "id" in each]
    fields |= dict(zip(names, map(str, chosen), strict=True))
    del fields["form_token"]
    assert owner.send(page(site, "new"), **fields).status_code == 303
    (made,) = rules(server, site)
    assert made.alert_type is kind
    assert made.threshold_value == STARTS[kind].threshold_value


@pytest.mark.parametrize(
    ("fields", "field", "said"),
    [
        ({"name": " "}, "name", "1 to 255 characters"),
        ({"threshold_value": "1,000"}, "threshold_value", "A number from 0 to 10000"),
        ({"threshold_value": "10000.01"}, "threshold_value", "A number from 0 to 10000"),
        ({"threshold_value": "nan"}, "threshold_value", "A number from 0 to 10000"),
        ({"metric": "custom"}, "metric", "Not one of the choices: custom"),
        ({"condition_type": "x"}, "condition_type", "Not one of the choices: x"),
        ({"cooldown_minutes": "4"}, "cooldown_minutes", "5 to 1440 minutes"),
        ({"cooldown_minutes": "9" * 5000}, "cooldown_minutes", "5 to 1440 minutes"),
        ({"email_recipients": "nobody"}, "email_recipients", "10 e-mail addresses at most"),
        ({"custom_webhook_url": "http://a.example"}, "custom_webhook_url", "An https address"),
        ({"slack_webhook_url": "x"}, "slack_webhook_url", "An https address"),
        ({"kind": "error_rate"}, "", "Not one of the choices: error_rate"),
        (SILENCE | {"silent_hours": "169"}, "silent_hours", "1 to 168 hours"),
        (SILENCE | {"silent_hours": "½"}, "silent_hours", "1 to 168 hours"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(
    owner: Person,
    server: RunningServer,
    site: Site,
    fields: dict[str, str],
    field: str,
    said: str,
) -> None:
    answer = owner.send(page(site, "new"), **(DROP | fields))
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert f'id="{field}-error"' in answer.text if field else 'role="alert"' in answer.text
    assert "ana@example.com, bo@example.com" in answer.text or "email" in field
    assert rules(server, site) == ()


def test_a_wrong_change_changes_nothing(
    owner: Person, server: RunningServer, site: Site, rule: Rule
) -> None:
    answer = owner.send(page(site, str(rule.id)), **(DROP | {"cooldown_minutes": "0"}))
    assert (answer.status_code, 'value="Half are gone"' in answer.text) == (422, True)
    assert rules(server, site) == (rule,)
    for path in (page(site, "999999999"), page(site, "9" * 30)):
        assert owner.send(path, page(site, "new"), **DROP).status_code == 404


def test_a_site_has_so_many_rules(owner: Person, server: RunningServer, site: Site) -> None:
    for _ in range(50):
        server.leadline.alert_rules.create(site.id, NewRule(name="One"))
    answer = owner.send(page(site, "new"), **SILENCE)
    assert answer.status_code == 422
    assert "A site has 50 rules of alerts at most." in text_of(answer)


def test_what_was_found_is_settled(
    owner: Person, server: RunningServer, site: Site, rule: Rule
) -> None:
    alert = triggered(server, rule)
    shown = owner.read(page(site))
    assert "Pageviews: 180 Usual: 90.5" in shown
    assert "Open" in shown
    path = page(site, "history", str(alert.id))
    for status, said in (("acknowledged", "Seen"), ("resolved", "Over")):
        assert owner.send(path, page(site), status=status).status_code == 303
        (now,), _ = server.leadline.alert_history.page(site.id, 1, 0)
        assert (now.status, now.acknowledged_by is not None) == (AlertStatus(status), True)
        assert said in owner.read(page(site))
    assert "It is over" not in owner.read(page(site))
    assert actions(server, site) == ["alert.settle", "alert.settle"]
    for status in ("active", "x"):
        assert owner.send(path, page(site), status=status).status_code == 422
    missing = page(site, "history", str(alert.id + 1000))
    assert owner.send(missing, page(site), status="resolved").status_code == 404


def test_a_viewer_sees_what_was_found_and_no_rule(
    server: RunningServer, site: Site, rule: Rule
) -> None:
    triggered(server, rule)
    viewer, editor = given(server, site), given(server, site, SiteRole.EDITOR)
    shown = viewer.get(page(site)).text
    assert "180" in shown
    assert "<form" not in shown.partition("<main")[2]
    assert f"{page(site)}/{rule.id}" not in shown
    assert f"{page(site)}/{rule.id}" in editor.get(page(site)).text
    other = server.leadline.alert_rules.create(server.site("Other").id, NewRule(name="Theirs"))
    assert editor.send(page(site, str(other.id), "delete"), page(site)).status_code == 404


@pytest.mark.parametrize("text", MARKUP)
def test_names_stay_text(owner: Person, server: RunningServer, site: Site, text: str) -> None:
    made = server.leadline.alert_rules.create(site.id, NewRule(name=text))
    triggered(server, made)
    for path in (page(site), page(site, str(made.id))):
        safe(owner.get(path).text)
    assert text in Elements(owner.get(page(site)).text).text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_rule_there_can_be_is_said_in_words(language: str) -> None:
    texts = Texts(language)
    said = {
        watched(texts, NewRule(name="", condition_type=each, threshold_direction=direction))
        for each in ConditionType
        for direction in Direction
    }
    assert len(said) == len(ConditionType) * len(Direction)
    for kind in AlertType:
        assert texts(f"alert-type-{kind}")
    for status in AlertStatus:
        assert texts(f"alert-status-{status}")
