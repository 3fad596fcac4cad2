"""ClickHouse in a process of its own, which can be stopped, killed and started again.

python -m tests.clickhouse_process DIRECTORY PORT
"""

import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import chdb

from tests.clickhouse_http import PASSWORD, Line
from tests.support import PATIENCE

DATABASE = "stats"


class ClickHouseProcess:
    """The engine behind its HTTP interface on a port of 127.0.0.1, which stays the same."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        with socket.create_server(("127.0.0.1", 0)) as free:
            port: int = free.getsockname()[1]
        self._port = port
        self.url = f"http://stats:{quote(PASSWORD, safe='')}@127.0.0.1:{port}/{DATABASE}"
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", __name__, str(self._directory), str(self._port)],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == "ready\n"

    def hang(self) -> None:
        """It takes connections and answers nothing."""
        self._signal(signal.SIGSTOP)

    def go_on(self) -> None:
        self._signal(signal.SIGCONT)

    def kill(self) -> None:
        if self._process is not None:
            self._signal(signal.SIGKILL)
            self._process.communicate(timeout=PATIENCE)
            self._process = None

    def _signal(self, number: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(number)


@contextmanager
def clickhouse_process(directory: Path) -> Iterator[ClickHouseProcess]:
    made = ClickHouseProcess(directory)
    made.start()
    try:
        yield made
    finally:
        made.kill()


def main(directory: str, port: int) -> None:
    connection = chdb.connect(directory)  # type: ignore[no-untyped-call]
    connection.query(f"CREATE DATABASE IF NOT EXISTS {DATABASE}")
    line = Line(directory, DATABASE, port)
    print("ready", flush=True)
    line.server.serve_forever()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
