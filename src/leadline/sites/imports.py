"""A site list that either vendor's API answered, as sites to create."""

from datetime import UTC, datetime
from typing import Any

import msgspec

from leadline.sites.errors import InvalidValue
from leadline.sites.model import NewSite, Sharing


class NotASiteList(InvalidValue):
    def __init__(self) -> None:
        super().__init__(
            "Not a saved answer of GET /v1/sites (Fathom) or GET /api/v1/sites (SealMetrics)"
        )


class _FathomSite(msgspec.Struct):
    id: str
    name: str
    created_at: str
    timezone: str
    sharing: Sharing = Sharing.NONE


class _FathomList(msgspec.Struct):
    data: list[_FathomSite]
    has_more: bool = False


class _SealSite(msgspec.Struct):
    id: str
    name: str
    created_at: str
    domains: list[str] = []
    timezone: str = "UTC"
    currency: str = "EUR"
    is_active: bool = True


class _SealSites(msgspec.Struct):
    sites: list[_SealSite]


class _SealList(msgspec.Struct):
    data: _SealSites


class SiteList(msgspec.Struct, frozen=True):
    """What a saved answer holds. `warnings` say, for people, what it cannot tell."""

    sites: tuple[NewSite, ...]
    warnings: tuple[str, ...]


def parse_site_list(saved: bytes, currency: str) -> SiteList:
    """Raises `NotASiteList`. `currency` is for sites of the vendor that has none."""
    try:
        found: Any = msgspec.json.decode(saved)
        if isinstance(found, dict) and found.get("object") == "list":
            return _of_fathom(msgspec.convert(found, _FathomList), currency)
        return _of_seal(msgspec.convert(found, _SealList).data.sites)
    except (msgspec.MsgspecError, ValueError, OverflowError, RecursionError) as error:
        raise NotASiteList from error


def _of_fathom(answer: _FathomList, currency: str) -> SiteList:
    sites = []
    warnings = ["the file is one page of several: save the others too"] if answer.has_more else []
    for site in answer.data:
        private = site.sharing is Sharing.PRIVATE
        if private:
            warnings.append(
                f"{site.id} was shared with a password that is not in the file: now none"
            )
        sites.append(
            NewSite(
                name=site.name,
                code=site.id,
                timezone=site.timezone,
                currency=currency,
                sharing=Sharing.NONE if private else site.sharing,
                created_at=_moment(site.created_at),
            )
        )
    return SiteList(tuple(sites), tuple(warnings))


def _of_seal(sites: list[_SealSite]) -> SiteList:
    return SiteList(
        tuple(
            NewSite(
                name=site.name,
                slug=site.id,
                domains=tuple(site.domains),
                timezone=site.timezone,
                currency=site.currency,
                is_active=site.is_active,
                created_at=_moment(site.created_at),
            )
            for site in sites
        ),
        (),
    )


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
