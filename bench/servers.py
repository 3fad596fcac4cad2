"""Servers in processes of their own, on the first processor; the load runs on the last."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from bench.machine import peak_mb

PROCESSORS = sorted(os.sched_getaffinity(0))


class Server(NamedTuple):
    port: int
    process: subprocess.Popen[bytes]
    seconds_to_healthy: float

    def resident_mb(self) -> float:
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6

    def peak_mb(self) -> float:
        return peak_mb(self.process.pid)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def use_last_processor() -> None:
    os.sched_setaffinity(0, PROCESSORS[-1:])


@contextmanager
def started(
    arguments: list[str], port: int, health: str, processors: list[int]
) -> Iterator[Server]:
    """A server that answers `health`; it is ended, and waited for, when the block is left."""
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", *arguments],
        env=os.environ | {"LEADLINE_SEAL_RATE_LIMIT": "1000000000"},
        stdout=subprocess.DEVNULL,
    )
    os.sched_setaffinity(process.pid, processors)
    try:
        while not _answers(f"http://127.0.0.1:{port}{health}"):
            assert process.poll() is None, "the server ended"
            assert time.perf_counter() - began < 60, "the server does not answer"
            time.sleep(0.01)
        yield Server(port, process, time.perf_counter() - began)
    finally:
        process.terminate()
        process.wait(30)


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=1) as answer:
            return bool(answer.status < 300)
    except OSError:
        return False


@contextmanager
def noop_server() -> Iterator[Server]:
    port = free_port()
    with started(["bench.noop", str(port)], port, "/noop/health", PROCESSORS[:1]) as server:
        yield server


@contextmanager
def leadline_server(data: Path, processors: list[int] = PROCESSORS[:1]) -> Iterator[Server]:
    port = free_port()
    arguments = ["leadline", "serve", "--data", str(data), "--port", str(port)]
    with started(arguments, port, "/health", processors) as server:
        yield server
