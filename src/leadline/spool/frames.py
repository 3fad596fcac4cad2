"""How a record lies in a segment: length, checksum, then the record in msgpack."""

import re
from struct import Struct
from zlib import crc32

import msgspec

from leadline.spool.records import Record

HEADER = Struct("<II")
LARGEST = 1024 * 1024
"""Bytes of the largest payload; what says that it is larger is no frame."""

# What may be a header: a length, which is below 2^24, and a checksum.
_HEADERS = re.compile(rb"(?s)(?=..[\x00-\x10]\x00.{4})")


class TooLarge(ValueError):
    """A record that could not be read again, as it is larger than a frame may be."""


_encoder = msgspec.msgpack.Encoder(decimal_format="string")
_decoder = msgspec.msgpack.Decoder(Record)


def encode(record: Record) -> bytes:
    """Raises `TooLarge`."""
    payload = _encoder.encode(record)
    if len(payload) > LARGEST:
        raise TooLarge(f"a record of {len(payload)} bytes")
    return HEADER.pack(len(payload), crc32(payload)) + payload


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
    """The records of the frames that begin at `start`, each with its place.

    And where that ends: with the buffer, or at the first frame that is torn, corrupt or none.
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
