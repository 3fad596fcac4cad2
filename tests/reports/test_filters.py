"""Trees of conditions: what they mean, and what no warehouse is asked."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from leadline.reports import (
    AllOf,
    AnyOf,
    Condition,
    Dimension,
    Filter,
    FilterTooLarge,
    InvalidFilter,
    InvalidPattern,
    Metric,
    Not,
    Operator,
    Property,
    Query,
    Reports,
)
from leadline.reports.filters import DEEPEST, MOST_CHARACTERS, MOST_PARTS, MOST_TEXTS
from tests.clickhouse import Engine
from tests.reports.storing import store
from tests.spool.examples import hit
from tests.support import ManualClock

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
PATHS = ["/", "/shop/hat", "/shop/coat", "/Shop", "/100%_*", "/naïve ☂", "/a\nb\\'\"\t$x{y:String}"]
WHOLE = Query(
    sites=(1,),
    since=NOON,
    until=NOON + timedelta(hours=1),
    dimensions=(Dimension.PATHNAME,),
    metrics=(Metric.PAGEVIEWS,),
)


@pytest.fixture(scope="module")
def pages(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reports]:
    """One visit of each of the paths."""
    with engine.opened(tmp_path_factory.mktemp("pages")) as warehouse:
        hits = (hit(path, visitor=number, day=NOON.date()) for number, path in enumerate(PATHS))
        store(warehouse, *hits)
        yield Reports(warehouse, ManualClock(NOON))


def fitting(pages: Reports, *parts: Condition) -> list[str]:
    rows = pages.rows(replace(WHOLE, filters=parts))
    return [path for path in PATHS if any(row.values == (path,) for row in rows)]


def path(operator: Operator, value: str | tuple[str, ...]) -> Filter:
    return Filter(Dimension.PATHNAME, operator, value)


@pytest.mark.parametrize(
    ("operator", "value", "found"),
    [
        (Operator.IS, "/Shop", ["/Shop"]),
        (Operator.LIKE, "hop/*t", ["/shop/hat", "/shop/coat"]),
        (Operator.LIKE, "shop", ["/shop/hat", "/shop/coat"]),
        (Operator.LIKE, "%", ["/100%_*"]),
        (Operator.LIKE, "é", []),
        (Operator.LIKE, "*", PATHS),
        (Operator.LIKE, "", PATHS),
        (Operator.STARTS_WITH, "/shop", ["/shop/hat", "/shop/coat"]),
        (Operator.STARTS_WITH, "/100%_*", ["/100%_*"]),
        (Operator.STARTS_WITH, "/a\nb\\'\"\t$", [PATHS[-1]]),
        (Operator.STARTS_WITH, "b", []),
        (Operator.ENDS_WITH, "at", ["/shop/hat", "/shop/coat"]),
        (Operator.ENDS_WITH, " ☂", ["/naïve ☂"]),
        (Operator.ENDS_WITH, "/a", []),
        (Operator.ENDS_WITH, "", PATHS),
        (Operator.IN, ("/", "/Shop", "/"), ["/", "/Shop"]),
        (Operator.IN, (PATHS[-1], PATHS[-2]), PATHS[-2:]),
        (Operator.IN, (), []),
        (Operator.NOT_IN, tuple(PATHS[1:]), ["/"]),
        (Operator.NOT_IN, (), PATHS),
        (Operator.MATCHES, "(?i)^/shop$", ["/Shop"]),
        (Operator.MATCHES, "a.b", []),
        (Operator.NOT_MATCHES, "[a-z]", ["/", "/100%_*"]),
    ],
)
def test_operators(
    pages: Reports, operator: Operator, value: str | tuple[str, ...], found: list[str]
) -> None:
    assert fitting(pages, path(operator, value)) == found
    assert fitting(pages, Not(Not(path(operator, value)))) == found
    assert fitting(pages, Not(path(operator, value))) == [
        each for each in PATHS if each not in found
    ]


def test_trees(pages: Reports) -> None:
    shop, hat = path(Operator.STARTS_WITH, "/shop"), path(Operator.ENDS_WITH, "hat")
    home = path(Operator.IS, "/")
    assert fitting(pages, shop, hat) == fitting(pages, AllOf((shop, hat))) == ["/shop/hat"]
    assert fitting(pages, AnyOf((home, hat))) == ["/", "/shop/hat"]
    assert fitting(pages, AllOf((shop, Not(hat)))) == ["/shop/coat"]
    assert fitting(pages, AnyOf((home, AllOf((shop, Not(hat)))))) == ["/", "/shop/coat"]
    assert fitting(pages, Not(AnyOf((home, shop)))) == PATHS[3:]
    assert fitting(pages, shop, shop, Not(AllOf((hat, hat)))) == ["/shop/coat"]


def test_without_parts_all_fit_or_none(pages: Reports) -> None:
    assert fitting(pages) == fitting(pages, AllOf()) == fitting(pages, Not(AnyOf())) == PATHS
    assert fitting(pages, AnyOf()) == fitting(pages, Not(AllOf())) == []


@pytest.mark.parametrize("pattern", ["(", "a{2000}", "(?=a)", "x" * 1001, "*"])
def test_a_pattern_that_is_none_is_refused(pages: Reports, pattern: str) -> None:
    wanted = path(Operator.MATCHES, pattern)
    for tree in (wanted, Not(wanted), AnyOf((AllOf(), wanted))):
        with pytest.raises(InvalidPattern):
            fitting(pages, tree)


@pytest.mark.parametrize(
    "wrong",
    [
        path(Operator.IS, ("/",)),
        path(Operator.IN, "/"),
        path(Operator.MATCHES, ("/",)),
        Filter(Dimension.PROPERTY_KEY, Operator.IS, "plan"),
        path(Operator.LIKE, "\ud800"),
        path(Operator.IN, ("/", "\udfff\ud800")),
        Filter(Property("\udcff"), Operator.IS, "large"),
    ],
)
def test_what_cannot_be_compared(pages: Reports, wrong: Filter) -> None:
    with pytest.raises(InvalidFilter):
        pages.events(replace(WHOLE, filters=(wrong,)))


def nested(depth: int) -> Condition:
    """So many parts in each other."""
    found: Condition = path(Operator.IS, "/")
    for _ in range(depth - 1):
        found = Not(found)
    return found


def test_bounds(pages: Reports) -> None:
    """Just within them everything works, and what is beyond them is said."""
    is_home = path(Operator.IS, "/")
    texts = tuple(map(str, range(MOST_TEXTS)))
    fitting(pages, *(path(Operator.IS_NOT, f"/{number}") for number in range(MOST_PARTS - 1)))
    fitting(pages, nested(DEEPEST - 1))
    fitting(pages, path(Operator.NOT_IN, texts))
    fitting(pages, path(Operator.IS, "☂" * MOST_CHARACTERS))
    for wrong in (
        AnyOf((is_home,) * (MOST_PARTS - 1)),
        nested(DEEPEST),
        nested(100_000),
        path(Operator.IN, (*texts, "one more")),
        path(Operator.IS, "x" * (MOST_CHARACTERS + 1)),
        AnyOf((path(Operator.IS, "x" * MOST_CHARACTERS), is_home)),
        Filter(Property("x" * MOST_CHARACTERS), Operator.IS, "x"),
    ):
        with pytest.raises(FilterTooLarge):
            pages.events(replace(WHOLE, filters=(wrong,)))
