"""What bad requests get, on every path: JSON with a text, and nothing stored."""

import http.client
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from tests.faces.fathom.wire import (
    ENDPOINTS,
    EVENT,
    UNKNOWN,
    Account,
    about,
    address,
    bearer,
    error_of,
    errors_of,
    everything_stored,
    filled,
    opens,
    row_of,
)
from tests.support import RunningServer, running_server

pytestmark = pytest.mark.one_database

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
LARGEST = 64 * 1024

PATHS = {path: {method for method, each in ENDPOINTS if each == path} for _, path in ENDPOINTS}
PATHS |= {"/v1/openapi.json": {"GET"}, "/v1/docs": {"GET"}}


# Addresses and methods


@pytest.mark.rule("F-ERR-01", "F-ERR-04")
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize(
    "path",
    [
        "/v1",
        "/v1/",
        "/v1/nothing",
        "/v1/site",
        "/v1/Sites",
        "/v1//sites",
        "/v1/sites/CDBUGS/nothing",
        "/v1/sites/CDBUGS/data/more",
        "/v1/sites/CDBUGS%2F",
        "/v1/account/1",
        "/v1/tokens",
        "/v1/%00",
        "/v1/é",
        "/v1/openapi.yaml",
    ],
)
def test_an_unknown_address(anybody: httpx.Client, method: str, path: str) -> None:
    error_of(anybody.request(method, path), 404)


@pytest.mark.rule("F-ERR-01", "F-ERR-04")
@pytest.mark.parametrize("path", PATHS)
def test_a_wrong_method(anybody: httpx.Client, path: str) -> None:
    allowed = PATHS[path]
    readable = {"HEAD"} if "GET" in allowed else set()
    for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"} - allowed - readable:
        answer = anybody.request(method, filled(path, UNKNOWN))
        error_of(answer, 405)
        named = {name.strip() for name in answer.headers["allow"].split(",")}
        assert named == allowed
    if "GET" not in allowed:
        assert anybody.head(path).status_code == 405


def test_a_slash_at_the_end_is_no_difference(server: RunningServer, owner: httpx.Client) -> None:
    site = server.site("Slashed")
    for path in ("/v1/sites", f"/v1/sites/{site.code}", "/v1/account", "/v1/openapi.json"):
        with_slash = owner.get(f"{path}/")
        assert with_slash.status_code == 200
        assert with_slash.json() == owner.get(path).json()
    made = owner.post("/v1/sites/", json={"name": "Slash"})
    assert made.json()["name"] == "Slash"
    changed = owner.post(f"/v1/sites/{site.code}/", json={"name": "Changed"})
    assert changed.json()["id"] == site.code
    error_of(owner.delete(f"/v1/sites/{site.code}/data/"), 410)
    assert owner.delete(f"/v1/sites/{site.code}/").json()["deleted"] is True


def test_head_is_get_without_a_body(server: RunningServer, owner: httpx.Client) -> None:
    site = server.site()
    for path in ("/v1/sites", f"/v1/sites/{site.code}", "/v1/account", "/v1/docs", "/v1/nothing"):
        head, get = owner.head(path), owner.get(path)
        assert head.status_code == get.status_code
        assert head.headers["content-type"] == get.headers["content-type"]
        assert head.content == b""


# What is accepted


@pytest.mark.rule("F-ERR-04")
@pytest.mark.parametrize("accept", ["text/html", "*/*", "image/png", "", "nonsense;;q=x", None])
@pytest.mark.parametrize("known", [True, False])
def test_an_answer_is_json_whatever_is_asked_for(
    server: RunningServer, anybody: httpx.Client, accept: str | None, known: bool
) -> None:
    secret = server.token("*") if known else "7|nobody"
    body = {"name": EVENT, "currency": "euro", "milestone_date": "2026-03-01"}
    for method, path in (*ENDPOINTS, ("GET", "/v1/nothing")):
        code = server.site().code
        request = anybody.build_request(
            method,
            address(server, path.replace("_id}", "}"), code),
            params=about(code) | {"name": EVENT},
            headers=bearer(secret),
            json=body if method == "POST" else None,
        )
        del request.headers["Accept"]
        if accept is not None:
            request.headers["Accept"] = accept
        answer = anybody.send(request)
        assert answer.headers["content-type"] == JSON
        assert isinstance(answer.json(), list if known and "aggregations" in path else dict)
        if path == "/v1/nothing":
            assert answer.status_code == 404
        elif path.endswith("/data"):
            assert answer.status_code == 410
        elif known and method == "DELETE":
            assert answer.json()["deleted"] is True
        else:
            assert answer.is_success if known else answer.status_code == 401


