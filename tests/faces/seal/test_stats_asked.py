"""What may be asked of statistics: which days, beside which, and what is refused and how."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import httpx
import pytest

from tests.faces.seal.dialect import calls, data, refusal, wrong_fields
from tests.support import ManualClock, running_server

# In Madrid it is Thursday, 14 May, already.
CLOCK = ManualClock(datetime(2026, 5, 13, 23, tzinfo=UTC))


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    with (
        running_server(tmp_path_factory.mktemp("asked"), clock=CLOCK) as server,
        calls(server, server.token("*")) as client,
    ):
        server.site("Shop", timezone="Europe/Madrid")
        server.site("Other")
        client.params = httpx.QueryParams(site_id="shop")
        yield client


def days(api: httpx.Client, **query: str) -> tuple[str, str]:
    found = data(api.get("/stats/overview", params=query))["date_range"]
    first, last = (date.fromisoformat(found[name]) for name in ("start_date", "end_date"))
    assert found["days"] == (last - first).days + 1
    return f"{first:%m-%d}", f"{last:%m-%d}"


def days_before(api: httpx.Client, **query: str) -> tuple[str, str]:
    answer = api.get("/stats/sources", params=query).json()
    found = answer["comparison"]["date_range"]
    return found["start_date"], found["end_date"]


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        ("today", "05-14", "05-14"),
        ("yesterday", "05-13", "05-13"),
        ("7d", "05-08", "05-14"),
        ("30d", "04-15", "05-14"),
        ("90d", "02-14", "05-14"),
        ("12m", "05-15", "05-14"),
        ("this_week", "05-11", "05-14"),
        ("last_week", "05-04", "05-10"),
        ("this_month", "05-01", "05-14"),
        ("last_month", "04-01", "04-30"),
        ("this_quarter", "04-01", "05-14"),
        ("last_quarter", "01-01", "03-31"),
        ("this_year", "01-01", "05-14"),
        ("last_year", "01-01", "12-31"),
        ("wtd", "05-11", "05-14"),
        ("mtd", "05-01", "05-14"),
        ("qtd", "04-01", "05-14"),
        ("ytd", "01-01", "05-14"),
    ],
)
def test_presets(api: httpx.Client, period: str, first: str, last: str) -> None:
    assert days(api, period=period) == (first, last)


def test_dates(api: httpx.Client) -> None:
    assert days(api) == ("04-15", "05-14")
    assert days(api, start_date="2026-05-01") == ("05-01", "05-14")
    assert days(api, end_date="2026-05-01") == ("04-02", "05-01")
    assert days(api, start_date="2026-05-01", end_date="2026-05-02") == ("05-01", "05-02")
    # A preset goes before them.
    assert days(api, start_date="2026-05-01", period="today") == ("05-14", "05-14")
    two_years = {"start_date": "2024-05-15", "end_date": "2026-05-14"}
    assert data(api.get("/stats/overview", params=two_years))["date_range"]["days"] == 730


@pytest.mark.parametrize(
    ("query", "first", "last"),
    [
        ({"period": "7d"}, "2026-05-01", "2026-05-07"),
        ({"period": "7d", "compare": "true"}, "2026-05-01", "2026-05-07"),
        ({"period": "7d", "compare": "yoy"}, "2025-05-08", "2025-05-14"),
        ({"period": "last_month"}, "2026-03-02", "2026-03-31"),
        ({"period": "wtd"}, "2026-05-04", "2026-05-07"),
        ({"period": "mtd"}, "2026-04-01", "2026-04-14"),
        ({"period": "qtd"}, "2026-01-01", "2026-02-14"),
        ({"period": "ytd"}, "2025-01-01", "2025-05-14"),
        ({"period": "this_month"}, "2026-04-01", "2026-04-14"),
        (
            {"start_date": "2024-02-28", "end_date": "2024-02-29", "compare": "yoy"},
            "2023-02-28",
            "2023-02-28",
        ),
    ],
)
def test_the_days_beside(api: httpx.Client, query: dict[str, str], first: str, last: str) -> None:
    assert days_before(api, **({"compare": "previous"} | query)) == (first, last)


def test_the_present_is_that_of_the_site(api: httpx.Client) -> None:
    assert days(api, site_id="other", period="today") == ("05-13", "05-13")
    assert days(api, account_id="other", period="today", site_id="") == ("05-13", "05-13")


@pytest.mark.parametrize(
    "query",
    [
        {"period": "fortnight"},
        {"start_date": "2026-05-02", "end_date": "2026-05-01"},
        {"start_date": "2024-05-14", "end_date": "2026-05-14"},
        {"start_date": "1999-12-31", "end_date": "2000-01-01"},
        {"start_date": "9999-12-31", "end_date": "9999-12-31"},
        {"end_date": "0001-01-01"},
    ],
)
def test_dates_that_cannot_be(api: httpx.Client, query: dict[str, str]) -> None:
    refusal(api.get("/stats/sources", params=query), 400, "bad_request")


@pytest.mark.parametrize(
    ("path", "query", "field"),
    [
        ("sources", {"page_size": "101"}, "page_size"),
        ("pages", {"page_size": "1001"}, "page_size"),
        ("geo/countries", {"page_size": "1001"}, "page_size"),
        ("conversions/raw", {"page_size": "10001", "period": "7d"}, "page_size"),
        ("properties/values", {"page_size": "1001", "property_key": "x"}, "page_size"),
        ("properties/values", {}, "property_key"),
        ("sources/top", {"limit": "101"}, "limit"),
        ("top-channels", {"limit": "51"}, "limit"),
        ("funnel", {"limit": "10001"}, "limit"),
        ("sources", {"page": "0"}, "page"),
        ("sources", {"sort_by": "utm_source"}, "sort_by"),
        ("pages", {"sort_by": "revenue"}, "sort_by"),
        ("conversions", {"sort_by": "entrances"}, "sort_by"),
        ("sources", {"sort_order": "up"}, "sort_order"),
        ("sources", {"compare": "before"}, "compare"),
        ("sources", {"search": "x" * 201}, "search"),
        ("pages", {"include": "city"}, "include.0"),
        ("sources", {"country": "Spain"}, "country.0"),
        ("sources", {"start_date": "1 May"}, "start_date"),
        ("sources", {"start_date": "1778716800"}, "start_date"),
        ("sources", {"filters": "country"}, "filters"),
        ("sources", {"filters": "city:eq:Madrid"}, "filters"),
        ("sources", {"filters": "country:like:E"}, "filters"),
        ("sources", {"filters": "path:regex:("}, "filters"),
        ("sources", {"filters": "path:in:" + "|".join(map(str, range(1001)))}, "filters"),
        ("overview", {"granularity": "weekly"}, "granularity"),
        ("properties/keys", {"table": "sites"}, "table"),
    ],
)
def test_parameters_that_cannot_be(
    api: httpx.Client, path: str, query: dict[str, str], field: str
) -> None:
    answer = api.get(f"/stats/{path}", params={"site_id": "shop"} | query)
    assert wrong_fields(answer) == [f"query.{field}"]


def test_a_site_is_needed(api: httpx.Client) -> None:
    assert wrong_fields(api.get("/stats/sources", params={"site_id": ""})) == ["query.site_id"]
    refusal(api.get("/stats/sources", params={"site_id": "nobody"}), 404, "not_found")
    refusal(api.get("/stats/sources", params={"segment": "nothing"}), 404, "not_found")


def test_how_many_days_at_once(api: httpx.Client) -> None:
    month = {"start_date": "2026-04-01", "end_date": "2026-05-01"}
    day_more = month | {"start_date": "2026-03-31"}
    for path in ("conversions/raw", "microconversions/raw", "conversion-items/raw"):
        assert api.get(f"/stats/{path}", params=month).status_code == 200
        refusal(api.get(f"/stats/{path}", params=day_more), 400, "bad_request")
    hourly = {"granularity": "hourly"}
    assert api.get("/stats/overview", params=month | hourly).status_code == 200
    refusal(api.get("/stats/overview", params=day_more | hourly), 400, "bad_request")


def test_hours_of_a_day_on_which_clocks_change(api: httpx.Client) -> None:
    """Madrid skipped 2 o'clock on 29 March, and had it twice on 25 October."""
    for day, hours in (
        ("2026-03-29", [0, 1, *range(3, 24)]),
        ("2025-10-26", [*range(24)]),
    ):
        query = {"start_date": day, "end_date": day, "granularity": "hourly"}
        series = data(api.get("/stats/overview", params=query))["entrances_series"]
        assert [point["hour"] for point in series["points"]] == hours


