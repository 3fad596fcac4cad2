"""What is around every answer: the envelopes, the request's id, the rate limit, other origins."""

import time
from collections.abc import Iterator
from typing import Any, NamedTuple
from uuid import UUID

import httpx
import pytest

from tests.faces.seal.dialect import calls, data, fresh, moment, new_site, now, refusal
from tests.support import RunningServer, running_server

pytestmark = pytest.mark.one_database

RATE_HEADERS = ("x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset")
LIMIT = 5


class Case(NamedTuple):
    """A request, and the status of its answer."""

    method: str
    path: str
    body: Any
    status: int

    def send(self, api: httpx.Client, names: dict[str, Any]) -> httpx.Response:
        return api.request(self.method, self.path.format(**names), json=self.body)


SUCCESSES = [
    Case("GET", "/sites", None, 200),
    Case("POST", "/sites", {"name": "Enveloped"}, 201),
    Case("GET", "/sites/{site}", None, 200),
    Case("PATCH", "/sites/{site}", {"name": "Enveloped"}, 200),
    Case("GET", "/sites/{site}/domains", None, 200),
    Case("POST", "/sites/{site}/domains", {"domain": "example.com"}, 201),
    Case("DELETE", "/sites/{site}/domains/listed.example", None, 200),
    Case("GET", "/sites/{site}/utm-mappings", None, 200),
    Case("POST", "/sites/{site}/utm-mappings", {"custom_param": "a", "maps_to": "utm_term"}, 201),
    Case("PATCH", "/sites/{site}/utm-mappings/{mapping}", {"is_active": False}, 200),
    Case("DELETE", "/sites/{site}/utm-mappings/mapped", None, 200),
    Case("GET", "/sites/{site}/pixel", None, 200),
    Case("GET", "/sites/{site}/pixel/status", None, 200),
    Case("GET", "/sites/{site}/pixel/rejections", None, 200),
    Case("GET", "/sites/config/timezones", None, 200),
    Case("DELETE", "/sites/{site}", None, 200),
]
FAILURES = [
    Case("GET", "/sites/no.such.site", None, 404),
    Case("GET", "/sites?include_inactive=perhaps", None, 422),
    Case("GET", "/no/such/route", None, 404),
    Case("GET", "", None, 404),
    Case("PUT", "/sites", None, 405),
    Case("POST", "/sites", {}, 422),
    Case("POST", "/sites", {"name": "x", "timezone": "Nowhere"}, 400),
    Case("POST", "/sites", {"name": "x" * 70_000}, 413),
    Case("POST", "/sites/{site}/domains", {"domain": "listed.example"}, 409),
    Case("POST", "/sites/{site}/domains", {"domain": "not one"}, 400),
]


def name_of(case: Case) -> str:
    return f"{case.method} {case.path} {case.status}"


@pytest.fixture
def filled(api: httpx.Client) -> dict[str, Any]:
    """The names to put into paths: a site with a domain and a mapping, and the mapping's id."""
    site = new_site(api, domains=["listed.example"])["id"]
    body = {"custom_param": "mapped", "maps_to": "utm_source"}
    mapping = data(api.post(f"/sites/{site}/utm-mappings", json=body), 201)
    return {"site": site, "mapping": mapping["id"]}


def check_headers(answer: httpx.Response) -> None:
    """What every answer has, whatever it says."""
    assert answer.headers["content-type"] == "application/json"
    request_id = answer.headers["x-request-id"]
    assert str(UUID(request_id)) == request_id
    if not answer.is_success:
        assert answer.json()["request_id"] == request_id
    limit, remaining, reset = (int(answer.headers[name]) for name in RATE_HEADERS)
    assert 0 <= remaining < limit
    assert time.time() - 1 <= reset <= time.time() + 61


@pytest.mark.rule("S-ENV-01", "S-ENV-04", "S-ENV-05")
@pytest.mark.parametrize("case", SUCCESSES, ids=name_of)
def test_every_success_is_wrapped(api: httpx.Client, filled: dict[str, Any], case: Case) -> None:
    before = now()
    answer = case.send(api, filled)
    assert answer.status_code == case.status
    wrapped = answer.json()
    assert list(wrapped) == ["success", "data", "meta", "timestamp"]
    assert wrapped["success"] is True
    assert isinstance(wrapped["data"], dict)
    assert wrapped["meta"] == {}
    assert before <= moment(wrapped["timestamp"]) <= now()
    check_headers(answer)


