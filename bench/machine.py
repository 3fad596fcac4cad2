"""The machine that something was measured on."""

import os
import platform
from pathlib import Path


def shape() -> str:
    """In a line: a figure says little without it."""
    python = platform.python_version()
    return f"{os.cpu_count()} processors, {platform.platform()}, Python {python}"


def peak_mb(process: int) -> float:
    """The most memory that a process has had in use."""
    status = Path(f"/proc/{process}/status").read_text()
    (line,) = (line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) * 1024 / 1e6
