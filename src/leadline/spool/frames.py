"""How a record lies in a segment: length, checksum, then the record in msgpack."""

from collections.abc import Iterator
from struct import Struct
from zlib import crc32

import msgspec

from leadline.spool.records import Record

HEADER = Struct("<II")
LARGEST = 1024 * 1024
"""Bytes of the largest payload; what says that it is larger is no frame."""

_encoder = msgspec.msgpack.Encoder(decimal_format="string")
_decoder = msgspec.msgpack.Decoder(Record)


def encode(record: Record) -> bytes:
    """Raises `ValueError` for a record that could not be read again."""
    payload = _encoder.encode(record)
    if len(payload) > LARGEST:
        raise ValueError(f"a record of {len(payload)} bytes")
    return HEADER.pack(len(payload), crc32(payload)) + payload


def decode(payload: bytes | memoryview) -> Record:
    """Raises `msgspec.MsgspecError` for what no Leadline wrote."""
    record: Record = _decoder.decode(payload)
    return record


def scan(buffer: bytes) -> Iterator[tuple[int, int]]:
    """Start and end of each whole payload in `buffer`, up to the first that is torn or corrupt."""
    start = HEADER.size
    view = memoryview(buffer)
    while start <= len(buffer):
        length, checksum = HEADER.unpack_from(buffer, start - HEADER.size)
        end = start + length
        if not 0 < length <= LARGEST or end > len(buffer) or crc32(view[start:end]) != checksum:
            return
        yield start, end
        start = end + HEADER.size
