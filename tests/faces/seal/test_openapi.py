"""The description of the dialect, and whether the server keeps to it."""

from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from openapi_spec_validator import validate

from tests.faces import kept, people, stats
from tests.faces.seal.dialect import calls, data, new_site, site_of
from tests.support import BROWSER, RunningServer

pytestmark = pytest.mark.one_database

OPERATIONS = {
    ("get", "/sites"),
    ("post", "/sites"),
    ("get", "/sites/{site_id}"),
    ("patch", "/sites/{site_id}"),
    ("delete", "/sites/{site_id}"),
    ("get", "/sites/{site_id}/domains"),
    ("post", "/sites/{site_id}/domains"),
    ("delete", "/sites/{site_id}/domains/{domain}"),
    ("get", "/sites/{site_id}/utm-mappings"),
    ("post", "/sites/{site_id}/utm-mappings"),
    ("patch", "/sites/{site_id}/utm-mappings/{mapping_id}"),
    ("delete", "/sites/{site_id}/utm-mappings/{mapping_id}"),
    ("get", "/sites/{site_id}/pixel"),
    ("get", "/sites/{site_id}/pixel/status"),
    ("get", "/sites/{site_id}/pixel/rejections"),
    ("get", "/sites/config/timezones"),
    ("post", "/hits"),
    ("get", "/segments"),
    ("post", "/segments"),
    ("get", "/segments/{segment_id}"),
    ("put", "/segments/{segment_id}"),
    ("delete", "/segments/{segment_id}"),
    ("post", "/segments/{segment_id}/duplicate"),
    ("get", "/blocklist-ips"),
    ("post", "/blocklist-ips"),
    ("get", "/blocklist-ips/{entry_id}"),
    ("patch", "/blocklist-ips/{entry_id}"),
    ("delete", "/blocklist-ips/{entry_id}"),
    ("get", "/channel-groups"),
    ("post", "/channel-groups"),
    ("get", "/channel-groups/export"),
    ("post", "/channel-groups/import"),
    ("post", "/channel-groups/test"),
    ("get", "/channel-groups/{rule_id}"),
    ("patch", "/channel-groups/{rule_id}"),
    ("delete", "/channel-groups/{rule_id}"),
    ("get", "/channel-groups/stats/channels"),
    ("get", "/passthrough-referrers"),
    ("post", "/passthrough-referrers"),
    ("get", "/passthrough-referrers/{referrer_id}"),
    ("patch", "/passthrough-referrers/{referrer_id}"),
    ("delete", "/passthrough-referrers/{referrer_id}"),
    ("post", "/exports"),
    ("get", "/exports"),
    ("post", "/exports/estimate"),
    ("post", "/exports/stream"),
    ("get", "/exports/download/{download_token}"),
    ("get", "/exports/{job_id}"),
    ("delete", "/exports/{job_id}"),
    ("post", "/alerts/rules"),
    ("get", "/alerts/rules"),
    ("get", "/alerts/rules/{rule_id}"),
    ("patch", "/alerts/rules/{rule_id}"),
    ("delete", "/alerts/rules/{rule_id}"),
    ("post", "/alerts/rules/{rule_id}/test"),
    ("get", "/alerts/history"),
    ("patch", "/alerts/history/{alert_id}"),
    ("get", "/alerts/stats"),
    ("post", "/webhooks"),
    ("get", "/webhooks"),
    ("get", "/webhooks/event-types"),
    ("post", "/webhooks/bulk/replay"),
    ("get", "/webhooks/{endpoint_id}"),
    ("patch", "/webhooks/{endpoint_id}"),
    ("delete", "/webhooks/{endpoint_id}"),
    ("post", "/webhooks/{endpoint_id}/test"),
    ("post", "/webhooks/{endpoint_id}/rotate-secret"),
    ("get", "/webhooks/{endpoint_id}/deliveries"),
    ("get", "/webhooks/{endpoint_id}/deliveries/{delivery_id}"),
    ("get", "/webhooks/{endpoint_id}/deliveries/{delivery_id}/logs"),
    ("post", "/webhooks/{endpoint_id}/deliveries/{delivery_id}/replay"),
    ("get", "/webhooks/{endpoint_id}/stats"),
    ("get", "/bot-stats/overview"),
    ("get", "/stats/overview"),
    ("get", "/stats/sources"),
    ("get", "/stats/sources/top"),
    ("get", "/stats/mediums"),
    ("get", "/stats/campaigns"),
    ("get", "/stats/campaigns/top"),
    ("get", "/stats/terms"),
    ("get", "/stats/terms/top"),
    ("get", "/stats/contents"),
    ("get", "/stats/contents/top"),
    ("get", "/stats/referrers"),
    ("get", "/stats/referrers/top"),
    ("get", "/stats/channels"),
    ("get", "/stats/top-channels"),
    ("get", "/stats/pages"),
    ("get", "/stats/pages/top"),
    ("get", "/stats/pages/content-groups"),
    ("get", "/stats/landing-pages"),
    ("get", "/stats/landing-pages/top"),
    ("get", "/stats/landing-pages/by-content-group"),
    ("get", "/stats/geo/countries"),
    ("get", "/stats/devices"),
    ("get", "/stats/devices/types"),
    ("get", "/stats/browsers"),
    ("get", "/stats/operating-systems"),
    ("get", "/stats/conversions"),
    ("get", "/stats/conversions/raw"),
    ("get", "/stats/microconversions"),
    ("get", "/stats/microconversions/raw"),
    ("get", "/stats/microconversions/{conversion_type}"),
    ("get", "/stats/microconversions-types"),
    ("get", "/stats/conversion-items/raw"),
    ("get", "/stats/funnel"),
    ("post", "/stats/funnel"),
    ("get", "/stats/properties/keys"),
    ("get", "/stats/properties/values"),
    ("get", "/stats/properties/breakdown"),
    ("post", "/stats/query"),
    ("post", "/stats/query/export"),
    ("post", "/batch"),
    ("post", "/batch/validate"),
    ("get", "/audit/logs"),
    ("get", "/organizations"),
    ("get", "/organizations/{slug}"),
    ("get", "/organizations/{slug}/sites"),
    ("get", "/organizations/{slug}/members"),
    ("patch", "/organizations/{slug}/members/{user_id}"),
    ("delete", "/organizations/{slug}/members/{user_id}"),
    ("get", "/organizations/{slug}/members/{user_id}/sites"),
    ("post", "/organizations/{slug}/members/{user_id}/sites"),
    ("delete", "/organizations/{slug}/members/{user_id}/sites/{site_id}"),
    ("get", "/organizations/{slug}/invitations"),
    ("post", "/organizations/{slug}/invitations"),
    ("delete", "/organizations/{slug}/invitations/{invitation_id}"),
    ("post", "/organizations/{slug}/invitations/{invitation_id}/resend"),
    ("get", "/sites/{site_id}/users"),
    ("post", "/sites/{site_id}/users"),
    ("patch", "/sites/{site_id}/users/{user_id}"),
    ("delete", "/sites/{site_id}/users/{user_id}"),
    ("get", "/api-tokens/scopes"),
    ("get", "/api-tokens"),
    ("post", "/api-tokens"),
    ("get", "/api-tokens/{token_id}"),
    ("delete", "/api-tokens/{token_id}"),
}

