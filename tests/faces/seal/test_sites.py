"""Listing, creating, reading, changing and deactivating sites."""

import re
from typing import Any

import httpx
import pycountry
import pytest

from tests.faces.seal.conftest import Connect
from tests.faces.seal.dialect import (
    DETAIL,
    FORBIDDEN_WRITE,
    SUMMARY,
    data,
    fresh,
    hit,
    moment,
    new_site,
    now,
    refusal,
    stored,
    total_hits,
    wrong_fields,
)
from tests.support import RunningServer, eventually

WRONG_NAMES = ["", "   ", " \t", "x" * 256, "two\nlines", "a\x00b", None, 7, ["x"], {"x": 1}]


def listed(api: httpx.Client, **query: Any) -> list[str]:
    return [site["id"] for site in data(api.get("/sites", params=query))["sites"]]


# List


@pytest.mark.rule("S-LIST-01", "S-LIST-02", "S-LIST-03")
def test_the_list_of_sites(api: httpx.Client) -> None:
    bare = new_site(api)
    full = new_site(
        api, domains=["www.acme.test", "shop.acme.test"], timezone="Europe/Madrid", currency="USD"
    )
    found = data(api.get("/sites"))
    assert found.keys() == {"sites", "total"}
    assert found["total"] == len(found["sites"]) >= 2
    assert all(row.keys() == SUMMARY for row in found["sites"])
    assert [row for row in found["sites"] if row["id"] in (bare["id"], full["id"])] == [bare, full]
    assert bare["domains"] == []
    assert full["domains"] == ["www.acme.test", "shop.acme.test"]


@pytest.mark.rule("S-LIST-04")
def test_a_list_holds_what_the_token_may_see_and_nothing_else(
    api: httpx.Client, connect: Connect, stranger: httpx.Client
) -> None:
    read, managed, other = (new_site(api)["id"] for _ in range(3))
    foreign = new_site(stranger)["id"]
    assert listed(connect(f"read:{read}", f"manage:{managed}")) == [read, managed]
    assert listed(connect(f"read:{read}")) == [read]
    for sees_all in (api, connect("all-sites-readonly")):
        assert {read, managed, other} <= set(listed(sees_all))
        assert foreign not in listed(sees_all)
    assert listed(stranger) == [foreign]
    assert data(connect(f"manage:{managed}").get("/sites"))["total"] == 1


@pytest.mark.rule("S-LIST-05")
@pytest.mark.parametrize("include", [True, False, None])
def test_inactive_sites_are_listed_on_request(
    api: httpx.Client, connect: Connect, include: bool | None
) -> None:
    active, inactive = new_site(api)["id"], new_site(api)["id"]
    data(api.delete(f"/sites/{inactive}"))
    query = {} if include is None else {"include_inactive": str(include).lower()}
    found = data(connect(f"read:{active}", f"read:{inactive}").get("/sites", params=query))
    state = {row["id"]: row["is_active"] for row in found["sites"]}
    assert state == ({active: True, inactive: False} if include else {active: True})
    assert found["total"] == len(state)


# Create


@pytest.mark.rule("S-CREATE-01", "S-CREATE-07", "S-CREATE-08", "S-CREATE-11", "S-CREATE-12")
def test_a_site_of_nothing_but_a_name(api: httpx.Client) -> None:
    name, before = fresh("Bare"), now()
    site = data(api.post("/sites", json={"name": name}), 201)
    assert site.keys() == SUMMARY
    assert before <= moment(site.pop("created_at")) <= now()
    assert site == {
        "id": name.lower().replace(" ", "-"),
        "name": name,
        "domains": [],
        "timezone": "UTC",
        "currency": "EUR",
        "is_active": True,
    }


