"""The room of hits that are gone is there for those that come."""

import random
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from leadline.spool import Erasure, Position, Source
from leadline.warehouse import LATEST, DuckDBWarehouse
from leadline.warehouse.batch import COLUMNS, Arrivals
from leadline.warehouse.duckdb_sql import KEPT, SCHEMA
from tests.clickhouse import ClickHouseInside, opened_in_clickhouse
from tests.reports.storing import store
from tests.spool.examples import hit
from tests.support import PATIENCE, eventually
from tests.warehouse.histories import opened

AT_FIRST = 600_000
BATCH = 40_000
BEGIN = datetime(2026, 3, 1, tzinfo=UTC)
PLAIN = hit()

HITS = """
INSERT INTO hits BY NAME
SELECT 1 + hash(n) % $sites AS site_id, $begin + to_microseconds(moment) AS received_at,
    CAST($begin + to_seconds(n) AS DATE) AS day, place AS hit_id, hash(n // 4) AS visitor,
    first_place AS visit_id, $begin + to_microseconds(moment) AS visit_started_at,
    n % 4 = 0 AS is_entry,
    n % 4 = 0 AS is_new_visitor, n % 4 = 1 AS is_second_pageview, 'pageview' AS kind,
    'https://example.com' AS origin, format('/{:x}', hash(n + 1)) AS path,
    COLUMNS(* EXCLUDE (n, moment, place, first_place))
FROM (
    SELECT n, CAST(1000000 * n + hash(n) % 1000000 AS BIGINT) AS moment,
        300 * n + hash(n) % 200 AS place, 1200 * (n // 4) + hash(n // 4 * 4) % 200 AS first_place
    FROM range($hits) AS numbers(n)
), (SELECT {nothing})
"""
TEXTS = (
    *("name", "content_group", "browser_timezone", "wire", "browser", "operating_system"),
    *("device_type", "country", "region", "city", "language", "screen"),
    *Source.__struct_fields__,
)


def backup(directory: Path, sites: int) -> Path:
    """The files of an export of many hits, each of one of so many sites."""
    nothing = ", ".join(f"'' AS {name}" for name in TEXTS)
    with duckdb.connect() as connection:
        connection.execute(SCHEMA)
        parameters = {"sites": sites, "begin": BEGIN.replace(tzinfo=None), "hits": AT_FIRST}
        connection.execute(HITS.replace("{nothing}", nothing), parameters)
        for table in KEPT:
            connection.execute(f"COPY {table} TO '{directory / table}.parquet'")
    return directory


def load(warehouse: DuckDBWarehouse, hits: int) -> None:
    """So many more, or a few less than that, of site 99."""
    begin = warehouse.loaded()
    for done in range(0, hits - BATCH, BATCH):
        arrivals = Arrivals()
        columns = (column(name, done) for name in NAMES)
        arrivals.hits.add(columns, BATCH)
        arrivals.end = Position(begin.segment + 1, done + BATCH)
        warehouse.load(arrivals)


