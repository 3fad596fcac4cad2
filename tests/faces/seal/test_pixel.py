"""The snippet of a site, and what the server knows of the hits that it brings."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser

from leadline.settings import Settings
from leadline.sites import SiteId
from leadline.spool import Hit, Kind, Source
from leadline.storage import Storage, sole_use
from tests.browser_support import PageServer
from tests.faces.seal.dialect import calls, data, hit, moment, new_site, now, stored, total_hits
from tests.support import BROWSER, RunningServer, eventually, running_server


def status(api: httpx.Client, slug: str) -> dict[str, Any]:
    found: dict[str, Any] = data(api.get(f"/sites/{slug}/pixel/status"))
    return found


# The code


@pytest.mark.rule("S-PIXEL-01", "S-PIXEL-02", "S-PIXEL-03")
def test_the_code_of_a_site(api: httpx.Client, server: RunningServer, site: dict[str, Any]) -> None:
    slug = site["id"]
    pixel = data(api.get(f"/sites/{slug}/pixel"))
    instructions = pixel.pop("instructions")
    assert isinstance(instructions, str)
    assert pixel == {
        "site_id": slug,
        "account_id": slug,
        "tracker_url": f"{server.url}/t.js?id={slug}",
        "script_tag": f'<script src="{server.url}/t.js?id={slug}" defer></script>',
    }


@pytest.mark.rule("S-PIXEL-04")
def test_the_instructions_are_a_sentence_about_the_head(
    api: httpx.Client, site: dict[str, Any]
) -> None:
    instructions = data(api.get(f"/sites/{site['id']}/pixel"))["instructions"]
    assert "<head>" in instructions
    assert "script tag" in instructions
    assert instructions[0].isupper()
    assert instructions.endswith(".")


@pytest.mark.rule("S-PIXEL-02", "S-PIXEL-03")
def test_the_code_names_the_slug_however_the_site_was_named(
    api: httpx.Client, server: RunningServer, site: dict[str, Any]
) -> None:
    organisation = server.leadline.organisations.first()
    code = server.leadline.sites.get(organisation.id, site["id"]).code
    assert data(api.get(f"/sites/{code}/pixel")) == data(api.get(f"/sites/{site['id']}/pixel"))


@pytest.mark.rule("S-PIXEL-02")
def test_the_address_is_the_one_the_client_used(api: httpx.Client, site: dict[str, Any]) -> None:
    forwarded = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "stats.example.com"}
    pixel = data(api.get(f"/sites/{site['id']}/pixel", headers=forwarded))
    assert pixel["tracker_url"] == f"https://stats.example.com/t.js?id={site['id']}"


@pytest.mark.rule("S-PIXEL-02", "S-PIXEL-03")
def test_the_address_can_be_set(tmp_path: Path) -> None:
    with (
        running_server(tmp_path, public_url="https://stats.example.com/") as server,
        calls(server, server.token("*")) as api,
    ):
        slug = new_site(api)["id"]
        pixel = data(api.get(f"/sites/{slug}/pixel", headers={"X-Forwarded-Host": "other.org"}))
    address = f"https://stats.example.com/t.js?id={slug}"
    assert pixel["tracker_url"] == address
    assert pixel["script_tag"] == f'<script src="{address}" defer></script>'


@pytest.mark.rule("S-PIXEL-05")
def test_a_page_with_the_tag_is_counted(
    api: httpx.Client,
    server: RunningServer,
    browser: Browser,
    page_server: PageServer,
) -> None:
    site, other = new_site(api, domains=["shop.test"])["id"], new_site(api)["id"]
    tag = data(api.get(f"/sites/{site}/pixel"))["script_tag"]
    page_server.put("/counted", f"<!doctype html><head>{tag}</head><h1>Shop</h1>")
    with browser.new_context(user_agent=BROWSER) as context:
        context.new_page().goto(page_server.at("www.shop.test", "/counted?utm_source=mail"))
        eventually(lambda: total_hits(api, site) == 1)
    found = stored(server, site, "kind", "origin", "path", "utm_source")
    assert found == [("pageview", "http://www.shop.test", "/counted", "mail")]
    assert status(api, other)["installed"] is False


@pytest.mark.rule("S-PIXEL-05")
def test_the_script_is_served(api: httpx.Client, site: dict[str, Any]) -> None:
    address = data(api.get(f"/sites/{site['id']}/pixel"))["tracker_url"]
    answer = httpx.get(address, verify=False)
    assert answer.status_code == 200
    assert "javascript" in answer.headers["content-type"]
    assert site["id"] in answer.text


# The status


@pytest.mark.rule("S-STATUS-01", "S-STATUS-03")
def test_before_the_first_hit(
    api: httpx.Client, server: RunningServer, site: dict[str, Any]
) -> None:
    hit(server, new_site(api)["id"], "https://example.com/elsewhere")
    assert status(api, site["id"]) == {
        "site_id": site["id"],
        "account_id": site["id"],
        "installed": False,
        "first_hit_at": None,
        "last_hit_at": None,
        "total_hits": 0,
    }


@pytest.mark.rule("S-STATUS-01", "S-STATUS-02", "S-STATUS-04", "S-STATUS-05")
def test_the_first_hit_is_seen_at_once(
    api: httpx.Client, server: RunningServer, site: dict[str, Any]
) -> None:
    before = now()
    hit(server, site["id"], "https://example.com/")
    after = now()
    found = eventually(lambda: (s := status(api, site["id"]))["installed"] and s)
    assert isinstance(found, dict)
    assert found.keys() == {
        "site_id",
        "account_id",
        "installed",
        "first_hit_at",
        "last_hit_at",
        "total_hits",
    }
    assert found["total_hits"] == 1
    assert found["first_hit_at"] == found["last_hit_at"]
    assert before <= moment(found["first_hit_at"]) <= after


@pytest.mark.rule("S-STATUS-02", "S-STATUS-04", "S-STATUS-06")
@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"e": "purchase", "v": 12.5, "x": {"plan": "pro"}},
        {"e": "signup", "m": 1},
    ],
    ids=["pageview", "conversion", "microconversion"],
)
def test_every_kind_of_hit_counts(
    api: httpx.Client, server: RunningServer, site: dict[str, Any], payload: dict[str, Any]
) -> None:
    hit(server, site["id"], "https://example.com/", **payload)
    eventually(lambda: total_hits(api, site["id"]) == 1)
    assert status(api, site["id"])["installed"] is True


@pytest.mark.rule("S-STATUS-02", "S-STATUS-06")
def test_a_hit_of_the_other_tracker_counts(
    api: httpx.Client, server: RunningServer, site: dict[str, Any]
) -> None:
    query = {"h": "https://example.com", "p": "/a", "r": "", "sid": site["id"], "qs": "{}"}
    answer = httpx.get(
        f"{server.url}/", params=query, headers={"User-Agent": BROWSER}, verify=False
    )
    assert answer.status_code == 200
    eventually(lambda: total_hits(api, site["id"]) == 1)


@pytest.mark.rule("S-STATUS-02", "S-STATUS-06")
def test_a_refused_hit_is_none(api: httpx.Client, server: RunningServer) -> None:
    slug = new_site(api, domains=["example.com"])["id"]
    witness = new_site(api)["id"]
    hit(server, slug, "https://example.org/")
    hit(server, witness, "https://example.org/")
    eventually(lambda: total_hits(api, witness) == 1)
    found = status(api, slug)
    assert (found["installed"], found["total_hits"]) == (False, 0)


@pytest.mark.rule("S-STATUS-05")
def test_the_last_hit_moves_and_the_first_stays(
    api: httpx.Client, server: RunningServer, site: dict[str, Any]
) -> None:
    def send() -> dict[str, Any]:
        expected = total_hits(api, site["id"]) + 1
        hit(server, site["id"], "https://example.com/")
        eventually(lambda: total_hits(api, site["id"]) == expected)
        return status(api, site["id"])

    first = send()["first_hit_at"]

    def moved() -> dict[str, Any] | None:
        found = send()
        return found if moment(found["last_hit_at"]) > moment(first) else None

    before = now()
    found = eventually(moved)
    assert found is not None
    assert found["first_hit_at"] == first
    assert before <= moment(found["last_hit_at"]) <= now()


@pytest.mark.rule("S-STATUS-04", "S-STATUS-05", "S-STATUS-06")
def test_the_total_is_of_fourteen_days(tmp_path: Path) -> None:
    with running_server(tmp_path) as server, calls(server, server.token("*")) as api:
        recent, old = new_site(api)["id"], new_site(api)["id"]
        organisation = server.leadline.organisations.first().id
        recent_id = server.leadline.sites.get(organisation, recent).id
        old_id = server.leadline.sites.get(organisation, old).id
    present = datetime.now(UTC)
    margin = timedelta(minutes=10)
    days = timedelta(days=1)
    received = [(old_id, present - 300 * days), (old_id, present - 14 * days - margin)]
    received += [(recent_id, present - 20 * days), (recent_id, present - 14 * days - margin)]
    received += [(recent_id, present - 14 * days + margin), (recent_id, present - 1 * days)]
    collect_earlier(tmp_path, received)
    with running_server(tmp_path) as server, calls(server, server.token("*")) as api:
        found, found_old = status(api, recent), status(api, old)
        hit(server, recent, "https://example.com/")
        eventually(lambda: total_hits(api, recent) == 3)
    assert (found["installed"], found["total_hits"]) == (True, 2)
    assert moment(found["first_hit_at"]) == (present - 20 * days).replace(microsecond=0)
    assert moment(found["last_hit_at"]) == (present - 1 * days).replace(microsecond=0)
    assert (found_old["installed"], found_old["total_hits"]) == (True, 0)
    assert moment(found_old["first_hit_at"]) == (present - 300 * days).replace(microsecond=0)
    assert moment(found_old["last_hit_at"]) == (present - 14 * days - margin).replace(microsecond=0)


def collect_earlier(data_directory: Path, received: list[tuple[SiteId, datetime]]) -> None:
    """Put hits of the past into the store of a server that is not running."""
    settings = Settings(data=data_directory)
    with sole_use(settings):
        storage = Storage(settings)
        storage.spool.start()
        for visitor, (site, received_at) in enumerate(received):
            storage.spool.append_unwaited(
                Hit(
                    site=site,
                    received_at=received_at,
                    day=received_at.date(),
                    visitor=visitor,
                    previous=None,
                    kind=Kind.PAGEVIEW,
                    origin="https://example.com",
                    path="/",
                    source=Source(),
                )
            )
        storage.spool.close()
        storage.loader.drain()
        storage.warehouse.close()


# The rejections


def test_hits_that_were_not_counted_are_explained(server: RunningServer, api: httpx.Client) -> None:
    slug = new_site(api, domains=["shop.example"])["id"]
    pages = ["https://shop.example/", "https://a.test/", "https://a.test/x", "https://b.test/", ""]
    for page in pages:
        hit(server, slug, page)
    address = f"/sites/{slug}/pixel/rejections"
    eventually(lambda: data(api.get(address))["rejected"] == 4)
    assert data(api.get(address)) == {
        "account_id": slug,
        "window_minutes": 60,
        "available": True,
        "accepted": 1,
        "rejected": 4,
        "reasons": [
            {
                "reason": "invalid_domain",
                "count": 4,
                "origins": [
                    {"origin": "a.test", "count": 2},
                    {"origin": "", "count": 1},
                    {"origin": "b.test", "count": 1},
                ],
            }
        ],
    }
    api.patch(f"/sites/{slug}", json={"is_active": False}).raise_for_status()
    hit(server, slug, pages[0])
    query = {"minutes": 1440}
    eventually(lambda: data(api.get(address, params=query))["rejected"] == 5)
    found = data(api.get(address, params=query))
    assert found["window_minutes"] == 1440
    assert [reason["reason"] for reason in found["reasons"]] == [
        "invalid_domain",
        "invalid_account",
    ]


@pytest.mark.parametrize("minutes", ["0", "1441", "-1", "x", "1.5", ""])
def test_a_window_that_is_none(api: httpx.Client, site: dict[str, Any], minutes: str) -> None:
    answer = api.get(f"/sites/{site['id']}/pixel/rejections", params={"minutes": minutes})
    assert answer.status_code == 422
    (problem,) = answer.json()["error"]["detail"]
    assert problem["field"] == "query.minutes"
