"""SECURITY.md names the test that proves each of its promises."""

import ast
import re

import pytest

from tests.docs.documents import ROOT, table_rows

ROWS = [row for row in table_rows((ROOT / "SECURITY.md").read_text()) if "::" in row[-1]]
_TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


def test_every_threat_has_its_tests() -> None:
    assert len(ROWS) >= 15
    assert all(len(row) == 3 and all(row) for row in ROWS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_the_tests_are_there(row: list[str]) -> None:
    named = _TEST.findall(row[-1])
    assert ", ".join(f"`{path}::{name}`" for path, name in named) == row[-1]
    for path, name in named:
        tree = ast.parse((ROOT / path).read_text())
        assert name in {each.name for each in tree.body if isinstance(each, ast.FunctionDef)}