NAMES = ("hit_id", *(each.name for each in COLUMNS), *Source.__struct_fields__)
ITS_OWN: dict[str, Callable[[int], Any]] = {
    "hit_id": lambda n: 1 << 40 | n,
    "site_id": lambda n: 99,
    "received_us": lambda n: int((BEGIN.timestamp() + AT_FIRST + n + random.random()) * 1e6),
    "day": lambda n: (BEGIN + timedelta(seconds=AT_FIRST + n)).date().isoformat(),
    "visitor": lambda n: hash(n // 4) * 2**37 % 2**61,
    "path": lambda n: f"/{random.getrandbits(64):x}",
    "amount": lambda n: None,
    "properties": lambda n: None,
    "content_group": lambda n: "",
    "previous": lambda n: None,
}


def column(name: str, first: int) -> list[Any]:
    if name in ITS_OWN:
        return list(map(ITS_OWN[name], range(first, first + BATCH)))
    of = PLAIN.source if hasattr(PLAIN.source, name) else PLAIN
    return [getattr(of, name)] * BATCH


def test_hits_that_lie_among_others_make_room(tmp_path: Path) -> None:
    with opened(tmp_path) as warehouse:
        warehouse.take_back(backup(tmp_path, sites=2))

        def size() -> int:
            warehouse.query("CHECKPOINT")
            return (tmp_path / "hits.duckdb").stat().st_size

        before = size()
        ((gone,),) = warehouse.query("SELECT count(*) FROM hits WHERE site_id = 1")
        portions = 0
        while warehouse.expire(1, LATEST):
            portions += 1
        assert portions > 2
        assert warehouse.query("SELECT count(*) FROM hits") == [(AT_FIRST - gone,)]
        after = size()
        assert after < 1.7 * before, "some portions, whatever the size of the file"
        load(warehouse, gone)
        assert size() < 1.05 * after
        ((kept, different),) = warehouse.query(
            "SELECT count(*), count(DISTINCT hit_id) FROM hits WHERE site_id <> 99"
        )
        assert kept == different == AT_FIRST - gone


def test_clickhouse_writes_its_parts_anew(clickhouse: ClickHouseInside, tmp_path: Path) -> None:
    url = clickhouse.url(tmp_path)

    def rows() -> int:
        """Those that are on the disk, deleted ones too."""
        statement = (
            "SELECT sum(rows) FROM system.parts"
            " WHERE database = '{db}' AND table = 'hits' AND active"
        )
        return int(clickhouse.ask(url, statement)[0][0])

    with closing(opened_in_clickhouse(tmp_path, url)) as warehouse:
        days = [datetime(2026, month, 1, tzinfo=UTC) for month in (1, 1, 2, 3)]
        for site in (1, 2, 3):
            store(warehouse, *(hit(site=site, received_at=day) for day in days))
        assert rows() == 12
        before = datetime(2026, 2, 1)
        assert [warehouse.expire(1, before) for _ in range(2)] == [True, False]
        eventually(lambda: rows() == 10)
        store(warehouse, Erasure(2))
        eventually(lambda: rows() == 6)
        found = warehouse.query("SELECT site_id, count(*) FROM hits GROUP BY 1 ORDER BY 1")
        assert found == [(1, 2), (3, 4)]


def test_portions_end_before_a_moment(tmp_path: Path) -> None:
    with opened(tmp_path) as warehouse:
        warehouse.take_back(backup(tmp_path, sites=20))
        moment = BEGIN.replace(tzinfo=None) + timedelta(seconds=AT_FIRST // 2)
        is_gone = "site_id = 1 AND received_at < $moment"
        question = f"SELECT bit_xor(hash(hits)) FROM hits WHERE NOT ({is_gone})"
        others = warehouse.query(question, moment=moment)
        while warehouse.expire(1, moment):
            pass
        assert warehouse.query(f"SELECT 1 FROM hits WHERE {is_gone}", moment=moment) == []
        assert warehouse.query(question, moment=moment) == others


def test_nothing_is_lost_if_there_is_no_memory_to_move_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(tmp_path) as warehouse:
        warehouse.take_back(backup(tmp_path, sites=2))
        others = warehouse.query("SELECT bit_xor(hash(hits)) FROM hits WHERE site_id = 2")

        def too_large(*_: object) -> None:
            raise duckdb.OutOfMemoryException

        monkeypatch.setattr("leadline.warehouse.duckdb_engine.clear", too_large)
        while warehouse.expire(1, LATEST):
            pass
        assert warehouse.query("SELECT 1 FROM hits WHERE site_id = 1") == []
        assert warehouse.query("SELECT bit_xor(hash(hits)) FROM hits") == others


@pytest.mark.parametrize("victim", ["move", "give back"])
def test_whoever_is_killed_loses_nothing(tmp_path: Path, victim: str) -> None:
    with opened(tmp_path) as warehouse:
        warehouse.take_back(backup(tmp_path, sites=2))
        others = warehouse.query("SELECT bit_xor(hash(hits)) FROM hits WHERE site_id = 2")
    command = [sys.executable, "-c", DIES[victim], str(tmp_path)]
    assert subprocess.run(command, check=False, timeout=PATIENCE).returncode == -signal.SIGKILL
    with opened(tmp_path) as warehouse:
        found = warehouse.query("SELECT bit_xor(hash(hits)) FROM hits WHERE site_id = 2")
        assert found == others
        while warehouse.expire(1, LATEST):
            pass
        assert warehouse.query("SELECT bit_xor(hash(hits)) FROM hits") == others


_DIES = """
import os, signal, sys
from pathlib import Path
from leadline.warehouse import LATEST, DuckDBWarehouse, duckdb_engine
die = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
{when}
warehouse = DuckDBWarehouse(Path(sys.argv[1], "hits.duckdb"), memory="128MB", threads=1)
while warehouse.expire(1, LATEST):
    pass
"""
DIES = {
    "move": _DIES.format(
        when="clear = duckdb_engine.clear\n"
        "duckdb_engine.clear = lambda *rows: (clear(*rows), die())  # before it is committed"
    ),
    "give back": _DIES.format(when="duckdb_engine.give_back = die"),
}


def test_somebody_who_reads_meanwhile_sees_what_was_there(tmp_path: Path) -> None:
    with opened(tmp_path) as warehouse:
        warehouse.take_back(backup(tmp_path, sites=2))
        with warehouse._reading() as reader:
            (before,) = reader.execute("SELECT count(*) FROM hits").fetchall()
            while warehouse.expire(1, LATEST):
                pass
            assert reader.execute("SELECT count(*) FROM hits").fetchall() == [before]
        assert warehouse.query("SELECT 1 FROM hits WHERE site_id = 1") == []
