"""From a decoded hit to the record of it: authorise, screen, attribute, identify."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from leadline.clock import Clock, utc_now
from leadline.collector import urls
from leadline.collector.attribution import source_of
from leadline.collector.screening import Arrival, Screening, Sender
from leadline.collector.wire import NAME_LENGTH, WireHit
from leadline.enrichment import Places, describe, language_of, screen_class
from leadline.sites import SiteRules, Snapshot, authorises
from leadline.spool import Hit, Kind, Reason, Refusal, Spool
from leadline.visitors import Visitors


class Collector:
    """Takes hits of every site. Used on one event loop, but for `decide`."""

    def __init__(
        self,
        snapshot: Snapshot,
        visitors: Visitors,
        places: Places,
        screening: Screening,
        spool: Spool,
        clock: Clock = utc_now,
    ) -> None:
        self._snapshot = snapshot
        self._visitors = visitors
        self._places = places
        self._screening = screening
        self._spool = spool
        self._clock = clock
        self.accepted: Counter[str] = Counter()
        """Hits that count, by wire, since the start; those that could not be stored too."""
        self.rejected: Counter[str] = Counter()
        """Hits that do not count, by reason, since the start; those of no site too."""

    def record_of(self, hit: WireHit, sender: Sender) -> Hit | None:
        """The record of the hit if it counts.

        Raises `SaltUnavailable` on a day that began without a database.

        What does not count is noted as a refusal of its site; the sender isn't told. Of a departure
        nothing is noted: of its pageview there was.
        """
        rules = self._snapshot.find(hit.site)
        record = self.decide(rules, hit, sender, self._clock()) if rules else None
        if hit.kind is Kind.DEPARTURE:
            return record if isinstance(record, Hit) else None
        if record is None:
            self.rejected[Reason.INVALID_ACCOUNT] += 1
            return None
        self.count(record)
        if isinstance(record, Refusal):
            self._spool.append_unwaited(record)
            return None
        return record

    def decide(
        self, rules: SiteRules, hit: WireHit, sender: Sender, now: datetime
    ) -> Hit | Refusal:
        """What is to be kept of a hit that arrives now. Safe on any thread, and changes nothing.

        Raises `SaltUnavailable`.
        """
        page = urls.parse(hit.page)
        if not rules.is_active:
            return _refusal(rules, Reason.INVALID_ACCOUNT, page, now)
        if page is None or (rules.hosts and not authorises(rules.hosts, page.host)):
            return _refusal(rules, Reason.INVALID_DOMAIN, page, now)
        agent = describe(sender.user_agent)
        source = source_of(
            page,
            hit.referrer,
            hit.parameters,
            rules.utm_mappings,
            rules.hosts,
            rules.channels,
            rules.passthrough,
        )
        place = self._places.find(sender.address, hit.browser_timezone, sender.country)
        arrival = Arrival(agent, place, source, page.host, page.path, hit.name)
        reason = self._screening.reason(rules, sender, arrival)
        if reason is not None:
            return _refusal(rules, reason, page, now)
        identity = self._visitors.identify(
            rules.id, rules.timezone, sender.address, sender.user_agent, now, hit.happened_at
        )
        # In the order of its fields: to name them all costs more than to hash the visitor.
        return Hit(
            rules.id,
            hit.happened_at or now,
            identity.day,
            identity.visitor,
            identity.previous,
            hit.kind,
            page.origin,
            page.shown_path,
            source,
            urls.text(hit.name, NAME_LENGTH) if hit.name else "",
            hit.amount,
            _texts(hit.properties) if hit.properties else hit.properties,
            urls.text(hit.group) if hit.group else "",
            urls.text(hit.browser_timezone) if hit.browser_timezone else "",
            hit.wire,
            agent.browser,
            agent.operating_system,
            agent.device_type,
            place.country,
            place.region,
            place.city,
            language_of(sender.headers.get(b"accept-language", b"")),
            _screen(sender.headers),
        )

    def count(self, record: Hit | Refusal) -> None:
        if isinstance(record, Hit):
            self.accepted[record.wire] += 1
        else:
            self.rejected[record.reason] += 1

    def drop(self) -> None:
        """Count a request in which no hit could be read."""
        self.rejected[Reason.INVALID_JSON] += 1


def _refusal(rules: SiteRules, reason: Reason, page: urls.Address | None, now: datetime) -> Refusal:
    return Refusal(rules.id, now, reason, urls.text(page.host if page else "", 253))


def _texts(properties: Mapping[str, str]) -> dict[str, str]:
    """Values are never cut, as some are JSON; a hit is no larger than its wire allows."""
    return {urls.text(key): urls.text(value, len(value)) for key, value in properties.items()}


def _screen(headers: Mapping[bytes, bytes]) -> str:
    width = headers.get(b"sec-ch-viewport-width")
    return screen_class(width) if width else ""
