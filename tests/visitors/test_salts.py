"""A salt is the day's one salt for everybody, and is destroyed in time, to the last byte."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

from leadline.database import Database, Location
from leadline.visitors import Salts, Visitors, disposal_time
from tests.postgresql import Cluster
from tests.support import PATIENCE, ManualClock

DAY = date(2026, 3, 10)
GET = """
import sys
from datetime import date
from pathlib import Path
from leadline.database import Database
from leadline.visitors import Salts
where = sys.argv[1]
database = Database(where if "://" in where else Path(where))
print(Salts(database).get(date(2026, 3, 10)).hex())
database.close()
"""


def files_with(directory: Path, *secrets: bytes) -> list[str]:
    return [
        file.name
        for file in sorted(directory.iterdir())
        if any(secret in file.read_bytes() for secret in secrets)
    ]


def test_a_day_has_one_salt_and_every_day_another(database: Database) -> None:
    salts = Salts(database)
    found = [salts.get(DAY + timedelta(days=number)) for number in range(5)]
    assert len(set(found)) == 5
    assert {len(salt) for salt in found} == {32}
    assert [Salts(database).get(DAY + timedelta(days=number)) for number in range(5)] == found


def test_a_salt_survives_a_restart(location: Location) -> None:
    found = set()
    for _ in range(2):
        database = Database(location)
        found.add(Salts(database).get(DAY))
        database.close()
    assert len(found) == 1


def test_threads_that_ask_at_once_get_the_same_salt(database: Database) -> None:
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(lambda _: Salts(database).get(DAY), range(32)))) == 1


def test_processes_that_ask_at_once_get_the_same_salt(
    database: Database, location: Location
) -> None:
    command = [sys.executable, "-c", GET, str(location)]
    processes = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    found = {process.communicate(timeout=PATIENCE)[0].strip() for process in processes}
    assert found == {Salts(database).get(DAY).hex()}


def test_a_salt_goes_24_hours_after_its_day_ended_everywhere() -> None:
    last = max(end_of(DAY, ZoneInfo(zone)) for zone in ("Etc/GMT+12", "UTC", "Pacific/Kiritimati"))
    assert disposal_time(DAY) == last + timedelta(hours=24)


def end_of(day: date, zone: ZoneInfo) -> datetime:
    midnight = datetime(day.year, day.month, day.day, tzinfo=zone) + timedelta(days=1)
    return midnight.astimezone(UTC)


def test_in_no_zone_is_a_salt_needed_later_or_kept_longer_than_promised() -> None:
    for name in available_timezones():
        zone = ZoneInfo(name)
        begins = datetime(DAY.year, DAY.month, DAY.day, tzinfo=zone).astimezone(UTC)
        ends = end_of(DAY, zone)
        assert ends + timedelta(hours=24) <= disposal_time(DAY), name
        assert disposal_time(DAY) - begins <= timedelta(hours=74), name


def test_disposal_takes_what_is_over_and_nothing_else(
    database: Database, clock: ManualClock
) -> None:
    salts = Salts(database, clock)
    kept = {DAY + timedelta(days=number): b"" for number in range(3)}
    for day in kept:
        kept[day] = salts.get(day)
    clock.now = disposal_time(DAY) - timedelta(microseconds=1)
    assert salts.dispose() == ()
    clock.now = disposal_time(DAY)
    assert salts.dispose() == (DAY,)
    assert salts.dispose() == ()
    assert salts.get(DAY) != kept.pop(DAY)
    assert {day: salts.get(day) for day in kept} == kept


def test_a_day_that_is_far_ahead_has_no_salt_for_long(
    database: Database, clock: ManualClock
) -> None:
    """It begins where days begin first, 14 hours before it does in UTC; 24 hours before that."""
    salts = Salts(database, clock)
    kept = salts.get(DAY)
    ahead = DAY + timedelta(days=2)
    salts.get(ahead)
    begins = datetime(2026, 3, 12, tzinfo=ZoneInfo("Pacific/Kiritimati")).astimezone(UTC)
    clock.now = begins - timedelta(hours=24)
    assert salts.dispose() == ()
    clock.now -= timedelta(microseconds=1)
    assert salts.dispose() == (ahead,)
    assert salts.get(DAY) == kept


def test_the_bytes_of_a_disposed_salt_are_gone_while_the_server_runs(
    tmp_path: Path, clock: ManualClock
) -> None:
    database = Database(tmp_path / "leadline.sqlite3")
    salts = Salts(database, clock)
    over = [salts.get(DAY + timedelta(days=number)) for number in range(2)]
    kept = salts.get(DAY + timedelta(days=2))
    assert files_with(tmp_path, *over)
    clock.now = disposal_time(DAY + timedelta(days=1))
    assert len(salts.dispose()) == 2
    assert files_with(tmp_path, *over) == []
    assert salts.get(DAY + timedelta(days=2)) == kept
    database.close()
    assert files_with(tmp_path, *over) == []
    assert files_with(tmp_path, kept) == ["leadline.sqlite3"]


def test_the_bytes_go_too_when_somebody_reads_meanwhile(tmp_path: Path, clock: ManualClock) -> None:
    """A reader keeps the old pages alive for a while; the next disposal gets them."""
    database = Database(tmp_path / "leadline.sqlite3")
    salts = Salts(database, clock)
    over = salts.get(DAY)
    clock.now = disposal_time(DAY)
    with ThreadPoolExecutor(1) as pool:
        with database.reading() as connection:
            connection.exec_driver_sql("SELECT count(*) FROM daily_salts").all()
            disposal = pool.submit(salts.dispose)
            disposal.result(timeout=PATIENCE)
            assert files_with(tmp_path, over)
        assert salts.dispose() == ()
        assert files_with(tmp_path, over) == []
    database.close()


def test_what_a_crash_left_in_the_log_goes_with_the_first_disposal(
    tmp_path: Path, clock: ManualClock
) -> None:
    database = Database(tmp_path / "leadline.sqlite3")
    salts = Salts(database, clock)
    over = salts.get(DAY)
    with database.writing() as connection:
        connection.exec_driver_sql("DELETE FROM daily_salts")  # and no checkpoint after it
    assert files_with(tmp_path, over)
    Salts(database, clock).dispose()
    assert files_with(tmp_path, over) == []
    database.close()


def test_on_postgresql_the_bytes_go_from_the_files_of_the_database(
    postgresql: Cluster, clock: ManualClock
) -> None:
    url = postgresql.fresh()
    database = Database(url)
    salts = Salts(database, clock)
    over = salts.get(DAY)
    kept = salts.get(DAY + timedelta(days=1))
    assert files_with(postgresql.files_of(url), over)
    clock.now = disposal_time(DAY)
    with database.reading() as connection:
        connection.exec_driver_sql("SELECT count(*) FROM daily_salts").all()
        assert salts.dispose() == (DAY,)
        assert files_with(postgresql.files_of(url), over)
    assert salts.dispose() == ()
    assert files_with(postgresql.files_of(url), over) == []
    assert files_with(postgresql.files_of(url), kept)
    assert salts.get(DAY + timedelta(days=1)) == kept
    database.close()
    postgresql.drop(url)


def test_salts_are_the_same_while_the_bytes_of_others_go(
    database: Database, location: Location, clock: ManualClock
) -> None:
    """Whoever asks just when a table is written anew gets no salt of its own."""
    elsewhere = Database(location)
    disposing, asking = Salts(database, clock), Salts(elsewhere)
    kept = asking.get(DAY)
    with ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(asking.get, DAY) for _ in range(50)]
        for number in range(5):
            over = DAY - timedelta(days=3 + number)
            disposing.get(over)
            assert disposing.dispose() == (over,)
        assert {each.result(timeout=PATIENCE) for each in asked} == {kept}
    elsewhere.close()


def test_a_forgotten_key_cannot_be_used_again(database: Database, clock: ManualClock) -> None:
    salts = Salts(database, clock)
    visitors = Visitors(salts)

    def visitor() -> int:
        at = datetime(2026, 3, 10, 12, tzinfo=UTC)
        return visitors.identify(1, ZoneInfo("UTC"), ip_address("203.0.113.7"), b"", at).visitor

    before = visitor()
    clock.now = disposal_time(DAY) - timedelta(microseconds=1)
    visitors.forget(clock())
    salts.dispose()
    assert visitor() == before
    clock.now = disposal_time(DAY)
    visitors.forget(clock())
    salts.dispose()
    assert visitor() != before
