"""What is wrong with a request, and how it is said."""

from typing import Any

import httpx
import pytest

from tests.faces.seal.conftest import Connect
from tests.faces.seal.dialect import calls, data, fresh, new_site, refusal, wrong_fields
from tests.support import RunningServer

pytestmark = pytest.mark.one_database

KIB_64 = 64 * 1024

SITE_PATHS = [
    ("GET", ""),
    ("PATCH", ""),
    ("DELETE", ""),
    ("GET", "/domains"),
    ("POST", "/domains"),
    ("DELETE", "/domains/example.com"),
    ("GET", "/utm-mappings"),
    ("POST", "/utm-mappings"),
    ("PATCH", "/utm-mappings/1"),
    ("DELETE", "/utm-mappings/src"),
    ("GET", "/pixel"),
    ("GET", "/pixel/status"),
    ("GET", "/pixel/rejections"),
]

BODY_PATHS = [
    ("POST", "/sites"),
    ("PATCH", "/sites/{site}"),
    ("POST", "/sites/{site}/domains"),
    ("POST", "/sites/{site}/utm-mappings"),
    ("PATCH", "/sites/{site}/utm-mappings/{mapping}"),
]

ALLOWED = {
    "/sites": "GET, POST",
    "/sites/config/timezones": "GET",
    "/sites/{site}": "DELETE, GET, PATCH",
    "/sites/{site}/domains": "GET, POST",
    "/sites/{site}/domains/example.com": "DELETE",
    "/sites/{site}/utm-mappings": "GET, POST",
    "/sites/{site}/utm-mappings/1": "DELETE, PATCH",
    "/sites/{site}/utm-mappings/a%2Fb": "DELETE",
    "/sites/{site}/pixel": "GET",
    "/sites/{site}/pixel/status": "GET",
    "/sites/{site}/pixel/rejections": "GET",
}

UNKNOWN_ROUTES = [
    "",
    "/",
    "/site",
    "/stats",
    "/Sites",
    "/sites/{site}/unknown",
    "/sites/{site}/domains/a/b",
    "/sites/{site}/pixel/status/more",
    "/sites/config/currencies",
    "/api/v1/sites",
    "/%2e%2e/v1/sites",
]

NOT_JSON = [
    b"{",
    b"{'name': 'x'}",
    b'{"name": "x",}',
    b'{"name": "x"} trailing',
    b"name=x",
    b'{"name": NaN}',
    b"\xff\xfe{\x00}\x00",
    b'{"name": "\xff"}',
    b'{"name": "\\ud800"}',
    b'{"name": ' + b"9" * 6000 + b"}",
    b"[" * 60_000,
    b'{"name":' * 7000,
]

NO_OBJECTS = [b"[]", b'["name"]', b'"name"', b"1", b"1.5", b"true", b"null"]


@pytest.fixture
def names(api: httpx.Client, site: dict[str, Any]) -> dict[str, Any]:
    """What the braces in the paths stand for."""
    body = {"custom_param": "src", "maps_to": "utm_source"}
    mapping = data(api.post(f"/sites/{site['id']}/utm-mappings", json=body), 201)
    return {"site": site["id"], "mapping": mapping["id"]}


def state(api: httpx.Client, names: dict[str, Any]) -> list[Any]:
    """All that can be changed of a site."""
    paths = (f"/sites/{names['site']}{path}" for path in ("", "/domains", "/utm-mappings"))
    return [data(api.get(path)) for path in paths]


# Unknown


@pytest.mark.rule("S-ERR-04")
@pytest.mark.parametrize(("method", "path"), SITE_PATHS)
@pytest.mark.parametrize("ability", ["*", "all-sites-readonly"])
def test_a_site_that_does_not_exist(connect: Connect, method: str, path: str, ability: str) -> None:
    slug = fresh("no").replace(" ", "-")
    body = {"domain": "a.com", "custom_param": "x", "maps_to": "utm_term"}
    answer = connect(ability).request(method, f"/sites/{slug}{path}", json=body)
    if ability == "*" or method == "GET":
        assert slug in refusal(answer, 404, "not_found")["message"]
    else:
        refusal(answer, 403, "forbidden")


