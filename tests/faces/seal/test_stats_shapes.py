"""The shape of every statistic, pinned by an example to the letter; money as text or as number."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest

from leadline.spool import Hit, Kind, Source
from tests.faces.seal.dialect import calls, data, moment
from tests.reports.storing import store
from tests.spool.examples import hit
from tests.support import running_server

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
GOOGLE = Source(
    referrer="https://www.google.com",
    referrer_path="/",
    source="Google",
    medium="organic",
    channel="Organic Search",
)
DIRECT = Source(channel="Direct")


def history() -> Iterator[Hit]:
    """Ana comes from a search, reads two pages and buys; Ben sees one page, a week earlier too."""
    ana: dict[str, Any] = {
        "visitor": 1,
        "source": GOOGLE,
        "country": "ES",
        "browser": "Firefox",
        "operating_system": "Windows",
        "device_type": "Desktop",
    }
    ben: dict[str, Any] = {
        "visitor": 2,
        "source": DIRECT,
        "browser": "Safari",
        "operating_system": "iOS",
        "device_type": "Phone",
    }
    week = timedelta(days=7)
    yield hit("/", received_at=NOON - week, day=(NOON - week).date(), group="home", **ben)
    yield hit("/", received_at=NOON, group="home", **ana)
    yield hit("/hat", received_at=NOON + timedelta(minutes=1), group="shop", **ana)
    yield hit("/", received_at=NOON + timedelta(minutes=2), group="home", **ben)
    signup: dict[str, Any] = {"name": "signup", "properties": {"plan": "pro"}}
    yield hit("/hat", received_at=NOON + timedelta(minutes=3), kind=Kind.MICRO, **ana, **signup)
    sold: dict[str, Any] = {
        "name": "purchase",
        "amount": Decimal("89.5"),
        "properties": {"plan": "pro", "items": '[{"sku":"hat","quantity":2}]'},
    }
    yield hit(
        "/hat", received_at=NOON + timedelta(minutes=4, milliseconds=5), kind=Kind.CONVERSION,
        **ana, **sold,
    )  # fmt: skip


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    with (
        running_server(tmp_path_factory.mktemp("shapes"), clock=lambda: NOON) as server,
        calls(server, server.token("*")) as client,
    ):
        site = server.site("Shop", timezone="Europe/Madrid")
        assert site.id == 1
        store(server.leadline.storage.warehouse, *history())
        yield client


WEEK = {"site_id": "shop", "start_date": "2026-03-04", "end_date": "2026-03-10"}


def ask(api: httpx.Client, path: str, **query: Any) -> Any:
    return data(api.get(path, params=WEEK | query))


def page(api: httpx.Client, path: str, **query: Any) -> dict[str, Any]:
    answer = api.get(path, params=WEEK | query)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    moment(body.pop("timestamp"))
    return body


ANA = {
    "entrances": 1,
    "engaged_entrances": 1,
    "bounces": 0,
    "bounce_rate": 0.0,
    "page_views": 2,
    "microconversions": 1,
    "conversions": 1,
    "conversion_rate": 100.0,
    "revenue": 89.5,
}
BEN = {
    "entrances": 1,
    "engaged_entrances": 0,
    "bounces": 1,
    "bounce_rate": 100.0,
    "page_views": 1,
    "microconversions": 0,
    "conversions": 0,
    "conversion_rate": 0.0,
    "revenue": 0.0,
}
BOTH = {
    "entrances": 2,
    "engaged_entrances": 1,
    "bounces": 1,
    "bounce_rate": 50.0,
    "page_views": 3,
    "microconversions": 1,
    "conversions": 1,
    "conversion_rate": 50.0,
    "revenue": 89.5,
}
TEXT = {"revenue": "89.50"}
NOTHING = {"revenue": "0.00"}


def test_a_list_on_pages(api: httpx.Client) -> None:
    asked = {"compare": "previous", "include_totals": "true", "sort_by": "revenue", "page_size": 1}
    assert page(api, "/stats/sources", **asked) == {
        "success": True,
        "data": [
            {
                "utm_source": "google",
                **ANA,
                "entrances_prev": 0,
                "engaged_entrances_prev": 0,
                "page_views_prev": 0,
                "microconversions_prev": 0,
                "conversions_prev": 0,
                "revenue_prev": 0.0,
            }
        ],
        "total": 2,
        "page": 1,
        "page_size": 1,
        "has_next": True,
        "has_prev": False,
        "comparison": {
            **BEN,
            "date_range": {"start_date": "2026-02-25", "end_date": "2026-03-03", "days": 7},
        },
        "totals": BOTH,
    }


def test_channels_beside_their_rules(api: httpx.Client) -> None:
    first, second = page(api, "/stats/channels")["data"]
    path, named = "/channel-groups/stats/channels", {"account_id": "shop"}
    assert ask(api, path, **named) == {"channels": [first, second], "total": 2}
    alone = ask(api, path, page=2, page_size=1, **named)
    assert alone == {"channels": [second], "total": 2}
    of_ana = ask(api, path, country="es", **named)
    assert [row["entrances"] for row in of_ana["channels"]] == [1]


def test_without_comparison_and_totals(api: httpx.Client) -> None:
    answer = page(api, "/stats/mediums")
    assert (answer["comparison"], answer["totals"]) == (None, None)
    assert answer["data"] == [{"utm_medium": "(none)", **BEN}, {"utm_medium": "organic", **ANA}]


@pytest.mark.parametrize(
    ("path", "rows"),
    [
        ("campaigns", [{"utm_campaign": "(not set)", **BOTH}]),
        ("terms", [{"utm_term": "(not set)", **BOTH}]),
        ("contents", [{"utm_content": "(not set)", **BOTH}]),
        (
            "referrers",
            [{"referrer_domain": "www.google.com", "referrer": "www.google.com", **ANA}],
        ),
        ("channels", [{"channel": "Direct", **BEN}, {"channel": "Organic Search", **ANA}]),
        (
            "pages",
            [
                {"path": "/", "content_grouping": "home", "page_views": 2, "entrances": 2},
                {"path": "/hat", "content_grouping": "shop", "page_views": 1, "entrances": 0},
            ],
        ),
        (
            "geo/countries",
            [
                {"country": "Unknown", "country_name": "Unknown", **BEN, **NOTHING},
                {"country": "ES", "country_name": "Spain", **ANA, **TEXT},
            ],
        ),
        (
            "devices/types",
            [
                {
                    "device_type": "desktop",
                    "device": "desktop",
                    "name": "desktop",
                    **ANA,
                    "percentage": 50.0,
                },
                {
                    "device_type": "mobile",
                    "device": "mobile",
                    "name": "mobile",
                    **BEN,
                    "percentage": 50.0,
                },
            ],
        ),
        (
            "browsers",
            [
                {"browser": "Firefox", "name": "Firefox", **ANA, "percentage": 50.0},
                {"browser": "Safari", "name": "Safari", **BEN, "percentage": 50.0},
            ],
        ),
        (
            "operating-systems",
            [
                {"os": "Windows", "name": "Windows", **ANA, "percentage": 50.0},
                {"os": "iOS", "name": "iOS", **BEN, "percentage": 50.0},
            ],
        ),
        (
            "landing-pages",
            [
                {
                    "landing_page": "/",
                    "content_grouping": "home",
                    "entrances": 2,
                    "engaged_entrances": 1,
                    "bounce_rate": 50.0,
                    "microconversions": 1,
                    "conversions": 1,
                    "conversion_rate": 50.0,
                    "revenue": "89.50",
                }
            ],
        ),
    ],
)
def test_rows_of_lists(api: httpx.Client, path: str, rows: list[dict[str, Any]]) -> None:
    answer = page(api, f"/stats/{path}")
    assert answer["data"] == rows
    sizes = {"devices/types": 10, "browsers": 15, "operating-systems": 15}
    assert (answer["total"], answer["page_size"]) == (len(rows), sizes.get(path, 50))


@pytest.mark.parametrize(
    ("path", "rows"),
    [
        ("sources/top", [{"utm_source": "(direct)", **BEN}, {"utm_source": "google", **ANA}]),
        ("campaigns/top", [{"utm_campaign": "(not set)", **BOTH}]),
        ("terms/top", [{"utm_term": "(not set)", **BOTH}]),
        ("contents/top", [{"utm_content": "(not set)", **BOTH}]),
        (
            "referrers/top",
            [{"referrer_domain": "www.google.com", "referrer": "www.google.com", **ANA}],
        ),
        ("top-channels", [{"channel": "Direct", **BEN}, {"channel": "Organic Search", **ANA}]),
        (
            "pages/top",
            [
                {
                    "path": "/",
                    "page_views": 2,
                    "entrances": 2,
                    "engaged_entrances": 1,
                    "bounce_rate": 50.0,
                },
                {
                    "path": "/hat",
                    "page_views": 1,
                    "entrances": 0,
                    "engaged_entrances": 0,
                    "bounce_rate": 0.0,
                },
            ],
        ),
        (
            "landing-pages/top",
            [
                {
                    "landing_page": "/",
                    "content_grouping": "home",
                    "entrances": 2,
                    "engaged_entrances": 1,
                    "bounce_rate": 50.0,
                    "microconversions": 1,
                    "conversions": 1,
                    "conversion_rate": 50.0,
                    "revenue": "89.50",
                }
            ],
        ),
        (
            "pages/content-groups",
            [
                {"content_grouping": "home", "unique_pages": 1, "page_views": 2, "entrances": 2},
                {"content_grouping": "shop", "unique_pages": 1, "page_views": 1, "entrances": 0},
            ],
        ),
        (
            "landing-pages/by-content-group",
            [
                {
                    "content_grouping": "home",
                    "unique_pages": 1,
                    "entrances": 2,
                    "engaged_entrances": 1,
                    "bounce_rate": 50.0,
                    "microconversions": 1,
                    "conversions": 1,
                    "conversion_rate": 50.0,
                    "revenue": "89.50",
                }
            ],
        ),
        ("microconversions-types", ["signup"]),
        (
            "properties/keys",
            [
                {
                    "key": "plan",
                    "conversions_count": 1,
                    "microconversions_count": 1,
                    "total_count": 2,
                    "count": 2,
                },
                {
                    "key": "items",
                    "conversions_count": 1,
                    "microconversions_count": 0,
                    "total_count": 1,
                    "count": 1,
                },
            ],
        ),
    ],
)
def test_bare_lists(api: httpx.Client, path: str, rows: list[Any]) -> None:
    assert ask(api, f"/stats/{path}") == rows


def test_overview(api: httpx.Client) -> None:
    answer = ask(api, "/stats/overview", end_date="2026-03-10", start_date="2026-03-10")
    point = {"date": "2026-03-10", "hour": None, "day_of_week": 2, "value": 2}
    series = {"metric": "entrances", "points": [point], "total": 2, "average": 2.0}
    assert answer["date_range"] == {"start_date": "2026-03-10", "end_date": "2026-03-10", "days": 1}
    assert answer["traffic"] == {
        "entrances": 2,
        "engaged_entrances": 1,
        "page_views": 3,
        "microconversions": 1,
        "conversions": 1,
        "revenue": "89.50",
        "bounce_rate": 50.0,
        "pages_per_session": 1.5,
    }
    assert answer["conversions"] == {
        "conversions": 1,
        "revenue": "89.50",
        "microconversions": 1,
        "conversion_rate": 50.0,
        "average_order_value": "89.50",
    }
    assert answer["entrances_series"] == series
    assert answer["revenue_series"]["points"] == [point | {"value": 89.5}]
    assert answer["entrances_series_compare"] == {
        "metric": "entrances",
        "points": [point | {"date": "2026-03-09", "day_of_week": 1, "value": 0}],
        "total": 0,
        "average": 0.0,
    }
    names = ("entrances", "engaged_entrances", "page_views", "conversions", "microconversions")
    assert answer.keys() == {
        *("date_range", "traffic", "conversions", "traffic_change", "conversions_change"),
        *(f"{name}_series" for name in (*names, "revenue")),
        *(f"{name}_series_compare" for name in ("entrances", "page_views", "conversions")),
    }
    alone = ask(api, "/stats/overview", compare="none")
    nulls = {name for name, value in alone.items() if value is None}
    assert nulls == {name for name in alone if name.endswith(("_change", "_compare"))}


def test_devices(api: httpx.Client) -> None:
    answer = ask(api, "/stats/devices", country="ES")
    assert answer == {
        "by_device": [
            {
                "device_type": "desktop",
                "device": "desktop",
                "name": "desktop",
                **ANA,
                "percentage": 100.0,
            }
        ],
        "by_browser": [{"browser": "Firefox", "name": "Firefox", **ANA, "percentage": 100.0}],
        "by_os": [{"os": "Windows", "name": "Windows", **ANA, "percentage": 100.0}],
    }


UTM = {
    "utm_source": "google",
    "utm_medium": "organic",
    "utm_campaign": "(not set)",
    "utm_term": "(not set)",
    "utm_content": "(not set)",
}


def test_conversions(api: httpx.Client) -> None:
    assert page(api, "/stats/conversions")["data"] == [
        {
            "conversion_type": "purchase",
            "count": 1,
            "revenue": "89.50",
            "avg_value": "89.50",
            "by_source": [{**UTM, "conversions": 1, "revenue": "89.50", "percentage": 100.0}],
            "by_country": [
                {"country": "ES", "conversions": 1, "revenue": "89.50", "percentage": 100.0}
            ],
        }
    ]
    micro = page(api, "/stats/microconversions")
    by_source = [{**UTM, "count": 1, "percentage": 100.0}]
    assert micro["page_size"] == 20
    assert micro["data"] == [{"conversion_type": "signup", "count": 1, "by_source": by_source}]
    assert ask(api, "/stats/microconversions/signup") == {
        "conversion_type": "signup",
        "date_from": "2026-03-04",
        "date_to": "2026-03-10",
        "totals": {"count": 1},
        "total_count": 1,
        "by_source": by_source,
        "by_country": [{"country": "ES", "count": 1, "percentage": 100.0}],
        "by_device": [{"device_type": "desktop", "count": 1, "percentage": 100.0}],
        "by_landing_page": [{"landing_page": "/", "count": 1, "percentage": 100.0}],
    }


def test_single_events(api: httpx.Client) -> None:
    event = {
        "date": "2026-03-10",
        "hour": 13,
        "timestamp_utc": "2026-03-10T12:04:00.005Z",
        "timestamp_local": "2026-03-10T13:04:00.005+01:00",
        "conversion_type": "purchase",
        "country": "ES",
        "country_name": "Spain",
        "device_type": "desktop",
        "browser": "Firefox",
        "os": "Windows",
        "channel_group": "Organic Search",
        "landing_page": "/",
        **UTM,
    }
    sold = {"plan": "pro", "items": '[{"sku":"hat","quantity":2}]'}
    conversions = page(api, "/stats/conversions/raw")["data"]
    assert conversions == [{**event, "amount": "89.50", "properties": sold}]
    items = page(api, "/stats/conversion-items/raw")["data"]
    assert items == [{**event, "properties": {"sku": "hat", "quantity": "2"}}]
    (micro,) = page(api, "/stats/microconversions/raw")["data"]
    assert micro == {
        **event,
        "timestamp_utc": "2026-03-10T12:03:00.000Z",
        "timestamp_local": "2026-03-10T13:03:00.000+01:00",
        "conversion_type": "signup",
        "properties": {"plan": "pro"},
    }


def test_properties(api: httpx.Client) -> None:
    values = page(api, "/stats/properties/values", property_key="plan")
    assert values["data"] == [
        {
            "property_value": "pro",
            "utm_source": "google",
            "conversions_count": 1,
            "microconversions_count": 1,
            "total_count": 2,
            "revenue": 89.5,
        }
    ]
    row = {
        "utm_source": "google",
        "utm_medium": "organic",
        "utm_campaign": "(not set)",
        "total": 2,
        "values": {"pro": 2},
    }
    assert ask(api, "/stats/properties/breakdown", property_key="plan") == {
        "property_key": "plan",
        "property_values": ["pro"],
        "total_events": 2,
        "date_from": "2026-03-04",
        "date_to": "2026-03-10",
        "data": [row],
        "rows": [row],
        "totals": {"pro": 2},
    }


def test_funnels(api: httpx.Client) -> None:
    answer = api.get("/stats/funnel", params=WEEK).json()
    google = {name: UTM[name] for name in list(UTM)[:4]}
    ana = {
        "entrances": 1,
        "page_views": 2,
        "microconversions": {"signup": 1},
        "conversions": {"purchase": 1},
        "revenue": {"purchase": 89.5},
    }
    ben = {
        "entrances": 1,
        "page_views": 1,
        "microconversions": {},
        "conversions": {},
        "revenue": {},
    }
    direct = google | {"utm_source": "(direct)", "utm_medium": "(none)"}
    assert answer == {
        "account_id": "shop",
        "date_from": "2026-03-04",
        "date_to": "2026-03-10",
        "microconversion_types": ["signup"],
        "conversion_types": ["purchase"],
        "rows": [google | ana, direct | ben],
        "totals": dict.fromkeys(google, "") | ana | {"entrances": 2, "page_views": 3},
    }
    made = api.post("/stats/funnel", params=WEEK, json={"steps": ["/", "/hat", "purchase"]})
    assert data(made) == {
        "name": "Custom Funnel",
        "date_range": {"start_date": "2026-03-04", "end_date": "2026-03-10", "days": 7},
        "steps": [
            {
                "step_number": 1,
                "name": "/",
                "count": 2,
                "conversion_rate": 100.0,
                "drop_off_rate": 0.0,
            },
            {
                "step_number": 2,
                "name": "/hat",
                "count": 1,
                "conversion_rate": 50.0,
                "drop_off_rate": 50.0,
            },
            {
                "step_number": 3,
                "name": "purchase",
                "count": 1,
                "conversion_rate": 100.0,
                "drop_off_rate": 0.0,
            },
        ],
        "total_entries": 2,
        "total_completions": 1,
        "overall_conversion_rate": 50.0,
    }


def test_questions(api: httpx.Client) -> None:
    body = {
        "date_from": "2026-03-04",
        "date_to": "2026-03-10",
        "dimensions": ["country"],
        "metrics": ["entrances", "engaged_entrances", "revenue"],
        "compare": "previous",
        "limit": 1,
    }
    answer = api.post("/stats/query", params={"site_id": "shop"}, json=body)
    ben = {"country": "Unknown", "entrances": 1, "engaged_entrances": 0, "revenue": 0.0}
    assert answer.json() == {
        "data": [ben | {"bounce_rate": 100.0}],
        "meta": {
            "total_rows": 2,
            "has_more": True,
            "granularity": "total",
            "dimensions": ["country"],
            "metrics": ["entrances", "engaged_entrances", "revenue"],
        },
        "comparison_data": [ben | {"bounce_rate": 100.0}],
        "comparison_meta": {
            "date_from": "2026-02-25",
            "date_to": "2026-03-03",
            "mode": "previous",
            "total_rows": 1,
        },
    }
    file = api.post("/stats/query/export", params={"site_id": "shop"}, json=body | {"limit": 9})
    assert file.text.split("\r\n") == [
        "period,country,entrances,engaged_entrances,revenue,bounce_rate",
        "current,Unknown,1,0,0.0,100.0",
        "current,ES,1,1,89.5,0.0",
        "comparison,Unknown,1,0,0.0,100.0",
        "",
    ]