@pytest.mark.rule("S-CREATE-01", "S-CREATE-06", "S-CREATE-07", "S-CREATE-08")
def test_a_site_of_all_fields_is_stored_as_it_is_answered(api: httpx.Client) -> None:
    fields = {
        "name": fresh(),
        "domains": ["z.example.com", "www.example.com", "example.com", "a.example.com"],
        "timezone": "America/New_York",
        "currency": "JPY",
    }
    site = data(api.post("/sites", json=fields), 201)
    assert {key: site[key] for key in fields} == fields
    assert data(api.get(f"/sites/{site['id']}")) == site | {"updated_at": None}


@pytest.mark.rule("S-CREATE-06", "S-CREATE-07", "S-CREATE-08")
def test_null_for_an_optional_field_is_its_default(api: httpx.Client) -> None:
    answer = api.post("/sites", json={"name": fresh(), "org_id": None})
    assert data(answer, 201)["is_active"] is True
    nulls = {"domains": None, "timezone": None, "currency": None}
    site = data(api.post("/sites", json={"name": fresh()} | nulls), 201)
    assert (site["domains"], site["timezone"], site["currency"]) == ([], "UTC", "EUR")


@pytest.mark.rule("S-CREATE-02")
def test_a_site_belongs_to_the_organisation_of_its_token(
    api: httpx.Client, stranger: httpx.Client, server: RunningServer
) -> None:
    mine, theirs = new_site(api), new_site(stranger)
    for caller, own, other in ((api, mine, theirs), (stranger, theirs, mine)):
        assert own["id"] in listed(caller)
        assert other["id"] not in listed(caller, include_inactive="true")
        refusal(caller.get(f"/sites/{other['id']}"), 404, "not_found")
        refusal(caller.patch(f"/sites/{other['id']}", json={"name": "x"}), 404, "not_found")
    uuid = server.leadline.organisations.first().uuid
    assert new_site(api, org_id=uuid)["id"] in listed(api)
    before = listed(stranger)
    refusal(stranger.post("/sites", json={"name": fresh(), "org_id": uuid}), 403, "forbidden")
    assert listed(stranger) == before


@pytest.mark.rule("S-CREATE-03", "S-ERR-03", "S-ERR-07")
@pytest.mark.parametrize("ability", ["all-sites-readonly", "read:{site}", "manage:{site}"])
def test_creating_needs_more_than(
    api: httpx.Client, connect: Connect, site: dict[str, Any], ability: str
) -> None:
    name = fresh()
    answer = connect(ability.format(site=site["id"])).post("/sites", json={"name": name})
    assert refusal(answer, 403, "forbidden")["message"] == FORBIDDEN_WRITE
    assert name not in [row["name"] for row in data(api.get("/sites"))["sites"]]


@pytest.mark.rule("S-CREATE-04")
def test_a_site_needs_a_name(api: httpx.Client) -> None:
    before = listed(api)
    assert wrong_fields(api.post("/sites", json={"timezone": "UTC"})) == ["body.name"]
    assert listed(api) == before


@pytest.mark.rule("S-CREATE-05")
@pytest.mark.parametrize("name", ["x", "x" * 255, "é" * 255, "日" * 255, " a ", "<b>&amp;\"'"])
def test_names_that_are_accepted(api: httpx.Client, name: str) -> None:
    assert new_site(api, name=name)["name"] == name


@pytest.mark.rule("S-CREATE-05", "S-ERR-06")
@pytest.mark.parametrize("name", WRONG_NAMES, ids=repr)
def test_names_that_are_refused(api: httpx.Client, name: Any) -> None:
    before = listed(api)
    assert wrong_fields(api.post("/sites", json={"name": name})) == ["body.name"]
    assert listed(api) == before


@pytest.mark.rule("S-CREATE-06")
@pytest.mark.parametrize("domains", ["example.com", {"0": "example.com"}, [7], [["a.com"]], True])
def test_domains_are_an_array_of_strings(api: httpx.Client, domains: Any) -> None:
    (field,) = wrong_fields(api.post("/sites", json={"name": fresh(), "domains": domains}))
    assert re.fullmatch(r"body\.domains(\.0)?", field)


