"""Webhooks over the wire: bare answers, a secret told once, a delivery that arrives."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from leadline.sites import Site
from tests.doctor.servers import Server, answering, running
from tests.faces.seal.dialect import refusal, wrong_fields
from tests.support import RunningServer, eventually, running_server
from tests.webhooks.receiving import is_signed, read

EXPORT = {"export_type": "pages", "date_from": "2026-03-01", "date_to": "2026-03-10"}


@pytest.fixture(scope="module")
def own_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    data: Path = tmp_path_factory.mktemp("webhooks")
    with running_server(data, webhooks_to_loopback=True) as server:
        yield server


@pytest.fixture
def receiver() -> Iterator[Server]:
    with running() as server:
        server.on("/hook", answering(b"thanks"))
        yield server


class Client:
    """Asks about one site."""

    def __init__(self, site: Site, client: httpx.Client) -> None:
        self.site = site
        self._client = client

    def __call__(self, method: str, path: str, status: int = 200, **more: Any) -> Any:
        query = {"account_id": self.site.slug} | more.pop("params", {})
        answer = self._client.request(method, f"/api/v1{path}", params=query, **more)
        assert answer.status_code == status, answer.text
        return answer.json() if answer.content else None

    def refused(self, method: str, path: str, **more: Any) -> httpx.Response:
        query = {"account_id": self.site.slug}
        return self._client.request(method, f"/api/v1{path}", params=query, **more)


@pytest.fixture
def ask(own_server: RunningServer) -> Iterator[Client]:
    with own_server.client("*") as client:
        yield Client(own_server.site(), client)


def new(url: str, *types: str) -> dict[str, Any]:
    return {"name": "Ours", "url": url, "event_types": types or ("export.completed",)}


def test_a_webhook_is_told_of_an_export(ask: Client, receiver: Server) -> None:
    made = ask("POST", "/webhooks", 201, json=new(receiver.url("/hook")))
    path = f"/webhooks/{made['endpoint_id']}"
    secret = made.pop("secret")
    assert ask("GET", path) == made
    job = ask("POST", "/exports", 201, json=EXPORT)["job"]

    def delivered() -> Any:
        found = ask("GET", f"{path}/deliveries", params={"status": "success"})
        return found["deliveries"]

    (delivery,) = eventually(delivered)
    request = receiver.requests[0]
    assert is_signed(request, secret)
    said = read(request)
    assert said["event"] == "export.completed"
    assert said["account_id"] == ask.site.slug
    assert said["event_id"] == said["data"]["job_id"] == job["job_id"]
    detail = ask("GET", f"{path}/deliveries/{delivery['delivery_id']}")
    assert (detail["payload"], detail["response_body"]) == (said, "thanks")
    (log,) = ask("GET", f"{path}/deliveries/{delivery['delivery_id']}/logs")
    assert (log["request_method"], log["success"]) == ("POST", True)
    stats = ask("GET", f"{path}/stats", params={"hours": 1})
    assert stats["stats"]["success_rate"] == 100
    assert stats["endpoint"]["is_verified"]
    replay = f"{path}/deliveries/{delivery['delivery_id']}/replay"
    refusal(ask.refused("POST", replay), 409, "conflict")
    again = ask("POST", replay, json={"force": True})
    assert again["new_delivery_id"] != delivery["delivery_id"]
    ids = {"delivery_ids": [delivery["delivery_id"], str(uuid4())], "force": True}
    bulk = ask("POST", "/webhooks/bulk/replay", json=ids)
    assert (bulk["replayed"], bulk["skipped"], len(bulk["errors"])) == (1, 1, 1)


def test_a_test_and_a_new_secret(ask: Client, receiver: Server) -> None:
    made = ask("POST", "/webhooks", 201, json=new(receiver.url("/hook")))
    path = f"/webhooks/{made['endpoint_id']}"
    rotated = ask("POST", f"{path}/rotate-secret")
    assert rotated["secret_version"] == 2
    tested = ask("POST", f"{path}/test")
    assert (tested["success"], tested["response_body"]) == (True, "thanks")
    request = receiver.requests[0]
    assert is_signed(request, rotated["new_secret"])
    assert is_signed(request, made["secret"], "x-sealmetrics-signature-previous")
    assert "context" in read(request)["data"]
    ask("POST", f"{path}/test", json={"include_sample_context": False})
    assert "context" not in read(receiver.requests[1])["data"]


def test_change_list_delete(ask: Client) -> None:
    made = ask("POST", "/webhooks", 201, json=new("https://hooks.example.com/"))
    path = f"/webhooks/{made['endpoint_id']}"
    changed = ask("PATCH", path, json={"is_active": False, "filters": {"metrics": ["visitors"]}})
    assert (changed["name"], changed["filters"]) == ("Ours", {"metrics": ["visitors"]})
    assert ask("GET", "/webhooks") == {"endpoints": [], "total": 0}
    listed = ask("GET", "/webhooks", params={"include_inactive": "true"})
    assert listed == {"endpoints": [changed], "total": 1}
    ask("DELETE", path, 204)
    refusal(ask.refused("GET", path), 404, "not_found")
    kinds = ask("GET", "/webhooks/event-types")["event_types"]
    assert [kind["type"] for kind in kinds] == [
        "alert.triggered",
        "alert.resolved",
        "export.completed",
        "export.failed",
        "goal.reached",
    ]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("url", "http://hooks.example.com/"),
        ("custom_headers", {"Host": "elsewhere.example"}),
        ("name", "a\nb"),
        ("event_types", []),
    ],
)
def test_what_is_refused(ask: Client, field: str, value: Any) -> None:
    body = new("https://hooks.example.com/") | {field: value}
    assert wrong_fields(ask.refused("POST", "/webhooks", json=body)) == [f"body.{field}"]
