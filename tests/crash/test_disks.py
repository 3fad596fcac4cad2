"""A disk that fails or hangs under a server."""

from pathlib import Path

from tests.clickhouse import ClickHouseInside
from tests.clickhouse_http import listening
from tests.crash import disks


def test_a_disk_that_fails_gives_no_false_yes(tmp_path: Path) -> None:
    assert "refused" in disks.failing(tmp_path)


def test_a_disk_that_fails_before_clickhouse(clickhouse: ClickHouseInside, tmp_path: Path) -> None:
    with listening(clickhouse.url(tmp_path)) as line:
        assert "refused" in disks.failing(tmp_path, line.url())


def test_nobody_is_answered_while_the_disk_hangs(tmp_path: Path) -> None:
    assert "the first answer came after" in disks.hanging(tmp_path)


def test_a_disk_that_is_full(tmp_path: Path) -> None:
    assert "stored once" in disks.full(tmp_path)
