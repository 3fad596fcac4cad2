"""Of any moments and any buckets: in which a moment is, on both engines."""

from bisect import bisect_right
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadline.reports import Unit, parts
from leadline.reports.buckets import Buckets
from leadline.warehouse import Warehouse
from tests.clickhouse import Engine
from tests.warehouse.histories import MICROSECOND

SINCE = datetime(2026, 3, 20, 5, 30, tzinfo=UTC)
ZONES = ("UTC", "Europe/London", "Europe/Madrid", "Australia/Lord_Howe")
gaps = st.sampled_from([MICROSECOND, timedelta(seconds=7), timedelta(hours=23), timedelta(days=31)])


@pytest.fixture(scope="module")
def opened(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    with engine.opened(tmp_path_factory.mktemp("buckets")) as warehouse:
        yield warehouse


@st.composite
def beginnings(draw: st.DrawFn) -> list[datetime]:
    if draw(st.booleans()):
        until = SINCE + draw(st.integers(1, 100)) * timedelta(days=1)
        found = parts(SINCE, until, draw(st.sampled_from(ZONES)), draw(st.sampled_from(Unit)))
        return [part.begins for part in found]
    edges = [SINCE]
    for gap in draw(st.lists(gaps, max_size=8)):
        edges.append(edges[-1] + gap)
    return edges


@given(begins=beginnings(), nth=st.integers(0, 1000), later=st.timedeltas(MICROSECOND))
def test_a_time_in_one_bucket_is_in_that_alone(
    begins: list[datetime], nth: int, later: timedelta
) -> None:
    since = begins[nth % len(begins)]
    until = since + min(later, timedelta(days=400))
    ends = {bisect_right(begins, moment) - 1 for moment in (since, until - MICROSECOND)}
    expected = ends.pop() if len(ends) == 1 else None
    assert Buckets(begins).only(since, until) == expected


def test_every_moment_is_in_its_bucket(opened: Warehouse, engine: Engine) -> None:
    @settings(max_examples=engine.examples(60))
    @given(begins=beginnings(), nth=st.integers(0, 1000), later=st.timedeltas(timedelta(0)))
    def check(begins: list[datetime], nth: int, later: timedelta) -> None:
        buckets = Buckets(begins)
        edge = begins[nth % len(begins)]
        after = begins[-1] + min(later, timedelta(days=400))
        moments = [edge, edge + MICROSECOND, max(edge - MICROSECOND, SINCE), after]
        dialect = opened.dialect
        rows = dialect.rows(taken_at="moments")
        asked = f"SELECT {dialect.microseconds('taken_at')}, {buckets.of('taken_at', dialect)}"
        naive = [moment.replace(tzinfo=None) for moment in moments]
        found = dict(
            opened.query(f"{asked} FROM {rows} AS asked", moments=naive, **buckets.parameters())
        )
        epoch = datetime(1970, 1, 1, tzinfo=UTC)
        assert found == {
            (moment - epoch) // MICROSECOND: bisect_right(begins, moment) - 1 for moment in moments
        }

    check()
