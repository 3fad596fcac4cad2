"""What ClickHouse is given it has once, whatever is lost on the way."""

import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from leadline.reports import Reports
from leadline.spool import Batch, Erasure, Hit, Position, Record, Refusal, Spool
from leadline.warehouse import (
    ClickHouseDriverMissing,
    Loader,
    NotEmpty,
    Warehouse,
    WarehouseElsewhere,
    WarehouseUnavailable,
    open_warehouse,
)
from leadline.warehouse.batch import Arrivals
from leadline.warehouse.clickhouse import options_for
from leadline.warehouse.clickhouse_sql import DEDUPLICATION_WINDOW, TYPES, bound
from leadline.warehouse.staging import ROWS_AT_ONCE
from tests.clickhouse import SMALL, ClickHouseInside, Engine
from tests.spool.examples import append_each, hit, open_spool
from tests.support import ManualClock, eventually
from tests.warehouse.histories import ZONES, Placed, Step, cut, load, steps, written
from tests.warehouse.histories import opened as opened_in_duckdb
from tests.warehouse.test_batches import contents
from tests.warehouse.unreliable import Fate, Node

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
LOST, NEVER, DONE = Fate.ANSWER_LOST, Fate.NEVER_ARRIVES, Fate.DONE


@pytest.fixture
def new_node(clickhouse: ClickHouseInside, tmp_path: Path) -> Iterator[Callable[[], Node]]:
    """Makes nodes that share one database."""
    nodes: list[Node] = []
    numbers = count()

    def make() -> Node:
        nodes.append(Node(tmp_path / f"node-{next(numbers)}", clickhouse.url(tmp_path)))
        return nodes[-1]

    yield make
    for node in nodes:
        node.close()


@pytest.fixture
def node(new_node: Callable[[], Node]) -> Node:
    return new_node()


@pytest.fixture
def url(clickhouse: ClickHouseInside, tmp_path: Path) -> str:
    """Of the database of the nodes."""
    return clickhouse.url(tmp_path)


def batch(begin: int, *records: Record) -> Arrivals:
    placed = [(Position(1, begin + number), record) for number, record in enumerate(records)]
    return Arrivals.of(Batch(placed, Position(1, begin + len(records))))


def refusal(site: int = 1, hours: float = 0, origin: str = "x") -> Refusal:
    return Refusal(site, NOON + timedelta(hours=hours), "invalid_domain", origin)


def paths(warehouse: Warehouse) -> list[str]:
    return sorted(path for (path,) in warehouse.query("SELECT path FROM hits"))


def refused(warehouse: Warehouse) -> int:
    ((found,),) = warehouse.query("SELECT sum(refused) FROM refusals")
    return int(found)


def at(month: int, day: int, path: str) -> Hit:
    return hit(path, received_at=datetime(2026, month, day, tzinfo=UTC))


# Once, and nothing missing


@pytest.mark.parametrize("restart", [False, True])
@pytest.mark.parametrize(
    "fates", [[LOST], [NEVER], [DONE, LOST], [DONE, NEVER], [DONE, DONE, LOST], [DONE, LOST, LOST]]
)
def test_a_batch_without_an_answer_is_sent_again_and_there_once(
    node: Node, fates: list[Fate], restart: bool
) -> None:
    node.connection.fates = list(fates)
    with pytest.raises(WarehouseUnavailable):
        node.warehouse.load(batch(0, hit("/1"), hit("/2"), refusal(), refusal()))
    assert node.warehouse.loaded() == Position(1, 4)
    if restart:
        node.close()
        node.restart()
    with suppress(WarehouseUnavailable):
        node.warehouse.finish()
    node.warehouse.load(batch(4, hit("/3"), refusal()))
    assert paths(node.warehouse) == ["/1", "/2", "/3"]
    assert refused(node.warehouse) == 3
    assert node.warehouse.query(
        "SELECT site_id, min(first_hit_at), max(last_hit_at) FROM site_facts GROUP BY site_id"
    ) == [(1, NOON.replace(tzinfo=None), NOON.replace(tzinfo=None))]


