"""Run as a process of its own: a log on a disk that is full for a while."""

import json
import resource
import sys
from pathlib import Path

from leadline.spool import Spool
from tests.spool.examples import append, hit, open_spool, paths


def limit_files(size: int) -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))


def tell(directory: Path) -> dict[str, list[str]]:
    story: dict[str, list[str]] = {"acknowledged": [], "refused": []}

    def send(spool: Spool, *names: str) -> None:
        answers = append(spool, *map(hit, names))
        for name, answer in zip(names, answers, strict=True):
            story["refused" if answer else "acknowledged"].append(name)

    with open_spool(directory) as spool:
        for number in range(5):
            send(spool, f"/early/{number}")
        limit_files(1000)  # the open segment takes a part of the next write, then no more
        send(spool, *(f"/burst/{number}" for number in range(20)))
        limit_files(10)
        for number in range(50):
            send(spool, f"/full/{number}")
        limit_files(resource.RLIM_INFINITY)
        for number in range(5):
            send(spool, f"/late/{number}")
        story["read"] = paths(spool)
    return story


if __name__ == "__main__":
    print(json.dumps(tell(Path(sys.argv[1]))))
