"""Where a visitor is, and whose word on it counts."""

import os
from ipaddress import IPv6Address, ip_address
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from leadline.enrichment import Place, Places
from leadline.enrichment.places import NAME_LENGTH
from leadline.network import Address
from tests.enrichment import mmdb

BRITISH, GERMAN, DOCUMENTATION = "81.2.69.142", "2003:e0::1", "203.0.113.7"


def nested(country: str, region: str | None = None, city: str | None = None) -> dict[str, Any]:
    """A record as in GeoLite2 City."""
    record: dict[str, Any] = {"country": {"iso_code": country, "names": {"en": "A country"}}}
    if region is not None:
        record["subdivisions"] = [{"iso_code": "X", "names": {"de": "Land", "en": region}}]
    if city is not None:
        record["city"] = {"names": {"en": city}}
    return record


RECORDS = {
    "81.2.69.0/24": nested("GB", "England", "London"),
    "81.2.70.0/24": {"country_code": "SE", "state1": "Skåne", "city": "Malmö"},
    "81.2.71.0/24": {"country": "FR", "region": "Île-de-France", "city": "Paris"},
    "81.2.72.0/24": nested("NO"),
    "81.2.73.0/24": {"country": {}, "subdivisions": [], "city": "x"},
    "81.2.74.0/24": nested("DE", "a\x00\u2028b" + "c" * 250, ""),
    "81.2.75.0/24": ["no", "record"],
    "10.0.0.0/8": nested("IT"),
    "2003::/24": nested("AT", "Wien", "Wien"),
}


class Seconds:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "places.mmdb"
    mmdb.write(file, RECORDS)
    return file


@pytest.fixture
def places(file: Path) -> Places:
    return Places(file)


def find(places: Places, address: str, zone: str = "", cdn: str = "") -> Place:
    return places.find(ip_address(address), zone, cdn)


@pytest.mark.parametrize(
    ("address", "zone", "cdn", "country"),
    [
        (BRITISH, "", "", "GB"),
        (GERMAN, "", "", "DE"),
        (f"::ffff:{BRITISH}", "", "", "GB"),
        (BRITISH, "Europe/Madrid", "", "GB"),
        (BRITISH, "Europe/Madrid", "PT", "PT"),
        (BRITISH, "Europe/Madrid", " pt ", "PT"),
        # What a CDN says when it does not know, and what no country is.
        *((BRITISH, "", cdn, "GB") for cdn in ("XX", "T1", "EU", "ZZ", "P", "PRT", "??", "ÄÖ")),
        *((BRITISH, "", cdn, "GB") for cdn in (" " * 50, "PT" * 50, "\ud800\udc00", "ß")),
        (BRITISH, "", "XK", "XK"),
        # Nobody knows the address.
        (DOCUMENTATION, "", "", ""),
        (DOCUMENTATION, "Europe/Madrid", "", "ES"),
        (DOCUMENTATION, "Europe/Madrid", "PT", "PT"),
        ("0.0.0.0", "Asia/Tokyo", "", "JP"),
        ("192.168.1.1", "Asia/Tokyo", "", "JP"),
        ("127.0.0.1", "Asia/Tokyo", "", "JP"),
        ("::1", "Asia/Tokyo", "", "JP"),
        ("::ffff:10.0.0.1", "Asia/Tokyo", "", "JP"),
        ("fe80::1%eth0", "Asia/Tokyo", "", "JP"),
        ("fd00::1", "", "", ""),
    ],
)
def test_the_country_without_a_database(address: str, zone: str, cdn: str, country: str) -> None:
    assert find(Places(), address, zone, cdn) == Place(country, "", "")


@pytest.mark.parametrize(
    ("zone", "country"),
    [
        ("Europe/Berlin", "DE"),
        ("America/Coyhaique", "CL"),
        # Names that browsers send, though they are old.
        ("Asia/Calcutta", "IN"),
        ("Asia/Saigon", "VN"),
        ("Europe/Kiev", "UA"),
        ("Europe/Kyiv", "UA"),
        ("America/Buenos_Aires", "AR"),
        ("Pacific/Ponape", "FM"),
        # Names that are links to a zone in another country.
        ("Iceland", "IS"),
        ("Atlantic/Reykjavik", "IS"),
        ("Africa/Asmera", "ER"),
        ("America/Virgin", "VI"),
        ("UTC", ""),
        ("Etc/GMT+3", ""),
        ("europe/berlin", ""),
        ("Europe/Nowhere", ""),
        ("", ""),
        ("Europe/Berlin" * 100, ""),
        ("\ud800", ""),
    ],
)
def test_the_country_of_a_time_zone(zone: str, country: str) -> None:
    assert find(Places(), DOCUMENTATION, zone).country == country


