"""Segments over the wire: kept in SealMetrics' shape, and those of every site."""

from typing import Any

import httpx
import pytest

from leadline.reports import AllOf, Dimension, Filter, NewSegment, Operator, Viewed
from tests.faces.seal.dialect import data, moment, new_site, refusal, site_of, wrong_fields
from tests.support import RunningServer

KEYS = {
    *("id", "account_id", "name", "display_name", "description", "filters", "color"),
    *("is_system", "created_by", "created_at", "updated_at"),
}
SUMMARY = {"id", "name", "display_name", "description", "color", "is_system", "filter_count"}
SYSTEM = [
    *("all-traffic", "organic-search", "paid-search", "social", "direct", "referral"),
    *("mobile", "desktop"),
]
FILTERS = {
    "conditions": [{"field": "country", "operator": "in", "value": ["ES", "PT"]}],
    "groups": [
        {"conditions": [{"field": "utm_medium", "operator": "eq", "value": "cpc"}]},
        {"conditions": [{"field": "path", "operator": "starts_with", "value": "/sale"}]},
    ],
    "not_groups": [{"conditions": [{"field": "device_type", "operator": "eq", "value": "mobile"}]}],
}
NEW = {
    "name": "iberia-ads",
    "display_name": "Iberia, ads",
    "description": "Paid",
    "filters": FILTERS,
    "color": "#09afAF",
}


@pytest.fixture
def of_site(site: dict[str, Any]) -> dict[str, str]:
    return {"account_id": site["id"]}


def test_a_segment_is_made_found_changed_and_deleted(
    api: httpx.Client, of_site: dict[str, str]
) -> None:
    made = data(api.post("/segments", params=of_site, json=NEW), 201)
    assert made.keys() == KEYS
    assert {key: made[key] for key in NEW} == NEW
    assert (made["account_id"], made["is_system"]) == (of_site["account_id"], False)
    assert made["id"].startswith("seg_")
    assert moment(made["created_at"])
    for key in (made["id"], made["name"]):
        assert data(api.get(f"/segments/{key}", params=of_site)) == made
    empty: dict[str, Any] = {"conditions": [], "groups": [], "not_groups": []}
    change: dict[str, Any] = {"filters": {}, "display_name": "All of it", "color": None}
    changed = data(api.put(f"/segments/{made['id']}", params=of_site, json=change))
    assert changed == made | {
        "filters": empty,
        "display_name": "All of it",
        "updated_at": changed["updated_at"],
    }
    answer = api.delete(f"/segments/{made['name']}", params=of_site)
    assert (answer.status_code, answer.content) == (204, b"")
    refusal(api.get(f"/segments/{made['id']}", params=of_site), 404, "not_found")


def test_the_list_begins_with_those_of_every_site(
    api: httpx.Client, of_site: dict[str, str]
) -> None:
    made = data(api.post("/segments", params=of_site, json=NEW), 201)
    rows = data(api.get("/segments", params=of_site))
    assert all(row.keys() == SUMMARY for row in rows)
    assert [row["name"] for row in rows] == [*SYSTEM, "iberia-ads"]
    assert [row["is_system"] for row in rows] == [True] * 8 + [False]
    assert [row["filter_count"] for row in rows] == [0, *[1] * 7, 4]
    (own,) = data(api.get("/segments", params=of_site | {"include_system": "false"}))
    assert own == {key: made[key] for key in SUMMARY - {"filter_count"}} | {"filter_count": 4}


