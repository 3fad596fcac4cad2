"""Hits are put in the order of their sites; no answer changes, whatever else happens to them."""

import asyncio
import os
import signal
from collections.abc import Callable
from contextlib import nullcontext, suppress
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event
from types import TracebackType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadline.patience import GivenUp, in_thread
from leadline.reports import Query, Reports
from leadline.spool import Batch, Erasure, Hit, Position
from leadline.warehouse import DuckDBWarehouse, clustering
from leadline.warehouse.clustering import Clustering, Sizes
from tests.crash.support import PROCESSES, unmeasured
from tests.reports import questions
from tests.reports.test_queries import varied
from tests.support import PATIENCE, ManualClock
from tests.warehouse.histories import STARTS, ZONES, Placed, Step, cut, load, opened, steps, written

A_MINUTE = timedelta(minutes=1)
EVER = STARTS + timedelta(days=400)
SMALL = Sizes(stretch=20, piece=7, row_group=10)

Row = tuple[Any, ...]


def stored(warehouse: DuckDBWarehouse) -> list[Row]:
    return warehouse.query("FROM hits ORDER BY hit_id")


def sites(warehouse: DuckDBWarehouse) -> list[int]:
    """Of the hits, in the order in which they are stored."""
    return [site for (site,) in warehouse.query("SELECT site_id FROM hits ORDER BY rowid")]


def mixed(count: int) -> list[Placed]:
    """So many hits of three sites, which take turns."""
    return written([Step(A_MINUTE, 1 + number % 3, number % 4) for number in range(count)])


def cluster(warehouse: DuckDBWarehouse, until: timedelta = EVER - STARTS) -> int:
    """How many stretches were dealt with."""
    done = 0
    while warehouse.cluster(STARTS + until, SMALL):
        done += 1
    return done


def test_each_stretch_is_in_the_order_of_sites_then_of_time(tmp_path: Path) -> None:
    with opened(tmp_path) as warehouse:
        load(warehouse, cut(mixed(50), ()))
        before = stored(warehouse)
        assert cluster(warehouse) == 2
        assert stored(warehouse) == before
        rest, *stretches = (sites(warehouse)[at : at + 20] for at in (0, 10, 30))
        assert rest[:10] == [1 + number % 3 for number in range(40, 50)]
        assert stretches == [sorted(stretch) for stretch in stretches]
        moments = warehouse.query("SELECT site_id, received_at FROM hits ORDER BY rowid")[10:30]
        assert moments == sorted(moments)


def test_what_came_lately_waits(tmp_path: Path) -> None:
    with opened(tmp_path) as warehouse:
        load(warehouse, cut(mixed(50), ()))
        assert cluster(warehouse, 20 * A_MINUTE) == 0
        assert cluster(warehouse, 21 * A_MINUTE) == 1
        assert cluster(warehouse) == 1


def test_of_one_site_nothing_is_rewritten(tmp_path: Path) -> None:
    with opened(tmp_path) as warehouse:
        load(warehouse, cut(written([Step(A_MINUTE, 1, 1)] * 50), ()))
        before = warehouse.query("FROM hits")
        assert cluster(warehouse) == 2
        assert warehouse.query("FROM hits") == before


def test_a_disk_that_is_nearly_full_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(tmp_path) as warehouse:
        load(warehouse, cut(mixed(50), ()))
        monkeypatch.setattr(clustering, "ROOM", 2**60)
        assert cluster(warehouse) == 0


def test_it_goes_on_where_it_was_after_a_restart(tmp_path: Path) -> None:
    with opened(tmp_path) as warehouse:
        load(warehouse, cut(mixed(30), ()))
        assert cluster(warehouse) == 1
    with opened(tmp_path) as warehouse:
        assert cluster(warehouse) == 0
        load(warehouse, cut(mixed(50)[30:], ()))
        assert cluster(warehouse) == 1


def test_what_is_restored_is_clustered_too(tmp_path: Path) -> None:
    with opened(tmp_path / "old") as old:
        load(old, cut(mixed(50), ()))
        before = stored(old)
        old.export(tmp_path)
    with opened(tmp_path / "new") as warehouse:
        for _ in range(2):
            warehouse.take_back(tmp_path)
            assert cluster(warehouse) == 2
            assert stored(warehouse) == before
            warehouse.forget_all()


# Beside everything else


class Meddled:
    """The lock of a warehouse, before which somebody is each time quicker who does something."""

    def __init__(self, warehouse: DuckDBWarehouse, *actions: Callable[[], object]) -> None:
        self._lock = warehouse._writing
        self._actions = iter(actions)

    def __enter__(self) -> None:
        next(self._actions, lambda: None)()
        self._lock.acquire()

    def __exit__(
        self, kind: type[BaseException] | None, error: object, trace: TracebackType | None
    ) -> None:
        self._lock.release()


