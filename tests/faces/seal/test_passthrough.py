"""Referrers that only pass a visitor on, over the wire, and what they do to hits."""

from typing import Any

import httpx
import pytest

from tests.faces.seal.dialect import data, hit, moment, refusal, stored, wrong_fields
from tests.support import RunningServer, eventually

LIST = "/passthrough-referrers"
NEW = {"domain": "bank.example", "utm_source": "bank", "service_name": "The bank"}


@pytest.fixture
def of_site(site: dict[str, Any]) -> dict[str, str]:
    return {"account_id": site["id"]}


def test_a_referrer_is_listed_changed_and_removed(
    api: httpx.Client, of_site: dict[str, str]
) -> None:
    made = data(api.post(LIST, params=of_site, json=NEW), 201)
    assert made == NEW | of_site | {
        "id": made["id"],
        "utm_medium": "passthrough",
        "utm_campaign": "",
        "utm_term": "",
        "is_active": True,
        "created_at": made["created_at"],
        "updated_at": made["created_at"],
    }
    assert moment(made["created_at"])
    path = f"{LIST}/{made['id']}"
    assert data(api.get(path, params=of_site)) == made
    off = data(api.patch(path, params=of_site, json={"is_active": False, "utm_term": None}))
    assert off == made | {"is_active": False, "updated_at": off["updated_at"]}
    empty = {"referrers": [], "total": 0, "active_count": 0}
    assert data(api.get(LIST, params=of_site)) == empty
    every = data(api.get(LIST, params=of_site | {"include_inactive": "true"}))
    assert every == {"referrers": [off], "total": 1, "active_count": 0}
    assert api.delete(path, params=of_site).status_code == 204
    refusal(api.get(path, params=of_site), 404, "not_found")


def test_what_is_refused(api: httpx.Client, of_site: dict[str, str]) -> None:
    made = data(api.post(LIST, params=of_site, json=NEW), 201)
    refusal(api.post(LIST, params=of_site, json=NEW), 409, "conflict")
    wrong = {"domain": "no host", "utm_source": "x"}
    refusal(api.post(LIST, params=of_site, json=wrong), 400, "invalid_domain")
    for body, field in (
        ({"domain": "a.example"}, "utm_source"),
        ({"domain": "a.example", "utm_source": ""}, "utm_source"),
        ({"domain": "a.example", "utm_source": "a\0b"}, "utm_source"),
        ({"domain": "a.example", "utm_source": "a", "utm_medium": "x" * 101}, "utm_medium"),
    ):
        assert wrong_fields(api.post(LIST, params=of_site, json=body)) == [f"body.{field}"]
    assert data(api.get(LIST, params=of_site))["referrers"] == [made]


def test_who_comes_from_there_goes_on_and_a_visit_that_begins_there_has_its_source(
    api: httpx.Client, server: RunningServer, of_site: dict[str, str]
) -> None:
    slug = of_site["account_id"]
    columns = "source", "medium", "utm_source", "utm_campaign", "is_entry"

    def rows(wanted: int) -> list[tuple[Any, ...]]:
        eventually(lambda: len(stored(server, slug, "hit_id")) >= wanted)
        return stored(server, slug, *columns)

    data(api.post(LIST, params=of_site, json=NEW | {"utm_campaign": "paid"}), 201)
    back = "https://login.bank.example/done"
    hit(server, slug, "https://shop.example/thanks", r=back)
    hit(server, slug, "https://shop.example/?utm_source=letter&utm_medium=email", r=back)
    hit(server, slug, "https://shop.example/", r="https://other.example/")
    assert rows(3) == [
        ("bank", "passthrough", "bank", "paid", True),
        ("letter", "email", "letter", "", False),
        ("other.example", "referrer", "", "", False),
    ]
