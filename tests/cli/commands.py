"""Commands as an operator types them: in this process, or in one of their own."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

import pytest

from leadline.cli import main
from tests.support import PATIENCE, own_logs

DATA = Path(__file__).parent / "data"


def ended(*arguments: str) -> int:
    """The exit code of a command run in this process."""
    with own_logs():
        try:
            main(list(arguments))
        except SystemExit as end:  # not `pytest.raises`: a kept pydantic error is never collected
            return int(end.code or 0)
    raise AssertionError("a command ends by SystemExit")


class Operator:
    """Types commands at one data directory; answers what they print on standard output."""

    def __init__(self, data: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.data = data
        self._capsys = capsys
        self.errors = ""

    def types(self, *arguments: str) -> str:
        """A command that works."""
        self._capsys.readouterr()
        code = ended(*arguments, "--data", str(self.data))
        printed = self._capsys.readouterr()
        self.errors = printed.err
        assert code == 0, printed.err
        return printed.out

    def fails(self, *arguments: str, code: int = 1) -> str:
        """A command that does not: its one line on standard error, without the name in front."""
        self._capsys.readouterr()
        assert ended(*arguments, "--data", str(self.data)) == code
        printed = self._capsys.readouterr()
        assert printed.out == ""
        assert printed.err.startswith("leadline: ")
        assert printed.err.endswith("\n")
        assert printed.err.count("\n") == 1
        return printed.err.removeprefix("leadline: ").strip()


def run(*arguments: str, stdin: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    """A command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "leadline", *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        env=_environment(environment),
        timeout=PATIENCE,
        check=False,
    )


class Serving:
    """`leadline serve` in a process of its own."""

    def __init__(self, process: subprocess.Popen[str], url: str) -> None:
        self.process = process
        self.url = url

    @cached_property
    def owner_link(self) -> str:
        """The one-time link, printed after the address while there is no owner."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line.startswith("Make the owner account: http"), line
        return line.split()[-1]

    def stop(self, signal: int) -> tuple[int, str, str]:
        """Exit code, and the rest of what it printed on standard output and error."""
        self.process.send_signal(signal)
        out, error = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, out, error


@contextmanager
def serving(data: Path, *options: str, **environment: str) -> Iterator[Serving]:
    """A server on a free port, from the moment when it has printed its address."""
    process = subprocess.Popen(
        [sys.executable, "-m", "leadline", "serve", "--data", str(data), "--port", "0", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=_environment(environment),
    )
    with process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            assert line.startswith("Leadline serves http://"), line
            yield Serving(process, line.split()[-1])
        finally:
            if process.poll() is None:
                process.terminate()
                process.communicate(timeout=PATIENCE)


def _environment(extra: dict[str, str]) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LEADLINE_")}
    return kept | {"PYTHONWARNINGS": "default"} | extra
