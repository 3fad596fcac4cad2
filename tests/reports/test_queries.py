"""Any query over any history answers alike on both engines, and as plain Python does."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from leadline.reports import (
    Dimension,
    Filter,
    InvalidPattern,
    Metric,
    Operator,
    Order,
    Query,
    Reports,
    Row,
    Time,
)
from leadline.spool import Hit, Kind, Position, Source
from leadline.warehouse import Warehouse
from leadline.warehouse.batch import hit_id
from tests.clickhouse import Engine
from tests.reports import oracle
from tests.support import ManualClock
from tests.warehouse.histories import STARTS, ZONES, Placed, Step, cut, load, steps, written
from tests.warehouse.oracle import Oracle

NAMES = ["signup", "buy"]
PATHS = ["/", "/a", "/b*c", "/é%_"]
ORIGINS = ["https://example.com", "https://www.example.com"]
ZERO = Row(0, (), 0, 0, 0, 0, 0, 0)
SOURCES = [
    Source(),
    Source(referrer="https://search.example", referrer_path="/r", keyword="k", source="Search"),
    Source(utm_source="s", utm_medium="m", utm_campaign="c", utm_term="t", utm_content="n"),
    Source(ref="newsletter", source="newsletter", medium="referrer", channel="Referral"),
]
VALUES = [*PATHS, *ORIGINS, "", "a", "ES", "example", "s*", "*", "Chrome"]


def varied(records: list[Placed], seed: int) -> Iterator[tuple[Position, Hit]]:
    """The records with pages, places and browsers of many kinds."""
    for number, (place, record) in enumerate(records):
        assert isinstance(record, Hit)
        nth = number * 7 + seed
        fields = {name: getattr(record, name) for name in record.__struct_fields__}
        fields |= {
            "path": PATHS[nth % len(PATHS)],
            "origin": ORIGINS[nth // 3 % len(ORIGINS)],
            "name": "" if record.kind in (Kind.PAGEVIEW, Kind.DEPARTURE) else NAMES[nth % 2],
            "amount": Decimal(nth) / 8 if record.kind is Kind.CONVERSION else None,
            "country": ["ES", "", "FR"][record.visitor % 3],
            "city": ["", "Paris"][record.visitor % 2],
            "region": ["", "Madrid"][record.visitor // 5 % 2],
            "operating_system": ["Windows", "iOS"][record.visitor // 7 % 2],
            "device_type": ["Desktop", "Mobile"][record.visitor // 7 % 2],
            "browser": ["Chrome", "Firefox"][record.visitor // 2 % 2],
        }
        yield place, Hit(**fields)


filters = st.builds(
    Filter,
    dimension=st.sampled_from(Dimension),
    operator=st.sampled_from([each for each in Operator if "match" not in each.value]),
    value=st.sampled_from(VALUES),
) | st.builds(
    Filter,
    dimension=st.sampled_from(Dimension),
    operator=st.sampled_from([Operator.MATCHES, Operator.NOT_MATCHES]),
    value=st.sampled_from(["^/$", "^/(a|b)", "example", "", "[A-Z]{2}", r"^https://www\."]),
)


@st.composite
def queries(draw: st.DrawFn) -> Query:
    since = STARTS + timedelta(minutes=draw(st.sampled_from([-60, -60, 0, 10, 300])))
    edges = [since]
    for minutes in draw(st.lists(st.sampled_from([5, 30, 600, 20_000]), min_size=1, max_size=6)):
        edges.append(edges[-1] + timedelta(minutes=minutes))
    return Query(
        site=draw(st.sampled_from(list(ZONES))),
        since=since,
        until=edges[-1],
        buckets=tuple(edges[:-1]) if draw(st.booleans()) else (),
        dimensions=tuple(draw(st.lists(st.sampled_from(Dimension), max_size=3, unique=True))),
        filters=tuple(draw(st.lists(filters, max_size=2))),
    )


class History:
    """Hits in a warehouse, and what is known of them."""

    def __init__(self, warehouse: Warehouse, taken: list[Step], seed: int) -> None:
        records = list(varied(written(taken), seed))
        consulted = Oracle()
        for place, record in records:
            consulted.take(hit_id(place), record)
        self.told = [
            oracle.Told(hit_id(place), consulted.told[hit_id(place)].visit_id, record)
            for place, record in records
            if hit_id(place) in consulted.told
        ]
        load(warehouse, cut(records, {len(records) // 2}))
        self.reports = Reports(warehouse, ManualClock(STARTS))

    def check(self, query: Query) -> None:
        assert self.reports.rows(query) == oracle.rows(query, self.told)
        for name in NAMES:
            found = self.reports.events(query, name)
            assert found == oracle.events(query, name, self.told)


def test_any_query_over_any_history(engine: Engine) -> None:
    @settings(max_examples=engine.examples(25))
    @given(taken=steps, asked=st.lists(queries(), min_size=1, max_size=4), seed=st.integers(0, 99))
    def check(taken: list[Step], asked: list[Query], seed: int) -> None:
        with TemporaryDirectory() as directory, engine.opened(Path(directory)) as warehouse:
            history = History(warehouse, taken, seed)
            for query in asked:
                history.check(query)

    check()


@pytest.fixture(scope="module")
def busy(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[History]:
    """Two days of one site, with visits of many pages."""
    random = Random(6)
    gaps = [timedelta(seconds=1), timedelta(minutes=4), timedelta(minutes=11), timedelta(hours=1)]
    kinds = [Kind.PAGEVIEW] * 4 + [Kind.MICRO, Kind.CONVERSION, Kind.DEPARTURE]
    taken = [
        Step(random.choice(gaps), 1, random.randint(1, 4), random.choice(kinds), source)
        for _ in range(60)
        for source in SOURCES
    ]
    with engine.opened(tmp_path_factory.mktemp("busy")) as warehouse:
        yield History(warehouse, taken, 3)


DAY = timedelta(days=1)
BEGINS = STARTS.replace(hour=0)
WHOLE = Query(site=1, since=BEGINS, until=BEGINS + 4 * DAY)
DAYS = tuple(BEGINS + number * DAY for number in range(4))


@pytest.mark.parametrize("dimension", Dimension)
def test_each_dimension(busy: History, dimension: Dimension) -> None:
    by_it = replace(WHOLE, dimensions=(dimension,))
    rows = busy.reports.rows(by_it)
    assert len(rows) > 1
    busy.check(by_it)
    busy.check(replace(by_it, buckets=DAYS))
    busy.check(replace(by_it, dimensions=(Dimension.PATHNAME, dimension, Dimension.ENTRY_PAGE)))
    for operator in (Operator.IS, Operator.IS_NOT):
        busy.check(replace(WHOLE, filters=(Filter(dimension, operator, rows[-1].values[0]),)))


@pytest.mark.parametrize("metric", Metric)
@pytest.mark.parametrize("descending", [False, True])
def test_rows_are_ordered_and_cut(busy: History, metric: Metric, descending: bool) -> None:
    query = replace(WHOLE, dimensions=(Dimension.PATHNAME, Dimension.COUNTRY), buckets=DAYS)
    rows = busy.reports.rows(query)
    expected = sorted(rows, key=lambda row: getattr(row, metric.value), reverse=descending)
    if descending:  # Python keeps equals as they were in either direction
        expected = sorted(rows, key=lambda row: -getattr(row, metric.value))
    ordered = replace(query, order=(Order(metric, descending),))
    assert busy.reports.rows(ordered) == expected
    assert busy.reports.rows(replace(ordered, limit=3)) == expected[:3]


def test_rows_are_ordered_by_time_and_by_value(busy: History) -> None:
    query = replace(WHOLE, dimensions=(Dimension.PATHNAME,), buckets=DAYS)
    rows = busy.reports.rows(query)
    assert [row.bucket for row in rows] == sorted((row.bucket for row in rows), reverse=True)
    by_time = replace(query, order=(Order(Time.BUCKET), Order(Dimension.PATHNAME, True)))
    assert busy.reports.rows(by_time) == sorted(
        sorted(rows, key=lambda row: row.values[0].encode(), reverse=True),
        key=lambda row: row.bucket,
    )


def test_nothing_is_one_row_of_zeros_unless_rows_are_wanted(busy: History) -> None:
    nobody = replace(WHOLE, site=99)
    assert busy.reports.rows(nobody) == [Row(0, (), 0, 0, 0, 0, 0, 0)]
    assert busy.reports.rows(replace(nobody, buckets=DAYS)) == []
    assert busy.reports.rows(replace(nobody, dimensions=(Dimension.CITY,))) == []
    (row,) = busy.reports.rows(nobody)
    assert (row.bounce_rate, row.average_duration) == (0, 0)


@pytest.mark.parametrize("pattern", ["(", "a{2000}", "(?=a)", "x" * 1001, "*"])
def test_a_pattern_that_is_none_is_refused(busy: History, pattern: str) -> None:
    wanted = Filter(Dimension.PATHNAME, Operator.MATCHES, pattern)
    with pytest.raises(InvalidPattern):
        busy.reports.rows(replace(WHOLE, filters=(wanted,)))
