"""What is counted: of which rows, to which sums, and what is known of each row, as SQL."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from leadline.reports.conditions import IS_EVENT, IS_PAGEVIEW, Expression
from leadline.reports.dimensions import By, Dimension, OnlyOfEvents, Property, is_of_events
from leadline.reports.filters import AllOf, conditions, steps
from leadline.reports.query import Query
from leadline.warehouse import ROLLED_UP, VISIT_COLUMNS, Dialect

_OF_THE_PAGE = {
    Dimension.SITE: "site_id",
    Dimension.HOSTNAME: "origin",
    Dimension.PATHNAME: "path",
    Dimension.CONTENT_GROUP: "content_group",
}
_NAMED_OTHERWISE = {
    **_OF_THE_PAGE,
    Dimension.ENTRY_PAGE: "path",
    Dimension.ENTRY_CONTENT_GROUP: "content_group",
    Dimension.REFERRER_HOSTNAME: "referrer",
    Dimension.REFERRER_DOMAIN: "referrer",
    Dimension.REFERRER_PATHNAME: "referrer_path",
    Dimension.EVENT_NAME: "name",
    Dimension.EVENT_KIND: "kind",
}
_OF_THE_VISIT = (Dimension.ENTRY_PAGE, Dimension.ENTRY_CONTENT_GROUP, Dimension.EXIT_PAGE)
_IN_TIME = "hits.received_at >= $since_{0} AND hits.received_at < $until_{0}"
_ROLLED_UP_OF: Mapping[str, tuple[str, ...]] = {
    "rollups.pageviews > 0": ("pageviews", "uniques", "visitors"),
    "rollups.visits > 0": ("visits", "bounces", "duration"),
    "rollups.entrances > 0": ("entrances", "engaged_entrances", "entrance_bounces"),
    "rollups.conversions + rollups.microconversions > 0": (
        *("conversions", "microconversions", "revenue"),
    ),
}
"""The sums that totals of whole days have, by whether a total has anything to count for them."""

_ROLLED_UP_AS = {"entrance_bounces": "rollups.entrances - rollups.engaged_entrances"}

KNOWN = frozenset(name for names in _ROLLED_UP_OF.values() for name in names)

_IS_CONVERSION = "hits.kind = 'conversion'"


class Counted(NamedTuple):
    """What is counted of the rows of a table, `hits` or `visits`, and when each row was."""

    table: str
    moment: str
    which: str
    expression: Expression
    sums: Mapping[str, str]


def everything(query: Query, span: int) -> tuple[Counted, ...]:
    """Whatever a `Row` has sums of, in the span of this number."""
    taken = f"{of_sites(query)} AND {_IN_TIME.format(span)}"
    visitor = _visitor(query)
    return (
        Counted(
            "hits",
            "hits.received_at",
            f"{taken} AND {IS_PAGEVIEW}",
            _of_page,
            {
                "pageviews": "count(*)",
                "uniques": f"count(DISTINCT ({visitor}, hits.origin, hits.path))",
                "visitors": f"count(DISTINCT ({visitor}))",
            },
        ),
        Counted(
            "visits",
            "visits.started_at",
            f"visits.views > 0 AND visits.started_at >= $since_{span}"
            f" AND visits.started_at < $until_{span}",
            _of_visit,
            {
                "visits": "count(*)",
                "bounces": "sum(CASE WHEN visits.views = 1 THEN 1 ELSE 0 END)",
                "duration": "sum(visits.lasted)",
            },
        ),
        entrances(query, span),
        Counted(
            "hits",
            "hits.received_at",
            f"{taken} AND {IS_EVENT}",
            _of_hit,
            {
                "conversions": f"sum(CASE WHEN {_IS_CONVERSION} THEN 1 ELSE 0 END)",
                "microconversions": f"sum(CASE WHEN {_IS_CONVERSION} THEN 0 ELSE 1 END)",
                "revenue": f"sum(CASE WHEN {_IS_CONVERSION} THEN coalesce(hits.amount, 0)"
                " ELSE 0 END)",
            },
        ),
    )


def entrances(query: Query, span: int) -> Counted:
    """What begins a visit."""
    return Counted(
        "hits",
        "hits.received_at",
        f"{of_sites(query)} AND {_IN_TIME.format(span)} AND hits.is_entry",
        _of_hit,
        {
            "entrances": "count(*)",
            "engaged_entrances": "sum(CASE WHEN visits.views > 1 THEN 1 ELSE 0 END)",
            "entrance_bounces": "sum(CASE WHEN visits.views > 1 THEN 0 ELSE 1 END)",
        },
    )


def events(query: Query, dialect: Dialect, which: str, span: int) -> Counted:
    """Whatever an `EventRow` has sums of, in a span; `which` are further conditions."""
    taken = f"{of_sites(query)} AND {_IN_TIME.format(span)} AND {IS_EVENT} {which}"
    key = f"{dialect.each_key('properties')} AS property_key"
    by_key = f"(SELECT *, {key} FROM hits WHERE {taken}) AS hits"
    return Counted(
        by_key if Dimension.PROPERTY_KEY in query.dimensions else "hits",
        "hits.received_at",
        taken,
        of_event(query, dialect),
        {
            "conversions": "count(*)",
            "unique_conversions": f"count(DISTINCT ({_visitor(query)}))",
            "value": "sum(coalesce(hits.amount, 0))",
        },
    )


def asked_of(query: Query) -> list[By]:
    """What rows are told apart by, or filtered by."""
    return _asked(query, of_hits=False)


def columns_of_visits(query: Query) -> set[str]:
    """The columns of visits that are asked for, beside those that there always are."""
    asked = (each for each in asked_of(query) if isinstance(each, Dimension))
    return {_column_of_visit(each) for each in asked if not is_of_events(each)} & {*VISIT_COLUMNS}


def known_by(query: Query, sums: Iterable[str]) -> str | None:
    """The dimension of the known totals that tells what is asked, if there can be one."""
    if not _is_plain(query, *query.dimensions) or not KNOWN.issuperset(sums):
        return None
    found = _rolled_up_as(query.dimensions[0]) if query.dimensions else ""
    return found if found in ROLLED_UP else None


def events_known_by(query: Query, name: str | None) -> str | None:
    """As `known_by`, of events."""
    if not _is_plain(query):
        return None
    known: dict[By, str] = {Dimension.EVENT_NAME: "name", Dimension.EVENT_KIND: "kind"}
    found = known.get(query.dimensions[0]) if query.dimensions else ""
    if name is None:
        return found
    return "name" if found in ("", "name") else None


def _rolled_up_as(each: By) -> str:
    by = Dimension.REFERRER_HOSTNAME if each is Dimension.REFERRER_DOMAIN else each
    return _of_page(by).partition(".")[2]


def _is_plain(query: Query, *compared: By) -> bool:
    """Whether it is about one site, by one dimension at most, and filtered by these alone."""
    tree = AllOf(query.filters)
    is_filtered = any(each.dimension not in compared for each in conditions(tree))
    is_of_one = len(query.sites) == 1 and len(query.dimensions) < 2
    return is_of_one and not is_filtered and not any(steps(tree))


def keys_asked(query: Query) -> dict[Property, str]:
    """The names of the parameters that are keys of properties."""
    found = (each for each in _asked(query, of_hits=True) if isinstance(each, Property))
    return {each: f"key_{n}" for n, each in enumerate(found)}


def _asked(query: Query, *, of_hits: bool) -> list[By]:
    """With what single hits of a visit are known by, or without."""
    compared = (each.dimension for each in conditions(AllOf(query.filters), of_hits=of_hits))
    return list(dict.fromkeys([*query.dimensions, *compared]))


def of_sites(query: Query, table: str = "hits") -> str:
    """Whether a row of the table is of one of the query's sites."""
    names = ", ".join(f"${name}" for name in site_parameters(query))
    return f"{table}.site_id IN ({names})" if names else "1 = 0"


