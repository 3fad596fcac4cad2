"""UTM mappings: how they are kept, and what they do to hits."""

from typing import Any
from urllib.parse import quote

import httpx
import pytest

from tests.faces.seal.conftest import Connect
from tests.faces.seal.dialect import (
    FORBIDDEN_WRITE,
    data,
    hit,
    moment,
    new_site,
    now,
    refusal,
    stored,
    wrong_fields,
)
from tests.support import BROWSER, RunningServer, eventually

FIELDS = ["utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content"]
KEYS = {"id", "custom_param", "maps_to", "is_active", "created_at"}

ODD_PARAMETERS = [
    "a/b",
    "a/",
    "/",
    "a//b",
    "a.b",
    "...",
    "a b",
    "a?b",
    "a#b",
    "a%2Fb",
    "a+b",
    "a&b=c",
    "quelle-größe",
    "パラメータ",
    "🧭",
    "utm_source",
    "1",
    "[src]",
    "x" * 100,
    "é" * 100,
]


def add(api: httpx.Client, site: dict[str, Any], parameter: Any, field: Any) -> httpx.Response:
    body = {"custom_param": parameter, "maps_to": field}
    return api.post(f"/sites/{site['id']}/utm-mappings", json=body)


def change(api: httpx.Client, site: dict[str, Any], number: Any, **body: Any) -> httpx.Response:
    return api.patch(f"/sites/{site['id']}/utm-mappings/{number}", json=body)


def remove(api: httpx.Client, site: dict[str, Any], parameter: str) -> httpx.Response:
    return api.delete(f"/sites/{site['id']}/utm-mappings/{quote(parameter, safe='')}")


def mappings_of(api: httpx.Client, site: dict[str, Any]) -> list[dict[str, Any]]:
    found = data(api.get(f"/sites/{site['id']}/utm-mappings"))
    assert found.keys() == {"mappings", "total"}
    assert found["total"] == len(found["mappings"])
    rows: list[dict[str, Any]] = found["mappings"]
    return rows


@pytest.mark.rule("S-UTM-01", "S-UTM-02", "S-UTM-03")
def test_adding_and_listing(api: httpx.Client, site: dict[str, Any]) -> None:
    assert mappings_of(api, site) == []
    before = now()
    first = data(add(api, site, "campaign_id", "utm_campaign"), 201)
    second = data(add(api, site, "ad_source", "utm_source"), 201)
    for row, parameter, field in (
        (first, "campaign_id", "utm_campaign"),
        (second, "ad_source", "utm_source"),
    ):
        assert row.keys() == KEYS
        assert type(row["id"]) is int
        assert (row["custom_param"], row["maps_to"]) == (parameter, field)
        assert row["is_active"] is True
        assert before <= moment(row["created_at"]) <= now()
    assert first["id"] != second["id"]
    assert mappings_of(api, site) == [first, second]


@pytest.mark.rule("S-UTM-04", "S-UTM-10")
@pytest.mark.parametrize("parameter", ["x", *ODD_PARAMETERS])
def test_any_parameter_can_be_mapped_and_removed_by_its_name(
    api: httpx.Client, site: dict[str, Any], parameter: str
) -> None:
    kept = data(add(api, site, "kept", "utm_term"), 201)
    assert data(add(api, site, parameter, "utm_source"), 201)["custom_param"] == parameter
    removed = data(remove(api, site, parameter))
    assert removed == {"removed": True, "custom_param": parameter}
    assert mappings_of(api, site) == [kept]


@pytest.mark.rule("S-UTM-04", "S-ERR-06")
@pytest.mark.parametrize(
    "parameter", ["", "x" * 101, "é" * 101, None, 7, ["src"], {}, True, "a\nb", "a\x00"], ids=repr
)
def test_parameters_that_are_refused(
    api: httpx.Client, site: dict[str, Any], parameter: Any
) -> None:
    assert wrong_fields(add(api, site, parameter, "utm_source")) == ["body.custom_param"]
    assert mappings_of(api, site) == []


@pytest.mark.rule("S-UTM-04", "S-UTM-05")
def test_both_fields_are_required(api: httpx.Client, site: dict[str, Any]) -> None:
    address = f"/sites/{site['id']}/utm-mappings"
    assert wrong_fields(api.post(address, json={"maps_to": "utm_term"})) == ["body.custom_param"]
    assert wrong_fields(api.post(address, json={"custom_param": "src"})) == ["body.maps_to"]
    both = ["body.custom_param", "body.maps_to"]
    assert sorted(wrong_fields(api.post(address, json={}))) == both
    assert mappings_of(api, site) == []


@pytest.mark.rule("S-UTM-05")
@pytest.mark.parametrize("field", FIELDS)
def test_fields_to_map_to(api: httpx.Client, site: dict[str, Any], field: str) -> None:
    mapping = data(add(api, site, "src", field), 201)
    assert mapping["maps_to"] == field
    other = FIELDS[FIELDS.index(field) - 1]
    assert data(change(api, site, mapping["id"], maps_to=other))["maps_to"] == other