WEEK = {"date_from": "2026-05-01", "date_to": "2026-05-07"}


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"dimensions": ["city"]}, "Unknown dimension: city"),
        ({"metrics": ["visitors"]}, "Unknown metric: visitors"),
        ({"compare": "before"}, "Unknown compare: before"),
        ({"date_to": "2026-04-30"}, "after the end date"),
        ({"date_from": "2020-01-01"}, "730 are possible"),
        ({"order_by": [{"field": "revenue"}], "metrics": ["entrances"]}, "Cannot order by revenue"),
        (
            {
                "dimensions": [
                    *("date", "hour", "day_of_week", "country", "utm_source", "utm_medium"),
                    *("utm_campaign", "utm_term", "utm_content", "device_type", "browser"),
                ]
            },
            "At most 10 dimensions",
        ),
    ],
)
def test_questions_that_cannot_be(api: httpx.Client, body: dict[str, Any], said: str) -> None:
    error = refusal(api.post("/stats/query", json=WEEK | body), 400, "bad_request")
    assert said in error["message"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"limit": 10_001}, "body.limit"),
        ({"granularity": "weekly"}, "body.granularity"),
        ({"filters": {"hour": 24}}, "body.filters.hour"),
        ({"filters": {"day_of_week": [1, 0]}}, "body.filters.day_of_week"),
        ({"filters": {"browser": ["x" * 30_000]}}, "body.filters"),
        ({"order_by": [{"field": "entrances", "direction": "up"}]}, "body.order_by.0.direction"),
        ({"date_from": "yesterday"}, "body.date_from"),
    ],
)
def test_bodies_that_cannot_be(api: httpx.Client, body: dict[str, Any], field: str) -> None:
    assert wrong_fields(api.post("/stats/query", json=WEEK | body)) == [field]


