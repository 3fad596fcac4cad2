"""A clock that jumps under a server: nothing is lost or counted twice, and the salts still go.

Only the time of day is false: a clock that counts seconds does not jump.
"""

from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from leadline.database import Database
from leadline.settings import Settings
from leadline.sites import Site
from leadline.visitors.salts import daily_salts
from tests.crash.support import Owner, ServerProcess, counted, owner_of, under_load
from tests.support import eventually

DAY, YEAR = timedelta(days=1), timedelta(days=365)
HOUR = timedelta(hours=1)
JUMPS = (HOUR, -HOUR, 3 * DAY, -3 * DAY, -55 * YEAR, 64 * YEAR, timedelta())
NONE = timedelta()


class FalseClock:
    """The time of day of the servers that have it, as far off as was said last."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.set(NONE)

    def set(self, off: timedelta) -> None:
        new = self.file.with_suffix(".new")
        new.write_text(str(off.total_seconds()))
        new.replace(self.file)


def jumping(data: Path) -> str:
    """Under load, with a kill after every second jump."""
    clock = FalseClock(data / "clock")
    acknowledged: set[str] = set()
    sent: set[str] = set()
    with owner_of(data / "data") as owner:
        site, afterwards = owner.site("Jumps"), owner.site("Afterwards")
        server = ServerProcess(data / "data", clock=clock.file)
        for number, off in enumerate(JUMPS):
            with under_load(server.url, site, f"jump-{number}") as load:
                load.wait_for(50)
                clock.set(off)
                load.wait_for(len(load.acknowledged) + 150)
                if number % 2:
                    server.kill()
            assert load.statuses <= {200, 204, 503}
            acknowledged.update(load.acknowledged)
            sent.update(load.sent)
            if number % 2:
                server = ServerProcess(data / "data", clock=clock.file)
        _check_that_hits_are_seen(server, owner, afterwards)
        server.stop()
    found = counted(data / "data")
    assert set(found.values()) == {1}
    paths = {path for of, path in found if of == site.id}
    assert acknowledged <= paths, f"{len(acknowledged - paths)} are lost"
    assert paths <= sent
    return f"{len(JUMPS)} jumps, {len(acknowledged):,} hits acknowledged and stored once"


def _check_that_hits_are_seen(server: ServerProcess, owner: Owner, site: Site) -> None:
    """Nothing that is left of other times holds up those of now."""
    with under_load(server.url, site, "afterwards") as load:
        load.wait_for(20)
    eventually(lambda: owner.hits(server.url, site) >= len(load.acknowledged))


def salts(data: Path) -> str:
    """They are gone from every file when their time is over, wherever the clock has been."""
    clock = FalseClock(data / "clock")
    with owner_of(data / "data") as owner:
        site = owner.site("Salted")
        first = _after_hits(data / "data", clock, site, NONE)
        assert _files_with(data, first), "the search finds nothing"
        _after_hits(data / "data", clock, site, -3 * DAY)
        later = _after_hits(data / "data", clock, site, 4 * DAY)
        assert _files_with(data, first) == []
        far = _after_hits(data / "data", clock, site, 64 * YEAR)
        assert _files_with(data, first | later) == []
        now = _after_hits(data / "data", clock, site, NONE)
        assert _files_with(data, first | later | far) == []
        with _served(data / "data", clock) as server:
            clock.set(4 * DAY)
            eventually(lambda: _files_with(data, now) == [])
            server.stop()
    return "none is left of days that are over, nor of days to come"


def salts_of_a_server_that_was_down(data: Path) -> str:
    """As `salts`, without waiting for what a server does once a minute."""
    clock = FalseClock(data / "clock")
    with owner_of(data / "data") as owner:
        site = owner.site("Salted")
        first = _after_hits(data / "data", clock, site, NONE)
        assert _files_with(data, first), "the search finds nothing"
        far = _after_hits(data / "data", clock, site, 64 * YEAR)
        assert _files_with(data, first) == []
        assert _files_with(data, far)
        _after_hits(data / "data", clock, site, NONE)
        assert _files_with(data, first | far) == []
    return "none is left"


def _after_hits(data: Path, clock: FalseClock, site: Site, off: timedelta) -> set[bytes]:
    """The salts there are once a server has taken hits at this time, and was killed."""
    clock.set(off)
    with _served(data, clock) as server:
        with under_load(server.url, site, f"off-{off.days}-{server.pid}") as load:
            load.wait_for(20)
        server.kill()
    database = Database(Settings(data=data).metadata_file)
    with database.reading() as connection:
        found = {bytes(row.salt) for row in connection.execute(daily_salts.select())}
    database.close()
    return found


@contextmanager
def _served(data: Path, clock: FalseClock) -> Iterator[ServerProcess]:
    server = ServerProcess(data, clock=clock.file)
    try:
        yield server
    finally:
        if server.is_alive():
            server.kill()


def _files_with(directory: Path, secrets: set[bytes]) -> list[str]:
    forms: tuple[Callable[[bytes], bytes], ...] = (
        bytes,
        lambda secret: secret.hex().encode(),
        lambda secret: secret.hex().upper().encode(),
        lambda secret: b64encode(secret).rstrip(b"="),
    )
    traces = [form(secret) for form in forms for secret in secrets]
    return [
        file.name
        for file in directory.rglob("*")
        if file.is_file() and any(trace in file.read_bytes() for trace in traces)
    ]
