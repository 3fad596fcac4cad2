"""The list of time zones, and what each is accepted for."""

from importlib import resources
from zoneinfo import ZoneInfo

import pytest

from leadline.sites import InvalidTimezone, check_timezone, timezones

LISTED = {zone.name: zone for zone in timezones()}


@pytest.mark.parametrize(
    ("name", "code", "country"),
    [
        ("Europe/Madrid", "ES", "Spain"),
        ("America/New_York", "US", "United States"),
        ("Asia/Calcutta", "IN", "India"),
        ("Atlantic/Reykjavik", "IS", "Iceland"),
        ("Europe/Kyiv", "UA", "Ukraine"),
        ("America/Argentina/Ushuaia", "AR", "Argentina"),
        ("UTC", "", ""),
        ("Etc/GMT+5", "", ""),
    ],
)
def test_a_zone_has_its_country(name: str, code: str, country: str) -> None:
    assert (LISTED[name].country_code, LISTED[name].country_name) == (code, country)


def test_every_zone_of_the_database_is_listed_once_and_in_order() -> None:
    listed = [zone.name for zone in timezones()]
    assert listed == sorted(set(listed))
    shipped = (resources.files("tzdata") / "zones").read_text().split()
    assert set(shipped) <= set(listed)


def test_every_listed_zone_is_accepted_and_works() -> None:
    for name in LISTED:
        assert check_timezone(name) == name
        assert ZoneInfo(name).key == name


def test_every_country_of_a_zone_has_a_name() -> None:
    assert [
        zone for zone in timezones() if bool(zone.country_code) != bool(zone.country_name)
    ] == []
    geographic = [zone for zone in timezones() if zone.name.startswith(("Europe/", "Asia/"))]
    assert [zone.name for zone in geographic if not zone.country_code] == []


@pytest.mark.parametrize(
    "name", ["", "localtime", "posixrules", "europe/madrid", "Mars/Olympus", "../UTC", "UTC\0"]
)
def test_what_is_no_zone_is_refused(name: str) -> None:
    assert name not in LISTED
    with pytest.raises(InvalidTimezone):
        check_timezone(name)
