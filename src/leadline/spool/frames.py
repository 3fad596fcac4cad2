"""How records lie in a segment: length, checksum, then a record in msgpack, or a list of hits."""

import re
from collections.abc import Iterable, Iterator
from struct import Struct
from zlib import crc32

import msgspec

from leadline.spool.records import Hit, Record

HEADER = Struct("<II")
LARGEST = 1024 * 1024
"""Bytes of the largest payload; what says that it is larger is no frame."""

# What may be a header: a length, which is below 2^24, and a checksum.
_HEADERS = re.compile(rb"(?s)(?=..[\x00-\x10]\x00.{4})")


class TooLarge(ValueError):
    """A record that could not be read again, as it is larger than a frame may be."""


_LIST_BYTES = 64 * 1024
"""Of several hits in one frame: what a spoiled bit takes with it, and what is read at once, is
little."""

# A list in msgpack: this byte, and a number of four bytes. No record begins so.
_LIST = 0xDD
_LIST_HEADER = Struct(">BI")

_encoder = msgspec.msgpack.Encoder(decimal_format="string")
_decoder = msgspec.msgpack.Decoder(Record)
_list_decoder = msgspec.msgpack.Decoder(list[Hit])


def encode(record: Record) -> bytes:
    """The record as part of a frame. Raises `TooLarge`."""
    payload = _encoder.encode(record)
    if len(payload) > LARGEST:
        raise TooLarge(f"a record of {len(payload)} bytes")
    return payload


def frame(payload: bytes) -> bytes:
    """Around one encoded record."""
    return HEADER.pack(len(payload), crc32(payload)) + payload


def frame_hits(payloads: Iterable[bytes]) -> bytes:
    """Around encoded hits: as few frames as hold them. One is checked and read faster than many."""
    return b"".join(map(frame, _lists(payloads)))


def _lists(payloads: Iterable[bytes]) -> Iterator[bytes]:
    together: list[bytes] = []
    size = 0
    for payload in payloads:
        if together and size + len(payload) > _LIST_BYTES:
            yield _list(together)
            together, size = [], 0
        together.append(payload)
        size += len(payload)
    yield _list(together)


def _list(payloads: list[bytes]) -> bytes:
    if len(payloads) == 1:
        return payloads[0]
    return _LIST_HEADER.pack(_LIST, len(payloads)) + b"".join(payloads)


def end_of(buffer: bytes, start: int) -> int | None:
    """Where the frame ends that begins at `start`; None if it is torn, corrupt or no frame."""
    payload = start + HEADER.size
    if payload > len(buffer):
        return None
    length, checksum = HEADER.unpack_from(buffer, start)
    end: int = payload + length
    if not 0 < length <= LARGEST or end > len(buffer):
        return None
    return end if crc32(memoryview(buffer)[payload:end]) == checksum else None


def read(buffer: bytes, start: int) -> tuple[list[tuple[int, Record]], int]:
    """The records of the frames that begin at `start`, each with a place of its own.

    That of a hit in a list is so many bytes after the frame's as there are hits before it; none is
    as short as a byte. And where it all ends: with the buffer, or at the first frame that is torn,
    corrupt or none.
    """
    found: list[tuple[int, Record]] = []
    view = memoryview(buffer)
    size = len(buffer)
    while start + HEADER.size <= size:
        length, checksum = HEADER.unpack_from(buffer, start)
        payload = start + HEADER.size
        end = payload + length
        written = view[payload:end]
        if not 0 < length <= LARGEST or end > size or crc32(written) != checksum:
            break
        try:
            if written[0] == _LIST:
                found.extend(enumerate(_list_decoder.decode(written), start))
            else:
                found.append((start, _decoder.decode(written)))
        except msgspec.MsgspecError:  # of what no Leadline wrote
            break
        start = end
    return found, start


def find(buffer: bytes, start: int) -> int | None:
    """Where the next whole frame begins, from `start` on.

    No visitor can make one inside of another: its header has a zero, and no text in a record has.
    """
    for match in _HEADERS.finditer(buffer, start):
        if end_of(buffer, match.start()) is not None:
            return match.start()
    return None
