"""What a demo has written down is what every report says, on both engines."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import pytest

from leadline import storage
from leadline.demo import FILE, Demo, Plan, SiteTotals
from leadline.reports import Dimension, Metric, Order, Query, Reports, Row, beginning
from leadline.settings import Settings
from tests.clickhouse import Engine
from tests.demo.making import UNTIL, made, plan, sites_in
from tests.support import ManualClock, running_server


class Filled(NamedTuple):
    """The sites' own numbers are by their codes."""

    settings: Settings
    demo: Demo
    reports: Reports
    ids: dict[str, int]

    def query(self, site: SiteTotals, *dimensions: Dimension, **more: Any) -> Query:
        fields: dict[str, Any] = {
            "sites": (self.ids[site.code],),
            "since": site.since,
            "until": site.until,
        }
        return Query(**(fields | {"dimensions": dimensions} | more))

    def top(self, site: SiteTotals, dimension: Dimension, metric: Metric) -> list[Row]:
        order = (Order(metric, descending=True),)
        return self.reports.rows(self.query(site, dimension, order=order, limit=10))


@contextmanager
def filling(data: Path, url: str | None, wanted: Plan) -> Iterator[Filled]:
    options: dict[str, Any] = {"warehouse_url": url}
    settings = Settings(data=data, **options)
    demo = made(settings, wanted)
    with sites_in(settings) as (sites, organisations):
        listed = sites.list(organisations.first().id)
    ids = {site.code: int(site.id) for site in listed}
    with storage.opened(settings) as opened:
        yield Filled(settings, demo, Reports(opened.warehouse, ManualClock(wanted.until)), ids)


@pytest.fixture(scope="module")
def filled(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filled]:
    data = tmp_path_factory.mktemp("demo")
    with filling(data, engine.url(data), plan()) as filled:
        yield filled


def check_totals(filled: Filled) -> None:
    for site in filled.demo.sites:
        (row,) = filled.reports.rows(filled.query(site))
        assert (row.pageviews, row.uniques, row.visitors) == (
            site.pageviews,
            site.uniques,
            site.visitors,
        )
        assert (row.visits, row.bounces, row.duration) == (site.visits, site.bounces, site.duration)


def test_totals(filled: Filled) -> None:
    check_totals(filled)
    assert min(site.bounces for site in filled.demo.sites) > 0


@pytest.mark.parametrize(
    "changes",
    [
        {"hits": 1, "sites": 1, "days": 1},
        {"hits": 40, "sites": 3, "days": 1000},
        {"hits": 4000, "sites": 2, "days": 1},
        {"hits": 3000, "sites": 10, "days": 4, "seed": 7},
        {"hits": 3000, "sites": 5, "until": datetime(2026, 10, 25, 2, tzinfo=UTC), "days": 2},
    ],
)
def test_totals_of_other_plans(tmp_path: Path, changes: dict[str, Any]) -> None:
    wanted = plan(**changes)
    with filling(tmp_path, None, wanted) as filled:
        check_totals(filled)
        sites = filled.demo.sites
    events = sum(event.conversions for site in sites for event in site.events)
    assert sum(site.pageviews for site in sites) + events == wanted.hits


def test_days(filled: Filled) -> None:
    for site in filled.demo.sites:
        begins = tuple(beginning(day.day, site.timezone) for day in site.days)
        assert begins[0] == site.since
        rows = filled.reports.rows(filled.query(site, buckets=begins))
        found = {row.bucket: (row.pageviews, row.visits, row.visitors) for row in rows}
        told = [(day.pageviews, day.visits, day.visitors) for day in site.days]
        assert [found.get(number, (0, 0, 0)) for number, _ in enumerate(begins)] == told


def test_pages_sources_countries(filled: Filled) -> None:
    for site in filled.demo.sites:
        pages = filled.top(site, Dimension.PATHNAME, Metric.PAGEVIEWS)
        assert [(row.values[0], row.pageviews) for row in pages] == [
            (each.path, each.pageviews) for each in site.pages
        ]
        sources = filled.top(site, Dimension.SOURCE, Metric.VISITS)
        assert [(row.values[0], row.visits) for row in sources] == [
            (each.source, each.visits) for each in site.sources
        ]
        countries = filled.top(site, Dimension.COUNTRY, Metric.VISITS)
        assert [(row.values[0], row.visits) for row in countries] == [
            (each.country, each.visits) for each in site.countries
        ]


def test_events(filled: Filled) -> None:
    for site in filled.demo.sites:
        assert site.revenue == sum(event.value for event in site.events)
        for event in site.events:
            (row,) = filled.reports.events(filled.query(site), event.name)
            told = (event.conversions, event.unique_conversions, event.value)
            assert (row.conversions, row.unique_conversions, row.value) == told
    assert max(site.revenue for site in filled.demo.sites) > 0


def test_nothing_is_outside_of_its_time(filled: Filled) -> None:
    always = {"since": UNTIL - timedelta(days=400), "until": UNTIL + timedelta(days=400)}
    for site in filled.demo.sites:
        (row,) = filled.reports.rows(filled.query(site, **always))
        assert row.pageviews == site.pageviews


def test_it_is_in_the_file(filled: Filled) -> None:
    written = (filled.settings.data / FILE).read_bytes()
    assert msgspec.json.decode(written, type=Demo) == filled.demo


def test_the_api_says_so_too(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    demo = made(settings, plan(hits=1500, days=7, sites=2))
    with (
        running_server(settings.data, clock=ManualClock(UNTIL)) as server,
        server.client("*") as client,
    ):
        for site in demo.sites:
            asked = {
                "entity": "pageview",
                "entity_id": site.code,
                "aggregates": "pageviews,visits,uniques",
                "date_from": str(site.days[0].day),
            }
            (row,) = client.get("/v1/aggregations", params=asked).json()
            told = (site.pageviews, site.visits, site.uniques)
            assert (row["pageviews"], row["visits"], row["uniques"]) == tuple(map(str, told))
            asked |= {"date_grouping": "day", "sort_by": "timestamp:asc"}
            rows = client.get("/v1/aggregations", params=asked).json()
            assert {row["date"]: int(row["pageviews"]) for row in rows} == {
                str(day.day): day.pageviews for day in site.days if day.pageviews
            }
        (first, second) = client.get("/v1/sites").json()["data"]
        assert {first["id"], second["id"]} == {site.code for site in demo.sites}
