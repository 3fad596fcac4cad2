"""Hits that are told of later than they happened, up to a day: the visits that they get.

The rule in plain Python, batch by batch: a visit is a span of time. The spans of a visitor's visits
that are stored, and the new hits, are taken in the order of their beginning; less than 30 minutes
apart they are a cluster. A hit joins the last stored visit of its cluster that had begun, before
any had the first, and where none is stored the visit that begins with the cluster.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadline.spool import Batch, Hit, Kind, Position, Source
from leadline.warehouse import Warehouse
from leadline.warehouse.batch import hit_id
from tests.clickhouse import Engine, local
from tests.spool.examples import COUNTED, hit
from tests.warehouse.histories import HALF_AN_HOUR, ZONES, Step, cut, hit_of, load
from tests.warehouse.oracle import Told
from tests.warehouse.test_visits import stored

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)

Placed = tuple[Position, Hit]


@dataclass
class Visit:
    number: int
    started_at: datetime
    first_at: datetime
    last_at: datetime
    source: Source
    pageviews: int = 0


class LateOracle:
    """Knows people where the warehouse knows hashes; remembers everything for ever."""

    def __init__(self) -> None:
        self.told: dict[int, Told] = {}
        self._visits: dict[tuple[int, int], list[Visit]] = {}
        self._seen: set[tuple[int, date, int]] = set()

    def take(self, batch: Iterable[tuple[int, Placed]]) -> None:
        """A batch of hits, each with the number of the person who it is."""
        people: dict[tuple[int, int], list[Placed]] = {}
        for person, (place, record) in batch:
            people.setdefault((record.site, person), []).append((place, record))
        for who, hits in people.items():
            self._place(who, sorted(hits, key=lambda each: (each[1].received_at, each[0])))

    def _place(self, who: tuple[int, int], hits: list[Placed]) -> None:
        stored = list(self._visits.get(who, ()))
        for cluster in clusters(stored, hits):
            known = [each for each in cluster if isinstance(each, Visit)]
            current = known[0] if known else None
            for each in cluster:
                current = each if isinstance(each, Visit) else self._tell(who, current, *each)

    def _tell(
        self, who: tuple[int, int], visit: Visit | None, place: Position, record: Hit
    ) -> Visit:
        at = record.received_at
        is_entry = visit is None
        if visit is None:
            visit = Visit(hit_id(place), at, at, at, record.source)
            self._visits.setdefault(who, []).append(visit)
        visit.first_at, visit.last_at = min(visit.first_at, at), max(visit.last_at, at)
        is_pageview = record.kind is Kind.PAGEVIEW
        visit.pageviews += is_pageview
        day = (record.site, record.day, record.visitor)
        self.told[hit_id(place)] = Told(
            visit_id=visit.number,
            visit_started_at=visit.started_at,
            is_entry=is_entry,
            is_second_pageview=is_pageview and visit.pageviews == 2,
            is_new_visitor=day not in self._seen,
            source=record.source if is_pageview else visit.source,
        )
        self._seen.add(day)
        return visit


def clusters(visits: list[Visit], hits: list[Placed]) -> Iterator[list[Visit | Placed]]:
    spans: list[tuple[datetime, datetime, Visit | Placed]] = [
        *((visit.first_at, visit.last_at, visit) for visit in visits),
        *((each[1].received_at, each[1].received_at, each) for each in hits),
    ]
    # Sorting is stable: of what begins at one moment visits come first, then hits as they came.
    spans.sort(key=lambda span: span[0])
    cluster: list[Visit | Placed] = []
    reach: datetime | None = None
    for begins, ends, each in spans:
        if reach is not None and begins - reach >= HALF_AN_HOUR:
            yield cluster
            cluster, reach = [], None
        cluster.append(each)
        reach = ends if reach is None else max(reach, ends)
    yield cluster


_lateness = st.sampled_from(
    [0, 0, 0, -5, 1, 10, 20, 29, 30, 31, 45, 60, 90, 600, 23 * 60, 24 * 60]
).map(lambda minutes: timedelta(minutes=minutes))
_steps = st.lists(
    st.tuples(
        st.builds(
            Step,
            after=st.sampled_from([0, 1, 10, 25, 29, 31, 65, 400, 1400]).map(
                lambda minutes: timedelta(minutes=minutes)
            ),
            site=st.sampled_from([1, 2]),
            person=st.integers(1, 2),
            kind=st.sampled_from(COUNTED),
            source=st.sampled_from([Source(), Source(utm_source="a"), Source(utm_source="b")]),
        ),
        _lateness,
    ),
    min_size=1,
    max_size=40,
)


def told_later(taken: Iterable[tuple[Step, timedelta]]) -> list[tuple[int, Placed]]:
    """The hits of these steps, each told of so much later than it happened."""
    now = NOON
    found: list[tuple[int, Placed]] = []
    for number, (step, late) in enumerate(taken):
        now += step.after
        found.append(
            (step.person, (Position(1, number), hit_of(now - late, step, ZONES[step.site])))
        )
    return found


def batches_of(records: list[tuple[int, Placed]], cuts: set[int]) -> Iterator[Batch]:
    yield from cut([placed for _, placed in records], cuts)


def check(engine: Engine, records: list[tuple[int, Placed]], cuts: set[int]) -> None:
    oracle = LateOracle()
    with TemporaryDirectory() as directory, engine.opened(Path(directory)) as warehouse:
        begin = 0
        for batch in batches_of(records, cuts):
            load(warehouse, [batch])
            oracle.take(records[begin : begin + len(batch.records)])
            begin += len(batch.records)
        found = stored(warehouse)
    assert found == oracle.told
    consistent(found)


def consistent(found: dict[int, Told]) -> None:
    """What sums rely on: one entry for each visit, one second pageview at most."""
    entries = Counter(each.visit_id for each in found.values() if each.is_entry)
    assert entries == Counter({each.visit_id for each in found.values()})
    seconds = Counter(each.visit_id for each in found.values() if each.is_second_pageview)
    assert set(seconds.values()) <= {1}
    assert all(
        found[each.visit_id].visit_started_at == each.visit_started_at for each in found.values()
    )


def test_any_lateness_cut_in_any_way(engine: Engine) -> None:
    @settings(max_examples=engine.examples(25), deadline=None)
    @given(taken=_steps, data=st.data())
    def check_one(taken: list[tuple[Step, timedelta]], data: st.DataObject) -> None:
        records = told_later(taken)
        check(engine, records, data.draw(st.sets(st.integers(1, len(records)), max_size=6)))

    check_one()


def minutes(count: float) -> datetime:
    return NOON + timedelta(minutes=count)


def one_by_one(engine: Engine, data: Path, *times: float, kind: Kind = Kind.PAGEVIEW) -> list[int]:
    """The visits that hits of these minutes get, each loaded by itself; the first is visit 0."""
    with engine.opened(data) as warehouse:
        for number, at in enumerate(times):
            record = hit(received_at=minutes(at), kind=kind)
            load(warehouse, [Batch([(Position(1, number), record)], Position(1, number + 1))])
        return visits(warehouse)


def visits(warehouse: Warehouse) -> list[int]:
    rows = warehouse.query("SELECT visit_id FROM hits ORDER BY hit_id")
    return [visit & 0xFFFFFFFF for (visit,) in rows]


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        ((0, 20, 10), [0, 0, 0]),  # in the midst of a visit
        ((0, -29), [0, 0]),  # before it
        ((0, -30), [0, 1]),
        ((0, 300, 29), [0, 1, 0]),  # behind one that is over
        ((0, 300, 30), [0, 1, 2]),
        ((0, 300, 150, 160), [0, 1, 2, 2]),  # between two: a visit of its own
        ((0, 50, 25), [0, 1, 0]),  # would have made them one: they stay two
        ((0, 50, 25, 60), [0, 1, 0, 1]),
        ((0, -20, -40, -60), [0, 0, 0, 0]),  # backwards
        ((0, 1440, 5), [0, 1, 0]),  # a day late
        ((5, 0, 5, 4), [0, 0, 0, 0]),  # ahead of the others
    ],
)
def test_which_visit_a_late_hit_gets(
    engine: Engine, tmp_path: Path, times: tuple[float, ...], expected: list[int]
) -> None:
    assert one_by_one(engine, tmp_path, *times) == expected


def test_a_late_event_keeps_the_source_of_a_visit_that_is_over(
    engine: Engine, tmp_path: Path
) -> None:
    """A purchase that is reported hours later belongs to where the visitor came from."""
    came, later = Source(utm_source="mail"), Source(utm_source="inside")
    records = [
        hit(received_at=minutes(0), source=came),
        hit(received_at=minutes(300), source=later),
        hit(received_at=minutes(5), kind=Kind.CONVERSION, name="buy"),
    ]
    with engine.opened(tmp_path) as warehouse:
        load(warehouse, cut([(Position(1, n), each) for n, each in enumerate(records)], {1, 2}))
        assert warehouse.query("SELECT utm_source FROM hits ORDER BY hit_id") == [
            ("mail",),
            ("inside",),
            ("mail",),
        ]


def test_a_late_hit_finds_the_visit_that_went_on_after_midnight(
    engine: Engine, tmp_path: Path
) -> None:
    """It has the hash of the day before, the visit by now that of the day."""
    midnight = datetime(2026, 3, 11, tzinfo=UTC)
    before = hit(received_at=midnight - timedelta(minutes=10), visitor=1)
    after = hit(
        received_at=midnight + timedelta(minutes=5), day=midnight.date(), visitor=2, previous=1
    )
    late = hit(received_at=midnight - timedelta(minutes=25), visitor=1)
    with engine.opened(tmp_path) as warehouse:
        records = [(Position(1, n), each) for n, each in enumerate((before, after, late))]
        load(warehouse, cut(records, {1, 2}))
        assert visits(warehouse) == [0, 0, 0]
        found = local(warehouse).query("SELECT visitor, previous, pageviews FROM live_visits")
        assert found == [(2, 1, 3)]
