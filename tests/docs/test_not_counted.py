"""The page about what is not counted has every reason that a hit may have."""

import re

from leadline.sites import BlockKind
from leadline.spool import Reason
from tests.docs.documents import ROOT, table_rows

PAGE = (ROOT / "docs" / "what-is-not-counted.md").read_text()
NEVER_GIVEN = {Reason.INVALID_TOKEN, Reason.BOT_DETECTED}


def test_every_reason_is_explained() -> None:
    rows = [cells for cells in table_rows(PAGE) if re.fullmatch(r"`\w+`", cells[0])]
    listed = [cells[0].strip("`") for cells in rows]
    assert sorted(listed) == sorted(set(Reason) - NEVER_GIVEN)
    assert all(len(cells) == 3 and cells[2] for cells in rows)
    for reason in NEVER_GIVEN:
        assert f"`{reason}`" in PAGE


def test_every_kind_of_rule_is_explained() -> None:
    kinds = {cells[0] for cells in table_rows(PAGE) if not cells[0].startswith("`")}
    assert len(kinds - {"reason", "kind", "---"}) == len(BlockKind)
