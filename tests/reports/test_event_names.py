"""What the events of a site are called, and since when: alike on both engines."""

from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from leadline.reports import EventName, Reports
from leadline.reports.service import AHEAD
from leadline.spool import Hit, Kind, Source
from leadline.warehouse import Warehouse
from tests.clickhouse import Engine
from tests.reports.storing import store
from tests.support import ManualClock

NOW = ManualClock().now
NAMES = ["", "buy", "Buy", "buy ", "é", "e\u0301", "😀" * 255, "%_'\\"]
NAMED = (Kind.CONVERSION, Kind.MICRO)


def hit(site: int, minutes: int, kind: Kind, name: str) -> Hit:
    moment = NOW + timedelta(minutes=minutes)
    page = "https://example.com", "/"
    return Hit(site, moment, moment.date(), 1, None, kind, *page, Source(), name)


hits = st.builds(
    hit,
    site=st.integers(1, 2),
    minutes=st.integers(-60, 4),
    kind=st.sampled_from(Kind),
    name=st.sampled_from(NAMES),
)


def test_every_name_with_its_first_and_last_moment(engine: Engine) -> None:
    @settings(max_examples=engine.examples(20))
    @given(taken=st.lists(hits, max_size=30))
    def check(taken: list[Hit]) -> None:
        moments: dict[str, list[datetime]] = {}
        for each in taken:
            if each.site == 1 and each.kind in NAMED and each.name:
                moments.setdefault(each.name, []).append(each.received_at)
        with TemporaryDirectory() as directory, engine.opened(Path(directory)) as warehouse:
            store(warehouse, *taken)
            found = Reports(warehouse, ManualClock(NOW)).event_names(1)
        assert sorted(found) == sorted(
            EventName(name, min(times), max(times)) for name, times in moments.items()
        )

    check()


def test_what_a_wrong_clock_counted_is_none(reports: Reports, warehouse: Warehouse) -> None:
    ahead = int(AHEAD.total_seconds()) // 60
    store(
        warehouse,
        hit(1, 0, Kind.MICRO, "buy"),
        hit(1, ahead - 1, Kind.MICRO, "soon"),
        hit(1, ahead, Kind.MICRO, "later"),
        hit(1, 500_000, Kind.MICRO, "buy"),
    )
    soon = NOW + timedelta(minutes=ahead - 1)
    assert sorted(reports.event_names(1)) == [("buy", NOW, NOW), ("soon", soon, soon)]
    assert reports.event_names(2) == []
