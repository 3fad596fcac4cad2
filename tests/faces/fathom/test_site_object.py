"""What a site looks like, wherever the dialect prints one."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

import httpx
import msgspec
import pytest

from leadline.sites import NewSite, Sharing, parse_site_list
from tests.faces.fathom.wire import SITE_KEYS, Account, counted, row_of, send_hit, site_of
from tests.support import RunningServer, running_server

SITES = [
    {
        "id": "CDBUGS",
        "object": "site",
        "name": "Bugs Bunny Portfolio",
        "sharing": "none",
        "created_at": "2020-07-27 12:01:01",
        "timezone": "America/New_York",
    },
    {
        "id": "GCDFS",
        "object": "site",
        "name": "Acme Inc",
        "sharing": "public",
        "created_at": "2021-08-10 00:45:43",
        "timezone": "America/New_York",
    },
]
PRINTED = {"object": "list", "url": "/v1/sites", "has_more": False, "data": SITES}


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """A server whose sites come from a saved list."""
    with running_server(tmp_path_factory.mktemp("imported")) as running:
        saved = parse_site_list({"printed": msgspec.json.encode(PRINTED)}, "EUR")
        organisation = running.leadline.organisations.first()
        running.leadline.sites.create_all(organisation.id, saved.sites)
        yield running


@pytest.mark.rule("F-OBJECT-03", "F-OBJECT-05", "F-OBJECT-06", "F-OBJECT-07")
def test_an_imported_list_is_printed_as_it_was_saved(imported: RunningServer) -> None:
    with imported.client("*") as client:
        assert client.get("/v1/sites").json() == PRINTED
        for site in SITES:
            assert client.get(f"/v1/sites/{site['id']}").json() == site


@pytest.mark.rule("F-OBJECT-02", "F-OBJECT-03")
def test_an_old_snippet_counts_on_the_imported_site(imported: RunningServer) -> None:
    send_hit(imported, "CDBUGS")
    send_hit(imported, "GCDFS")
    send_hit(imported, "GCDFS")
    counted(imported, site_of(imported, "CDBUGS"), 1)
    counted(imported, site_of(imported, "GCDFS"), 2)


@pytest.mark.rule("F-OBJECT-01", "F-OBJECT-04")
def test_every_answer_about_a_site_has_the_same_six_keys(
    server: RunningServer, owner: httpx.Client
) -> None:
    everything = {
        "name": "All fields",
        "sharing": "private",
        "share_password": "carrots and more",
        "timezone": "Europe/Paris",
        "multi_domain": True,
        "multi_domain_option": "separate",
    }
    made = owner.post("/v1/sites", json=everything)
    code = made.json()["id"]
    read = owner.get(f"/v1/sites/{code}")
    changed = owner.post(f"/v1/sites/{code}", json={"share_password": "carrots and less"})
    for answer in (made, read, changed):
        assert answer.status_code == 200
        assert list(answer.json()) == SITE_KEYS
        assert answer.json()["object"] == "site"
        assert "carrots" not in answer.text
        assert "separate" not in answer.text
        assert "argon2" not in answer.text
    assert row_of(server, code)["multi_domain"] == "separate"


@pytest.mark.rule("F-OBJECT-02")
def test_the_id_is_the_code_in_the_snippet(server: RunningServer, owner: httpx.Client) -> None:
    ids = {owner.post("/v1/sites", json={"name": "Same name"}).json()["id"] for _ in range(5)}
    assert len(ids) == 5
    for code in ids:
        assert re.fullmatch(r"[A-Z]{8}", code)
    code = ids.pop()
    send_hit(server, code)
    counted(server, site_of(server, code), 1)


@pytest.mark.rule("F-OBJECT-05")
@pytest.mark.parametrize("sharing", list(Sharing))
def test_sharing_is_one_of_three(server: RunningServer, sharing: Sharing) -> None:
    site = server.site(sharing=sharing, share_password="secret")
    with server.client(f"read:{site.code}") as client:
        printed = client.get(f"/v1/sites/{site.code}").json()["sharing"]
    assert printed == sharing.value
    assert printed in {"none", "private", "public"}


@pytest.mark.rule("F-OBJECT-06")
def test_the_time_of_creation_is_in_utc(server: RunningServer, owner: httpx.Client) -> None:
    before = datetime.now(UTC).replace(microsecond=0)
    made = owner.post("/v1/sites", json={"name": "Now", "timezone": "Asia/Tokyo"}).json()
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", made["created_at"])
    moment = datetime.strptime(f"{made['created_at']}+0000", "%Y-%m-%d %H:%M:%S%z")
    assert before <= moment <= datetime.now(UTC)

    elsewhere = datetime(2024, 3, 10, 1, 30, 59, 999999, timezone(timedelta(hours=2)))
    account = Account(server)
    site = NewSite(name="Then", timezone="Asia/Tokyo", currency="EUR", created_at=elsewhere)
    server.leadline.sites.create(account.id, site)
    with account.client() as client:
        assert client.get("/v1/sites").json()["data"][0]["created_at"] == "2024-03-09 23:30:59"


@pytest.mark.rule("F-OBJECT-07")
@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Kolkata", "UTC", "Etc/GMT+12"])
def test_the_zone_is_printed_by_its_name(owner: httpx.Client, zone: str) -> None:
    made = owner.post("/v1/sites", json={"name": "Zone", "timezone": zone}).json()
    assert made["timezone"] == zone
    assert owner.get(f"/v1/sites/{made['id']}").json()["timezone"] == zone
