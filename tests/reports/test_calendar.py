"""Parts of periods in any zone; the oracle looks at every minute."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadline.reports import Unit, parts

ZONES = ("UTC", "Europe/Madrid", "America/Sao_Paulo", "Asia/Kathmandu", "Australia/Lord_Howe")
FORMATS = {
    Unit.HOUR: "%Y-%m-%d %H",
    Unit.DAY: "%Y-%m-%d",
    Unit.WEEK: "%G-W%V",
    Unit.MONTH: "%Y-%m",
    Unit.YEAR: "%Y",
}
MINUTE = timedelta(minutes=1)
BEGINNINGS = st.datetimes(datetime(2018, 1, 1), datetime(2026, 12, 1), timezones=st.just(UTC))
CHANGES = st.sampled_from(
    [
        datetime(2026, 3, 28, 22, 30, tzinfo=UTC),
        datetime(2026, 10, 24, 23, tzinfo=UTC),
        datetime(2018, 11, 3, 23, 10, tzinfo=UTC),  # midnight is skipped in São Paulo
        datetime(2018, 2, 17, 23, tzinfo=UTC),
        datetime(2025, 12, 31, 9, tzinfo=UTC),
    ]
)


@given(
    since=BEGINNINGS | CHANGES,
    minutes=st.integers(1, 3 * 24 * 60),
    timezone=st.sampled_from(ZONES),
    unit=st.sampled_from(Unit),
)
def test_parts_are_those_that_a_clock_shows(
    since: datetime, minutes: int, timezone: str, unit: Unit
) -> None:
    since = since.replace(second=0, microsecond=0)
    seen: list[tuple[datetime, str]] = []
    for nth in range(minutes):
        moment = since + nth * MINUTE
        shown = moment.astimezone(ZoneInfo(timezone)).strftime(FORMATS[unit])
        if not seen or seen[-1][1] != shown:
            seen.append((moment, shown))
    found = parts(since, since + minutes * MINUTE, timezone, unit)
    assert [(part.begins, part.local.strftime(FORMATS[unit])) for part in found] == seen


@pytest.mark.parametrize(
    ("unit", "count"), [(Unit.DAY, 3653), (Unit.WEEK, 523), (Unit.MONTH, 120), (Unit.YEAR, 10)]
)
def test_long_periods(unit: Unit, count: int) -> None:
    since, until = datetime(2016, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)
    assert len(parts(since, until, "UTC", unit)) == count


def test_of_no_time_there_are_none() -> None:
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    assert parts(moment, moment, "UTC", Unit.DAY) == []
