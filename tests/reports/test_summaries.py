"""What is worked out beforehand changes no answer, whatever comes late and whatever zone is set."""

from collections import Counter
from collections.abc import Collection, Mapping
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

import duckdb
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from leadline.reports import (
    Condition,
    Days,
    Dimension,
    Filter,
    Metric,
    Not,
    Operator,
    Query,
    Reports,
    Unit,
)
from leadline.spool import Batch, Erasure, Hit, Kind, Position
from leadline.warehouse import DuckDBWarehouse, Snapshot
from leadline.warehouse.duckdb_engine import DuckDBDialect
from leadline.warehouse.summaries_sql import OF_DEEDS
from tests.reports import questions
from tests.reports.questions import NAMES
from tests.reports.storing import store
from tests.reports.test_queries import varied
from tests.spool.examples import hit
from tests.support import ManualClock
from tests.warehouse.histories import (
    SOURCES,
    STARTS,
    ZONES,
    Placed,
    Step,
    cut,
    load,
    opened,
    steps,
    written,
)

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
SITE, ZONE = 1, ZoneInfo(ZONES[1])


class _FromHits(DuckDBDialect):
    summarises = False


class FromHits:
    """A warehouse of which reports look at hits alone."""

    dialect = _FromHits()

    def __init__(self, warehouse: DuckDBWarehouse) -> None:
        self._warehouse = warehouse

    def snapshot(self, lanes: int = 1) -> AbstractContextManager[Snapshot]:
        return self._warehouse.snapshot(lanes)

    def is_pattern(self, text: str) -> bool:
        return self._warehouse.is_pattern(text)


def summarise(
    warehouse: DuckDBWarehouse,
    after: timedelta,
    zones: Mapping[int, str],
    least: int = 1,
    kept: Collection[int] = (),
) -> None:
    """Everything that began by then."""
    while warehouse.summarise(STARTS + after, zones, kept, least):
        pass


def check(
    warehouse: DuckDBWarehouse,
    asked: list[Query],
    of_events: list[Query],
    name: str | None = None,
) -> None:
    clock = ManualClock(STARTS)
    reports = Reports(warehouse, clock)
    from_hits = Reports(FromHits(warehouse), clock)  # type: ignore[arg-type]
    for query in asked:
        assert reports.rows(query) == from_hits.rows(query)
    for query in of_events:
        assert reports.events(query, name) == from_hits.events(query, name)


@st.composite
def late(draw: st.DrawFn) -> list[Placed]:
    """A history of which some hits come after those that follow them, up to a day."""
    records = list(varied(written(draw(steps)), draw(st.integers(0, 99))))
    told = [
        (hit.received_at + draw(st.sampled_from([0 * HOUR, 0 * HOUR, HOUR, 20 * HOUR])), hit)
        for _, hit in records
    ]
    told.sort(key=lambda each: each[0])
    return [(Position(1, number), hit) for number, (_, hit) in enumerate(told)]


FEW_TEXTS = ["", "/", "/a", "https://www.example.com", "example", "x"]


@st.composite
def one_dimension(draw: st.DrawFn) -> Query:
    """About one site, by a dimension or none, and filtered by that alone."""
    query = draw(questions.queries(questions.OF_PAGES, list(Metric)))
    found = replace(query, sites=query.sites[:1], dimensions=query.dimensions[:1], filters=())
    if draw(st.booleans()):
        found = replace(found, metrics=())
    is_filtered: bool = draw(st.booleans())
    if found.dimensions and is_filtered:
        operator = draw(st.sampled_from([Operator.IS_NOT, Operator.LIKE, Operator.MATCHES]))
        tree: Condition = Filter(found.dimensions[0], operator, draw(st.sampled_from(FEW_TEXTS)))
        found = replace(found, filters=(draw(st.sampled_from([tree, Not(tree)])),))
    return found


