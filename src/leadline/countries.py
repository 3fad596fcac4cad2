"""Countries by their codes of ISO 3166-1, with XK for Kosovo."""

from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files

from babel import Locale
from babel.core import get_global

_ZONE_LENGTH = 64


def known_country(code: str) -> str:
    """`code` in upper case if it is a country's, else ""."""
    code = code.strip()
    if len(code) != 2 or not code.isascii():  # "ß" in upper case is that of South Sudan
        return ""
    return code.upper() if code.upper() in _countries() else ""


def country_name(code: str) -> str:
    """In English; "" for none."""
    return _names().get(code, "") if code else ""


def country_of_zone(zone: str) -> str:
    """The country in which people set their clocks to this time zone, "" for none."""
    return _country_of_zone(zone) if len(zone) <= _ZONE_LENGTH else ""


@lru_cache(maxsize=1024)
def _country_of_zone(zone: str) -> str:
    exact = _zones().get(zone)
    if exact:
        return exact
    territories: Mapping[str, str] = get_global("zone_territories")
    aliases: Mapping[str, str] = get_global("zone_aliases")
    return known_country(territories.get(zone) or territories.get(aliases.get(zone, ""), ""))


@lru_cache(maxsize=1)
def _countries() -> frozenset[str]:
    return frozenset({"XK", *(row[0] for row in _table("iso3166.tab"))})


@lru_cache(maxsize=1)
def _names() -> Mapping[str, str]:
    names: Mapping[str, str] = Locale("en").territories
    return names


@lru_cache(maxsize=1)
def _zones() -> Mapping[str, str]:
    return {row[2]: row[0] for row in _table("zone.tab")}


def _table(name: str) -> list[list[str]]:
    text = (files("tzdata") / "zoneinfo" / name).read_text("utf-8")
    return [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