TO_ANYBODY = {
    ("get", "/exports/download/{download_token}"),
    ("get", "/webhooks/event-types"),
    ("post", "/auth/token"),
    ("post", "/2fa/verify-login"),
    ("post", "/auth/refresh"),
    ("post", "/auth/forgot-password"),
    ("post", "/auth/reset-password"),
    ("post", "/auth/register"),
    ("get", "/invitations/{token}"),
    ("post", "/invitations/accept"),
}
OF_PEOPLE = {
    ("post", "/auth/logout"),
    ("get", "/auth/me"),
    ("get", "/auth/sessions"),
    ("delete", "/auth/sessions"),
    ("delete", "/auth/sessions/{session_id}"),
    ("get", "/users/me"),
    ("patch", "/users/me"),
    ("post", "/users/me/password"),
    ("post", "/organizations"),
    ("patch", "/organizations/{slug}"),
    ("delete", "/organizations/{slug}"),
    ("post", "/organizations/{slug}/members"),
    ("post", "/invitations/accept-existing"),
}

HIT = {"url": "https://listed.example/", "ip": "203.0.113.7", "user_agent": BROWSER}

BODIES: dict[tuple[str, str], Any] = {
    ("post", "/api-tokens"): {"name": "Described", "scopes": ["stats:read"]},
    ("post", "/sites"): {"name": "Described", "domains": ["example.com"]},
    ("patch", "/sites/{site_id}"): {"currency": "USD"},
    ("post", "/sites/{site_id}/domains"): {"domain": "new.example"},
    ("post", "/sites/{site_id}/utm-mappings"): {"custom_param": "new", "maps_to": "utm_term"},
    ("patch", "/sites/{site_id}/utm-mappings/{mapping_id}"): {"is_active": False},
}

FAILURES = [
    (401, "get", "/sites", None),
    (422, "post", "/sites", {}),
    (400, "post", "/sites", {"name": "x", "timezone": "Nowhere"}),
    (409, "post", "/sites/{site_id}/domains", {"domain": "listed.example"}),
    (404, "delete", "/sites/{site_id}/domains/{domain}", None),
    (413, "post", "/sites", {"name": "x" * 70_000}),
    (404, "get", "/sites/{site_id}/pixel", None),
    (404, "post", "/hits", HIT | {"site_id": "no.such.site"}),
    (413, "post", "/hits", HIT | {"user_agent": "x" * 1_100_000}),
    (422, "post", "/hits", [HIT, HIT | {"ip": "nobody"}]),
]


