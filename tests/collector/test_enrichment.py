"""What is stored of a request beside the hit itself, from both wires."""

from collections.abc import Iterator
from typing import NamedTuple

import httpx
import pytest

from tests.collector.hits import PAGE, new_site, settle
from tests.enrichment import mmdb
from tests.support import RunningServer, running_server

IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15"
    " (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1"
)
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
BRITISH, SWEDISH, PRIVATE = "81.2.69.142", "81.2.70.1", "10.0.0.1"
LONDON = {
    "country": {"iso_code": "GB"},
    "subdivisions": [{"names": {"en": "England"}}],
    "city": {"names": {"en": "London"}},
}


class Enriched(NamedTuple):
    """The columns of a hit that no wire carries, in the words of the documentation."""

    browser: str
    operating_system: str
    device_type: str
    country: str
    region: str
    city: str
    language: str
    screen: str


@pytest.fixture(scope="module")
def placed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """A server whose operator names a database of places, and a CDN's header."""
    directory = tmp_path_factory.mktemp("placed")
    file = directory / "places.mmdb"
    mmdb.write(file, {"81.2.69.0/24": LONDON})
    with running_server(directory, geo_database=file, country_header="CF-IPCountry") as server:
        yield server


def enriched(
    server: RunningServer, user_agent: str = WINDOWS, zone: str = "", **headers: str
) -> Enriched:
    """What is stored of a pageview, the same from both wires; `_` stands for `-` in `headers`."""
    site = new_site(server)
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    given["User-Agent"] = user_agent
    body = {"a": site.slug, "u": PAGE, "z": zone}
    assert (
        httpx.post(server.url + "/event", json=body, headers=given, verify=False).status_code == 204
    )
    found = _rows(server, site.id)
    if not zone:
        query = {"h": PAGE, "p": "/", "sid": site.code}
        assert (
            httpx.get(server.url + "/", params=query, headers=given, verify=False).status_code
            == 200
        )
        assert _rows(server, site.id) == found * 2
    return found[0]


def _rows(server: RunningServer, site: int) -> list[Enriched]:
    settle(server)
    columns = ", ".join(Enriched._fields)
    statement = f"SELECT {columns} FROM hits WHERE site_id = $site ORDER BY hit_id"
    return [Enriched(*row) for row in server.leadline.storage.warehouse.query(statement, site=site)]


@pytest.mark.parametrize(
    ("user_agent", "expected"),
    [
        (WINDOWS, ("Firefox", "Windows", "Desktop")),
        (IPHONE, ("Safari", "iOS", "Phone")),
        ("Mozilla/5.0 (Unheard) Of/1.0", ("", "", "")),
    ],
)
def test_browser_system_and_device(
    server: RunningServer, user_agent: str, expected: tuple[str, str, str]
) -> None:
    assert enriched(server, user_agent)[:3] == expected


@pytest.mark.parametrize(
    ("address", "zone", "country"),
    [
        (BRITISH, "", "GB"),
        (BRITISH, "Asia/Tokyo", "GB"),
        (PRIVATE, "Asia/Tokyo", "JP"),
        (PRIVATE, "Mars/Base", ""),
        (PRIVATE, "", ""),
    ],
)
def test_the_country_is_that_of_the_address_or_of_the_clock(
    server: RunningServer, address: str, zone: str, country: str
) -> None:
    assert enriched(server, zone=zone, X_Forwarded_For=address)[3:6] == (country, "", "")


@pytest.mark.parametrize(
    ("address", "said", "place"),
    [
        (BRITISH, "", ("GB", "England", "London")),
        (BRITISH, "gb", ("GB", "England", "London")),
        (BRITISH, "SE", ("SE", "", "")),
        (BRITISH, "XX", ("GB", "England", "London")),
        (BRITISH, "Sweden", ("GB", "England", "London")),
        (SWEDISH, "FR", ("FR", "", "")),
        (PRIVATE, "FR", ("FR", "", "")),
    ],
)
def test_region_and_city_are_the_operators_to_give(
    placed: RunningServer, address: str, said: str, place: tuple[str, str, str]
) -> None:
    assert enriched(placed, X_Forwarded_For=address, CF_IPCountry=said)[3:6] == place


def test_a_country_is_believed_of_trusted_proxies_and_of_the_named_header_only(
    server: RunningServer, tmp_path_factory: pytest.TempPathFactory
) -> None:
    assert enriched(server, X_Forwarded_For=PRIVATE, CF_IPCountry="FR").country == ""
    directory = tmp_path_factory.mktemp("untrusting")
    with running_server(directory, country_header="cf-ipcountry", trusted_proxies=()) as untrusting:
        assert enriched(untrusting, X_Forwarded_For=PRIVATE, CF_IPCountry="FR").country == ""


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("en-GB,en;q=0.9,de;q=0.8", "en"),
        ("DE", "de"),
        ("fil-PH", "fil"),
        ("zh-Hant-TW", "zh"),
        ("*", ""),
        ("english", ""),
        ("", ""),
    ],
)
def test_the_language_is_the_first_that_is_named(
    server: RunningServer, header: str, language: str
) -> None:
    assert enriched(server, Accept_Language=header).language == language


@pytest.mark.parametrize(
    ("width", "screen"),
    [
        ("575", "small"),
        ("576", "medium"),
        ("991.5", "medium"),
        ("992", "large"),
        ("1440", "wide"),
        ("0", ""),
        ("-5", ""),
        ("123456", ""),
        ("wide", ""),
    ],
)
def test_the_screen_is_a_class_of_widths(server: RunningServer, width: str, screen: str) -> None:
    assert enriched(server, Sec_CH_Viewport_Width=width).screen == screen