def test_a_token_is_known_and_the_window_is_what_it_should_be(
    node: Node, clickhouse: ClickHouseInside, url: str
) -> None:
    """The first guard by itself: what comes again is dropped by ClickHouse."""
    node.warehouse.finish()
    staging = node.warehouse.staging
    staging.load(batch(0, hit("/1"), refusal()))
    for shipment in staging.shipments() * 2:
        token = {"insert_deduplication_token": shipment.token}
        node.connection.insert(shipment.destination, staging.rows(shipment), token)
    assert (paths(node.warehouse), refused(node.warehouse)) == (["/1"], 1)
    made = "SELECT name, create_table_query FROM system.tables WHERE database = '{db}'"
    for name, statement in clickhouse.ask(url, made):
        once = f"non_replicated_deduplication_window = {DEDUPLICATION_WINDOW}" in statement
        assert once == (name != "site_facts")
        assert "fsync_after_insert = 1" in statement


@pytest.mark.parametrize("records", [[hit("/1")], [refusal()]])
def test_beyond_the_window_what_arrived_is_found_by_its_rows(
    new_node: Callable[[], Node], clickhouse: ClickHouseInside, url: str, records: list[Record]
) -> None:
    node, other = new_node(), new_node()
    node.warehouse.finish()
    for table in ("hits", "refusals"):
        window = "MODIFY SETTING non_replicated_deduplication_window = 3"
        clickhouse.do(url, f"ALTER TABLE {{db}}.{table} {window}")
    node.connection.fates = [DONE, LOST] if isinstance(records[0], Hit) else [LOST]
    with pytest.raises(WarehouseUnavailable):
        node.warehouse.load(batch(0, *records))
    for number in range(6):
        other.warehouse.load(batch(number, hit(f"/other/{number}") if number else refusal(9)))
        other.warehouse.load(batch(100 + number, refusal(9)))
    node.close()
    node.restart()
    node.warehouse.finish()
    assert paths(node.warehouse).count("/1") == sum(isinstance(each, Hit) for each in records)
    assert refused(node.warehouse) == 7 + sum(isinstance(each, Refusal) for each in records)


def test_any_history_over_a_broken_line(clickhouse: ClickHouseInside) -> None:
    """The rows are those of DuckDB, whatever is lost and whenever the server restarts."""
    fates = st.lists(st.sampled_from([DONE, DONE, LOST, NEVER]), max_size=12)

    @settings(max_examples=6, deadline=None)
    @given(taken=steps, data=st.data())
    def check(taken: list[Step], data: st.DataObject) -> None:
        history: list[Record] = [record for _, record in written(taken)]
        for site in data.draw(st.lists(st.sampled_from(sorted(ZONES)), max_size=2)):
            history.insert(data.draw(st.integers(0, len(history))), Erasure(site))
            history.insert(data.draw(st.integers(0, len(history))), refusal(site))
        placed: list[Placed] = [(Position(1, n), record) for n, record in enumerate(history)]
        batches = cut(placed, data.draw(st.sets(st.integers(1, len(history)), max_size=4)))
        with TemporaryDirectory() as one, TemporaryDirectory() as other:
            with opened_in_duckdb(Path(other)) as warehouse:
                load(warehouse, batches)
                expected = contents(warehouse)
            node = Node(Path(one), clickhouse.url(Path(one)))
            node.connection.fates = data.draw(fates)
            for each in batches:
                while node.warehouse.loaded() < each.end:
                    with suppress(WarehouseUnavailable):
                        node.warehouse.load(Arrivals.of(each))
                    if data.draw(st.booleans()):
                        left = node.connection.fates
                        node.close()
                        node.restart()
                        node.connection.fates = left
            node.connection.fates = []
            node.warehouse.finish()
            assert contents(node.warehouse) == expected
            assert node.warehouse.staging.query("FROM shipments") == []
            node.close()

    check()


