"""Who is one visitor: the same person on one site on one day, and nothing beyond."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadline.database import Database
from leadline.visitors import Identity, Salts, Visitors

Identify = Callable[..., Identity]

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
MICROSECOND = timedelta(microseconds=1)


@pytest.fixture
def identify(database: Database) -> Identify:
    visitors = Visitors(Salts(database))

    def identify(
        site: int = 1,
        zone: str = "UTC",
        address: str = "203.0.113.7",
        user_agent: bytes = b"Firefox",
        at: datetime = NOON,
    ) -> Identity:
        return visitors.identify(site, ZoneInfo(zone), ip_address(address), user_agent, at)

    return identify


def test_one_person_is_one_visitor_for_a_day(identify: Identify) -> None:
    hours = [identify(at=datetime(2026, 3, 10, hour, 45, tzinfo=UTC)) for hour in range(24)]
    assert {found.visitor for found in hours} == {hours[0].visitor}
    assert {found.day for found in hours} == {date(2026, 3, 10)}
    assert 0 <= hours[0].visitor < 2**64


def test_another_site_day_address_or_browser_is_another_visitor(identify: Identify) -> None:
    found = [
        identify(),
        identify(site=2),
        identify(at=NOON + timedelta(days=1)),
        identify(address="203.0.113.8"),
        identify(address="2001:db8::1"),
        identify(user_agent=b"Chrome"),
        identify(user_agent=b""),
    ]
    assert len({identity.visitor for identity in found}) == len(found)


def test_a_browser_cannot_pass_for_another_address(identify: Identify) -> None:
    """An IPv4 address and the start of a User-Agent are not an IPv6 address."""
    spoofed = ip_address("10.0.0.1").packed + b" " + b"elevenbytes"
    imitated = str(ip_address(spoofed))
    one = identify(address="10.0.0.1", user_agent=b"elevenbytes Firefox")
    other = identify(address=imitated, user_agent=b"Firefox")
    assert one.visitor != other.visitor


def test_another_installation_knows_other_visitors(tmp_path: Path, identify: Identify) -> None:
    database = Database(tmp_path / "other.sqlite3")
    other = Visitors(Salts(database)).identify(
        1, ZoneInfo("UTC"), ip_address("203.0.113.7"), b"Firefox", NOON
    )
    assert other.visitor != identify().visitor
    database.close()


def test_after_midnight_a_hit_also_carries_the_hash_of_the_day_before(identify: Identify) -> None:
    midnight = datetime(2026, 3, 11, tzinfo=UTC)
    before = identify(at=midnight - MICROSECOND)
    first = identify(at=midnight)
    last = identify(at=midnight + 30 * MINUTE - MICROSECOND)
    later = identify(at=midnight + 30 * MINUTE)
    assert before.previous is None
    assert first.previous == last.previous == before.visitor
    assert later.previous is None
    assert {first.visitor, last.visitor, later.visitor} == {later.visitor}
    assert later.visitor != before.visitor


# The zone, a local day, and the moment in UTC at which that day begins there.
MIDNIGHTS = [
    ("UTC", date(2026, 3, 10), "2026-03-10T00:00"),
    ("Europe/Madrid", date(2026, 3, 29), "2026-03-28T23:00"),  # 23 hours long
    ("Europe/Madrid", date(2026, 3, 30), "2026-03-29T22:00"),
    ("Europe/Madrid", date(2026, 10, 25), "2026-10-24T22:00"),  # 25 hours long
    ("Europe/Madrid", date(2026, 10, 26), "2026-10-25T23:00"),
    ("Asia/Kathmandu", date(2026, 3, 10), "2026-03-09T18:15"),
    ("Pacific/Chatham", date(2026, 3, 10), "2026-03-09T10:15"),
    ("Pacific/Kiritimati", date(2026, 3, 10), "2026-03-09T10:00"),
    ("Etc/GMT+12", date(2026, 3, 10), "2026-03-10T12:00"),
    ("Australia/Lord_Howe", date(2026, 4, 6), "2026-04-05T13:30"),
    ("Africa/Cairo", date(2026, 4, 24), "2026-04-23T22:00"),  # begins at 01:00
    ("Africa/Cairo", date(2026, 10, 30), "2026-10-29T22:00"),  # after 23:00 came twice
    ("America/Sao_Paulo", date(2018, 11, 4), "2018-11-04T03:00"),  # began at 01:00
    ("America/Sao_Paulo", date(2019, 2, 17), "2019-02-17T03:00"),  # after 23:00 came twice
    ("America/Sao_Paulo", date(2026, 3, 10), "2026-03-10T03:00"),
    ("America/Havana", date(2026, 11, 1), "2026-11-01T04:00"),  # 00:00 to 01:00 comes twice
    ("America/Santiago", date(2026, 9, 6), "2026-09-06T04:00"),  # begins at 01:00
]


@pytest.mark.parametrize(("zone", "day", "begins"), MIDNIGHTS)
def test_every_kind_of_midnight(identify: Identify, zone: str, day: date, begins: str) -> None:
    midnight = datetime.fromisoformat(begins).replace(tzinfo=UTC)
    before = identify(zone=zone, at=midnight - MICROSECOND)
    assert before.day == day - timedelta(days=1)
    assert before.previous is None
    for after in (timedelta(0), 29 * MINUTE, 30 * MINUTE - MICROSECOND):
        found = identify(zone=zone, at=midnight + after)
        assert found.day == day
        assert found.previous == before.visitor
    for after in (30 * MINUTE, 61 * MINUTE, 90 * MINUTE, timedelta(hours=12)):
        found = identify(zone=zone, at=midnight + after)
        assert found.day == day
        assert found.previous is None


ZONES = (
    "UTC",
    "Asia/Kathmandu",
    "Pacific/Kiritimati",
    "America/Sao_Paulo",
    "Africa/Cairo",
    "America/Havana",
    "Europe/Lisbon",
    "Australia/Lord_Howe",
)


def test_the_day_is_the_date_on_the_wall(database: Database) -> None:
    """In any order of hits and zones, however their days overlap."""
    moments = st.datetimes(datetime(2015, 1, 1), datetime(2037, 1, 1), timezones=st.just(UTC))
    hits = st.lists(st.tuples(st.sampled_from(ZONES), moments), min_size=1, max_size=6)
    salts = Salts(database)

    @settings(max_examples=60, deadline=None)
    @given(hits)
    def check(hits: list[tuple[str, datetime]]) -> None:
        visitors = Visitors(salts)
        for zone, at in hits:
            there = ZoneInfo(zone)
            found = visitors.identify(1, there, ip_address("203.0.113.7"), b"", at)
            assert found.day == at.astimezone(there).date()
            half_an_hour_ago = (at - 30 * MINUTE).astimezone(there).date()
            assert (found.previous is not None) == (half_an_hour_ago < found.day)

    check()


PREPARED_ZONES = ("Pacific/Kiritimati", "Asia/Kathmandu", "UTC", "America/St_Johns", "Etc/GMT+12")


class CountedSalts(Salts):
    """Real salts that count how often the database is asked for one."""

    asked = 0

    def get(self, day: date) -> bytes:
        self.asked += 1
        return super().get(day)


@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)))
@settings(max_examples=30, deadline=None)
def test_after_preparation_no_hit_of_the_next_minute_asks_the_database(now: datetime) -> None:
    with TemporaryDirectory() as directory:
        database = Database(Path(directory) / "leadline.sqlite3")
        salts = CountedSalts(database)
        visitors = Visitors(salts)
        visitors.prepare(now)
        prepared = salts.asked
        for zone in PREPARED_ZONES:
            for at in (now, now + MINUTE):
                visitors.identify(1, ZoneInfo(zone), ip_address("203.0.113.7"), b"", at)
        database.close()
    assert salts.asked == prepared <= 5
