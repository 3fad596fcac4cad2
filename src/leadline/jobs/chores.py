"""The jobs of a server: follow changes made elsewhere, rotate salts, erase deleted sites, summarise
hits, cluster them, make exports, send mails and webhooks, watch for alerts."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from leadline.access import AuditLog, FailedSignIns
from leadline.alerts import Watch
from leadline.clock import Clock, utc_now
from leadline.database import Database
from leadline.jobs.exporting import MakeExports
from leadline.jobs.retention import A_WHILE, ExpireHits, kept_since
from leadline.jobs.schedule import Job
from leadline.logs import logger
from leadline.mail import Outbox
from leadline.sites import Deletion, SiteId, Sites, Snapshot
from leadline.spool import Erasure, Spool
from leadline.visitors import Salts, Visitors
from leadline.warehouse import LATEST, Loader, Warehouse
from leadline.webhooks import Courier

log = logger(__name__)

SEGMENT_SECONDS = 600.0
"""So long at most a hit stays in the spool after it was loaded, however few come after it."""

ROTATION_SECONDS = 60.0
"""How long salts may stay that have to be gone: as long as hits are prepared for."""

GOING_ON = timedelta(minutes=35)
"""Visits that began before that have mostly ended."""

LAGGING_SECONDS = 10.0
"""How far loading may be behind the spool."""

WORKING_SECONDS = 2.0
QUIET_SECONDS = 60.0
"""How long hits are summarised at a time, and how long not when there is nothing left to do."""
EXPIRY_SECONDS = 2.0
CLUSTERING_SECONDS = 15.0

LATE = timedelta(hours=25)
"""Hits that came before that, and what is worked out of them, hardly change any more."""
EXPORT_SECONDS = 0.5
"""How long at most an export waits for nobody."""

FORGETTING_SECONDS = 3600.0
MAIL_SECONDS = 1.0
REPORT_SECONDS = 30.0
"""How late a mail with figures may be."""
WEBHOOK_SECONDS = 0.5
"""How long at most an event waits for nobody."""

WATCH_SECONDS = 60.0
FAILED_SECONDS = 10.0
"""How late a failed sign-in is in the audit log, and for how long alike ones are one entry."""

SENT_AGAIN_AFTER = timedelta(seconds=30)


class FollowChanges:
    """Takes into the snapshot what another process has committed."""

    def __init__(self, database: Database, snapshot: Snapshot) -> None:
        self._database = database
        self._snapshot = snapshot
        self._seen = database.change_count()

    def run(self) -> None:
        count = self._database.change_count()
        if count != self._seen:
            self._snapshot.refresh()
            self._seen = count


class RotateSalts:
    """Has the salts of the next minute ready; destroys those whose time is over."""

    def __init__(self, salts: Salts, visitors: Visitors, clock: Clock) -> None:
        self._salts = salts
        self._visitors = visitors
        self._clock = clock

    def run(self) -> None:
        self._visitors.forget(self._clock())  # needs no database, so that nothing can prevent it
        self._visitors.prepare(self._clock())
        for day in self._salts.dispose():
            log.info("salt destroyed", day=day.isoformat())


class EraseDeletedSites:
    """Sends the end of a deleted site through the spool, and notes when its hits are gone.

    Those in the warehouse go before, a portion at a time, in a run for `seconds` or little more.
    What counts is this warehouse: others may know the same sites, each with hits of its own.
    """

    def __init__(
        self,
        sites: Sites,
        spool: Spool,
        warehouse: Warehouse,
        clock: Clock = utc_now,
        seconds: float = A_WHILE,
    ) -> None:
        self._sites = sites
        self._spool = spool
        self._warehouse = warehouse
        self._clock = clock
        self._seconds = seconds
        self._seen = 0
        self._waiting: dict[SiteId, Deletion] = {}
        self._sent: dict[SiteId, datetime] = {}

    def run(self) -> None:
        for deletion in self._sites.deletions(after=self._seen):
            self._waiting[deletion.site] = deletion
            self._seen = deletion.revision
        if not self._waiting:
            return
        erased = self._warehouse.erased()
        end = time.monotonic() + self._seconds
        for deletion in tuple(self._waiting.values()):
            if deletion.site in erased:
                self._finish(deletion)
            elif deletion.site in self._sent or self._is_emptied(deletion.site, end):
                self._send(deletion.site)

    def _is_emptied(self, site: SiteId, end: float) -> bool:
        while self._warehouse.expire(site, LATEST):
            if time.monotonic() > end:
                return False
        return True

    def _finish(self, deletion: Deletion) -> None:
        if deletion.site in self._sent or deletion.erased_at is None:
            self._sites.confirm_erased(deletion.site)
            log.info("site erased", site=deletion.site)
        del self._waiting[deletion.site]
        self._sent.pop(deletion.site, None)

    def _send(self, site: SiteId) -> None:
        """Nobody says whether it arrived: it is sent again when it should have, long since."""
        now = self._clock()
        sent = self._sent.get(site)
        if sent is None or abs(now - sent) >= SENT_AGAIN_AFTER:  # a clock may be set back
            self._spool.append_unwaited(Erasure(site))
            self._sent[site] = now


class SummariseHits:
    """Has the warehouse work out what reports need, of all but the visits that may be going on.

    Not while many hits are still to be loaded: of what they touch it would be worked out again.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        sites: Sites,
        warehouse: Warehouse,
        loader: Loader,
        default: int | None,
        clock: Clock,
    ) -> None:
        """`default` is for how many months sites keep hits that say nothing of it."""
        self._snapshot = snapshot
        self._sites = sites
        self._default = default
        self._warehouse = warehouse
        self._loader = loader
        self._clock = clock
        self._done: tuple[dict[int, str], set[SiteId]] | None = None
        self._done_at = 0.0
        self.is_done = False
        """Whether there was nothing to do any more, neither to load nor to summarise."""

    def run(self) -> None:
        """For a moment only: a server that is to end waits for it."""
        self.is_done = self._is_done()

    def _is_done(self) -> bool:
        if self._loader.status().lag > LAGGING_SECONDS:
            return False
        began = time.monotonic()
        zones = self._snapshot.zones()
        kept = {site.site for site in self._sites.kept(self._default)}
        if (zones, kept) == self._done and began - self._done_at < QUIET_SECONDS:
            return True
        until = self._clock() - GOING_ON
        while time.monotonic() - began < WORKING_SECONDS:
            if not self._warehouse.summarise(until, zones, kept):
                self._done, self._done_at = (zones, kept), time.monotonic()
                return True
        return False


