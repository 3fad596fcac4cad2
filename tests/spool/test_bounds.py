"""Bounds: who comes when they are reached is refused; what was acknowledged stays."""

import asyncio
import os
from pathlib import Path
from threading import Event

import pytest

from leadline.spool import Bounds, Spool, SpoolUnavailable, frames
from tests.spool.examples import START, append, append_each, hit, paths

FRAME = len(frames.frame(frames.encode(hit("/1"))))


def bounded(directory: Path, **bounds: int) -> Spool:
    given = {"spool_bytes": 10**9, "free_bytes": 0} | bounds
    spool = Spool(directory, 2 * FRAME, START, Bounds(**given))
    spool.start()
    return spool


def is_refused(spool: Spool, name: str) -> bool:
    (answer,) = append(spool, hit(name))
    return isinstance(answer, SpoolUnavailable)


def test_a_full_spool_refuses_until_something_is_dropped(tmp_path: Path) -> None:
    spool = bounded(tmp_path, spool_bytes=6 * FRAME - 1)
    append_each(spool, [hit(f"/{number}") for number in range(5)])
    assert is_refused(spool, "/6")
    assert is_refused(spool, "/7")
    status = spool.status()
    assert (status.bytes, status.refused) == (5 * FRAME, 2)
    assert "the spool holds" in spool.status().bound
    assert paths(spool) == [f"/{number}" for number in range(5)]
    batch = spool.read(START)
    assert batch is not None
    spool.drop(batch.end._replace(segment=2))
    assert spool.status().bound == ""
    assert not is_refused(spool, "/8")
    assert spool.status().bytes == 4 * FRAME
    spool.close()


def test_what_is_loaded_of_the_open_segment_makes_room(tmp_path: Path) -> None:
    spool = Spool(tmp_path, 100 * FRAME, START, Bounds(spool_bytes=5 * FRAME, free_bytes=0))
    spool.start()
    append_each(spool, [hit(f"/{number}") for number in range(5)])
    assert is_refused(spool, "/6")
    assert paths(spool) == [f"/{number}" for number in range(5)]
    spool.drop(spool.end)
    assert not is_refused(spool, "/7")
    assert paths(spool) == ["/7"]
    spool.close()


def test_what_a_restart_finds_counts(tmp_path: Path) -> None:
    spool = bounded(tmp_path)
    append_each(spool, [hit(f"/{number}") for number in range(5)])
    spool.close()
    spool = bounded(tmp_path, spool_bytes=5 * FRAME - 1)
    assert "the spool holds" in spool.status().bound
    assert is_refused(spool, "/5")
    assert len(paths(spool)) == 5
    spool.close()


def test_the_last_of_the_disk_is_left_alone(tmp_path: Path) -> None:
    disk = os.statvfs(tmp_path)
    free = disk.f_bavail * disk.f_frsize
    spool = bounded(tmp_path, free_bytes=2 * free)
    assert "of the disk are free" in spool.status().bound
    assert is_refused(spool, "/1")
    assert paths(spool) == []
    spool.close()
    spool = bounded(tmp_path, free_bytes=free // 2)
    assert not is_refused(spool, "/1")
    spool.close()


def test_a_disk_that_hangs_does_not_fill_the_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    goes_on, hangs = Event(), Event()
    sync = os.fdatasync

    def hang(handle: int) -> None:
        hangs.set()
        assert goes_on.wait(30)
        sync(handle)

    monkeypatch.setattr("leadline.spool.log.PENDING_BYTES", 10 * FRAME)
    monkeypatch.setattr(os, "fdatasync", hang)
    spool = bounded(tmp_path)

    async def crowd() -> list[bool]:
        """Whether each was refused, in the order in which they came."""
        first = asyncio.ensure_future(spool.append(hit("/0")))
        while not hangs.is_set():
            await asyncio.sleep(0)
        more = [asyncio.ensure_future(spool.append(hit(f"/{n}"))) for n in range(1, 20)]
        await asyncio.wait(more, return_when=asyncio.FIRST_COMPLETED)
        assert not first.done()
        goes_on.set()
        answers = await asyncio.gather(first, *more, return_exceptions=True)
        return [isinstance(answer, SpoolUnavailable) for answer in answers]

    refused = asyncio.run(crowd())
    kept = refused.index(True)
    assert refused == [False] * kept + [True] * (20 - kept)
    assert 10 <= kept <= 13
    assert paths(spool) == [f"/{number}" for number in range(kept)]
    assert spool.status().refused == 20 - kept
    spool.close()


def test_commits_are_timed(tmp_path: Path) -> None:
    spool = bounded(tmp_path)
    append_each(spool, [hit("/1"), hit("/2")])
    commits = spool.status().commits
    assert sum(commits.counts) == 2
    assert 0 < commits.seconds < 20
    spool.close()
