"""What waits on this machine for a warehouse elsewhere, in a DuckDB file.

Its tables are those of the DuckDB engine, so that visits are given in one way. `hits` and
`refusals` hold only what is not yet delivered; what keeps a visit going stays here.
"""

import io
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import nanoarrow as na
from nanoarrow import ipc

from leadline.warehouse import duckdb_sql as sql
from leadline.warehouse.duckdb_engine import DuckDBWarehouse, NotEmpty, file_of, move_on, take_back
from leadline.warehouse.engine import IS_HIT

ROWS_AT_ONCE = 50_000
"""Of one shipment: fewer than ClickHouse puts into one block."""

SCHEMA = (
    "CREATE TABLE IF NOT EXISTS node (id VARCHAR NOT NULL)",
    "INSERT INTO node SELECT uuid()::VARCHAR WHERE NOT EXISTS (FROM node)",
    """
    CREATE TABLE IF NOT EXISTS shipments (
        token VARCHAR NOT NULL, destination VARCHAR NOT NULL, month DATE,
        first_hit_id UBIGINT, last_hit_id UBIGINT
    )
    """,
    "CREATE TABLE IF NOT EXISTS waiting_erasures (site_id INTEGER NOT NULL)",
    "CREATE TABLE IF NOT EXISTS restoring (begun_at TIMESTAMP NOT NULL)",
)

# A shipment is of one month, as are the partitions that it goes to.
CUT_HITS = f"""
INSERT INTO shipments
SELECT uuid()::VARCHAR, 'hits', month, min(hit_id), max(hit_id)
FROM (
    SELECT hit_id, date_trunc('month', received_at)::DATE AS month,
        (row_number() OVER (PARTITION BY month ORDER BY hit_id) - 1) // {ROWS_AT_ONCE} AS number
    FROM hits
)
GROUP BY month, number ORDER BY min(hit_id)
"""

CUT_REFUSALS = """
INSERT INTO shipments
SELECT uuid()::VARCHAR, 'refusals', NULL, NULL, NULL WHERE EXISTS (FROM refusals)
"""

_OF_SHIPMENT = {
    "hits": """
        FROM hits
        WHERE hit_id BETWEEN $first_hit_id AND $last_hit_id
            AND date_trunc('month', received_at)::DATE = $month
    """,
    "refusals": "FROM refusals",
}


class Shipment(NamedTuple):
    """Rows that are delivered together or not at all; nothing else ever has its token."""

    token: str
    destination: str
    month: date | None
    first_hit_id: int | None
    last_hit_id: int | None

    @property
    def bounds(self) -> dict[str, Any]:
        """The parameters that find its hits."""
        if self.month is None:
            return {}
        return {
            "month": self.month,
            "first_hit_id": self.first_hit_id,
            "last_hit_id": self.last_hit_id,
        }