plain_of_events = st.builds(
    lambda query, by: replace(query, sites=query.sites[:1], dimensions=by, filters=(), metrics=()),
    questions.of_events,
    st.sampled_from([(), (Dimension.EVENT_NAME,), (Dimension.EVENT_KIND,)]),
)
zones = st.sampled_from([ZONES, ZONES, dict.fromkeys(ZONES, "Pacific/Auckland")])
moments = st.sampled_from([0, 5, 30, 100, 500]).map(lambda hours: hours * HOUR)


@settings(max_examples=15)
@given(
    records=late(),
    asked=st.lists(one_dimension(), min_size=3, max_size=5),
    others=st.lists(questions.of_pages, max_size=2),
    of_events=st.lists(plain_of_events | questions.of_events, min_size=1, max_size=3),
    name=st.sampled_from([None, None, *NAMES]),
    worked_out=st.lists(st.tuples(moments, zones), min_size=1, max_size=3),
    least=st.sampled_from([1, 1, 3]),
)
def test_any_answer_is_the_same(
    records: list[Placed],
    asked: list[Query],
    others: list[Query],
    of_events: list[Query],
    name: str | None,
    worked_out: list[tuple[timedelta, dict[int, str]]],
    least: int,
) -> None:
    parts = cut(records, {len(records) * nth // 3 for nth in (1, 2)})
    with TemporaryDirectory() as directory, opened(Path(directory)) as warehouse:
        for number, batch in enumerate(parts):
            load(warehouse, [batch])
            check(warehouse, [*asked, *others], of_events, name)
            if number < len(worked_out):
                summarise(warehouse, *worked_out[number], least)
            check(warehouse, [*asked, *others], of_events, name)


def steady(hours: int, site: int = SITE) -> list[Placed]:
    """Three people, who all come every hour."""
    return written([Step(HOUR / 3, site, 1 + number % 3) for number in range(3 * hours)])


def busy() -> list[Placed]:
    """Three people for a week, who look at pages and do something, each a little differently."""
    kinds = [Kind.PAGEVIEW, Kind.PAGEVIEW, Kind.CONVERSION, Kind.PAGEVIEW, Kind.MICRO]
    gaps = [HOUR / 6, HOUR / 12, 3 * HOUR, HOUR / 3]
    taken = [
        Step(gaps[n % 4], SITE, 1 + n % 7 % 3, kinds[n % 5], SOURCES[n % len(SOURCES)])
        for n in range(200)
    ]
    return list(varied(written(taken), seed=7))


def test_totals_of_whole_days_answer_what_is_asked_by_one_dimension(tmp_path: Path) -> None:
    """Also when their hits have expired."""
    period = Days(date(2026, 3, 11), date(2026, 3, 16)).period(ZONES[SITE])
    asked = []
    for dimension in (None, *questions.OF_PAGES):
        dimensions = () if dimension is None else (dimension,)
        plain = Query(sites=(SITE,), **period._asdict(), dimensions=dimensions)
        asked += [replace(plain, metrics=(metric,)) for metric in Metric]
        asked.append(replace(plain, metrics=tuple(Metric)))
        if dimension is not None:
            named = Filter(dimension, Operator.MATCHES, "o|/|X")
            asked.append(replace(plain, filters=(named,)))
            asked.append(replace(plain, metrics=tuple(Metric), filters=(Not(named),)))
    with opened(tmp_path) as warehouse:
        load(warehouse, cut(busy(), ()))
        summarise(warehouse, 60 * DAY, ZONES)
        check(warehouse, asked, [])
        reports = Reports(warehouse, ManualClock(STARTS))
        kept = [query for query in asked if is_kept(query)]
        before = [reports.rows(query) for query in kept]
        while warehouse.expire(SITE, period.until):
            pass
        assert [reports.rows(query) for query in kept] == before
        assert all(rows for rows, query in zip(before, kept, strict=True) if not query.filters)


def test_totals_of_an_older_file_are_worked_out_anew(tmp_path: Path) -> None:
    """Those of version 5 knew neither entrances nor sales."""
    period = Days(date(2026, 3, 11), date(2026, 3, 16)).period(ZONES[SITE])
    asked = Query(sites=(SITE,), **period._asdict(), metrics=tuple(Metric))
    with opened(tmp_path) as warehouse:
        load(warehouse, cut(busy(), ()))
        summarise(warehouse, 60 * DAY, ZONES)
        expected = Reports(warehouse, ManualClock(STARTS)).rows(asked)
    with duckdb.connect(next(tmp_path.glob("*.duckdb"))) as file:
        for name in (*OF_DEEDS, "revenue"):
            file.execute(f"ALTER TABLE rollups DROP COLUMN {name}")
        file.execute("UPDATE schema_version SET version = 5")
    with opened(tmp_path) as warehouse:
        reports = Reports(warehouse, ManualClock(STARTS))
        assert reports.rows(asked) == expected
        summarise(warehouse, 60 * DAY, ZONES)
        assert reports.rows(asked) == expected
        assert len(known_days(warehouse)) == len(days_of(busy()))


def is_kept(query: Query) -> bool:
    """People cannot be told apart by the hosts of two schemes; of some there are no totals."""
    if query.dimensions == (Dimension.REFERRER_DOMAIN,):
        return {Metric.UNIQUES, Metric.VISITORS}.isdisjoint(query.metrics or (Metric.VISITORS,))
    return query.dimensions not in {(Dimension.SITE,), (Dimension.ENTRY_CONTENT_GROUP,)}


def days_of(records: list[Placed]) -> dict[date, tuple[int, int]]:
    """Pageviews and visitors of each local date."""
    views: Counter[date] = Counter()
    visitors: dict[date, set[int]] = {}
    for _, record in records:
        assert isinstance(record, Hit)
        views[record.day] += 1
        visitors.setdefault(record.day, set()).add(record.visitor)
    return {day: (views[day], len(visitors[day])) for day in views}


def known_days(warehouse: DuckDBWarehouse) -> dict[date, tuple[int, int]]:
    """As the tables of totals have them, as far as they are worth something."""
    rows = warehouse.query(
        "SELECT begins, pageviews, visitors FROM rollups JOIN summarised USING (site_id)"
        " WHERE dimension = '' AND site_id = $site AND begins >= rollups_since"
        " AND begins < least(rollups_until, visits_until)",
        site=SITE,
    )
    return {
        begins.replace(tzinfo=UTC).astimezone(ZONE).date(): (views, visitors)
        for begins, views, visitors in rows
    }


def test_days_that_are_over_are_known(tmp_path: Path) -> None:
    records = steady(80)
    expected = days_of(records)
    *over, last = expected
    with opened(tmp_path) as warehouse:
        load(warehouse, cut(records, ()))
        assert known_days(warehouse) == {}
        summarise(warehouse, 80 * HOUR, ZONES)
        assert known_days(warehouse) == {day: expected[day] for day in over}
        summarise(warehouse, 81 * HOUR + DAY, ZONES)
        assert known_days(warehouse) == expected
        assert last == max(expected)


def test_a_hit_that_comes_late_has_its_day_worked_out_again(tmp_path: Path) -> None:
    records = steady(80)
    days = days_of(records)
    second = sorted(days)[1]
    came_late = next(
        record for _, record in records if isinstance(record, Hit) and record.day == second
    )
    with opened(tmp_path) as warehouse:
        load(warehouse, cut(records, ()))
        summarise(warehouse, 5 * DAY, ZONES)
        load(warehouse, [Batch([(Position(1, len(records)), came_late)], Position(1, 999))])
        assert set(known_days(warehouse)) < set(days) - {second}
        summarise(warehouse, 5 * DAY, ZONES)
        views, visitors = days[second]
        assert known_days(warehouse) == days | {second: (views + 1, visitors)}


def test_days_with_hits_of_another_date_are_not_known(tmp_path: Path) -> None:
    """Those before a change of zone; the days after it are."""
    records = steady(120)
    elsewhere = dict.fromkeys(ZONES, "Pacific/Auckland")
    with opened(tmp_path) as warehouse:
        load(warehouse, cut(records, ()))
        summarise(warehouse, 7 * DAY, elsewhere)
        assert known_days(warehouse) == {}
        summarise(warehouse, 7 * DAY, ZONES)
        assert known_days(warehouse) == days_of(records)


def test_days_of_few_hits_are_not_known_until_there_was_one_of_many(tmp_path: Path) -> None:
    records = steady(30)
    first, second = sorted(days_of(records))
    more = days_of(records)[second][0]
    assert days_of(records)[first][0] < more
    for least, known in ((more, [second]), (more + 1, [])):
        with opened(tmp_path / str(least)) as warehouse:
            load(warehouse, cut(records, ()))
            summarise(warehouse, 5 * DAY, ZONES, least)
            assert list(known_days(warehouse)) == known


def test_an_erased_site_leaves_nothing(tmp_path: Path) -> None:
    records = steady(80)
    with opened(tmp_path) as warehouse:
        load(warehouse, cut(records, ()))
        summarise(warehouse, 5 * DAY, ZONES)
        load(warehouse, [Batch([(Position(1, len(records)), Erasure(SITE))], Position(1, 999))])
        for table in ("visits", "rollups", "event_rollups", "summarised"):
            assert warehouse.query(f"SELECT count(*) FROM {table}") == [(0,)]


def test_totals_of_days_stay_when_their_hits_expire(tmp_path: Path) -> None:
    records = list(varied(steady(80), 3))
    days = Days(STARTS.date(), STARTS.date() + 3 * DAY)
    end = (STARTS + 2 * DAY).replace(hour=0, tzinfo=None)
    with opened(tmp_path) as warehouse:
        load(warehouse, cut(records, ()))
        reports = Reports(warehouse, ManualClock(STARTS + 5 * DAY))
        asked = [
            Query(sites=(SITE,), dimensions=by, **days.period("UTC", Unit.DAY)._asdict())
            for by in ((), (Dimension.PATHNAME,), (Dimension.COUNTRY,))
        ]
        before = [reports.rows(query) for query in asked]
        assert not warehouse.may_expire(SITE, end)
        summarise(warehouse, 5 * DAY, ZONES, least=1000)
        assert not warehouse.may_expire(SITE, end)
        summarise(warehouse, 5 * DAY, ZONES, least=1000, kept={SITE})
        assert warehouse.may_expire(SITE, end)
        while warehouse.expire(SITE, end):
            pass
        assert warehouse.query("SELECT min(received_at) >= $end FROM hits", end=end) == [(True,)]
        assert [reports.rows(query) for query in asked] == before
        summarise(warehouse, 6 * DAY, ZONES, least=1000)
        assert [reports.rows(query) for query in asked] == before


def test_a_hit_that_joins_a_visit_of_the_next_day_is_in_the_totals_of_its_own(
    tmp_path: Path,
) -> None:
    midnight = datetime(2026, 3, 13, tzinfo=ZONE)
    before, after = date(2026, 3, 12), date(2026, 3, 13)
    times = [midnight + timedelta(minutes=10), midnight - timedelta(minutes=10)]
    first = hit("/first", site=SITE, received_at=times[0], day=after, visitor=8, previous=7)
    late = hit("/late", site=SITE, received_at=times[1], day=before, visitor=7)
    with opened(tmp_path) as warehouse:
        store(warehouse, first)
        store(warehouse, late)
        ((visits,),) = warehouse.query("SELECT count(DISTINCT visit_id) FROM hits")
        summarise(warehouse, 5 * DAY, ZONES)
        views = {day: views for day, (views, _) in known_days(warehouse).items()}
    assert (visits, views) == (1, {before: 1, after: 1})
