"""The source of an arrival: who sent the visitor, by which medium, and in which channel that is."""

from collections.abc import Container, Hashable, Mapping
from functools import lru_cache
from typing import NamedTuple, Protocol

from publicsuffixlist import PublicSuffixList

from leadline.enrichment.channels import DEFAULT_RULES, channel_of, seen
from leadline.enrichment.referrers import GATEWAY, REFERRER, Referrer, find, named

LENGTH = 512
_CLICK_IDS = {
    "gclid": Referrer("Google", "cpc"),
    "gbraid": Referrer("Google", "cpc"),
    "wbraid": Referrer("Google", "cpc"),
    "fbclid": Referrer("Facebook", "social"),
    "msclkid": Referrer("Bing", "cpc"),
    "yclid": Referrer("Yandex", "cpc"),
    "ttclid": Referrer("TikTok", "cpc"),
    "twclid": Referrer("Twitter", "cpc"),
    "li_fat_id": Referrer("LinkedIn", "cpc"),
    "ScCid": Referrer("Snapchat", "cpc"),
    "rdt_cid": Referrer("Reddit", "cpc"),
}
_NONE = Referrer("", "")
_SUFFIXES = PublicSuffixList()


class Tags(NamedTuple):
    """What a page's address says of the arrival; `click` is the name of a click id."""

    utm_source: str = ""
    utm_medium: str = ""
    utm_campaign: str = ""
    click: str = ""
    ref: str = ""


class Attribution(NamedTuple):
    """Where an arrival came from, each text of 512 characters at most.

    `source` is a name as people write it, such as `Google` or `news.example.com`; no two names
    differ only in case, so that its lower case is the key that SealMetrics prints. Both it and the
    lower-case `medium` are empty if nobody sent the visitor.
    """

    source: str
    medium: str
    channel: str


class Channels(Hashable, Protocol):
    """Rules that never change."""

    def channel(self, source: str, medium: str, campaign: str) -> str | None:
        """None if no rule fits."""


def click_id(parameters: Mapping[str, str]) -> str:
    """The name of the first click id among the parameters of an address that has a value."""
    if _CLICK_IDS.keys().isdisjoint(parameters):
        return ""
    return next((name for name in _CLICK_IDS if parameters.get(name)), "")


_NO_TAGS = Tags()


@lru_cache(maxsize=8192)
def classify(
    page: str,
    referrer: str,
    tags: Tags = _NO_TAGS,
    hosts: frozenset[str] = frozenset(),
    channels: Channels | None = None,
) -> Attribution:
    """The source of a hit on a page of the host `page`.

    `referrer` is the host, or the id of the app, that linked there, or empty; `hosts` are the
    site's own. Hosts are in lower case and ASCII. Who comes from the site itself or from a payment
    gateway has no source; within the site, tags do not count either. `channels` are the site's own,
    and go first.
    """
    if is_internal(page, referrer, hosts):
        found, campaign = _NONE, ""
    else:
        found, campaign = _arrival(referrer, tags), tags.utm_campaign
    source, medium = found.source[:LENGTH], found.medium[:LENGTH]
    own = channels.channel(*seen(source, medium, campaign)) if channels is not None else None
    channel = own or channel_of(DEFAULT_RULES, source, medium, campaign)
    return Attribution(source, medium, channel)


def is_internal(page: str, referrer: str, hosts: Container[str] = frozenset()) -> bool:
    """Whether `referrer` has the page's registrable domain or is at or below one of `hosts`."""
    if not referrer:
        return False
    return registrable(referrer) == registrable(page) or _is_listed(referrer, hosts)


@lru_cache(maxsize=8192)
def registrable(host: str) -> str:
    """The part of a host under a public suffix; all of it if it is an address or has no such."""
    host = host.removeprefix("www.")
    if ":" in host or host.rpartition(".")[2].isdigit():
        return host
    return _SUFFIXES.privatesuffix(host) or host


def _is_listed(host: str, listed: Container[str]) -> bool:
    while host:
        if host in listed:
            return True
        host = host.partition(".")[2]
    return False


def _arrival(referrer: str, tags: Tags) -> Referrer:
    """The first of: explicit UTMs, click id, `ref`, referrer (spec/sealmetrics-facts.md §10)."""
    source, medium = named(tags.utm_source), tags.utm_medium.strip().lower()
    if source or medium:
        return Referrer(source, medium)
    if tags.click in _CLICK_IDS:
        return _CLICK_IDS[tags.click]
    if ref := named(tags.ref):
        return _sender(ref) or Referrer(ref, REFERRER)
    return (referrer and _sender(referrer)) or _NONE


def _sender(host: str) -> Referrer | None:
    """None for a payment gateway."""
    known = find(host) or Referrer(named(host.removeprefix("www.")), REFERRER)
    return None if known.medium == GATEWAY else known
