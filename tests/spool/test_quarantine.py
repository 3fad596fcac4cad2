"""What lies between records and is none is set aside and counted; every whole record is read."""

from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadline.spool import Erasure, Position, Spool, frames
from tests.spool.examples import START, append_each, hit, open_spool, paths

FILE = "0000000001.spool"


def whole(*names: str) -> list[bytes]:
    return [frames.frame(frames.encode(hit(name))) for name in names]


def reopened(directory: Path, content: bytes) -> Spool:
    directory.mkdir(exist_ok=True)
    (directory / FILE).write_bytes(content)
    return Spool(directory, 10**9, Position(1, 0))


def set_aside(directory: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in (directory / "quarantine").glob("*")}


def test_it_is_kept_with_its_place_and_counted(tmp_path: Path) -> None:
    first, second, third = whole("/1", "/2", "/3")
    spoiled = second[:20] + b"?" + second[21:]
    spool = reopened(tmp_path, first + spoiled + third)
    assert paths(spool) == ["/1", "/3"]
    assert set_aside(tmp_path) == {f"0000000001-{len(first):010d}": spoiled}
    assert spool.status().quarantined == 1
    assert paths(spool) == ["/1", "/3"]
    assert spool.status().quarantined == 1
    assert reopened(tmp_path, b"").status().quarantined == 1
    (file,) = (tmp_path / "quarantine").iterdir()
    assert file.stat().st_mode & 0o777 == 0o600


def test_the_end_of_a_finished_segment_is_no_torn_tail(tmp_path: Path) -> None:
    first, second, third = whole("/1", "/2", "/3")
    spoiled = second[:-1] + b"?"
    (tmp_path / "0000000002.spool").write_bytes(third)
    spool = reopened(tmp_path, first + spoiled)
    assert paths(spool) == ["/1", "/3"]
    assert set_aside(tmp_path) == {f"0000000001-{len(first):010d}": spoiled}


def test_what_no_leadline_wrote_is_set_aside(tmp_path: Path) -> None:
    strange = frames.frame(msgspec.msgpack.encode([99, "?"]))
    (first,) = whole("/1")
    spool = reopened(tmp_path, first + strange + first)
    assert paths(spool) == ["/1", "/1"]
    assert list(set_aside(tmp_path).values()) == [strange]


def test_hits_that_share_a_frame_are_kept_together_if_one_is_spoiled(tmp_path: Path) -> None:
    (first,) = whole("/1")
    shared = frames.frame_hits(frames.encode(hit(name)) for name in ("/2", "/3"))
    spoiled = shared[:-1] + b"?"
    spool = reopened(tmp_path, first + spoiled + shared)
    assert paths(spool) == ["/1", "/2", "/3"]
    assert list(set_aside(tmp_path).values()) == [spoiled]


def test_a_list_of_what_are_no_hits_is_set_aside(tmp_path: Path) -> None:
    strange = frames.frame(b"\xdd\x00\x00\x00\x01" + frames.encode(Erasure(1)))
    (first,) = whole("/1")
    spool = reopened(tmp_path, first + strange + first)
    assert paths(spool) == ["/1", "/1"]
    assert list(set_aside(tmp_path).values()) == [strange]


@pytest.mark.parametrize("size", [1, 7, 8, 100, 4 * frames.LARGEST, 9 * frames.LARGEST + 5])
def test_any_length_of_it_is_passed(tmp_path: Path, size: int) -> None:
    first, second = whole("/1", "/2")
    garbage = b"\xff" * size
    spool = reopened(tmp_path, first + garbage + second)
    assert paths(spool) == ["/1", "/2"]
    assert b"".join(data for _, data in sorted(set_aside(tmp_path).items())) == garbage


def test_records_of_any_size_are_read_across_the_reader_s_pieces(tmp_path: Path) -> None:
    names = [f"/{number}/{'x' * (700_000 + 1000 * number)}" for number in range(20)]
    with open_spool(tmp_path, segment_bytes=10**9) as spool:
        append_each(spool, map(hit, names))
        assert paths(spool) == names
        assert spool.status().quarantined == 0


def test_it_has_to_be_kept_before_the_reader_goes_on(tmp_path: Path) -> None:
    first, second = whole("/1", "/2")
    spool = reopened(tmp_path, first + b"\xff" * 10 + second)
    (tmp_path / "quarantine").write_text("in the way")
    with pytest.raises(OSError, match="File exists"):
        spool.read(START)
    (tmp_path / "quarantine").unlink()
    assert paths(spool) == ["/1", "/2"]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.binary(max_size=40)), max_size=8))
def test_no_whole_record_is_lost_or_invented(pieces: list[tuple[bool, bytes]]) -> None:
    names = [f"/{number}" for number in range(len(pieces))]
    content = b"".join(
        (frame if is_whole else frame[:-4] + b"\xff\xff\xff\xff") + garbage
        for (is_whole, garbage), frame in zip(pieces, whole(*names), strict=True)
    )
    expected = [name for (is_whole, _), name in zip(pieces, names, strict=True) if is_whole]
    with TemporaryDirectory() as directory:
        assert paths(reopened(Path(directory), content)) == expected
