"""The warehouse in ClickHouse, which several servers may share.

A batch first becomes hits and visits on this machine, in the transaction that moves the position;
that transaction also says in which shipments they are delivered. Then each shipment is inserted
under a token of its own, one at a time, and again until it is answered: one block of one partition,
which ClickHouse takes in whole or not at all, and once for each token. Tokens are known for so many
inserts, so whatever may have arrived before is also looked for among the rows.

Refusals are delivered like hits, as sums of numbers may not have any twice. Site facts are sent
before the hits that they are of, with no token: a least and a greatest moment bear repetition.
"""

from collections.abc import Collection, Mapping
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime, timedelta
from itertools import accumulate
from pathlib import Path
from threading import RLock
from typing import Any
from uuid import uuid4

from leadline.spool import Position
from leadline.warehouse import clickhouse_sql as sql
from leadline.warehouse.batch import Arrivals, place_of
from leadline.warehouse.clickhouse import ClickHouse
from leadline.warehouse.duckdb_engine import ROWS_OF_A_FILE, NotEmpty, file_of, part_of
from leadline.warehouse.duckdb_sql import REFUSALS_KEPT_DAYS
from leadline.warehouse.engine import Snapshot, WarehouseUnavailable
from leadline.warehouse.spans import LATEST, by_hour, cut
from leadline.warehouse.staging import Shipment, Staging

REFUSALS_KEPT = timedelta(days=REFUSALS_KEPT_DAYS, minutes=1)


