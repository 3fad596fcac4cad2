"""Segments: when a new one begins, which ones go, and that no number comes twice."""

from pathlib import Path

from leadline.spool import Position, Spool
from tests.spool.examples import START, append_each, hit, open_spool, paths
from tests.support import eventually


def names(count: int) -> list[str]:
    return [f"/{number}" for number in range(count)]


def test_a_full_segment_is_followed_by_the_next_number(tmp_path: Path) -> None:
    with open_spool(tmp_path, segment_bytes=300) as spool:
        append_each(spool, map(hit, names(20)))
        segments = spool.segments()
        assert len(segments) > 3
        assert segments == list(range(1, len(segments) + 1))
        assert paths(spool) == names(20)
    sizes = [file.stat().st_size for file in sorted(tmp_path.iterdir())]
    assert all(300 <= size < 600 for size in sizes[:-1])


def test_drop_removes_what_lies_wholly_before(tmp_path: Path) -> None:
    with open_spool(tmp_path, segment_bytes=1) as spool:
        append_each(spool, map(hit, names(5)))
        spool.drop(Position(4, 10))
        assert spool.segments() == [4, 5]
        assert paths(spool) == ["/3", "/4"]
        spool.drop(START)
        assert spool.segments() == [4, 5]


def test_a_segment_is_finished_when_it_is_asked_for(tmp_path: Path) -> None:
    with open_spool(tmp_path) as spool:
        append_each(spool, [hit("/1"), hit("/2")])
        spool.roll()
        eventually(lambda: spool.end == Position(2, 0))
        assert spool.segments() == [1, 2]
        append_each(spool, [hit("/3")])
        assert paths(spool) == ["/1", "/2", "/3"]
        spool.drop(Position(2, 0))
        assert paths(spool) == ["/3"]


def test_an_empty_segment_is_not_finished(tmp_path: Path) -> None:
    with open_spool(tmp_path) as spool:
        for _ in range(3):
            spool.roll()
        append_each(spool, [hit("/1")])
        assert spool.segments() == [1]


def test_what_is_appended_while_segments_are_finished_is_all_there(tmp_path: Path) -> None:
    with open_spool(tmp_path) as spool:
        for number in range(50):
            spool.roll()
            append_each(spool, [hit(f"/{number}")])
        assert paths(spool) == names(50)


def test_numbers_may_be_skipped(tmp_path: Path) -> None:
    with open_spool(tmp_path) as spool:
        append_each(spool, [hit("/1")])
        spool.skip_to(40)
        assert spool.end == Position(40, 0)
        append_each(spool, [hit("/2")])
        spool.skip_to(7)
        append_each(spool, [hit("/3")])
        assert paths(spool) == ["/1", "/2", "/3"]
        assert spool.segments()[:2] == [1, 40]


def test_a_spool_that_is_not_started_has_nothing_to_skip(tmp_path: Path) -> None:
    Spool(tmp_path, segment_bytes=1000).skip_to(9)
    assert list(tmp_path.iterdir()) == []


def test_a_restart_begins_a_segment_of_its_own(tmp_path: Path) -> None:
    with open_spool(tmp_path) as spool:
        append_each(spool, [hit("/1")])
        before = spool.segments()
    with open_spool(tmp_path) as spool:
        append_each(spool, [hit("/2")])
        assert spool.segments() == [*before, before[-1] + 1]
        assert paths(spool) == ["/1", "/2"]


def test_numbers_are_not_used_again_after_everything_was_dropped(tmp_path: Path) -> None:
    """The reader remembers a place in a segment that is gone: nothing new may lie before it."""
    with open_spool(tmp_path) as spool:
        append_each(spool, map(hit, names(3)))
        batch = spool.read(START)
        assert batch is not None
    for file in tmp_path.iterdir():
        file.unlink()
    with open_spool(tmp_path, after=batch.end) as spool:
        append_each(spool, [hit("/new")])
        assert min(spool.segments()) > batch.end.segment
        assert paths(spool, batch.end) == ["/new"]


def test_numbers_only_grow_over_many_restarts(tmp_path: Path) -> None:
    seen: list[int] = []
    after = START
    for round_ in range(6):
        with open_spool(tmp_path, segment_bytes=1, after=after) as spool:
            append_each(spool, [hit(f"/{round_}-1"), hit(f"/{round_}-2")])
            batches = []
            while (batch := spool.read(after)) is not None:
                batches.append(batch)
                after = batch.end
            places = [place for batch in batches for place, _ in batch.records]
            assert len(places) == 2
            seen += [place.segment for place in places]
            spool.drop(after if round_ % 2 else Position(after.segment + 1, 0))
    assert seen == sorted(set(seen))


def test_files_that_are_no_segments_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.spool").write_text("not a segment")
    (tmp_path / "0000000009.old").write_text("nor this")
    with open_spool(tmp_path) as spool:
        append_each(spool, [hit("/1")])
        assert spool.segments() == [1]
        assert paths(spool) == ["/1"]
    assert (tmp_path / "notes.spool").read_text() == "not a segment"


def test_only_the_server_may_read_the_log(tmp_path: Path) -> None:
    with open_spool(tmp_path / "spool") as spool:
        append_each(spool, [hit()])
        modes = {path.stat().st_mode & 0o777 for path in (tmp_path / "spool").iterdir()}
    assert modes == {0o600}
    assert (tmp_path / "spool").stat().st_mode & 0o777 == 0o700