class Staging(DuckDBWarehouse):
    """The part of a warehouse that is on this machine; `node` is the name of this part.

    `load` also cuts what it took in into shipments, in its own transaction.
    """

    def __init__(self, file: Path, *, memory: str, threads: int) -> None:
        super().__init__(file, memory=memory, threads=threads)
        ((self.node,),) = self.query("SELECT id FROM node")

    # What is to be delivered, in this order

    def waiting_erasures(self) -> list[int]:
        return [site for (site,) in self.query("SELECT DISTINCT site_id FROM waiting_erasures")]

    def shipments(self) -> list[Shipment]:
        return [Shipment(*row) for row in self.query("FROM shipments ORDER BY first_hit_id")]

    def rows(self, shipment: Shipment) -> bytes:
        """What is delivered, as a stream of Arrow; the same at each call."""
        columns = "*" if shipment.destination == "hits" else "*, $token AS shipment"
        token = {} if shipment.destination == "hits" else {"token": shipment.token}
        statement = f"SELECT {columns}, $node AS node {_OF_SHIPMENT[shipment.destination]}"
        return self._arrow(statement, node=self.node, **shipment.bounds, **token)

    def facts(self, shipment: Shipment) -> bytes:
        """What the hits of a shipment that count say of their sites, as a stream of Arrow."""
        statement = (
            "SELECT site_id, $node AS node, min(received_at) AS first_hit_at,"
            f" max(received_at) AS last_hit_at {_OF_SHIPMENT['hits']}"
            f" AND {IS_HIT} GROUP BY site_id"
        )
        return self._arrow(statement, node=self.node, **shipment.bounds)

    def newest_refusal(self) -> datetime:
        """While there is a shipment of refusals."""
        newest: datetime
        ((newest,),) = self.query("SELECT max(minute) FROM refusals")
        return newest

    def erased(self) -> frozenset[int]:
        return super().erased() - set(self.waiting_erasures())

    # What was delivered

    def confirm_erasure(self, site: int) -> None:
        with self._writing, self._transaction() as cursor:
            cursor.execute("DELETE FROM waiting_erasures WHERE site_id = $1", [site])

    def confirm(self, shipment: Shipment) -> None:
        with self._writing, self._transaction() as cursor:
            cursor.execute(f"DELETE {_OF_SHIPMENT[shipment.destination]}", shipment.bounds)
            cursor.execute("DELETE FROM shipments WHERE token = $1", [shipment.token])

    # Exporting and restoring

    def export_table(self, table: str, directory: Path) -> None:
        statement = f"COPY {table} TO $file ({sql.FILE_FORMAT})"
        self.query(statement, file=file_of(directory, table))

    def convert(self, raw: Path, table: str, file: str) -> None:
        """A Parquet file with the rows of a table becomes one with its types too, in one order."""
        found = self.query(
            "SELECT column_name, data_type FROM duckdb_columns() WHERE table_name = $table"
            " ORDER BY column_index",
            table=table,
        )
        columns = ", ".join(f"CAST({name} AS {kind}) AS {name}" for name, kind in found)
        self.query(
            f"COPY (SELECT {columns} FROM read_parquet($raw)) TO $file ({sql.FILE_FORMAT})",
            raw=str(raw),
            file=file,
        )

    def restoring(self) -> bool:
        """Whether a restore was begun, and neither done nor undone."""
        return bool(self.query("FROM restoring"))

    def begin_restore(self) -> None:
        with self._writing, self._transaction() as cursor:
            if any(cursor.execute(f"FROM {table} LIMIT 1").fetchone() for table in sql.KEPT):
                raise NotEmpty
            cursor.execute("INSERT INTO restoring VALUES (now()::TIMESTAMP)")

    def end_restore(self, directory: Path) -> None:
        """Everything else is where it belongs; from now on the restore is done."""
        end = self.next_segment(directory)
        with self._writing, self._transaction() as cursor:
            for table in ("site_facts", "erased_sites"):
                take_back(cursor, directory, table)
            move_on(cursor, end)
            cursor.execute("DELETE FROM restoring")

    def parts(self, directory: Path, table: str) -> Iterator[bytes]:
        """The rows of a file of an export, as streams of Arrow."""
        columns = "*, $node AS node" + (", '' AS shipment" if table == "refusals" else "")
        parameters = {"node": self.node, "file": file_of(directory, table)}
        cursor = self._cursor()
        try:
            found = cursor.sql(f"SELECT {columns} FROM read_parquet($file)", params=parameters)
            for batch in na.c_array_stream(found):
                yield _encoded(batch)
        finally:
            cursor.close()

    def forget_all(self) -> None:
        with self._writing, self._transaction() as cursor:
            for table in (*sql.KEPT, "shipments", "waiting_erasures", "restoring"):
                cursor.execute(f"DELETE FROM {table}")

    def _prepare(self) -> None:
        super()._prepare()
        with self._transaction() as cursor:
            for statement in SCHEMA:
                cursor.execute(statement)

    def _conclude(self, cursor: duckdb.DuckDBPyConnection, erasures: list[int]) -> None:
        for site in erasures:
            cursor.execute("INSERT INTO waiting_erasures VALUES ($1)", [site])
        cursor.execute(CUT_HITS)
        cursor.execute(CUT_REFUSALS)

    def _arrow(self, statement: str, **parameters: Any) -> bytes:
        with self._opening:
            cursor = self._cursor()
        try:
            return _encoded(cursor.sql(statement, params=parameters))
        finally:
            cursor.close()


def _encoded(rows: Any) -> bytes:
    out = io.BytesIO()
    with ipc.StreamWriter.from_writable(out) as writer:
        writer.write_stream(na.c_array_stream(rows))
    return out.getvalue()