class ClickHouseWarehouse:
    """Safe to use from several threads. While ClickHouse is away at most one batch waits here."""

    dialect = sql.ClickHouseDialect()

    def __init__(self, staging: Staging, clickhouse: ClickHouse) -> None:
        self.staging = staging
        self._clickhouse = clickhouse
        self._delivering = RLock()
        self._prepared = False
        self._tried = {shipment.token for shipment in staging.shipments()}
        self._refusals_end: datetime | None = None

    def loaded(self) -> Position:
        return self.staging.loaded()

    def load(self, arrivals: Arrivals) -> None:
        """What an earlier batch left comes first, so that erasures fall between shipments."""
        with self._delivering:
            self.finish()
            self.staging.load(arrivals)
            self.finish()

    def finish(self) -> None:
        with self._delivering:
            self.staging.finish()
            self._prepare()
            if self.staging.restoring():
                self.forget_all()
            for site in self.staging.waiting_erasures():
                self._erase(site)
                self.staging.confirm_erasure(site)
            for shipment in self.staging.shipments():
                self._deliver(shipment)

    def erased(self) -> frozenset[int]:
        return self.staging.erased()

    def query(self, statement: str, **parameters: Any) -> list[tuple[Any, ...]]:
        self._prepare()
        return self._ask(statement, **parameters)

    def may_expire(self, site: int, before: datetime) -> bool:
        """Nothing is kept of what expires."""
        return True

    def summarise(
        self, until: datetime, zones: Mapping[int, str], kept: Collection[int] = ()
    ) -> bool:
        """There is nothing to do: ClickHouse works out what it is asked."""
        return False

    def cluster(self, until: datetime) -> bool:
        """There is nothing to do: a MergeTree is in the order of site and time."""
        return False

    def snapshot(self, lanes: int = 1) -> AbstractContextManager[Snapshot]:
        """Each query has its own."""
        return nullcontext(Snapshot(self.query))

    def is_pattern(self, text: str) -> bool:
        return self.staging.is_pattern(text)

    def export(self, directory: Path) -> None:
        """The hits of all servers, numbered so that no two have one number.

        A site that is erased meanwhile is not among the erased, so that a restore erases it again.
        """
        self.staging.export_table("erased_sites", directory)
        parameters = {"hits": self._numbering(), "site_facts": {}, "refusals": {}}
        for table, values in parameters.items():
            self._export(table, sql.EXPORTED[table], values, file_of(directory, table))

    def export_hits(self, site: int, since: datetime, until: datetime, directory: Path) -> None:
        """Hits and visits are numbered as in an export of all there is."""
        span = {"site": site, "since": since, "until": until}
        counted = self.query(by_hour(self.dialect), **span)
        numbering = self._numbering()
        for number, part in enumerate(cut(counted, (since, until), ROWS_OF_A_FILE)):
            parameters = numbering | {"site": site, "since": part[0], "until": part[1]}
            self._export("hits", sql.HITS_OF_A_SPAN, parameters, part_of(directory, number))

    def expire(self, site: int, before: datetime) -> bool:
        """Those of a month, a partition, at a time; ClickHouse writes it anew without them."""
        doomed = {"site": site, "before": before}
        oldest = self.query(sql.OLDEST, **doomed)
        if not oldest:
            return False
        partition = f"{oldest[0][0]:%Y%m}"
        self._do(sql.expire(partition), **doomed)
        self._do(sql.give_back(partition))
        return True

    def _numbering(self) -> dict[str, Any]:
        """The parameters that number the hits of all servers, as many as there are now."""
        nodes = self.query(sql.NODES) or [("", 0)]
        segments = [place_of(last).segment + 1 for _, last in nodes]
        shifts = [below << 32 for below in accumulate(segments[:-1], initial=0)]
        return {
            "nodes": [node for node, _ in nodes],
            "lasts": [last for _, last in nodes],
            "shifts": shifts,
        }

    def next_segment(self, directory: Path) -> int:
        return self.staging.next_segment(directory)

    def take_back(self, directory: Path) -> None:
        with self._delivering:
            self.finish()
            if any(self.query(f"SELECT 1 FROM {table} LIMIT 1") for table in sql.TABLES):
                raise NotEmpty
            self.staging.begin_restore()
            try:
                for table in sql.TABLES:
                    for rows in self.staging.parts(directory, table):
                        self._clickhouse.insert(table, rows, _of_any_time(), patiently=True)
                self.staging.end_restore(directory)
            except BaseException:
                self.forget_all()
                raise

    def forget_all(self) -> None:
        """What other servers took in stays."""
        with self._delivering:
            for table in sql.TABLES:
                self._do(f"DELETE FROM {table} WHERE node = $node", node=self.staging.node)
            self.staging.forget_all()

    def close(self) -> None:
        self._clickhouse.close()
        self.staging.close()

    def _prepare(self) -> None:
        """The tables are there, with all columns that this version knows.

        Each step can be done twice, so nobody waits for somebody else who does it.
        """
        if self._prepared:
            return
        for table in sql.TABLES:
            of_duckdb = self.staging.query(sql.COLUMNS_OF_DUCKDB, table=table)
            columns = sql.columns(table, of_duckdb)
            self._do(sql.create(table, columns))
            there = {name for (name,) in self._ask(sql.COLUMNS, table=table)}
            if "node" not in there:
                raise WarehouseUnavailable(f"ClickHouse: the table {table} is not Leadline's")
            for name in columns.keys() - there:
                self._do(sql.add_column(table, name, columns[name]))
        self._prepared = True

    def _deliver(self, shipment: Shipment) -> None:
        if shipment.token not in self._tried or not self._arrived(shipment):
            self._tried.add(shipment.token)
            if shipment.destination == "hits":
                self._clickhouse.insert("site_facts", self.staging.facts(shipment), {})
            once = {"insert_deduplication_token": shipment.token}
            self._clickhouse.insert(shipment.destination, self.staging.rows(shipment), once)
        if shipment.destination == "refusals":
            self._forget_refusals()
        self.staging.confirm(shipment)
        self._tried.discard(shipment.token)

    def _arrived(self, shipment: Shipment) -> bool:
        """Whether an insert came about of which there was no answer: some of it is all of it."""
        own = shipment.bounds | {"node": self.staging.node}
        parameters = own if shipment.destination == "hits" else {"token": shipment.token}
        return bool(self._ask(sql.ARRIVED[shipment.destination], **parameters))

    def _forget_refusals(self) -> None:
        """At most once an hour those before it, seen from the newest; and those of times to come,
        which a clock that was wrong has left."""
        newest = self.staging.newest_refusal()
        end = (newest - REFUSALS_KEPT).replace(minute=0)
        if end != self._refusals_end:
            self._do(sql.FORGET_REFUSALS, oldest=end, newest=newest + REFUSALS_KEPT)
            self._refusals_end = end

    def _erase(self, site: int) -> None:
        while self.expire(site, LATEST):
            pass
        for table in sql.TABLES:
            self._do(f"DELETE FROM {table} WHERE site_id = $site", site=site)

    def _export(self, table: str, statement: str, parameters: dict[str, Any], file: str) -> None:
        """Through DuckDB, so that the file is of the same types whichever engine wrote it."""
        written = sql.bound(statement, parameters)
        raw = Path(file).with_suffix(".clickhouse")
        self._prepare()
        try:
            self._clickhouse.parquet(*written, raw)
            self.staging.convert(raw, table, file)
        finally:
            raw.unlink(missing_ok=True)

    def _ask(self, statement: str, **parameters: Any) -> list[tuple[Any, ...]]:
        return self._clickhouse.rows(*sql.bound(statement, parameters))

    def _do(self, statement: str, **parameters: Any) -> None:
        self._clickhouse.do(*sql.bound(statement, parameters))


def _of_any_time() -> dict[str, Any]:
    """Rows of many months, which may have been there once: without a token they would be known."""
    return {"insert_deduplication_token": str(uuid4()), "max_partitions_per_insert_block": 0}
