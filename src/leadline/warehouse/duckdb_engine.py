"""The warehouse in one DuckDB file, inside the server's process."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from queue import SimpleQueue
from shutil import disk_usage, rmtree
from threading import Lock
from typing import Any

import duckdb

from leadline.logs import logger
from leadline.patience import stoppable
from leadline.spool import Position
from leadline.warehouse import clustering, summaries_sql
from leadline.warehouse import duckdb_sql as sql
from leadline.warehouse.batch import Arrivals, place_of
from leadline.warehouse.clustering import Clustering
from leadline.warehouse.engine import Snapshot, WarehouseUnavailable
from leadline.warehouse.lanes import Lanes, another
from leadline.warehouse.priority import in_background
from leadline.warehouse.reclaiming import Doomed, clear, delete, find, give_back
from leadline.warehouse.repeats import as_batch, drop_repeated
from leadline.warehouse.spans import IN_SPAN, by_hour, cut
from leadline.warehouse.summaries import Summaries

log = logger(__name__)

FILES = tuple(f"{table}.parquet" for table in sql.KEPT)
"""The names of the files of an export."""

CHECKPOINT_THRESHOLD = "64MB"
"""Of the log of changes, which is then worked into the file: at 16 MB, DuckDB's own, the rows of a
row group are compressed anew three times as often. A start after a crash reads the log."""

LEAST_ROLLED_UP = 1000
"""Pageviews of a site's day from which on days are rolled up."""
ROWS_OF_A_FILE = 50_000
"""Of the hits of one site: so many are sorted at once."""

MERGES = 1
"""How often DuckDB merges row groups of a table of which much is gone, each time it works its log
into the file: a hundred times, as it would, takes long and lets the file grow by so much."""

CLEARED_AT_ONCE = 4
"""So many portions of hits are deleted before their room is given back."""

_OUTAGES = (
    duckdb.IOException,
    duckdb.OutOfMemoryException,
    duckdb.ConnectionException,
    duckdb.FatalException,
)
"""What is wrong with the machine, and not with a query."""


class WarehouseInUse(Exception):
    """Another process has the file open."""


class WarehouseTooNew(Exception):
    """The file was written by a newer Leadline than this one."""


class NotEmpty(Exception):
    """There are hits already."""

    def __init__(self) -> None:
        super().__init__("there are hits in this data directory already")


class DuckDBDialect:
    """See `Dialect`."""

    visit = "visit_id"
    summarises = True

    def matches(self, text: str, pattern: str) -> str:
        return f"regexp_matches({text}, ${pattern})"

    def microseconds(self, moment: str) -> str:
        return f"epoch_us({moment})"

    def place(self, moment: str, number: str) -> str:
        """One whole number, as DuckDB compares pairs slowly."""
        return f"(epoch_us({moment})::HUGEINT * {1 << 64} + {number}::HUGEINT)"

    def begun(self, moments: str, by: str) -> str:
        return f"len(list_filter(${moments}::TIMESTAMP[], lambda moment: moment <= {by}))"

    def divided(self, number: str, by: int) -> str:
        return f"({number} // {by:d})"

    def element(self, numbers: str, at: str) -> str:
        return f"(${numbers}::BIGINT[])[{at}]"

    def property(self, properties: str, key: str) -> str:
        pointer = f"'/' || replace(replace(${key}, '~', '~0'), '/', '~1')"
        return f"coalesce(json_extract_string({properties}, {pointer}), '')"

    def each_key(self, properties: str) -> str:
        return f"unnest(json_keys({properties}))"

    def steps_done(self, steps: str) -> str:
        in_order = f"list({steps} ORDER BY received_at, hit_id)"
        return f"list_reduce({in_order}, lambda done, each: done + ((each >> done) & 1), 0::BIGINT)"

    def rows(self, **parameters: str) -> str:
        columns = (f"unnest(${name}) AS {column}" for column, name in parameters.items())
        return f"(SELECT {', '.join(columns)})"


