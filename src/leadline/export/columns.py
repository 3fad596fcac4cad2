"""What a file says of a hit: stable names, which `docs/export.md` explains.

The visitor's hash goes nowhere: in its place is a hash of it under a random key, which is made for
one file and kept by nobody. In one file it tells a day's visitors apart, as the other does.
"""

from collections.abc import Iterable
from typing import NamedTuple

TEXTS = (
    "origin",
    "path",
    "name",
    "content_group",
    "browser_timezone",
    "referrer",
    "referrer_path",
    "utm_source",
    "utm_medium",
    "utm_campaign",
    "utm_term",
    "utm_content",
    "ref",
    "keyword",
    "source",
    "medium",
    "channel",
    "wire",
    "browser",
    "operating_system",
    "device_type",
    "country",
    "region",
    "city",
    "language",
    "screen",
)
"""Columns of text that are as they are stored; empty where nothing is known."""

MOMENTS = ("received_at", "visit_started_at")
"""Columns of moments; they are stored in UTC without a zone."""

STARTS_A_FORMULA = r"^[=+@\t\r-]"
"""A spreadsheet would compute what begins like this."""

_VISITOR = "left(sha256($key || visitor), 16)"
_MOMENT = "strftime({name}, '%Y-%m-%dT%H:%M:%S.%fZ')"


class Column(NamedTuple):
    """One column of the file, made of columns of `hits`."""

    name: str
    expression: str


COLUMNS = (
    Column("site", "$code"),
    *(Column(name, name) for name in ("received_at", "day", "hit_id", "kind")),
    Column("visitor", _VISITOR),
    *(Column(name, name) for name in ("visit_id", "visit_started_at")),
    *(Column(name, name) for name in ("is_entry", "is_new_visitor", "is_second_pageview")),
    Column("amount", "amount"),
    Column("properties", "properties"),
    *(Column(name, name) for name in TEXTS),
)


def as_typed(column: Column) -> Column:
    if column.name in MOMENTS:
        return Column(column.name, f"CAST({column.name} AS TIMESTAMP WITH TIME ZONE)")
    return column


def as_json(column: Column) -> Column:
    if column.name == "properties":
        return Column(column.name, "CAST(properties AS JSON)")
    return as_written(column)


def as_written(column: Column) -> Column:
    if column.name in MOMENTS:
        return Column(column.name, _MOMENT.format(name=column.name))
    return column


def for_spreadsheets(column: Column) -> Column:
    """A text that would be a formula begins with an apostrophe."""
    if column.name not in (*TEXTS, "properties"):
        return as_written(column)
    name = column.name
    safe = f"CASE WHEN regexp_matches({name}, $formula) THEN '''' || {name} ELSE {name} END"
    return Column(name, safe)


def selected(columns: Iterable[Column]) -> str:
    return ", ".join(f"{column.expression} AS {column.name}" for column in columns)