@pytest.mark.rule("S-UTM-05", "S-ERR-06")
@pytest.mark.parametrize(
    "field",
    ["source", "UTM_SOURCE", "utm_id", "", " utm_source", None, 1, ["utm_source"]],
    ids=repr,
)
def test_fields_that_are_none(api: httpx.Client, site: dict[str, Any], field: Any) -> None:
    assert wrong_fields(add(api, site, "src", field)) == ["body.maps_to"]
    assert mappings_of(api, site) == []
    mapping = data(add(api, site, "src", "utm_term"), 201)
    if field is not None:
        assert wrong_fields(change(api, site, mapping["id"], maps_to=field)) == ["body.maps_to"]
    assert mappings_of(api, site) == [mapping]


@pytest.mark.rule("S-UTM-03")
def test_a_parameter_is_mapped_once_and_its_case_counts(
    api: httpx.Client, site: dict[str, Any]
) -> None:
    first = data(add(api, site, "src", "utm_source"), 201)
    for field in ("utm_source", "utm_medium"):
        refusal(add(api, site, "src", field), 409, "conflict")
    second = data(add(api, site, "SRC", "utm_medium"), 201)
    assert mappings_of(api, site) == [first, second]
    other = new_site(api)
    assert data(add(api, other, "src", "utm_term"), 201)["custom_param"] == "src"


# What a mapping does


def visits(server: RunningServer, slug: str, *queries: str) -> list[tuple[str, ...]]:
    """The UTM fields with which visits to pages with these queries are stored."""
    before = len(stored(server, slug, "hit_id"))
    for query in queries:
        hit(server, slug, f"https://shop.example/{query}")
    expected = before + len(queries)
    eventually(lambda: len(stored(server, slug, "hit_id")) >= expected)
    return stored(server, slug, *FIELDS)[before:]


@pytest.mark.rule("S-UTM-06")
def test_a_mapped_parameter_is_treated_as_the_field(
    api: httpx.Client, server: RunningServer, site: dict[str, Any]
) -> None:
    (unmapped,) = visits(server, site["id"], "?src=google")
    assert unmapped == ("",) * 5
    data(add(api, site, "src", "utm_source"), 201)
    mapped, plain = visits(server, site["id"], "?src=google", "?utm_source=google")
    assert mapped == plain == ("google", "", "", "", "")


@pytest.mark.rule("S-UTM-06")
def test_a_mapping_acts_on_the_hits_of_the_other_tracker_too(
    api: httpx.Client, server: RunningServer, site: dict[str, Any]
) -> None:
    data(add(api, site, "utm_id", "utm_campaign"), 201)
    page = {"h": "https://shop.example", "p": "/", "r": "", "sid": site["id"], "qs": "{}"}
    qs = {"qs": '{"utm_id":"spring"}'}
    headers = {"User-Agent": BROWSER}
    assert (
        httpx.get(f"{server.url}/", params=page | qs, headers=headers, verify=False).status_code
        == 200
    )
    assert eventually(lambda: stored(server, site["id"], "utm_campaign")) == [("spring",)]


@pytest.mark.rule("S-UTM-05", "S-UTM-06")
def test_every_field_can_be_filled(
    api: httpx.Client, server: RunningServer, site: dict[str, Any]
) -> None:
    for number, field in enumerate(FIELDS):
        data(add(api, site, f"p{number}", field), 201)
    query = "?" + "&".join(f"p{number}=v{number}" for number in range(5))
    assert visits(server, site["id"], query) == [("v0", "v1", "v2", "v3", "v4")]


@pytest.mark.rule("S-UTM-06")
@pytest.mark.parametrize(
    ("query", "source"),
    [
        ("?src=google&utm_source=bing", "bing"),
        ("?utm_source=&src=google", "google"),
        ("?SRC=google", ""),
        ("?later=b&src=a", "a"),
        ("?later=b", "b"),
        ("?src=&later=b", "b"),
        ("?src=caf%C3%A9+noir", "café noir"),
        ("?other=x", ""),
    ],
)
def test_which_value_counts(
    api: httpx.Client, server: RunningServer, site: dict[str, Any], query: str, source: str
) -> None:
    data(add(api, site, "src", "utm_source"), 201)
    data(add(api, site, "later", "utm_source"), 201)
    assert visits(server, site["id"], query) == [(source, "", "", "", "")]