def cluster_while(warehouse: DuckDBWarehouse, action: Callable[[], object]) -> bool:
    """A stretch, whose rows are written already when something is done, but not there yet."""
    lock = Meddled(warehouse, lambda: None, action)
    return Clustering(warehouse._cursor, lock, nullcontext(), 1).advance(EVER, SMALL)


def test_hits_that_come_meanwhile_are_there(tmp_path: Path) -> None:
    records = mixed(30)
    late = next(record for _, record in records if isinstance(record, Hit))
    more = Batch([(Position(1, 99), late)], Position(1, 100))
    with opened(tmp_path) as warehouse:
        load(warehouse, cut(records, ()))
        before = stored(warehouse)
        assert cluster_while(warehouse, lambda: load(warehouse, [more]))
        assert len(stored(warehouse)) == len(before) + 1
        assert [row for row in stored(warehouse) if row in before] == before


def expire(warehouse: DuckDBWarehouse) -> None:
    moment = (STARTS + 5 * A_MINUTE).replace(tzinfo=None)
    while warehouse.expire(2, moment):
        pass


def erase(warehouse: DuckDBWarehouse) -> None:
    load(warehouse, [Batch([(Position(1, 99), Erasure(3))], Position(1, 100))])


@pytest.mark.parametrize("delete", [expire, erase])
def test_hits_that_go_meanwhile_are_gone(
    delete: Callable[[DuckDBWarehouse], None], tmp_path: Path
) -> None:
    with opened(tmp_path / "other") as other:
        load(other, cut(mixed(30), ()))
        delete(other)
        left = stored(other)
    with opened(tmp_path) as warehouse:
        load(warehouse, cut(mixed(30), ()))
        assert not cluster_while(warehouse, lambda: delete(warehouse))
        assert stored(warehouse) == left
        cluster(warehouse)
        assert stored(warehouse) == left


def test_while_somebody_reads_the_file_grows_by_some_stretches_only(tmp_path: Path) -> None:
    with opened(tmp_path) as warehouse:
        load(warehouse, cut(mixed(200), ()))
        with warehouse.snapshot() as snapshot:
            snapshot.ask("SELECT count(*) FROM hits")
            some = cluster(warehouse)
            assert 0 < some < 10
            assert snapshot.ask("SELECT count(*) FROM hits") == [(200,)]
        assert some + cluster(warehouse) == 10


def test_a_server_that_is_to_end_does_not_wait_for_it(tmp_path: Path) -> None:
    written = Event()

    async def has_to_end() -> None:
        await asyncio.to_thread(written.wait, PATIENCE)

    def wait(warehouse: DuckDBWarehouse) -> None:
        written.set()
        with suppress(GivenUp):
            while True:
                warehouse.query("SELECT 1")

    with opened(tmp_path) as warehouse:
        load(warehouse, cut(mixed(30), ()))
        before = warehouse.query("FROM hits")
        clustering = in_thread(has_to_end, None, cluster_while, warehouse, lambda: wait(warehouse))
        with pytest.raises(GivenUp):
            asyncio.run(clustering)
        assert warehouse.query("FROM hits") == before
        assert cluster(warehouse) == 1


def cluster_and_be_killed(directory: Path, is_there: bool) -> None:
    with opened(directory) as warehouse:
        if is_there:
            warehouse.cluster(EVER, SMALL)
            die()
        cluster_while(warehouse, die)


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.parametrize("is_there", [False, True])
def test_a_stretch_is_there_or_not_wherever_the_server_dies(tmp_path: Path, is_there: bool) -> None:
    with opened(tmp_path) as warehouse:
        load(warehouse, cut(mixed(50), ()))
        before = stored(warehouse)
    process = PROCESSES.Process(target=cluster_and_be_killed, args=(tmp_path, is_there))
    with unmeasured():
        process.start()
    process.join(PATIENCE)
    assert process.exitcode == -signal.SIGKILL
    with opened(tmp_path) as warehouse:
        assert stored(warehouse) == before
        assert cluster(warehouse) == 2 - is_there
        assert stored(warehouse) == before


@settings(max_examples=10)
@given(
    taken=steps,
    seed=st.integers(0, 99),
    asked=st.lists(questions.of_pages, min_size=1, max_size=3),
    of_events=st.lists(questions.of_events, min_size=1, max_size=2),
    is_summarised=st.booleans(),
)
def test_no_answer_changes(
    taken: list[Step], seed: int, asked: list[Query], of_events: list[Query], is_summarised: bool
) -> None:
    records = list(varied(written(taken), seed))
    with TemporaryDirectory() as directory, opened(Path(directory)) as warehouse:
        reports = Reports(warehouse, ManualClock(STARTS))

        def answers() -> list[object]:
            of_pages = [reports.rows(query) for query in asked]
            return [stored(warehouse), of_pages, [reports.events(query) for query in of_events]]

        for batch in cut(records, {len(records) // 2}):
            load(warehouse, [batch])
            before = answers()
            cluster(warehouse)
            while is_summarised and warehouse.summarise(EVER, ZONES, least=1):
                pass
            assert answers() == before