@pytest.mark.parametrize(
    ("address", "place"),
    [
        (BRITISH, Place("GB", "England", "London")),
        (f"::ffff:{BRITISH}", Place("GB", "England", "London")),
        ("81.2.70.1", Place("SE", "Skåne", "Malmö")),
        ("81.2.71.1", Place("FR", "Île-de-France", "Paris")),
        ("81.2.72.1", Place("NO")),
        ("2003:e0::1", Place("AT", "Wien", "Wien")),
        # Without a country there, it is where the address is registered.
        ("81.2.73.1", Place("GB")),
        ("81.2.75.1", Place("GB")),
        ("8.8.8.8", Place("US")),
        # Not even if the database knows it.
        ("10.0.0.1", Place()),
    ],
)
def test_the_place_in_a_database(places: Places, address: str, place: Place) -> None:
    assert find(places, address) == place


def test_names_are_bounded_and_clean(places: Places) -> None:
    region = find(places, "81.2.74.1").region
    assert region.startswith("abc")
    assert len(region) == NAME_LENGTH


def test_a_database_does_not_contradict_a_cdn(places: Places) -> None:
    assert find(places, BRITISH, cdn="GB") == Place("GB", "England", "London")
    assert find(places, BRITISH, cdn="IE") == Place("IE")
    assert find(places, BRITISH, cdn="XX") == Place("GB", "England", "London")


def test_a_database_of_ipv4_only(tmp_path: Path) -> None:
    file = tmp_path / "four.mmdb"
    mmdb.write(file, {"81.2.69.0/24": nested("GB", "England", "London")}, version=4)
    places = Places(file)
    assert find(places, BRITISH) == Place("GB", "England", "London")
    assert find(places, GERMAN) == Place("DE")


def test_a_new_file_is_read_within_ten_seconds(file: Path, seconds: Seconds) -> None:
    places = Places(file, seconds)
    assert find(places, BRITISH).city == "London"
    mmdb.write(file, {"81.2.0.0/16": nested("GB", "England", "Kent")})
    seconds.now = 9.9
    assert find(places, BRITISH).city == "London"
    seconds.now = 10.0
    assert find(places, BRITISH).city == "Kent"


def test_a_file_that_is_cut_short_while_in_use_harms_nobody(file: Path, seconds: Seconds) -> None:
    places = Places(file, seconds)
    os.truncate(file, 0)
    assert find(places, BRITISH).city == "London"
    seconds.now = 10.0
    assert find(places, BRITISH) == Place("GB")


def test_a_file_may_come_later_and_go_again(tmp_path: Path, seconds: Seconds) -> None:
    file = tmp_path / "later.mmdb"
    with capture_logs() as logs:
        places = Places(file, seconds)
        for seconds.now in (10.0, 20.0, 30.0):
            assert find(places, BRITISH) == Place("GB")
    assert [entry["event"] for entry in logs] == ["file not used"]
    mmdb.write(file, RECORDS)
    seconds.now = 40.0
    assert find(places, BRITISH).city == "London"
    file.unlink()
    seconds.now = 50.0
    assert find(places, BRITISH) == Place("GB")


@pytest.mark.parametrize("content", [b"", b"no database", b"\xab\xcd\xefMaxMind.com\xe0" * 3])
def test_a_broken_file_is_logged_once(file: Path, seconds: Seconds, content: bytes) -> None:
    file.write_bytes(content)
    with capture_logs() as logs:
        places = Places(file, seconds)
        for seconds.now in (10.0, 20.0):
            assert find(places, BRITISH, "Europe/Madrid") == Place("GB")
    assert [entry["event"] for entry in logs] == ["file not used"]
    assert logs[0]["file"] == str(file)


def test_damage_that_shows_when_it_is_met_is_logged_once(file: Path) -> None:
    nowhere = b"\x38\xff\xff\xff\xff"  # a pointer
    file.write_bytes(file.read_bytes().replace(b"\x46London", nowhere + b"xx"))
    places = Places(file)
    with capture_logs() as logs:
        assert find(places, BRITISH) == find(places, BRITISH) == Place("GB")
        assert find(places, "81.2.70.1").city == "Malmö"
    assert [entry["event"] for entry in logs] == ["file is damaged"]
    assert BRITISH not in str(logs)


@given(st.dictionaries(st.integers(min_value=0), st.binary(min_size=1, max_size=1), min_size=1))
def test_a_damaged_database_finds_something_or_nothing(damage: dict[int, bytes]) -> None:
    with TemporaryDirectory() as directory:
        file = Path(directory) / "damaged.mmdb"
        mmdb.write(file, RECORDS)
        content = bytearray(file.read_bytes())
        for place, byte in damage.items():
            content[place % len(content)] = byte[0]
        file.write_bytes(content)
        places = Places(file)
        for address in (BRITISH, "81.2.70.1", "81.2.74.1", GERMAN, "8.8.8.8"):
            assert find(places, address).country


@given(st.ip_addresses(), st.text(), st.text())
@example(IPv6Address("::ffff:1.2.3.4"), "\ud800", "\ud800")
@example(IPv6Address("ff02::1"), "Europe", "İ")
def test_any_texts_have_a_place(address: Address, zone: str, cdn: str) -> None:
    country = Places().find(address, zone, cdn).country
    assert country == "" or (len(country) == 2 and country.isascii() and country.isupper())