@pytest.mark.rule("S-ERR-09")
@pytest.mark.parametrize("path", UNKNOWN_ROUTES)
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_an_unknown_route(api: httpx.Client, names: dict[str, Any], method: str, path: str) -> None:
    refusal(api.request(method, path.format(**names)), 404, "not_found")


@pytest.mark.rule("S-ERR-09")
@pytest.mark.parametrize("path", ALLOWED)
def test_a_wrong_method(api: httpx.Client, names: dict[str, Any], path: str) -> None:
    allowed = ALLOWED[path].split(", ")
    before = state(api, names)
    for method in ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PURGE"):
        if method not in allowed:
            answer = api.request(method, path.format(**names), json={})
            refusal(answer, 405, "method_not_allowed")
            assert answer.headers["allow"] == ALLOWED[path]
    assert state(api, names) == before


# Bodies


@pytest.mark.rule("S-ERR-06", "S-ENV-03")
@pytest.mark.parametrize(("method", "path"), BODY_PATHS)
def test_a_body_that_is_not_json(
    api: httpx.Client, names: dict[str, Any], method: str, path: str
) -> None:
    before = state(api, names)
    headers = {"Content-Type": "application/json"}
    for body in NOT_JSON:
        answer = api.request(method, path.format(**names), content=body, headers=headers)
        assert wrong_fields(answer) == ["body"]
        assert answer.json()["error"]["detail"][0]["type"] == "json_invalid"
    for body in NO_OBJECTS:
        answer = api.request(method, path.format(**names), content=body, headers=headers)
        assert wrong_fields(answer) == ["body"]
    assert state(api, names) == before


@pytest.mark.rule("S-ERR-06")
@pytest.mark.parametrize(("method", "path"), BODY_PATHS)
@pytest.mark.parametrize("body", [b"", b" \n"])
def test_a_request_without_a_body(
    api: httpx.Client, names: dict[str, Any], method: str, path: str, body: bytes
) -> None:
    answer = api.request(method, path.format(**names), content=body)
    assert wrong_fields(answer) == ["body"]


@pytest.mark.rule("S-ERR-09")
@pytest.mark.parametrize(("method", "path"), BODY_PATHS)
@pytest.mark.parametrize(
    "kind",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/xml",
        "application/jsonp",
        "text/json-ish",
        "nonsense",
    ],
)
def test_a_body_of_another_type(
    api: httpx.Client, names: dict[str, Any], method: str, path: str, kind: str
) -> None:
    before = state(api, names)
    body = b'{"name":"Other","domain":"a.com","custom_param":"x","maps_to":"utm_term"}'
    answer = api.request(method, path.format(**names), content=body, headers={"Content-Type": kind})
    refusal(answer, 415, "unsupported_media_type")
    assert state(api, names) == before


@pytest.mark.rule("S-CREATE-01")
@pytest.mark.parametrize(
    "kind",
    ["application/json", "application/json; charset=utf-8", "APPLICATION/JSON", None],
)
def test_json_in_all_its_dress(api: httpx.Client, kind: str | None) -> None:
    name = fresh("Größe")
    headers = {} if kind is None else {"Content-Type": kind}
    body = f'{{"name": "{name}"}}'.encode()
    assert data(api.post("/sites", content=body, headers=headers), 201)["name"] == name


@pytest.mark.rule("S-ERR-09")
@pytest.mark.parametrize(("method", "path"), [*BODY_PATHS, ("GET", "/sites"), ("GET", "/nothing")])
def test_a_body_that_is_too_large(
    api: httpx.Client, names: dict[str, Any], method: str, path: str
) -> None:
    before = state(api, names)
    headers = {"Content-Type": "application/json"}
    start = b'{"name":"Large","domain":"a.com","custom_param":"x","maps_to":"utm_term"}'
    body = start + b" " * (KIB_64 + 1 - len(start))
    answer = api.request(method, path.format(**names), content=body, headers=headers)
    refusal(answer, 413, "payload_too_large")
    parts = (body[place : place + 1000] for place in range(0, len(body), 1000))
    answer = api.request(method, path.format(**names), content=parts, headers=headers)
    refusal(answer, 413, "payload_too_large")
    assert state(api, names) == before


