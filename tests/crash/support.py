"""A server in a process of its own, that can be killed, and clients that keep it busy."""

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread
from typing import IO

import httpx

from leadline.access import Abilities, Organisations, Tokens
from leadline.database import Database
from leadline.settings import Settings
from leadline.sites import NewSite, Site, Sites
from leadline.storage import Storage
from tests.support import BROWSER, eventually

ROOT = Path(__file__).parents[2]
CLIENTS = 4


class ServerProcess:
    """`leadline serve` on a free port; it takes hits once this is made.

    Its log goes to `errors`, else to where ours goes.
    With `fatal` it kills itself, at a point of `tests.crash.fatal` and a number of times there.
    With `clock` its time of day is that of `tests.crash.clocked`.
    """

    def __init__(
        self,
        data: Path,
        fatal: tuple[str, int] | None = None,
        clock: Path | None = None,
        environment: Mapping[str, str] | None = None,
        errors: IO[bytes] | None = None,
    ) -> None:
        # Small segments and a quick loader: as many rotations, drops and commits as can be.
        quick = {"LEADLINE_SPOOL_SEGMENT_BYTES": "4096", "LEADLINE_LOADER_INTERVAL": "0.01"}
        module = ["leadline"]
        if fatal is not None:
            module = ["tests.crash.fatal", fatal[0], str(fatal[1])]
        elif clock is not None:
            module = ["tests.crash.clocked", str(clock)]
        self._process = subprocess.Popen(
            [sys.executable, "-m", *module, "serve", "--data", str(data), "--port", "0"],
            env={**os.environ, **quick, **(environment or {})},
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line.startswith("Leadline serves ") or fatal, line
        self.url = line.split()[-1] if line else ""
        """Empty if it died as it began, over what the one before had left."""

    @property
    def pid(self) -> int:
        return self._process.pid

    def is_alive(self) -> bool:
        return self._process.poll() is None

    def wait_for_death(self) -> None:
        """Until it has killed itself."""
        self._process.communicate(timeout=60)
        assert self._process.returncode == -signal.SIGKILL

    def kill(self) -> None:
        """As a power cut would have it, except that the disk keeps what it was given."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> None:
        self._process.send_signal(how)
        self._process.communicate(timeout=30)


@contextmanager
def serving(data: Path, **environment: str) -> Iterator[ServerProcess]:
    """Stopped in order at the end; with variables of its environment."""
    server = ServerProcess(data, environment=environment)
    try:
        yield server
    finally:
        server.stop()


@dataclass
class Load:
    """Hits of all clients, by path: those that were acknowledged, and all that were sent."""

    acknowledged: list[str] = field(default_factory=list)
    sent: list[str] = field(default_factory=list)
    statuses: set[int] = field(default_factory=set)
    stopping: Event = field(default_factory=Event)

    def wait_for(self, count: int) -> None:
        """Until so many hits were acknowledged."""
        eventually(lambda: len(self.acknowledged) >= count, timeout=30)

    def keep_sending(self, url: str, site: Site, name: str) -> None:
        """Hits on either wire, one after the other, until the server is gone."""
        number = 0
        with httpx.Client(base_url=url, headers={"User-Agent": BROWSER}) as client:
            while not self.stopping.is_set():
                path = f"/{name}/{number}"
                number += 1
                self.sent.append(path)
                try:
                    status = _send(client, site, path, fathom=bool(number % 2))
                except httpx.TransportError:
                    return
                self.statuses.add(status)
                if status in (200, 204):
                    self.acknowledged.append(path)


def _send(client: httpx.Client, site: Site, path: str, fathom: bool) -> int:
    if fathom:
        page = {"h": "https://example.com", "p": path, "sid": site.code}
        return client.get("/", params=page).status_code
    event = {"a": site.slug, "u": f"https://example.com{path}"}
    return client.post("/event", json=event).status_code


@contextmanager
def under_load(url: str, site: Site, name: str) -> Iterator[Load]:
    """Clients that send hits to `site` until the server is gone or the block ends."""
    load = Load()
    threads = [
        Thread(target=load.keep_sending, args=(url, site, f"{name}/{client}"))
        for client in range(CLIENTS)
    ]
    for thread in threads:
        thread.start()
    try:
        yield load
    finally:
        load.stopping.set()
        for thread in threads:
            thread.join(timeout=30)
        assert not any(thread.is_alive() for thread in threads)


@dataclass
class Owner:
    """What an operator has in hand: the sites, and a token that may do everything."""

    database: Database
    sites: Sites
    secret: str

    def site(self, name: str) -> Site:
        organisation = Organisations(self.database).first()
        new = NewSite(name=name, timezone="UTC", currency="EUR")
        return self.sites.create(organisation.id, new)

    def exists(self, site: Site) -> bool:
        return site in self.sites.list(site.organisation)

    def delete(self, url: str, site: Site) -> None:
        """Through Fathom's API."""
        headers = {"Authorization": f"Bearer {self.secret}"}
        answer = httpx.delete(f"{url}/v1/sites/{site.code}", headers=headers)
        assert answer.status_code == 200


@contextmanager
def owner_of(data: Path) -> Iterator[Owner]:
    database = Database(Settings(data=data).metadata_file)
    organisation = Organisations(database).first()
    token = Tokens(database).create(organisation.id, "owner", Abilities(full=True))
    try:
        yield Owner(database, Sites(database), token.secret)
    finally:
        database.close()


def counted(data: Path) -> Counter[tuple[int, str]]:
    """How often each path of each site is in the warehouse, once the spool is loaded."""
    storage = Storage(Settings(data=data))
    storage.loader.drain()
    rows = storage.warehouse.query("SELECT site_id, path FROM hits")
    storage.warehouse.close()
    return Counter((site, path) for site, path in rows)
