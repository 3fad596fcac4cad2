"""Visits, entries, new visitors and sources, against an oracle, however the log is cut."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadline.spool import Hit, Kind, Position, Source
from leadline.warehouse import Warehouse
from leadline.warehouse.batch import hit_id
from tests.clickhouse import Engine
from tests.spool.examples import hit
from tests.warehouse.histories import ZONES, Placed, Step, cut, load, steps, written
from tests.warehouse.oracle import Facts, Oracle, Told

SOURCE_FIELDS = ", ".join(Source.__struct_fields__)


def stored(warehouse: Warehouse) -> dict[int, Told]:
    rows = warehouse.query(
        "SELECT hit_id, visit_id, visit_started_at, is_entry, is_second_pageview, is_new_visitor,"
        f" {SOURCE_FIELDS} FROM hits"
    )
    found = {
        number: Told(
            visit, started_at.replace(tzinfo=UTC), entry, second, new_visitor, Source(*source)
        )
        for number, visit, started_at, entry, second, new_visitor, *source in rows
    }
    assert len(found) == len(rows)
    return found


def facts(warehouse: Warehouse) -> dict[int, Facts]:
    rows = warehouse.query(
        "SELECT site_id, min(first_hit_at), max(last_hit_at) FROM site_facts GROUP BY site_id"
    )
    return {
        site: Facts(first.replace(tzinfo=UTC), last.replace(tzinfo=UTC))
        for site, first, last in rows
    }


def consult(records: list[Placed]) -> Oracle:
    oracle = Oracle()
    for place, record in records:
        assert isinstance(record, Hit)
        oracle.take(hit_id(place), record)
    return oracle


def check(engine: Engine, records: list[Placed], cuts: set[int]) -> None:
    oracle = consult(records)
    with TemporaryDirectory() as directory, engine.opened(Path(directory)) as warehouse:
        load(warehouse, cut(records, cuts))
        assert stored(warehouse) == oracle.told
        assert facts(warehouse) == oracle.facts


def test_any_history_cut_in_any_way(engine: Engine) -> None:
    @settings(max_examples=engine.examples(12), deadline=None)
    @given(taken=steps, data=st.data())
    def check_one(taken: list[Step], data: st.DataObject) -> None:
        records = written(taken)
        check(engine, records, data.draw(st.sets(st.integers(1, len(records)), max_size=4)))

    check_one()


def test_a_departure_finds_its_visit_in_a_batch_that_ends_days_later(engine: Engine) -> None:
    late, leaving = Step(timedelta(days=4), 1, 2), Step(timedelta(minutes=1), 1, 1, Kind.DEPARTURE)
    check(engine, written([Step(timedelta(0), 1, 1), leaving, late, late]), set())


def test_a_departure_before_a_visit_that_begins_in_the_same_microsecond_is_none_of_it(
    engine: Engine,
) -> None:
    at_once = timedelta(0)
    leaving, coming = Step(at_once, 1, 1, Kind.DEPARTURE), Step(at_once, 1, 1)
    check(engine, written([leaving, coming, leaving]), set())


def test_any_history_in_one_batch(engine: Engine) -> None:
    """A loader that was down for days has one batch with many midnights in it."""

    @settings(max_examples=engine.examples(8), deadline=None)
    @given(taken=steps)
    def check_one(taken: list[Step]) -> None:
        check(engine, written(taken), set())

    check_one()


def test_any_history_over_a_change_of_zones(engine: Engine) -> None:
    """Each hit keeps the date that it was taken on; who has another date then has another visit."""

    @settings(max_examples=engine.examples(10), deadline=None)
    @given(taken=steps, order=st.permutations(sorted(ZONES.values())), data=st.data())
    def check_one(taken: list[Step], order: list[str], data: st.DataObject) -> None:
        after = data.draw(st.integers(0, len(taken)))
        records = written(taken, dict(zip(ZONES, order, strict=True)), after)
        check(engine, records, data.draw(st.sets(st.integers(1, len(records)), max_size=4)))

    check_one()


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def at_intervals(site: int, *gaps: float) -> list[Placed]:
    """Pageviews of one person; gaps in minutes, the first after 17:00 UTC."""
    return written([Step(minutes(gap), site, 1) for gap in gaps])


EVERY_CUT = [set[int](), {1}, {2}, {1, 2}, {1, 2, 3, 4, 5, 6}]


@pytest.mark.parametrize("cuts", EVERY_CUT)
@pytest.mark.parametrize(
    "gaps",
    [
        (400, 25, 25, 25),  # 23:40, 00:05, 00:30, 00:55
        (419.99, 0.02, 29, 29, 29),
        (400, 20, 29, 29, 1391 - 58, 29, 29),  # both ends of a day: two midnights
        (400, 20, *[25] * 60, 20, 20),  # one visit over two midnights
        (421, 1440, 1440, 1440),  # the overlap of one day after the other
    ],
)
def test_midnights(engine: Engine, gaps: tuple[float, ...], cuts: set[int]) -> None:
    check(engine, at_intervals(1, *gaps), cuts)


@pytest.mark.parametrize("cuts", EVERY_CUT)
def test_a_visit_ends_after_exactly_30_minutes(
    engine: Engine, tmp_path: Path, cuts: set[int]
) -> None:
    records = at_intervals(1, 0, 30 - 1e-6 / 60, 30, 30 + 1e-6 / 60)
    with engine.opened(tmp_path) as warehouse:
        load(warehouse, cut(records, cuts))
        told = stored(warehouse)
    assert [told[hit_id(place)].is_entry for place, _ in records] == [True, False, True, True]


@pytest.mark.parametrize("cuts", EVERY_CUT)
def test_an_event_keeps_the_source_of_its_visit(
    engine: Engine, tmp_path: Path, cuts: set[int]
) -> None:
    came, later = Source(utm_source="mail"), Source(utm_source="inside")
    records = written(
        [
            Step(minutes(0), 1, 1, Kind.PAGEVIEW, came),
            Step(minutes(5), 1, 1, Kind.CONVERSION, later),
            Step(minutes(5), 1, 1, Kind.PAGEVIEW, later),
            Step(minutes(5), 1, 1, Kind.MICRO, Source()),
        ]
    )
    with engine.opened(tmp_path) as warehouse:
        load(warehouse, cut(records, cuts))
        told = stored(warehouse)
    assert [told[hit_id(place)].source for place, _ in records] == [came, came, later, came]


def test_everything_a_hit_says_is_stored(engine: Engine, tmp_path: Path) -> None:
    given_hit = hit(
        "/päth",
        site=7,
        received_at=datetime(2026, 3, 10, 23, 59, 59, 999_999, tzinfo=UTC),
        day=date(2026, 3, 11),
        visitor=2**64 - 1,
        previous=2**64 - 2,
        kind=Kind.CONVERSION,
        origin="https://exämple.com",
        source=Source(
            "https://r.example", "/p", "s", "m", "c", "t", "n", "ref", "k", "S", "M", "C"
        ),
        name="signup 🚀",
        amount=Decimal("-12345678901234.5678"),
        properties={"plan": "'pro'", "a": ""},
        group="blog",
        browser_timezone="Asia/Kathmandu",
        wire="seal",
    )
    with engine.opened(tmp_path) as warehouse:
        load(warehouse, cut([(Position(3, 9), given_hit)], ()))
        ((*row,),) = warehouse.query(
            "SELECT site_id, received_at, day, hit_id, visitor, kind, origin, path, name,"
            " amount, properties, content_group, browser_timezone, wire FROM hits"
        )
        assert stored(warehouse)[3 << 32 | 9].source == given_hit.source
    assert row == [
        7,
        datetime(2026, 3, 10, 23, 59, 59, 999_999),
        date(2026, 3, 11),
        3 << 32 | 9,
        2**64 - 1,
        "conversion",
        "https://exämple.com",
        "/päth",
        "signup 🚀",
        Decimal("-12345678901234.5678"),
        '{"a":"","plan":"\'pro\'"}',
        "blog",
        "Asia/Kathmandu",
        "seal",
    ]
