"""The tables of the ClickHouse engine, and how a question to DuckDB is put to ClickHouse.

`hits` and `refusals` have the columns of DuckDB's tables of these names, and more: `node` says
which server took a row in, as numbers of hits are each server's own.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from leadline.warehouse.spans import IN_SPAN

EPOCH = datetime(1970, 1, 1)
MICROSECOND = timedelta(microseconds=1)

DEDUPLICATION_WINDOW = 10_000
"""Inserts, of all servers together, within which one that comes again is known by its token.

At four batches a second that is 40 minutes of one server. What comes again later is found by its
rows, at a higher price.
"""

TYPES = {
    "BIGINT": "Int64",
    "BOOLEAN": "Bool",
    "DATE": "Date32",
    "DOUBLE": "Float64",
    "FLOAT": "Float32",
    "INTEGER": "Int32",
    "SMALLINT": "Int16",
    "TIMESTAMP": "DateTime64(6, 'UTC')",
    "TINYINT": "Int8",
    "UBIGINT": "UInt64",
    "UINTEGER": "UInt32",
    "USMALLINT": "UInt16",
    "UTINYINT": "UInt8",
    "VARCHAR": "String",
}
"""ClickHouse's names of DuckDB's types; DECIMAL is the same in both."""

FEW_VALUES = frozenset(
    [
        "kind",
        "wire",
        "reason",
        "browser_timezone",
        "browser",
        "operating_system",
        "device_type",
        "country",
        "region",
        "language",
        "screen",
        "medium",
        "channel",
    ]
)
"""Columns of few different texts."""

# One batch is one part. It is on the server's disk before it is answered.
_DURABLE = "fsync_after_insert = 1, fsync_part_directory = 1"
_ONCE = f"non_replicated_deduplication_window = {DEDUPLICATION_WINDOW}"

ENGINES = {
    "hits": f"""
        ENGINE = MergeTree PARTITION BY toYYYYMM(received_at)
        ORDER BY (site_id, received_at, node, hit_id) SETTINGS {_ONCE}, {_DURABLE}
    """,
    # What comes twice changes nothing here.
    "site_facts": f"""
        ENGINE = AggregatingMergeTree ORDER BY (site_id, node) SETTINGS {_DURABLE}
    """,
    "refusals": f"""
        ENGINE = MergeTree ORDER BY (site_id, minute, reason, origin) SETTINGS {_ONCE}, {_DURABLE}
    """,
}

TABLES = tuple(ENGINES)

FACTS = {
    "site_id": "Int32",
    "node": "LowCardinality(String)",
    "first_hit_at": "SimpleAggregateFunction(min, DateTime64(6, 'UTC'))",
    "last_hit_at": "SimpleAggregateFunction(max, DateTime64(6, 'UTC'))",
}
OF_THE_ENGINE = {
    "hits": {"node": "LowCardinality(String)"},
    "refusals": {"node": "LowCardinality(String)", "shipment": "String"},
}

COLUMNS_OF_DUCKDB = """
SELECT column_name, data_type, is_nullable FROM duckdb_columns()
WHERE table_name = $table ORDER BY column_index
"""

COLUMNS = """
SELECT name FROM system.columns WHERE database = currentDatabase() AND table = $table
"""

ARRIVED = {
    "hits": """
        SELECT 1 FROM hits
        WHERE node = $node AND hit_id BETWEEN $first_hit_id AND $last_hit_id
            AND toStartOfMonth(received_at) = $month
        LIMIT 1
    """,
    "refusals": "SELECT 1 FROM refusals WHERE shipment = $token LIMIT 1",
}

FORGET_REFUSALS = "DELETE FROM refusals WHERE minute < $oldest OR minute > $newest"

OLDEST = """
SELECT received_at FROM hits WHERE site_id = $site AND received_at < $before
ORDER BY received_at LIMIT 1
"""

NODES = "SELECT node, max(hit_id) FROM hits GROUP BY node ORDER BY node"

# The hits of each server are numbered above those of the one before.
_SHIFT = "toUInt64(transform(node, $nodes, $shifts, 0))"
_HITS = f"""
SELECT * EXCEPT (node)
    REPLACE (hit_id + {_SHIFT} AS hit_id, visit_id + {_SHIFT} AS visit_id)
