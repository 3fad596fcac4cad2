"""The description of the dialect, for programs and for people."""

import re
from datetime import date
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import OpenAPIV31SpecValidator, validate

from tests.faces.fathom.wire import ENDPOINTS, UNKNOWN, about
from tests.support import RunningServer

pytestmark = pytest.mark.one_database


@pytest.fixture(scope="module")
def document(anybody: httpx.Client) -> dict[str, Any]:
    answer = anybody.get("/v1/openapi.json")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["access-control-allow-origin"] == "*"
    found: dict[str, Any] = answer.json()
    return found


MAKES_A_MILESTONE = "POST", "/sites/{site_id}/milestones"


def operations(document: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    return {
        (method.upper(), path): operation
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }


def test_the_document_is_valid_openapi_3_1(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    validate(document, cls=OpenAPIV31SpecValidator)


def test_the_document_has_every_endpoint_and_no_other(document: dict[str, Any]) -> None:
    assert [server["url"] for server in document["servers"]] == ["/v1"]
    found = operations(document)
    assert {(method, f"/v1{path}") for method, path in found} == set(ENDPOINTS)
    names = [operation["operationId"] for operation in found.values()]
    assert len(names) == len(set(names))


def test_the_document_names_parameters_fields_and_statuses(document: dict[str, Any]) -> None:
    found = operations(document)
    query = [parameter["name"] for parameter in found["GET", "/sites"]["parameters"]]
    assert query == ["limit", "starting_after", "ending_before"]
    for path in (path for _, path in found if "{site_id}" in path):
        for method, each in found:
            if each == path:
                named, *rest = (p for p in found[method, each]["parameters"] if p["in"] == "path")
                assert (named["name"], named["required"]) == ("site_id", True)
                assert [part["name"] for part in rest] == re.findall(r"{(\w+)}", path)[1:]
    fields = {
        "name",
        "sharing",
        "share_password",
        "timezone",
        "multi_domain",
        "multi_domain_option",
    }
    for path, model in (("/sites", "CreateSite"), ("/sites/{site_id}", "UpdateSite")):
        body = found["POST", path]["requestBody"]
        reference = body["content"]["application/json"]["schema"]["$ref"]
        assert reference == f"#/components/schemas/{model}"
        assert set(document["components"]["schemas"][model]["properties"]) == fields
    assert document["components"]["schemas"]["CreateSite"]["required"] == ["name"]
    assert found["DELETE", "/sites/{site_id}/data"]["deprecated"] is True
    for (method, path), operation in found.items():
        wipes = path.endswith("/data")
        success = "201" if (method, path) == MAKES_A_MILESTONE else "200"
        assert set(operation["responses"]) >= ({"410"} if wipes else {success, "401", "429"})
        assert ("security" in operation) is not wipes, (method, path)


def test_answers_are_as_the_document_says(
    server: RunningServer, owner: httpx.Client, document: dict[str, Any]
) -> None:
    site, doomed = server.site(), server.site()
    event = server.leadline.events.create(site, "signup").id
    milestone = server.leadline.milestones.create(site, "Redesign", date(2026, 2, 28)).id
    events, milestones = f"/sites/{site.code}/events", f"/sites/{site.code}/milestones"
    day = {"name": "Relaunch", "milestone_date": "2026-03-01"}
    requests: list[tuple[str, str, str, Any]] = [
        ("GET", "/sites", "/sites", None),
        ("GET", "/sites", "/sites?limit=0", None),
        ("POST", "/sites", "/sites", {"name": "Described"}),
        ("POST", "/sites", "/sites", {}),
        ("GET", "/sites/{site_id}", f"/sites/{site.code}", None),
        ("GET", "/sites/{site_id}", f"/sites/{UNKNOWN}", None),
        ("POST", "/sites/{site_id}", f"/sites/{site.code}", {"sharing": "public"}),
        ("POST", "/sites/{site_id}", f"/sites/{site.code}", {"sharing": "private"}),
        ("DELETE", "/sites/{site_id}", f"/sites/{doomed.code}", None),
        ("DELETE", "/sites/{site_id}/data", f"/sites/{site.code}/data", None),
        ("GET", "/sites/{site_id}/events", events, None),
        ("GET", "/sites/{site_id}/events", f"{events}?limit=x", None),
        ("POST", "/sites/{site_id}/events", events, {"name": "buy"}),
        ("POST", "/sites/{site_id}/events", events, {"currency": "crown"}),
        ("POST", "/sites/{site_id}/events/currency", f"{events}/currency", {"name": "buy"}),
        ("GET", "/sites/{site_id}/events/{event_id}", f"{events}/{event}", None),
        ("GET", "/sites/{site_id}/events/{event_id}", f"{events}/{milestone}", None),
        ("POST", "/sites/{site_id}/events/{event_id}", f"{events}/{event}", {"name": "buy"}),
        ("POST", "/sites/{site_id}/events/{event_id}", f"{events}/{event}", {"currency": "yen"}),
        ("DELETE", "/sites/{site_id}/events/{event_id}", f"{events}/{event}", None),
        ("DELETE", "/sites/{site_id}/events/{event_id}", f"{events}/{event}", None),
        ("DELETE", "/sites/{site_id}/events/{event_id}/data", f"{events}/{event}/data", None),
        ("DELETE", "/sites/{site_id}/events", f"{events}?name=buy", None),
        ("DELETE", "/sites/{site_id}/events", f"{events}?name=buy", None),
        ("DELETE", "/sites/{site_id}/events", events, None),
        ("GET", "/sites/{site_id}/milestones", milestones, None),
        ("GET", "/sites/{site_id}/milestones", f"{milestones}?limit=x", None),
        ("POST", "/sites/{site_id}/milestones", milestones, day),
        ("POST", "/sites/{site_id}/milestones", milestones, {}),
        ("GET", "/sites/{site_id}/milestones/{milestone_id}", f"{milestones}/{milestone}", None),
        ("POST", "/sites/{site_id}/milestones/{milestone_id}", f"{milestones}/{milestone}", day),
        ("POST", "/sites/{site_id}/milestones/{milestone_id}", f"{milestones}/{milestone}", {}),
        ("DELETE", "/sites/{site_id}/milestones/{milestone_id}", f"{milestones}/{milestone}", None),
        ("DELETE", "/sites/{site_id}/milestones/{milestone_id}", f"{milestones}/{milestone}", None),
        ("GET", "/account", "/account", None),
        ("GET", "/token", "/token", None),
        ("GET", "/aggregations", f"/aggregations?{urlencode(about(site.code))}", None),
        ("GET", "/aggregations", f"/aggregations?{urlencode(about(UNKNOWN))}", None),
        ("GET", "/aggregations", "/aggregations", None),
        ("GET", "/current_visitors", f"/current_visitors?site_id={site.code}", None),
        ("GET", "/current_visitors", f"/current_visitors?site_id={site.code}&detailed=1", None),
    ]
    found = operations(document)
    assert {(method, path) for method, path, *_ in requests} == set(found)
    for method, path, target, body in requests:
        answer = owner.request(method, f"/v1{target}", json=body)
        described = found[method, path]["responses"][str(answer.status_code)]
        schema = described["content"]["application/json"]["schema"]
        OAS31Validator(schema | {"components": document["components"]}).validate(answer.json())


class Page(HTMLParser):
    """The elements, addresses and text of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def values(self, *attributes: str) -> list[str]:
        return [
            value
            for _, given in self.elements
            for name, value in given.items()
            if name in attributes and value is not None
        ]


def test_the_reference_names_every_endpoint_and_field(
    anybody: httpx.Client, document: dict[str, Any]
) -> None:
    answer = anybody.get("/v1/docs", headers={"Accept": "text/html"})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    page = Page(answer.text)
    text = re.sub(r"\s+", " ", page.text)
    for method, path in ENDPOINTS:
        assert f"{method} {path}" in text
    for (method, path), operation in operations(document).items():
        assert operation["summary"] in text
        for parameter in operation.get("parameters", []):
            assert parameter["name"] in text, (method, path)
    for name, schema in document["components"]["schemas"].items():
        if name not in ("Error", "Problem"):
            assert all(field in text for field in schema.get("properties", {})), name
    assert {"lang": "en"} in [given for tag, given in page.elements if tag == "html"]
    assert len([tag for tag, _ in page.elements if tag == "h1"]) == 1


def test_the_reference_runs_nothing_and_needs_no_other_host(anybody: httpx.Client) -> None:
    answer = anybody.get("/v1/docs")
    policy = dict(
        directive.strip().partition(" ")[::2]
        for directive in answer.headers["content-security-policy"].split(";")
    )
    assert policy["default-src"] == "'none'"
    assert policy["frame-ancestors"] == "'none'"
    assert policy["base-uri"] == "'none'"
    assert not {"script-src", "connect-src", "form-action"} & policy.keys()
    assert set(policy.values()) == {"'none'", "'self'"}

    page = Page(answer.text)
    tags = {tag for tag, _ in page.elements}
    assert not tags & {"script", "style", "iframe", "form", "object", "embed", "base"}
    for _, given in page.elements:
        assert not any(name == "style" or name.startswith("on") for name in given)
    ids = set(page.values("id"))
    for address in page.values("href", "src", "srcset", "action", "poster", "data"):
        assert re.match(r"/(?!/)|#", address), address
        if address.startswith("#"):
            assert address[1:] in ids
        else:
            assert anybody.get(address).status_code == 200, address
