"""Page loads that both snippets of one page counted."""

from collections import Counter
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from leadline.reports import Reports
from leadline.spool import Hit, Kind
from leadline.warehouse import Warehouse
from tests.clickhouse import Engine
from tests.reports.storing import store
from tests.spool.examples import hit
from tests.support import ManualClock

CLOSE = timedelta(seconds=5)


class Seen(NamedTuple):
    """So many tenths of a second ago, by a wire."""

    ago: int
    wire: str
    visitor: int = 1
    path: str = "/"
    site: int = 1
    kind: Kind = Kind.PAGEVIEW


seen = st.builds(
    Seen,
    ago=st.integers(0, 200) | st.sampled_from([863_990, 864_000, 864_001]),
    wire=st.sampled_from(["fathom", "seal", ""]),
    visitor=st.integers(1, 2),
    path=st.sampled_from(["/", "/a"]),
    site=st.integers(1, 2),
    kind=st.sampled_from([Kind.PAGEVIEW, Kind.PAGEVIEW, Kind.MICRO]),
)


def by_hand(hits: list[Hit], clock: ManualClock) -> int:
    """Of each visitor and page: how many of either wire have one of the other beside them."""
    views = [
        each
        for each in hits
        if each.site == 1
        and each.kind is Kind.PAGEVIEW
        and each.wire
        and clock.now - each.received_at <= timedelta(hours=24)
    ]
    beside: dict[tuple[int, str], Counter[str]] = {}
    for one in views:
        if any(
            other.wire != one.wire
            and (other.visitor, other.path) == (one.visitor, one.path)
            and abs(other.received_at - one.received_at) <= CLOSE
            for other in views
        ):
            beside.setdefault((one.visitor, one.path), Counter())[one.wire] += 1
    return sum(min(found["fathom"], found["seal"]) for found in beside.values())


def test_it_is_what_one_counts_by_hand(engine: Engine) -> None:
    @settings(deadline=None, max_examples=engine.examples(25))
    @given(st.lists(seen, max_size=30))
    def check(taken: list[Seen]) -> None:
        check_doubled(engine, taken)

    check()


def check_doubled(engine: Engine, taken: list[Seen]) -> None:
    clock = ManualClock()
    hits = [
        hit(
            path=each.path,
            site=each.site,
            visitor=each.visitor,
            wire=each.wire,
            kind=each.kind,
            received_at=clock.now - timedelta(milliseconds=100 * each.ago),
        )
        for each in taken
    ]
    with TemporaryDirectory() as directory, engine.opened(Path(directory)) as warehouse:
        store(warehouse, *hits)
        assert Reports(warehouse, clock).doubled(1) == by_hand(hits, clock)


def test_a_reload_is_not_doubled(
    warehouse: Warehouse, reports: Reports, clock: ManualClock
) -> None:
    def loads(wire: str, *seconds: int) -> None:
        store(
            warehouse,
            *(hit(wire=wire, received_at=clock.now - timedelta(seconds=ago)) for ago in seconds),
        )

    loads("fathom", 60, 59, 58)
    assert reports.doubled(1) == 0
    loads("seal", 52, 40)
    assert reports.doubled(1) == 0
    loads("seal", 59)
    assert reports.doubled(1) == 1
    loads("seal", 60, 58)
    assert reports.doubled(1) == 3
