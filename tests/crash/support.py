"""A server in a process of its own, that can be killed, and clients that keep it busy."""

import json
import multiprocessing
import os
import signal
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Event, Thread
from urllib.parse import urlencode, urlsplit

import httpx
from pydantic import SecretStr

from leadline.access import Abilities, Organisations, Tokens
from leadline.cli import main
from leadline.database import Database
from leadline.settings import Settings
from leadline.sites import NewSite, Site, Sites
from leadline.storage import Storage
from tests.crash import clocked, fatal
from tests.support import BROWSER, PATIENCE, eventually

CLIENTS = 4
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["tests.crash.prepared"])


class ServerProcess:
    """`leadline serve` on a free port; it takes hits once this is made.

    It is forked from a process that has imported everything, and set apart from it at once.
    Its log goes to the file `log`, else to where ours goes.
    With `fatal` it kills itself, at a point of `tests.crash.fatal` and a number of times there.
    With `clock` its time of day is that of `tests.crash.clocked`.
    """

    def __init__(
        self,
        data: Path,
        fatal: tuple[str, int] | None = None,
        clock: Path | None = None,
        environment: Mapping[str, str] | None = None,
        log: Path | None = None,
    ) -> None:
        output, theirs = PROCESSES.Pipe(duplex=False)
        given = (data, fatal, clock, dict(environment or {}), log, theirs)
        self._process = PROCESSES.Process(target=_become_a_server, args=given, daemon=True)
        with unmeasured():
            self._process.start()
        theirs.close()
        with open(output.fileno(), closefd=False) as lines:
            line = lines.readline()
        self._output = output  # open as long as the server may print
        assert line.startswith("Leadline serves ") or fatal, line
        self.url = line.split()[-1] if line else ""
        """Empty if it died as it began, over what the one before had left."""

    @property
    def pid(self) -> int:
        assert self._process.pid is not None
        return self._process.pid

    def is_alive(self) -> bool:
        return self._process.is_alive()

    def wait_for_death(self) -> None:
        """Until it has killed itself."""
        self._wait()
        assert self._process.exitcode == -signal.SIGKILL

    def kill(self) -> None:
        """As a power cut would have it, except that the disk keeps what it was given."""
        self._process.kill()
        self._wait()

    def stop(self) -> None:
        self._process.terminate()
        self._wait()

    def _wait(self) -> None:
        self._process.join(PATIENCE)
        assert not self.is_alive(), "the server does not end"


@contextmanager
def unmeasured() -> Iterator[None]:
    """What begins here notes no coverage: whoever is killed could not hand it in."""
    name = "COVERAGE_PROCESS_CONFIG"
    config = os.environ.pop(name, None)
    try:
        yield
    finally:
        if config is not None:
            os.environ[name] = config


def _become_a_server(
    data: Path,
    fatally: tuple[str, int] | None,
    clock: Path | None,
    environment: Mapping[str, str],
    log: Path | None,
    output: Connection,
) -> None:
    """What a forked process does, with the parameters of `ServerProcess`."""
    os.dup2(output.fileno(), sys.stdout.fileno())
    output.close()
    if log is not None:
        with log.open("ab") as file:
            os.dup2(file.fileno(), sys.stderr.fileno())
    # Small segments and a quick loader: as many rotations, drops and commits as can be.
    quick = {"LEADLINE_SPOOL_SEGMENT_BYTES": "4096", "LEADLINE_LOADER_INTERVAL": "0.01"}
    os.environ.update({**quick, **environment})
    if fatally is not None:
        fatal.arrange(*fatally)
    elif clock is not None:
        clocked.arrange(clock)
    main(["serve", "--data", str(data), "--port", "0"])


def warehouse_at(url: str | None) -> dict[str, str]:
    """The environment of a server whose hits are there; without an address in its own files."""
    return {} if url is None else {"LEADLINE_WAREHOUSE_URL": url}


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
        eventually(lambda: len(self.acknowledged) >= count)

    def keep_sending(self, url: str, site: Site, name: str) -> None:
        """Hits on either wire, one after the other, until the server is gone."""
        number = 0
        with closing(HTTPConnection(urlsplit(url).netloc, timeout=PATIENCE)) as connection:
            while not self.stopping.is_set():
                path = f"/{name}/{number}"
                number += 1
                self.sent.append(path)
                try:
                    status = _send(connection, site, path, fathom=bool(number % 2))
                except (OSError, HTTPException):
                    return
                self.statuses.add(status)
                if status in (200, 204):
                    self.acknowledged.append(path)


def _send(connection: HTTPConnection, site: Site, path: str, fathom: bool) -> int:
    headers = {"User-Agent": BROWSER}
    if fathom:
        page = urlencode({"h": "https://example.com", "p": path, "sid": site.code})
        connection.request("GET", f"/?{page}", headers=headers)
    else:
        event = {"a": site.slug, "u": f"https://example.com{path}"}
        connection.request("POST", "/event", json.dumps(event), headers)
    answer = connection.getresponse()
    answer.read()
    return answer.status


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
            thread.join(timeout=PATIENCE)
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

    def hits(self, url: str, site: Site) -> int:
        """As many as the server has in its reports; none while it cannot say."""
        address = f"{url}/api/v1/sites/{site.slug}/pixel/status"
        answer = httpx.get(address, headers={"X-API-Key": self.secret}, verify=False)
        return int(answer.json()["data"]["total_hits"]) if answer.status_code == 200 else 0

    def exists(self, site: Site) -> bool:
        return site in self.sites.list(site.organisation)

    def delete(self, url: str, site: Site) -> None:
        """Through Fathom's API."""
        headers = {"Authorization": f"Bearer {self.secret}"}
        answer = httpx.delete(f"{url}/v1/sites/{site.code}", headers=headers, verify=False)
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


def counted(data: Path, warehouse_url: str | None = None) -> Counter[tuple[int, str]]:
    """How often each path of each site is in the warehouse, once the spool is loaded."""
    url = None if warehouse_url is None else SecretStr(warehouse_url)
    storage = Storage(Settings(data=data, warehouse_url=url))
    storage.loader.drain()
    rows = storage.warehouse.query("SELECT site_id, path FROM hits")
    storage.warehouse.close()
    return Counter((site, path) for site, path in rows)
