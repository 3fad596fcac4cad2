"""The page on sending hits: its commands and its program do what it says."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from leadline.faces.seal.hits import NewHit
from tests.docs.documents import ROOT, table_rows
from tests.docs.shell import Reader, blocks, section
from tests.support import RunningServer, eventually, running_server

PAGE = "docs/send-hits.md"
OURS = "https://stats.example.com"


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[RunningServer]:
    with running_server(tmp_path / "data") as running:
        running.site("Acme Corp", domains=("acme.example",))
        yield running


def stored(server: RunningServer) -> list[tuple[Any, ...]]:
    return server.leadline.storage.warehouse.query(
        "SELECT kind, name, amount, path FROM hits ORDER BY hit_id"
    )


def test_what_the_page_types_counts(tmp_path: Path, own_server: RunningServer) -> None:
    reader = Reader(tmp_path / "reader", own_server.settings.data, {OURS: own_server.url})
    (make_token, *_) = blocks((ROOT / PAGE).read_text())
    reader.types(f"{make_token}export TOKEN")
    assert '"accepted":1,"rejected":0' in reader.follows(PAGE, "With curl")
    (program,) = blocks(section(PAGE, "With Python"), "python")
    (reader.home / "send.py").write_text(reader.placed(program))
    printed = reader.types("python3 send.py").splitlines()
    taken = {"accepted": 3, "rejected": 0, "rejections": []}
    assert [ast.literal_eval(line) for line in printed] == [taken, taken]
    eventually(lambda: len(stored(own_server)) >= 4)
    own_server.leadline.storage.loader.catch_up()
    assert [row[:2] for row in stored(own_server)] == [
        ("conversion", "purchase"),
        *[("pageview", "")] * 3,
    ]


def test_every_field_has_its_row() -> None:
    rows = table_rows(section(PAGE, "What a hit says"))
    fields = [name.strip("`") for name, _ in rows if name.startswith("`")]
    assert sorted(fields) == sorted(NewHit.model_fields)
