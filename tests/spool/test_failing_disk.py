"""When the disk fails: nobody gets a false yes, nothing that got one is lost, and it goes on."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from errno import EIO
from pathlib import Path
from typing import Any

import pytest

from leadline.spool import Spool, SpoolUnavailable, segments
from tests.spool.examples import append, append_each, hit, open_spool, paths
from tests.support import PATIENCE, eventually


def refused(spool: Spool, *names: str) -> bool:
    return [type(answer) for answer in append(spool, *map(hit, names))] == [SpoolUnavailable] * len(
        names
    )


@contextmanager
def broken(segment: Path, stand_in: int) -> Iterator[None]:
    """Put another file in the place of an open segment, so that the kernel itself refuses."""
    handles = [
        int(link.name)
        for link in Path("/proc/self/fd").iterdir()
        if link.is_symlink() and os.path.realpath(link) == str(segment)
    ]
    (handle,) = handles
    os.dup2(stand_in, handle)
    try:
        yield
    finally:
        os.close(stand_in)


def test_a_write_that_fails_is_answered_with_no(tmp_path: Path) -> None:
    with open_spool(tmp_path) as spool:
        append_each(spool, [hit("/before")])
        with broken(tmp_path / "0000000001.spool", os.open("/dev/full", os.O_WRONLY)):
            assert refused(spool, "/lost", "/lost too")
        append_each(spool, [hit("/after")])
        assert paths(spool) == ["/before", "/after"]
        assert spool.segments() == [1, 2]


def test_a_sync_that_fails_is_answered_with_no(tmp_path: Path) -> None:
    with open_spool(tmp_path) as spool:
        append_each(spool, [hit("/before")])
        reader, writer = os.pipe()  # takes the write, but cannot be synced
        with broken(tmp_path / "0000000001.spool", writer):
            assert refused(spool, "/lost")
        os.close(reader)
        append_each(spool, [hit("/after")])
        assert paths(spool) == ["/before", "/after"]


def test_a_segment_that_cannot_be_begun_costs_no_hit(tmp_path: Path) -> None:
    directory, elsewhere = tmp_path / "spool", tmp_path / "elsewhere"
    with open_spool(directory) as spool:
        append_each(spool, [hit("/before")])
        directory.rename(elsewhere)
        spool.roll()
        eventually(lambda: spool.end.segment == 2)
        elsewhere.rename(directory)
        append_each(spool, [hit("/after")])
        assert paths(spool) == ["/before", "/after"]


def test_a_directory_that_is_gone_for_a_while(tmp_path: Path) -> None:
    here, elsewhere = tmp_path / "spool", tmp_path / "elsewhere"
    with open_spool(here, segment_bytes=1) as spool:
        append_each(spool, [hit("/before")])
        here.rename(elsewhere)
        for _ in range(3):
            assert refused(spool, "/lost")
        elsewhere.rename(here)
        append_each(spool, [hit("/after")])
        assert paths(spool) == ["/before", "/after"]
    with open_spool(here) as spool:
        assert paths(spool) == ["/before", "/after"]


def failing(*given: Any) -> None:
    raise OSError(EIO, "Input/output error")


def test_a_file_that_cannot_be_closed_costs_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    close = os.close

    def close_badly(handle: int) -> None:
        name = os.readlink(f"/proc/self/fd/{handle}")
        close(handle)
        if name.endswith(".spool"):
            failing()

    with open_spool(tmp_path, segment_bytes=1) as spool:
        append_each(spool, [hit("/before")])
        monkeypatch.setattr(os, "close", close_badly)
        append_each(spool, [hit("/after"), hit("/later")])
        monkeypatch.undo()
        assert paths(spool) == ["/before", "/after", "/later"]


def test_whatever_goes_wrong_everybody_is_answered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def surprise(*given: Any) -> None:
        raise RuntimeError("surprise")

    with open_spool(tmp_path) as spool:
        monkeypatch.setattr(os, "fdatasync", surprise)
        assert refused(spool, "/lost")
        monkeypatch.undo()
        append_each(spool, [hit("/after")])
        assert paths(spool) == ["/after"]


def test_segments_that_cannot_be_begun_leave_no_heap_of_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_spool(tmp_path, segment_bytes=1) as spool:
        append_each(spool, [hit("/before")])
        monkeypatch.setattr(segments, "sync_directory", failing)
        for _ in range(20):
            assert refused(spool, "/lost")
        assert spool.segments() == [1]
        monkeypatch.undo()
        append_each(spool, [hit("/after")])
        assert paths(spool) == ["/before", "/after"]


def test_a_segment_is_in_its_directory_before_a_hit_in_it_is_acknowledged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    sync_directory, fdatasync = segments.sync_directory, os.fdatasync

    def synced(directory: Path) -> None:
        sync_directory(directory)
        done.append("directory")

    def written(handle: int) -> None:
        fdatasync(handle)
        done.append("hit")

    with open_spool(tmp_path, segment_bytes=1) as spool:
        monkeypatch.setattr(segments, "sync_directory", synced)
        monkeypatch.setattr(os, "fdatasync", written)
        for name in ("/1", "/2", "/3"):
            append_each(spool, [hit(name)])
            done.append("answer")
        monkeypatch.undo()
    assert done == ["hit", "answer", *["directory", "hit", "answer"] * 2]


def test_what_was_refused_is_not_found_after_a_restart_although_it_could_not_be_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_spool(tmp_path) as spool:
        append_each(spool, [hit("/before")])
        with monkeypatch.context() as broken:
            broken.setattr(os, "truncate", failing)
            with monkeypatch.context() as unsynced:
                unsynced.setattr(os, "fdatasync", failing)
                assert refused(spool, "/lost")
            assert refused(spool, "/lost too")
            assert spool.segments() == [1]
        append_each(spool, [hit("/after")])
    with open_spool(tmp_path) as spool:
        assert paths(spool) == ["/before", "/after"]


@pytest.fixture(scope="module")
def full_disk(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, list[str]]]:
    """A log whose process could write no file beyond some bytes, for a while."""
    directory = tmp_path_factory.mktemp("full")
    done = subprocess.run(
        [sys.executable, "-m", "tests.spool.full_disk", str(directory)],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=True,
    )
    return directory, json.loads(done.stdout.splitlines()[-1])  # after the log


def test_a_full_disk_loses_nothing_that_was_acknowledged(
    full_disk: tuple[Path, dict[str, list[str]]],
) -> None:
    directory, story = full_disk
    assert story["acknowledged"]
    assert story["refused"]
    assert story["read"] == story["acknowledged"]
    with open_spool(directory) as spool:
        assert paths(spool) == story["acknowledged"]


def test_a_full_disk_leaves_no_heap_of_empty_segments(
    full_disk: tuple[Path, dict[str, list[str]]],
) -> None:
    directory, story = full_disk
    assert len(story["refused"]) >= 50
    assert len(list(directory.iterdir())) < 10
