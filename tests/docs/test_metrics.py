"""The page about metrics: its history comes to the numbers that stand there, on both engines."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from leadline.reports import (
    Condition,
    Did,
    Dimension,
    EventMetric,
    Filter,
    Funnel,
    Metric,
    Not,
    Operator,
    Query,
    Reports,
    Step,
    Viewed,
)
from leadline.spool import Hit, Kind
from tests.clickhouse import Engine
from tests.docs.documents import ROOT, table_rows
from tests.reports.storing import store
from tests.spool.examples import hit
from tests.support import ManualClock

PAGE = (ROOT / "docs" / "metrics.md").read_text()
BEGINS = datetime(2026, 3, 10, tzinfo=UTC)
WHOLE = Query(sites=(1,), since=BEGINS, until=BEGINS + timedelta(days=2), metrics=tuple(Metric))


def tables() -> Iterator[list[list[str]]]:
    """Of each table its rows, the heading first."""
    for text in PAGE.split("\n\n"):
        rows = list(table_rows(text))
        if rows:
            yield [[cell.strip("`") for cell in row] for row in rows if row[0] != "---"]


def table(*first: str) -> list[list[str]]:
    """The rows of those tables whose headings begin so."""
    return [
        row for heading, *rows in tables() if heading[: len(first)] == list(first) for row in rows
    ]


def history() -> Iterator[Hit]:
    for day, time, who, does, path, amount in table("day", "time"):
        at = datetime.strptime(f"2026 {day} {time}", "%Y %d %B %H:%M").replace(tzinfo=UTC)
        yield hit(
            path,
            received_at=at,
            day=at.date(),
            visitor=int.from_bytes(f"{who[:4]}{at.day}".encode()),
            kind=Kind(does),
            name="" if does in ("pageview", "departure") else "buy",
            amount=Decimal(amount) if amount else None,
        )


@pytest.fixture(scope="module")
def reports(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reports]:
    with engine.opened(tmp_path_factory.mktemp("metrics")) as warehouse:
        store(warehouse, *history())
        yield Reports(warehouse, ManualClock(BEGINS))


def printed(name: str, value: Any) -> str:
    """A number as the page has it."""
    match name:
        case "duration":
            return f"{value / 1_000_000:g} s"
        case "average_duration":
            return f"{value:g} s"
        case "revenue" | "average_order_value" | "value":
            return f"{value:.2f}"
    return f"{value:g}"


def test_the_history_comes_to_what_is_said(reports: Reports) -> None:
    (row,) = reports.rows(WHOLE)
    said = {name: number for name, _, number in table("metric")}
    assert said == {each.value: printed(each, getattr(row, each)) for each in Metric}


def test_so_do_its_events(reports: Reports) -> None:
    (row,) = reports.events(Query(sites=(1,), since=WHOLE.since, until=WHOLE.until))
    said = {name: number for name, _, number in table("metric of events")}
    assert said == {each.value: printed(each, getattr(row, each)) for each in EventMetric}


def test_so_do_its_pages(reports: Reports) -> None:
    (heading,) = (rows[0] for rows in tables() if rows[0][0] == "page")
    by_page = Query(
        sites=(1,),
        since=WHOLE.since,
        until=WHOLE.until,
        dimensions=(Dimension.PATHNAME,),
        metrics=tuple(Metric),
    )
    found = [
        [*row.values, *(printed(name, getattr(row, name)) for name in heading[1:])]
        for row in reports.rows(by_page)
    ]
    assert table("page") == found


def step(text: str) -> Step:
    """A page, or the name of an event."""
    if text.startswith("/"):
        return Viewed(Filter(Dimension.PATHNAME, Operator.IS, text))
    return Did(Filter(Dimension.EVENT_NAME, Operator.IS, text))


def test_so_do_visits_that_did_something(reports: Reports) -> None:
    bought, saw_hat = step("buy"), step("/hat")
    filters: dict[str, tuple[Condition, ...]] = {
        "viewed `/hat": (saw_hat,),
        "did not view `/hat": (Not(saw_hat),),
        "did `buy": (bought,),
        "viewed `/hat`, and did not do `buy": (saw_hat, Not(bought)),
    }
    (heading,) = (rows[0] for rows in tables() if rows[0][0] == "visits that")
    for said, *numbers in table("visits that"):
        (row,) = reports.rows(replace(WHOLE, filters=filters.pop(said)))
        assert [printed(name, getattr(row, name)) for name in heading[1:]] == numbers
    assert not filters


def test_so_does_a_funnel(reports: Reports) -> None:
    (_, entrances, *_), *rows = table("step")
    steps = tuple(step(row[0]) for row in rows)
    found = reports.funnel(Funnel(sites=(1,), since=WHOLE.since, until=WHOLE.until, steps=steps))
    assert entrances == f"{found.entrances}"
    assert [row[1:] for row in rows] == [
        [f"{each.visits}", f"{each.rate:g}", f"{each.drop_off:g}"] for each in found.steps
    ]
    assert found.completion_rate == 0.5