def site_parameters(query: Query) -> dict[str, int]:
    return {f"site_{number}": site for number, site in enumerate(query.sites)}


def _visitor(query: Query) -> str:
    """What tells visitors of different days apart, and of different sites."""
    is_one = len(query.sites) == 1
    return "hits.day, hits.visitor" if is_one else "hits.site_id, hits.day, hits.visitor"


def column(each: Dimension) -> str:
    return _NAMED_OTHERWISE.get(each, each.value)


def _of_visit(each: By) -> str:
    """A visit is known by its first page."""
    match each:
        case Dimension.SITE:
            return "CAST(visits.site_id AS VARCHAR)"
        case Dimension.REFERRER_DOMAIN:
            return _host(f"visits.{_column_of_visit(each)}")
        case Dimension():
            return f"visits.{_column_of_visit(each)}"
        case Property():
            raise OnlyOfEvents


def _column_of_visit(each: Dimension) -> str:
    return "exit_path" if each is Dimension.EXIT_PAGE else f"entry_{column(each)}"


def _host(origin: str) -> str:
    """What there is behind the scheme."""
    schemes = (
        f"WHEN {origin} LIKE '{each}%' THEN substring({origin}, {len(each) + 1})"
        for each in ("https://", "http://")
    )
    return f"CASE {' '.join(schemes)} ELSE {origin} END"


