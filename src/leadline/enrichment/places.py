"""Where a visitor is, from what is on this machine: country, and with the operator's data more."""

import shutil
from collections.abc import Callable, Mapping
from functools import lru_cache
from ipaddress import ip_address
from pathlib import Path
from tempfile import NamedTemporaryFile
from time import monotonic
from typing import NamedTuple

import iptocc
import maxminddb

from leadline.countries import country_of_zone, known_country
from leadline.enrichment.watched import WatchedFile
from leadline.logs import logger
from leadline.network import Address, unmapped
from leadline.text import CONTROL_CHARACTERS

KNOWN_ADDRESSES = 8192
NAME_LENGTH = 128

log = logger(__name__)


class Place(NamedTuple):
    """`country` is an ISO 3166-1 code or XK (Kosovo), `region` and `city` are names in English.

    Whatever is not known is "".
    """

    country: str = ""
    region: str = ""
    city: str = ""


class Places:
    """Finds places, with the help of `database`, a MaxMind DB file, if there is one.

    The file may be replaced or overwritten at any time; it is read again within 10 seconds. The
    places of the last few thousand addresses are remembered, in memory only. Safe on several
    threads.
    """

    def __init__(
        self, database: Path | None = None, seconds: Callable[[], float] = monotonic
    ) -> None:
        self._file = database
        self._database = WatchedFile(database, _open, seconds) if database else None
        self._damaged: maxminddb.Reader | None = None
        self._known = lru_cache(maxsize=KNOWN_ADDRESSES)(self._find)
        self._known_from: maxminddb.Reader | None = None

    def find(self, address: Address, browser_timezone: str = "", cdn_country: str = "") -> Place:
        """The place of a visitor.

        The country is the one that a trusted CDN names, else that of the operator's database,
        else that in which the address is registered, else that of the browser's time zone. Region
        and city come from the database if it does not contradict. Of an address that is not
        public nothing is looked up.
        """
        reader = self._database.get() if self._database else None
        if reader is not self._known_from:
            self._known_from = reader
            self._known.cache_clear()
        place = self._known(address.packed)
        country = known_country(cdn_country) if cdn_country else ""
        if country:
            return place if place.country == country else Place(country)
        return place if place.country else Place(country_of_zone(browser_timezone))

    def _find(self, packed: bytes) -> Place:
        address = unmapped(ip_address(packed))
        if not address.is_global:
            return Place()
        place = self._look_up(address)
        return place if place.country else Place(_registered_in(address))

    def _look_up(self, address: Address) -> Place:
        reader = self._known_from
        if reader is None:
            return Place()
        try:
            return _place_in(reader.get(address))
        except ValueError:  # an IPv6 address, in a database of IPv4 only
            return Place()
        except Exception as error:  # damaged files also make the reader raise SystemError
            if self._damaged is not reader:
                self._damaged = reader
                reason = type(error).__name__  # its text has the address
                log.warning("file is damaged", file=str(self._file), reason=reason)
            return Place()


def _registered_in(address: Address) -> str:
    return known_country(iptocc.country_code(str(address)) or "")


def _open(path: Path) -> maxminddb.Reader:
    """A reader of a copy that nobody else knows.

    The reader maps its file, and one that is cut short under it would end the process.
    """
    with path.open("rb") as file, NamedTemporaryFile() as copy:
        shutil.copyfileobj(file, copy, 1024 * 1024)
        copy.flush()
        return maxminddb.open_database(copy.name)


def _place_in(record: object) -> Place:
    """What a record says, be it nested as in GeoLite2 or flat as in ip-location-db and IPinfo."""
    if not isinstance(record, Mapping):
        return Place()
    country = record.get("country")
    if isinstance(country, Mapping):
        divisions = record.get("subdivisions")
        region = divisions[0] if isinstance(divisions, list) and divisions else None
        return Place(_code(country.get("iso_code")), _english(region), _english(record.get("city")))
    return Place(
        _code(record.get("country_code")) or _code(country),
        _name(record.get("state1")) or _name(record.get("region")),
        _name(record.get("city")),
    )


def _code(value: object) -> str:
    return known_country(value) if isinstance(value, str) else ""


def _english(named: object) -> str:
    names = named.get("names") if isinstance(named, Mapping) else None
    return _name(names.get("en")) if isinstance(names, Mapping) else ""


def _name(value: object) -> str:
    return CONTROL_CHARACTERS.sub("", value)[:NAME_LENGTH] if isinstance(value, str) else ""