@pytest.mark.rule("S-ENV-03", "S-ENV-04", "S-ENV-05")
@pytest.mark.parametrize("case", FAILURES, ids=name_of)
def test_every_failure_has_one_shape(api: httpx.Client, filled: dict[str, Any], case: Case) -> None:
    answer = case.send(api, filled)
    error = refusal(answer, case.status, answer.json()["error"]["code"])
    assert ("detail" in error) == (case.status == 422)
    check_headers(answer)


@pytest.mark.rule("S-ENV-03", "S-ENV-04", "S-ENV-05", "S-ERR-05")
@pytest.mark.parametrize("case", SUCCESSES, ids=name_of)
def test_without_a_key_every_path_answers_alike(
    server: RunningServer, filled: dict[str, Any], case: Case
) -> None:
    with calls(server, None) as nobody:
        answer = case.send(nobody, filled)
    refusal(answer, 401, "unauthorized")
    assert answer.headers["www-authenticate"] == "Bearer"
    check_headers(answer)


@pytest.mark.rule("S-ENV-04")
def test_no_two_requests_have_one_id(api: httpx.Client) -> None:
    seen = {api.get(path).headers["x-request-id"] for path in ["/sites", "/nothing"] * 5}
    assert len(seen) == 10


@pytest.mark.rule("S-ENV-02")
def test_times_are_utc_whatever_the_zone_of_the_site(api: httpx.Client) -> None:
    before = now()
    site = new_site(api, timezone="Pacific/Kiritimati", domains=["example.com"])
    (domain,) = data(api.get(f"/sites/{site['id']}/domains"))["domains"]
    changed = data(api.patch(f"/sites/{site['id']}", json={"name": fresh()}))
    for text in (site["created_at"], domain["created_at"], changed["updated_at"]):
        assert before <= moment(text) <= now()


@pytest.mark.rule("S-ENV-01", "S-ENV-05")
def test_head_has_the_headers_of_get(api: httpx.Client, filled: dict[str, Any]) -> None:
    answer = api.head(f"/sites/{filled['site']}")
    assert answer.status_code == 200
    assert answer.content == b""
    check_headers(answer)


@pytest.mark.rule("S-ENV-01")
def test_a_trailing_slash_changes_nothing(api: httpx.Client, filled: dict[str, Any]) -> None:
    site = filled["site"]
    for path in (f"/sites/{site}", f"/sites/{site}/domains", "/sites/config/timezones"):
        assert data(api.get(f"{path}/")) == data(api.get(path))
    assert data(api.post("/sites/", json={"name": fresh()}), 201)["is_active"] is True
    assert data(api.delete(f"/sites/{site}/domains/listed.example/"))["removed"] is True


# The key


@pytest.mark.rule("S-ENV-07")
@pytest.mark.parametrize(
    "form",
    [
        {"X-API-Key": "{key}"},
        {"x-api-key": "{key}"},
        {"Authorization": "Bearer {key}"},
        {"authorization": "bearer {key}"},
        {"Authorization": "Basic dXNlcjpwYXNz", "X-API-Key": "{key}"},
        {"Authorization": "Bearer {key}", "X-API-Key": "sm_unknown"},
    ],
    ids=repr,
)
def test_a_key_in_either_header(server: RunningServer, form: dict[str, str]) -> None:
    key = server.token("*")
    headers = {name: value.format(key=key) for name, value in form.items()}
    assert (
        data(httpx.get(f"{server.url}/api/v1/sites", headers=headers, verify=False))["total"] >= 0
    )


@pytest.mark.rule("S-ENV-07", "S-ERR-05")
@pytest.mark.parametrize(
    "form",
    [
        {},
        {"X-API-Key": ""},
        {"X-API-Key": "sm_unknown"},
        {"X-API-Key": "Bearer {key}"},
        {"X-API-Key": "{key}x"},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer sm_unknown"},
        {"Authorization": "{key}"},
        {"Authorization": "Basic {key}"},
        {"Authorization": "Bearer sm_unknown", "X-API-Key": "{key}"},
        {"Cookie": "sm_access_token={key}"},
    ],
    ids=repr,
)
def test_a_key_in_no_header(server: RunningServer, form: dict[str, str]) -> None:
    key = server.token("*")
    headers = {name: value.format(key=key) for name, value in form.items()}
    refusal(
        httpx.get(f"{server.url}/api/v1/sites", headers=headers, verify=False), 401, "unauthorized"
    )
    in_query = httpx.get(f"{server.url}/api/v1/sites", params={"api_key": key}, verify=False)
    refusal(in_query, 401, "unauthorized")


# The limit


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """A server that grants few requests."""
    with running_server(tmp_path_factory.mktemp("strict"), seal_rate_limit=LIMIT) as server:
        yield server


