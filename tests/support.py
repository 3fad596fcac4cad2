"""What tests of several rooms share: a real server on a free port, a clock that is set by hand."""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread
from typing import Any, TypeVar

import httpx
import structlog
import uvicorn

from leadline.access import abilities_of, parse_ability
from leadline.app import Leadline
from leadline.clock import Clock, utc_now
from leadline.settings import Settings
from leadline.sites import NewSite, Site
from leadline.storage import sole_use

Found = TypeVar("Found")

BROWSER = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36"


class ManualClock:
    """A clock that stands until it is moved."""

    def __init__(self, now: datetime = datetime(2026, 3, 10, 12, tzinfo=UTC)) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **spans: float) -> None:
        self.now += timedelta(**spans)


PATIENCE = 120.0
"""Seconds after which a test believes that something will not come. How soon it comes, a test
does not judge: that is measured, by `make bench`."""


def eventually(look: Callable[[], Found], timeout: float = PATIENCE) -> Found:
    """What `look` answers as soon as it is true; fails when it is not within `timeout` seconds."""
    deadline = time.monotonic() + timeout
    while True:
        found = look()
        if found:
            return found
        assert time.monotonic() < deadline, f"still {found!r} after {timeout} seconds"
        time.sleep(0.02)


@contextmanager
def own_logs() -> Iterator[None]:
    """Whatever configures this process's log lines inside: afterwards they go where they went."""
    root = logging.getLogger()
    handlers, level, before = root.handlers, root.level, structlog.get_config()
    try:
        yield
    finally:
        root.handlers = handlers
        root.setLevel(level)
        structlog.configure(**before)


@dataclass
class RunningServer:
    """A server on 127.0.0.1, in a thread of this process."""

    url: str
    leadline: Leadline
    settings: Settings
    stop: Callable[[], None]
    """Asks it to end; it ends with the block in any case."""

    def token(self, *abilities: str) -> str:
        """The secret of a new token; a site in an ability is named by code or slug."""
        organisation = self.leadline.organisations.first()
        pairs = []
        for kind, name in map(parse_ability, abilities):
            site = None if name is None else self.leadline.sites.get(organisation.id, name).id
            pairs.append((kind, site))
        return self.leadline.tokens.create(organisation.id, "test", abilities_of(pairs)).secret

    def client(self, *abilities: str, token: str | None = None) -> httpx.Client:
        """A client with a token of these abilities, or with this one."""
        secret = token if token is not None else self.token(*abilities)
        headers = {"Authorization": f"Bearer {secret}", "User-Agent": BROWSER}
        return httpx.Client(base_url=self.url, headers=headers, timeout=PATIENCE, verify=False)

    def site(self, name: str = "Acme", **fields: object) -> Site:
        organisation = self.leadline.organisations.first()
        values = {"name": name, "timezone": "UTC", "currency": "EUR"} | fields
        return self.leadline.sites.create(organisation.id, NewSite(**values))  # type: ignore[arg-type]


@contextmanager
def running_server(
    data: Path, *, keep_alive: float = 5.0, clock: Clock = utc_now, **options: object
) -> Iterator[RunningServer]:
    """A server on a free port, stopped at the end; `options` are settings."""
    quick: dict[str, Any] = {"loader_interval": 0.05, "browser": "none"}
    settings = Settings(data=data, port=0, **(quick | options))
    with sole_use(settings):
        leadline = Leadline(settings, clock)
        config = uvicorn.Config(
            leadline,
            host="127.0.0.1",
            port=0,
            http=leadline.protocol,
            ws="none",
            lifespan="on",
            proxy_headers=False,
            server_header=False,
            log_config=None,
            timeout_keep_alive=keep_alive,  # type: ignore[arg-type]
            timeout_graceful_shutdown=5,
        )
        server = uvicorn.Server(config)
        thread = Thread(target=server.run, name="server", daemon=True)
        thread.start()
        eventually(lambda: server.started)
        port = server.servers[0].sockets[0].getsockname()[1]

        def stop() -> None:
            server.should_exit = True

        try:
            yield RunningServer(f"http://127.0.0.1:{port}", leadline, settings, stop)
        finally:
            stop()
            thread.join(timeout=PATIENCE)
            assert not thread.is_alive()