# Bodies


BROKEN = [
    b"{",
    b'{"name": "Acme"',
    b'{"name": "Acme",}',
    b"{'name': 'Acme'}",
    b"name=Acme",
    b'{"name": NaN}',
    b'{"name": 1e999}',
    b'{"name": "\xff"}',
    b'{"name": "\\ud800"}',
    b'{"name": "a\nb"}',
    b'{"name": "Acme"} {}',
    b"\xff\xfe{\x00}\x00",
    b"\x00",
    b"[" * 60_000,
    b'{"name":' * 8_000,
    b'{"multi_domain": ' + b"9" * 6_000 + b"}",
]
NO_OBJECTS = [b"[]", b'[{"name": "Acme"}]', b'"Acme"', b"1", b"true", b"null", b"1.5"]


@pytest.mark.rule("F-ERR-05", "F-ERR-03")
@pytest.mark.parametrize("body", BROKEN + NO_OBJECTS, ids=lambda body: repr(body[:20]))
def test_a_body_that_is_no_json_object(
    server: RunningServer, owner: httpx.Client, body: bytes
) -> None:
    site = server.site()
    before = everything_stored(server)
    for path in ("/v1/sites", f"/v1/sites/{site.code}"):
        for headers in ({}, {"Content-Type": JSON}, {"Content-Type": f"{JSON}; charset=utf-8"}):
            error_of(owner.post(path, content=body, headers=headers), 400)
    assert everything_stored(server) == before


@pytest.mark.rule("F-ERR-05", "F-ERR-03")
@pytest.mark.parametrize("body", [b"name=%FF", b"name=\xff", b"name=%ED%A0%80"])
def test_a_form_that_is_no_text(server: RunningServer, owner: httpx.Client, body: bytes) -> None:
    before = everything_stored(server)
    error_of(owner.post("/v1/sites", content=body, headers={"Content-Type": FORM}), 400)
    assert everything_stored(server) == before


@pytest.mark.rule("F-ERR-06", "F-ERR-03")
def test_a_body_has_up_to_64_kib(server: RunningServer, owner: httpx.Client) -> None:
    site = server.site()
    largest = b'{"name": "Acme"}'.ljust(LARGEST)
    for path in ("/v1/sites", f"/v1/sites/{site.code}"):
        for headers in ({"Content-Type": JSON}, {}):
            assert owner.post(path, content=largest, headers=headers).status_code == 200
    form = b"name=Acme&unknown=".ljust(LARGEST, b"x")
    assert owner.post("/v1/sites", content=form, headers={"Content-Type": FORM}).status_code == 200

    before = everything_stored(server)
    for path in ("/v1/sites", f"/v1/sites/{site.code}", "/v1/nothing"):
        for content_type in (JSON, FORM, "text/plain"):
            headers = {"Content-Type": content_type}
            error_of(owner.post(path, content=largest + b" ", headers=headers), 413)
    chunks = (b" " * 1000 for _ in range(100))
    error_of(owner.post("/v1/sites", content=chunks), 413)
    assert everything_stored(server) == before
    assert owner.get("/v1/token").status_code == 200


@pytest.mark.rule("F-ERR-07", "F-ERR-03")
@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "text/html; charset=utf-8", "multipart/form-data; boundary=x", "text/json", "x"],
)
def test_another_content_type(
    server: RunningServer, owner: httpx.Client, content_type: str
) -> None:
    site = server.site()
    before = everything_stored(server)
    headers = {"Content-Type": content_type}
    for path in ("/v1/sites", f"/v1/sites/{site.code}"):
        error_of(owner.post(path, content=b'{"name": "Acme"}', headers=headers), 415)
    assert everything_stored(server) == before


@pytest.mark.rule("F-ERR-07")
def test_without_a_body_its_type_does_not_matter(
    server: RunningServer, owner: httpx.Client
) -> None:
    site = server.site()
    for content_type in (JSON, FORM, "text/plain", "multipart/form-data; boundary=x", "x"):
        headers = {"Content-Type": content_type}
        assert owner.post(f"/v1/sites/{site.code}", headers=headers).status_code == 200
        assert owner.get(f"/v1/sites/{site.code}", headers=headers).status_code == 200
        assert owner.get("/v1/sites", headers=headers).status_code == 200
    deletion = owner.delete(f"/v1/sites/{site.code}", headers={"Content-Type": "text/plain"})
    assert deletion.status_code == 200


