"""Hits that were not counted: how many, why, and which hosts they named."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from leadline.reports import RefusalReason, Refusals, RefusedOrigin, Reports
from leadline.reports.fixed_sql import ORIGINS
from leadline.spool import Erasure, Hit, Record, Refusal
from leadline.warehouse import Warehouse
from leadline.warehouse.duckdb_sql import ORIGINS as KEPT
from tests.clickhouse import Engine
from tests.reports.storing import store
from tests.spool.examples import hit
from tests.support import ManualClock
from tests.warehouse.histories import opened

NOW = datetime(2026, 3, 10, 12, 30, 15, tzinfo=UTC)


def refusal(ago: float, reason: str, origin: str, site: int = 1) -> Refusal:
    return Refusal(site, NOW - timedelta(seconds=ago), reason, origin)


records: st.SearchStrategy[Record] = st.one_of(
    st.builds(
        refusal,
        ago=st.floats(0, 7200) | st.sampled_from([15, 16, 75, 76, 615, 616]),
        reason=st.sampled_from(["invalid_domain", "bot_detected", "invalid_account"]),
        origin=st.sampled_from(["", "a.example", "b.example"]),
        site=st.integers(1, 2),
    ),
    st.builds(
        lambda ago, site: hit(site=site, received_at=NOW - timedelta(seconds=ago)),
        ago=st.floats(0, 7200),
        site=st.integers(1, 2),
    ),
)


def by_hand(given_records: list[Record], minutes: int) -> Refusals:
    since = NOW.replace(second=0) - timedelta(minutes=minutes - 1)
    mine = [
        each
        for each in given_records
        if isinstance(each, Hit | Refusal) and each.site == 1 and each.received_at >= since
    ]
    refused = Counter((each.reason, each.origin) for each in mine if isinstance(each, Refusal))
    reasons = Counter[str]()
    for (reason, _), count in refused.items():
        reasons[reason] += count
    return Refusals(
        minutes,
        sum(isinstance(each, Hit) for each in mine),
        tuple(
            RefusalReason(
                reason,
                total,
                max(
                    each.received_at.replace(second=0, microsecond=0)
                    for each in mine
                    if isinstance(each, Refusal) and each.reason == reason
                ),
                tuple(
                    RefusedOrigin(origin, count)
                    for (of, origin), count in sorted(
                        refused.items(), key=lambda row: (-row[1], row[0])
                    )
                    if of == reason
                ),
            )
            for reason, total in sorted(reasons.items(), key=lambda row: (-row[1], row[0]))
        ),
    )


def test_they_are_counted_by_minute_reason_and_host(engine: Engine) -> None:
    @settings(max_examples=engine.examples(25), deadline=None)
    @given(
        batches=st.lists(st.lists(records, max_size=12), max_size=3),
        minutes=st.sampled_from([1, 2, 11, 60, 10_080]),
    )
    def check(batches: list[list[Record]], minutes: int) -> None:
        with TemporaryDirectory() as directory, engine.opened(Path(directory)) as warehouse:
            for batch in batches:
                store(warehouse, *sorted(batch, key=lambda each: each.received_at))  # type: ignore[union-attr]
            found = Reports(warehouse, ManualClock(NOW)).refusals(1, minutes)
        assert found == by_hand([each for batch in batches for each in batch], minutes)

    check()


def test_hosts_without_end_are_one_in_the_end(warehouse: Warehouse) -> None:
    crowd = [refusal(0, "invalid_domain", f"{number:05}.example") for number in range(3000)]
    often = [refusal(0, "invalid_domain", "often.example") for _ in range(5)]
    store(warehouse, *crowd, *often)
    assert warehouse.query("SELECT count(*) FROM refusals") == [(KEPT + 1,)]
    (reason,) = Reports(warehouse, ManualClock(NOW)).refusals(1, 60).reasons
    assert reason.count == 3005
    assert len(reason.origins) == ORIGINS
    assert reason.origins[0] == RefusedOrigin("", 3005 - 5 - (KEPT - 1))
    assert reason.origins[1] == RefusedOrigin("often.example", 5)
    assert reason.others == 3005 - 5 - (ORIGINS - 2)


def test_hosts_without_end_stay_few_over_many_loads(tmp_path: Path) -> None:
    with opened(tmp_path) as warehouse:
        for batch in range(5):
            crowd = (f"{batch}-{number}.example" for number in range(100))
            hosts = [*crowd, *["often.example"] * 3]
            store(warehouse, *(refusal(0, "invalid_domain", host) for host in hosts))
            assert warehouse.query("SELECT count(*) FROM refusals") == [(KEPT + 1,)]
        (reason,) = Reports(warehouse, ManualClock(NOW)).refusals(1, 60).reasons
    assert reason.count == 515
    assert reason.origins[:2] == (
        RefusedOrigin("", 515 - 15 - (KEPT - 1)),
        RefusedOrigin("often.example", 15),
    )


def test_they_go_with_their_site_and_after_a_week(warehouse: Warehouse) -> None:
    reports = Reports(warehouse, ManualClock(NOW))
    store(warehouse, refusal(608_500, "invalid_domain", "old.example", site=2))
    store(warehouse, refusal(0, "invalid_domain", "x.example"), refusal(0, "a", "", site=2))
    assert reports.refusals(2, 1440).refused == 1
    assert ("old.example",) not in warehouse.query("SELECT origin FROM refusals")
    store(warehouse, Erasure(1))
    assert reports.refusals(1, 1440).refused == 0
    assert reports.refusals(2, 1440).refused == 1