class ClusterHits:
    """Has the warehouse put hits in the order of their sites while it has nothing to summarise.

    Summaries are made of days, of all sites at once, and are quicker before.
    """

    def __init__(self, warehouse: Warehouse, summarise: SummariseHits, clock: Clock) -> None:
        self._warehouse = warehouse
        self._summarise = summarise
        self._clock = clock

    def run(self) -> None:
        """As long as it takes; it may be given up."""
        until = self._clock() - LATE
        while self._summarise.is_done and self._warehouse.cluster(until):
            pass


class ForgetAuditEntries:
    """Removes what the audit log has had for so many months, as its newest entry says the time: a
    clock that is wrong once ends nothing."""

    def __init__(self, audit: AuditLog, months: int) -> None:
        self._audit = audit
        self._months = months

    def run(self) -> None:
        newest = self._audit.newest()
        if newest is not None:
            self._audit.forget(kept_since(newest, "UTC", self._months))


class Chores(NamedTuple):
    """All that a server does by itself."""

    follow: FollowChanges
    rotate: RotateSalts
    erase: EraseDeletedSites
    summarise: SummariseHits
    cluster: ClusterHits
    expire: ExpireHits
    exports: MakeExports
    failed_sign_ins: FailedSignIns
    forget: ForgetAuditEntries
    mails: Outbox
    mail_reports: Callable[[], None]
    webhooks: Courier
    alerts: Watch


def jobs_of_a_server(chores: Chores, spool: Spool) -> list[Job]:
    return [
        Job("follow changes", 0.25, chores.follow.run),
        Job("rotate salts", ROTATION_SECONDS, chores.rotate.run),
        Job("erase deleted sites", 1.0, chores.erase.run),
        Job("summarise hits", 1.0, chores.summarise.run),
        Job("cluster hits", CLUSTERING_SECONDS, chores.cluster.run),
        Job("expire hits", EXPIRY_SECONDS, chores.expire.run),
        Job("make exports", EXPORT_SECONDS, chores.exports.run),
        Job("write down failed sign-ins", FAILED_SECONDS, chores.failed_sign_ins.write),
        Job("forget audit entries", FORGETTING_SECONDS, chores.forget.run),
        Job("mail reports", REPORT_SECONDS, chores.mail_reports),
        Job("send mails", MAIL_SECONDS, chores.mails.deliver),
        Job("send webhooks", WEBHOOK_SECONDS, chores.webhooks.run),
        Job("watch for alerts", WATCH_SECONDS, chores.alerts.run),
        Job("forget deliveries", FORGETTING_SECONDS, chores.webhooks.expire),
        Job("finish spool segment", SEGMENT_SECONDS, spool.roll),
    ]
