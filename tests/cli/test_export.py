"""`leadline export`, beside a server in a process of its own and without one."""

import csv
import io
import json
import signal
from pathlib import Path

import duckdb
import httpx
import pytest

from leadline.export import COLUMNS
from tests.cli.commands import Operator, serving
from tests.cli.test_backup import killed
from tests.support import BROWSER

NAMES = [column.name for column in COLUMNS]


def send(url: str, path: str) -> None:
    query = {"sid": "CDBUGS", "h": "https://shop.example", "p": path}
    answer = httpx.get(url, params=query, headers={"User-Agent": BROWSER}, verify=False)
    assert answer.status_code == 200


def settled(operator: Operator) -> None:
    operator.types("site", "create", "Acme", "--code", "CDBUGS", "--slug", "acme")
    operator.types("site", "create", "Other", "--code", "OTHERS", "--slug", "other")


def left_in(data: Path) -> list[Path]:
    return [*data.glob("export-*"), *data.parent.glob(".*.unfinished")]


def test_beside_a_server_and_without_one(operator: Operator, tmp_path: Path) -> None:
    settled(operator)
    file = tmp_path / "acme.parquet"
    with serving(operator.data) as server:
        for number in range(20):
            send(server.url, f"/{number}")
        beside = operator.types("export", "acme")
        written = ("--format", "parquet", "--output", str(file))
        assert operator.types("export", "CDBUGS", *written) == ""
    rows = list(csv.DictReader(io.StringIO(beside)))
    assert [row["path"] for row in rows] == [f"/{number}" for number in range(20)]
    assert file.stat().st_mode & 0o777 == 0o600
    found = duckdb.from_parquet(str(file)).select("path").fetchall()
    assert [path for (path,) in found] == [row["path"] for row in rows]
    alone = operator.types("export", "acme", "--format", "jsonl")
    assert [json.loads(line)["path"] for line in alone.splitlines()] == [
        row["path"] for row in rows
    ]
    assert left_in(operator.data) == []


def test_a_site_without_hits(operator: Operator, tmp_path: Path) -> None:
    settled(operator)
    assert operator.types("export", "other") == ",".join(NAMES) + "\n"
    assert operator.types("export", "other", "--format", "jsonl") == ""
    file = tmp_path / "other.parquet"
    operator.types("export", "other", "--format", "parquet", "--output", str(file))
    assert duckdb.from_parquet(str(file)).columns == NAMES


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["missing"], 1, "Site not found: missing"),
        (["acme", "--since", "yesterday"], 2, "Invalid value for --since"),
        (["acme", "--until", "2026-02-30"], 2, "Invalid value for --until"),
        (["acme", "--format", "xlsx"], 2, "Invalid value"),
        (
            ["acme", "--since", "2026-03-10", "--until", "2026-03-09"],
            1,
            "2026-03-09 is before 2026-03-10",
        ),
    ],
)
def test_what_cannot_be_exported(
    operator: Operator, arguments: list[str], code: int, message: str
) -> None:
    settled(operator)
    assert operator.fails("export", *arguments, code=code).startswith(message)


def test_a_file_that_cannot_be_written(operator: Operator, tmp_path: Path) -> None:
    settled(operator)
    missing = tmp_path / "missing" / "hits.csv"
    message = operator.fails("export", "acme", "--output", str(missing))
    assert message.endswith(": No such file or directory")
    directory = tmp_path / "directory"
    directory.mkdir()
    message = operator.fails("export", "acme", "--output", str(directory))
    assert message.endswith(": Is a directory")
    assert list(directory.iterdir()) == left_in(operator.data) == []


def test_what_was_there_stays_until_the_new_file_is_whole(
    operator: Operator, tmp_path: Path
) -> None:
    settled(operator)
    file = tmp_path / "hits.csv"
    file.write_text("before")
    with duckdb.connect(str(operator.data / "hits.duckdb")) as connection:
        connection.execute("CREATE TABLE schema_version AS SELECT 2 AS version")
    assert operator.fails("export", "acme", "--output", str(file)).startswith("the hits: ")
    assert file.read_text() == "before"
    assert left_in(operator.data) == []


def test_an_export_that_is_killed_leaves_no_file(operator: Operator, tmp_path: Path) -> None:
    settled(operator)
    file = tmp_path / "hits.csv"
    typed = ("export", "acme", "--output", str(file))
    assert killed("os.fsync", *typed, "--data", str(operator.data)) == -signal.SIGKILL
    assert not file.exists()
    operator.types(*typed)
    assert file.read_text() == ",".join(NAMES) + "\n"
    assert left_in(operator.data) == []


def test_any_days_can_be_asked_for(operator: Operator) -> None:
    settled(operator)
    for span in (("0001-01-01", "9999-12-31"), ("1969-12-31", "1970-01-01")):
        assert operator.types("export", "acme", "--since", span[0], "--until", span[1])
