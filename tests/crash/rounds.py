"""Servers that die in rounds, on one data directory, and what is left of their hits."""

from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import httpx

from leadline.sites import Site
from tests.crash.support import (
    Load,
    Owner,
    ServerProcess,
    counted,
    serving,
    under_load,
    warehouse_at,
)
from tests.support import eventually

TIMES = {"write": 150, "fdatasync": 150, "load": 15, "rotation": 8, "delete": 1}
"""How often at most a point is passed before it kills."""


@dataclass
class Rounds:
    """What was acknowledged and what was sent to `site`, over all rounds."""

    data: Path
    owner: Owner
    random: Random
    warehouse_url: str | None = None
    site: Site = field(init=False)
    acknowledged: set[str] = field(default_factory=set)
    sent: set[str] = field(default_factory=set)
    gone: list[Site] = field(default_factory=list)
    number: int = 0

    def __post_init__(self) -> None:
        self.site = self.owner.site("Busy")

    def kill_anywhere(self) -> None:
        server = ServerProcess(self.data, environment=warehouse_at(self.warehouse_url))
        self.number += 1
        with under_load(server.url, self.site, f"round-{self.number}") as load:
            load.wait_for(self.random.randint(1, 400))
            server.kill()
        self._note(load.acknowledged, load.sent)

    def die_at(self, point: str) -> None:
        server = ServerProcess(
            self.data,
            (point, self.random.randint(1, TIMES[point])),
            environment=warehouse_at(self.warehouse_url),
        )
        self.number += 1
        with under_load(server.url, self.site, f"round-{self.number}-{point}") as load:
            if point == "delete":  # unless it dies of a deletion that was left to it
                _wait_for_some(load, server)
                self._delete_a_site(server)
            server.wait_for_death()
        self._note(load.acknowledged, load.sent)

    def _delete_a_site(self, server: ServerProcess) -> None:
        site = self.owner.site(f"Gone {self.number}")
        with under_load(server.url, site, "gone") as load, suppress(httpx.TransportError):
            _wait_for_some(load, server)
            self.owner.delete(server.url, site)
        if not self.owner.exists(site):  # else it died before
            self.gone.append(site)

    def _note(self, acknowledged: list[str], sent: list[str]) -> None:
        self.acknowledged.update(acknowledged)
        self.sent.update(sent)

    def check(self) -> int:
        """That every acknowledged hit is there, each once; how many there were."""
        with (
            serving(self.data, **warehouse_at(self.warehouse_url)) as server,
            under_load(server.url, self.site, "last") as load,
        ):
            load.wait_for(20)
            eventually(lambda: all(each.erased_at for each in self.owner.sites.deletions()))
        self._note(load.acknowledged, load.sent)
        found = counted(self.data, self.warehouse_url)
        assert set(found.values()) == {1}, [each for each in found if found[each] > 1]
        paths = {path for site, path in found if site == self.site.id}
        lost = self.acknowledged - paths
        assert not lost, f"{len(lost)} of {len(self.acknowledged)} are lost"
        assert paths <= self.sent
        assert not {site for site, _ in found} & {site.id for site in self.gone}
        return len(self.acknowledged)


def _wait_for_some(load: Load, server: ServerProcess) -> None:
    eventually(lambda: len(load.acknowledged) >= 20 or not server.is_alive())
