"""`GET /v1/aggregations` and `/v1/current_visitors`: their parameters and their answers."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple

import httpx
import pytest

from leadline.sites import Site
from tests.collector.hits import fathom, settle
from tests.faces.fathom.wire import UNKNOWN, Json, error_of, errors_of
from tests.support import ManualClock, RunningServer, running_server

MADRID = "Europe/Madrid"


class Shop(NamedTuple):
    """A site in Madrid with two visits on 10 March 2026, one on the 11th, and three events."""

    server: RunningServer
    client: httpx.Client
    site: Site

    def ask(self, **query: Any) -> httpx.Response:
        given = {"entity": "pageview", "entity_id": self.site.code} | query
        return self.client.get(
            "/v1/aggregations",
            params={name: value for name, value in given.items() if value is not None},
        )

    def rows(self, aggregates: str = "pageviews", **query: Any) -> list[Json]:
        answer = self.ask(aggregates=aggregates, **query)
        assert answer.status_code == 200, answer.text
        found: list[Json] = answer.json()
        return found

    def of_event(self, name: str, **query: Any) -> list[Json]:
        return self.rows(
            "conversions,unique_conversions,value",
            entity="event",
            entity_id=None,
            site_id=self.site.code,
            entity_name=name,
            **query,
        )


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    clock = ManualClock(datetime(2026, 3, 10, 22, 30, tzinfo=UTC))
    with running_server(tmp_path_factory.mktemp("shop"), clock=clock) as server:
        site = server.site("Shop", timezone=MADRID)
        search = {"r": "https://www.google.com/search?q=x"}
        fathom(server, site.code, p="/", **search)
        clock.advance(seconds=30)
        fathom(server, site.code, p="/about")
        clock.advance(seconds=10)
        fathom(server, site.code, "POST", p="/about", name="Signup", payload='{"_value":1999}')
        clock.advance(minutes=50)  # 00:20 in Madrid
        fathom(server, site.code, p="/", h="https://www.shop.example")
        fathom(server, site.code, "POST", p="/", name="Signup", payload='{"_value":0.5}')
        fathom(server, site.code, "POST", p="/", name="Signup")
        settle(server)
        with server.client("*") as client:
            yield Shop(server, client, site)


def test_without_any_grouping_there_is_one_row_of_texts(shop: Shop) -> None:
    everything = "visits,uniques,pageviews,avg_duration,bounce_rate"
    assert shop.rows(everything) == [
        {
            "visits": "2",
            "uniques": "3",
            "pageviews": "3",
            "avg_duration": "20.0000",
            "bounce_rate": 0.5,
        }
    ]
    empty = shop.rows(everything, date_from="2026-04-01")
    assert empty == [
        {
            "visits": "0",
            "uniques": "0",
            "pageviews": "0",
            "avg_duration": "0.0000",
            "bounce_rate": 0,
        }
    ]
    assert list(shop.rows("pageviews,visits")[0]) == ["pageviews", "visits"]


@pytest.mark.parametrize(
    ("grouping", "rows"),
    [
        ("hour", {"2026-03-11 00:00:00": "1", "2026-03-10 23:00:00": "2"}),
        ("day", {"2026-03-11": "1", "2026-03-10": "2"}),
        ("month", {"2026-03": "3"}),
        ("year", {"2026": "3"}),
    ],
)
def test_by_time_the_newest_is_first(shop: Shop, grouping: str, rows: dict[str, str]) -> None:
    found = shop.rows(date_grouping=grouping)
    assert {row["date"]: row["pageviews"] for row in found} == rows
    assert [row["date"] for row in found] == list(rows)
    turned = shop.rows(date_grouping=grouping, sort_by="timestamp:asc")
    assert turned == found[::-1]


def test_by_fields_the_most_is_first(shop: Shop) -> None:
    assert shop.rows("pageviews,visits", field_grouping="hostname,pathname") == [
        {
            "pageviews": "1",
            "visits": "1",
            "hostname": "https://shop.example",
            "pathname": "/",
        },
        {
            "pageviews": "1",
            "visits": "0",
            "hostname": "https://shop.example",
            "pathname": "/about",
        },
        {
            "pageviews": "1",
            "visits": "1",
            "hostname": "https://www.shop.example",
            "pathname": "/",
        },
    ]
    assert shop.rows(field_grouping="pathname", limit=1) == [{"pageviews": "2", "pathname": "/"}]
    assert shop.rows(field_grouping="pathname", sort_by="pathname:desc") == [
        {"pageviews": "1", "pathname": "/about"},
        {"pageviews": "2", "pathname": "/"},
    ]
    assert shop.rows(field_grouping="referrer_hostname,referrer_source", date_grouping="day") == [
        {
            "pageviews": "1",
            "date": "2026-03-11",
            "referrer_hostname": None,
            "referrer_source": None,
        },
        {
            "pageviews": "2",
            "date": "2026-03-10",
            "referrer_hostname": "https://www.google.com",
            "referrer_source": "Google",
        },
    ]


@pytest.mark.parametrize(
    "field",
    [
        *("entry_page", "exit_page", "referrer_pathname", "browser", "country_code", "city"),
        *("state", "region", "device_type", "operating_system", "utm_campaign", "utm_content"),
        *("utm_medium", "utm_source", "utm_term", "keyword", "ref"),
    ],
)
def test_every_field_groups(shop: Shop, field: str) -> None:
    rows = shop.rows(field_grouping=field)
    assert sum(int(row["pageviews"]) for row in rows) == 3
    assert all(list(row) == ["pageviews", field] for row in rows)


@pytest.mark.parametrize(
    ("given", "pageviews"),
    [
        ({"date_from": "2026-03-10 23:30:30"}, "2"),
        ({"date_from": "2026-03-10 23:30:31"}, "1"),
        ({"date_to": "2026-03-10 23:30:00"}, "1"),
        ({"date_to": "2026-03-10 23:29:59"}, "0"),
        ({"date_from": "2026-03-10", "date_to": "2026-03-10"}, "2"),
        ({"date_from": "2026-03-11"}, "1"),
        ({"date_to": "2026-03-11"}, "3"),
        ({"date_from": "2026-03-10T23:00:00.000Z"}, "1"),
        ({"date_from": "2026-03-10T23:00:00.000Z", "timezone": "Asia/Tokyo"}, "1"),
        ({"date_from": "2026-03-11", "timezone": "UTC"}, "0"),
        ({"date_from": "0001-01-02", "date_to": "9999-12-01"}, "3"),
        ({"date_from": "2026-03-12", "date_to": "2026-03-01"}, "0"),
    ],
)
def test_a_period(shop: Shop, given: dict[str, str], pageviews: str) -> None:
    assert shop.rows(**given) == [{"pageviews": pageviews}]


def wanted(*filters: tuple[str, str, str]) -> str:
    names = ("property", "operator", "value")
    return json.dumps([dict(zip(names, each, strict=True)) for each in filters])


@pytest.mark.parametrize(
    ("filters", "pageviews"),
    [
        ([], "3"),
        ([("pathname", "is", "/")], "2"),
        ([("pathname", "is not", "/")], "1"),
        ([("pathname", "is like", "bou")], "1"),
        ([("pathname", "is like", "/a*t")], "1"),
        ([("pathname", "is not like", "a*t")], "2"),
        ([("pathname", "matching", "^/(about|contact)$")], "1"),
        ([("pathname", "not matching", "^/$")], "1"),
        ([("hostname", "is", "https://www.shop.example")], "1"),
        ([("domain", "is like", "//shop.")], "2"),
        ([("entry_page", "is", "/")], "3"),
        ([("exit_page", "is", "/about")], "2"),
        ([("exit_page", "is", "/about"), ("pathname", "is", "/")], "1"),
        ([("referrer_source", "is", "Google")], "2"),
        ([("country_code", "is not", "ES")], "3"),
        ([("browser", "is", "Nothing")], "0"),
    ],
)
def test_filters(shop: Shop, filters: list[tuple[str, str, str]], pageviews: str) -> None:
    assert shop.rows(filters=wanted(*filters)) == [{"pageviews": pageviews}]


def test_events_by_name(shop: Shop) -> None:
    assert shop.of_event("Signup") == [
        {"conversions": "3", "unique_conversions": "2", "value": "1999.5"}
    ]
    assert shop.of_event("Signup", date_grouping="day") == [
        {"conversions": "2", "unique_conversions": "1", "value": "0.5", "date": "2026-03-11"},
        {"conversions": "1", "unique_conversions": "1", "value": "1999", "date": "2026-03-10"},
    ]
    by_page = shop.of_event("Signup", field_grouping="pathname", sort_by="value:desc")
    assert [row["pathname"] for row in by_page] == ["/about", "/"]
    assert shop.of_event("Nothing") == [
        {"conversions": "0", "unique_conversions": "0", "value": "0"}
    ]
    # As some clients ask.
    assert shop.rows("conversions", entity="event", entity_name="Signup") == [{"conversions": "3"}]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"entity": "visit"}, "entity"),
        ({"entity": None}, "entity"),
        ({"entity_id": None}, "entity_id"),
        ({"entity": "event", "entity_id": None, "entity_name": "x"}, "site_id"),
        ({"entity": "event", "aggregates": "conversions"}, "entity_name"),
        ({"aggregates": None}, "aggregates"),
        ({"aggregates": ","}, "aggregates"),
        ({"aggregates": "visits,conversions"}, "aggregates"),
        ({"date_grouping": "week"}, "date_grouping"),
        (
            {"date_grouping": "hour", "date_from": "2026-03-01", "date_to": "2026-03-08"},
            "date_grouping",
        ),
        ({"field_grouping": "pathname,nothing"}, "field_grouping"),
        ({"sort_by": "visits:asc"}, "sort_by"),
        ({"sort_by": "pageviews"}, "sort_by"),
        ({"sort_by": "timestamp:asc"}, "sort_by"),
        ({"date_from": "yesterday"}, "date_from"),
        ({"date_to": "2026-02-30"}, "date_to"),
        ({"timezone": "Mars/Base"}, "timezone"),
        ({"limit": "1001"}, "limit"),
        ({"limit": "0"}, "limit"),
        ({"limit": "many"}, "limit"),
        ({"filters": "{"}, "filters"),
        ({"filters": '[{"property":"pathname"}]'}, "filters"),
        ({"filters": wanted(("keyword", "is", "x"))}, "filters"),
        ({"filters": wanted(("browser", "is like", "x"))}, "filters"),
        ({"filters": wanted(("pathname", "contains", "x"))}, "filters"),
        ({"filters": wanted(("pathname", "matching", "("))}, "filters"),
        ({"filters": wanted(*[("pathname", "is", "/")] * 300)}, "filters"),
    ],
)
def test_what_cannot_be_asked(shop: Shop, query: dict[str, Any], field: str) -> None:
    answer = shop.ask(**({"aggregates": "pageviews"} | query))
    assert list(errors_of(answer)) == [field]


def test_by_hour_for_seven_days(shop: Shop) -> None:
    week = {"date_from": "2026-03-05", "date_to": "2026-03-11"}
    assert len(shop.rows(date_grouping="hour", **week)) == 2


def test_a_site_that_is_not_there_or_not_to_be_seen(shop: Shop) -> None:
    assert error_of(shop.ask(aggregates="visits", entity_id=UNKNOWN), 404)
    other = shop.server.site("Other")
    with shop.server.client(f"read:{other.code}") as stranger:
        query = {"entity": "pageview", "entity_id": shop.site.code, "aggregates": "visits"}
        assert error_of(stranger.get("/v1/aggregations", params=query), 404)
        own = stranger.get("/v1/aggregations", params=query | {"entity_id": other.slug})
        assert own.json() == [{"visits": "0"}]
        current = stranger.get("/v1/current_visitors", params={"site_id": shop.site.code})
        assert error_of(current, 404)


def test_who_is_there_now(shop: Shop) -> None:
    site = {"site_id": shop.site.code}
    assert shop.client.get("/v1/current_visitors", params=site).json() == {"total": 1}
    for detailed in ("true", "1"):
        answer = shop.client.get("/v1/current_visitors", params=site | {"detailed": detailed})
        assert answer.json() == {
            "total": 1,
            "content": [{"hostname": "https://www.shop.example", "pathname": "/", "total": "1"}],
            "referrers": [],
        }
    assert list(errors_of(shop.client.get("/v1/current_visitors"))) == ["site_id"]


def test_where_they_came_from(shop: Shop) -> None:
    site = shop.server.site("Linked")
    fathom(shop.server, site.code, r="https://news.example/item")
    settle(shop.server)
    query = {"site_id": site.slug, "detailed": "true"}
    answer = shop.client.get("/v1/current_visitors", params=query).json()
    assert answer["referrers"] == [
        {
            "referrer_hostname": "https://news.example",
            "referrer_pathname": "/item",
            "total": "1",
        }
    ]


def test_pages_of_several_hosts(shop: Shop) -> None:
    """Apart on a site whose hosts are `separate`, and together on any other."""
    hosts = {"combined": 1, "separate": 2}
    for option, pages in hosts.items():
        multi = {"multi_domain": "true", "multi_domain_option": option}
        code = shop.client.post("/v1/sites", data={"name": option, **multi}).json()["id"]
        for host in ("https://a.example", "https://b.example"):
            fathom(shop.server, code, h=host, p="/")
        settle(shop.server)
        for field in ("pathname", "entry_page", "exit_page"):
            rows = shop.rows(entity_id=code, field_grouping=field)
            assert [row[field] for row in rows] == ["/"] * pages
            assert ["hostname" in row for row in rows] == [option == "separate"] * pages
        by_host = shop.rows(entity_id=code, field_grouping="hostname,pathname")
        assert [row["hostname"] for row in by_host] == ["https://a.example", "https://b.example"]
        assert shop.rows(entity_id=code) == [{"pageviews": "2"}]
        assert len(shop.rows(entity_id=code, field_grouping="browser")) == 1
