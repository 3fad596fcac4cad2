"""Channel rules over the wire, and what they do to hits."""

from typing import Any

import httpx
import pytest

from leadline.enrichment import DEFAULT_RULES
from tests.faces.seal.dialect import (
    data,
    hit,
    moment,
    new_site,
    refusal,
    stored,
    wrong_fields,
)
from tests.support import RunningServer, eventually

LIST = "/channel-groups"
KEYS = {
    *("id", "account_id", "channel_name", "source_pattern", "medium_pattern"),
    *("campaign_pattern", "priority", "is_default", "is_active", "created_at", "updated_at"),
}
NEW = {"channel_name": "Partners", "source_pattern": "^partner", "medium_pattern": None}


@pytest.fixture
def of_site(site: dict[str, Any]) -> dict[str, str]:
    return {"account_id": site["id"]}


def made(api: httpx.Client, of_site: dict[str, str], **fields: Any) -> dict[str, Any]:
    rule: dict[str, Any] = data(api.post(LIST, params=of_site, json=NEW | fields), 201)
    assert rule.keys() == KEYS
    return rule


def test_a_rule_is_made_changed_and_deleted(api: httpx.Client, of_site: dict[str, str]) -> None:
    rule = made(api, of_site)
    assert rule == NEW | of_site | {
        "id": rule["id"],
        "campaign_pattern": None,
        "priority": 50,
        "is_default": False,
        "is_active": True,
        "created_at": rule["created_at"],
        "updated_at": rule["created_at"],
    }
    assert moment(rule["created_at"])
    path = f"{LIST}/{rule['id']}"
    assert data(api.get(path, params=of_site)) == rule
    only_off = of_site | {"only_if_inactive": "true"}
    refusal(api.delete(path, params=only_off), 409, "rule_is_live")
    changed = data(api.patch(path, params=of_site, json={"is_active": False, "priority": None}))
    assert changed == rule | {"is_active": False, "updated_at": changed["updated_at"]}
    assert api.delete(path, params=only_off).status_code == 204
    refusal(api.get(path, params=of_site), 404, "not_found")


def test_the_list_ends_with_the_defaults(api: httpx.Client, of_site: dict[str, str]) -> None:
    low, high = made(api, of_site, priority=1), made(api, of_site, priority=900)
    made(api, of_site, is_active=False)
    listed = data(api.get(LIST, params=of_site))
    count = len(DEFAULT_RULES)
    assert listed["rules"][:2] == [high, low]
    assert (listed["total"], listed["custom_count"], listed["default_count"]) == (
        count + 2,
        2,
        count,
    )
    defaults = listed["rules"][2:]
    assert all(rule.keys() == KEYS and rule["account_id"] is None for rule in defaults)
    assert (defaults[0]["channel_name"], defaults[-1]["channel_name"]) == ("Paid Search", "Direct")
    priorities = [rule["priority"] for rule in defaults]
    assert priorities == sorted(set(priorities), reverse=True)
    assert 0 <= priorities[-1] <= priorities[0] <= 1000
    more = of_site | {"include_inactive": "true", "include_defaults": "false"}
    own = data(api.get(LIST, params=more))
    assert (own["total"], own["custom_count"], own["default_count"]) == (3, 3, 0)
    path = f"{LIST}/{defaults[0]['id']}"
    assert data(api.get(path, params=of_site)) == defaults[0]
    refusal(api.patch(path, params=of_site, json={"priority": 1}), 403, "forbidden")
    refusal(api.delete(path, params=of_site), 403, "forbidden")


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"channel_name": ""}, "channel_name"),
        ({"source_pattern": "("}, "source_pattern"),
        ({"source_pattern": None}, "source_pattern"),
        ({"priority": 1001}, "priority"),
    ],
)
def test_what_is_refused(
    api: httpx.Client, of_site: dict[str, str], fields: dict[str, Any], wrong: str
) -> None:
    answer = api.post(LIST, params=of_site, json=NEW | fields)
    assert wrong_fields(answer) == [f"body.{wrong}"]
    answer = api.post(f"{LIST}/import", params=of_site, json={"rules": [NEW, NEW | fields]})
    assert wrong_fields(answer) == [f"body.rules.1.{wrong}"]
    assert data(api.get(f"{LIST}/export", params=of_site)) == {"rules": [], "total": 0}
    rule = made(api, of_site)
    if wrong != "source_pattern" or fields[wrong]:
        answer = api.patch(f"{LIST}/{rule['id']}", params=of_site, json=fields)
        assert wrong_fields(answer) == [f"body.{wrong}"]