# Shipments


def test_a_question_has_a_time_limit_in_clickhouse_too(
    clickhouse: ClickHouseInside, tmp_path: Path
) -> None:
    with Engine(clickhouse).opened(tmp_path) as warehouse:
        asked = "SELECT getSetting('max_execution_time'), getSetting('timeout_overflow_mode')"
        assert warehouse.query(asked) == [(10, "throw")]


def test_a_batch_over_months_goes_month_by_month(node: Node) -> None:
    records = [at(3, 31, "/1"), at(4, 1, "/2"), at(3, 31, "/3"), at(1, 1, "/4"), at(4, 1, "/5")]
    node.connection.fates = [DONE, DONE, DONE, LOST]
    with pytest.raises(WarehouseUnavailable):
        node.warehouse.load(batch(0, *records))
    assert len(paths(node.warehouse)) == 4
    node.warehouse.finish()
    assert paths(node.warehouse) == ["/1", "/2", "/3", "/4", "/5"]
    assert node.connection.changes == ["site_facts", "hits"] * 3
    rows = node.warehouse.query("SELECT _partition_id, count(*) FROM hits GROUP BY 1 ORDER BY 1")
    assert rows == [("202601", 1), ("202603", 2), ("202604", 2)]


def test_a_shipment_is_one_part_however_long_it_is(
    node: Node, clickhouse: ClickHouseInside, url: str
) -> None:
    node.warehouse.finish()
    clickhouse.do(url, "SYSTEM STOP MERGES {db}.hits")
    records = [hit(f"/{number:0300}", visitor=number) for number in range(ROWS_AT_ONCE + 10)]
    node.warehouse.load(batch(0, *records))
    rows = node.warehouse.query("SELECT count(*) FROM hits GROUP BY _part ORDER BY 1")
    assert rows == [(10,), (ROWS_AT_ONCE,)]


def test_while_clickhouse_is_away_hits_wait_in_the_spool(node: Node, tmp_path: Path) -> None:
    with open_spool(tmp_path / "spool", segment_bytes=500) as spool, capture_logs() as logs:
        loader = Loader(spool, node.warehouse, interval=0.01)
        loader.start()
        append_each(spool, [hit("/before")])
        eventually(lambda: paths(node.warehouse) == ["/before"])
        node.connection.down = True
        names = [f"/{number}" for number in range(10)]
        append_each(spool, map(hit, names[:5]))
        eventually(lambda: [line["event"] for line in logs].count("loading failed") == 2)
        append_each(spool, map(hit, names[5:]))
        assert waiting(spool, node)
        node.connection.down = False
        eventually(lambda: paths(node.warehouse) == sorted(["/before", *names]))
        loader.stop()


def waiting(spool: Spool, node: Node) -> bool:
    """Nothing more is taken out of the spool than one batch."""
    ((shipments,),) = node.warehouse.staging.query("SELECT count(*) FROM shipments")
    return shipments <= 1 and spool.read(node.warehouse.loaded()) is not None


# Erasures


def test_an_erasure_comes_after_what_was_sent_before_it(node: Node) -> None:
    node.connection.fates = [DONE, LOST]
    with pytest.raises(WarehouseUnavailable):
        node.warehouse.load(batch(0, hit("/1"), hit("/2", site=2), refusal()))
    node.close()
    node.restart()
    node.warehouse.load(batch(3, hit("/3"), Erasure(1), hit("/4"), hit("/5", site=2), refusal()))
    assert paths(node.warehouse) == ["/2", "/5"]
    assert refused(node.warehouse) == 0
    assert node.warehouse.query("SELECT site_id FROM site_facts GROUP BY site_id") == [(2,)]