def test_those_of_every_site_stay_as_they_are(api: httpx.Client, of_site: dict[str, str]) -> None:
    organic = data(api.get("/segments/organic-search", params=of_site))
    assert organic.keys() == KEYS
    assert data(api.get(f"/segments/{organic['id']}", params=of_site)) == organic
    medium = {"field": "utm_medium", "operator": "eq", "value": "organic"}
    assert organic["filters"] == {"conditions": [medium], "groups": [], "not_groups": []}
    for name in SYSTEM:
        path = f"/segments/{name}"
        refusal(api.put(path, params=of_site, json={}), 403, "cannot_modify_system")
        refusal(api.delete(path, params=of_site), 403, "cannot_modify_system")
        refusal(api.post("/segments", params=of_site, json=NEW | {"name": name}), 409, "conflict")
    copy = {"new_name": "mine"} | of_site
    made = data(api.post("/segments/organic-search/duplicate", params=copy), 201)
    assert (made["name"], made["is_system"]) == ("mine", False)
    assert made["filters"] == organic["filters"]


def test_a_copy_has_a_name_of_its_own(api: httpx.Client, of_site: dict[str, str]) -> None:
    made = data(api.post("/segments", params=of_site, json=NEW), 201)
    path = f"/segments/{made['id']}/duplicate"
    copy = data(api.post(path, params=of_site | {"new_name": "copy-2"}), 201)
    assert copy == made | {key: copy[key] for key in ("id", "created_at", "updated_at", "name")}
    assert copy["name"] == "copy-2"
    refusal(api.post(path, params=of_site | {"new_name": "copy-2"}), 409, "conflict")
    wrong = api.post(path, params=of_site | {"new_name": "Copy 3"})
    assert wrong_fields(wrong) == ["query.new_name"]


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"name": "Ads"}, ["body.name"]),
        ({"name": "x" * 51}, ["body.name"]),
        ({"display_name": ""}, ["body.display_name"]),
        ({"display_name": "a\0b"}, ["body.display_name"]),
        ({"color": "red"}, ["body.color"]),
        ({"filters": None}, ["body.filters"]),
        ({"filters": {"conditions": [{"field": "x", "value": "y"}]}}, ["body.filters"]),
        (
            {"filters": {"conditions": [{"field": "path", "operator": "regex", "value": "("}]}},
            ["body.filters"],
        ),
        (
            {"filters": {"conditions": [{"field": "path", "operator": "is", "value": "y"}]}},
            ["body.filters.conditions.0.operator"],
        ),
        (
            {"filters": {"conditions": [{"field": "path", "value": "y"}] * 21}},
            ["body.filters.conditions"],
        ),
    ],
)
def test_what_is_refused(
    api: httpx.Client, of_site: dict[str, str], change: dict[str, Any], fields: list[str]
) -> None:
    assert wrong_fields(api.post("/segments", params=of_site, json=NEW | change)) == fields
    assert data(api.get("/segments", params=of_site | {"include_system": "false"})) == []


def test_a_segment_belongs_to_one_site(api: httpx.Client, of_site: dict[str, str]) -> None:
    made = data(api.post("/segments", params=of_site, json=NEW), 201)
    other = {"account_id": new_site(api)["id"]}
    for answer in (
        api.get(f"/segments/{made['id']}", params=other),
        api.put(f"/segments/{made['id']}", params=other, json={}),
        api.delete(f"/segments/{made['id']}", params=other),
        api.post(f"/segments/{made['id']}/duplicate", params=other | {"new_name": "x"}),
    ):
        refusal(answer, 404, "not_found")
    assert wrong_fields(api.get("/segments")) == ["query.account_id"]


def test_what_no_field_can_say_is_said_in_json(
    api: httpx.Client, server: RunningServer, of_site: dict[str, str]
) -> None:
    site = site_of(server, of_site["account_id"])
    tree = AllOf((Viewed(Filter(Dimension.PATHNAME, Operator.IS, "/pay")),))
    kept = server.leadline.segments.create(site.id, NewSegment(display_name="P", condition=tree))
    found = data(api.get(f"/segments/{kept.name}", params=of_site))
    (said,) = found["filters"]["conditions"]
    assert (said["field"], said["operator"]) == ("leadline", "eq")
    change = {"filters": found["filters"]}
    assert (
        data(api.put(f"/segments/{kept.name}", params=of_site, json=change))["filters"]
        == (found["filters"])
    )
