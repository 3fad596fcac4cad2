"""Questions of any kind, and what they are in the words of the oracle."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import msgspec
from hypothesis import strategies as st

from leadline.reports import (
    AllOf,
    AnyOf,
    By,
    Condition,
    Days,
    Did,
    Dimension,
    EventMetric,
    EventRow,
    Filter,
    Funnel,
    Metric,
    Not,
    Operator,
    Period,
    Property,
    Query,
    Row,
    Step,
    Unit,
    Viewed,
)
from tests.reports import oracle
from tests.warehouse.histories import STARTS, ZONES

PATHS = ["/", "/a", "/b*c", "/é%_", "/\t\\'\"\n"]
ORIGINS = ["https://example.com", "https://www.example.com"]
GROUPS = ["", "blog", "ça"]
NAMES = ["signup", "buy"]
PROPERTIES: list[dict[str, str]] = [
    {},
    {"plan": "pro"},
    {"plan": "", "a/b~c": "x"},
    {"plan": "größer", 'q"u.o$t': "*", "": "none"},
]
KEYS = ["plan", "a/b~c", 'q"u.o$t', "", "nothing"]
VALUES = [*PATHS, *ORIGINS, *GROUPS, "a", "ES", "example", "s*", "*", "Chrome", "pro", "micro"]

OF_EVENTS = [Dimension.EVENT_NAME, Dimension.EVENT_KIND, Dimension.PROPERTY_KEY]
OF_PAGES: list[By] = [each for each in Dimension if each not in OF_EVENTS]
OF_ALL: list[By] = [*Dimension, *map(Property, KEYS)]
SEVERAL = [Operator.IN, Operator.NOT_IN]
PATTERNS = [Operator.MATCHES, Operator.NOT_MATCHES]
ONE = [each for each in Operator if each not in SEVERAL and each not in PATTERNS]


def _compared(by: By, values: Sequence[str]) -> st.SearchStrategy[Condition]:
    return st.builds(Filter, st.just(by), st.sampled_from(ONE), st.sampled_from(values))


def _nested(
    conditions: st.SearchStrategy[Condition], max_leaves: int
) -> st.SearchStrategy[Condition]:
    return st.recursive(
        conditions,
        lambda inner: st.one_of(
            st.builds(Not, inner),
            st.builds(AllOf, st.lists(inner, max_size=3).map(tuple)),
            st.builds(AnyOf, st.lists(inner, max_size=3).map(tuple)),
        ),
        max_leaves=max_leaves,
    )


_pages = [
    _compared(Dimension.PATHNAME, PATHS),
    _compared(Dimension.HOSTNAME, ORIGINS),
    _compared(Dimension.CONTENT_GROUP, GROUPS),
]
_events = [
    _compared(Dimension.EVENT_NAME, NAMES),
    _compared(Dimension.EVENT_KIND, ["conversion", "micro"]),
    _compared(Property("plan"), ["pro", ""]),
]
hits: st.SearchStrategy[Step] = st.one_of(
    st.builds(Viewed, _nested(st.one_of(_pages), 2)),
    st.builds(Did, _nested(st.one_of(_events + _pages), 2)),
)


def trees(dimensions: Sequence[By]) -> st.SearchStrategy[Condition]:
    by = st.sampled_from([each for each in dimensions if each is not Dimension.PROPERTY_KEY])
    patterns = ["^/$", "^/(a|b)", "example", "", "[A-Z]{2}", r"^https://www\.", "ö|ç"]
    conditions: st.SearchStrategy[Condition] = st.one_of(
        st.builds(Filter, by, st.sampled_from(ONE), st.sampled_from(VALUES)),
        st.builds(Filter, by, st.sampled_from(PATTERNS), st.sampled_from(patterns)),
        st.builds(
            Filter,
            by,
            st.sampled_from(SEVERAL),
            st.lists(st.sampled_from(VALUES), max_size=3).map(tuple),
        ),
        hits,
    )
    return _nested(conditions, 4)


sites = st.lists(st.sampled_from(list(ZONES)), min_size=1, max_size=3, unique=True)


@st.composite
def odd_periods(draw: st.DrawFn) -> Period:
    """With edges among the hits."""
    edges = [STARTS + timedelta(minutes=draw(st.sampled_from([-60, -60, 0, 10, 300])))]
    for minutes in draw(st.lists(st.sampled_from([5, 30, 600, 20_000]), min_size=1, max_size=6)):
        edges.append(edges[-1] + timedelta(minutes=minutes))
    return Period(edges[0], edges[-1], tuple(edges[:-1]) if draw(st.booleans()) else ())


@st.composite
def whole_days(draw: st.DrawFn) -> Period:
    """Of some zone; before the last of them its clocks change."""
    first = date(2026, 3, 7) + timedelta(days=draw(st.integers(0, 4)))
    days = Days(first, first + timedelta(days=draw(st.integers(0, 30))))
    zone = draw(st.sampled_from([*ZONES.values(), "Europe/Madrid", "America/New_York"]))
    return days.period(zone, draw(st.sampled_from([Unit.DAY, Unit.WEEK, Unit.MONTH, None])))


periods = odd_periods() | whole_days()


@st.composite
def queries(
    draw: st.DrawFn, dimensions: Sequence[By], metrics: Sequence[Metric | EventMetric]
) -> Query:
    return Query(
        sites=tuple(draw(sites)),
        **draw(periods)._asdict(),
        dimensions=tuple(draw(st.lists(st.sampled_from(dimensions), max_size=3, unique=True))),
        metrics=tuple(draw(st.lists(st.sampled_from(metrics), unique=True, max_size=4))),
        filters=tuple(draw(st.lists(trees(dimensions), max_size=2))),
    )


of_pages = queries(OF_PAGES, list(Metric))
of_events = queries(OF_ALL, list(EventMetric))

funnels = st.builds(
    lambda sites, period, steps, filters: Funnel(
        sites=tuple(sites),
        since=period.since,
        until=period.until,
        steps=tuple(steps),
        filters=tuple(filters),
    ),
    sites,
    periods,
    st.lists(hits, min_size=2, max_size=4),
    st.just([]) | st.lists(trees(OF_PAGES), max_size=2),
)

USUAL = ["pageviews", "uniques", "visitors", "visits", "bounces", "duration"]
USUAL_OF_EVENTS = ["conversions", "unique_conversions", "value"]
_OF_RATIOS = {
    "bounce_rate": ["visits", "bounces"],
    "average_duration": ["visits", "duration"],
    "views_per_visit": ["pageviews", "visits"],
    "entrance_bounce_rate": ["entrances", "entrance_bounces"],
    "views_per_entrance": ["pageviews", "entrances"],
    "conversion_rate": ["entrances", "conversions"],
    "average_order_value": ["conversions", "revenue"],
}


def plain(query: Query, usual: Sequence[str] = USUAL) -> oracle.Asked:
    """A query in the words of the oracle; without metrics the sums are the `usual`."""
    named = [each.value for each in query.metrics] or list(usual)
    return oracle.Asked(
        sites=query.sites,
        since=query.since,
        until=query.until,
        buckets=query.buckets,
        dimensions=list(map(_name, query.dimensions)),
        tree=("all", list(map(_tree, query.filters))),
        sums=list(dict.fromkeys(sum_ for name in named for sum_ in _OF_RATIOS.get(name, [name]))),
    )


def plain_funnel(funnel: Funnel) -> tuple[oracle.Asked, list[oracle.Tree]]:
    query = Query(
        sites=funnel.sites, since=funnel.since, until=funnel.until, filters=funnel.filters
    )
    return plain(query), list(map(_tree, funnel.steps))


def _name(by: By) -> str:
    return f"property:{by.key}" if isinstance(by, Property) else by.value


def _tree(part: Condition) -> oracle.Tree:
    match part:
        case Filter(dimension, operator, value):
            return ("if", _name(dimension), operator.value, value)
        case Not(inner):
            return ("not", _tree(inner))
        case AllOf(parts):
            return ("all", list(map(_tree, parts)))
        case AnyOf(parts):
            return ("any", list(map(_tree, parts)))
        case Viewed(page):
            return ("viewed", _tree(page))
        case Did(event):
            return ("did", _tree(event))


def numbers(row: Row | EventRow, sums: Sequence[str]) -> dict[str, Any]:
    """A row in the words of the oracle: what was asked for; everything else has to be 0."""
    fields = msgspec.structs.asdict(row)
    asked = {name: fields.pop(name) for name in ("bucket", "values", *sums)}
    assert not any(fields.values()), fields
    return asked
