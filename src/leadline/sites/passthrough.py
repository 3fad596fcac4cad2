"""Hosts that only pass a visitor on: who comes from there goes on with the visit."""

from collections.abc import Callable, Iterable
from typing import Any

from msgspec import UNSET, structs
from sqlalchemy import Connection, Row, select

from leadline.clock import Clock, utc_now
from leadline.database import Database
from leadline.sites.entries import Entries, checked_text
from leadline.sites.errors import EntryTaken
from leadline.sites.hosts import ascii_host, without_www
from leadline.sites.model import (
    NewPassthroughReferrer,
    PassthroughReferrer,
    PassthroughReferrerChange,
    Site,
)
from leadline.sites.tables import site_passthrough_referrers

_LENGTHS = {
    "utm_source": (1, 255),
    "utm_medium": (0, 100),
    "utm_campaign": (0, 255),
    "utm_term": (0, 255),
    "service_name": (0, 100),
}


class PassthroughReferrers:
    """Those of every site. Each method is one transaction.

    `changed` is called after each change is committed and before the method returns.
    """

    def __init__(
        self,
        database: Database,
        changed: Callable[[], None] = lambda: None,
        clock: Clock = utc_now,
    ) -> None:
        self._entries = Entries(database, site_passthrough_referrers, referrer_in, changed, clock)

    def list(self, site: Site) -> tuple[PassthroughReferrer, ...]:
        """In order of creation, inactive ones included."""
        return self._entries.list(site)

    def get(self, site: Site, number: int) -> PassthroughReferrer:
        """Raises `EntryNotFound`."""
        return self._entries.get(site, number)

    def add(self, site: Site, new: NewPassthroughReferrer) -> PassthroughReferrer:
        """Raises `InvalidDomain`, `InvalidEntry`, `EntryTaken`, `TooManyEntries`."""
        values = _checked(structs.asdict(new))
        with self._entries.changing(site) as connection:
            _check_free(connection, site, values["domain"])
            return self._entries.add(connection, site, values)

    def change(
        self, site: Site, number: int, change: PassthroughReferrerChange
    ) -> PassthroughReferrer:
        """Raises `EntryNotFound`, and as `add` does."""
        given = structs.asdict(change)
        values = _checked({field: value for field, value in given.items() if value is not UNSET})
        with self._entries.changing(site) as connection:
            found = self._entries.find(connection, site, number)
            if values.get("domain", found.domain) != found.domain:
                _check_free(connection, site, values["domain"])
            return self._entries.change(connection, site, number, values)

    def remove(self, site: Site, number: int) -> None:
        """Raises `EntryNotFound`."""
        with self._entries.changing(site) as connection:
            self._entries.remove(connection, site, number)


class Passthrough:
    """The referrers of a site made ready for looking many hosts up. Never changes."""

    def __init__(self, referrers: Iterable[PassthroughReferrer]) -> None:
        self._by_domain = {each.domain: each for each in referrers}

    def find(self, host: str) -> PassthroughReferrer | None:
        """That of the host, which is in lower case and ASCII, or of the nearest host above."""
        while host:
            if host in self._by_domain:
                return self._by_domain[host]
            host = host.partition(".")[2]
        return None


def _checked(values: dict[str, Any]) -> dict[str, Any]:
    """Raises `InvalidDomain`, `InvalidEntry`."""
    return {field: _checked_value(field, value) for field, value in values.items()}


def _checked_value(field: str, value: Any) -> Any:
    if field == "domain":
        return without_www(ascii_host(value))
    if field in _LENGTHS:
        least, most = _LENGTHS[field]
        return checked_text(field, value, most, least)
    return value


def _check_free(connection: Connection, site: Site, domain: str) -> None:
    columns = site_passthrough_referrers.c
    same = select(columns.id).where(columns.site_id == site.id, columns.domain == domain)
    if connection.execute(same).one_or_none() is not None:
        raise EntryTaken(domain)


def referrer_in(row: Row[Any]) -> PassthroughReferrer:
    return PassthroughReferrer(
        row.id,
        row.domain,
        row.utm_source,
        row.utm_medium,
        row.utm_campaign,
        row.utm_term,
        row.service_name,
        row.is_active,
        row.created_at,
        row.updated_at,
    )