@pytest.mark.rule("S-UTM-07", "S-UTM-08", "S-UTM-09")
@pytest.mark.parametrize(
    "sent",
    [
        {"maps_to": "utm_medium"},
        {"is_active": False},
        {"maps_to": "utm_medium", "is_active": False},
        {},
        {"maps_to": None, "is_active": None},
        {"custom_param": "other", "id": 7},
    ],
    ids=["field", "activity", "both", "nothing", "nulls", "unknown fields"],
)
def test_an_update_changes_what_it_sends(
    api: httpx.Client, site: dict[str, Any], sent: dict[str, Any]
) -> None:
    mapping = data(add(api, site, "src", "utm_source"), 201)
    other = data(add(api, site, "other_src", "utm_source"), 201)
    known = {key: sent[key] for key in ("maps_to", "is_active") if sent.get(key) is not None}
    assert data(change(api, site, mapping["id"], **sent)) == mapping | known
    assert mappings_of(api, site) == [mapping | known, other]


@pytest.mark.rule("S-UTM-08", "S-UTM-07")
def test_an_update_acts_on_the_next_hit(
    api: httpx.Client, server: RunningServer, site: dict[str, Any]
) -> None:
    number = data(add(api, site, "src", "utm_source"), 201)["id"]
    assert visits(server, site["id"], "?src=a") == [("a", "", "", "", "")]
    data(change(api, site, number, is_active=False))
    assert visits(server, site["id"], "?src=b") == [("",) * 5]
    data(change(api, site, number, is_active=True))
    assert visits(server, site["id"], "?src=c") == [("c", "", "", "", "")]
    data(change(api, site, number, maps_to="utm_medium"))
    assert visits(server, site["id"], "?src=d") == [("", "d", "", "", "")]
    data(remove(api, site, "src"))
    assert visits(server, site["id"], "?src=e") == [("",) * 5]


@pytest.mark.rule("S-UTM-08", "S-ERR-06")
@pytest.mark.parametrize("value", ["perhaps", 2, [], {}], ids=repr)
def test_activity_is_true_or_false(api: httpx.Client, site: dict[str, Any], value: Any) -> None:
    mapping = data(add(api, site, "src", "utm_source"), 201)
    answer = change(api, site, mapping["id"], maps_to="utm_term", is_active=value)
    assert wrong_fields(answer) == ["body.is_active"]
    assert mappings_of(api, site) == [mapping]


@pytest.mark.rule("S-UTM-10")
def test_a_mapping_is_removed_by_its_parameter_and_not_by_its_id(
    api: httpx.Client, site: dict[str, Any]
) -> None:
    first = data(add(api, site, "src", "utm_source"), 201)
    named_like_it = str(first["id"])
    refusal(remove(api, site, named_like_it), 404, "not_found")
    assert mappings_of(api, site) == [first]
    data(add(api, site, named_like_it, "utm_term"), 201)
    assert data(remove(api, site, named_like_it))["custom_param"] == named_like_it
    assert mappings_of(api, site) == [first]


@pytest.mark.rule("S-UTM-11")
def test_a_mapping_that_does_not_exist(api: httpx.Client, site: dict[str, Any]) -> None:
    elsewhere = data(add(api, new_site(api), "theirs", "utm_source"), 201)
    gone = data(add(api, site, "gone", "utm_source"), 201)
    data(remove(api, site, "gone"))
    for number in (0, elsewhere["id"], gone["id"], 999_999_999, 10**17):
        refusal(change(api, site, number, maps_to="utm_term"), 404, "not_found")
    for parameter in ("nothing", "theirs", "gone", "Gone"):
        refusal(remove(api, site, parameter), 404, "not_found")


@pytest.mark.rule("S-ERR-06")
@pytest.mark.parametrize(
    "number", ["src", "1.5", "-1", "1e3", "0x1", "%C2%B2", "9" * 30, "9" * 5000]
)
def test_a_mapping_id_that_is_no_number(
    api: httpx.Client, site: dict[str, Any], number: str
) -> None:
    answer = change(api, site, number, maps_to="utm_term")
    assert wrong_fields(answer) == ["path.mapping_id"]


@pytest.mark.rule("S-UTM-12", "S-ERR-03", "S-ERR-07")
@pytest.mark.parametrize("ability", ["all-sites-readonly", "read:{site}"])
def test_changing_mappings_needs_more_than(
    api: httpx.Client, connect: Connect, site: dict[str, Any], ability: str
) -> None:
    mapping = data(add(api, site, "src", "utm_source"), 201)
    reader = connect(ability.format(site=site["id"]))
    for answer in (
        add(reader, site, "other", "utm_term"),
        change(reader, site, mapping["id"], is_active=False),
        remove(reader, site, "src"),
    ):
        assert refusal(answer, 403, "forbidden")["message"] == FORBIDDEN_WRITE
    assert mappings_of(reader, site) == [mapping]


@pytest.mark.rule("S-UTM-12")
def test_managing_a_site_includes_its_mappings(connect: Connect, site: dict[str, Any]) -> None:
    manager = connect(f"manage:{site['id']}")
    number = data(add(manager, site, "src", "utm_source"), 201)["id"]
    assert data(change(manager, site, number, is_active=False))["is_active"] is False
    assert data(remove(manager, site, "src"))["removed"] is True