@pytest.mark.rule("S-CREATE-06")
def test_up_to_fifty_domains_at_creation(api: httpx.Client) -> None:
    domains = [f"d{number}.example.com" for number in range(51)]
    assert new_site(api, domains=domains[:50])["domains"] == domains[:50]
    answer = api.post("/sites", json={"name": fresh(), "domains": domains})
    assert wrong_fields(answer) == ["body.domains"]


@pytest.mark.rule("S-CREATE-08", "S-CREATE-09", "S-UPDATE-02")
def test_the_currencies_are_those_of_iso_4217(api: httpx.Client, site: dict[str, Any]) -> None:
    for currency in pycountry.currencies:
        changed = data(api.patch(f"/sites/{site['id']}", json={"currency": currency.alpha_3}))
        assert changed["currency"] == currency.alpha_3
    assert new_site(api, currency="CHF")["currency"] == "CHF"


@pytest.mark.rule("S-CREATE-09")
@pytest.mark.parametrize(
    "currency", ["", "EU", "EURO", "eur", "Eur", "ZZZ", "DEM", "HRK", "BGN", "€", "E R", 978, []]
)
def test_a_currency_that_is_none(
    api: httpx.Client, site: dict[str, Any], currency: str | int | list[str]
) -> None:
    body = {"name": fresh(), "currency": currency}
    assert wrong_fields(api.post("/sites", json=body)) == ["body.currency"]
    assert wrong_fields(api.patch(f"/sites/{site['id']}", json=body)) == ["body.currency"]
    assert data(api.get(f"/sites/{site['id']}"))["currency"] == "EUR"


@pytest.mark.rule("S-CREATE-10")
def test_an_id_is_a_slug_of_the_name(api: httpx.Client) -> None:
    mark = fresh("")[1:]
    slugs = {
        f"My New Site {mark}": f"my-new-site-{mark}",
        f"  Ünïcode & Co. {mark}": f"unicode-co-{mark}",
        f"ACME_{mark}!!": f"acme-{mark}",
        f"{mark} " + "x" * 240: f"{mark}-" + "x" * 51,
    }
    for name, slug in slugs.items():
        site = data(api.post("/sites", json={"name": name, "id": "chosen-id"}), 201)
        assert site["id"] == slug
    refusal(api.get("/sites/chosen-id"), 404, "not_found")


@pytest.mark.rule("S-CREATE-10")
def test_sites_of_one_name_get_different_ids(api: httpx.Client) -> None:
    name = fresh("Twin")
    slug = name.lower().replace(" ", "-")
    assert [new_site(api, name=name)["id"] for _ in range(3)] == [slug, f"{slug}-2", f"{slug}-3"]


@pytest.mark.rule("S-CREATE-10")
@pytest.mark.parametrize(
    ("name", "pattern"),
    [
        ("config", r"config-\d+"),
        ("Sites", r"sites-\d+"),
        ("!!!", r"site-[a-z0-9]{8}(-\d+)?"),
        ("Q", r"q-site(-\d+)?"),
    ],
)
def test_ids_of_names_that_suit_no_address(api: httpx.Client, name: str, pattern: str) -> None:
    slug = new_site(api, name=name)["id"]
    assert re.fullmatch(pattern, slug)
    assert data(api.get(f"/sites/{slug}"))["name"] == name


# Get


@pytest.mark.rule("S-GET-01", "S-GET-02", "S-GET-03")
def test_a_site_by_its_id(api: httpx.Client) -> None:
    site = new_site(api, domains=["example.com"], timezone="Asia/Tokyo")
    found = data(api.get(f"/sites/{site['id']}"))
    assert found.keys() == DETAIL
    assert found == site | {"updated_at": None}


