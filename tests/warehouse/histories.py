"""Histories of hits, as collectors of several sites in several zones would write them."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, closing
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from leadline.spool import Batch, Hit, Kind, Position, Record, Source
from leadline.warehouse import DuckDBWarehouse, Warehouse
from leadline.warehouse.batch import Arrivals
from tests.spool.examples import hit

ZONES = {1: "UTC", 2: "Asia/Kathmandu", 3: "America/Sao_Paulo", 4: "Pacific/Kiritimati"}
STARTS = datetime(2026, 3, 10, 17, tzinfo=UTC)
HALF_AN_HOUR = timedelta(minutes=30)
PIECE = 7
MICROSECOND = timedelta(microseconds=1)

Placed = tuple[Position, Record]


class Step(NamedTuple):
    """Somebody's next hit, so long after whatever hit came before."""

    after: timedelta
    site: int
    person: int
    kind: Kind = Kind.PAGEVIEW
    source: Source = Source()


_gaps = st.sampled_from(
    [
        timedelta(0),
        MICROSECOND,
        timedelta(seconds=1),
        timedelta(minutes=10),
        timedelta(minutes=20),
        HALF_AN_HOUR - MICROSECOND,
        HALF_AN_HOUR,
        HALF_AN_HOUR + MICROSECOND,
        timedelta(minutes=65),
        timedelta(hours=7),
        timedelta(hours=23, minutes=30),
        timedelta(days=4),
    ]
)
SOURCES = [
    Source(),
    Source(referrer="https://search.example", referrer_path="/?q=1", keyword="k"),
    Source(utm_source="s", utm_medium="m", utm_campaign="c", utm_term="t", utm_content="n"),
    Source(ref="newsletter", source="newsletter", medium="referrer", channel="Referral"),
    Source(channel="Direct"),
]
steps = st.lists(
    st.builds(
        Step,
        # Short gaps are likelier, so that visits grow, also over a midnight.
        after=_gaps | st.sampled_from([timedelta(minutes=10), timedelta(minutes=25)]),
        site=st.sampled_from(list(ZONES)),
        person=st.integers(1, 3),
        kind=st.sampled_from(Kind),
        source=st.sampled_from(SOURCES),
    ),
    min_size=1,
    max_size=60,
)


def written(
    taken: Iterable[Step], moved: Mapping[int, str] = ZONES, after: int = 0
) -> list[Placed]:
    """The records of these steps, each with the hashes that a collector would give it.

    After so many of them the sites have `moved` to these zones.
    """
    now = STARTS
    records: list[Placed] = []
    for number, step in enumerate(taken):
        now += step.after
        zones = ZONES if number < after else moved
        records.append((Position(1, number), hit_of(now, step, zones[step.site])))
    return records


def hit_of(now: datetime, step: Step, zone: str) -> Hit:
    local = now.astimezone(ZoneInfo(zone))
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    yesterday = local.date() - timedelta(days=1)
    return hit(
        site=step.site,
        received_at=now,
        day=local.date(),
        visitor=_hash(step.site, step.person, local.date()),
        previous=(
            _hash(step.site, step.person, yesterday) if local - midnight < HALF_AN_HOUR else None
        ),
        kind=step.kind,
        source=step.source,
    )


def _hash(*parts: object) -> int:
    return int.from_bytes(sha256(repr(parts).encode()).digest()[:8], "big")


def cut(records: Sequence[Placed], places: Iterable[int]) -> list[Batch]:
    """The records in batches that end before these indexes, and at the end."""
    batches = []
    begin = 0
    inner = {place for place in places if 0 < place < len(records)}
    for end in sorted(inner | {len(records)} - {0}):
        part = list(records[begin:end])
        last = part[-1][0]
        batches.append(Batch(part, Position(last.segment, last.offset + 1)))
        begin = end
    return batches


def opened(directory: Path) -> AbstractContextManager[DuckDBWarehouse]:
    return closing(DuckDBWarehouse(directory / "hits.duckdb", memory="128MB", threads=1))


def load(warehouse: Warehouse, batches: Iterable[Batch]) -> None:
    """Each as a loader does that reads it in small pieces."""
    for records, end, _ in batches:
        pieces = [records[at : at + PIECE] for at in range(0, len(records), PIECE)] or [[]]
        warehouse.load(Arrivals.of(*(Batch(piece, end) for piece in pieces)))
