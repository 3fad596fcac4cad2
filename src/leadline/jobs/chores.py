"""The jobs of a server: follow changes made elsewhere, rotate salts, erase deleted sites."""

from leadline.clock import Clock
from leadline.database import Database
from leadline.jobs.schedule import Job
from leadline.logs import logger
from leadline.sites import Sites, Snapshot
from leadline.spool import Erasure, Spool
from leadline.visitors import Salts, Visitors
from leadline.warehouse import DuckDBWarehouse

log = logger(__name__)


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
        self._visitors.prepare(self._clock())
        self._visitors.forget(self._clock())
        for day in self._salts.dispose():
            log.info("salt destroyed", day=day.isoformat())


class EraseDeletedSites:
    """Sends the end of a deleted site through the spool, and notes when its hits are gone."""

    def __init__(self, sites: Sites, spool: Spool, warehouse: DuckDBWarehouse) -> None:
        self._sites = sites
        self._spool = spool
        self._warehouse = warehouse

    def run(self) -> None:
        waiting = self._sites.unerased()
        if not waiting:
            return
        erased = self._warehouse.erased()
        for site in waiting:
            if site in erased:
                self._sites.confirm_erased(site)
                log.info("site erased", site=site)
            else:
                self._spool.append_unwaited(Erasure(site))


def jobs_of_a_server(
    follow: FollowChanges, rotate: RotateSalts, erase: EraseDeletedSites
) -> list[Job]:
    return [
        Job("follow changes", 0.25, follow.run),
        Job("rotate salts", 60.0, rotate.run),
        Job("erase deleted sites", 1.0, erase.run),
    ]
