"""What the tests of SealMetrics' dialect share: calls below `/api/v1`, and the two envelopes."""

import json
import re
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import httpx

from leadline.sites import Site
from tests.support import BROWSER, PATIENCE, RunningServer

SUMMARY = {"id", "name", "domains", "timezone", "currency", "is_active", "created_at"}
DETAIL = SUMMARY | {"updated_at"}
FORBIDDEN_WRITE = "Required scope: write"

_STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def calls(server: RunningServer, secret: str | None, **headers: str) -> httpx.Client:
    """A client whose paths are below `/api/v1`; to be closed."""
    key = {} if secret is None else {"X-API-Key": secret}
    # The server speaks plain HTTP: no certificates have to be loaded for each client.
    return httpx.Client(
        base_url=f"{server.url}/api/v1", headers=key | headers, verify=False, timeout=PATIENCE
    )


def data(answer: httpx.Response, status: int = 200) -> Any:
    """The data in a success."""
    assert answer.status_code == status, answer.text
    body = answer.json()
    assert body.keys() == {"success", "data", "meta", "timestamp"}
    return body["data"]


def refusal(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """The `error` object of a refusal."""
    assert answer.status_code == status, answer.text
    body = answer.json()
    assert body.keys() == {"error", "request_id"}
    error: dict[str, Any] = body["error"]
    assert error.keys() | {"detail"} == {"code", "message", "detail"}
    assert error["code"] == code
    assert error["message"]
    return error


def wrong_fields(answer: httpx.Response) -> list[str]:
    """The fields that a 422 names, each described."""
    detail = refusal(answer, 422, "validation_error")["detail"]
    assert all(row.keys() == {"field", "message", "type"} for row in detail)
    assert all(isinstance(text, str) and text for row in detail for text in row.values())
    return [row["field"] for row in detail]


def moment(text: str) -> datetime:
    """A time of the dialect, which is one only in exactly this form."""
    assert _STAMP.fullmatch(text), text
    return datetime.fromisoformat(text)


def now() -> datetime:
    """The present as the dialect can write it."""
    return datetime.now(UTC).replace(microsecond=0)


def fresh(word: str = "Site") -> str:
    """A name that no other test uses."""
    return f"{word} {uuid4().hex[:12]}"


def new_site(api: httpx.Client, **fields: Any) -> dict[str, Any]:
    """A site made over the wire."""
    site: dict[str, Any] = data(api.post("/sites", json={"name": fresh()} | fields), 201)
    return site


def hit(server: RunningServer, site: str, url: str, **payload: Any) -> None:
    """A hit as SealMetrics' tracker sends it. The answer never tells whether it counts."""
    form = {"d": json.dumps({"a": site, "u": url, "r": "", "c": 1} | payload)}
    answer = httpx.post(
        f"{server.url}/event", data=form, headers={"User-Agent": BROWSER}, verify=False
    )
    assert answer.status_code == 204


def total_hits(api: httpx.Client, site: str) -> int:
    total: int = data(api.get(f"/sites/{site}/pixel/status"))["total_hits"]
    return total


def site_of(server: RunningServer, slug: str) -> Site:
    """A site as the rooms know it."""
    return server.leadline.sites.get(server.leadline.organisations.first().id, slug)


def stored(server: RunningServer, site: str, *columns: str) -> list[tuple[Any, ...]]:
    """These columns of the site's hits, in the order of arrival, as reports will read them."""
    number = site_of(server, site).id
    return server.leadline.storage.warehouse.query(
        f"SELECT {', '.join(columns)} FROM hits WHERE site_id = $site ORDER BY hit_id", site=number
    )
