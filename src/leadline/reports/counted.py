"""What is counted: of which rows, to which sums, and what is known of each row, as SQL."""

from collections.abc import Mapping
from typing import NamedTuple

from leadline.reports.conditions import Expression
from leadline.reports.dimensions import By, Dimension, OnlyOfEvents, Property
from leadline.reports.filters import AllOf, conditions
from leadline.reports.query import Query
from leadline.warehouse import Dialect

_OF_THE_PAGE = {
    Dimension.SITE: "site_id",
    Dimension.HOSTNAME: "origin",
    Dimension.PATHNAME: "path",
    Dimension.CONTENT_GROUP: "content_group",
}
_NAMED_OTHERWISE = {
    **_OF_THE_PAGE,
    Dimension.ENTRY_PAGE: "path",
    Dimension.REFERRER_HOSTNAME: "referrer",
    Dimension.REFERRER_PATHNAME: "referrer_path",
    Dimension.EVENT_NAME: "name",
    Dimension.EVENT_KIND: "kind",
}
_IN_TIME = "hits.received_at >= $since AND hits.received_at < $until"
_IS_EVENT = "hits.kind IN ('conversion', 'micro')"
_IS_CONVERSION = "hits.kind = 'conversion'"


class Counted(NamedTuple):
    """What is counted of the rows of a table, `hits` or `visits`, and when each row was."""

    table: str
    moment: str
    which: str
    expression: Expression
    sums: Mapping[str, str]


def everything(query: Query) -> tuple[Counted, ...]:
    """Whatever a `Row` has sums of."""
    taken = f"{of_sites(query)} AND {_IN_TIME}"
    visitor = _visitor(query)
    return (
        Counted(
            "hits",
            "hits.received_at",
            f"{taken} AND hits.kind = 'pageview'",
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
            "visits.views > 0 AND visits.started_at >= $since AND visits.started_at < $until",
            _of_visit,
            {
                "visits": "count(*)",
                "bounces": "sum(CASE WHEN visits.views = 1 THEN 1 ELSE 0 END)",
                "duration": "sum(visits.lasted)",
            },
        ),
        Counted(
            "hits",
            "hits.received_at",
            f"{taken} AND hits.is_entry",
            _of_hit,
            {
                "entrances": "count(*)",
                "engaged_entrances": "sum(CASE WHEN visits.views > 1 THEN 1 ELSE 0 END)",
                "entrance_bounces": "sum(CASE WHEN visits.views > 1 THEN 0 ELSE 1 END)",
            },
        ),
        Counted(
            "hits",
            "hits.received_at",
            f"{taken} AND {_IS_EVENT}",
            _of_hit,
            {
                "conversions": f"sum(CASE WHEN {_IS_CONVERSION} THEN 1 ELSE 0 END)",
                "microconversions": f"sum(CASE WHEN {_IS_CONVERSION} THEN 0 ELSE 1 END)",
                "revenue": f"sum(CASE WHEN {_IS_CONVERSION} THEN coalesce(hits.amount, 0)"
                " ELSE 0 END)",
            },
        ),
    )


def events(query: Query, dialect: Dialect, which: str) -> Counted:
    """Whatever an `EventRow` has sums of; `which` are conditions of their own."""
    taken = f"{of_sites(query)} AND {_IN_TIME} AND {_IS_EVENT} {which}"
    key = f"{dialect.each_key('properties')} AS property_key"
    by_key = f"(SELECT *, {key} FROM hits WHERE {taken}) AS hits"
    return Counted(
        by_key if Dimension.PROPERTY_KEY in query.dimensions else "hits",
        "hits.received_at",
        taken,
        _of_event(query, dialect),
        {
            "conversions": "CAST(count(*) AS BIGINT)",
            "unique_conversions": f"CAST(count(DISTINCT ({_visitor(query)})) AS BIGINT)",
            "value": "sum(coalesce(hits.amount, 0))",
        },
    )


def asked_of(query: Query) -> list[By]:
    """What rows are told apart by, or filtered by."""
    compared = (each.dimension for each in conditions(AllOf(query.filters)))
    return list(dict.fromkeys([*query.dimensions, *compared]))


def keys_asked(query: Query) -> dict[Property, str]:
    """The names of the parameters that are keys of properties."""
    found = (each for each in asked_of(query) if isinstance(each, Property))
    return {each: f"key_{n}" for n, each in enumerate(found)}


def of_sites(query: Query) -> str:
    return f"hits.site_id IN ({', '.join(f'${name}' for name in site_names(query))})"


def site_names(query: Query) -> list[str]:
    """Of the parameters that are sites."""
    return ["site", *(f"site_{n}" for n, _ in enumerate(query.sites[1:], start=1))]


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
            return "CAST(visits.of_site AS VARCHAR)"
        case Dimension.EXIT_PAGE:
            return "visits.exit_path"
        case Dimension():
            return f"visits.entry_{column(each)}"
        case Property():
            raise OnlyOfEvents


def _of_page(each: By) -> str:
    is_its_own = isinstance(each, Dimension) and each in _OF_THE_PAGE
    return _of_hit(each) if is_its_own else _of_visit(each)


def _of_hit(each: By) -> str:
    """A hit has kept what is known of its visit, though that may have no page."""
    match each:
        case Dimension.SITE:
            return "CAST(hits.site_id AS VARCHAR)"
        case Dimension.ENTRY_PAGE | Dimension.EXIT_PAGE:
            return _of_visit(each)
        case Dimension():
            return f"hits.{column(each)}"
        case Property():
            raise OnlyOfEvents


def _of_event(query: Query, dialect: Dialect) -> Expression:
    keys = keys_asked(query)

    def expression(each: By) -> str:
        if isinstance(each, Property):
            return dialect.property("hits.properties", keys[each])
        return _of_hit(each)

    return expression
