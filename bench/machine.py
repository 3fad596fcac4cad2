"""The machine that something was measured on."""

import os
import platform


def shape() -> str:
    """In a line: a figure says little without it."""
    python = platform.python_version()
    return f"{os.cpu_count()} processors, {platform.platform()}, Python {python}"
