"""The first steps of the README, and those of the tutorial, lead where they say."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser_support import PageServer
from tests.docs.shell import Reader, blocks, section
from tests.support import RunningServer, eventually, running_server

TUTORIAL = "docs/tutorial.md"
HOST = "http://127.0.0.1:8000"


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[RunningServer]:
    with running_server(tmp_path / "data") as running:
        yield running


@pytest.fixture
def reader(tmp_path: Path, own_server: RunningServer) -> Reader:
    return Reader(tmp_path / "checkout", own_server.settings.data, {HOST: own_server.url})


def has_counted(reader: Reader, command: str) -> bool:
    data: dict[str, Any] = json.loads(reader.types(command))["data"]
    return bool(data["installed"]) and data["total_hits"] == 1


def test_the_first_steps_of_the_readme(reader: Reader) -> None:
    (block,) = blocks(section("README.md", "First steps"))
    *before, status = block.splitlines(keepends=True)
    reader.types("".join(before))
    eventually(lambda: has_counted(reader, status))


def test_the_steps_of_the_tutorial(
    reader: Reader, own_server: RunningServer, browser: Browser, page_server: PageServer
) -> None:
    own_server.site("My site")  # which the reader does on the pages
    (page,) = blocks(section(TUTORIAL, "4."), "html")
    browser.new_page().goto(page_server.put("/first.html", reader.placed(page)))
    reader.follows(TUTORIAL, "6.")
    questions, change = blocks(section(TUTORIAL, "7."))
    *_, status = questions.splitlines()
    eventually(lambda: has_counted(reader, status))
    for question in questions.splitlines():
        assert '"error"' not in reader.types(question)
    assert "doesn't have permission" in reader.types(change)
    reader.follows(TUTORIAL, "8.")
    for question in questions.splitlines():
        assert '"error"' in reader.types(question)