class DuckDBWarehouse:
    """Safe to use from several threads; reading goes on while a batch is loaded."""

    dialect = DuckDBDialect()

    def __init__(self, file: Path, *, memory: str, threads: int) -> None:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._file = file
        self._config: dict[str, Any] = {
            "memory_limit": memory,
            "checkpoint_threshold": CHECKPOINT_THRESHOLD,
            "max_vacuum_tasks": MERGES,
            "threads": threads,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
        try:
            self._root = self._connected()
        except duckdb.IOException as error:
            if "lock" in str(error).lower():
                raise WarehouseInUse(f"another process has {file} open") from error
            raise
        file.chmod(0o600)
        rmtree(f"{file}.tmp", ignore_errors=True)  # a process that was killed leaves hits there
        self._opening = Lock()
        self._writing = Lock()
        self._summarising = Lock()
        self._lanes = Lanes(threads - 1)
        self._cleared = 0
        self._loading = self._cursor()
        self._prepare()
        self._clustering = Clustering(self._cursor, self._writing, self._lanes.committing, MERGES)

    def loaded(self) -> Position:
        """The place in the spool up to which everything is in the warehouse."""
        ((segment, offset),) = self.query('SELECT segment, "offset" FROM loaded')
        return Position(segment, offset)

    def load(self, arrivals: Arrivals) -> None:
        """Take in a batch and remember its end, both or neither."""
        with self._writing, self._transaction() as cursor:
            for site in arrivals.erasures:
                cursor.execute("INSERT INTO erased_sites VALUES ($site)", {"site": site})
                for statement in sql.ERASE:
                    cursor.execute(statement, {"site": site})
            if arrivals.hits.length:
                with as_batch(cursor, arrivals.hits):
                    for statement in sql.ARRIVE:
                        cursor.execute(statement)
                drop_repeated(cursor, arrivals)
                for statement in sql.TAKE_IN:
                    cursor.execute(statement)
            if arrivals.departures.length:
                with as_batch(cursor, arrivals.departures):
                    cursor.execute(sql.STORE_DEPARTURES)
            if arrivals.hits.length:
                for statement in sql.FORGET:
                    cursor.execute(statement)
            if arrivals.refusals:
                with as_batch(cursor, arrivals.refusal_table()):
                    for statement in sql.STORE_REFUSALS:
                        cursor.execute(statement)
            cursor.execute(summaries_sql.MOVE_BACK)
            self._conclude(cursor, arrivals.erasures)
            cursor.execute('UPDATE loaded SET segment = $1, "offset" = $2', list(arrivals.end))

    def finish(self) -> None:
        """Nothing is ever left: `load` does all of it or raises.

        But after a disk has failed DuckDB refuses everything until its file is opened anew.
        """
        with self._writing:
            try:
                self._loading.execute("SELECT 1")
            except duckdb.Error:
                log.warning("warehouse opened anew", file=str(self._file))
                self._open_anew()

    def erased(self) -> frozenset[int]:
        """The sites whose hits are gone, and of which none will be taken in again."""
        return frozenset(
            site for (site,) in self.query("SELECT DISTINCT site_id FROM erased_sites")
        )

    def query(self, statement: str, **parameters: Any) -> list[tuple[Any, ...]]:
        """The rows of one query, its parameters written `$name`. For reports."""
        with self._asking() as cursor:
            return _answer(cursor, statement, parameters)

    @contextmanager
    def snapshot(self, lanes: int = 1) -> Iterator[Snapshot]:
        free: SimpleQueue[duckdb.DuckDBPyConnection] = SimpleQueue()

        def ask(statement: str, **parameters: Any) -> list[tuple[Any, ...]]:
            cursor = free.get()
            try:
                return _answer(cursor, statement, parameters)
            finally:
                free.put(cursor)

        with self._asking() as first, self._lanes.beside(first, lanes) as cursors:
            for cursor in cursors:
                free.put(cursor)
            yield Snapshot(ask, len(cursors))

    def is_pattern(self, text: str) -> bool:
        try:
            self.query("SELECT regexp_matches('', $pattern)", pattern=text)
        except duckdb.InvalidInputException:
            return False
        return True

    def summarise(
        self,
        until: datetime,
        zones: Mapping[int, str],
        kept: Collection[int] = (),
        least: int = LEAST_ROLLED_UP,
    ) -> bool:
        with self._summarising:
            summaries = Summaries(self._cursor, self._writing, self._lanes.committing, self.dialect)
            return in_background(lambda: summaries.advance(until, zones, kept, least))

    def cluster(self, until: datetime, sizes: clustering.Sizes = clustering.USUAL) -> bool:
        if disk_usage(self._file.parent).free < clustering.ROOM:
            return False
        return in_background(lambda: self._clustering.advance(until, sizes))

    def export(self, directory: Path) -> None:
        """Write what there is at this moment into files there, while loading goes on."""
        with self._reading() as cursor:
            for table in sql.KEPT:
                file = {"file": file_of(directory, table)}
                cursor.execute(f"COPY {table} TO $file ({sql.FILE_FORMAT})", file)

    def export_hits(self, site: int, since: datetime, until: datetime, directory: Path) -> None:
        """Write a site's rows of `hits` in a span into files there, while loading goes on."""
        statement = f"""
            COPY (SELECT * FROM hits WHERE {IN_SPAN} ORDER BY received_at, hit_id)
            TO $file ({sql.PART_FORMAT})
        """
        with self._reading() as cursor:
            span = {"site": site, "since": since, "until": until}
            counted = cursor.execute(by_hour(self.dialect), span).fetchall()
            for number, part in enumerate(cut(counted, (since, until), ROWS_OF_A_FILE)):
                span |= {"since": part[0], "until": part[1]}
                cursor.execute(statement, span | {"file": part_of(directory, number)})

    def may_expire(self, site: int, before: datetime) -> bool:
        ((found,),) = self.query(summaries_sql.IS_KEPT, site=site, before=before)
        return bool(found)

    def expire(self, site: int, before: datetime) -> bool:
        """Delete some of a site's rows of `hits` before a moment; False if there were none."""
        condition = "site_id = $site AND received_at < $before"
        doomed = Doomed("hits", condition, {"site": site, "before": before})
        try:
            with self._writing:
                self._loading.execute(summaries_sql.EXPIRE_VISITS, doomed.parameters)
                return self._delete_some(doomed)
        except _OUTAGES as error:
            raise WarehouseUnavailable(f"DuckDB: {error}") from error

    def next_segment(self, directory: Path) -> int:
        """The number of a spool segment above every hit in the files of `export`."""
        ((last,),) = self.query(sql.LAST_HIT, file=file_of(directory, "hits"))
        return 0 if last is None else place_of(last).segment + 1

    def take_back(self, directory: Path) -> None:
        """Read the files of `export`, all or nothing; no hit loaded before may be in them.

        Raises `NotEmpty`.
        """
        segment = self.next_segment(directory)
        with self._writing, self._transaction() as cursor:
            if any(cursor.execute(f"FROM {table} LIMIT 1").fetchone() for table in sql.KEPT):
                raise NotEmpty
            for table in sql.KEPT:
                take_back(cursor, directory, table)
            move_on(cursor, segment)

    def forget_all(self) -> None:
        """Undo `take_back`."""
        with self._writing, self._transaction() as cursor:
            for table in (*sql.KEPT, *summaries_sql.TABLES):
                cursor.execute(f"DELETE FROM {table}")
            cursor.execute(clustering.BEGIN_ANEW)

    def close(self) -> None:
        self._loading.close()
        self._root.close()

    def _connected(self) -> duckdb.DuckDBPyConnection:
        return in_background(lambda: duckdb.connect(str(self._file), config=self._config))

    def _open_anew(self) -> None:
        """What was not certain to be on disk is written again before anybody relies on it."""
        with self._opening:
            self.close()
            self._root = self._connected()
            self._loading = self._cursor()
            self._loading.execute("CHECKPOINT")

    def _conclude(self, cursor: duckdb.DuckDBPyConnection, erasures: list[int]) -> None:
        """What is to be done in the transaction of a batch, when the batch is in the tables."""

    def _delete_some(self, doomed: Doomed) -> bool:
        rows = find(self._loading, doomed)
        if rows is not None:
            try:
                with self._transaction() as cursor:
                    clear(cursor, doomed, rows)
                self._cleared += rows.is_worth_it
            except duckdb.OutOfMemoryException:
                with self._transaction() as cursor:
                    delete(cursor, doomed, rows)
        if self._cleared >= (CLEARED_AT_ONCE if rows else 1):
            give_back(self._loading, MERGES)
            self._cleared = 0
        return rows is not None

    def _cursor(self) -> duckdb.DuckDBPyConnection:
        return another(self._root)

    @contextmanager
    def _asking(self) -> Iterator[duckdb.DuckDBPyConnection]:
        try:
            with self._opening:
                cursor = self._cursor()
            with closing(cursor):
                yield cursor
        except _OUTAGES as error:
            raise WarehouseUnavailable(f"DuckDB: {error}") from error

    @contextmanager
    def _reading(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Everything as it is at one moment. Raises `WarehouseUnavailable`."""
        with self._asking() as cursor:
            cursor.begin()  # ended by closing it
            yield cursor

    @contextmanager
    def _transaction(self) -> Iterator[duckdb.DuckDBPyConnection]:
        self._loading.begin()
        try:
            yield self._loading
        except BaseException:
            self._loading.rollback()
            raise
        with self._lanes.committing:
            self._loading.commit()

    def _prepare(self) -> None:
        tables = {name for (name,) in self.query("SELECT table_name FROM duckdb_tables()")}
        if "schema_version" not in tables:
            with self._transaction() as cursor:
                cursor.execute(sql.SCHEMA)
        ((version,),) = self.query("SELECT version FROM schema_version")
        if version > sql.SCHEMA_VERSION:
            raise WarehouseTooNew(f"the hits were written by a newer Leadline (version {version})")
        if version < sql.SCHEMA_VERSION:
            self._migrate(version)

    def _migrate(self, version: int) -> None:
        """Bring an older file to the present version, or leave it as it is."""
        with self._transaction() as cursor:
            for step in range(version + 1, sql.SCHEMA_VERSION + 1):
                cursor.execute(sql.MIGRATIONS[step])
            cursor.execute("UPDATE schema_version SET version = $1", [sql.SCHEMA_VERSION])


def _answer(
    cursor: duckdb.DuckDBPyConnection, statement: str, parameters: Mapping[str, Any]
) -> list[tuple[Any, ...]]:
    with stoppable(cursor.interrupt):
        return cursor.execute(statement, dict(parameters)).fetchall()


def file_of(directory: Path, table: str) -> str:
    return str(directory / f"{table}.parquet")


def part_of(directory: Path, number: int) -> str:
    return str(directory / f"{number:06}.parquet")


def take_back(cursor: duckdb.DuckDBPyConnection, directory: Path, table: str) -> None:
    statement = f"INSERT INTO {table} BY NAME FROM read_parquet($file)"
    cursor.execute(statement, {"file": file_of(directory, table)})


def move_on(cursor: duckdb.DuckDBPyConnection, segment: int) -> None:
    """Whatever the spool has in segments before this one is loaded."""
    statement = 'UPDATE loaded SET segment = $1, "offset" = 0 WHERE segment < $1'
    cursor.execute(statement, [segment])
