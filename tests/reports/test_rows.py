"""Rows beside those of another time, on pages, by weekday and hour, and with gaps filled."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from leadline.reports import (
    Days,
    Dimension,
    EventMetric,
    EventRow,
    Metric,
    Order,
    Page,
    Pair,
    Period,
    Query,
    Reports,
    Row,
    Unit,
    filled,
    folded,
    hours,
    parts,
    weekdays,
)
from leadline.spool import Hit, Kind
from tests.clickhouse import Engine
from tests.reports.storing import store
from tests.spool.examples import hit
from tests.support import ManualClock

MADRID = "Europe/Madrid"
DAY = timedelta(days=1)
dates = st.dates(date(1990, 1, 1), date(2090, 1, 1))


@given(first=dates, count=st.integers(1, 800))
def test_the_days_before_are_as_many(first: date, count: int) -> None:
    days = Days(first, first + (count - 1) * DAY)
    before = days.before()
    assert before.last + DAY == first
    assert before.last - before.first == days.last - days.first


@given(first=dates, count=st.integers(1, 800))
def test_the_year_before_has_the_same_dates(first: date, count: int) -> None:
    days = Days(first, first + (count - 1) * DAY)
    for day, earlier in zip(days, days.year_before(), strict=True):
        is_leap_day = (day.month, day.day) == (2, 29)
        expected = date(day.year - 1, 2, 28) if is_leap_day else day.replace(year=day.year - 1)
        assert earlier == expected


@pytest.mark.parametrize(
    ("days", "before"),
    [
        ((date(2026, 3, 1), date(2026, 3, 31)), (date(2026, 2, 1), date(2026, 2, 28))),
        ((date(2024, 3, 1), date(2024, 3, 30)), (date(2024, 2, 1), date(2024, 2, 29))),
        ((date(2026, 1, 1), date(2026, 1, 5)), (date(2025, 12, 1), date(2025, 12, 5))),
        ((date(2026, 5, 31), date(2026, 5, 31)), (date(2026, 4, 30), date(2026, 4, 30))),
    ],
)
def test_the_month_before_ends_with_its_last_day(
    days: tuple[date, date], before: tuple[date, date]
) -> None:
    assert Days(*days).month_before() == before


def test_days_are_those_of_the_zone() -> None:
    """Of 23 hours and of 25; a week later they are the same local dates."""
    spring = Days(date(2026, 3, 28), date(2026, 3, 29))
    period = spring.period(MADRID, Unit.DAY)
    assert period.until - period.since == timedelta(hours=47)
    assert [begin.hour for begin in period.buckets] == [23, 23]
    assert spring.week_before().period(MADRID) == Period(
        datetime(2026, 3, 20, 23, tzinfo=UTC), datetime(2026, 3, 22, 23, tzinfo=UTC)
    )
    autumn = Days(date(2026, 10, 25), date(2026, 10, 25)).period(MADRID, Unit.HOUR)
    assert len(autumn.buckets) == 24
    assert autumn.until - autumn.since == timedelta(hours=25)


# Three weeks of a site in Madrid, over a change of the clocks: somebody new every 5 hours, whose
# pages are as many as the number of the visit has divisors among 2 and 3.
BEGINS = datetime(2026, 3, 15, 23, tzinfo=UTC)
VISITS = 100
PATHS = ("/", "/b", "/ü")


def taken() -> Iterator[Hit]:
    for number in range(VISITS):
        moment = BEGINS + number * timedelta(hours=5)
        day = moment.astimezone(ZoneInfo(MADRID)).date()
        for nth, path in enumerate(PATHS[: 1 + (number % 2 == 0) + (number % 3 == 0)]):
            at = moment + nth * timedelta(minutes=1)
            yield hit(path, received_at=at, day=day, visitor=number)
        if number % 10 == 0:
            at = moment + timedelta(minutes=5)
            kind = Kind.CONVERSION if number % 20 else Kind.MICRO
            yield hit("/", received_at=at, day=day, visitor=number, kind=kind, name="buy")


@pytest.fixture(scope="module")
def weeks(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reports]:
    with engine.opened(tmp_path_factory.mktemp("weeks")) as warehouse:
        store(warehouse, *taken())
        yield Reports(warehouse, ManualClock(BEGINS))


FIRST = Days(date(2026, 3, 16), date(2026, 3, 22))
SECOND = Days(date(2026, 3, 23), date(2026, 3, 29))
THREE = Days(date(2026, 3, 16), date(2026, 4, 5))


def of(days: Days, unit: Unit | None = None) -> Query:
    period = days.period(MADRID, unit)
    return Query(sites=(1,), **period._asdict())


def local(moment: datetime) -> datetime:
    return moment.astimezone(ZoneInfo(MADRID))


def test_by_weekday_and_by_hour_of_the_day(weeks: Reports) -> None:
    for unit, places, part in (
        (Unit.DAY, weekdays, datetime.weekday),
        (Unit.HOUR, hours, lambda moment: moment.hour),
    ):
        query = of(THREE, unit)
        labelled = parts(query.since, query.until, MADRID, unit)
        rows = folded(weeks.rows(query), places(labelled))
        entries = [BEGINS + number * timedelta(hours=5) for number in range(VISITS)]
        visits = Counter(part(local(moment)) for moment in entries)
        assert [(row.bucket, row.visits) for row in rows] == sorted(visits.items())
        assert sum(row.visitors for row in rows) == VISITS


def test_folded_rows_keep_their_values(weeks: Reports) -> None:
    query = replace(of(THREE, Unit.DAY), dimensions=(Dimension.PATHNAME,))
    labelled = parts(query.since, query.until, MADRID, Unit.DAY)
    rows = folded(weeks.rows(query), weekdays(labelled))
    pages = Counter(
        (local(each.received_at).weekday(), each.path)
        for each in taken()
        if each.kind is Kind.PAGEVIEW
    )
    found = [((row.bucket, *row.values), row.pageviews) for row in rows]
    assert found == sorted(pages.items(), key=lambda item: (item[0][0], item[0][1].encode()))


def test_gaps_are_filled_in_order(weeks: Reports) -> None:
    query = replace(of(FIRST, Unit.HOUR), metrics=(Metric.VISITS,))
    rows = filled(weeks.rows(query), len(query.buckets), Row)
    assert [row.bucket for row in rows] == list(range(7 * 24))
    assert [row.bucket for row in rows if row.visits] == list(range(0, 7 * 24, 5))
    assert filled([], 2, EventRow) == [EventRow(0, ()), EventRow(1, ())]
    by_page = [Row(1, ("/b",), pageviews=3), Row(0, ("/",), pageviews=2)]
    assert filled(by_page, 2, Row) == [
        Row(0, ("/b",)),
        Row(1, ("/b",), pageviews=3),
        Row(0, ("/",), pageviews=2),
        Row(1, ("/",)),
    ]


def test_beside_the_days_before(weeks: Reports) -> None:
    query = of(SECOND)
    (pair,) = weeks.compared(query, SECOND.before().period(MADRID))
    assert SECOND.before() == FIRST
    assert pair == Pair(weeks.rows(query)[0], weeks.rows(of(FIRST))[0])
    assert pair.row.visits > 30 < pair.other.visits


def test_buckets_and_values_are_beside_their_own(weeks: Reports) -> None:
    query = replace(of(SECOND, Unit.DAY), dimensions=(Dimension.PATHNAME,))
    pairs = weeks.compared(query, FIRST.period(MADRID, Unit.DAY))
    before = replace(of(FIRST, Unit.DAY), dimensions=(Dimension.PATHNAME,))
    assert [pair.row for pair in pairs][: len(weeks.rows(query))] == weeks.rows(query)
    others = [pair.other for pair in pairs if pair.other != Row(pair.row.bucket, pair.row.values)]
    assert sorted(others, key=repr) == sorted(weeks.rows(before), key=repr)
    for pair in pairs:
        assert (pair.row.bucket, pair.row.values) == (pair.other.bucket, pair.other.values)


def test_what_only_the_other_time_has_comes_last_unless_there_is_a_limit(weeks: Reports) -> None:
    night = Period(BEGINS + timedelta(hours=5), BEGINS + timedelta(hours=6))  # one page
    query = Query(
        sites=(1,), since=night.since, until=night.until, dimensions=(Dimension.PATHNAME,)
    )
    whole = THREE.period(MADRID)
    query = replace(query, metrics=(Metric.PAGEVIEWS,))
    pairs = weeks.compared(query, whole)
    pages = Counter(each.path for each in taken() if each.kind is Kind.PAGEVIEW)
    assert [(*pair.row.values, pair.row.pageviews, pair.other.pageviews) for pair in pairs] == [
        ("/", 1, pages["/"]),
        ("/b", 0, pages["/b"]),
        ("/ü", 0, pages["/ü"]),
    ]
    assert weeks.compared(replace(query, limit=5), whole) == pairs[:1]


def test_events_beside_those_of_another_time(weeks: Reports) -> None:
    query = replace(of(THREE), dimensions=(Dimension.EVENT_KIND,))
    nothing = Period(BEGINS - DAY, BEGINS)
    pairs = weeks.compared_events(query, nothing, "buy")
    assert [(*pair.row.values, pair.row.conversions) for pair in pairs] == [
        ("conversion", 5),
        ("micro", 5),
    ]
    assert {pair.other.conversions for pair in pairs} == {0}
    (pair,) = weeks.compared_events(of(THREE), nothing)
    assert pair == Pair(weeks.events(of(THREE))[0], EventRow(0, ()))


def test_pages_of_rows(weeks: Reports) -> None:
    query = replace(
        of(THREE),
        dimensions=(Dimension.PATHNAME,),
        metrics=(Metric.PAGEVIEWS, Metric.VISITORS),
        order=(Order(Metric.PAGEVIEWS, True),),
    )
    rows = weeks.rows(query)
    pages = sum(each.kind is Kind.PAGEVIEW for each in taken())
    total = Row(0, (), pageviews=pages, visitors=VISITS)
    assert [row.values for row in rows] == [("/",), ("/b",), ("/ü",)]
    assert weeks.page(query) == Page(rows, total, 3)
    for limit in (1, 2, 3, 4):
        for offset in range(5):
            found = weeks.page(replace(query, limit=limit, offset=offset))
            assert found == Page(rows[offset : offset + limit], total, 3)
    nobody = replace(query, sites=(2,), limit=2)
    assert weeks.page(nobody) == Page([], Row(0, ()), 0)
    assert weeks.page(replace(of(THREE), limit=1)).count == 1


def test_pages_of_events(weeks: Reports) -> None:
    query = replace(
        of(THREE),
        dimensions=(Dimension.EVENT_KIND,),
        metrics=(EventMetric.CONVERSIONS,),
        limit=1,
        offset=1,
    )
    found = weeks.page_of_events(query, "buy")
    assert found == Page(
        [EventRow(0, ("micro",), conversions=5)], EventRow(0, (), conversions=10), 2
    )
