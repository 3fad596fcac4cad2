"""Spooled records as Arrow tables, the form in which an engine takes them in."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from operator import attrgetter
from typing import Any, NamedTuple

import msgspec
import nanoarrow as na
from nanoarrow.c_array_stream import CArrayStream

from leadline.spool import START, Batch, Bundle, Erasure, Hit, Kind, Position, Refusal, Source

_json = msgspec.json.Encoder(order="deterministic")


def hit_id(place: Position) -> int:
    """A number that grows with the spool and is the hit's own for ever."""
    number: int = (place.segment << 32) | place.offset
    return number


def place_of(hit_id: int) -> Position:
    """Where in the spool the hit was of which `hit_id` made this number."""
    return Position(hit_id >> 32, hit_id & 0xFFFFFFFF)


class Column(NamedTuple):
    """One column of the batch: its Arrow type, and how to read it off the hits."""

    name: str
    type: Any
    read: Callable[[Sequence[Hit]], list[Any]]


def _microseconds(moments: Iterable[datetime]) -> list[int]:
    return [round(seconds * 1_000_000) for seconds in map(datetime.timestamp, moments)]


def _field(name: str) -> Callable[[Sequence[Hit]], list[Any]]:
    """Reads a field of every hit without a call in Python for each."""
    get = attrgetter(name)
    return lambda hits: list(map(get, hits))


def _received(hits: Sequence[Hit]) -> list[int]:
    return _microseconds(map(attrgetter("received_at"), hits))


def _days(hits: Sequence[Hit]) -> list[str]:
    days = list(map(attrgetter("day"), hits))
    written = {day: day.isoformat() for day in set(days)}
    return [written[day] for day in days]


def _amounts(hits: Sequence[Hit]) -> list[str | None]:
    return [None if hit.amount is None else str(hit.amount) for hit in hits]


def _properties(hits: Sequence[Hit]) -> list[str | None]:
    return [_json.encode(hit.properties).decode() if hit.properties else None for hit in hits]


ENRICHED = (
    "browser",
    "operating_system",
    "device_type",
    "country",
    "region",
    "city",
    "language",
    "screen",
)
"""What a request says beside the hit; fields of it and columns of the same names."""

COLUMNS = (
    Column("site_id", na.int64(), _field("site")),
    Column("received_us", na.int64(), _received),
    Column("day", na.string(), _days),
    Column("visitor", na.uint64(), _field("visitor")),
    Column("previous", na.uint64(), _field("previous")),
    Column("kind", na.string(), _field("kind")),
    Column("origin", na.string(), _field("origin")),
    Column("path", na.string(), _field("path")),
    Column("name", na.string(), _field("name")),
    Column("amount", na.string(), _amounts),
    Column("properties", na.string(), _properties),
    Column("content_group", na.string(), _field("group")),
    *(Column(name, na.string(), _field(name)) for name in ("browser_timezone", "wire", *ENRICHED)),
)
"""Beside `hit_id`, which is the place of the hit, and the fields of its source."""

_SOURCE_FIELDS = tuple(attrgetter(name) for name in Source.__struct_fields__)
_source = attrgetter("source")

_HIT_COLUMNS = (
    ("hit_id", na.uint64()),
    *((column.name, column.type) for column in COLUMNS),
    *((name, na.string()) for name in Source.__struct_fields__),
)


class ArrowTable:
    """Rows behind Arrow's C interface, which every engine reads without a copy in Python.

    They may be added in pieces, each of which is turned into columns at once.
    """

    def __init__(self, columns: Iterable[tuple[str, Any]]) -> None:
        """`columns` are names and Arrow types."""
        self._types = dict(columns)
        self._schema = na.c_schema(na.struct(self._types))
        self._pieces: list[Any] = []
        self.length = 0

    def add(self, columns: Iterable[Sequence[Any]], length: int) -> None:
        """So many rows more, column by column."""
        arrays = [
            na.c_array(values, kind)
            for values, kind in zip(columns, self._types.values(), strict=True)
        ]
        piece = na.c_array_from_buffers(self._schema, length, [None], children=arrays)
        self._pieces.append(piece)
        self.length += length

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return CArrayStream.from_c_arrays(self._pieces, self._schema).__arrow_c_stream__()


