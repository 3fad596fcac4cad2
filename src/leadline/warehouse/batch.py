"""Spooled records as one Arrow table, the form in which an engine takes them in."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from operator import attrgetter
from typing import Any, NamedTuple

import msgspec
import nanoarrow as na

from leadline.spool import Batch, Bundle, Erasure, Hit, Kind, Position, Refusal, Source

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


def _microseconds(moment: datetime) -> int:
    return round(moment.timestamp() * 1_000_000)


def _field(name: str) -> Callable[[Sequence[Hit]], list[Any]]:
    """Reads a field of every hit, or one of its source, without a call in Python for each."""
    get = attrgetter(name)
    return lambda hits: list(map(get, hits))


def _received(hits: Sequence[Hit]) -> list[int]:
    return [_microseconds(hit.received_at) for hit in hits]


def _days(hits: Sequence[Hit]) -> list[str]:
    days = list(map(attrgetter("day"), hits))
    written = {day: day.isoformat() for day in set(days)}
    return [written[day] for day in days]


def _kinds(hits: Sequence[Hit]) -> list[str]:
    written = {kind: kind.value for kind in Kind}
    return [written[hit.kind] for hit in hits]


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
    Column("kind", na.string(), _kinds),
    Column("origin", na.string(), _field("origin")),
    Column("path", na.string(), _field("path")),
    Column("name", na.string(), _field("name")),
    Column("amount", na.string(), _amounts),
    Column("properties", na.string(), _properties),
    Column("content_group", na.string(), _field("group")),
    *(Column(name, na.string(), _field(name)) for name in ("browser_timezone", "wire", *ENRICHED)),
    *(Column(name, na.string(), _field(f"source.{name}")) for name in Source.__struct_fields__),
)
"""Beside `hit_id`, which is the place of the hit."""


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


class Named(NamedTuple):
    """A hit that its sender gave an id, and the date in UTC on which it was taken."""

    place: Position
    site: int
    id: bytes
    taken_on: date


class Arrivals(NamedTuple):
    """A batch sorted by what is to be done with its records; `end` is the place after it.

    `hits` are those that count, `departures` the others. `dates` are those in UTC on which hits
    were taken, as far as a change of date can be seen.
    """

    hits: list[tuple[Position, Hit]]
    departures: list[tuple[Position, Hit]]
    named: list[Named]
    refusals: list[Refusal]
    erasures: list[int]
    dates: list[date]
    end: Position

    @classmethod
    def of(cls, batch: Batch) -> "Arrivals":
        found = cls([], [], [], [], [], [], batch.end)
        for place, record in batch.records:
            match record:
                case Hit(kind=Kind.DEPARTURE):
                    found.departures.append((place, record))
                case Hit():
                    found.hits.append((place, record))
                case Refusal():
                    found.refusals.append(record)
                case Erasure():
                    found.erasures.append(record.site)
                case Bundle():
                    found._open(place, record)
        if found.hits and not found.dates:
            found.dates.append(found.hits[-1][1].received_at.date())
        return found

    def _open(self, place: Position, bundle: Bundle) -> None:
        """Its hits have the places behind one another: no hit is as short as the byte it gets."""
        taken_on = bundle.taken_at.date()
        self.dates.append(taken_on)
        self.refusals.extend(bundle.refusals)
        for number, (hit, given) in enumerate(zip(bundle.hits, bundle.ids, strict=True)):
            own = Position(place.segment, place.offset + number)
            self.hits.append((own, hit))
            if given is not None:
                self.named.append(Named(own, hit.site, given, taken_on))

    def hit_table(self) -> ArrowTable:
        return _table(self.hits)

    def departure_table(self) -> ArrowTable:
        return _table(self.departures)

    def named_table(self, numbers: Mapping[date, int]) -> ArrowTable:
        """`numbers` are those of the dates."""
        rows = self.named
        return ArrowTable(
            (
                ("hit_id", na.uint64(), [hit_id(row.place) for row in rows]),
                ("site_id", na.int64(), [row.site for row in rows]),
                ("id", na.string(), [row.id.hex() for row in rows]),
                ("date_number", na.int64(), [numbers[row.taken_on] for row in rows]),
            )
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


def _table(placed: Sequence[tuple[Position, Hit]]) -> ArrowTable:
    hits = [hit for _, hit in placed]
    return ArrowTable(
        (
            ("hit_id", na.uint64(), [hit_id(place) for place, _ in placed]),
            *((column.name, column.type, column.read(hits)) for column in COLUMNS),
        )
    )