def test_files(api: httpx.Client) -> None:
    assert api.post("/stats/query/export", json=WEEK | {"limit": 100_000}).status_code == 200
    more = api.post("/stats/query/export", json=WEEK | {"limit": 100_001})
    assert wrong_fields(more) == ["body.limit"]
    odd = api.post("/stats/query/export", json=WEEK, params={"filename": 'a"b'})
    assert wrong_fields(odd) == ["query.filename"]


def test_funnels_have_from_two_to_ten_steps(api: httpx.Client) -> None:
    for steps in (["/"], ["/"] * 11):
        assert wrong_fields(api.post("/stats/funnel", json={"steps": steps})) == ["body.steps"]


# Several at once


def batch(api: httpx.Client, *queries: dict[str, Any], **options: Any) -> httpx.Response:
    return api.post("/batch", json={"queries": queries, "options": options})


SITE = {"account_id": "shop"}
FIRST = {"id": "first", "endpoint": "/stats/overview", "params": SITE}
SECOND = {
    "id": "second",
    "endpoint": "/stats/geo/countries",
    "params": SITE | {"page_size": 5, "country": "ES", "include_totals": True},
    "depends_on": ["first"],
}
WRONG = {"id": "wrong", "endpoint": "/stats/pages", "params": SITE | {"page_size": 2000}}
AFTER = {"id": "after", "endpoint": "/stats/pages", "params": SITE, "depends_on": ["wrong"]}