@pytest.mark.rule("F-BODY-01", "F-ERR-07")
@pytest.mark.parametrize(
    "content_type",
    [JSON, "Application/JSON", f"{JSON};charset=UTF-8", "application/vnd.api+json", ""],
)
def test_types_of_json(owner: httpx.Client, content_type: str) -> None:
    headers = {"Content-Type": content_type} if content_type else {}
    answer = owner.post("/v1/sites", content='{"name": "Café"}'.encode(), headers=headers)
    assert answer.json()["name"] == "Café"


FIELDS: dict[str, str] = {
    "name": " Daffy's Café & <Söhne> + 100% ",
    "sharing": "private",
    "share_password": " p&ss=wörd+ ",
    "timezone": "America/New_York",
    "multi_domain_option": "separate",
}


@pytest.mark.rule("F-BODY-01")
def test_a_form_says_the_same_as_json(server: RunningServer, owner: httpx.Client) -> None:
    form = owner.post("/v1/sites", data=FIELDS | {"multi_domain": "1"})
    body: dict[str, Any] = FIELDS | {"multi_domain": True}
    json = owner.post("/v1/sites", json=body)
    assert form.status_code == json.status_code == 200
    one, two = form.json(), json.json()
    for field in ("name", "sharing", "timezone"):
        assert one[field] == two[field] == FIELDS[field].strip()
    for site in (one, two):
        assert row_of(server, site["id"])["multi_domain"] == "separate"
        assert opens(server, site["id"], FIELDS["share_password"])


@pytest.mark.rule("F-BODY-01")
@pytest.mark.parametrize(("yes", "no"), [("1", "0"), ("true", "false"), (" True ", "FALSE")])
def test_a_form_says_yes_and_no(
    server: RunningServer, owner: httpx.Client, yes: str, no: str
) -> None:
    fields = {"name": "Form", "multi_domain": yes, "multi_domain_option": "combined"}
    site = owner.post("/v1/sites", data=fields).json()
    assert row_of(server, site["id"])["multi_domain"] == "combined"
    owner.post(f"/v1/sites/{site['id']}", data={"multi_domain": no})
    assert row_of(server, site["id"])["multi_domain"] is None


@pytest.mark.rule("F-BODY-01")
@pytest.mark.parametrize("neither", ["on", "yes", "no", "2", "-1", "t", "null"])
def test_a_form_says_neither_yes_nor_no(owner: httpx.Client, neither: str) -> None:
    answer = owner.post("/v1/sites", data={"name": "Form", "multi_domain": neither})
    sentence = "The multi domain field must be true or false."
    assert errors_of(answer) == {"multi_domain": [sentence]}


@pytest.mark.rule("F-BODY-01")
def test_a_form_typed_by_hand(owner: httpx.Client) -> None:
    """A command line sends what was typed, without encoding it."""
    headers = {"Content-Type": f"{FORM}; charset=utf-8"}
    for body, name in (
        ("name=Café".encode(), "Café"),
        (b"name=Two+words", "Two words"),
        (b"name=a%26b", "a&b"),
        (b"name=x%3Dy=z", "x=y=z"),
        (b"&&name=Acme&;&=&timezone=", "Acme"),
    ):
        assert owner.post("/v1/sites", content=body, headers=headers).json()["name"] == name


# Fields


@pytest.mark.rule("F-ERR-02", "F-ERR-03")
def test_every_wrong_field_is_named_at_once(server: RunningServer, owner: httpx.Client) -> None:
    site = server.site()
    before = everything_stored(server)
    cases: list[tuple[dict[str, Any], set[str]]] = [
        (
            {
                "name": "x" * 256,
                "sharing": "everyone",
                "share_password": "x" * 256,
                "timezone": "Mars/Olympus",
                "multi_domain": "maybe",
                "multi_domain_option": "both",
            },
            {
                "name",
                "sharing",
                "share_password",
                "timezone",
                "multi_domain",
                "multi_domain_option",
            },
        ),
        (
            {"name": 5, "sharing": "private", "timezone": "Mars", "multi_domain": True},
            {"name", "share_password", "timezone", "multi_domain_option"},
        ),
        ({"name": "a\0b", "sharing": "private"}, {"name", "share_password"}),
    ]
    for body, fields in cases:
        for path in ("/v1/sites", f"/v1/sites/{site.code}"):
            answer = owner.post(path, json=body)
            assert answer.status_code == 400
            assert set(errors_of(answer)) == fields
    assert everything_stored(server) == before