@pytest.mark.parametrize("fate", [LOST, NEVER])
@pytest.mark.parametrize("before", [0, 1, 2])
def test_a_site_is_erased_when_clickhouse_says_so(node: Node, fate: Fate, before: int) -> None:
    node.warehouse.load(batch(0, hit("/1"), hit("/2", site=2)))
    node.connection.fates = [DONE] * before + [fate]
    with pytest.raises(WarehouseUnavailable):
        node.warehouse.load(batch(2, Erasure(1), hit("/3", site=2)))
    assert node.warehouse.erased() == frozenset()
    assert "/3" not in paths(node.warehouse)
    node.close()
    node.restart()
    node.warehouse.finish()
    assert node.warehouse.erased() == {1}
    assert paths(node.warehouse) == ["/2", "/3"]


def test_refusals_go_after_a_week_and_an_hour_at_most(node: Node) -> None:
    hours = [0.0, 1, 22.9, 23.85, 23.9, 24, 25, 191.9]
    for number, each in enumerate(hours):
        node.warehouse.load(batch(number, refusal(hours=each)))
    ((oldest, found),) = node.warehouse.query("SELECT min(minute), count(*) FROM refusals")
    assert oldest == (NOON + timedelta(hours=23.85)).replace(tzinfo=None)
    assert found == 5


# Several servers


def test_servers_that_share_it_count_what_all_have_taken(new_node: Callable[[], Node]) -> None:
    one, other = new_node(), new_node()
    for number in range(3):
        one.warehouse.load(batch(number, hit(f"/one/{number}"), refusal()))
        other.warehouse.load(batch(number, hit(f"/other/{number}"), refusal(origin="y")))
    assert len(paths(one.warehouse)) == 6
    assert refused(other.warehouse) == 6
    other.warehouse.load(batch(9, Erasure(1)))
    assert paths(one.warehouse) == []
    assert one.warehouse.erased() == frozenset()


def test_their_hits_have_numbers_of_their_own_in_an_export(
    new_node: Callable[[], Node], tmp_path: Path
) -> None:
    one, other = new_node(), new_node()
    for each, name in ((one, "one"), (other, "other")):
        records = [hit(f"/{name}/{number}", visitor=5) for number in range(4)]
        each.warehouse.load(batch(0, *records))
    one.warehouse.export(tmp_path)
    with opened_in_duckdb(tmp_path / "restored") as restored:
        restored.take_back(tmp_path)
        assert len(paths(restored)) == 8
        visits = "SELECT visit_id, count(*), min(hit_id), max(hit_id) FROM hits GROUP BY 1"
        assert sorted(restored.query(visits)) == [
            (1 << 32, 4, 1 << 32, 1 << 32 | 3),
            (3 << 32, 4, 3 << 32, 3 << 32 | 3),
        ]
        assert restored.loaded() == Position(4, 0)


# Exports


def filled(warehouse: Warehouse) -> None:
    records = [hit(f"/{n}", site=n % 3, visitor=n % 5, wire="seal") for n in range(50)]
    warehouse.load(batch(0, *records, Erasure(2), refusal(), refusal(origin="y")))


def kept(warehouse: Warehouse) -> dict[str, list[str]]:
    """What a restore brings back."""
    return {
        table: rows
        for table, rows in contents(warehouse).items()
        if table in ("hits", "site_facts", "refusals", "erased_sites")
    }


@pytest.mark.parametrize(
    ("source", "target"),
    [("clickhouse", "duckdb"), ("duckdb", "clickhouse"), ("clickhouse", "clickhouse")],
)
def test_an_export_of_either_engine_goes_into_either(
    clickhouse: ClickHouseInside, tmp_path: Path, source: str, target: str
) -> None:
    engines = {"duckdb": Engine(None), "clickhouse": Engine(clickhouse)}
    files = tmp_path / "files"
    files.mkdir()
    with engines[source].opened(tmp_path / "old") as warehouse:
        filled(warehouse)
        before = kept(warehouse)
        warehouse.export(files)
    assert sorted(path.suffix for path in files.iterdir()) == [".parquet"] * 4
    with engines[target].opened(tmp_path / "new") as warehouse:
        segment = warehouse.next_segment(files)
        warehouse.take_back(files)
        assert kept(warehouse) == before
        assert warehouse.loaded() == Position(segment, 0)
        with pytest.raises(NotEmpty):
            warehouse.take_back(files)
        assert kept(warehouse) == before
        warehouse.forget_all()
        warehouse.take_back(files)
        assert kept(warehouse) == before


