"""What a file of an export holds, whichever engine the hits are in."""

import csv
import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadline.access import Organisations
from leadline.database import Database
from leadline.export import COLUMNS, Format, NoSuchSpan, export
from leadline.settings import Settings
from leadline.sites import NewSite, Site, Sites
from leadline.spool import Kind, Record, Source
from leadline.warehouse.spans import EARLIEST, HOUR, cut
from tests.clickhouse import Engine
from tests.docs.documents import ROOT, table_rows
from tests.reports.storing import store
from tests.spool.examples import hit

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
NAMES = [column.name for column in COLUMNS]

Row = dict[str, Any]


class Exporting:
    """A data directory of a site in Kathmandu, and what is exported of it."""

    def __init__(self, engine: Engine, data: Path) -> None:
        self._engine = engine
        self._settings = Settings(data=data, warehouse_url=engine.url(data))
        database = Database(self._settings.metadata)
        self.site: Site = Sites(database).create(
            Organisations(database).first().id,
            NewSite(name="Acme", code="CDBUGS", timezone="Asia/Kathmandu", currency="EUR"),
        )
        database.close()
        self.file = data.parent / "file"

    def store(self, *records: Record) -> None:
        with self._engine.opened(self._settings.data) as warehouse:
            store(warehouse, *records)

    def written(self, wanted: Format, **days: date) -> Path:
        export(self._settings, self.site, wanted, self.file, **days)
        return self.file

    def csv(self, **days: date) -> list[Row]:
        with self.written(Format.CSV, **days).open(newline="") as rows:
            return list(csv.DictReader(rows))

    def jsonl(self) -> list[Row]:
        return [json.loads(line) for line in self.written(Format.JSONL).read_text().splitlines()]


@pytest.fixture
def acme(engine: Engine, tmp_path: Path) -> Exporting:
    return Exporting(engine, tmp_path / "data")


ODD = '=1+1,"two"\r\nlines\tÆ \N{GRINNING FACE}'


def test_every_format_says_the_same(acme: Exporting) -> None:
    source = Source(referrer="https://www.google.com", source="google", medium="organic")
    acme.store(
        hit("/", source=source, wire="fathom", country="NP"),
        hit("/later", received_at=NOON + timedelta(minutes=2, microseconds=5)),
        hit(
            "/",
            received_at=NOON + timedelta(minutes=1),
            kind=Kind.CONVERSION,
            name=ODD,
            amount=Decimal("-12.5"),
            properties={"=a": ODD},
        ),
        hit("/", received_at=NOON + timedelta(minutes=3), kind=Kind.DEPARTURE),
        hit("/", site=2),
    )
    found = acme.jsonl()
    assert [row["kind"] for row in found] == ["pageview", "conversion", "pageview", "departure"]
    assert [row["received_at"] for row in found] == [
        "2026-03-10T12:00:00.000000Z",
        "2026-03-10T12:01:00.000000Z",
        "2026-03-10T12:02:00.000005Z",
        "2026-03-10T12:03:00.000000Z",
    ]
    assert [list(row) for row in found] == [NAMES] * 4
    assert {row["site"] for row in found} == {"CDBUGS"}
    event = found[1]
    assert (event["name"], event["amount"], event["properties"]) == (ODD, -12.5, {"=a": ODD})
    assert found[0]["amount"] is found[0]["properties"] is None
    assert (event["source"], found[0]["country"]) == ("google", "NP")
    assert (found[0]["is_entry"], event["is_entry"]) == (True, False)
    assert len({(row["visitor"], row["visit_id"]) for row in found}) == 1
    in_csv = acme.csv()
    assert [list(row) for row in in_csv] == [NAMES] * 4
    assert (in_csv[1]["name"], in_csv[1]["amount"]) == ("'" + ODD, "-12.5000")
    assert json.loads(in_csv[1]["properties"]) == {"=a": ODD}
    assert (in_csv[0]["amount"], in_csv[0]["is_entry"]) == ("", "true")
    for row, other in zip(in_csv, found, strict=True):
        assert (row["received_at"], row["path"]) == (other["received_at"], other["path"])
    acme.written(Format.PARQUET)
    typed = duckdb.from_parquet(str(acme.file))
    assert typed.columns == NAMES
    assert [str(kind) for kind in typed.types[:9]] == [
        *("VARCHAR", "TIMESTAMP WITH TIME ZONE", "DATE", "UBIGINT", "VARCHAR", "VARCHAR"),
        *("UBIGINT", "TIMESTAMP WITH TIME ZONE", "BOOLEAN"),
    ]
    rows = typed.select("epoch_us(received_at), name, amount").fetchall()
    assert rows[1] == (int(NOON.timestamp() + 60) * 1_000_000, ODD, Decimal("-12.5000"))


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@a", "\ta", "\ra", "'a", "a=1", "", " =1"])
def test_a_spreadsheet_computes_nothing(tmp_path: Path, text: str) -> None:
    acme = Exporting(Engine(None), tmp_path / "data")
    acme.store(hit(text, name=text, properties={"a": text}))
    (row,) = acme.csv()
    expected = f"'{text}" if text[:1] in tuple("=+-@\t\r") else text
    assert (row["path"], row["name"]) == (expected, expected)
    assert json.loads(row["properties"]) == {"a": text}
    assert row["hit_id"].isdigit()
    (plain,) = acme.jsonl()
    assert plain["path"] == text


