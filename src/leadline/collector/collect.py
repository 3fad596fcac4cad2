"""From a decoded hit to the record of it: authorise, attribute, identify."""

from collections import Counter

from leadline.clock import Clock, utc_now
from leadline.collector import urls
from leadline.collector.attribution import source_of
from leadline.collector.wire import NAME_LENGTH, WireHit
from leadline.network import Address
from leadline.sites import SiteRules, Snapshot, authorises
from leadline.spool import Hit, Reason, Refusal, Spool
from leadline.visitors import Visitors


class Collector:
    """Takes hits of every site. Used on one event loop."""

    def __init__(
        self, snapshot: Snapshot, visitors: Visitors, spool: Spool, clock: Clock = utc_now
    ) -> None:
        self._snapshot = snapshot
        self._visitors = visitors
        self._spool = spool
        self._clock = clock
        self.accepted: Counter[str] = Counter()
        """Hits that count, by wire, since the start; those that could not be stored too."""
        self.rejected: Counter[str] = Counter()
        """Hits that do not count, by reason, since the start; those of no site too."""

    def record_of(self, hit: WireHit, address: Address, user_agent: bytes) -> Hit | None:
        """The record of the hit if it counts.

        Raises `SaltUnavailable` on a day that began without a database.

        What does not count is noted as a refusal of its site; the sender isn't told.
        """
        rules = self._snapshot.find(hit.site)
        if rules is None:
            self.rejected[Reason.INVALID_ACCOUNT] += 1
            return None
        page = urls.parse(hit.page)
        if not rules.is_active:
            self._refuse(rules, Reason.INVALID_ACCOUNT, page)
            return None
        if page is None or (rules.hosts and not authorises(rules.hosts, page.host)):
            self._refuse(rules, Reason.INVALID_DOMAIN, page)
            return None
        self.accepted[hit.wire] += 1
        now = self._clock()
        identity = self._visitors.identify(rules.id, rules.timezone, address, user_agent, now)
        return Hit(
            site=rules.id,
            received_at=now,
            day=identity.day,
            visitor=identity.visitor,
            previous=identity.previous,
            kind=hit.kind,
            origin=page.origin,
            path=urls.text(page.path, urls.PATH_LENGTH),
            source=source_of(page, hit.referrer, hit.parameters, rules.utm_mappings),
            name=urls.text(hit.name, NAME_LENGTH),
            amount=hit.amount,
            properties={urls.text(key): urls.text(value) for key, value in hit.properties.items()},
            group=urls.text(hit.group),
            browser_timezone=urls.text(hit.browser_timezone),
            wire=hit.wire,
        )

    def drop(self) -> None:
        """Count a request in which no hit could be read."""
        self.rejected[Reason.INVALID_JSON] += 1

    def _refuse(self, rules: SiteRules, reason: str, page: urls.Address | None) -> None:
        self.rejected[reason] += 1
        host = page.host if page else ""
        self._spool.append_unwaited(Refusal(rules.id, self._clock(), reason, urls.text(host, 253)))
