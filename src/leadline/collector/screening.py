"""Which hits of a site do not count although it authorises them, and why."""

from collections.abc import Mapping
from typing import NamedTuple

from leadline.enrichment import Agent, SpamHosts, is_data_centre, is_preview
from leadline.network import Address
from leadline.spool import Reason, Source


class Sender(NamedTuple):
    """Who sent a hit, as far as the request says; nothing of it is stored.

    The names of `headers` are in lower case. `country` is what a trusted CDN says.
    """

    address: Address
    user_agent: bytes
    headers: Mapping[bytes, bytes]
    country: str = ""


class Screening:
    """The same for all sites. Asks no network."""

    def __init__(self, spam: SpamHosts, refuses_data_centres: bool) -> None:
        self._spam = spam
        self._refuses_data_centres = refuses_data_centres

    def reason(self, sender: Sender, agent: Agent, source: Source) -> Reason | None:
        """Why this hit does not count; None if it does."""
        if is_preview(sender.headers):
            return Reason.PREVIEW
        if agent.is_crawler:
            return Reason.BLOCKLIST_UA
        if self._refuses_data_centres and is_data_centre(sender.address):
            return Reason.DATA_CENTRE
        if source.referrer and self._spam.names(source.referrer.partition("://")[2]):
            return Reason.REFERRER_SPAM
        return None