def test_the_hash_of_a_visitor_is_not_in_it(acme: Exporting) -> None:
    visitors = (2**63 + 1, 2**64 - 1, 2**63 + 1, 2**40)
    acme.store(*(hit(f"/{n}", visitor=visitor) for n, visitor in enumerate(visitors)))
    once, again = acme.csv(), acme.csv()
    assert [row["path"] for row in once] == ["/0", "/1", "/2", "/3"]
    assert once[0]["visitor"] == once[2]["visitor"]
    assert len({row["visitor"] for row in once}) == 3
    assert not {row["visitor"] for row in once} & {row["visitor"] for row in again}
    text = acme.file.read_text()
    assert not [hashed for hashed in visitors if str(hashed) in text or f"{hashed:x}" in text]


def test_days_are_those_of_the_site(acme: Exporting) -> None:
    """Kathmandu's 10 March begins at 18:15 in UTC on the 9th."""
    begins = datetime(2026, 3, 9, 18, 15, tzinfo=UTC)
    ends = begins + timedelta(days=1)
    tick = timedelta(microseconds=1)
    moments = {"before": begins - tick, "first": begins, "last": ends - tick, "after": ends}
    acme.store(*(hit(path, received_at=moment) for path, moment in moments.items()))
    day = date(2026, 3, 10)

    def paths(**days: date) -> list[str]:
        return [row["path"] for row in acme.csv(**days)]

    assert paths(since=day, until=day) == ["first", "last"]
    assert paths(since=day) == ["first", "last", "after"]
    assert paths(until=day) == ["before", "first", "last"]
    with pytest.raises(NoSuchSpan):
        paths(since=day, until=date(2026, 3, 9))


def test_many_hits_come_in_order_of_time_then_of_hit(
    acme: Exporting, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cut into files of few, over hours that are out of order and moments that many share."""
    for engine in ("duckdb_engine", "clickhouse_engine"):
        monkeypatch.setattr(f"leadline.warehouse.{engine}.ROWS_OF_A_FILE", 5)
    hours = (3, 0, 7, 3, 0, 0, 1)
    acme.store(
        *(hit(f"/{n}", received_at=NOON + timedelta(hours=h)) for n, h in enumerate(hours * 4))
    )
    rows = acme.csv()
    order = [(row["received_at"], int(row["hit_id"])) for row in rows]
    assert order == sorted(order)
    assert {row["path"] for row in rows} == {f"/{n}" for n in range(28)}
    assert len(rows) == 28


def test_every_column_is_explained() -> None:
    page = (ROOT / "docs" / "export.md").read_text().partition("## The formats")[0]
    named = [row[0].strip("`") for row in table_rows(page) if row[0].startswith("`")]
    assert [name.strip(" `") for cell in named for name in cell.split(",")] == NAMES


@given(
    st.dictionaries(st.integers(0, 50), st.integers(1, 9), max_size=20),
    st.integers(1, 20),
)
def test_spans_hold_as_many_as_they_may(counted: dict[int, int], most: int) -> None:
    whole = (EARLIEST, EARLIEST + timedelta(hours=100))
    hours = sorted(counted)
    spans = cut([(hour * HOUR, counted[hour]) for hour in hours], whole, most)
    assert spans[0][0] == whole[0]
    assert spans[-1][1] == whole[1]
    assert all(one[1] == other[0] for one, other in pairwise(spans))
    held = [
        [hour for hour in hours if since <= EARLIEST + timedelta(hours=hour) < until]
        for since, until in spans
    ]
    sums = [sum(counted[hour] for hour in each) for each in held]
    assert all(total <= most or len(each) == 1 for total, each in zip(sums, held, strict=True))
    for (before, after), following in zip(pairwise(sums), held[1:], strict=True):
        assert before + counted[following[0]] > most or after == 0
