"""What goes into the log comes out of it, whole and in order, also after a restart."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadline.spool import Erasure, Position, Record, Refusal, Spool, SpoolUnavailable
from tests.spool.examples import (
    START,
    append,
    append_each,
    contents,
    hit,
    open_spool,
    paths,
    places,
    records,
)
from tests.support import eventually


@settings(max_examples=60, deadline=None)
@given(st.lists(records, min_size=1, max_size=6))
def test_every_field_of_every_record_survives(given_records: list[Record]) -> None:
    with TemporaryDirectory() as directory, open_spool(Path(directory)) as spool:
        assert append(spool, *given_records) == [None] * len(given_records)
        found = contents(spool)
        assert found == given_records
        assert [type(record) for record in found] == [type(record) for record in given_records]


def test_appends_are_read_in_order_each_at_its_own_place(tmp_path: Path) -> None:
    given_records: list[Record] = [
        hit("/1"),
        Refusal(1, hit().received_at, "invalid_domain", "x"),
        Erasure(7),
    ]
    with open_spool(tmp_path) as spool:
        append_each(spool, given_records)
        found = places(spool)
    assert [record for _, record in found] == given_records
    assert found[0][0] == Position(1, 0)
    assert [place for place, _ in found] == sorted({place for place, _ in found})


def test_reading_goes_on_from_the_end_of_a_batch(tmp_path: Path) -> None:
    with open_spool(tmp_path) as spool:
        append_each(spool, [hit("/1"), hit("/2")])
        first = spool.read(START)
        assert first is not None
        assert spool.read(first.end) is None
        append_each(spool, [hit("/3")])
        assert paths(spool, first.end) == ["/3"]
        second_place = first.records[1][0]
        assert paths(spool, second_place) == ["/2", "/3"]


def test_an_empty_log_has_nothing_to_read(tmp_path: Path) -> None:
    with open_spool(tmp_path) as spool:
        assert spool.read(START) is None


def test_a_long_log_is_read_some_megabytes_at_a_time(tmp_path: Path) -> None:
    long = ["x" * 900_000 + str(number) for number in range(12)]
    with open_spool(tmp_path, segment_bytes=64 * 1024 * 1024) as spool:
        append(spool, *(hit(path) for path in long))
        batch = spool.read(START)
        assert batch is not None
        assert 1 <= len(batch.records) < len(long)
        assert paths(spool) == long


def test_a_record_that_could_not_be_read_again_is_never_acknowledged(tmp_path: Path) -> None:
    with open_spool(tmp_path) as spool:
        (refused,) = append(spool, hit("x" * 1024 * 1024))
        assert isinstance(refused, ValueError)
        append_each(spool, [hit("/next")])
        assert paths(spool) == ["/next"]


def test_many_appends_at_once_share_few_commits(tmp_path: Path) -> None:
    async def crowd(spool: Spool) -> None:
        """Nobody is answered while the loop is busy, so the second thousand waits as one."""
        await asyncio.gather(*(spool.append(hit(f"/{number}")) for number in range(2000)))

    with open_spool(tmp_path, segment_bytes=1) as spool:  # each commit gets a segment of its own
        asyncio.run(crowd(spool))
        assert paths(spool) == [f"/{number}" for number in range(2000)]
        assert len(spool.segments()) < 500


def test_threads_with_loops_of_their_own_are_all_answered(tmp_path: Path) -> None:
    with open_spool(tmp_path) as spool:
        with ThreadPoolExecutor(8) as pool:
            names = [f"/{number}" for number in range(80)]
            answers = list(pool.map(lambda name: append(spool, hit(name)), names))
        assert answers == [[None]] * 80
        assert sorted(paths(spool)) == sorted(names)


def test_a_client_that_went_away_spoils_nothing_for_the_others(tmp_path: Path) -> None:
    async def leave_one(spool: Spool) -> None:
        leaving = asyncio.create_task(spool.append(hit("/left")))
        staying = asyncio.create_task(spool.append(hit("/stayed")))
        await asyncio.sleep(0)
        leaving.cancel()
        await staying

    with open_spool(tmp_path) as spool:
        asyncio.run(leave_one(spool))
        assert "/stayed" in paths(spool)


def test_what_nobody_waits_for_is_on_disk_after_closing(tmp_path: Path) -> None:
    with open_spool(tmp_path) as spool:
        for number in range(50):
            spool.append_unwaited(hit(f"/{number}"))
    with open_spool(tmp_path) as spool:
        assert paths(spool) == [f"/{number}" for number in range(50)]


def test_a_closed_log_takes_nothing(tmp_path: Path) -> None:
    with open_spool(tmp_path) as spool:
        pass
    assert [type(answer) for answer in append(spool, hit())] == [SpoolUnavailable]
    with pytest.raises(SpoolUnavailable):
        spool.append_unwaited(hit())


def test_whoever_waits_hears_of_an_append(tmp_path: Path) -> None:
    with open_spool(tmp_path) as spool:
        waiting = Thread(target=spool.wait, args=(30.0,))
        waiting.start()
        append_each(spool, [hit()])
        eventually(lambda: not waiting.is_alive())
        spool.wait(timeout=0.0)  # nothing new: it returns after the timeout


def test_an_append_before_the_wait_is_not_missed(tmp_path: Path) -> None:
    with open_spool(tmp_path) as spool:
        append_each(spool, [hit()])
        waiting = Thread(target=spool.wait, args=(30.0,))
        waiting.start()
        eventually(lambda: not waiting.is_alive())


@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_any_way_of_restarting_keeps_the_order(data: st.DataObject) -> None:
    names = [f"/{number}" for number in range(data.draw(st.integers(1, 12)))]
    restarts = data.draw(st.sets(st.integers(0, len(names))))
    segment_bytes = data.draw(st.sampled_from([1, 200, 10_000]))
    with TemporaryDirectory() as directory:
        written = 0
        for stop in sorted(restarts | {len(names)}):
            with open_spool(Path(directory), segment_bytes) as spool:
                append(spool, *(hit(name) for name in names[written:stop]))
                assert paths(spool) == names[:stop]
            written = stop