def test_more_hits_of_more_months_than_one_insert_has_come_back(node: Node, tmp_path: Path) -> None:
    with opened_in_duckdb(tmp_path / "old") as warehouse:
        filled(warehouse)
        warehouse.query(
            "INSERT INTO hits SELECT hits.* REPLACE (hit_id + 1000 * n AS hit_id,"
            " received_at + to_days(n) AS received_at) FROM hits, range(1, 4001) AS days(n)"
        )
        ((expected,),) = warehouse.query("SELECT count(*) FROM hits")
        assert expected > 130_000
        warehouse.export(tmp_path)
    node.warehouse.take_back(tmp_path)
    counted = node.warehouse.query("SELECT count(*), count(DISTINCT hit_id) FROM hits")
    assert counted == [(expected, expected)]


def test_an_export_of_nothing_can_be_taken_back(engine: Engine, tmp_path: Path) -> None:
    with engine.opened(tmp_path / "old") as warehouse:
        warehouse.export(tmp_path)
    with engine.opened(tmp_path / "new") as warehouse:
        warehouse.take_back(tmp_path)
        assert warehouse.loaded() == Position(0, 0)
        filled(warehouse)


@pytest.mark.parametrize("fate", [LOST, NEVER])
@pytest.mark.parametrize("before", [0, 1, 2])
@pytest.mark.parametrize("crash", [False, True])
def test_a_restore_that_fails_leaves_nothing(
    node: Node, tmp_path: Path, fate: Fate, before: int, crash: bool
) -> None:
    with opened_in_duckdb(tmp_path / "old") as warehouse:
        filled(warehouse)
        expected = kept(warehouse)
        warehouse.export(tmp_path)
    node.warehouse.finish()
    node.connection.fates = [DONE] * before + [fate] + [NEVER] * crash
    with pytest.raises(WarehouseUnavailable):
        node.warehouse.take_back(tmp_path)
    if crash:
        node.close()
        node.restart()
    node.warehouse.finish()
    assert not any(kept(node.warehouse).values())
    node.warehouse.take_back(tmp_path)
    assert kept(node.warehouse) == expected


# Tables and questions


def test_a_table_of_an_older_version_gets_what_is_new(
    node: Node, clickhouse: ClickHouseInside, url: str
) -> None:
    node.warehouse.load(batch(0, hit("/old", wire="seal")))
    clickhouse.do(url, "ALTER TABLE {db}.hits DROP COLUMN wire")
    clickhouse.do(url, "ALTER TABLE {db}.hits DROP COLUMN amount")
    node.close()
    node.restart()
    node.warehouse.load(batch(1, hit("/new", wire="seal")))
    rows = node.warehouse.query("SELECT path, wire, amount FROM hits ORDER BY path")
    assert rows == [("/new", "seal", None), ("/old", "", None)]


def test_a_table_of_somebody_else_is_left_alone(
    node: Node, clickhouse: ClickHouseInside, url: str
) -> None:
    clickhouse.do(url, "CREATE TABLE {db}.refusals (what String) ENGINE = MergeTree ORDER BY what")
    with pytest.raises(WarehouseUnavailable, match="refusals is not Leadline's"):
        node.warehouse.load(batch(0, hit()))
    assert node.warehouse.loaded() == Position(0, 0)
    names = clickhouse.ask(
        url, "SELECT name FROM system.columns WHERE database = '{db}' AND table = 'refusals'"
    )
    assert names == [("what",)]


