"""Several questions of one snapshot: answered in their order, in lanes, and stopped together."""

import asyncio
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from functools import partial
from pathlib import Path
from threading import Barrier, Event, Thread
from typing import Any

import pytest

from leadline.patience import GivenUp, in_thread
from leadline.reports import Answers, Dimension, OnlyOfEvents, Query, Reports
from leadline.warehouse import DuckDBWarehouse, Warehouse
from tests.reports.storing import store
from tests.spool.examples import hit
from tests.support import PATIENCE, ManualClock

ENDLESS = "SELECT sum(a.range * b.range) FROM range(10000000) AS a, range(10000000) AS b"


@pytest.fixture
def wide(tmp_path: Path) -> Iterator[DuckDBWarehouse]:
    """A warehouse that reads in two lanes."""
    with closing(DuckDBWarehouse(tmp_path / "hits.duckdb", memory="128MB", threads=2)) as warehouse:
        yield warehouse


def everything(clock: ManualClock, *dimensions: Dimension) -> Query:
    since, until = clock.now - timedelta(days=1), clock.now + timedelta(days=1)
    return Query(sites=(1,), since=since, until=until, dimensions=dimensions)


def test_answers_are_in_the_order_of_the_questions(
    warehouse: Warehouse, reports: Reports, clock: ManualClock
) -> None:
    store(warehouse, *(hit(received_at=clock.now, path=f"/{number}") for number in range(3)))
    asked = [everything(clock), everything(clock, Dimension.PATHNAME), everything(clock)]
    with reports.at_once() as answers:
        found = answers.all([partial(answers.rows, query) for query in asked])
    assert found == [reports.rows(query) for query in asked]
    assert [len(rows) for rows in found] == [1, 3, 1]


def test_what_is_loaded_meanwhile_is_in_no_lane(wide: DuckDBWarehouse, clock: ManualClock) -> None:
    reports = Reports(wide, clock)
    store(wide, hit(received_at=clock.now))
    both, loaded = Barrier(2), Event()

    def load_and_ask() -> Any:
        both.wait(PATIENCE)
        store(wide, hit(received_at=clock.now))
        loaded.set()
        return answers.rows(everything(clock))

    def ask_afterwards() -> Any:
        both.wait(PATIENCE)
        assert loaded.wait(PATIENCE)
        return answers.rows(everything(clock))

    with reports.at_once() as answers:
        found = answers.all([load_and_ask, ask_afterwards])
    assert [rows[0].pageviews for rows in found] == [1, 1]
    assert reports.rows(everything(clock))[0].pageviews == 2


def test_lanes_agree_while_hits_come_in(wide: DuckDBWarehouse, clock: ManualClock) -> None:
    reports, enough = Reports(wide, clock), Event()

    def load() -> None:
        while not enough.is_set():
            store(wide, hit(received_at=clock.now))

    loading = Thread(target=load)
    loading.start()
    try:
        for _ in range(30):
            with reports.at_once() as answers:
                one, other = answers.all([lambda: answers.rows(everything(clock))] * 2)
            assert one == other
    finally:
        enough.set()
        loading.join()


def test_who_comes_while_all_lanes_are_taken_has_one(
    wide: DuckDBWarehouse, clock: ManualClock
) -> None:
    store(wide, hit(received_at=clock.now))
    reports = Reports(wide, clock)
    with wide.snapshot(2) as first:
        assert first.lanes == 2
        with reports.at_once() as answers, wide.snapshot(2) as third:
            assert third.lanes == 1
            (rows,) = answers.all([lambda: answers.rows(everything(clock))])
            assert rows[0].pageviews == 1
    with wide.snapshot(3) as again:
        assert again.lanes == 2


def test_an_error_in_one_lane_is_the_answer(wide: DuckDBWarehouse, clock: ManualClock) -> None:
    reports = Reports(wide, clock)
    both = Barrier(2)

    def good() -> Any:
        both.wait(PATIENCE)
        return answers.rows(everything(clock))

    def bad() -> Any:
        both.wait(PATIENCE)
        return answers.rows(everything(clock, Dimension.EVENT_NAME))

    with pytest.raises(OnlyOfEvents), reports.at_once() as answers:
        answers.all([good, bad])


def test_no_lane_goes_on_when_the_answer_is_given_up(wide: DuckDBWarehouse) -> None:
    both = Barrier(2)
    begun = Event()

    def work() -> None:
        with wide.snapshot(2) as snapshot:

            def endless() -> None:
                both.wait(PATIENCE)
                begun.set()
                snapshot.ask(ENDLESS)

            Answers(snapshot, wide.dialect, wide.is_pattern).all([endless, endless])

    async def gone() -> None:
        while not begun.is_set():
            await asyncio.sleep(0)

    with pytest.raises(GivenUp):
        asyncio.run(in_thread(gone, 3600, work))
    with wide.snapshot(2) as afterwards:
        assert afterwards.lanes == 2
