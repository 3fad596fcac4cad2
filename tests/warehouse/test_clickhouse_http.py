"""What goes over the wire to a ClickHouse server, and what happens when the wire is cut."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

from leadline.patience import GivenUp, in_thread
from leadline.reports import Reports
from leadline.warehouse import Warehouse, WarehouseUnavailable
from tests.clickhouse import ClickHouseInside, opened_in_clickhouse
from tests.clickhouse_http import Line, listening
from tests.spool.examples import hit
from tests.support import ManualClock, eventually
from tests.warehouse.histories import opened as opened_in_duckdb
from tests.warehouse.test_clickhouse import batch, filled, kept, paths, refusal, refused


@pytest.fixture
def line(clickhouse: ClickHouseInside, tmp_path: Path) -> Iterator[Line]:
    with listening(clickhouse.url(tmp_path)) as line:
        yield line


@pytest.fixture
def warehouse(line: Line, tmp_path: Path) -> Iterator[Warehouse]:
    opened = opened_in_clickhouse(tmp_path / "data", line.url())
    yield opened
    opened.close()


def test_over_the_wire_it_is_the_same(warehouse: Warehouse, tmp_path: Path) -> None:
    clock = ManualClock()
    with opened_in_duckdb(tmp_path / "duckdb") as other:
        for each in (warehouse, other):
            filled(each)
        assert kept(warehouse) == kept(other)
        one, another = Reports(warehouse, clock), Reports(other, clock)
        zones = dict.fromkeys(range(5000), "Europe/Madrid")
        assert one.activity(zones) == another.activity(zones)
        assert one.hits_by_day(1, "Asia/Kathmandu") == another.hits_by_day(1, "Asia/Kathmandu")
        assert one.doubled(1) == another.doubled(1)
    warehouse.export(tmp_path)
    with opened_in_duckdb(tmp_path / "restored") as restored:
        restored.take_back(tmp_path)
        assert kept(restored) == kept(warehouse)


@pytest.mark.parametrize("text", ["", "'", "\\", "\t\n", "ü 🚀", "a'b\\'c", "{x:String}", "NULL"])
def test_a_text_comes_through(warehouse: Warehouse, text: str) -> None:
    assert warehouse.query("SELECT $a, $b", a=text, b=[text, "x"]) == [(text, [text, "x"])]


def test_a_line_that_is_cut_after_the_insert_costs_nothing(
    warehouse: Warehouse, line: Line
) -> None:
    warehouse.load(batch(0, hit("/1")))
    for number in range(1, 5):
        line.cut_after = ["INSERT"] * 4
        with pytest.raises(WarehouseUnavailable):
            warehouse.load(batch(2 * number, hit(f"/1{number}"), refusal()))
        line.cut_after = []
        warehouse.finish()
    assert paths(warehouse) == ["/1", "/11", "/12", "/13", "/14"]
    assert refused(warehouse) == 4


def test_a_wrong_password_is_told_and_not_shown(line: Line, tmp_path: Path) -> None:
    warehouse = opened_in_clickhouse(tmp_path / "data", line.url("wr0ng"))
    with pytest.raises(WarehouseUnavailable, match="Authentication failed") as raised:
        warehouse.load(batch(0, hit()))
    assert "wr0ng" not in str(raised.value)
    assert line.seen == []
    assert warehouse.loaded() == (0, 0)
    warehouse.close()


def test_a_question_that_nobody_waits_for_is_ended(warehouse: Warehouse, line: Line) -> None:
    assert warehouse.query("SELECT 1") == [(1,)]
    line.answering.clear()

    async def gone() -> None:
        while not any("SELECT 2" in each for each in line.seen):
            await asyncio.sleep(0)

    def answer() -> None:
        eventually(lambda: line.killed)
        line.answering.set()

    answering = Thread(target=answer)
    answering.start()
    with pytest.raises(GivenUp):
        asyncio.run(in_thread(gone, 3600, warehouse.query, "SELECT 2"))
    answering.join()
    assert warehouse.query("SELECT 3") == [(3,)]
