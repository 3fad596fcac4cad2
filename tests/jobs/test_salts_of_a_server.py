"""The salts of a server that runs for days: there while hits need them, and then in no file."""

from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import pytest
from sqlalchemy import text

from leadline.backup import back_up
from leadline.database import Location
from leadline.jobs import chores
from tests.collector.hits import fathom, seal
from tests.support import ManualClock, RunningServer, eventually, running_server

ZONES = ("Pacific/Kiritimati", "Asia/Kathmandu", "UTC", "Etc/GMT+12")
A_DAY = timedelta(days=1)
STARTS = ManualClock().now

Found = dict[date, bytes]
"""Salts by their days."""


@pytest.fixture(autouse=True)
def quick_rotation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chores, "ROTATION_SECONDS", 0.02)


def forms_of(salt: bytes) -> list[bytes]:
    encoded = [
        form(b"\0" * before + salt)[-(-before * 4 // 3) : -4]
        for form in (b64encode, urlsafe_b64encode)
        for before in range(3)
    ]
    return [salt, salt[::-1], salt.hex().encode(), salt.hex().upper().encode(), *encoded]


def files_with(directory: Path, salt: bytes) -> list[str]:
    forms = forms_of(salt)
    return [
        str(file.relative_to(directory))
        for file in directory.rglob("*")
        if file.is_file() and _holds(file, forms)
    ]


def _holds(file: Path, forms: list[bytes]) -> bool:
    try:
        content = file.read_bytes()
    except FileNotFoundError:  # a file of the spool, which was loaded
        return False
    return any(form in content for form in forms)


def salts_in(server: RunningServer) -> Found:
    with server.leadline.database.reading() as connection:
        rows = connection.execute(text("SELECT day, salt FROM daily_salts")).all()
    return {date.fromisoformat(str(day)): bytes(salt) for day, salt in rows}


def should_be_gone(day: date, now: datetime) -> bool:
    """24 hours after the day has ended where it ends last."""
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo("Etc/GMT+12"))
    return noon + timedelta(hours=12) + A_DAY <= now


@contextmanager
def serving(data: Path, clock: ManualClock, location: Location) -> Iterator[RunningServer]:
    url = location if isinstance(location, str) else None
    # Small files, so that the search finds some of every kind.
    with running_server(data, clock=clock, spool_segment_bytes=4096, database_url=url) as server:
        yield server


def take_hits(server: RunningServer) -> None:
    """On either wire and from a program, in the first and the last zone of the world."""
    for zone in ZONES:
        slug = zone.lower().replace("/", "-").replace("+", "-")
        if server.leadline.snapshot.find(slug) is None:
            server.site(slug, slug=slug, timezone=zone)
        assert fathom(server, slug).status_code == 200
        assert seal(server, slug).status_code == 204
        told = {"site_id": slug, "url": "https://shop.example/", "ip": "::1", "user_agent": "X"}
        with server.client("*") as client:
            assert client.post("/api/v1/hits", json=told).status_code == 202


def take_hits_and_wait(server: RunningServer, clock: ManualClock) -> Found:
    """The salts there are when the jobs have done what is to be done at this moment."""
    take_hits(server)
    server.leadline.storage.loader.catch_up()
    newest = (clock.now + timedelta(hours=14)).date()
    return eventually(lambda: found if newest in (found := salts_in(server)) else {})


def test_a_salt_is_there_while_it_is_needed_and_then_in_no_file(
    tmp_path: Path, location: Location
) -> None:
    clock, known = ManualClock(), Found()
    data = tmp_path / "data"
    with serving(data, clock, location) as server:
        for step in range(13):
            salts = take_hits_and_wait(server, clock)
            for day, salt in salts.items():
                assert known.setdefault(day, salt) == salt, f"{day} has got another salt"
            if step % 4 == 0:
                file = data / f"{step}.tar"
                back_up(server.settings, server.leadline.database, file)
            now = clock.now
            gone = {day for day in known if should_be_gone(day, now)}
            eventually(lambda: salts_in(server).keys() == known.keys() - gone)  # noqa: B023
            for day, salt in known.items():
                if day in gone:
                    eventually(lambda: files_with(data, salt) == [])  # noqa: B023
                elif not isinstance(location, str):
                    where = {name.partition("-")[0] for name in files_with(data, salt)}
                    assert where == {"leadline.sqlite3"}
            clock.advance(hours=12)
    assert len(gone) >= 4
    assert not any(files_with(data, known[day]) for day in gone)


def test_a_server_that_was_down_when_it_was_time_destroys_them_as_it_starts(
    tmp_path: Path, location: Location, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = ManualClock()
    with serving(tmp_path, clock, location) as server:
        before = take_hits_and_wait(server, clock)
    clock.advance(days=5)
    monkeypatch.setattr(chores, "ROTATION_SECONDS", 3600.0)  # nothing but the start
    with serving(tmp_path, clock, location) as server:
        httpx.get(server.url + "/livez", verify=False).raise_for_status()
        assert not salts_in(server).keys() & before.keys()
        assert not [name for salt in before.values() for name in files_with(tmp_path, salt)]


@pytest.mark.parametrize("jump", [timedelta(days=4), timedelta(days=366 * 64)])
def test_salts_of_a_clock_that_was_ahead_go_when_it_is_set_right(
    tmp_path: Path, location: Location, jump: timedelta
) -> None:
    clock = ManualClock()
    with serving(tmp_path, clock, location) as server:
        before = take_hits_and_wait(server, clock)
        clock.now += jump
        ahead = take_hits_and_wait(server, clock)
        eventually(lambda: not salts_in(server).keys() & before.keys())
        clock.now = STARTS
        after = take_hits_and_wait(server, clock)
        eventually(lambda: salts_in(server).keys() == before.keys())
        for salt in {*before.values(), *ahead.values()} - {*after.values()}:
            eventually(lambda: files_with(tmp_path, salt) == [])  # noqa: B023
        assert not {*before.values()} & {*salts_in(server).values()}


def test_salts_outlive_a_clock_that_goes_back_a_little_and_no_other(
    tmp_path: Path, location: Location
) -> None:
    clock = ManualClock()
    with serving(tmp_path, clock, location) as server:
        before = take_hits_and_wait(server, clock)
        clock.advance(hours=-1)
        assert take_hits_and_wait(server, clock).items() >= before.items()
        clock.advance(days=-3)
        take_hits_and_wait(server, clock)
        present = STARTS.astimezone(UTC).date()
        eventually(lambda: present not in salts_in(server))
        eventually(lambda: files_with(tmp_path, before[present]) == [])


def test_the_search_finds_what_there_is(tmp_path: Path) -> None:
    salt = bytes(range(200, 232))
    for number, form in enumerate(forms_of(salt)):
        (tmp_path / "file").write_bytes(b"before" + form + b"behind")
        assert files_with(tmp_path, salt) == ["file"], number
    for before in range(6):
        (tmp_path / "file").write_bytes(b64encode(b"x" * before + salt + b"behind"))
        assert files_with(tmp_path, salt) == ["file"], before
    (tmp_path / "file").write_bytes(b64encode(b"x" + salt[:16]))
    assert files_with(tmp_path, salt) == []
