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
    By,
    Dimension,
    EventMetric,
    EventRow,
    Filter,
    Funnel,
    Metric,
    OnlyOfEvents,
    Operator,
    Order,
    Period,
    Property,
    Query,
    Reports,
    Row,
    Time,
    Viewed,
)
from leadline.reports.plan import Plan, Span
from leadline.reports.sql import statement
from leadline.spool import Hit, Kind, Position, Source
from leadline.warehouse import Warehouse
from leadline.warehouse.batch import hit_id
from tests.clickhouse import Engine
from tests.reports import oracle, questions
from tests.reports.questions import GROUPS, NAMES, ORIGINS, PATHS, PROPERTIES, numbers, plain
from tests.reports.storing import store
from tests.spool.examples import hit
from tests.support import ManualClock
from tests.warehouse.histories import STARTS, Placed, Step, cut, load, steps, written
from tests.warehouse.oracle import Oracle

SOURCES = [
    Source(),
    Source(referrer="https://search.example", referrer_path="/r", keyword="k", source="Search"),
    Source(utm_source="s", utm_medium="m", utm_campaign="c", utm_term="t", utm_content="n"),
    Source(ref="newsletter", source="newsletter", medium="referrer", channel="Referral"),
]


def varied(records: list[Placed], seed: int) -> Iterator[tuple[Position, Hit]]:
    """The records with pages, places and browsers of many kinds."""
    for number, (place, record) in enumerate(records):
        assert isinstance(record, Hit)
        nth = number * 7 + seed
        fields = {name: getattr(record, name) for name in record.__struct_fields__}
        fields |= {
            "path": PATHS[nth % len(PATHS)],
            "origin": ORIGINS[nth // 3 % len(ORIGINS)],
            "group": GROUPS[nth // 2 % len(GROUPS)],
            "name": NAMES[nth % 2] if record.kind in oracle.EVENTS else "",
            "properties": PROPERTIES[nth % 4] if record.kind is not Kind.PAGEVIEW else {},
            "amount": Decimal(nth) / 8 if record.kind is Kind.CONVERSION else None,
            "country": ["ES", "", "FR"][record.visitor % 3],
            "city": ["", "Paris"][record.visitor % 2],
            "region": ["", "Madrid"][record.visitor // 5 % 2],
            "operating_system": ["Windows", "iOS"][record.visitor // 7 % 2],
            "device_type": ["Desktop", "Mobile"][record.visitor // 7 % 2],
            "browser": ["Chrome", "Firefox"][record.visitor // 2 % 2],
        }
        yield place, Hit(**fields)


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
        asked = plain(query)
        found = [numbers(row, asked.sums) for row in self.reports.rows(query)]
        assert found == oracle.rows(asked, self.told)

    def check_events(self, query: Query, name: str | None = None) -> None:
        asked = plain(query, questions.USUAL_OF_EVENTS)
        found = [numbers(row, asked.sums) for row in self.reports.events(query, name)]
        assert found == oracle.events(asked, name, self.told)

    def check_log(self, query: Query) -> None:
        found = [
            (each.at, each.values, each.amount, each.properties)
            for each in self.reports.event_log(query)
        ]
        expected = [
            (hit.received_at, values, hit.amount, hit.properties)
            for hit, values in oracle.event_log(plain(query, []), self.told)
        ]
        end = None if query.limit is None else query.offset + query.limit
        assert found == expected[query.offset : end]

    def check_funnel(self, funnel: Funnel) -> None:
        asked, trees = questions.plain_funnel(funnel)
        found = self.reports.funnel(funnel)
        visits = [found.entrances, *(step.visits for step in found.steps)]
        assert visits == oracle.funnel(asked, trees, self.told)
        assert [step.before for step in found.steps] == visits[:-1]


def test_any_query_over_any_history(engine: Engine) -> None:
    @settings(max_examples=engine.examples(25))
    @given(
        taken=steps,
        asked=st.lists(questions.of_pages, min_size=1, max_size=4),
        asked_of_events=st.lists(questions.of_events, min_size=1, max_size=4),
        funnels=st.lists(questions.funnels, min_size=1, max_size=4),
        seed=st.integers(0, 99),
    )
    def check(
        taken: list[Step],
        asked: list[Query],
        asked_of_events: list[Query],
        funnels: list[Funnel],
        seed: int,
    ) -> None:
        with TemporaryDirectory() as directory, engine.opened(Path(directory)) as warehouse:
            history = History(warehouse, taken, seed)
            for query in asked:
                history.check(query)
            for number, query in enumerate(asked_of_events):
                history.check_events(query, [None, *NAMES][number % 3])
            for funnel in funnels:
                history.check_funnel(funnel)

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
WHOLE = Query(sites=(1,), since=BEGINS, until=BEGINS + 4 * DAY)
DAYS = tuple(BEGINS + number * DAY for number in range(4))


EVERYTHING = tuple(each for each in Metric)


@pytest.mark.parametrize("dimension", questions.OF_PAGES)
def test_each_dimension(busy: History, dimension: Dimension) -> None:
    by_it = replace(WHOLE, dimensions=(dimension,))
    rows = busy.reports.rows(by_it)
    assert len(rows) > (dimension is not Dimension.SITE)
    busy.check(replace(by_it, metrics=EVERYTHING))
    busy.check(replace(by_it, buckets=DAYS))
    busy.check(replace(by_it, dimensions=(Dimension.PATHNAME, dimension, Dimension.ENTRY_PAGE)))
    for operator in (Operator.IS, Operator.IS_NOT):
        busy.check(replace(WHOLE, filters=(Filter(dimension, operator, rows[-1].values[0]),)))


@pytest.mark.parametrize("dimension", questions.OF_ALL, ids=str)
def test_each_dimension_of_events(busy: History, dimension: By) -> None:
    by_it = replace(WHOLE, dimensions=(dimension,))
    rows = busy.reports.events(by_it)
    assert len(rows) > (dimension not in (Dimension.SITE, Property("nothing")))
    busy.check_events(by_it)
    busy.check_events(replace(by_it, buckets=DAYS, dimensions=(Dimension.EVENT_NAME, dimension)))
    if dimension is not Dimension.PROPERTY_KEY:
        wanted = Filter(dimension, Operator.IS_NOT, rows[-1].values[0])
        busy.check_events(replace(WHOLE, filters=(wanted,)), "buy")
        busy.check_log(replace(by_it, filters=(wanted,)))
        busy.check_log(replace(by_it, limit=7, offset=3))


@pytest.mark.parametrize("dimension", [*questions.OF_EVENTS, Property("plan")], ids=str)
def test_what_only_events_have_is_not_asked_of_pageviews(busy: History, dimension: By) -> None:
    with pytest.raises(OnlyOfEvents):
        busy.reports.rows(replace(WHOLE, dimensions=(dimension,)))
    with pytest.raises(OnlyOfEvents):
        busy.reports.rows(replace(WHOLE, filters=(Filter(dimension, Operator.IS, "x"),)))


def test_only_what_is_asked_for_is_worked_out(busy: History) -> None:
    """And it is the same, whatever is asked for with it."""
    by_page = replace(WHOLE, dimensions=(Dimension.PATHNAME,))
    everything = busy.reports.rows(replace(by_page, metrics=EVERYTHING))
    for metric in Metric:
        found = {row.values: row for row in busy.reports.rows(replace(by_page, metrics=(metric,)))}
        for row in everything:
            value = getattr(found.get(row.values, Row(0, ())), metric.value)
            assert value == getattr(row, metric.value)


@pytest.mark.parametrize("descending", [False, True])
def test_rows_are_ordered_and_cut(busy: History, descending: bool) -> None:
    by_two = replace(WHOLE, dimensions=(Dimension.PATHNAME, Dimension.COUNTRY), buckets=DAYS)
    query = replace(by_two, metrics=EVERYTHING)
    rows = busy.reports.rows(query)
    sign = -1 if descending else 1  # Python keeps equals as they were in either direction
    for metric in Metric:
        expected = sorted(rows, key=lambda row: sign * getattr(row, metric.value))
        ordered = replace(query, order=(Order(metric, descending),))
        assert busy.reports.rows(ordered) == expected
        assert busy.reports.rows(replace(ordered, limit=3)) == expected[:3]
        assert busy.reports.rows(replace(ordered, limit=4, offset=2)) == expected[2:6]


@pytest.mark.parametrize("metric", EventMetric)
def test_rows_of_events_are_ordered_and_cut(busy: History, metric: EventMetric) -> None:
    query = replace(WHOLE, dimensions=(Dimension.COUNTRY, Property("plan")))
    rows = busy.reports.events(query)
    expected = sorted(rows, key=lambda row: -getattr(row, metric.value))
    ordered = replace(query, order=(Order(metric, True), Order(Property("plan"))))
    found = busy.reports.events(ordered)
    by_value = sorted(expected, key=lambda row: row.values[1].encode())
    assert found == sorted(by_value, key=lambda row: -getattr(row, metric.value))
    assert busy.reports.events(replace(ordered, limit=2, offset=1)) == found[1:3]


def test_what_is_not_asked_for_costs_nothing(warehouse: Warehouse) -> None:
    """Visitors are costly to tell apart, and visits to put together."""
    by_page = replace(WHOLE, dimensions=(Dimension.PATHNAME, Dimension.HOSTNAME))
    of_hits = Plan((Span(WHOLE.since, WHOLE.until),), (Span(WHOLE.since, WHOLE.until),))
    costs = {
        (Metric.PAGEVIEWS,): (False, False),
        (Metric.VISITORS,): (False, True),
        (Metric.ENTRANCES, Metric.REVENUE): (False, False),
        (Metric.VISITS,): (True, False),
        (Metric.ENGAGED_ENTRANCES,): (True, False),
    }
    for metrics, expected in costs.items():
        asked = statement(replace(by_page, metrics=metrics), warehouse.dialect, of_hits).text
        assert ("visits_0" in asked, "DISTINCT" in asked) == expected
    by_source = replace(by_page, dimensions=(Dimension.SOURCE,), metrics=(Metric.PAGEVIEWS,))
    assert "visits.entry_source" in statement(by_source, warehouse.dialect, of_hits).text


def test_an_order_may_be_by_what_is_not_asked_for(busy: History) -> None:
    by_page = replace(WHOLE, dimensions=(Dimension.PATHNAME,), metrics=(Metric.PAGEVIEWS,))
    by_revenue = replace(by_page, order=(Order(Metric.AVERAGE_ORDER_VALUE, True),))
    everything = busy.reports.rows(replace(by_page, metrics=EVERYTHING))
    expected = sorted(everything, key=lambda row: -row.average_order_value)
    assert [row.values for row in busy.reports.rows(by_revenue)] == [row.values for row in expected]


def test_pages_and_pairs_of_any_query(busy: History, engine: Engine) -> None:
    @settings(max_examples=engine.examples(30))
    @given(
        query=questions.of_pages,
        period=questions.periods,
        limit=st.integers(1, 3),
        offset=st.integers(0, 2),
    )
    def check(query: Query, period: Period, limit: int, offset: int) -> None:
        asked = plain(query)
        rows = oracle.rows(asked, busy.told)
        (total,) = oracle.rows(asked._replace(buckets=(), dimensions=()), busy.told)
        page = busy.reports.page(replace(query, limit=limit, offset=offset))
        assert [numbers(row, asked.sums) for row in page.rows] == rows[offset : offset + limit]
        assert numbers(page.total, asked.sums) == total
        assert page.count == len(rows)

        before = {
            (row["bucket"], row["values"]): row
            for row in oracle.rows(asked._replace(**period._asdict()), busy.told)
        }
        nothing = dict.fromkeys(asked.sums, 0)
        pairs = busy.reports.compared(query, period)
        assert [numbers(pair.row, asked.sums) for pair in pairs[: len(rows)]] == rows
        for number, pair in enumerate(pairs):
            key = {"bucket": pair.row.bucket, "values": pair.row.values}
            there = before.pop((pair.row.bucket, pair.row.values), None)
            assert there is not None or number < len(rows)
            assert numbers(pair.other, asked.sums) == (there or key | nothing)
        assert not before

    check()


def test_metrics_of_events_are_not_asked_of_pageviews(busy: History) -> None:
    with pytest.raises(ValueError, match="value"):
        busy.reports.rows(replace(WHOLE, metrics=(EventMetric.VALUE,)))
    with pytest.raises(ValueError, match="pageviews"):
        busy.reports.events(replace(WHOLE, metrics=(Metric.PAGEVIEWS,)))


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
    nobody = replace(WHOLE, sites=(99,))
    assert busy.reports.rows(nobody) == [Row(0, ())]
    assert busy.reports.events(nobody) == [EventRow(0, ())]
    assert busy.reports.rows(replace(nobody, buckets=DAYS)) == []
    assert busy.reports.rows(replace(nobody, dimensions=(Dimension.CITY,))) == []
    (row,) = busy.reports.rows(replace(nobody, metrics=EVERYTHING))
    assert {getattr(row, metric.value) for metric in Metric} == {0}


def test_rows_of_several_sites(engine: Engine, tmp_path: Path) -> None:
    """Each by its number, and together; whoever has one hash on two of them is two visitors."""
    with engine.opened(tmp_path) as warehouse:
        taken = [hit("/", site=site, visitor=visitor) for site, visitor in ((1, 7), (2, 7), (3, 8))]
        store(warehouse, *taken)
        reports = Reports(warehouse, ManualClock(STARTS))
        both = replace(WHOLE, sites=(1, 2), metrics=EVERYTHING)
        (row,) = reports.rows(both)
        assert (row.pageviews, row.uniques, row.visitors, row.visits) == (2, 2, 2, 2)
        by_site = reports.rows(replace(both, dimensions=(Dimension.SITE,)))
        assert [(row.values, row.visitors) for row in by_site] == [(("1",), 1), (("2",), 1)]
        (third,) = reports.rows(replace(both, sites=(3, 3)))
        assert third.visitors == 1
        assert reports.rows(replace(both, sites=())) == [Row(0, ())]
        assert reports.events(replace(WHOLE, sites=(), dimensions=(Dimension.SITE,))) == []


def test_a_hit_that_came_late_counts_where_its_visit_begins_after_the_time(
    engine: Engine, tmp_path: Path
) -> None:
    """It lies before the visit that it has joined, which stays as it was stored."""
    first = hit("/first", browser="Firefox")
    late = hit("/late", received_at=first.received_at - timedelta(minutes=15), browser="Firefox")
    with engine.opened(tmp_path) as warehouse:
        store(warehouse, first)
        store(warehouse, late)
        reports = Reports(warehouse, ManualClock(STARTS))
        until = late.received_at + timedelta(minutes=1)
        asked = replace(WHOLE, until=until, metrics=(Metric.PAGEVIEWS,))
        assert [row.pageviews for row in reports.rows(asked)] == [1]
        for dimension in (Dimension.SOURCE, Dimension.ENTRY_PAGE, Dimension.BROWSER):
            by_each = reports.rows(replace(asked, dimensions=(dimension,)))
            assert [row.pageviews for row in by_each] == [1], dimension
        seen = Viewed(Filter(Dimension.PATHNAME, Operator.IS, "/first"))
        assert [row.pageviews for row in reports.rows(replace(asked, filters=(seen,)))] == [1]
        assert [row.visits for row in reports.rows(replace(asked, metrics=(Metric.VISITS,)))] == [0]
