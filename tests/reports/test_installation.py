"""Whether a site receives hits: the first, the last, and how many in 14 days."""

from datetime import UTC, datetime, timedelta

from leadline.reports import Installation, Reports
from leadline.spool import Erasure, Kind
from leadline.warehouse import Warehouse
from tests.reports.storing import store
from tests.spool.examples import hit
from tests.support import ManualClock

MICROSECOND = timedelta(microseconds=1)


def test_a_site_without_hits_is_not_installed(warehouse: Warehouse, reports: Reports) -> None:
    store(warehouse, hit(site=2))
    assert reports.installation(1) == Installation(None, None, 0)
    assert not reports.installation(1).installed


def test_pageviews_and_events_of_the_site_are_counted(
    warehouse: Warehouse, reports: Reports, clock: ManualClock
) -> None:
    first, last = clock.now - timedelta(hours=3), clock.now - timedelta(hours=1, minutes=1)
    store(
        warehouse,
        hit(received_at=first, kind=Kind.PAGEVIEW),
        hit(received_at=first + MICROSECOND, kind=Kind.CONVERSION),
        hit(received_at=first + MICROSECOND, site=2),
        hit(received_at=last, kind=Kind.MICRO),
    )
    found = reports.installation(1)
    assert found == Installation(first, last, 3)
    assert found.installed
    assert found.first_hit_at is not None
    assert found.first_hit_at.tzinfo is UTC


def test_14_days_are_counted_to_the_microsecond(
    warehouse: Warehouse, reports: Reports, clock: ManualClock
) -> None:
    begins = clock.now - timedelta(days=14)
    store(
        warehouse,
        hit(received_at=begins - MICROSECOND),
        hit(received_at=begins),
        hit(received_at=clock.now),
    )
    assert reports.installation(1).total_hits == 2
    clock.now += MICROSECOND
    assert reports.installation(1).total_hits == 1


def test_what_a_clock_that_was_ahead_has_counted_waits_for_its_time(
    warehouse: Warehouse, reports: Reports, clock: ManualClock
) -> None:
    ahead = clock.now + timedelta(minutes=5)
    store(warehouse, hit(received_at=ahead - MICROSECOND), hit(received_at=ahead))
    assert reports.installation(1).total_hits == 1
    assert reports.activity({1: "UTC"})[1].hits_today == 1
    assert reports.refusals(1, 60).accepted == 1
    clock.now += MICROSECOND
    assert reports.installation(1).total_hits == 2
    assert reports.activity({1: "UTC"})[1].hits_today == 2


def test_the_first_and_the_last_stay_when_nothing_is_counted_any_more(
    warehouse: Warehouse, reports: Reports, clock: ManualClock
) -> None:
    first, last = clock.now - timedelta(days=2), clock.now
    store(warehouse, hit(received_at=first), hit(received_at=last))
    clock.advance(days=400)
    assert reports.installation(1) == Installation(first, last, 0)
    store(warehouse, hit(received_at=clock.now))
    assert reports.installation(1) == Installation(first, clock.now, 1)


def test_an_erased_site_was_never_installed(warehouse: Warehouse, reports: Reports) -> None:
    store(warehouse, hit(), Erasure(1))
    assert reports.installation(1) == Installation(None, None, 0)


def test_times_are_in_utc_whatever_the_zone_of_the_machine(
    warehouse: Warehouse, reports: Reports
) -> None:
    moment = datetime(2026, 3, 9, 23, 59, 59, 999_999, tzinfo=UTC)
    store(warehouse, hit(received_at=moment))
    assert reports.installation(1) == Installation(moment, moment, 1)
