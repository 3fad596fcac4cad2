"""The list of time zones, and which of them a site can have."""

from importlib import resources
from typing import Any
from zoneinfo import available_timezones

import httpx
import pytest

from tests.faces.seal.conftest import Connect
from tests.faces.seal.dialect import data, fresh, new_site, refusal

pytestmark = pytest.mark.one_database

COUNTRIES = {
    "Europe/Madrid": ("ES", "Spain"),
    "America/New_York": ("US", "United States"),
    "Asia/Kolkata": ("IN", "India"),
    "Asia/Calcutta": ("IN", "India"),
    "Europe/Kyiv": ("UA", "Ukraine"),
    "Europe/Kiev": ("UA", "Ukraine"),
    "America/Argentina/Buenos_Aires": ("AR", "Argentina"),
    "America/Buenos_Aires": ("AR", "Argentina"),
    "Asia/Saigon": ("VN", "Vietnam"),
    "Atlantic/Reykjavik": ("IS", "Iceland"),
    "Europe/Busingen": ("DE", "Germany"),
    "US/Eastern": ("US", "United States"),
    "Pacific/Auckland": ("NZ", "New Zealand"),
    "UTC": ("", ""),
    "Etc/UTC": ("", ""),
    "Etc/GMT+5": ("", ""),
}

NOT_ZONES = [
    "",
    " ",
    "Mars/Olympus_Mons",
    "europe/madrid",
    "EUROPE/MADRID",
    "Europe/Madrid ",
    " UTC",
    "utc",
    "Europe",
    "Europe/",
    "../UTC",
    "/UTC",
    "posix/UTC",
    "posixrules",
    "localtime",
    "UTC\x00",
    "UTC+2",
    "+02:00",
    "CEST",
    "Europe/Mädrid",
    "zone.tab",
    "x" * 65,
    "x" * 5000,
]


@pytest.fixture(scope="module")
def rows(api: httpx.Client) -> list[dict[str, str]]:
    found = data(api.get("/sites/config/timezones"))
    assert found.keys() == {"timezones", "total"}
    assert found["total"] == len(found["timezones"])
    timezones: list[dict[str, str]] = found["timezones"]
    return timezones


@pytest.mark.rule("S-ZONES-01", "S-ZONES-02")
def test_the_shape_of_the_list(rows: list[dict[str, str]]) -> None:
    assert len(rows) >= 400
    for row in rows:
        assert row.keys() == {"timezone", "country_code", "country_name"}
        assert all(isinstance(text, str) for text in row.values())
        assert row["timezone"]
        assert bool(row["country_code"]) == bool(row["country_name"])
        assert row["country_code"] == "" or (
            len(row["country_code"]) == 2 and row["country_code"].isupper()
        )


@pytest.mark.rule("S-ZONES-02")
@pytest.mark.parametrize("zone", COUNTRIES)
def test_the_country_of_a_zone(rows: list[dict[str, str]], zone: str) -> None:
    found = [(row["country_code"], row["country_name"]) for row in rows if row["timezone"] == zone]
    assert found == [COUNTRIES[zone]]


@pytest.mark.rule("S-ZONES-03")
def test_the_list_holds_every_name_once(rows: list[dict[str, str]]) -> None:
    listed = [row["timezone"] for row in rows]
    assert len(set(listed)) == len(listed)
    package = (resources.files("tzdata") / "zones").read_text("utf-8").split()
    # Some systems file their own setting under this name; it is nobody's identifier.
    known = available_timezones() - {"localtime"}
    assert set(listed) == set(package) | known


@pytest.mark.rule("S-ZONES-03", "S-UPDATE-02")
def test_every_listed_zone_is_accepted(
    api: httpx.Client, rows: list[dict[str, str]], site: dict[str, Any]
) -> None:
    for row in rows:
        changed = data(api.patch(f"/sites/{site['id']}", json={"timezone": row["timezone"]}))
        assert changed["timezone"] == row["timezone"]


@pytest.mark.rule("S-ZONES-03", "S-CREATE-07")
@pytest.mark.parametrize("zone", COUNTRIES)
def test_a_site_can_be_created_in(api: httpx.Client, zone: str) -> None:
    assert new_site(api, timezone=zone)["timezone"] == zone


@pytest.mark.rule("S-ERR-01", "S-CREATE-07", "S-UPDATE-02")
@pytest.mark.parametrize("zone", NOT_ZONES, ids=lambda zone: ascii(zone[:20]))
def test_what_is_no_zone(api: httpx.Client, site: dict[str, Any], zone: str) -> None:
    name = fresh()
    answer = api.post("/sites", json={"name": name, "timezone": zone})
    refusal(answer, 400, "invalid_timezone")
    assert name not in [row["name"] for row in data(api.get("/sites"))["sites"]]
    answer = api.patch(f"/sites/{site['id']}", json={"name": name, "timezone": zone})
    refusal(answer, 400, "invalid_timezone")
    assert data(api.get(f"/sites/{site['id']}")) == site | {"updated_at": None}


@pytest.mark.rule("S-ZONES-01")
def test_any_token_may_read_the_list(connect: Connect, site: dict[str, Any]) -> None:
    for ability in ("all-sites-readonly", f"read:{site['id']}", f"manage:{site['id']}"):
        assert data(connect(ability).get("/sites/config/timezones"))["total"] >= 400
