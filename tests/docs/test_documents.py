"""What the documents point at exists, and they stand alone."""

import re
from pathlib import Path
from urllib.parse import unquote

import pytest

from tests.docs.documents import ROOT, code, documents, files, named, prose
from tests.docs.typed import unknown_in

_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)
_COMMAND = re.compile(r"(?:^|[\s/(])leadline ([^|>)]+)")
_MAKE = re.compile(r"^make (\w+)")
_TARGET = re.compile(r"^(\w+):", re.MULTILINE)
_FUNDING = re.compile(r'"funding": \{[^}]*\}')
_REGISTRY = re.compile(
    r"pypi\.org|pythonhosted\.org|npmjs\.|registry\.[a-z]|index-url|find-links", re.IGNORECASE
)

LOCKS = [
    *sorted((ROOT / "requirements").glob("*.txt")),
    ROOT / "web" / "package-lock.json",
    ROOT / "web" / ".npmrc",
]

each_document = pytest.mark.parametrize("document", documents(), ids=named)


def anchors(text: str) -> set[str]:
    """The fragments under which a document's headings can be reached."""
    plain = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in _HEADING.findall(text))
    return {heading.replace(" ", "-") for heading in plain}


@each_document
def test_every_relative_link_leads_somewhere(document: Path) -> None:
    for link in _LINK.findall(prose(document.read_text())):
        if "://" in link or link.startswith("mailto:"):
            continue
        path, _, fragment = unquote(link).partition("#")
        target = (document.parent / path).resolve() if path else document
        assert target.is_relative_to(ROOT), link
        assert target.exists(), link
        if fragment:
            assert fragment in anchors(target.read_text()), link


@each_document
def test_every_command_and_option_exists(document: Path) -> None:
    for piece in code(document.read_text()):
        for command in _COMMAND.findall(piece):
            assert unknown_in(command) is None, piece


@pytest.mark.parametrize(
    ("command", "word"),
    [
        ("token create x --ability '*' --data=x", None),
        ("site", None),
        ("--version", None),
        ("sites create", "sites"),
        ("site rename x", "rename"),
        ("site create x --colour red", "--colour"),
    ],
)
def test_a_command_that_does_not_exist_would_be_found(command: str, word: str | None) -> None:
    assert unknown_in(command) == word


@each_document
def test_every_make_target_exists(document: Path) -> None:
    targets = _TARGET.findall((ROOT / "Makefile").read_text())
    asked = [name for piece in code(document.read_text()) for name in _MAKE.findall(piece)]
    assert [name for name in asked if name not in targets] == []


@pytest.mark.parametrize("document", [*documents(), *LOCKS], ids=named)
def test_no_registry_is_named(document: Path) -> None:
    assert _REGISTRY.findall(document.read_text()) == []


@pytest.mark.parametrize("lock", LOCKS, ids=named)
def test_a_lock_file_says_what_and_not_from_where(lock: Path) -> None:
    text = _FUNDING.sub("", lock.read_text())
    assert "://" not in text
    assert '"resolved"' not in text


def test_nothing_points_outside_the_repository() -> None:
    outside = b"../" + b"shared"
    assert [named(path) for path in files() if outside in path.read_bytes()] == []
