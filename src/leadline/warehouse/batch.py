"""Spooled records as one Arrow table, the form in which an engine takes them in."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, NamedTuple

import msgspec
import nanoarrow as na

from leadline.spool import Batch, Erasure, Hit, Position, Refusal

_json = msgspec.json.Encoder(order="deterministic")


def hit_id(place: Position) -> int:
    """A number that grows with the spool and is the hit's own for ever."""
    number: int = (place.segment << 32) | place.offset
    return number


def place_of(hit_id: int) -> Position:
    """Where in the spool the hit was of which `hit_id` made this number."""
    return Position(hit_id >> 32, hit_id & 0xFFFFFFFF)


class Column(NamedTuple):
    """One column of the batch: its Arrow type, and how to read it off a hit."""

    name: str
    type: Any
    read: Callable[[Position, Hit], Any]


def _microseconds(moment: datetime) -> int:
    return round(moment.timestamp() * 1_000_000)


COLUMNS = (
    Column("hit_id", na.uint64(), lambda place, hit: hit_id(place)),
    Column("site_id", na.int64(), lambda place, hit: hit.site),
    Column("received_us", na.int64(), lambda place, hit: _microseconds(hit.received_at)),
    Column("day", na.string(), lambda place, hit: hit.day.isoformat()),
    Column("visitor", na.uint64(), lambda place, hit: hit.visitor),
    Column("previous", na.uint64(), lambda place, hit: hit.previous),
    Column("kind", na.string(), lambda place, hit: hit.kind.value),
    Column("origin", na.string(), lambda place, hit: hit.origin),
    Column("path", na.string(), lambda place, hit: hit.path),
    Column("name", na.string(), lambda place, hit: hit.name),
    Column(
        "amount", na.string(), lambda place, hit: None if hit.amount is None else str(hit.amount)
    ),
    Column("properties", na.string(), lambda place, hit: _properties(hit)),
    Column("content_group", na.string(), lambda place, hit: hit.group),
    Column("browser_timezone", na.string(), lambda place, hit: hit.browser_timezone),
    Column("wire", na.string(), lambda place, hit: hit.wire),
    Column("referrer", na.string(), lambda place, hit: hit.source.referrer),
    Column("referrer_path", na.string(), lambda place, hit: hit.source.referrer_path),
    Column("utm_source", na.string(), lambda place, hit: hit.source.utm_source),
    Column("utm_medium", na.string(), lambda place, hit: hit.source.utm_medium),
    Column("utm_campaign", na.string(), lambda place, hit: hit.source.utm_campaign),
    Column("utm_term", na.string(), lambda place, hit: hit.source.utm_term),
    Column("utm_content", na.string(), lambda place, hit: hit.source.utm_content),
    Column("ref", na.string(), lambda place, hit: hit.source.ref),
    Column("keyword", na.string(), lambda place, hit: hit.source.keyword),
)


def _properties(hit: Hit) -> str | None:
    return _json.encode(hit.properties).decode() if hit.properties else None


class ArrowTable:
    """Columns behind Arrow's C interface, which every engine reads without a copy in Python."""

    def __init__(self, columns: Iterable[tuple[str, Any, list[Any]]]) -> None:
        chosen = list(columns)
        schema = na.struct({name: kind for name, kind, _ in chosen})
        arrays = [na.c_array(values, kind) for _, kind, values in chosen]
        length = len(chosen[0][2]) if chosen else 0
        self._array = na.c_array_from_buffers(schema, length, [None], children=arrays)

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return na.c_array_stream(self._array).__arrow_c_stream__(requested_schema)


class Arrivals(NamedTuple):
    """A batch sorted by what is to be done with its records; `end` is the place after it."""

    hits: list[tuple[Position, Hit]]
    refusals: list[Refusal]
    erasures: list[int]
    end: Position

    @classmethod
    def of(cls, batch: Batch) -> "Arrivals":
        hits: list[tuple[Position, Hit]] = []
        refusals: list[Refusal] = []
        erasures: list[int] = []
        for place, record in batch.records:
            match record:
                case Hit():
                    hits.append((place, record))
                case Refusal():
                    refusals.append(record)
                case Erasure():
                    erasures.append(record.site)
        return cls(hits, refusals, erasures, batch.end)

    def hit_table(self) -> ArrowTable:
        return ArrowTable(
            (column.name, column.type, [column.read(place, hit) for place, hit in self.hits])
            for column in COLUMNS
        )

    def refusal_table(self) -> ArrowTable:
        rows = self.refusals
        return ArrowTable(
            (
                ("site_id", na.int64(), [row.site for row in rows]),
                ("received_us", na.int64(), [_microseconds(row.received_at) for row in rows]),
                ("reason", na.string(), [row.reason for row in rows]),
                ("origin", na.string(), [row.origin for row in rows]),
            )
        )