def _of_page(each: By) -> str:
    is_its_own = isinstance(each, Dimension) and each in _OF_THE_PAGE
    return _of_hit(each) if is_its_own else _of_visit(each)


def _of_hit(each: By) -> str:
    """A hit has kept what is known of its visit, though that may have no page."""
    match each:
        case Dimension.SITE:
            return "CAST(hits.site_id AS VARCHAR)"
        case Dimension.REFERRER_DOMAIN:
            return _host(f"hits.{column(each)}")
        case Dimension() if each in _OF_THE_VISIT:
            return _of_visit(each)
        case Dimension():
            return f"hits.{column(each)}"
        case Property():
            raise OnlyOfEvents


def of_event(query: Query, dialect: Dialect) -> Expression:
    """What an event is known by, or any hit on its own."""
    keys = keys_asked(query)

    def expression(each: By) -> str:
        if isinstance(each, Property):
            return dialect.property("hits.properties", keys[each])
        return _of_hit(each)

    return expression


def known_totals(query: Query, dimension: str, sums: Iterable[str]) -> Counted:
    """The totals of whole days, by one dimension, with those rows that have something to count."""
    wanted = set(sums)
    something = " OR ".join(
        test for test, names in _ROLLED_UP_OF.items() if not wanted.isdisjoint(names)
    )
    return Counted(
        "rollups",
        "rollups.begins",
        f"{of_sites(query, 'rollups')} AND rollups.dimension = '{dimension}' AND ({something})"
        " AND rollups.begins >= $known_since AND rollups.begins < $known_until",
        _of_total,
        {name: f"sum({_ROLLED_UP_AS.get(name, f'rollups.{name}')})" for name in wanted},
    )


def _of_total(each: By) -> str:
    value = "rollups.value"
    return _host(value) if each is Dimension.REFERRER_DOMAIN else value


def known_events(query: Query, dimension: str, name: str | None) -> Counted:
    """The totals of whole days' events, by one dimension; of one name, if there is one."""
    of_name = "" if name is None else " AND event_rollups.value = $event"
    return Counted(
        "event_rollups",
        "event_rollups.begins",
        f"{of_sites(query, 'event_rollups')} AND event_rollups.dimension = '{dimension}'{of_name}"
        " AND event_rollups.begins >= $known_since AND event_rollups.begins < $known_until",
        lambda _: "event_rollups.value",
        {
            "conversions": "sum(event_rollups.conversions)",
            "unique_conversions": "sum(event_rollups.unique_conversions)",
            "value": "sum(event_rollups.worth)",
        },
    )