FROM hits WHERE hits.hit_id <= transform(node, $nodes, $lasts, 0)
"""
HITS_OF_A_SPAN = f"{_HITS} AND {IN_SPAN} ORDER BY received_at, hit_id"
EXPORTED = {
    "hits": _HITS,
    "site_facts": """
        SELECT site_id, min(first_hit_at) AS first_hit_at, max(last_hit_at) AS last_hit_at
        FROM site_facts GROUP BY site_id
    """,
    "refusals": "SELECT * EXCEPT (node, shipment) FROM refusals",
}


def columns(table: str, of_duckdb: Iterable[tuple[str, str, bool]]) -> dict[str, str]:
    """The columns of a table and their types; `of_duckdb` are those of the table of this name."""
    if table == "site_facts":
        return FACTS
    return {name: _type(name, kind, null) for name, kind, null in of_duckdb} | OF_THE_ENGINE[table]


def _type(name: str, kind: str, nullable: bool) -> str:
    if name in FEW_VALUES:
        return "LowCardinality(String)"
    found = kind if kind.startswith("DECIMAL") else TYPES[kind]
    return f"Nullable({found})" if nullable else found


def create(table: str, its_columns: Mapping[str, str]) -> str:
    definitions = ", ".join(f"{name} {kind}" for name, kind in its_columns.items())
    return f"CREATE TABLE IF NOT EXISTS {table} ({definitions}) {ENGINES[table]}"


def add_column(table: str, name: str, kind: str) -> str:
    return f"ALTER TABLE {table} ADD COLUMN IF NOT EXISTS {name} {kind}"


def expire(partition: str) -> str:
    """Deletes a site's hits before a moment out of one month; they are seen by nobody then."""
    return f"""
        DELETE FROM hits IN PARTITION ID '{partition}'
        WHERE site_id = $site AND received_at < $before
    """


def give_back(partition: str) -> str:
    """Has the parts of a month written anew without what was deleted, some time soon."""
    return f"ALTER TABLE hits APPLY DELETED MASK IN PARTITION ID '{partition}'"


class ClickHouseDialect:
    """See `Dialect`."""

    visit = "node, visit_id"
    summarises = False

    def matches(self, text: str, pattern: str) -> str:
        """A dot stands for no line break, as in RE2 itself."""
        return f"match({text}, concat('(?-s)', ${pattern}))"

    def microseconds(self, moment: str) -> str:
        return f"toUnixTimestamp64Micro({moment})"

    def place(self, moment: str, number: str) -> str:
        return f"({moment}, {number})"

    def begun(self, moments: str, by: str) -> str:
        return f"arrayCount(moment -> moment <= {by}, ${moments})"

    def divided(self, number: str, by: int) -> str:
        return f"intDiv({number}, {by:d})"

    def element(self, numbers: str, at: str) -> str:
        return f"${numbers}[{at}]"

    def property(self, properties: str, key: str) -> str:
        return f"coalesce(JSONExtractString({properties}, ${key}), '')"

    def each_key(self, properties: str) -> str:
        return f"arrayJoin(JSONExtractKeys(coalesce({properties}, '')))"

    def steps_done(self, steps: str) -> str:
        in_order = f"arraySort(groupArray((received_at, hit_id, {steps})))"
        is_next = "bitAnd(bitShiftRight(each.3, done), 1)"
        return f"arrayFold((done, each) -> done + {is_next}, {in_order}, toInt64(0))"

    def rows(self, **parameters: str) -> str:
        lists = ", ".join(f"${name} AS {column}" for column, name in parameters.items())
        columns = ", ".join(parameters)
        return f"(SELECT {columns} FROM (SELECT {lists}) ARRAY JOIN {columns})"


class Bound(NamedTuple):
    """A statement with ClickHouse's own parameters, and their values."""

    statement: str
    values: dict[str, Any]


def bound(statement: str, parameters: Mapping[str, Any]) -> Bound:
    """`$name` becomes `{name:Type}`; moments travel as numbers, which no format can change."""
    values = {}
    placeholders = {}
    for name, value in parameters.items():
        is_list = isinstance(value, list)
        kind = _type_of(value[0] if is_list and value else 0 if is_list else value)
        moment = kind == "moment"
        sent = f"{{{name}:{_in_list(is_list, 'Int64' if moment else kind)}}}"
        placeholders[name] = _as_moments(sent, is_list) if moment else sent
        values[name] = _sent(value)
    written = re.sub(r"\$(\w+)", lambda found: placeholders[found[1]], statement)
    return Bound(written, values)


def _type_of(value: object) -> str:
    match value:
        case bool():
            return "Bool"
        case int():
            return "Int64" if value < 2**63 else "UInt64"
        case str():
            return "String"
        case datetime():
            return "moment"
        case date():
            return "Date32"
        case Decimal():
            return "Decimal(18, 4)"
    raise TypeError(f"no parameter can be a {type(value).__name__}")


def _in_list(is_list: bool, kind: str) -> str:
    return f"Array({kind})" if is_list else kind


def _as_moments(sent: str, is_list: bool) -> str:
    if is_list:
        return f"arrayMap(sent -> fromUnixTimestamp64Micro(sent, 'UTC'), {sent})"
    return f"fromUnixTimestamp64Micro({sent}, 'UTC')"


def _sent(value: Any) -> Any:
    if isinstance(value, list):
        return [_sent(each) for each in value]
    return (value - EPOCH) // MICROSECOND if isinstance(value, datetime) else value