def test_every_type_of_duckdb_that_a_column_may_have_is_known(tmp_path: Path) -> None:
    with opened_in_duckdb(tmp_path) as warehouse:
        statement = "SELECT DISTINCT data_type FROM duckdb_columns() WHERE table_name IN (VALUES"
        used = {kind for (kind,) in warehouse.query(f"{statement} ('hits'), ('refusals'))")}
    assert {kind for kind in used if not kind.startswith("DECIMAL")} <= set(TYPES)


texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)


def test_a_parameter_is_what_it_was(engine: Engine, tmp_path: Path) -> None:
    with engine.opened(tmp_path) as warehouse:

        @settings(max_examples=30, deadline=None)
        @given(
            text=texts,
            listed=st.lists(texts, min_size=1, max_size=3),
            number=st.integers(-(2**63), 2**64 - 1),
            moment=st.datetimes(datetime(1971, 1, 1), datetime(2200, 1, 1)),
            day=st.dates(datetime(1971, 1, 1).date(), datetime(2200, 1, 1).date()),
            amount=st.decimals(-(10**13), 10**13, places=4),
        )
        def check(**values: object) -> None:
            names = ", ".join(f"${name}" for name in values)
            ((*row,),) = warehouse.query(f"SELECT $yes, {names}", **values, yes=True)
            assert row == [True, *values.values()]

        check()


def test_what_cannot_be_a_parameter_is_none() -> None:
    with pytest.raises(TypeError, match="float"):
        bound("SELECT $x", {"x": 1.5})


@settings(max_examples=5, deadline=None)
@given(taken=steps)
def test_reports_are_the_same_on_both_engines(
    clickhouse: ClickHouseInside, taken: list[Step]
) -> None:
    records = written(taken)
    last = records[-1][1]
    assert isinstance(last, Hit)
    clock = ManualClock(last.received_at)
    answers = []
    with TemporaryDirectory() as directory:
        for engine in (Engine(None), Engine(clickhouse)):
            with engine.opened(Path(directory)) as warehouse:
                load(warehouse, cut(records, {len(records) // 2}))
                reports = Reports(warehouse, clock)
                found = [reports.activity(ZONES)]
                for site, zone in ZONES.items():
                    found += [reports.installation(site), reports.hits_by_day(site, zone, 30)]  # type: ignore[list-item]
                    found.append(reports.doubled(site))  # type: ignore[arg-type]
                answers.append(found)
    assert answers[0] == answers[1]


# Opening


@pytest.mark.parametrize("url", [None, "https://clickhouse.example/stats"])
def test_a_directory_stays_with_its_engine(tmp_path: Path, url: str | None) -> None:
    (tmp_path / "other.duckdb").touch()
    with pytest.raises(WarehouseElsewhere, match=r"other\.duckdb"):
        open_warehouse(tmp_path / "its.duckdb", url, other=tmp_path / "other.duckdb", **SMALL)
    assert not (tmp_path / "its.duckdb").exists()


def test_a_missing_driver_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "clickhouse_connect", None)
    with pytest.raises(ClickHouseDriverMissing, match=r"leadline\[clickhouse\]"):
        open_warehouse(tmp_path / "a", "https://x/stats", other=tmp_path / "b", **SMALL)


def test_a_server_that_is_not_there_is_told_without_its_password(tmp_path: Path) -> None:
    url = "http://somebody:secret@127.0.0.1:1/stats"
    warehouse = open_warehouse(tmp_path / "a", url, other=tmp_path / "b", **SMALL)
    with pytest.raises(WarehouseUnavailable, match=r"127\.0\.0\.1") as raised:
        warehouse.query("SELECT 1")
    assert "secret" not in str(raised.value)
    assert warehouse.loaded() == Position(0, 0)
    warehouse.close()


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_the_scheme_decides_on_tls_whatever_the_port(scheme: str) -> None:
    assert options_for(f"{scheme}://x:1/stats")["interface"] == scheme
