"""The tables of the metadata as files of one row a line, and back.

The salts stay where they are, and so do sessions, invitations, mails on their way and whatever else
lets somebody in for a while: whoever has a backup can neither find a visitor again nor sign in as
somebody.
"""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Connection, Date, DateTime, Integer, Table, delete, func, insert, select

from leadline.database import Database, metadata

LEFT_OUT = frozenset(
    {
        *("daily_salts", "sessions", "api_sign_ins", "spent_refreshes", "invitations"),
        *("vouchers", "signing_keys", "spent_seals", "outbox"),
    }
)
ROWS_AT_ONCE = 1000


class NotFresh(Exception):
    """There is something already where a backup should go."""

    def __init__(self) -> None:
        super().__init__(
            "a backup is restored into a fresh installation, and here are people, tokens or sites,"
            " or have been"
        )


def tables() -> list[Table]:
    """Each after those that it refers to."""
    return [table for table in metadata.sorted_tables if table.name not in LEFT_OUT]


def file_of(table: Table) -> str:
    return f"{table.name}.jsonl"


def dump(database: Database, directory: Path) -> None:
    """Write every table as it is at one moment."""
    with database.reading() as connection:
        for table in tables():
            with (directory / file_of(table)).open("wb") as file:
                rows = connection.execution_options(yield_per=ROWS_AT_ONCE).execute(select(table))
                for row in rows:
                    file.write(msgspec.json.encode(dict(row._mapping)) + b"\n")


def check_fresh(connection: Connection) -> None:
    """Raises `NotFresh` unless nothing was ever done here."""
    by_name = metadata.tables
    revision = select(by_name["site_revisions"].c.last)
    used = any(
        connection.execute(select(by_name[name]).limit(1)).first() for name in ("users", "tokens")
    )
    if used or connection.execute(revision).scalar_one():
        raise NotFresh


def load(database: Database, connection: Connection, directory: Path) -> None:
    """Put the rows of `dump` in the place of what a first start made.

    A table that has no file stays empty.
    """
    for table in reversed(tables()):
        connection.execute(delete(table))
    for table in tables():
        file = directory / file_of(table)
        if file.exists():
            for rows in _rows(file, table):
                connection.execute(insert(table), rows)
    _continue_numbers(database, connection)


def _rows(file: Path, table: Table) -> Iterator[list[dict[str, Any]]]:
    types = {column.name: _python_type(column.type) for column in table.columns}
    rows: list[dict[str, Any]] = []
    with file.open("rb") as lines:
        for line in lines:
            row = msgspec.json.decode(line)
            rows.append({name: msgspec.convert(row[name], types[name]) for name in row})
            if len(rows) == ROWS_AT_ONCE:
                yield rows
                rows = []
    if rows:
        yield rows


def _python_type(column_type: Any) -> Any:
    kind = getattr(column_type, "impl_instance", column_type)
    if isinstance(kind, DateTime):
        return datetime | None
    if isinstance(kind, Date):
        return date | None
    return Any


def _continue_numbers(database: Database, connection: Connection) -> None:
    """New rows get numbers above all that were ever given, those of deleted sites included."""
    deleted = metadata.tables["deleted_sites"].c.site_id
    for table in tables():
        key = table.primary_key.columns.get("id")
        if key is None or not isinstance(key.type, Integer):
            continue
        last = connection.execute(select(func.max(key))).scalar() or 0
        if table.name == "sites":
            last = max(last, connection.execute(select(func.max(deleted))).scalar() or 0)
        database.continue_numbers(connection, table, last)
