"""A batch and the position after it come together or not at all; what is over is let go."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadline.spool import Batch, Erasure, Hit, Position, Record, Refusal
from leadline.warehouse import Warehouse
from tests.clickhouse import Engine, local
from tests.spool.examples import hit
from tests.warehouse.histories import Placed, cut, load, opened

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
LOCAL = ("live_visits", "visitor_days", "erased_sites", "loaded")
SUMS = {
    "site_facts": "SELECT site_id, min(first_hit_at), max(last_hit_at) FROM site_facts GROUP BY 1",
    "refusals": "SELECT site_id, minute, reason, origin, sum(refused) FROM refusals"
    " GROUP BY 1, 2, 3, 4",
}


def placed(*records: Record) -> list[Placed]:
    return [(Position(1, number), record) for number, record in enumerate(records)]


def contents(warehouse: Warehouse) -> dict[str, list[str]]:
    """Every row of every table."""
    kept = local(warehouse)
    columns = [name for name, *_ in kept.query("DESCRIBE hits")]
    rows = {table: kept.query(f"FROM {table}") for table in LOCAL}
    rows["hits"] = warehouse.query(f"SELECT {', '.join(columns)} FROM hits")
    rows |= {table: warehouse.query(statement) for table, statement in SUMS.items()}
    return {table: sorted(map(repr, found)) for table, found in rows.items()}


def paths(warehouse: Warehouse) -> list[str]:
    return [path for (path,) in warehouse.query("SELECT path FROM hits ORDER BY hit_id")]


def at(seconds: float, path: str = "/", **fields: object) -> Hit:
    return hit(path, received_at=NOON + timedelta(seconds=seconds), **fields)


# Together or not at all


@pytest.mark.parametrize(
    "bad",
    [
        hit(site=2, amount=Decimal(10) ** 14),  # more than the column holds
        hit(site=2**40),
        Refusal(2**40, NOON, "invalid_domain", "x"),
        Erasure(2**40),
    ],
)
def test_a_batch_that_fails_leaves_everything_as_it_was(
    engine: Engine, tmp_path: Path, bad: Record
) -> None:
    good = Batch(placed(at(0, "/good"), Refusal(1, NOON, "invalid_domain", "x")), Position(1, 2))
    failing = Batch(
        [
            (Position(1, 2), Erasure(1)),
            (Position(1, 3), at(1, "/new", site=2)),
            (Position(1, 4), Refusal(2, NOON, "invalid_domain", "x")),
            (Position(1, 5), bad),
        ],
        Position(1, 6),
    )
    with engine.opened(tmp_path) as warehouse:
        load(warehouse, [good])
        before = contents(warehouse)
        for _ in range(2):
            with pytest.raises(duckdb.Error):
                load(warehouse, [failing])
            assert contents(warehouse) == before
            assert warehouse.loaded() == Position(1, 2)
        load(warehouse, [Batch(failing.records[:-1], Position(1, 5))])
        assert paths(warehouse) == ["/new"]
        assert warehouse.loaded() == Position(1, 5)


def test_a_new_warehouse_has_loaded_nothing(engine: Engine, tmp_path: Path) -> None:
    with engine.opened(tmp_path) as warehouse:
        assert warehouse.loaded() == Position(0, 0)
        assert warehouse.erased() == frozenset()


def test_an_empty_batch_moves_the_position(engine: Engine, tmp_path: Path) -> None:
    with engine.opened(tmp_path) as warehouse:
        load(warehouse, [Batch([], Position(4, 7))])
        assert warehouse.loaded() == Position(4, 7)


def test_a_report_asked_meanwhile_sees_whole_batches(engine: Engine, tmp_path: Path) -> None:
    with engine.opened(tmp_path) as warehouse:
        load(warehouse, [Batch(placed(at(0, "/1")), Position(1, 1))])
        assert warehouse.query("SELECT path FROM hits WHERE site_id = $site", site=1) == [("/1",)]
        assert warehouse.query("SELECT path FROM hits WHERE site_id = $site", site=2) == []


def test_reopening_after_any_batch_changes_nothing(engine: Engine) -> None:
    @settings(max_examples=engine.examples(6), deadline=None)
    @given(data=st.data())
    def check(data: st.DataObject) -> None:
        check_reopening(engine, data)

    check()


def check_reopening(engine: Engine, data: st.DataObject) -> None:
    minutes = data.draw(st.lists(st.sampled_from([0, 10, 29, 30, 61]), min_size=2, max_size=8))
    now = 0
    records: list[Record] = []
    for number, gap in enumerate(minutes):
        now += gap * 60
        records.append(at(now, f"/{number}", visitor=data.draw(st.integers(1, 2))))
    batches = cut(placed(*records), data.draw(st.sets(st.integers(1, len(records)), max_size=3)))
    with TemporaryDirectory() as stays, TemporaryDirectory() as reopens:
        with engine.opened(Path(stays)) as warehouse:
            load(warehouse, batches)
            expected = contents(warehouse)
        for batch in batches:
            with engine.opened(Path(reopens)) as warehouse:
                load(warehouse, [batch])
        with engine.opened(Path(reopens)) as warehouse:
            assert contents(warehouse) == expected
            assert warehouse.loaded() == batches[-1].end


# What is over is let go


def test_visits_that_are_over_leave_the_live_ones(engine: Engine, tmp_path: Path) -> None:
    with engine.opened(tmp_path) as warehouse:
        for hour in range(30):
            crowd = [at(hour * 3600, visitor=hour * 100 + who) for who in range(20)]
            records = [(Position(2 + hour, place), record) for place, record in enumerate(crowd)]
            load(warehouse, [Batch(list(records), Position(2 + hour, 20))])
        ((live, oldest),) = local(warehouse).query("SELECT count(*), min(last_at) FROM live_visits")
        assert live == 26 * 20
        assert oldest == (NOON + timedelta(hours=4)).replace(tzinfo=None)
        assert warehouse.query("SELECT count(*) FROM hits") == [(600,)]


def test_a_visitor_has_one_live_visit_whatever_the_hash(engine: Engine, tmp_path: Path) -> None:
    midnight = datetime(2026, 3, 11, tzinfo=UTC)
    before = hit(received_at=midnight - timedelta(minutes=1), visitor=1)
    after = hit(received_at=midnight, day=midnight.date(), visitor=2, previous=1)
    with engine.opened(tmp_path) as warehouse:
        load(warehouse, cut(placed(before, after), {1}))
        assert local(warehouse).query("SELECT visitor, pageviews FROM live_visits") == [(2, 2)]


def test_the_days_of_visitors_are_let_go_when_they_cannot_come_again(
    engine: Engine, tmp_path: Path
) -> None:
    days = [NOON + timedelta(days=number) for number in range(10)]
    crowd = [
        hit(received_at=day, day=day.date(), visitor=number) for number, day in enumerate(days)
    ]
    with engine.opened(tmp_path) as warehouse:
        load(warehouse, cut(placed(*crowd), range(10)))
        ((kept,),) = local(warehouse).query("SELECT count(*) FROM visitor_days")
        assert kept <= 4
        assert warehouse.query("SELECT count(*) FROM hits WHERE is_new_visitor") == [(10,)]


def test_what_a_wrong_clock_has_left_is_let_go_when_it_is_right_again(
    engine: Engine, tmp_path: Path
) -> None:
    def at_once(moment: datetime, number: int) -> Batch:
        records: list[Record] = [
            hit(received_at=moment, day=moment.date(), visitor=number),
            Refusal(1, moment, "invalid_domain", f"host-{number}"),
        ]
        placed_there = [(Position(1 + number, place), each) for place, each in enumerate(records)]
        return Batch(placed_there, Position(1 + number, 2))

    moments = [NOON, NOON.replace(year=2090), NOON.replace(year=1971), NOON, NOON]
    with engine.opened(tmp_path) as warehouse:
        load(warehouse, [at_once(moment, number) for number, moment in enumerate(moments)])
        inside = local(warehouse)
        assert inside.query("SELECT visitor FROM live_visits ORDER BY 1") == [(3,), (4,)]
        assert inside.query("SELECT visitor FROM visitor_days ORDER BY 1") == [(3,), (4,)]
        hosts = [row[3] for row in refusals(warehouse)]
        assert hosts == ["host-3", "host-4"]
        assert warehouse.query("SELECT count(*) FROM hits") == [(5,)]


# Erasures


def test_an_erased_site_is_gone_for_good_and_no_other(engine: Engine) -> None:
    """Hits before and after the erasure, in its own batch, in earlier and in later ones."""

    @settings(max_examples=engine.examples(8), deadline=None)
    @given(data=st.data())
    def check(data: st.DataObject) -> None:
        check_erasures(engine, data)

    check()


def check_erasures(engine: Engine, data: st.DataObject) -> None:
    sites = data.draw(st.lists(st.integers(1, 3), min_size=1, max_size=12))
    records: list[Hit | Refusal | Erasure] = []
    for number, site in enumerate(sites):
        records.append(at(number, f"/{number}", site=site, visitor=number % 3))
        records.append(Refusal(site, NOON, "invalid_domain", "x"))
    erased = data.draw(st.sets(st.integers(1, 4), max_size=3))
    for site in sorted(erased):
        records.insert(data.draw(st.integers(0, len(records))), Erasure(site))
    history = placed(*records)
    cuts = data.draw(st.sets(st.integers(1, len(records)), max_size=3))
    others = [
        each for each, record in zip(history, records, strict=True) if record.site not in erased
    ]
    with (
        TemporaryDirectory() as one,
        TemporaryDirectory() as other,
        engine.opened(Path(one)) as warehouse,
        engine.opened(Path(other)) as untouched,
    ):
        load(warehouse, cut(history, cuts))
        load(untouched, cut(others, cuts))
        assert warehouse.erased() == erased
        for table in ("hits", "live_visits", "visitor_days", "site_facts"):
            assert contents(warehouse)[table] == contents(untouched)[table]
        refused = warehouse.query("SELECT site_id, sum(refused) FROM refusals GROUP BY site_id")
        assert dict(refused) == {site: sites.count(site) for site in {*sites} - erased}


def test_an_erasure_sent_twice_is_one(engine: Engine, tmp_path: Path) -> None:
    with engine.opened(tmp_path) as warehouse:
        load(warehouse, cut(placed(at(0), Erasure(1), Erasure(1), at(1), Erasure(1)), {3}))
        assert warehouse.erased() == {1}
        assert paths(warehouse) == []


# Refusals


def refusals(warehouse: Warehouse) -> list[tuple[object, ...]]:
    return warehouse.query(
        "SELECT site_id, minute, reason, origin, sum(refused)"
        " FROM refusals GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4"
    )


@pytest.mark.parametrize("cuts", [set[int](), {1}, {2, 4}, {1, 2, 3, 4, 5}])
def test_refusals_are_counted_by_minute_reason_and_origin(
    engine: Engine, tmp_path: Path, cuts: set[int]
) -> None:
    def refusal(seconds: float, reason: str = "invalid_domain", origin: str = "x") -> Refusal:
        return Refusal(1, NOON + timedelta(seconds=seconds), reason, origin)

    records = placed(
        refusal(0),
        refusal(59.999999),
        refusal(60),
        refusal(60, reason="invalid_account"),
        refusal(60, origin="y"),
        refusal(60, origin="y"),
    )
    noon = NOON.replace(tzinfo=None)
    later = noon + timedelta(minutes=1)
    with engine.opened(tmp_path) as warehouse:
        load(warehouse, cut(records, cuts))
        assert refusals(warehouse) == [
            (1, noon, "invalid_domain", "x", 2),
            (1, later, "invalid_account", "x", 1),
            (1, later, "invalid_domain", "x", 1),
            (1, later, "invalid_domain", "y", 2),
        ]


def test_refusals_are_dropped_after_a_week(tmp_path: Path) -> None:
    hours = [0.0, 1, 23.85, 23.9, 24, 25, 191.9]
    records = placed(
        *(Refusal(1, NOON + timedelta(hours=hour), "invalid_domain", "x") for hour in hours)
    )
    with opened(tmp_path) as warehouse:
        load(warehouse, cut(records, range(len(records))))
        kept = {minute for _, minute, *_ in refusals(warehouse)}
    noon = NOON.replace(tzinfo=None, second=0)
    assert kept == {noon + timedelta(hours=hour) for hour in (23.9, 24, 25, 191.9)}