def test_a_batch(api: httpx.Client) -> None:
    answer = batch(api, SECOND, FIRST).json()
    assert answer.keys() == {"batch_id", "status", "results", "meta", "timestamp"}
    assert answer["status"] == "completed"
    assert list(answer["results"]) == ["first", "second"]
    first, second = answer["results"].values()
    assert first.keys() == {"status", "data", "error", "timing_ms"}
    params = {"site_id": "shop"}
    assert first["data"] == data(api.get("/stats/overview", params=params))
    assert (second["data"]["page_size"], second["data"]["totals"]["entrances"]) == (5, 0)
    assert isinstance(first["timing_ms"], int)
    assert answer["meta"] | {"total_timing_ms": 0} == {
        "total_queries": 2,
        "successful": 2,
        "failed": 0,
        "skipped": 0,
        "total_timing_ms": 0,
        "parallel_execution": False,
    }


def test_what_fails_in_a_batch(api: httpx.Client) -> None:
    nobody = {"id": "nobody", "endpoint": "/stats/pages", "params": {"account_id": "nobody"}}
    nowhere = {"id": "nowhere", "endpoint": "/sites"}
    answer = batch(api, WRONG, AFTER, FIRST, nobody, nowhere, include_timing=False).json()
    results = answer["results"]
    assert answer["status"] == "partial"
    assert {name: result["status"] for name, result in results.items()} == {
        "wrong": "error",
        "after": "skipped",
        "first": "success",
        "nobody": "error",
        "nowhere": "error",
    }
    assert results["wrong"]["error"]["code"] == "validation_error"
    assert results["nobody"]["error"]["code"] == "not_found"
    assert results["first"]["timing_ms"] is None
    assert answer["meta"]["skipped"] == 1
    assert batch(api, WRONG).json()["status"] == "failed"
    fast = batch(api, WRONG, FIRST, fail_fast=True).json()["results"]
    assert [result["status"] for result in fast.values()] == ["error", "skipped"]
    dry = batch(api, WRONG, FIRST, dry_run=True).json()
    assert [result["status"] for result in dry["results"].values()] == ["skipped", "skipped"]
    assert dry["status"] == "completed"


def test_batches_that_cannot_be(api: httpx.Client) -> None:
    circle = FIRST | {"depends_on": ["second"]}
    for queries, said in (
        ([FIRST, FIRST], "twice"),
        ([AFTER], "no query wrong"),
        ([circle, SECOND], "depends on it"),
    ):
        assert said in refusal(batch(api, *queries), 400, "bad_request")["message"]
        checked = api.post("/batch/validate", json={"queries": queries}).json()
        assert checked["valid"] is False
        assert any(said in each["error"] for each in checked["errors"])
    assert wrong_fields(batch(api)) == ["body.queries"]
    assert wrong_fields(batch(api, *[FIRST] * 51)) == ["body.queries"]
    assert wrong_fields(batch(api, FIRST | {"id": "1st"})) == ["body.queries.0.id"]
    assert wrong_fields(batch(api, FIRST, parallel_limit=11)) == ["body.options.parallel_limit"]


def test_whether_a_batch_can_be(api: httpx.Client) -> None:
    other = FIRST | {"id": "other"}
    answer = api.post("/batch/validate", json={"queries": [SECOND, FIRST, other]})
    assert answer.json() == {
        "valid": True,
        "query_count": 3,
        "execution_order": ["first", "other", "second"],
        "parallel_groups": [["first", "other"], ["second"]],
        "errors": [],
        "warnings": [],
    }
    wrong = api.post("/batch/validate", json={"queries": [WRONG]}).json()
    assert [each["id"] for each in wrong["errors"]] == ["wrong"]