def test_what_is_exported_can_be_imported(api: httpx.Client, of_site: dict[str, str]) -> None:
    made(api, of_site)
    made(api, of_site, channel_name="Draft", is_active=False)
    exported = data(api.get(f"{LIST}/export", params=of_site))
    assert exported["total"] == 2
    other = {"account_id": new_site(api)["id"]}
    path, body = f"{LIST}/import", {"rules": exported["rules"]}
    dry = data(api.post(path, params=other | {"dry_run": "true"}, json=body))
    assert dry == {"dry_run": True, "scope": "all", "removed": 0, "imported": 2}
    assert data(api.get(f"{LIST}/export", params=other))["total"] == 0
    assert data(api.post(path, params=other, json=body)) == dry | {"dry_run": False}
    assert data(api.get(f"{LIST}/export", params=other)) == exported
    drafts = data(api.post(path, params=other | {"scope": "drafts"}, json=body))
    assert (drafts["removed"], drafts["imported"]) == (1, 2)
    active = [each["is_active"] for each in data(api.get(f"{LIST}/export", params=other))["rules"]]
    assert active == [True, False, False]
    many = {"rules": [NEW] * 101}
    assert wrong_fields(api.post(path, params=other, json=many)) == ["body.rules"]


def test_which_channel_it_would_be(api: httpx.Client, of_site: dict[str, str]) -> None:
    def channel(**body: Any) -> tuple[str, Any]:
        found = data(api.post(f"{LIST}/test", params=of_site, json=body))
        assert found.keys() == {"channel", "matched_rule"}
        rule = found["matched_rule"]
        return found["channel"], rule and rule["is_default"]

    assert channel(source=" Partner-News ", medium="cpc") == ("Unassigned", None)
    rule = made(api, of_site)
    assert channel(source=" Partner-News ", medium="cpc") == ("Partners", False)
    data(api.patch(f"{LIST}/{rule['id']}", params=of_site, json={"is_active": False}))
    assert channel(source="partner", medium="cpc") == ("Unassigned", None)
    assert channel(source="partner", medium="cpc", include_inactive=True) == ("Partners", False)
    assert channel(source="google", medium="organic") == ("Organic Search", True)
    assert channel() == ("Direct", True)


def test_a_rule_gives_the_channel_of_the_hits_that_come_later(
    api: httpx.Client, server: RunningServer, of_site: dict[str, str]
) -> None:
    slug = of_site["account_id"]

    def channels(*queries: str) -> list[str]:
        before = len(stored(server, slug, "channel"))
        for query in queries:
            hit(server, slug, f"https://shop.example/{query}")
        wanted = before + len(queries)
        eventually(lambda: len(stored(server, slug, "channel")) >= wanted)
        return [row[0] for row in stored(server, slug, "channel")]

    assert channels("?utm_source=google&utm_medium=cpc") == ["Paid Search"]
    made(api, of_site, channel_name="Ads", source_pattern="goo", campaign_pattern="spring$")
    made(api, of_site, channel_name="Home", source_pattern=r"^\(direct\)$", priority=0)
    assert channels(
        "?utm_source=Google&utm_medium=cpc&utm_campaign=Early%20Spring%20",
        "?utm_source=google&utm_medium=cpc&utm_campaign=spring2",
        "",
    ) == ["Paid Search", "Ads", "Paid Search", "Home"]
