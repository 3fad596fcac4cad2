"""The repository's documents, read the way its readers do."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

_FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
_INDENTED = re.compile(r"^ {4}\S.*$", re.MULTILINE)
_INLINE = re.compile(r"`((?:[^`\n]|\n(?!\n))+)`")
_SETTING = re.compile(r"\bLEADLINE_[A-Z_]+\b")


def files() -> Iterator[Path]:
    """Every file of the repository but those that .gitignore names."""
    lines = (ROOT / ".gitignore").read_text().split()
    ignored = {line.strip("/") for line in lines if line.endswith("/")} | {".git"}
    for directory, names, found in os.walk(ROOT):
        here = Path(directory).relative_to(ROOT)
        names[:] = [name for name in names if not {name, (here / name).as_posix()} & ignored]
        yield from (Path(directory, name) for name in found)


def documents() -> list[Path]:
    return sorted(path for path in files() if path.suffix == ".md")


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def prose(text: str) -> str:
    """A document's text without its code."""
    return _INLINE.sub("", _FENCE.sub("", text))


def code(text: str) -> list[str]:
    """What a document shows as code: each inline piece, and each line of a block."""
    blocks = "\n".join(block.partition("\n")[2] for block in _FENCE.findall(text))
    rest = _FENCE.sub("", text)
    lines = (blocks.replace("\\\n", "") + "\n").splitlines() + _INDENTED.findall(rest)
    inline = [" ".join(piece.split()) for piece in _INLINE.findall(rest)]
    return [piece.strip() for piece in [*inline, *lines] if piece.strip()]


def table_rows(text: str) -> Iterator[list[str]]:
    """The cells of every table row, headings and rules included."""
    for line in text.splitlines():
        if line.startswith("|"):
            yield [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]


def settings_named_in(text: str) -> set[str]:
    """Every `LEADLINE_*` variable in a text."""
    return set(_SETTING.findall(text))
