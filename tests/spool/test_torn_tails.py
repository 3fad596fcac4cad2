"""A crash leaves the last frames half written, in any shape: what is whole before them stays."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadline.spool import Position
from tests.spool.examples import append_each, hit, open_spool, paths

NAMES = ["/first", "/second", "/last"]


@cache
def segment() -> tuple[bytes, tuple[int, ...]]:
    """The bytes of a segment with a frame for each name, and where each frame ends."""
    ends = []
    with TemporaryDirectory() as directory, open_spool(Path(directory)) as spool:
        for name in NAMES:
            append_each(spool, [hit(name)])
            (file,) = Path(directory).iterdir()
            ends.append(file.stat().st_size)
        return file.read_bytes(), tuple(ends)


def restarted(directory: Path, left: bytes) -> list[str]:
    """What a log finds that was left like this, after taking in one more record."""
    file = directory / "0000000001.spool"
    file.write_bytes(left)
    with open_spool(directory, after=Position(1, 0)) as spool:
        append_each(spool, [hit("/after")])
        found = paths(spool)
    assert file.stat().st_size <= len(left)
    return found


def test_a_tail_torn_at_any_byte_is_cut(tmp_path: Path) -> None:
    whole, ends = segment()
    for size in range(len(whole) + 1):
        directory = tmp_path / str(size)
        directory.mkdir()
        kept = [name for name, end in zip(NAMES, ends, strict=True) if end <= size]
        assert restarted(directory, whole[:size]) == [*kept, "/after"], size
        expected = max((end for end in ends if end <= size), default=0)
        assert (directory / "0000000001.spool").stat().st_size == expected


@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_a_tail_of_garbage_is_cut(data: st.DataObject) -> None:
    whole, ends = segment()
    cut = data.draw(st.integers(0, len(whole)))
    tail = data.draw(st.binary(max_size=64) | st.just(bytes(4096)))
    with TemporaryDirectory() as directory:
        kept = [name for name, end in zip(NAMES, ends, strict=True) if end <= cut]
        found = restarted(Path(directory), whole[:cut] + tail)
        # The garbage may happen to be the very bytes that were cut off.
        assert found[: len(kept)] == kept
        assert found[-1] == "/after"
        assert set(found) <= {*NAMES, "/after"}


@settings(max_examples=100, deadline=None)
@given(position=st.integers(0, 10_000), bit=st.integers(0, 7))
def test_a_frame_with_a_wrong_bit_is_never_read(position: int, bit: int) -> None:
    whole, ends = segment()
    position %= len(whole)
    spoiled = bytearray(whole)
    spoiled[position] ^= 1 << bit
    with TemporaryDirectory() as directory:
        begins = (0, *ends)
        kept = [
            name
            for name, begin, end in zip(NAMES, begins, ends, strict=False)
            if not begin <= position < end
        ]
        assert restarted(Path(directory), bytes(spoiled)) == [*kept, "/after"]


@pytest.mark.parametrize("left", [b"", bytes(8), b"\xff" * 8, bytes(100_000)])
def test_a_segment_without_a_frame_is_empty(tmp_path: Path, left: bytes) -> None:
    assert restarted(tmp_path, left) == ["/after"]


def test_a_segment_torn_twice_keeps_what_is_whole_between(tmp_path: Path) -> None:
    """A tail is what has nothing whole behind it."""
    whole, ends = segment()
    spoiled = b"\xff" * 10 + whole[: ends[0]] + b"\0" * 10 + whole[ends[0] :] + whole[:-3]
    assert restarted(tmp_path, spoiled) == [*NAMES, *NAMES[:-1], "/after"]


def test_a_frame_spoiled_while_the_server_runs_does_not_stop_the_reader(tmp_path: Path) -> None:
    with open_spool(tmp_path, segment_bytes=1) as spool:
        append_each(spool, map(hit, NAMES))
        second = tmp_path / "0000000002.spool"
        second.write_bytes(second.read_bytes()[:-1] + b"\x00")
        assert paths(spool) == ["/first", "/last"]