def check_limited(answer: httpx.Response) -> None:
    refusal(answer, 429, "rate_limit_exceeded")
    wait = answer.headers["retry-after"]
    assert wait.isdecimal()
    assert 1 <= int(wait) <= 61  # the end of the minute, in whole seconds
    assert answer.headers["x-ratelimit-remaining"] == "0"
    assert abs(int(answer.headers["x-ratelimit-reset"]) - time.time() - int(wait)) <= 2
    check_headers(answer)


@pytest.mark.rule("S-ENV-05", "S-ENV-06")
def test_ten_thousand_a_minute_by_default(server: RunningServer) -> None:
    with calls(server, server.token("*")) as caller:
        answers = [caller.get("/sites/config/timezones") for _ in range(3)]
    assert [answer.headers["x-ratelimit-limit"] for answer in answers] == ["10000"] * 3
    left = [int(answer.headers["x-ratelimit-remaining"]) for answer in answers]
    assert left == [9999, 9998, 9997]
    assert len({answer.headers["x-ratelimit-reset"] for answer in answers}) == 1


@pytest.mark.rule("S-ENV-05", "S-ENV-06")
def test_each_token_has_its_own_limit(strict: RunningServer) -> None:
    with calls(strict, strict.token("*")) as first, calls(strict, strict.token("*")) as second:
        for remaining in reversed(range(LIMIT)):
            answer = first.get("/sites")
            data(answer)
            assert answer.headers["x-ratelimit-limit"] == str(LIMIT)
            assert answer.headers["x-ratelimit-remaining"] == str(remaining)
        check_limited(first.get("/sites"))
        check_limited(first.post("/sites", json={"name": "Too much"}))
        found = data(second.get("/sites"))
        assert found["total"] == 0, "a request over the limit has done something"


@pytest.mark.rule("S-ENV-05", "S-ENV-06")
def test_refused_requests_of_a_token_count_too(strict: RunningServer) -> None:
    with calls(strict, strict.token("*")) as caller:
        for _ in range(LIMIT):
            refusal(caller.get("/sites/no.such.site"), 404, "not_found")
        check_limited(caller.get("/sites"))


@pytest.mark.rule("S-ENV-05", "S-ENV-06")
@pytest.mark.parametrize(
    ("secret", "path", "status"),
    [(None, "/sites", 401), ("sm_unknown", "/sites", 401), (None, "/no/such/route", 404)],
)
def test_without_a_valid_token_each_address_has_its_own_limit(
    strict: RunningServer, secret: str | None, path: str, status: int
) -> None:
    number = 10 * len(path) + (1 if secret else 0)
    first, second = ({"X-Forwarded-For": f"203.0.113.{number + n}"} for n in (0, 5))
    with calls(strict, secret) as caller:
        for _ in range(LIMIT):
            assert caller.get(path, headers=first).status_code == status
        check_limited(caller.get(path, headers=first))
        assert caller.get(path, headers=second).status_code == status
    with calls(strict, strict.token("*")) as known:
        assert data(known.get("/sites", headers=first))["total"] == 0


# Other origins

ORIGIN = {"Origin": "https://dashboard.example"}


@pytest.mark.rule("S-ENV-05", "S-ENV-07")
@pytest.mark.parametrize("method", ["GET", "POST", "PATCH", "DELETE"])
@pytest.mark.parametrize("header", ["x-api-key", "authorization"])
def test_another_origin_may_ask(server: RunningServer, method: str, header: str) -> None:
    asked = {
        "Access-Control-Request-Method": method,
        "Access-Control-Request-Headers": f"content-type,{header}",
    }
    answer = httpx.options(f"{server.url}/api/v1/sites/acme", headers=ORIGIN | asked, verify=False)
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == "*"
    assert method in answer.headers["access-control-allow-methods"].split(", ")
    allowed = answer.headers["access-control-allow-headers"].replace(" ", "").lower().split(",")
    assert {header, "content-type"} <= set(allowed)
    assert "access-control-allow-credentials" not in answer.headers


@pytest.mark.rule("S-ENV-05")
@pytest.mark.parametrize("path", ["/sites", "/sites/no.such.site", "/no/such/route"])
def test_another_origin_may_read_the_headers(api: httpx.Client, path: str) -> None:
    answer = api.get(path, headers=ORIGIN)
    assert answer.headers["access-control-allow-origin"] == "*"
    exposed = answer.headers["access-control-expose-headers"].lower().split(", ")
    assert {*RATE_HEADERS, "x-request-id", "retry-after"} <= set(exposed)
