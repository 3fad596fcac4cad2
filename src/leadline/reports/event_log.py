"""Events one by one, as SQL for either engine."""

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import msgspec

from leadline.reports.counted import events
from leadline.reports.filters import AllOf
from leadline.reports.plan import Plan
from leadline.reports.query import Query
from leadline.reports.sql import Statement, parameters, selected, used, with_visits
from leadline.warehouse import Dialect


class LoggedEvent(msgspec.Struct, frozen=True):
    """One event: when it was, in UTC, and the `values` of the query's dimensions.

    `amount` is in the site's money.
    """

    at: datetime
    values: tuple[str, ...]
    amount: Decimal | None
    properties: dict[str, str]


def log_statement(query: Query, dialect: Dialect, plan: Plan) -> Statement:
    """The newest first; each with its amount, its properties and the values of the dimensions."""
    counted = events(query, dialect, "", 0)
    values = (f"{counted.expression(each)} AS value_{n}" for n, each in enumerate(query.dimensions))
    of_hits = ("received_at", "hit_id", "amount", "properties")
    columns = ", ".join([*(f"hits.{name} AS {name}" for name in of_hits), *values])
    found = selected(columns, AllOf(query.filters), query, dialect, counted, 0)
    limit = "" if query.limit is None else f"LIMIT {query.limit:d} OFFSET {query.offset:d}"
    text = f"""
        {with_visits(query, dialect, plan, [found])} SELECT * FROM ({found}) AS logged
        ORDER BY received_at DESC, hit_id DESC {limit}
    """
    return Statement(text, used(text, parameters(query, dialect, plan)), ())


def read_event(row: Sequence[Any]) -> LoggedEvent:
    at, _, amount, properties, *values = row
    return LoggedEvent(
        at.replace(tzinfo=UTC),
        tuple(values),
        None if amount is None else Decimal(amount),
        msgspec.json.decode(properties, type=dict[str, str]) if properties else {},
    )
