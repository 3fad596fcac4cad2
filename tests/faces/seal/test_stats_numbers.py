"""Every statistic, of one history, on both engines: the numbers are those of plain Python."""

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any, NamedTuple

import pytest

from leadline.reports import AllOf, Dimension, Filter, NewSegment, Operator, Viewed
from leadline.spool import Kind
from tests.clickhouse import Engine
from tests.faces.seal.shop import (
    ALL,
    COUNTRIES,
    DAYS,
    DEVICE_NAMES,
    EVERYTHING,
    FIRST,
    LAST,
    UTM,
    Shop,
    figures_of,
    in_any_order,
    midnight,
    money,
    named,
    open_shop,
    printed,
    rate,
    rounded,
    sums_of,
)
from tests.reports import oracle

DAY = timedelta(days=1)
BEFORE: dict[str, Any] = {"first": FIRST - 2 * DAY, "last": FIRST - DAY}
PREV = ("entrances", "engaged_entrances", "page_views", "microconversions", "conversions")
LANDING = (
    *("entrances", "engaged_entrances", "bounce_rate", "microconversions", "conversions"),
    *("conversion_rate", "revenue"),
)
CONVERSION: oracle.Tree = ("if", "event_kind", "is", "conversion")
MICRO: oracle.Tree = ("if", "event_kind", "is", "micro")


