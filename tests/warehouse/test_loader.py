"""The loader: everything that is in the spool gets into the warehouse, each record once."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import duckdb
import pytest
from structlog.testing import capture_logs

from leadline.spool import Spool
from leadline.warehouse import DuckDBWarehouse, Loader, NotLoaded, Warehouse
from leadline.warehouse.batch import Arrivals
from tests.clickhouse import Engine, local
from tests.spool.examples import append, append_each, hit, open_spool
from tests.support import PATIENCE, eventually


@pytest.fixture
def warehouse(engine: Engine, tmp_path: Path) -> Iterator[Warehouse]:
    with engine.opened(tmp_path) as warehouse:
        yield warehouse


@pytest.fixture
def spool(tmp_path: Path) -> Iterator[Spool]:
    with open_spool(tmp_path / "spool", segment_bytes=500) as spool:
        yield spool


@pytest.fixture
def loader(spool: Spool, warehouse: Warehouse) -> Iterator[Loader]:
    loader = Loader(spool, warehouse, interval=0.01)
    loader.start()
    yield loader
    loader.stop()


def paths(warehouse: Warehouse) -> list[str]:
    return [path for (path,) in warehouse.query("SELECT path FROM hits ORDER BY hit_id")]


def test_drain_loads_everything_and_drops_what_is_loaded(
    spool: Spool, warehouse: Warehouse
) -> None:
    names = [f"/{number}" for number in range(30)]
    append_each(spool, map(hit, names))
    loader = Loader(spool, warehouse, interval=1)
    loader.drain()
    assert paths(warehouse) == names
    assert spool.segments() == [warehouse.loaded().segment]
    loader.drain()
    assert paths(warehouse) == names


@pytest.mark.usefixtures("loader")
def test_a_finished_segment_goes_without_a_hit_after_it(spool: Spool, warehouse: Warehouse) -> None:
    append_each(spool, [hit("/quiet")])
    eventually(lambda: paths(warehouse) == ["/quiet"])
    spool.roll()
    eventually(lambda: spool.segments() == [2])
    append_each(spool, [hit("/later")])
    eventually(lambda: paths(warehouse) == ["/quiet", "/later"])


@pytest.mark.usefixtures("loader")
def test_hits_appear_by_themselves(spool: Spool, warehouse: Warehouse) -> None:
    for round_ in range(3):
        append(spool, *(hit(f"/{round_}/{number}") for number in range(10)))
        eventually(lambda: len(set(paths(warehouse))) == 10 * (round_ + 1))  # noqa: B023
    assert len(set(paths(warehouse))) == len(paths(warehouse)) == 30


def test_a_stopped_loader_leaves_the_rest_for_the_next(
    tmp_path: Path, warehouse: Warehouse
) -> None:
    with open_spool(tmp_path / "spool", segment_bytes=100) as spool:
        first = Loader(spool, warehouse, interval=0.01)
        first.start()
        append_each(spool, [hit("/1")])
        eventually(lambda: paths(warehouse) == ["/1"])
        first.stop()
        append_each(spool, [hit("/2")])
    with open_spool(tmp_path / "spool", after=warehouse.loaded()) as spool:
        append_each(spool, [hit("/3")])
        Loader(spool, warehouse, interval=1).drain()
    assert paths(warehouse) == ["/1", "/2", "/3"]


@pytest.mark.usefixtures("loader")
def test_a_warehouse_that_fails_for_a_while_costs_nothing(
    spool: Spool, warehouse: Warehouse
) -> None:
    append_each(spool, [hit("/before")])
    eventually(lambda: paths(warehouse) == ["/before"])
    with capture_logs() as logs:
        local(warehouse).query("ALTER TABLE visitor_days RENAME TO hidden")
        append_each(spool, [hit("/meanwhile/1"), hit("/meanwhile/2")])
        eventually(lambda: [line["event"] for line in logs] == ["loading failed"] * 2)
    assert logs[0]["again_in"] < logs[1]["again_in"]
    assert paths(warehouse) == ["/before"]
    local(warehouse).query("ALTER TABLE hidden RENAME TO visitor_days")
    append_each(spool, [hit("/after")])
    everything = ["/before", "/meanwhile/1", "/meanwhile/2", "/after"]
    eventually(lambda: paths(warehouse) == everything)


def test_a_burst_is_loaded_when_it_is_over(tmp_path: Path, warehouse: Warehouse) -> None:
    with open_spool(tmp_path / "spool", 10**9) as spool:
        loader = Loader(spool, warehouse, interval=3600)
        loader.start()
        append(spool, hit("/first"))
        eventually(lambda: paths(warehouse) == ["/first"])
        append(spool, hit("/second"))
        burst = [f"/{number}{'x' * 1000}" for number in range(1200)]
        append(spool, *map(hit, burst))
        eventually(lambda: len(paths(warehouse)) == 1202)
        loader.stop()
    assert paths(warehouse)[2:] == burst


class Little(DuckDBWarehouse):
    """One whose memory ends early."""

    def load(self, arrivals: Arrivals) -> None:
        if arrivals.size > 1_000_000:
            raise duckdb.OutOfMemoryException("too much")
        super().load(arrivals)


def test_what_is_too_much_at_once_is_loaded_in_parts(tmp_path: Path) -> None:
    names = [f"/{number}" for number in range(500)]
    large = {str(key): "x" * 500 for key in range(25)}
    little = Little(tmp_path / "hits.duckdb", memory="64MB", threads=1)
    with closing(little), open_spool(tmp_path / "spool", 10**9) as spool:
        append(spool, *(hit(name, properties=large) for name in names))
        loader = Loader(spool, little, interval=0.01)
        with pytest.raises(duckdb.OutOfMemoryException):
            loader.drain()
        with capture_logs():
            loader.start()
            eventually(lambda: len(paths(little)) == len(names))
            loader.stop()
        assert paths(little) == names


def test_catching_up_ends_when_all_is_loaded_that_was_there(
    spool: Spool, warehouse: Warehouse, loader: Loader
) -> None:
    for number in range(5):
        append_each(spool, [hit(f"/{number}")])
        loader.catch_up()
        assert len(paths(warehouse)) == number + 1


def test_catching_up_with_a_warehouse_that_fails_says_so(
    spool: Spool, warehouse: Warehouse, loader: Loader
) -> None:
    loader.catch_up()
    local(warehouse).query("ALTER TABLE visitor_days RENAME TO hidden")
    append_each(spool, [hit("/1")])
    with capture_logs(), pytest.raises(NotLoaded, match="visitor_days"):
        loader.catch_up()
    local(warehouse).query("ALTER TABLE hidden RENAME TO visitor_days")
    loader.catch_up()
    assert paths(warehouse) == ["/1"]


def test_whoever_waits_is_told_when_the_loader_stops(spool: Spool, warehouse: Warehouse) -> None:
    loader = Loader(spool, warehouse, interval=0.01)
    loader.start()
    local(warehouse).query("ALTER TABLE visitor_days RENAME TO hidden")
    with capture_logs() as logs:
        append_each(spool, [hit("/1")])
        eventually(lambda: len(logs) >= 2)  # from now on it waits a second or longer
        with ThreadPoolExecutor(1) as waiting:
            told = waiting.submit(loader.catch_up)
            loader.stop()
            with pytest.raises(NotLoaded, match="ending"):
                told.result(timeout=PATIENCE)