@pytest.mark.rule("S-ERR-09")
def test_a_body_of_64_kib_is_not_too_large(api: httpx.Client) -> None:
    start = b'{"name":"Just so"}'
    body = start + b" " * (KIB_64 - len(start))
    assert data(api.post("/sites", content=body), 201)["name"] == "Just so"


# Values


@pytest.mark.rule("S-ERR-06")
def test_a_row_for_each_wrong_field(api: httpx.Client, site: dict[str, Any]) -> None:
    body = {"name": "", "domains": "x", "timezone": 1, "currency": "EURO", "org_id": 5}
    fields = ["body.currency", "body.domains", "body.name", "body.org_id", "body.timezone"]
    assert sorted(wrong_fields(api.post("/sites", json=body))) == fields
    change = {"name": 1, "timezone": [], "currency": {}, "is_active": "perhaps"}
    fields = ["body.currency", "body.is_active", "body.name", "body.timezone"]
    assert sorted(wrong_fields(api.patch(f"/sites/{site['id']}", json=change))) == fields
    mapping = {"custom_param": "", "maps_to": "nowhere"}
    answer = api.post(f"/sites/{site['id']}/utm-mappings", json=mapping)
    assert sorted(wrong_fields(answer)) == ["body.custom_param", "body.maps_to"]


@pytest.mark.rule("S-ERR-06")
@pytest.mark.parametrize("value", ["perhaps", "2", "", "null", "[]"])
def test_a_wrong_parameter_of_the_query(api: httpx.Client, value: str) -> None:
    answer = api.get("/sites", params={"include_inactive": value})
    assert wrong_fields(answer) == ["query.include_inactive"]


@pytest.mark.rule("S-ERR-06")
@pytest.mark.parametrize("value", ["perhaps", 2, "", [], {}, 0.5], ids=repr)
def test_a_wrong_type_of_activity(api: httpx.Client, site: dict[str, Any], value: Any) -> None:
    answer = api.patch(f"/sites/{site['id']}", json={"name": "Changed", "is_active": value})
    assert wrong_fields(answer) == ["body.is_active"]
    assert data(api.get(f"/sites/{site['id']}")) == site | {"updated_at": None}


@pytest.mark.rule("S-ERR-01", "S-ERR-02")
@pytest.mark.parametrize(
    ("fields", "code"),
    [({"timezone": "Nowhere"}, "invalid_timezone"), ({"domains": ["a b"]}, "invalid_domain")],
)
def test_the_codes_of_the_reference(api: httpx.Client, fields: dict[str, Any], code: str) -> None:
    name = fresh()
    refusal(api.post("/sites", json={"name": name} | fields), 400, code)
    assert name not in [row["name"] for row in data(api.get("/sites"))["sites"]]


@pytest.mark.rule("S-ERR-05")
@pytest.mark.parametrize(("method", "path"), [*SITE_PATHS, ("GET", "x"), ("PUT", "")])
def test_without_a_key_a_site_is_not_even_looked_for(
    server: RunningServer, site: dict[str, Any], method: str, path: str
) -> None:
    with calls(server, None) as nobody:
        answers = [
            nobody.request(method, f"/sites/{slug}{path}", json={})
            for slug in (site["id"], "a" * len(site["id"]))
        ]
    first, second = ((answer.status_code, answer.json()["error"]) for answer in answers)
    assert first == second
    assert first[0] in ({401} if (method, path) in SITE_PATHS else {401, 405})


@pytest.mark.rule("S-ERR-09", "S-ENV-03")
def test_markup_in_an_address_is_text(api: httpx.Client) -> None:
    answer = api.get("/sites/%3Cscript%3E%22%27")
    assert "<script>\"'" in refusal(answer, 404, "not_found")["message"]
    assert answer.headers["content-type"] == "application/json"


@pytest.mark.rule("S-ERR-06")
def test_broken_bodies_of_the_unpermitted_are_not_read(connect: Connect, api: httpx.Client) -> None:
    slug = new_site(api)["id"]
    reader = connect(f"read:{slug}")
    for method, path in (("POST", "/sites"), ("PATCH", f"/sites/{slug}")):
        refusal(reader.request(method, path, content=b"{"), 403, "forbidden")
