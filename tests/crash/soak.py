"""`make soak`: a hundred deaths under load; a disk that fails, hangs, is full; a clock that jumps.

It says what it checked, hit by hit, and fails when one is lost or counted twice.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

from bench.machine import shape
from tests.clickhouse import running_clickhouse
from tests.clickhouse_http import listening
from tests.collector import fuzzing
from tests.crash import clocks, disks
from tests.crash.fatal import POINTS
from tests.crash.rounds import Rounds
from tests.crash.support import owner_of

ANYWHERE = 100
AT_EACH_POINT = 20
MALFORMED = 100_000


def anywhere(data: Path) -> str:
    with owner_of(data) as owner:
        rounds = Rounds(data, owner, Random())
        for _ in range(ANYWHERE):
            rounds.kill_anywhere()
        return f"{ANYWHERE} deaths anywhere, {rounds.check():,} hits acknowledged and stored once"


def at(point: str) -> Callable[[Path], str]:
    def soak(data: Path) -> str:
        with owner_of(data) as owner:
            rounds = Rounds(data, owner, Random())
            for _ in range(AT_EACH_POINT):
                rounds.die_at(point)
            count = rounds.check()
        return f"{AT_EACH_POINT} deaths at {point}, {count:,} hits acknowledged and stored once"

    return soak


def in_clickhouse(data: Path) -> str:
    with (
        running_clickhouse() as inside,
        listening(inside.url(data)) as line,
        owner_of(data) as owner,
    ):
        rounds = Rounds(data, owner, Random(), line.url())
        for _ in range(AT_EACH_POINT):
            rounds.kill_anywhere()
            for point in POINTS:
                rounds.die_at(point)
        count = rounds.check()
    deaths = f"{AT_EACH_POINT} deaths anywhere and at each point"
    return f"{deaths}, {count:,} hits acknowledged and stored once"


def malformed(data: Path) -> str:
    counted = fuzzing.run(data, MALFORMED)
    told = ", ".join(f"{count:,} times {status}" for status, count in sorted(counted.items()))
    return f"{MALFORMED:,} malformed hits: {told}"


SOAKS: dict[str, Callable[[Path], str]] = {
    "anywhere": anywhere,
    **{point: at(point) for point in POINTS},
    "clickhouse": in_clickhouse,
    "failing disk": disks.failing,
    "hanging disk": disks.hanging,
    "full disk": disks.full,
    "clock": clocks.jumping,
    "salts": clocks.salts,
    "malformed": malformed,
}


def main(wanted: list[str]) -> None:
    print(shape())
    for name in wanted or SOAKS:
        with tempfile.TemporaryDirectory(prefix="leadline-soak-") as directory:
            began = time.monotonic()
            told = SOAKS[name](Path(directory))
            print(f"{name:14}{time.monotonic() - began:6.0f} s  {told}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
