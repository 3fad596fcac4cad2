"""Who may open the warehouse's file, and what happens to whoever may not."""

import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from leadline.spool import Batch, Position
from leadline.warehouse import DuckDBWarehouse, WarehouseTooNew, WarehouseUnavailable
from tests.spool.examples import hit
from tests.support import PATIENCE
from tests.warehouse.histories import load, opened

OPEN = """
import sys
from pathlib import Path
from leadline.warehouse import DuckDBWarehouse, WarehouseInUse
try:
    DuckDBWarehouse(Path(sys.argv[1]), memory="64MB", threads=1).close()
except WarehouseInUse as error:
    print("in use:", error)
"""


def open_elsewhere(file: Path) -> str:
    command = [sys.executable, "-c", OPEN, str(file)]
    return subprocess.run(
        command, capture_output=True, text=True, check=True, timeout=PATIENCE
    ).stdout


def test_a_second_process_is_told_that_the_file_is_in_use(tmp_path: Path) -> None:
    file = tmp_path / "hits.duckdb"
    with opened(tmp_path) as warehouse:
        load(warehouse, [Batch([(Position(1, 0), hit())], Position(1, 1))])
        assert open_elsewhere(file) == f"in use: another process has {file} open\n"
        assert warehouse.query("SELECT count(*) FROM hits") == [(1,)]
    assert open_elsewhere(file) == ""


def test_what_did_not_fit_in_the_memory_of_a_killed_process_goes(tmp_path: Path) -> None:
    spilled = tmp_path / "hits.duckdb.tmp" / "duckdb_temp_1_0_storage_DEFAULT-0.tmp"
    spilled.parent.mkdir()
    spilled.write_bytes(b"hits")
    with opened(tmp_path):
        assert not spilled.exists()


def test_a_file_of_a_newer_leadline_is_left_alone(tmp_path: Path) -> None:
    with opened(tmp_path) as warehouse:
        load(warehouse, [Batch([(Position(1, 0), hit())], Position(1, 1))])
    file = tmp_path / "hits.duckdb"
    with duckdb.connect(str(file)) as connection:
        connection.execute("UPDATE schema_version SET version = version + 1")
    before = file.read_bytes()
    with pytest.raises(WarehouseTooNew, match="newer Leadline"):
        opened(tmp_path)
    assert open_elsewhere_fails(file)
    assert file.read_bytes() == before


def open_elsewhere_fails(file: Path) -> bool:
    """Another process gets as far, which shows that the file was let go."""
    command = [sys.executable, "-c", OPEN, str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=PATIENCE)
    return done.returncode == 1 and "WarehouseTooNew" in done.stderr


def test_what_is_no_warehouse_is_not_taken_for_one_in_use(tmp_path: Path) -> None:
    file = tmp_path / "hits.duckdb"
    file.write_bytes(b"something else entirely" * 1000)
    with pytest.raises(duckdb.IOException):
        DuckDBWarehouse(file, memory="64MB", threads=1)
    assert file.read_bytes() == b"something else entirely" * 1000


def test_only_the_server_may_read_the_hits(tmp_path: Path) -> None:
    with opened(tmp_path / "data"):
        assert (tmp_path / "data" / "hits.duckdb").stat().st_mode & 0o777 == 0o600


def test_what_cannot_even_be_asked_is_away(tmp_path: Path) -> None:
    with opened(tmp_path) as warehouse:
        warehouse.close()
        with pytest.raises(WarehouseUnavailable):
            warehouse.query("SELECT 1")
        with pytest.raises(WarehouseUnavailable), warehouse.snapshot(2) as snapshot:
            snapshot.ask("SELECT 1")
