"""Steps of visits: which hit counts for which, which visits are asked about, what is refused."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from msgspec.structs import replace

from leadline.reports import (
    Condition,
    Did,
    Dimension,
    Filter,
    Funnel,
    InvalidFilter,
    InvalidFunnel,
    InvalidPattern,
    Not,
    OnlyOfEvents,
    Operator,
    Property,
    Reached,
    Reports,
    Step,
    Viewed,
    funnel_sql,
)
from leadline.spool import Hit, Kind
from tests.clickhouse import Engine
from tests.reports import questions
from tests.reports.storing import store
from tests.reports.test_queries import History, busy
from tests.spool.examples import hit
from tests.support import ManualClock

__all__ = ["busy"]

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def path(text: str) -> Filter:
    return Filter(Dimension.PATHNAME, Operator.IS, text)


def event(name: str) -> Filter:
    return Filter(Dimension.EVENT_NAME, Operator.IS, name)


HOME, HAT, PAID = Viewed(path("/")), Viewed(path("/hat")), Did(event("buy"))


def visit(visitor: int, *does: str, begins: datetime = NOON, country: str = "") -> Iterator[Hit]:
    """A page a minute, and events: a name after the page on which they are."""
    for minute, each in enumerate(does):
        page, _, name = each.partition(" ")
        yield hit(
            page,
            visitor=visitor,
            received_at=begins + timedelta(minutes=minute),
            kind=Kind.CONVERSION if name else Kind.PAGEVIEW,
            name=name,
            country=country,
            properties={"plan": "pro"} if name else {},
        )


@pytest.fixture(scope="module")
def shop(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reports]:
    visits = [
        visit(1, "/", "/hat", "/hat buy", country="ES"),
        visit(2, "/hat", "/", "/other", "/hat", country="FR"),
        visit(3, "/hat buy", "/hat"),
        visit(4, "/", "/", "/"),
        visit(5, "/", "/hat", "/hat buy", begins=NOON + HOUR - timedelta(minutes=1)),
        visit(6, "/", "/hat", "/hat buy", begins=NOON + HOUR),
    ]
    hits = sorted((each for of_visit in visits for each in of_visit), key=lambda h: h.received_at)
    with engine.opened(tmp_path_factory.mktemp("shop")) as warehouse:
        store(warehouse, *hits)
        yield Reports(warehouse, ManualClock(NOON))


def asked(*steps: Step, filters: tuple[Condition, ...] = ()) -> Funnel:
    """Of the hour, in which all visits but the last begin."""
    return Funnel(sites=(1,), since=NOON, until=NOON + HOUR, steps=steps, filters=filters)


@pytest.mark.parametrize(
    ("steps", "visits"),
    [
        ((HOME, HAT, PAID), [5, 4, 3, 2]),
        ((HAT, HOME), [5, 4, 1]),
        ((PAID, HAT), [5, 3, 1]),
        ((HOME, HOME, HOME), [5, 4, 1, 1]),
        ((HAT, HAT), [5, 4, 1]),
        ((Viewed(), Did(Filter(Property("plan"), Operator.IS, "pro"))), [5, 5, 2]),
        ((Did(path("/hat")), Viewed(Not(path("/")))), [5, 3, 1]),
        ((HOME, Did(event("sell")), HAT), [5, 4, 0, 0]),
        ((Viewed(),) * 10, [5, 5, 4, 2, 1, 0, 0, 0, 0, 0, 0]),
    ],
)
def test_steps_are_done_in_order(shop: Reports, steps: tuple[Step, ...], visits: list[int]) -> None:
    found = shop.funnel(asked(*steps))
    assert [found.entrances, *(step.visits for step in found.steps)] == visits


def test_filters_are_of_visits(shop: Reports) -> None:
    spain = Filter(Dimension.COUNTRY, Operator.IS, "ES")
    entered_at_home = Filter(Dimension.ENTRY_PAGE, Operator.IS, "/")
    steps = (HOME, HAT)
    expected: dict[Condition, list[int]] = {
        spain: [1, 1, 1],
        entered_at_home: [3, 3, 2],
        Not(PAID): [2, 2, 1],
        HAT: [4, 3, 3],
    }
    for tree, visits in expected.items():
        found = shop.funnel(asked(*steps, filters=(tree,)))
        assert [found.entrances, *(step.visits for step in found.steps)] == visits
    assert shop.funnel(asked(*steps, filters=(Not(spain), HAT, PAID))).entrances == 2


def test_rates(shop: Reports) -> None:
    found = shop.funnel(asked(HOME, HAT, PAID))
    assert found.steps == (Reached(4, 5), Reached(3, 4), Reached(2, 3))
    assert (found.steps[1].rate, found.steps[1].drop_off) == (0.75, 0.25)
    assert found.completion_rate == 0.5
    nobody = shop.funnel(replace(asked(HOME, HAT), sites=(9,)))
    assert (nobody.steps[0].rate, nobody.steps[0].drop_off, nobody.completion_rate) == (0, 0, 0)


def test_hits_that_are_too_many_at_once(
    busy: History, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(funnel_sql, "HITS_AT_ONCE", 20)

    @settings(max_examples=engine.examples(20))
    @given(funnel=questions.funnels)
    def check(funnel: Funnel) -> None:
        busy.check_funnel(funnel)

    check()


def test_what_no_funnel_is_asked(shop: Reports) -> None:
    for steps in ((), (HOME,), (HOME,) * 11):
        with pytest.raises(InvalidFunnel):
            shop.funnel(asked(*steps))
    nobody_knows = Filter(Dimension.COUNTRY, Operator.IS, "ES")
    for wrong in (Viewed(event("buy")), Viewed(nobody_knows), Did(nobody_knows), Did(Not(HOME))):
        with pytest.raises(InvalidFilter):
            shop.funnel(asked(HOME, wrong))
    pattern = Viewed(Filter(Dimension.PATHNAME, Operator.MATCHES, "("))
    with pytest.raises(InvalidPattern):
        shop.funnel(asked(HOME, pattern))
    with pytest.raises(OnlyOfEvents):
        shop.funnel(asked(HOME, HAT, filters=(event("buy"),)))
