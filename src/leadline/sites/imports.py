"""A site list that either vendor's API answered, as sites to create."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec

from leadline.sites.errors import InvalidValue
from leadline.sites.model import NewSite, Sharing


class NotASiteList(InvalidValue):
    def __init__(self, name: str) -> None:
        super().__init__(
            "Not a saved answer of GET /v1/sites (Fathom) or GET /api/v1/sites (SealMetrics):"
            f" {name}"
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
    """What saved answers hold. `warnings` say, for people, what they cannot tell."""

    sites: tuple[NewSite, ...]
    warnings: tuple[str, ...]


def parse_site_list(pages: Mapping[str, bytes], currency: str) -> SiteList:
    """The sites of saved answers, which an error tells apart by their names.

    `currency` is for sites of the vendor that has none. Raises `NotASiteList`.
    """
    sites: list[NewSite] = []
    warnings: list[str] = []
    answers = [_decoded(name, saved) for name, saved in pages.items()]
    paged = [answer for answer in answers if isinstance(answer, _FathomList)]
    if paged and all(answer.has_more for answer in paged):
        warnings.append("the list goes on after the last page: save the rest too")
    for name, answer in zip(pages, answers, strict=True):
        if isinstance(answer, _FathomList):
            warnings += [_lost_password(site) for site in answer.data if _is_private(site)]
        try:
            sites += _new_sites(answer, currency)
        except (ValueError, OverflowError) as error:
            raise NotASiteList(name) from error
    return SiteList(tuple(sites), tuple(warnings))


def _decoded(name: str, saved: bytes) -> _FathomList | _SealList:
    try:
        found: Any = msgspec.json.decode(saved)
        if isinstance(found, dict) and found.get("object") == "list":
            return msgspec.convert(found, _FathomList)
        return msgspec.convert(found, _SealList)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise NotASiteList(name) from error


def _new_sites(answer: _FathomList | _SealList, currency: str) -> list[NewSite]:
    if isinstance(answer, _FathomList):
        return [_of_fathom(site, currency) for site in answer.data]
    return [_of_seal(site) for site in answer.data.sites]


def _is_private(site: _FathomSite) -> bool:
    return site.sharing is Sharing.PRIVATE


def _lost_password(site: _FathomSite) -> str:
    return f"{site.id} was shared with a password that is not in the file: now none"


def _of_fathom(site: _FathomSite, currency: str) -> NewSite:
    return NewSite(
        name=site.name,
        code=site.id,
        timezone=site.timezone,
        currency=currency,
        sharing=Sharing.NONE if _is_private(site) else site.sharing,
        created_at=_moment(site.created_at),
    )


def _of_seal(site: _SealSite) -> NewSite:
    return NewSite(
        name=site.name,
        slug=site.id,
        domains=tuple(site.domains),
        timezone=site.timezone,
        currency=site.currency,
        is_active=site.is_active,
        created_at=_moment(site.created_at),
    )


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
