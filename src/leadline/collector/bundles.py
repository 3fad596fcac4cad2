"""Hits that a program sends, many at once: all of them are kept, or none.

Unlike a browser a program says whose hit it is and when it happened, and may send it again.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from hashlib import blake2b
from typing import NamedTuple

import msgspec

from leadline.clock import Clock, utc_now
from leadline.collector.collect import Collector
from leadline.collector.screening import Sender
from leadline.collector.urls import parameters, parse
from leadline.collector.wire import WireHit
from leadline.network import Address
from leadline.sites import SiteRules, Snapshot
from leadline.spool import Bundle, Hit, Kind, Refusal, Spool, SpoolUnavailable, TooLarge
from leadline.visitors import SaltUnavailable

OLDEST = timedelta(hours=24)
NEWEST = timedelta(minutes=5)


class Untimely(Exception):
    """Hits at these `places` are too old, or of a time that has not come."""

    def __init__(self, places: list[int]) -> None:
        super().__init__("A hit is at most 24 hours old and 5 minutes ahead")
        self.places = places


class NotTaken(Exception):
    """The hits cannot be made durable now; they should be sent again."""

    retry_after = 5

    def __init__(self) -> None:
        super().__init__("Hits cannot be stored now; nothing was")


class BundleTooLarge(Exception):
    """So much cannot be kept as one; it should be sent in parts."""

    def __init__(self) -> None:
        super().__init__("These hits are too much for one request; nothing was stored")


class SentHit(msgspec.Struct, frozen=True, kw_only=True):
    """A hit of somebody whose address and User-Agent are used here and kept nowhere.

    `site` is the name of one that exists, `url` the page's full address, `language` the header
    Accept-Language. With an `id` the hit counts once for its site, however often it is sent.
    """

    site: str
    url: str
    address: Address
    user_agent: str
    happened_at: datetime | None = None
    id: str | None = None
    referrer: str = ""
    kind: Kind = Kind.PAGEVIEW
    name: str = ""
    amount: Decimal | None = None
    properties: dict[str, str] = {}
    group: str = ""
    timezone: str = ""
    language: str = ""

    def sender(self) -> Sender:
        headers = {b"accept-language": self.language.encode()}
        return Sender(self.address, self.user_agent.encode(), headers)

    def decoded(self) -> WireHit:
        page = parse(self.url)
        return WireHit(
            site=self.site,
            page=self.url,
            referrer=self.referrer,
            parameters=parameters(page.query) if page else {},
            kind=self.kind,
            name=self.name,
            amount=self.amount,
            properties=self.properties,
            group=self.group,
            browser_timezone=self.timezone,
            wire="api",
            happened_at=self.happened_at,
        )


class Rejection(NamedTuple):
    """That the hit at this place does not count, and why."""

    place: int
    reason: str


class Decided(NamedTuple):
    """What is to be kept of a bundle, and what of it does not count."""

    bundle: Bundle
    rejections: list[Rejection]


class Bundles:
    """The door for programs that are allowed to send hits of the sites that they name."""

    def __init__(
        self, collector: Collector, snapshot: Snapshot, spool: Spool, clock: Clock = utc_now
    ) -> None:
        self._collector = collector
        self._snapshot = snapshot
        self._spool = spool
        self._clock = clock

    def decide(self, sent: Sequence[SentHit]) -> Decided:
        """Safe on any thread; changes nothing. Raises `Untimely`, `NotTaken`."""
        now = self._clock()
        untimely = [place for place, each in enumerate(sent) if not _is_timely(each, now)]
        if untimely:
            raise Untimely(untimely)
        hits: list[Hit] = []
        ids: list[bytes | None] = []
        refusals: list[Refusal] = []
        rejections: list[Rejection] = []
        for place, each in enumerate(sent):
            rules = self._rules(each.site)
            record = self._decide(rules, each, now)
            if isinstance(record, Hit):
                hits.append(record)
                ids.append(None if each.id is None else _known_by(rules, each.id))
            else:
                refusals.append(record)
                rejections.append(Rejection(place, record.reason))
        bundle = Bundle(taken_at=now, hits=hits, ids=ids, refusals=refusals)
        return Decided(bundle, rejections)

    async def store(self, bundle: Bundle) -> None:
        """Returns once all of it is on disk. Raises `NotTaken`, `BundleTooLarge`: nothing is."""
        records: tuple[Hit | Refusal, ...] = (*bundle.hits, *bundle.refusals)
        for record in records:
            self._collector.count(record)
        try:
            await self._spool.append(bundle)
        except SpoolUnavailable:
            raise NotTaken from None
        except TooLarge:
            raise BundleTooLarge from None

    def _rules(self, site: str) -> SiteRules:
        """Of a site that exists; it may be too new for the snapshot."""
        rules = self._snapshot.find(site)
        if rules is None:
            raise NotTaken
        return rules

    def _decide(self, rules: SiteRules, sent: SentHit, now: datetime) -> Hit | Refusal:
        try:
            return self._collector.decide(rules, sent.decoded(), sent.sender(), now)
        except SaltUnavailable:
            raise NotTaken from None


def _is_timely(sent: SentHit, now: datetime) -> bool:
    at = sent.happened_at
    return at is None or now - OLDEST <= at <= now + NEWEST


def _known_by(rules: SiteRules, given: str) -> bytes:
    """What is kept of an id: not what it says, which may be somebody's name."""
    return blake2b(b"%d %b" % (rules.id, given.encode()), digest_size=16).digest()