@pytest.fixture(scope="module")
def document(server: RunningServer) -> dict[str, Any]:
    answer = httpx.get(f"{server.url}/api/v1/openapi.json", verify=False)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["access-control-allow-origin"] == "*"
    described: dict[str, Any] = answer.json()
    return described


@pytest.fixture
def names(api: httpx.Client) -> dict[str, Any]:
    """What the names in the paths stand for."""
    site = new_site(api, domains=["listed.example"])["id"]
    body = {"custom_param": "mapped", "maps_to": "utm_source"}
    mapping = data(api.post(f"/sites/{site}/utm-mappings", json=body), 201)["id"]
    return {
        "site_id": site,
        "domain": "listed.example",
        "mapping_id": mapping,
        "custom_param": "mapped",
    }


def check(document: dict[str, Any], method: str, path: str, answer: httpx.Response) -> None:
    """Whether the answer is one that the document announces."""
    responses = document["paths"][path][method]["responses"]
    assert str(answer.status_code) in responses
    if answer.status_code == 204:
        assert answer.content == b""
        return
    content = responses[str(answer.status_code)]["content"]
    if "text/csv" in content:
        assert answer.headers["content-type"].startswith("text/csv")
        return
    media = content["application/json"]
    Draft202012Validator(media["schema"] | {"components": document["components"]}).validate(
        answer.json()
    )


def test_the_document_is_valid(document: dict[str, Any]) -> None:
    validate(document)
    assert document["openapi"].startswith("3.1")
    assert document["servers"] == [{"url": "/api/v1"}]


def test_the_document_names_every_operation(document: dict[str, Any]) -> None:
    described = {
        (method, path) for path, methods in document["paths"].items() for method in methods
    }
    assert described == OPERATIONS | TO_ANYBODY | OF_PEOPLE
    operations = [row for methods in document["paths"].values() for row in methods.values()]
    assert all(row["summary"] and row["description"] for row in operations)
    assert len({row["operationId"] for row in operations}) == len(described)
    for method, path in described:
        security = document["paths"][path][method].get("security", [])
        named = [name for each in security for name in each]
        if (method, path) in TO_ANYBODY:
            assert named == []
        else:
            assert named == (["bearer"] if (method, path) in OF_PEOPLE else ["bearer", "apiKey"])


@pytest.mark.rule("S-ENV-01")
@pytest.mark.parametrize(("method", "path"), sorted(OPERATIONS))
def test_successes_are_as_described(
    api: httpx.Client,
    server: RunningServer,
    document: dict[str, Any],
    names: dict[str, Any],
    method: str,
    path: str,
) -> None:
    if method == "delete" and "mapping" in path:
        names["mapping_id"] = names["custom_param"]
    body = BODIES.get((method, path))
    if path == "/hits":
        body = [HIT | {"site_id": names["site_id"]}]
    if path.startswith("/api-tokens"):
        made = api.post("/api-tokens", json={"name": "Named", "scopes": ["read"]})
        names["token_id"] = data(made, 201)["id"]
    site = site_of(server, names["site_id"])
    body = body or people.body(server, method.upper(), path, site)
    if "{site_id}" in path or path.startswith("/organizations"):
        names |= people.parts(server, site, path)
    names |= stats.PARTS | kept.parts(server, site, path)
    query = kept.query(names["site_id"]) | stats.query(names["site_id"])
    body = body or (kept.BODIES | stats.BODIES).get((method.upper(), path))
    answer = api.request(method, path.format(**names), params=query, json=body)
    assert answer.is_success, answer.text
    check(document, method, path, answer)


@pytest.mark.rule("S-ENV-03")
@pytest.mark.parametrize("case", FAILURES, ids=lambda case: f"{case[0]} {case[1]} {case[2]}")
def test_failures_are_as_described(
    api: httpx.Client,
    server: RunningServer,
    document: dict[str, Any],
    names: dict[str, Any],
    case: tuple[int, str, str, Any],
) -> None:
    status, method, path, body = case
    if status == 404:
        names = names | {"domain": "unlisted.example"}
        names |= {} if "{domain}" in path else {"site_id": "no.such.site"}
    with calls(server, None) as nobody:
        caller = nobody if status == 401 else api
        answer = caller.request(method, path.format(**names), json=body)
    assert answer.status_code == status
    check(document, method, path, answer)


def test_the_reference_page_names_every_path(server: RunningServer) -> None:
    answer = httpx.get(f"{server.url}/api/v1/docs", verify=False)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    for _, path in OPERATIONS:
        assert path in answer.text
    for field in ("… domains", "script_tag", "first_hit_at", "… country_code", "custom_param"):
        assert f"<code>{field}</code>" in answer.text
