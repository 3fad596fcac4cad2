"""Which hits of a site do not count although it authorises them, and why."""

import re
from collections.abc import Mapping

import msgspec

from leadline.cookies import NOT_ME
from leadline.enrichment import Agent, Place, SpamHosts, is_data_centre, is_preview
from leadline.network import Address
from leadline.sites import BlockKind, SiteRules
from leadline.spool import Reason, Source

_BLOCKED_BY = {
    BlockKind.ADDRESS: Reason.BLOCKLIST_IP,
    BlockKind.COUNTRY: Reason.BLOCKLIST_COUNTRY,
    BlockKind.HOST: Reason.BLOCKLIST_HOST,
    BlockKind.PATH: Reason.BLOCKLIST_PATH,
    BlockKind.EVENT: Reason.BLOCKLIST_EVENT,
}
_NOT_ME = re.compile(rb"(^|[;,])\s*%b=1\s*($|[;,])" % NOT_ME.encode())
"""In the header Cookie, of which there may be several."""


class Sender(msgspec.Struct, frozen=True, gc=False):
    """Who sent a hit, as far as the request says; nothing of it is stored.

    The names of `headers` are in lower case. `country` is what a trusted CDN says.
    """

    address: Address
    user_agent: bytes
    headers: Mapping[bytes, bytes]
    country: str = ""


class Arrival(msgspec.Struct, frozen=True, gc=False):
    """What is known of a hit once it is attributed. `event` is empty for a pageview."""

    agent: Agent
    place: Place
    source: Source
    host: str
    path: str
    event: str


class Screening:
    """What the operator does not want counted, and what the owner of a site. Asks no network."""

    def __init__(self, spam: SpamHosts, refuses_data_centres: bool) -> None:
        self._spam = spam
        self._refuses_data_centres = refuses_data_centres

    def reason(self, rules: SiteRules, sender: Sender, arrival: Arrival) -> Reason | None:
        """Why this hit does not count, the first reason of several; None if it does."""
        if is_preview(sender.headers):
            return Reason.PREVIEW
        if arrival.agent.is_crawler:
            return Reason.BLOCKLIST_UA
        return _unwilling(rules, sender.headers) or self._unwanted(rules, sender, arrival)

    def _unwanted(self, rules: SiteRules, sender: Sender, arrival: Arrival) -> Reason | None:
        if self._refuses_data_centres and is_data_centre(sender.address):
            return Reason.DATA_CENTRE
        if rules.blocked is not None:
            country, host, path = arrival.place.country, arrival.host, arrival.path
            kind = rules.blocked.reason(sender.address, country, host, path, arrival.event)
            if kind is not None:
                return _BLOCKED_BY[kind]
        referrer = arrival.source.referrer
        if referrer and self._spam.names(referrer.partition("://")[2]):
            return Reason.REFERRER_SPAM
        return None


def _unwilling(rules: SiteRules, headers: Mapping[bytes, bytes]) -> Reason | None:
    if rules.honours_dnt and headers.get(b"dnt") == b"1":
        return Reason.DO_NOT_TRACK
    if rules.honours_gpc and headers.get(b"sec-gpc") == b"1":
        return Reason.DO_NOT_TRACK
    if b"cookie" in headers and _NOT_ME.search(headers[b"cookie"]):
        return Reason.EXCLUDED_VISITOR
    return None
