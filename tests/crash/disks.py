"""Disks that fail, hang or are full under a server: no false yes, and nothing lost.

What makes them so is the kernel: strace's fault injection, and a small file system in memory.
"""

import os
import resource
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from leadline.sites import Site
from tests.crash.support import (
    ServerProcess,
    counted,
    owner_of,
    serving,
    under_load,
    warehouse_at,
)
from tests.support import eventually

HANGS = 2.0
"""Seconds that each fdatasync takes on the disk that hangs."""


@contextmanager
def faulty(server: ServerProcess, fault: str) -> Iterator[None]:
    """While inside, each fdatasync of the server has this fault."""
    command = ["strace", "-f", "-q", "-o", "/dev/null", "-e", "trace=fdatasync"]
    strace = subprocess.Popen(
        [*command, "-e", f"inject=fdatasync:{fault}", "-p", str(server.pid)],
        stderr=subprocess.DEVNULL,
    )
    try:
        eventually(lambda: _is_traced(server))
        yield
    finally:
        strace.terminate()
        strace.wait(30)


def _is_traced(server: ServerProcess) -> bool:
    """Every thread of it."""
    return not any(
        "TracerPid:\t0" in (task / "status").read_text()
        for task in Path(f"/proc/{server.pid}/task").iterdir()
    )


def failing(data: Path, warehouse_url: str | None = None) -> str:
    """Hits of a disk that fails get 503, and count when they are sent again."""
    with owner_of(data) as owner:
        site = owner.site("Fails")
        with serving(data, **warehouse_at(warehouse_url)) as server:
            with under_load(server.url, site, "before") as before:
                before.wait_for(200)
            with faulty(server, "error=EIO"), under_load(server.url, site, "failing") as during:
                eventually(lambda: len(during.sent) >= 100)
            assert during.acknowledged == [], "a hit was acknowledged that is not on disk"
            with under_load(server.url, site, "after") as after:
                after.wait_for(200)
            acknowledged = {*before.acknowledged, *after.acknowledged}
            eventually(lambda: owner.hits(server.url, site) >= len(acknowledged))
    sent = {*before.sent, *during.sent, *after.sent}
    _check(data, site, acknowledged, sent, warehouse_url)
    return f"{len(during.sent):,} hits refused, {len(acknowledged):,} before and after stored once"


def hanging(data: Path) -> str:
    """Nobody is answered before the disk has answered."""
    with owner_of(data) as owner:
        site = owner.site("Hangs")
        with serving(data) as server:
            with under_load(server.url, site, "before") as before:
                before.wait_for(200)
            with faulty(server, f"delay_enter={int(HANGS * 1_000_000)}"):
                began = time.monotonic()
                with under_load(server.url, site, "hanging") as hanging:
                    hanging.wait_for(1)
                    took = time.monotonic() - began
                    hanging.wait_for(20)
            assert took >= HANGS, f"somebody was answered after {took:.2f} s"
            assert hanging.statuses == {200, 204}
    _check(
        data,
        site,
        {*before.acknowledged, *hanging.acknowledged},
        {*before.sent, *hanging.sent},
    )
    return f"each fdatasync took {HANGS:.0f} s, the first answer came after {took:.2f} s"


def full(data: Path) -> str:
    """Hits are refused before the disk is full and when it is, and taken when it is not."""
    small = data / "small"
    with _small_file_system(small, megabytes=48) as is_mounted:
        reserve = 8 * 1024**2
        with owner_of(small / "data") as owner:
            site = owner.site("Full")
            ballast = small / "ballast"
            with serving(small / "data", LEADLINE_DISK_RESERVE_BYTES=str(reserve)) as server:
                with under_load(server.url, site, "before") as before:
                    before.wait_for(200)
                if is_mounted:
                    free = shutil.disk_usage(small).free
                    ballast.write_bytes(bytes(free - reserve // 2))
                with under_load(server.url, site, "reserve") as reserved:
                    eventually(lambda: len(reserved.sent) >= 100)
                ballast.unlink(missing_ok=True)
                assert not is_mounted or reserved.acknowledged == []
            with serving(small / "data", LEADLINE_DISK_RESERVE_BYTES="0") as server:
                with under_load(server.url, site, "begun") as begun:
                    begun.wait_for(20)
                no_space = _filled(ballast) if is_mounted else _files_at_their_largest(server)
                with no_space, under_load(server.url, site, "full") as none_left:
                    eventually(lambda: len(none_left.sent) >= 300)
                assert none_left.statuses <= {200, 204, 503}
                assert 503 in none_left.statuses
                with under_load(server.url, site, "after") as after:
                    after.wait_for(200)
                loads = (before, reserved, begun, none_left, after)
                acknowledged = {path for load in loads for path in load.acknowledged}
                eventually(lambda: owner.hits(server.url, site) >= len(acknowledged))
            _check(
                small / "data", site, acknowledged, {path for load in loads for path in load.sent}
            )
        refused = sum(len(load.sent) for load in loads) - len(acknowledged)
    where = "a small tmpfs" if is_mounted else "a limit on the size of files"
    return f"{where}: {refused:,} hits refused, {len(acknowledged):,} stored once"


@contextmanager
def _filled(ballast: Path) -> Iterator[None]:
    """While nothing is left: written until the disk takes no more."""
    handle = os.open(ballast, os.O_CREAT | os.O_WRONLY)
    size = 1024**2
    while size:
        try:
            os.write(handle, bytes(size))
        except OSError:
            size //= 2
    os.close(handle)
    yield
    ballast.unlink()


@contextmanager
def _files_at_their_largest(server: ServerProcess) -> Iterator[None]:
    """While no file of the server may grow, for whoever cannot mount a file system."""
    soft, hard = resource.prlimit(server.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(server.pid, resource.RLIMIT_FSIZE, (1, hard))
    yield
    resource.prlimit(server.pid, resource.RLIMIT_FSIZE, (soft, hard))


@contextmanager
def _small_file_system(place: Path, megabytes: int) -> Iterator[bool]:
    """A file system of its own, if this user may have one."""
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(place)]
    is_mounted = subprocess.run(mount, capture_output=True, check=False).returncode == 0
    try:
        yield is_mounted
    finally:
        if is_mounted:
            subprocess.run(["umount", str(place)], check=True)


def _check(
    data: Path,
    site: Site,
    acknowledged: set[str],
    sent: set[str],
    warehouse_url: str | None = None,
) -> None:
    found = counted(data, warehouse_url)
    assert set(found.values()) == {1}
    paths = {path for of, path in found if of == site.id}
    assert acknowledged <= paths, f"{len(acknowledged - paths)} are lost"
    assert paths <= sent