class Named(NamedTuple):
    """A hit that its sender gave an id, and the date in UTC on which it was taken."""

    place: Position
    site: int
    id: bytes
    taken_on: date


class Arrivals:
    """Batches that are taken in together, sorted by what is to be done with their records.

    `hits` are those that count, `departures` the others. `dates` are those in UTC on which hits
    were taken, as far as a change of date can be seen; `end` is the place after it all, and `size`
    the bytes that it had in the spool.
    """

    def __init__(self) -> None:
        self.hits = ArrowTable(_HIT_COLUMNS)
        self.departures = ArrowTable(_HIT_COLUMNS)
        self.named: list[Named] = []
        self.refusals: list[Refusal] = []
        self.erasures: list[int] = []
        self.dates: list[date] = []
        self.end = START
        self.size = 0

    @classmethod
    def of(cls, *batches: Batch) -> "Arrivals":
        found = cls()
        for batch in batches:
            found.add(batch)
        return found

    def add(self, batch: Batch) -> None:
        """What follows. Nothing is kept of a hit but what is in the columns: it is many objects."""
        hits: list[tuple[Position, Hit]] = []
        departures: list[tuple[Position, Hit]] = []
        dates: list[date] = []
        for place, record in batch.records:
            if isinstance(record, Hit):  # nearly all are
                kind = departures if record.kind is Kind.DEPARTURE else hits
                kind.append((place, record))
                continue
            match record:
                case Refusal():
                    self.refusals.append(record)
                case Erasure():
                    self.erasures.append(record.site)
                case Bundle():
                    dates.append(record.taken_at.date())
                    hits.extend(self._opened(place, record))
        if hits and not dates:
            dates.append(hits[-1][1].received_at.date())
        self.dates += dates
        _add(self.hits, hits)
        _add(self.departures, departures)
        self.end = batch.end
        self.size += batch.size

    def _opened(self, place: Position, bundle: Bundle) -> Iterator[tuple[Position, Hit]]:
        """Its hits have the places behind one another: no hit is as short as the byte it gets."""
        self.refusals.extend(bundle.refusals)
        taken_on = bundle.taken_at.date()
        for number, (hit, given) in enumerate(zip(bundle.hits, bundle.ids, strict=True)):
            own = Position(place.segment, place.offset + number)
            if given is not None:
                self.named.append(Named(own, hit.site, given, taken_on))
            yield own, hit

    def named_table(self, numbers: Mapping[date, int]) -> ArrowTable:
        """`numbers` are those of the dates."""
        rows = self.named
        return _table(
            ("hit_id", na.uint64(), [hit_id(row.place) for row in rows]),
            ("site_id", na.int64(), [row.site for row in rows]),
            ("id", na.string(), [row.id.hex() for row in rows]),
            ("date_number", na.int64(), [numbers[row.taken_on] for row in rows]),
        )

    def refusal_table(self) -> ArrowTable:
        rows = self.refusals
        return _table(
            ("site_id", na.int64(), [row.site for row in rows]),
            ("received_us", na.int64(), _microseconds(row.received_at for row in rows)),
            ("reason", na.string(), [row.reason for row in rows]),
            ("origin", na.string(), [row.origin for row in rows]),
        )


def _table(*columns: tuple[str, Any, Sequence[Any]]) -> ArrowTable:
    table = ArrowTable((name, kind) for name, kind, _ in columns)
    table.add([values for _, _, values in columns], len(columns[0][2]))
    return table


def _add(table: ArrowTable, placed: Sequence[tuple[Position, Hit]]) -> None:
    if placed:
        places, hits = zip(*placed, strict=True)
        numbers = [segment << 32 | offset for segment, offset in places]
        columns = (column.read(hits) for column in COLUMNS)
        sources = list(map(_source, hits))
        fields = (list(map(field, sources)) for field in _SOURCE_FIELDS)
        table.add((numbers, *columns, *fields), len(hits))
