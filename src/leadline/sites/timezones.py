"""The IANA time zones, each with the country it lies in."""

from functools import cache
from importlib import resources
from zoneinfo import ZoneInfo, available_timezones

import msgspec
from babel import Locale
from babel.core import get_global

from leadline.sites.errors import InvalidTimezone

TIMEZONE_LENGTH = 64
_NO_COUNTRY = ("ZZ", "001")
_OF_THE_MACHINE = "localtime"  # a file that some systems keep among the zones


class Timezone(msgspec.Struct, frozen=True):
    """`country_code` is ISO 3166-1 alpha-2; both country fields are empty for UTC and its like."""

    name: str
    country_code: str
    country_name: str


@cache
def names() -> frozenset[str]:
    """Every name that the zone databases of the system and of the package know."""
    return frozenset(available_timezones()) - {_OF_THE_MACHINE}


def check_timezone(name: str) -> str:
    if len(name) > TIMEZONE_LENGTH or name not in names():
        raise InvalidTimezone(name)
    return name


@cache
def zone(name: str) -> ZoneInfo:
    return ZoneInfo(check_timezone(name))


@cache
def listing() -> tuple[Timezone, ...]:
    """All zones in order of their names."""
    territories = Locale("en").territories
    rows = []
    for name in sorted(names()):
        code = _country(name)
        rows.append(Timezone(name, code, territories.get(code, "") if code else ""))
    return tuple(rows)


def _country(name: str) -> str:
    """The zone file's own country; for an alias the one that the CLDR gives it.

    Links of the zone database are not followed: they cross borders (Iceland leads to Abidjan).
    """
    own = _zone_tab().get(name)
    if own:
        return own
    territories, aliases = get_global("zone_territories"), get_global("zone_aliases")
    code = territories.get(name) or territories.get(aliases.get(name, ""), "")
    code = code or _zone_tab().get(aliases.get(name, ""), "")
    return "" if code in _NO_COUNTRY else str(code)


@cache
def _zone_tab() -> dict[str, str]:
    text = (resources.files("tzdata") / "zoneinfo" / "zone.tab").read_text("utf-8")
    rows = (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
    return {row[2]: row[0] for row in rows}