@pytest.fixture(scope="module")
def shop(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    with open_shop(engine, tmp_path_factory.mktemp("shop")) as opened:
        yield opened


class List(NamedTuple):
    path: str
    dimensions: tuple[str, ...]
    figures: tuple[str, ...] = ALL
    text: bool = False
    share: bool = False
    size: int = 100


LISTS = [
    List("/stats/sources", ("source",)),
    List("/stats/mediums", ("medium",)),
    List("/stats/campaigns", ("utm_campaign",)),
    List("/stats/terms", ("utm_term",)),
    List("/stats/contents", ("utm_content",)),
    List("/stats/referrers", ("referrer_domain",)),
    List("/stats/channels", ("channel",)),
    List("/stats/pages", ("pathname", "content_group"), ("page_views", "entrances"), size=1000),
    List("/stats/landing-pages", ("entry_page", "entry_content_group"), LANDING, True, size=1000),
    List("/stats/geo/countries", ("country",), text=True, size=1000),
    List("/stats/devices/types", ("device_type",), share=True),
    List("/stats/browsers", ("browser",), share=True),
    List("/stats/operating-systems", ("operating_system",), share=True),
]


def known_only(dimensions: Sequence[str], tree: oracle.Tree) -> oracle.Tree:
    """Who was referred by nobody is in no list of referrers."""
    if dimensions[0] != "referrer_domain":
        return tree
    return ("all", [tree, ("if", "referrer_domain", "is not", "")])


def expected(shop: Shop, asked: List, tree: oracle.Tree = EVERYTHING, **options: Any) -> Any:
    """Without what is before."""
    rows = shop.rows(
        asked.dimensions, sums_of(asked.figures), known_only(asked.dimensions, tree), **options
    )
    found = {}
    for row in rows:
        told = named(asked.dimensions, row["values"])
        found[row["values"]] = told | figures_of(row, asked.figures, text=asked.text)
        for name in DEVICE_NAMES.get(asked.dimensions[0], ()) if asked.share else ():
            found[row["values"]][name] = told[next(iter(told))]
        if "country" in told:
            found[row["values"]]["country_name"] = COUNTRIES[told["country"]]
    if asked.share:
        entrances = sum(row["entrances"] for row in rows)
        for row in rows:
            found[row["values"]]["percentage"] = rate(row["entrances"], entrances)
    return found


def total(shop: Shop, asked: List, **options: Any) -> dict[str, Any]:
    tree = known_only(asked.dimensions, EVERYTHING)
    (row,) = shop.rows((), sums_of(asked.figures), tree, **options)
    return figures_of(row, asked.figures, text=asked.text)


@pytest.mark.parametrize("asked", LISTS, ids=lambda asked: asked.path)
def test_lists(shop: Shop, asked: List) -> None:
    rows = expected(shop, asked)
    answer = shop.ask(asked.path, page_size=asked.size, include_totals=True)
    assert len(rows) > 1 or asked.path == "/stats/referrers"
    assert in_any_order(answer["data"]) == in_any_order(rows.values())
    assert (answer["total"], answer["has_next"]) == (len(rows), False)
    assert answer["totals"] == total(shop, asked)
    first = [row[asked.figures[0]] for row in answer["data"]]
    assert first == sorted(first, reverse=True)


def test_channels_beside_their_rules(shop: Shop) -> None:
    answer = shop.ask("/channel-groups/stats/channels", account_id=shop.site.slug)["data"]
    rows = expected(shop, List("", ("channel",)))
    assert in_any_order(answer["channels"]) == in_any_order(rows.values())
    assert answer["total"] == len(rows)


@pytest.mark.parametrize("asked", LISTS, ids=lambda asked: asked.path)
def test_lists_beside_the_days_before(shop: Shop, asked: List) -> None:
    rows, before = expected(shop, asked), expected(shop, asked, **BEFORE)
    names = [name for name in (*PREV, "revenue") if name in asked.figures]
    nothing = dict.fromkeys(names, 0) | {"revenue": money(Decimal(0), text=asked.text)}
    for values, row in rows.items():
        row |= {f"{name}_prev": before.get(values, nothing)[name] for name in names}
    answer = shop.ask(asked.path, page_size=asked.size, compare="previous")
    assert in_any_order(answer["data"]) == in_any_order(rows.values())
    assert answer["comparison"] == {
        "date_range": {"start_date": "2026-03-09", "end_date": "2026-03-10", "days": 2},
        **total(shop, asked, **BEFORE),
    }


FILTERS: list[tuple[dict[str, Any], oracle.Tree]] = [
    ({"country": "es"}, ("if", "country", "is", "ES")),
    ({"country": ["fr", "unknown"]}, ("if", "country", "in", ["FR", ""])),
    ({"utm_source": "GOOGLE"}, ("if", "source", "is", "Google")),
    ({"utm_source": "(direct)"}, ("if", "source", "is", "")),
    ({"utm_medium": "(none)"}, ("if", "medium", "is", "")),
    ({"utm_campaign": "may"}, ("if", "utm_campaign", "is", "may")),
    ({"utm_term": "(not set)"}, ("if", "utm_term", "is", "")),
    ({"device_type": "desktop"}, ("if", "device_type", "is", "Desktop")),
    ({"browser": "Chrome", "os": "iOS"}, ("all", [
        ("if", "browser", "is", "Chrome"), ("if", "operating_system", "is", "iOS"),
    ])),
    ({"channel_group": "Email"}, ("if", "channel", "is", "Email")),
    ({"filters": "utm_source:eq:google"}, ("if", "source", "is", "Google")),
    ({"filters": "utm_source:contains:oog"}, ("if", "source", "like", "oog")),
    ({"filters": "utm_medium:ne:email"}, ("if", "medium", "is not", "email")),
    ({"filters": "country:in:ES|FR,browser:not_in:Firefox|x"}, ("all", [
        ("if", "country", "in", ["ES", "FR"]), ("if", "browser", "not in", ["Firefox", "x"]),
    ])),
    ({"filters": "path:regex:^/(a|b)"}, ("if", "pathname", "matches", "^/(a|b)")),
    ({"filters": "path:not_contains:a"}, ("if", "pathname", "not like", "a")),
    ({"filters": "path:not_regex:[a,b]$,os:eq:iOS"}, ("all", [
        ("if", "pathname", "not matches", "[a,b]$"), ("if", "operating_system", "is", "iOS"),
    ])),
    ({"filters": "referrer:eq:www.google.com"}, ("if", "referrer_domain", "is", "www.google.com")),
    # What is said in `filters` goes before a parameter, and that before a segment.
    ({"filters": "country:eq:ES", "country": "FR"}, ("if", "country", "is", "ES")),
    ({"segment": "spaniards"}, ("all", [
        ("if", "country", "is", "ES"), ("viewed", ("if", "pathname", "is", "/a")),
    ])),
    ({"segment": "spaniards", "country": "FR"}, ("all", [
        ("if", "country", "is", "FR"), ("viewed", ("if", "pathname", "is", "/a")),
    ])),
    ({"segment": "desktop"}, ("if", "device_type", "is", "Desktop")),
]  # fmt: skip


@pytest.fixture(scope="module")
def segmented(shop: Shop) -> Shop:
    page = Viewed(Filter(Dimension.PATHNAME, Operator.IS, "/a"))
    condition = AllOf((Filter(Dimension.COUNTRY, Operator.IS, "ES"), page))
    new = NewSegment(display_name="Spaniards", condition=condition)
    shop.server.leadline.segments.create(shop.site.id, new)
    return shop


@pytest.mark.parametrize(("query", "tree"), FILTERS, ids=lambda given: str(given)[:60])
def test_filters(segmented: Shop, query: dict[str, Any], tree: oracle.Tree) -> None:
    for asked in (LISTS[1], LISTS[7]):
        rows = expected(segmented, asked, tree)
        answer = segmented.ask(asked.path, page_size=100, **query)
        assert in_any_order(answer["data"]) == in_any_order(rows.values())


def test_the_path_of_landing_pages_is_theirs(shop: Shop) -> None:
    asked = LISTS[8]
    for query, tree in (
        ({"filters": "path:eq:/a"}, ("if", "entry_page", "is", "/a")),
        ({"path_filter": "/%c"}, ("if", "entry_page", "matches", "^/.*c$")),
        ({"content_grouping": "blog"}, ("if", "entry_content_group", "is", "blog")),
        ({"search": "(NOT"}, ("if", "entry_page", "is", "")),
    ):
        rows = expected(shop, asked, tree)
        assert rows
        answer = shop.ask(asked.path, page_size=100, **query)
        assert in_any_order(answer["data"]) == in_any_order(rows.values())


def test_what_is_included_with_pages(shop: Shop) -> None:
    more = ("device_type", "channel")
    names = {"channel": "channel_group"}
    dimensions = ("pathname", "content_group", *more, *UTM)
    rows = []
    for row in shop.rows(dimensions, ["pageviews", "entrances"]):
        told = named(dimensions, row["values"])
        told = {names.get(name, name): value for name, value in told.items()}
        rows.append(told | figures_of(row, ("page_views", "entrances"), text=False))
    asked = {"include": ["device", "channel_group"], "include_utm": True}
    answer = shop.ask("/stats/pages", page_size=1000, **asked)
    assert in_any_order(answer["data"]) == in_any_order(rows)


@pytest.mark.parametrize("figure", ["revenue", "bounce_rate", "conversion_rate"])
def test_pages_of_a_list_in_either_order(shop: Shop, figure: str) -> None:
    pages = [
        shop.ask("/stats/landing-pages", page_size=5, page=n, sort_by=figure, sort_order="asc")
        for n in (1, 2, 3)
    ]
    found = [float(row[figure]) for page in pages for row in page["data"]]
    assert found == sorted(found)
    assert [page["has_prev"] for page in pages] == [False, True, True]
    assert pages[0]["has_next"]
    rows = {
        (row["landing_page"], row["content_grouping"]) for page in pages for row in page["data"]
    }
    assert len(rows) == len(found) == min(15, pages[0]["total"])


TOPS = [
    *(
        List(f"/stats/{name}/top", (dimension,))
        for name, dimension in {
            "sources": "source",
            "campaigns": "utm_campaign",
            "terms": "utm_term",
            "contents": "utm_content",
            "referrers": "referrer_domain",
        }.items()
    ),
    List("/stats/top-channels", ("channel",)),
    List(
        "/stats/pages/top",
        ("pathname",),
        ("page_views", "entrances", "engaged_entrances", "bounce_rate"),
    ),
    List("/stats/landing-pages/top", ("entry_page", "entry_content_group"), LANDING, True),
]


@pytest.mark.parametrize("asked", TOPS, ids=lambda asked: asked.path)
def test_the_first_rows(shop: Shop, asked: List) -> None:
    rows = [*expected(shop, asked).values()]
    assert in_any_order(shop.ask(asked.path, limit=50)["data"]) == in_any_order(rows)
    first = [row[asked.figures[0]] for row in shop.ask(asked.path, limit=2)["data"]]
    assert first == sorted((row[asked.figures[0]] for row in rows), reverse=True)[:2]


def test_top_sources_of_a_landing_page_have_no_page_views(shop: Shop) -> None:
    figures = tuple(name for name in ALL if name != "page_views")
    asked = List("", ("source",), figures)
    rows = expected(shop, asked, ("if", "entry_page", "is", "/a"))
    answer = shop.ask("/stats/sources/top", landing_page="/a")
    assert in_any_order(answer["data"]) == in_any_order(rows.values())


@pytest.mark.parametrize(
    ("path", "dimensions", "figures", "counted"),
    [
        ("pages/content-groups", ("content_group", "pathname"), ("page_views", "entrances"), 0),
        ("landing-pages/by-content-group", ("entry_content_group", "entry_page"), LANDING, 0),
    ],
)
def test_content_groups(
    shop: Shop, path: str, dimensions: tuple[str, str], figures: tuple[str, ...], counted: int
) -> None:
    tree: oracle.Tree = ("if", dimensions[0], "is not", "")
    by_page = expected(shop, List("", dimensions, figures), tree)
    groups = expected(shop, List("", dimensions[:1], figures, text=True), tree)
    rows = [
        row | {"unique_pages": sum(
            values[0] == group and page[figures[counted]] > 0 for values, page in by_page.items()
        )}
        for (group,), row in groups.items()
    ]  # fmt: skip
    assert len(rows) == 2
    assert in_any_order(shop.ask(f"/stats/{path}")["data"]) == in_any_order(rows)


def test_devices(shop: Shop) -> None:
    answer = shop.ask("/stats/devices")["data"]
    for name, asked in zip(("by_device", "by_browser", "by_os"), LISTS[-3:], strict=True):
        assert in_any_order(answer[name]) == in_any_order(expected(shop, asked).values())
    compared = shop.ask("/stats/devices", compare="previous")["data"]["by_os"]
    before = expected(shop, LISTS[-1], **BEFORE)
    assert {row["os"]: row["revenue_prev"] for row in compared if row["revenue_prev"]} == {
        row["os"]: row["revenue"] for row in before.values()
    }


SERIES = ("entrances", "engaged_entrances", "page_views", "conversions", "microconversions")


@pytest.mark.parametrize(("granularity", "step"), [("daily", 24), ("hourly", 1)])
def test_overview(shop: Shop, granularity: str, step: int) -> None:
    answer = shop.ask("/stats/overview", granularity=granularity, country="ES")["data"]
    tree: oracle.Tree = ("if", "country", "is", "ES")
    (now,) = shop.rows((), sums_of(ALL), tree)
    (before,) = shop.rows((), sums_of(ALL), tree, **BEFORE)
    for name, row in (("traffic", now), ("traffic_change", before)):
        figures: tuple[str, ...] = (*SERIES, "revenue", "bounce_rate")
        views = Decimal(row["pageviews"]) / row["entrances"]
        assert answer[name] == figures_of(row, figures, text=True) | {
            "pages_per_session": float(rounded(views))
        }
    for name, row in (("conversions", now), ("conversions_change", before)):
        figures = ("conversions", "revenue", "microconversions", "conversion_rate")
        average = row["revenue"] / row["conversions"]
        assert answer[name] == figures_of(row, figures, text=True) | {
            "average_order_value": str(rounded(average))
        }
    assert answer["date_range"] == DAYS | {"days": 2}
    buckets = [midnight(FIRST) + timedelta(hours=number) for number in range(0, 48, step)]
    rows = {row["bucket"]: row for row in shop.rows((), sums_of(ALL), tree, buckets=buckets)}
    for metric in (*SERIES, "revenue"):
        series = answer[f"{metric}_series"]
        values = [
            figures_of(rows[n], [metric], text=False)[metric] if n in rows else 0
            for n, _ in enumerate(buckets)
        ]
        assert [point["value"] for point in series["points"]] == values
        assert series["total"] == figures_of(now, [metric], text=False)[metric]
    assert [point["hour"] for point in series["points"]] == (
        [None, None] if step == 24 else [*range(24), *range(24)]
    )
    other = answer["entrances_series_compare"]
    assert sum(point["value"] for point in other["points"]) == before["entrances"]


# Events


def by_type(shop: Shop, kind: oracle.Tree, *dimensions: str) -> list[Any]:
    return shop.events(("event_name", *dimensions), kind)


def of_type(rows: list[Any], name: str) -> list[Any]:
    return [row for row in rows if row["values"][0] == name]


def test_conversions(shop: Shop) -> None:
    rows = []
    before = {row["values"]: row for row in shop.events(("event_name",), CONVERSION, **BEFORE)}
    for row in by_type(shop, CONVERSION):
        (name,) = row["values"]
        other = before[row["values"]]
        rows.append(
            {
                "conversion_type": name,
                "count": row["conversions"],
                "revenue": money(row["value"], text=True),
                "avg_value": money(row["value"] / row["conversions"], text=True),
                "count_prev": other["conversions"],
                "revenue_prev": money(other["value"], text=True),
                "by_source": in_any_order(
                    parts(of_type(by_type(shop, CONVERSION, *UTM), name), UTM, row)
                ),
                "by_country": in_any_order(
                    parts(of_type(by_type(shop, CONVERSION, "country"), name), ["country"], row)
                ),
            }
        )
    answer = shop.ask("/stats/conversions", compare="previous", include_totals=True)
    for row in answer["data"]:
        for part in ("by_source", "by_country"):
            counts = [each["conversions"] for each in row[part]]
            assert counts == sorted(counts, reverse=True)
            row[part] = in_any_order(row[part])
    assert in_any_order(answer["data"]) == in_any_order(rows)
    assert answer["totals"] == {
        "count": sum(row["count"] for row in rows),
        "revenue": money(sum((Decimal(row["revenue"]) for row in rows), Decimal(0)), text=True),
    }
    dearest = shop.ask("/stats/conversions", sort_by="avg_value", page_size=1)
    assert dearest["data"][0]["avg_value"] == max((row["avg_value"] for row in rows), key=Decimal)
    assert (dearest["total"], dearest["has_next"]) == (2, True)


def parts(rows: list[Any], dimensions: Sequence[str], whole: Any) -> Iterator[dict[str, Any]]:
    for row in rows:
        yield named(dimensions, row["values"][1:]) | {
            "conversions": row["conversions"],
            "revenue": money(row["value"], text=True),
            "percentage": rate(row["conversions"], whole["conversions"]),
        }


def counts(rows: list[Any], dimensions: Sequence[str], whole: int) -> list[str]:
    return in_any_order(
        named(dimensions, row["values"][1:])
        | {"count": row["conversions"], "percentage": rate(row["conversions"], whole)}
        for row in rows
    )


def test_microconversions(shop: Shop) -> None:
    types = {row["values"][0]: row["conversions"] for row in by_type(shop, MICRO)}
    assert shop.ask("/stats/microconversions-types")["data"] == sorted(types) == ["buy", "signup"]
    answer = shop.ask("/stats/microconversions")
    sources = by_type(shop, MICRO, *UTM)
    for row in answer["data"]:
        name = row["conversion_type"]
        assert row["count"] == types.pop(name)
        assert in_any_order(row["by_source"]) == counts(of_type(sources, name), UTM, row["count"])
    assert not types
    only = shop.ask("/stats/microconversions", conversion_type="buy")
    assert [row["conversion_type"] for row in only["data"]] == ["buy"]


def test_one_microconversion(shop: Shop) -> None:
    answer = shop.ask("/stats/microconversions/buy")["data"]
    (whole,) = of_type(by_type(shop, MICRO), "buy")
    count = whole["conversions"]
    assert answer["totals"] == {"count": count}
    for part, dimensions in (
        ("by_source", UTM),
        ("by_country", ("country",)),
        ("by_device", ("device_type",)),
        ("by_landing_page", ("entry_page",)),
    ):
        rows = of_type(by_type(shop, MICRO, *dimensions), "buy")
        assert in_any_order(answer[part]) == counts(rows, dimensions, count)
    nothing = shop.ask("/stats/microconversions/nothing/of/it")["data"]
    assert nothing["totals"] == {"count": 0}
    assert nothing["conversion_type"] == "nothing/of/it"


RAW: tuple[str, ...] = (
    *("event_name", "country", "device_type", "browser", "operating_system", "channel"),
    *("entry_page", *UTM),
)


def raw_rows(shop: Shop, tree: oracle.Tree, *, with_amount: bool) -> list[dict[str, Any]]:
    found = []
    for hit, values in oracle.event_log(shop.asked(RAW, (), tree), shop.told):
        told = named(RAW, values)
        local = hit.received_at + timedelta(hours=1)
        row = {
            "date": str(local.date()),
            "hour": local.hour,
            "timestamp_utc": f"{hit.received_at:%Y-%m-%dT%H:%M:%S}.000Z",
            "timestamp_local": f"{local:%Y-%m-%dT%H:%M:%S}.000+01:00",
            "country_name": COUNTRIES[told["country"]],
            "channel_group": told.pop("channel"),
            "properties": hit.properties,
            **told,
        }
        if with_amount:
            row["amount"] = money(hit.amount or Decimal(0), text=True)
        found.append(row)
    return found


def test_single_events(shop: Shop) -> None:
    for path, tree in (("conversions", CONVERSION), ("microconversions", MICRO)):
        rows = raw_rows(shop, tree, with_amount=path == "conversions")
        answer = shop.ask(f"/stats/{path}/raw", page_size=10_000)
        # Of one second the order may differ in how moments are cut to milliseconds.
        assert in_any_order(answer["data"]) == in_any_order(rows)
        moments = [row["timestamp_utc"] for row in answer["data"]]
        assert moments == sorted(moments, reverse=True)
        page = shop.ask(f"/stats/{path}/raw", page_size=3, page=2)
        assert page["data"] == answer["data"][3:6]
        assert page["total"] == len(rows)
        some = shop.ask(f"/stats/{path}/raw", conversion_type="buy", landing_page="/a")["data"]
        wanted = {"conversion_type": "buy", "landing_page": "/a"}
        assert some == [row for row in answer["data"] if row.items() >= wanted.items()]


UNITS = {"hat": {"quantity": "2", "price": "9.5"}, "cap": {"quantity": "x"}}


def items_of(shop: Shop) -> list[tuple[str, dict[str, str]]]:
    """Each with the source of its conversion."""
    found = []
    for hit, (source,) in oracle.event_log(shop.asked(("source",), (), CONVERSION), shop.told):
        text = hit.properties.get("items", "")
        if '"cap"' in text:
            found += [(source, {"sku": name, **fields}) for name, fields in UNITS.items()]
        elif '"no item"' in text:
            found.append((source, {"sku": "hat", "price": "1.25"}))
    return found


def test_items(shop: Shop) -> None:
    items = items_of(shop)
    answer = shop.ask("/stats/conversion-items/raw", page_size=1000)
    assert in_any_order(row["properties"] for row in answer["data"]) == in_any_order(
        item for _, item in items
    )
    assert "amount" not in answer["data"][0]
    keys = shop.ask("/stats/properties/keys", table="conversion_items")["data"]
    expected_keys = Counter(key for _, item in items for key in item)
    assert {row["key"]: row["total_count"] for row in keys} == expected_keys
    asked = {"table": "conversion_items", "property_key": "sku", "group_by": "utm_source"}
    units: Counter[tuple[str, str]] = Counter()
    worth: dict[tuple[str, str], float] = defaultdict(float)
    for source, item in items:
        count = int(item["quantity"]) if item.get("quantity", "x") != "x" else 1
        units[item["sku"], printed("source", source)] += count
        worth[item["sku"], printed("source", source)] += count * float(item.get("price", 0))
    values = shop.ask("/stats/properties/values", **asked)["data"]
    assert {
        (row["property_value"], row["utm_source"]): row["conversions_count"] for row in values
    } == units
    assert {(row["property_value"], row["utm_source"]): row["revenue"] for row in values} == {
        key: worth[key] for key in units
    }


def test_properties(shop: Shop) -> None:
    counted: Counter[tuple[str, Kind]] = Counter()
    for hit, _ in oracle.event_log(shop.asked((), (), EVERYTHING), shop.told):
        counted.update((key, hit.kind) for key in hit.properties)
    keys = shop.ask("/stats/properties/keys")["data"]
    assert {
        (row["key"], kind): row[name]
        for row in keys
        for name, kind in (
            ("conversions_count", Kind.CONVERSION),
            ("microconversions_count", Kind.MICRO),
        )
        if row[name]
    } == counted
    assert all(row["count"] == row["total_count"] for row in keys)
    tree: oracle.Tree = ("all", [CONVERSION, ("if", "property:plan", "is not", "")])
    dimensions = ("property:plan", "source", "medium", "utm_campaign")
    rows = shop.events(dimensions, tree)
    answer = shop.ask(
        "/stats/properties/values", property_key="plan", group_by="all", table="conversions"
    )
    assert in_any_order(answer["data"]) == in_any_order(
        {
            "property_value": row["values"][0],
            **named(dimensions[1:], row["values"][1:]),
            "conversions_count": row["conversions"],
            "microconversions_count": 0,
            "total_count": row["conversions"],
            "revenue": money(row["value"], text=False),
        }
        for row in rows
    )
    breakdown = shop.ask("/stats/properties/breakdown", property_key="plan", table="conversions")
    found = breakdown["data"]
    totals: Counter[str] = Counter()
    for row in rows:
        totals[row["values"][0]] += row["conversions"]
    assert found["totals"] == totals
    assert found["total_events"] == sum(totals.values())
    assert sum(row["total"] for row in found["data"]) == found["total_events"]
    assert {
        (value, row["utm_source"], row["utm_medium"], row["utm_campaign"]): count
        for row in found["data"]
        for value, count in row["values"].items()
    } == {
        (row["values"][0], *named(dimensions[1:], row["values"][1:]).values()): row["conversions"]
        for row in rows
    }


# Funnels


def test_the_funnel_of_each_source(shop: Shop) -> None:
    dimensions = UTM[:4]
    answer = shop.ask("/stats/funnel", limit=100)
    assert "truncated" not in answer
    rows: dict[tuple[str, ...], dict[str, Any]] = {}
    nothing = {"entrances": 0, "page_views": 0}

    def row_of(values: tuple[str, ...]) -> dict[str, Any]:
        kinds: dict[str, Any] = {"microconversions": {}, "conversions": {}, "revenue": {}}
        return rows.setdefault(values, named(dimensions, values) | nothing | kinds)

    for row in shop.rows(dimensions, ["entrances", "pageviews"]):
        row_of(row["values"]).update(figures_of(row, ("entrances", "page_views"), text=False))
    for kind, tree in (("conversions", CONVERSION), ("microconversions", MICRO)):
        for row in shop.events(("event_name", *dimensions), tree):
            name, *values = row["values"]
            row_of(tuple(values))[kind][name] = row["conversions"]
            if kind == "conversions":
                row_of(tuple(values))["revenue"][name] = money(row["value"], text=False)
    assert in_any_order(answer["rows"]) == in_any_order(rows.values())
    for name in ("entrances", "page_views"):
        assert answer["totals"][name] == sum(row[name] for row in rows.values())
    for kind in ("conversions", "microconversions"):
        added: Counter[str] = Counter()
        for each in rows.values():
            added.update(each[kind])
        assert answer["totals"][kind] == added
    assert shop.ask("/stats/funnel", limit=1)["truncated"] is True


def test_a_funnel_of_steps(shop: Shop) -> None:
    steps = ["/", "buy", "/a"]
    trees: list[oracle.Tree] = [
        ("viewed", ("if", "pathname", "is", "/")),
        ("did", ("if", "event_name", "is", "buy")),
        ("viewed", ("if", "pathname", "is", "/a")),
    ]
    period = {"start_date": "2026-03-10", "end_date": "2026-03-14"}
    answer = shop.post("/stats/funnel", {"steps": steps}, **period).json()["data"]
    asked = shop.asked((), (), first=date(2026, 3, 10), last=date(2026, 3, 14))
    _, *counts = oracle.funnel(asked, trees, shop.told)
    assert counts[0] > counts[1]
    assert [step["count"] for step in answer["steps"]] == counts
    rates = [100.0, *(rate(now, before) for before, now in pairwise(counts))]
    assert [step["conversion_rate"] for step in answer["steps"]] == rates
    assert answer["overall_conversion_rate"] == rate(counts[-1], counts[0])


# Free questions

METRICS = (*PREV, "revenue")
WHOLE = {"date_from": str(FIRST), "date_to": str(LAST)}


@pytest.mark.parametrize(
    ("body", "dimensions", "tree"),
    [
        ({}, (), EVERYTHING),
        ({"dimensions": ["utm_source", "device_type"]}, ("source", "device_type"), EVERYTHING),
        (
            {
                "dimensions": ["country"],
                "filters": {"utm_medium": ["email", "(none)"], "browser_not": "Chrome"},
            },
            ("country",),
            (
                "all",
                [("if", "medium", "in", ["email", ""]), ("if", "browser", "is not", "Chrome")],
            ),
        ),
    ],
)
def test_questions(
    shop: Shop, body: dict[str, Any], dimensions: tuple[str, ...], tree: oracle.Tree
) -> None:
    figures = (*METRICS, "bounce_rate")
    answer = shop.post("/stats/query", WHOLE | body | {"compare": "previous"}).json()

    def rows(**options: Any) -> list[str]:
        return in_any_order(
            named(dimensions, row["values"]) | figures_of(row, figures, text=False)
            for row in shop.rows(dimensions, sums_of(figures), tree, **options)
        )

    assert in_any_order(answer["data"]) == rows()
    assert in_any_order(answer["comparison_data"]) == rows(**BEFORE)
    assert answer["meta"]["total_rows"] == len(answer["data"])
    entrances = [row["entrances"] for row in answer["data"]]
    assert entrances == sorted(entrances, reverse=True)


@pytest.mark.parametrize(
    ("body", "times"),
    [
        ({"granularity": "daily"}, ("date",)),
        ({"granularity": "hourly"}, ("date", "hour")),
        ({"dimensions": ["hour"]}, ("hour",)),
        ({"dimensions": ["day_of_week", "hour"]}, ("hour", "day_of_week")),
        ({"dimensions": ["day_of_week"], "filters": {"hour": [9, 10, 11]}}, ("day_of_week",)),
        ({"filters": {"day_of_week": 3}}, ()),
    ],
)
def test_questions_by_time(shop: Shop, body: dict[str, Any], times: tuple[str, ...]) -> None:
    buckets = [midnight(FIRST) + timedelta(hours=number) for number in range(48)]
    given = body.get("filters", {})
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    sums = sums_of(METRICS)
    for row in shop.rows(("country",), sums, buckets=buckets):
        local = buckets[row["bucket"]] + timedelta(hours=1)
        known = {"date": str(local.date()), "hour": local.hour, "day_of_week": local.isoweekday()}
        if known["hour"] in given.get("hour", range(24)) and (
            "day_of_week" not in given or known["day_of_week"] == given["day_of_week"]
        ):
            key = (*(known[name] for name in times), row["values"][0])
            kept = found.setdefault(key, dict.fromkeys(sums, 0))
            for name in set(sums):
                kept[name] += row[name]
    body = body | {"dimensions": [*body.get("dimensions", []), "country"], "metrics": METRICS}
    rows = [
        dict(zip(times, key, strict=False))
        | {"country": printed("country", key[-1])}
        | figures_of(row | {"entrance_bounces": row["entrances"] - row["engaged_entrances"]},
                     (*METRICS, "bounce_rate"), text=False)
        for key, row in found.items()
    ]  # fmt: skip
    answer = shop.post("/stats/query", WHOLE | body | {"limit": 1000}).json()
    assert rows
    assert in_any_order(answer["data"]) == in_any_order(rows)
    order = [{"field": "country", "direction": "desc"}, {"field": "entrances", "direction": "asc"}]
    ordered = shop.post("/stats/query", WHOLE | body | {"limit": 1000, "order_by": order}).json()
    keys = [(row["country"], row["entrances"]) for row in ordered["data"]]
    last = {"ES": 1, "FR": 0, "Unknown": 2}
    assert keys == sorted(keys, key=lambda key: (last[key[0]], key[1]))
    page = shop.post("/stats/query", WHOLE | body | {"limit": 2, "offset": 1}).json()
    assert page["data"] == answer["data"][1:3]
    assert page["meta"]["total_rows"] == len(rows)


def test_questions_as_csv(shop: Shop) -> None:
    body = WHOLE | {"dimensions": ["date", "utm_source"], "metrics": ["entrances", "revenue"]}
    answer = shop.post("/stats/query", body).json()
    file = shop.post("/stats/query/export", body, filename="may.csv")
    assert file.headers["content-type"].startswith("text/csv")
    assert file.headers["content-disposition"] == 'attachment; filename="may.csv"'
    rows = list(csv.DictReader(io.StringIO(file.text)))
    assert rows == [{name: str(value) for name, value in row.items()} for row in answer["data"]]
    both = shop.post("/stats/query/export", body | {"compare": "previous"})
    first, *_ = found = list(csv.reader(io.StringIO(both.text)))
    assert first == ["period", "date", "utm_source", "entrances", "revenue"]
    assert {row[0] for row in found[1:]} == {"current", "comparison"}