@pytest.mark.rule("F-ERR-03")
def test_a_good_field_beside_a_bad_one_is_not_stored(
    server: RunningServer, owner: httpx.Client
) -> None:
    site = server.site("Unchanged")
    before = everything_stored(server)
    for bad in (
        {"sharing": "everyone"},
        {"sharing": "private"},
        {"timezone": "Mars/Olympus"},
        {"multi_domain": True},
        {"multi_domain_option": "both"},
    ):
        for path in ("/v1/sites", f"/v1/sites/{site.code}"):
            errors_of(owner.post(path, json={"name": "Changed"} | bad))
    assert everything_stored(server) == before


# Other origins


def test_a_script_of_another_origin_may_ask(owner: httpx.Client) -> None:
    origin = {"Origin": "https://app.example.com"}
    for method in ("GET", "POST", "DELETE"):
        preflight = owner.options(
            f"/v1/sites/{UNKNOWN}",
            headers=origin
            | {
                "Access-Control-Request-Method": method,
                "Access-Control-Request-Headers": "authorization,x-api-key,content-type",
            },
        )
        assert preflight.status_code == 200
        assert preflight.headers["access-control-allow-origin"] == "*"
        assert method in preflight.headers["access-control-allow-methods"].split(", ")
        allowed = preflight.headers["access-control-allow-headers"].lower()
        for header in ("authorization", "x-api-key", "content-type"):
            assert header in allowed
        assert "access-control-allow-credentials" not in preflight.headers


def test_a_script_of_another_origin_may_read(owner: httpx.Client) -> None:
    origin = {"Origin": "https://app.example.com"}
    answers = [
        owner.get("/v1/sites", headers=origin),
        owner.get("/v1/nothing", headers=origin),
        owner.put("/v1/sites", headers=origin),
        owner.get(f"/v1/sites/{UNKNOWN}", headers=origin),
        owner.post("/v1/sites", headers=origin),
        owner.post("/v1/sites", content=b"x" * (LARGEST + 1), headers=origin),
        owner.get("/v1/sites", headers=origin | bearer("7|nobody")),
    ]
    assert [answer.status_code for answer in answers] == [200, 404, 405, 404, 400, 413, 401]
    for answer in answers:
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "Retry-After" in answer.headers["access-control-expose-headers"]
        assert "access-control-allow-credentials" not in answer.headers
        assert "set-cookie" not in answer.headers


# Limits


@pytest.fixture(scope="module")
def limited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """A server that lets a token ask three times an hour."""
    with running_server(tmp_path_factory.mktemp("limited"), fathom_rate_limit=3) as running:
        yield running


@pytest.mark.rule("F-ERR-08")
def test_a_token_over_its_limit_is_told_when_to_come_back(limited: RunningServer) -> None:
    site = limited.site()
    with limited.client("*") as client:
        statuses = [
            client.get("/v1/sites").status_code,
            client.get(f"/v1/sites/{UNKNOWN}").status_code,
            client.post("/v1/sites", json={}).status_code,
        ]
        assert statuses == [200, 404, 400]
        before = everything_stored(limited)
        for method, path in ENDPOINTS:
            if path.endswith("/data"):
                continue
            answer = client.request(
                method, filled(path, site.code), headers={"Origin": "https://example.com"}
            )
            assert answer.status_code == 429
            assert answer.json() == {"error": "Too Many Attempts."}
            assert 1 <= int(answer.headers["retry-after"]) <= 3601
            assert answer.headers["access-control-allow-origin"] == "*"
        assert everything_stored(limited) == before


@pytest.mark.rule("F-ERR-08")
def test_a_limit_holds_for_one_token_only(limited: RunningServer) -> None:
    site = limited.site()
    with limited.client("*") as first, limited.client("*") as second:
        assert [first.get("/v1/token").status_code for _ in range(4)] == [200, 200, 200, 429]
        assert [second.get("/v1/token").status_code for _ in range(4)] == [200, 200, 200, 429]
        assert [first.get("/v1/docs").status_code for _ in range(4)] == [200] * 4
        assert first.get(f"/api/v1/sites/{site.slug}").status_code == 200
    with limited.client(token="7|nobody") as stranger:
        assert [stranger.get("/v1/token").status_code for _ in range(5)] == [401] * 5


@pytest.mark.rule("F-ERR-08")
def test_no_limit_holds_by_default(server: RunningServer) -> None:
    """Fathom's own is 2,000 requests an hour."""
    account = Account(server)
    (site,) = account.some_sites(1)
    headers = bearer(account.token("*"))
    address = urlsplit(server.url)
    connection = http.client.HTTPConnection(str(address.hostname), address.port)
    try:
        statuses = set()
        for _ in range(2001):
            connection.request("GET", f"/v1/sites/{site.code}", headers=headers)
            answer = connection.getresponse()
            answer.read()
            statuses.add(answer.status)
    finally:
        connection.close()
    assert statuses == {200}