@pytest.mark.rule("S-GET-02")
@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PATCH", "", {"name": "Changed"}),
        ("POST", "/domains", {"domain": "example.com"}),
        ("POST", "/utm-mappings", {"custom_param": "src", "maps_to": "utm_source"}),
        ("DELETE", "", None),
    ],
)
def test_updated_at_is_the_time_of_the_change(
    api: httpx.Client, site: dict[str, Any], method: str, path: str, body: Any
) -> None:
    before = now()
    assert api.request(method, f"/sites/{site['id']}{path}", json=body).is_success
    assert before <= moment(data(api.get(f"/sites/{site['id']}"))["updated_at"]) <= now()


@pytest.mark.rule("S-GET-02")
def test_updated_at_follows_the_last_change(api: httpx.Client, site: dict[str, Any]) -> None:
    def change() -> str:
        updated_at: str = data(api.patch(f"/sites/{site['id']}", json={"name": fresh()}))[
            "updated_at"
        ]
        return updated_at

    first = change()
    assert eventually(lambda: moment(change()) > moment(first))


@pytest.mark.rule("S-GET-03")
def test_a_site_is_also_known_by_its_code_and_in_any_case(
    api: httpx.Client, server: RunningServer, site: dict[str, Any]
) -> None:
    organisation = server.leadline.organisations.first()
    code = server.leadline.sites.get(organisation.id, site["id"]).code
    for name in (code, code.lower(), site["id"].upper()):
        assert data(api.get(f"/sites/{name}"))["id"] == site["id"]


# Update


@pytest.mark.rule("S-UPDATE-01", "S-UPDATE-02", "S-UPDATE-04")
@pytest.mark.parametrize(
    "change",
    [
        {"name": "ACME Corp (Updated)", "timezone": "America/New_York", "currency": "USD"},
        {"name": "ACME Corp (Updated)"},
        {"timezone": "Asia/Calcutta"},
        {"currency": "CHF"},
        {"is_active": False},
    ],
    ids="+".join,
)
def test_an_update_changes_what_it_sends(api: httpx.Client, change: dict[str, Any]) -> None:
    site = new_site(api, domains=["example.com"], timezone="Europe/Madrid", currency="GBP")
    changed = data(api.patch(f"/sites/{site['id']}", json=change))
    assert changed.keys() == DETAIL
    assert moment(changed["updated_at"]) >= moment(site["created_at"])
    assert changed == site | change | {"updated_at": changed["updated_at"]}
    assert data(api.get(f"/sites/{site['id']}")) == changed


@pytest.mark.rule("S-UPDATE-03", "S-UPDATE-04")
@pytest.mark.parametrize(
    "body",
    [
        {},
        {"name": None, "timezone": None, "currency": None, "is_active": None},
        {"id": "another", "domains": ["x.com"], "created_at": "2020-01-01T00:00:00Z", "unknown": 1},
    ],
    ids=["empty", "nulls", "unknown fields"],
)
def test_an_update_without_a_change(
    api: httpx.Client, site: dict[str, Any], body: dict[str, Any]
) -> None:
    assert data(api.patch(f"/sites/{site['id']}", json=body)) == site | {"updated_at": None}
    assert data(api.get(f"/sites/{site['id']}")) == site | {"updated_at": None}


@pytest.mark.rule("S-UPDATE-04")
def test_null_beside_a_value_changes_the_value_only(
    api: httpx.Client, site: dict[str, Any]
) -> None:
    changed = data(api.patch(f"/sites/{site['id']}", json={"name": None, "currency": "SEK"}))
    assert changed == site | {"currency": "SEK", "updated_at": changed["updated_at"]}


@pytest.mark.rule("S-UPDATE-02", "S-ERR-06")
@pytest.mark.parametrize("name", [name for name in WRONG_NAMES if name is not None], ids=repr)
def test_an_update_to_a_wrong_name(api: httpx.Client, site: dict[str, Any], name: Any) -> None:
    answer = api.patch(f"/sites/{site['id']}", json={"currency": "USD", "name": name})
    assert wrong_fields(answer) == ["body.name"]
    assert data(api.get(f"/sites/{site['id']}")) == site | {"updated_at": None}


