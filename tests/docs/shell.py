"""A reader who types what a page says, block by block, into one shell."""

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.docs.documents import ROOT
from tests.support import PATIENCE

_BLOCK = re.compile(r"^```(\w+)$\n(.*?)^```$", re.MULTILINE | re.DOTALL)

_NO_OTHER_HOST = {"ALL_PROXY": "http://127.0.0.1:9", "NO_PROXY": "127.0.0.1"}
"""What curl asks elsewhere goes to a port at which nobody listens."""


def section(page: str, heading: str) -> str:
    """A page's text from a heading, given by its beginning, to the next of its level."""
    parts = re.split(r"^(?=## )", (ROOT / page).read_text(), flags=re.MULTILINE)
    (found,) = (part for part in parts if part.startswith(f"## {heading}"))
    return found


def blocks(text: str, language: str = "sh") -> list[str]:
    return [block for kind, block in _BLOCK.findall(text) if kind == language]


class Reader:
    """Types into `sh` in a directory of its own; what is set in one block is known in the next.

    The directory has Leadline in `.venv`, like a checkout, and `leadline` alone is found as well.
    `hosts` says what stands for the hosts of the page: each origin is replaced by another.
    """

    def __init__(self, home: Path, data: Path, hosts: Mapping[str, str], **known: str) -> None:
        self.home = home
        self.hosts = hosts
        self._variables = home / ".variables"
        programs = home / ".venv" / "bin"
        programs.mkdir(parents=True)
        for name, words in {"leadline": "-m leadline", "python3": ""}.items():
            (programs / name).write_text(f'#!/bin/sh\nexec {sys.executable} {words} "$@"\n')
            (programs / name).chmod(0o755)
        self._environment = {
            **os.environ,
            "PATH": f"{programs}:{os.environ['PATH']}",
            "LEADLINE_DATA": str(data),
            **_NO_OTHER_HOST,
            **known,
        }

    def placed(self, text: str) -> str:
        """The text with the page's hosts replaced."""
        for old, new in self.hosts.items():
            text = text.replace(old, new)
        return text

    def types(self, block: str) -> str:
        """What the commands print; each of them has to work."""
        script = self.placed(block)
        known = f". {self._variables}\n" if self._variables.exists() else ""
        done = subprocess.run(
            ["sh", "-eac", f"{known}{script}\nexport -p > {self._variables}"],
            cwd=self.home,
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        assert done.returncode == 0, (script, done.stdout, done.stderr)
        self.errors = done.stderr
        return done.stdout

    def follows(self, page: str, heading: str) -> str:
        """What all the commands of a section print."""
        return "".join(map(self.types, blocks(section(page, heading))))
