"""Addresses that do not count, over the wire: the same rules as on the site's page."""

from typing import Any

import httpx
import pytest

from leadline.sites import BLOCK_RULES_OF_A_KIND
from tests.faces.seal.dialect import data, hit, moment, new_site, refusal, site_of, wrong_fields
from tests.support import RunningServer, eventually

LIST = "/blocklist-ips"


@pytest.fixture
def of_site(site: dict[str, Any]) -> dict[str, str]:
    return {"account_id": site["id"]}


def test_an_address_is_listed_changed_and_removed(
    api: httpx.Client, of_site: dict[str, str]
) -> None:
    body = {"ip_or_cidr": "198.51.100.7/24", "reason": "office"}
    made = data(api.post(LIST, params=of_site, json=body), 201)
    assert made == of_site | {
        "id": made["id"],
        "ip_or_cidr": "198.51.100.0/24",
        "reason": "office",
        "is_active": True,
        "created_at": made["created_at"],
    }
    assert moment(made["created_at"])
    entry = f"{LIST}/{made['id']}"
    assert data(api.get(entry, params=of_site)) == made
    off = data(api.patch(entry, params=of_site, json={"is_active": False, "reason": None}))
    assert off == made | {"is_active": False}
    assert data(api.get(LIST, params=of_site)) == {"entries": [], "total": 0, "active_count": 0}
    every = data(api.get(LIST, params=of_site | {"include_inactive": "true"}))
    assert every == {"entries": [off], "total": 1, "active_count": 0}
    assert api.delete(entry, params=of_site).status_code == 204
    refusal(api.get(entry, params=of_site), 404, "not_found")


def test_hits_from_there_do_not_count(
    api: httpx.Client, server: RunningServer, of_site: dict[str, str]
) -> None:
    data(api.post(LIST, params=of_site, json={"ip_or_cidr": "127.0.0.1"}), 201)
    hit(server, of_site["account_id"], "https://shop.example/")
    path = f"/sites/{of_site['account_id']}/pixel/rejections"
    reasons = eventually(lambda: data(api.get(path))["reasons"])
    assert [each["reason"] for each in reasons] == ["blocklist_ip"]


def test_what_is_refused(api: httpx.Client, of_site: dict[str, str]) -> None:
    first = data(api.post(LIST, params=of_site, json={"ip_or_cidr": "192.0.2.1"}), 201)
    second = data(api.post(LIST, params=of_site, json={"ip_or_cidr": "192.0.2.2"}), 201)
    again = {"ip_or_cidr": "192.0.2.1/32"}
    refusal(api.post(LIST, params=of_site, json=again), 409, "conflict")
    refusal(api.patch(f"{LIST}/{second['id']}", params=of_site, json=again), 409, "conflict")
    for body, field in (
        ({"ip_or_cidr": "here"}, "ip_or_cidr"),
        ({"ip_or_cidr": ""}, "ip_or_cidr"),
        ({"ip_or_cidr": "192.0.2.9", "reason": "x" * 256}, "reason"),
        ({"ip_or_cidr": "192.0.2.9", "reason": "a\0b"}, "reason"),
    ):
        assert wrong_fields(api.post(LIST, params=of_site, json=body)) == [f"body.{field}"]
    assert data(api.get(LIST, params=of_site))["entries"] == [first, second]
    assert wrong_fields(api.get(f"{LIST}/x", params=of_site)) == ["path.entry_id"]


def test_rules_of_another_kind_and_of_another_site_are_none(
    api: httpx.Client, server: RunningServer, of_site: dict[str, str]
) -> None:
    site = site_of(server, of_site["account_id"])
    country = server.leadline.block_rules.add(site, "country", "DE")
    other = site_of(server, new_site(api)["id"])
    theirs = server.leadline.block_rules.add(other, "address", "192.0.2.1")
    for number in (country.id, theirs.id, 10**17):
        entry = f"{LIST}/{number}"
        refusal(api.get(entry, params=of_site), 404, "not_found")
        refusal(api.patch(entry, params=of_site, json={}), 404, "not_found")
        refusal(api.delete(entry, params=of_site), 404, "not_found")
    assert data(api.get(LIST, params=of_site))["entries"] == []
    assert len(server.leadline.block_rules.list(site)) == 1


def test_a_site_has_so_many(
    api: httpx.Client, server: RunningServer, of_site: dict[str, str]
) -> None:
    site = site_of(server, of_site["account_id"])
    for number in range(BLOCK_RULES_OF_A_KIND):
        server.leadline.block_rules.add(site, "address", f"192.0.2.{number}")
    answer = api.post(LIST, params=of_site, json={"ip_or_cidr": "192.0.3.1"})
    refusal(answer, 422, "max_entries_reached")
