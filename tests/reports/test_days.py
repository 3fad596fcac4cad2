"""Hits by day, and what a site does now, against counting by hand."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadline.reports import Activity, DayCount, Reports
from leadline.reports.days import beginning
from leadline.spool import Kind
from leadline.warehouse import Warehouse
from tests.clickhouse import Engine
from tests.reports.storing import store
from tests.spool.examples import COUNTED, hit
from tests.support import ManualClock

MICROSECOND = timedelta(microseconds=1)
ZONES = ("UTC", "Europe/Madrid", "America/New_York", "Asia/Kathmandu", "Pacific/Kiritimati")

# Around the changes of the clocks in America and in Europe, and far from any.
moments = st.datetimes(
    min_value=datetime(2026, 3, 6), max_value=datetime(2026, 4, 1)
) | st.datetimes(min_value=datetime(2026, 10, 22), max_value=datetime(2026, 11, 4))
gaps = st.integers(0, 16 * 86_400).map(lambda seconds: timedelta(seconds=seconds)) | st.integers(
    0, 16 * 24
).map(lambda hours: timedelta(hours=hours))
hits = st.lists(st.tuples(st.sampled_from([1, 2]), gaps, st.sampled_from(COUNTED)), max_size=30)


def test_every_hit_is_in_the_day_that_its_clock_showed(engine: Engine) -> None:
    @settings(deadline=None, max_examples=engine.examples(30))
    @given(now=moments, taken=hits, zone=st.sampled_from(ZONES), days=st.integers(1, 16))
    def check(
        now: datetime, taken: list[tuple[int, timedelta, Kind]], zone: str, days: int
    ) -> None:
        check_days(engine, now, taken, zone, days)

    check()


def check_days(
    engine: Engine, now: datetime, taken: list[tuple[int, timedelta, Kind]], zone: str, days: int
) -> None:
    clock = ManualClock(now.replace(minute=0, second=0, microsecond=0, tzinfo=UTC))
    records = [hit(site=site, received_at=clock.now - gap, kind=kind) for site, gap, kind in taken]
    with TemporaryDirectory() as directory, engine.opened(Path(directory)) as warehouse:
        store(warehouse, *records)
        reports = Reports(warehouse, clock)
        found = reports.hits_by_day(1, zone, days)
        activity = reports.activity({1: zone, 2: "UTC", 3: "UTC"})

    def local(moment: datetime, zone: str = zone) -> date:
        return moment.astimezone(ZoneInfo(zone)).date()

    today = local(clock.now)
    counted = Counter(local(record.received_at) for record in records if record.site == 1)
    expected = [today - timedelta(days=age) for age in reversed(range(days))]
    assert found == tuple(DayCount(day, counted[day]) for day in expected)

    for site, its_zone in ((1, zone), (2, "UTC"), (3, "UTC")):
        own = [record.received_at for record in records if record.site == site]
        hits_today = sum(local(at, its_zone) == local(clock.now, its_zone) for at in own)
        last = max(own, default=None)
        receiving = last is not None and clock.now - last <= timedelta(hours=24)
        assert activity[site] == Activity(hits_today, last, receiving)


@given(day=st.dates(date(2000, 1, 2), date(2040, 1, 1)), zone=st.sampled_from(ZONES))
def test_a_day_begins_when_the_one_before_ends(day: date, zone: str) -> None:
    begins = beginning(day, zone)
    assert begins.astimezone(ZoneInfo(zone)).date() == day
    assert (begins - MICROSECOND).astimezone(ZoneInfo(zone)).date() == day - timedelta(days=1)


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Madrid", date(2026, 3, 29), 23),
        ("Europe/Madrid", date(2026, 10, 25), 25),
        ("Asia/Beirut", date(2026, 3, 29), 23),  # its clocks skip midnight itself
        ("America/Havana", date(2026, 11, 1), 25),  # they show the hour from midnight twice
        ("Europe/Madrid", date(2026, 6, 1), 24),
    ],
)
def test_days_of_a_change_of_the_clocks(zone: str, day: date, hours: int) -> None:
    begins, ends = beginning(day, zone), beginning(day + timedelta(days=1), zone)
    assert ends - begins == timedelta(hours=hours)


def test_the_repeated_hour_is_one_day(warehouse: Warehouse) -> None:
    midnight = datetime(2026, 10, 24, 22, tzinfo=UTC)  # in Madrid
    edges = [midnight - MICROSECOND, midnight, midnight + timedelta(hours=25) - MICROSECOND]
    store(warehouse, *(hit(received_at=at) for at in [*edges, midnight + timedelta(hours=25)]))
    reports = Reports(warehouse, ManualClock(midnight + timedelta(hours=26)))
    days = reports.hits_by_day(1, "Europe/Madrid", 3)
    assert [day.hits for day in days] == [1, 2, 1]
    assert [after.day - before.day for before, after in pairwise(days)] == [timedelta(days=1)] * 2


def test_hundreds_of_sites_are_one_answer(
    warehouse: Warehouse, reports: Reports, clock: ManualClock
) -> None:
    store(warehouse, *(hit(site=site, received_at=clock.now) for site in range(1, 400)))
    found = reports.activity(dict.fromkeys(range(1, 501), "UTC"))
    assert list(found) == list(range(1, 501))
    assert {site for site, activity in found.items() if activity.hits_today == 1} == set(
        range(1, 400)
    )
    assert reports.activity({}) == {}