@pytest.mark.rule("S-UPDATE-02")
def test_an_update_is_done_as_a_whole_or_not_at_all(
    api: httpx.Client, site: dict[str, Any]
) -> None:
    for wrong in ({"currency": "ZZZ"}, {"timezone": "Mars/Olympus"}, {"is_active": "perhaps"}):
        answer = api.patch(f"/sites/{site['id']}", json={"name": "Halfway"} | wrong)
        assert answer.status_code in (400, 422)
        assert data(api.get(f"/sites/{site['id']}")) == site | {"updated_at": None}


@pytest.mark.rule("S-UPDATE-05")
def test_a_renamed_site_keeps_its_id(api: httpx.Client, site: dict[str, Any]) -> None:
    name = fresh("Renamed")
    assert data(api.patch(f"/sites/{site['id']}", json={"name": name}))["id"] == site["id"]
    assert data(api.get(f"/sites/{site['id']}"))["name"] == name
    refusal(api.get(f"/sites/{name.lower().replace(' ', '-')}"), 404, "not_found")


@pytest.mark.rule("S-UPDATE-06", "S-DELETE-02", "S-DELETE-03")
@pytest.mark.parametrize("by_delete", [True, False])
def test_a_deactivated_site_comes_back_with_all_it_had(
    api: httpx.Client, server: RunningServer, by_delete: bool
) -> None:
    slug = new_site(api, domains=["example.com"])["id"]
    address = f"/sites/{slug}"
    data(
        api.post(f"{address}/utm-mappings", json={"custom_param": "s", "maps_to": "utm_term"}), 201
    )
    kept = {path: data(api.get(f"{address}/{path}")) for path in ("domains", "utm-mappings")}
    hit(server, slug, "https://example.com/before")
    eventually(lambda: total_hits(api, slug) == 1)

    if by_delete:
        data(api.delete(address))
    else:
        assert data(api.patch(address, json={"is_active": False}))["is_active"] is False
    assert data(api.get(address))["is_active"] is False
    assert slug not in listed(api)
    hit(server, slug, "https://example.com/while-away")
    assert {path: data(api.get(f"{address}/{path}")) for path in kept} == kept
    assert total_hits(api, slug) == 1

    assert data(api.patch(address, json={"is_active": True}))["is_active"] is True
    assert slug in listed(api)
    assert {path: data(api.get(f"{address}/{path}")) for path in kept} == kept
    hit(server, slug, "https://example.com/after")
    eventually(lambda: total_hits(api, slug) > 1)
    assert stored(server, slug, "path") == [("/before",), ("/after",)]


# Delete


@pytest.mark.rule("S-DELETE-01", "S-DELETE-02")
def test_deleting_deactivates(api: httpx.Client, site: dict[str, Any]) -> None:
    for _ in range(2):
        answer = data(api.delete(f"/sites/{site['id']}"))
        assert answer == {"deleted": True, "site_id": site["id"]}
    found = data(api.get(f"/sites/{site['id']}"))
    assert found == site | {"is_active": False, "updated_at": found["updated_at"]}


@pytest.mark.rule("S-DELETE-01")
def test_the_answer_to_deleting_names_the_slug(
    api: httpx.Client, server: RunningServer, site: dict[str, Any]
) -> None:
    organisation = server.leadline.organisations.first()
    code = server.leadline.sites.get(organisation.id, site["id"]).code
    assert data(api.delete(f"/sites/{code}"))["site_id"] == site["id"]


@pytest.mark.rule("S-DELETE-04", "S-ERR-03", "S-ERR-07")
@pytest.mark.parametrize("ability", ["all-sites-readonly", "read:{site}", "manage:{site}"])
def test_deleting_needs_more_than(
    api: httpx.Client, connect: Connect, site: dict[str, Any], ability: str
) -> None:
    answer = connect(ability.format(site=site["id"])).delete(f"/sites/{site['id']}")
    assert refusal(answer, 403, "forbidden")["message"] == FORBIDDEN_WRITE
    assert data(api.get(f"/sites/{site['id']}")) == site | {"updated_at": None}
