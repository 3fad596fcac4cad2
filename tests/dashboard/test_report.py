"""A site's report: what it says is what the reports say, and everything is in its address."""

from collections.abc import Iterator
from csv import reader
from datetime import timedelta

import httpx
import pytest

from leadline.reports import (
    Days,
    Dimension,
    Filter,
    Metric,
    Operator,
    Order,
    Property,
    Query,
    Reports,
    Row,
)
from leadline.sites import MultiDomain
from tests.dashboard.person import Person
from tests.dashboard.reported import Demo, card, demo_server, led, links, query_of, rows, tiles
from tests.demo.making import UNTIL
from tests.support import BROWSER, ManualClock, RunningServer, eventually

TODAY = UNTIL.date()
DAY = timedelta(days=1)
THIRTY = Days(TODAY - 29 * DAY, TODAY)
METRICS = (Metric.VISITORS, Metric.VISITS, Metric.PAGEVIEWS)
SOLD = (Metric.CONVERSIONS, Metric.REVENUE)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    with demo_server(tmp_path_factory.mktemp("reported")) as running:
        yield running


def reports(demo: Demo) -> Reports:
    return Reports(demo.server.leadline.storage.warehouse, ManualClock(UNTIL))


def query(demo: Demo, days: Days, *metrics: Metric, **more: object) -> Query:
    period = days.period(demo.shop.timezone)
    return Query(
        sites=(demo.shop.id,),
        since=period.since,
        until=period.until,
        metrics=metrics,
        **more,  # type: ignore[arg-type]
    )


def in_all(demo: Demo, days: Days, *filters: Filter) -> Row:
    (row,) = reports(demo).rows(query(demo, days, filters=filters))
    return row


def top(demo: Demo, days: Days, dimension: Dimension, *filters: Filter) -> list[Row]:
    return reports(demo).rows(
        query(
            demo,
            days,
            Metric.VISITORS,
            dimensions=(dimension,),
            order=(Order(Metric.VISITORS, descending=True),),
            filters=filters,
            limit=9,
        )
    )


def counted(text: str) -> int:
    return int(text.replace(",", ""))


@pytest.mark.parametrize(
    ("asked", "days"),
    [
        ("", THIRTY),
        ("period=7d", Days(TODAY - 6 * DAY, TODAY)),
        ("period=today", Days(TODAY, TODAY)),
        ("period=yesterday", Days(TODAY - DAY, TODAY - DAY)),
        ("period=month", Days(TODAY.replace(day=1), TODAY)),
        ("period=last-month", Days(TODAY.replace(month=2, day=1), TODAY.replace(month=2, day=28))),
        ("period=all", Days(TODAY - 90 * DAY, TODAY)),
        ("from=2026-03-03&to=2026-03-20", Days(TODAY.replace(day=3), TODAY.replace(day=20))),
        ("from=2026-03-20&to=2026-03-03", Days(TODAY.replace(day=3), TODAY.replace(day=20))),
    ],
)
def test_the_totals_of_a_period(demo: Demo, asked: str, days: Days) -> None:
    expected, found = in_all(demo, days), tiles(demo.page(asked))
    assert expected.visits
    assert counted(found["Visitors"][0]) == expected.visitors
    assert counted(found["Visits"][0]) == expected.visits
    assert counted(found["Pageviews"][0]) == expected.pageviews
    assert found["Views per visit"][0] == f"{expected.views_per_visit:.2f}"
    assert found["Bounce rate"][0] == f"{100 * expected.bounce_rate:.0f}%"
    seconds = round(expected.average_duration)
    assert found["Visit duration"][0] == f"{seconds // 60}m {seconds % 60}s"


def test_what_was_sold(demo: Demo) -> None:
    (sold,) = reports(demo).rows(query(demo, THIRTY, *SOLD))
    found = tiles(demo.page())
    assert counted(found["Conversions"][0]) == sold.conversions > 0
    assert found["Revenue"][0] == f"€{sold.revenue:,.2f}"


@pytest.mark.parametrize(
    ("asked", "days"),
    [
        ("period=last-month", Days(TODAY.replace(month=1, day=1), TODAY.replace(month=1, day=31))),
        ("period=yesterday", Days(TODAY - 2 * DAY, TODAY - 2 * DAY)),
        (
            "from=2026-03-03&to=2026-03-09",
            Days(TODAY.replace(month=2, day=24), TODAY.replace(day=2)),
        ),
    ],
)
def test_the_time_beside_it(demo: Demo, asked: str, days: Days) -> None:
    expected = in_all(demo, days)
    *_, before = tiles(demo.page(asked))["Visits"]
    assert before == f"before: {expected.visits:,}"
    assert len(tiles(demo.page(f"{asked}&compare=none"))["Visits"]) == 1


def test_a_period_that_goes_on_is_beside_as_much_of_the_other(demo: Demo) -> None:
    until = UNTIL - timedelta(days=1)
    period = Days(TODAY - DAY, TODAY - DAY).period(demo.shop.timezone)
    asked = query(demo, THIRTY, Metric.VISITS)
    (expected,) = reports(demo).rows(
        Query(sites=asked.sites, since=period.since, until=until, metrics=(Metric.VISITS,))
    )
    assert tiles(demo.page("period=today"))["Visits"][-1] == f"before: {expected.visits}"


@pytest.mark.parametrize(
    ("group", "tab", "dimension"),
    [
        ("content", "pages", Dimension.PATHNAME),
        ("sources", "channels", Dimension.CHANNEL),
        ("sources", "campaigns", Dimension.UTM_CAMPAIGN),
        ("technology", "browsers", Dimension.BROWSER),
        ("technology", "devices", Dimension.DEVICE_TYPE),
        ("places", "cities", Dimension.CITY),
    ],
)
def test_a_panel_in_short_and_in_full(
    demo: Demo, group: str, tab: str, dimension: Dimension
) -> None:
    expected = [row.visitors for row in top(demo, THIRTY, dimension)]
    lines = card(demo.page(f"{group}={tab}"), group)
    assert [counted(count) for _, count in lines] == expected
    table = rows(demo.page(path=f"/panels/{tab}"))
    assert [counted(row[1].split()[0]) for row in table][:9] == expected
    total = in_all(demo, THIRTY)
    foot = demo.page(path=f"/panels/{tab}").split("<tfoot>")[1]
    assert f"{total.visitors:,}" in foot


def test_a_row_is_a_link_to_itself_alone(demo: Demo) -> None:
    page = demo.page()
    (name, count), *_ = card(page, "sources")
    chosen = Filter(Dimension.CHANNEL, Operator.IS, name)
    address = links(page)[name]
    alone = demo.page(query_of(address))
    assert card(alone, "sources") == [[name, count]]
    assert tiles(alone)["Visits"][0] == f"{in_all(demo, THIRTY, chosen).visits:,}"
    turned = demo.page(query_of(links(alone)["±"]))
    assert name not in [line[0] for line in card(turned, "sources")]
    assert tiles(demo.page(query_of(links(alone)["×"]))) == tiles(page)


def test_filters_stack(demo: Demo) -> None:
    both = (
        Filter(Dimension.BROWSER, Operator.IS, "Chrome"),
        Filter(Dimension.PATHNAME, Operator.MATCHES, "^/(books|maps)"),
    )
    found = tiles(demo.page("f=browser:is:Chrome&f=pathname:matches:^/(books|maps)"))
    expected = in_all(demo, THIRTY, *both)
    assert expected.pageviews
    assert counted(found["Pageviews"][0]) == expected.pageviews
    typed = "f=browser:is:Chrome&field=pathname&how=matches&what=^/(books|maps)"
    assert tiles(demo.page(typed)) == found


def test_a_table_is_searched_ordered_and_paged(demo: Demo) -> None:
    path = "/panels/pages"
    found = rows(demo.page("q=MAPS*dock", path))
    assert found
    assert all("/maps" in row[0] and "dock" in row[0] for row in found)
    least = [counted(row[1].split()[0]) for row in rows(demo.page("up=1", path))]
    assert least == sorted(least)
    by_views = [counted(row[2].split()[0]) for row in rows(demo.page("sort=pageviews", path))]
    assert by_views == sorted(by_views, reverse=True)
    assert len(by_views) == 100
    second = demo.page("page=2", path)
    assert not {row[0] for row in rows(second)} & {row[0] for row in rows(demo.page("", path))}
    assert "Page 2 of" in second


@pytest.mark.parametrize(
    ("wanted", "found"),
    [("gErMan", ["Germany"]), ("united*states", ["United States"]), ("DEU", []), ("*" * 999, None)],
)
def test_countries_are_searched_by_name(demo: Demo, wanted: str, found: list[str] | None) -> None:
    path = "/panels/countries"
    everywhere = [row[0] for row in rows(demo.page("", path))]
    page = demo.page(f"q={wanted}", path)
    assert [row[0] for row in rows(page)] == (everywhere if found is None else found)


def test_a_country_is_found_by_its_code_and_in_the_language_of_the_reader(demo: Demo) -> None:
    path = f"/sites/{demo.shop.slug}/panels/countries"
    assert "Germany" in {row[0] for row in rows(demo.page("q=DE", "/panels/countries"))}
    answer = demo.owner.client.get(path, params={"q": "deutsch"}, headers={"Accept-Language": "de"})
    assert [row[0] for row in rows(answer.text)] == ["Deutschland"]


def test_a_file_is_searched_and_ordered_as_its_table(demo: Demo) -> None:
    page = demo.page("q=maps&sort=pageviews&up=1&page=1", "/panels/pages")
    names, *lines = reader(demo.owner.get(links(page)["As CSV"]).text.splitlines())
    assert [line[0] for line in lines][:50] == [row[0] for row in rows(page)][:50]
    views = [int(line[names.index("pageviews")]) for line in lines]
    assert views == sorted(views)


def test_what_is_not_sold_any_more_is_beside_what_was(demo: Demo) -> None:
    """April has not begun, and has March beside it."""
    (sold,) = reports(demo).rows(query(demo, Days(TODAY.replace(day=1), TODAY), *SOLD))
    page = demo.page(f"from={TODAY + DAY}&to={TODAY + 30 * DAY}&metric=revenue")
    assert tiles(page)["Conversions"][0] == "0"
    assert tiles(page)["Conversions"][-1] == f"before: {sold.conversions:,}"
    assert tiles(page)["Revenue"][-1] == f"before: €{sold.revenue:,.2f}"


def test_a_campaign_that_sold_is_beside_the_month_before(demo: Demo) -> None:
    february = Days(TODAY.replace(month=2, day=1), TODAY.replace(month=2, day=28))
    order = (Order(Metric.REVENUE, descending=True),)
    (best, *_) = reports(demo).rows(
        query(demo, february, *SOLD, dimensions=(Dimension.UTM_CAMPAIGN,), order=order)
    )
    name, *cells = rows(demo.page("period=last-month&sort=revenue", "/panels/campaigns"))[0]
    assert name == (best.values[0] or "None")
    assert cells[-1].split()[0] == f"€{best.revenue:,.2f}"


def test_a_file_has_every_row(demo: Demo) -> None:
    answer = demo.owner.get(f"/sites/{demo.shop.slug}/panels/pages.csv?period=30d")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer.headers["content-disposition"]
    names, *lines = reader(answer.text.splitlines())
    assert names == ["pathname", "visitors", "pageviews", "conversions", "revenue"]
    expected = reports(demo).rows(
        query(demo, THIRTY, Metric.VISITORS, Metric.PAGEVIEWS, dimensions=(Dimension.PATHNAME,))
    )
    assert {line[0]: (int(line[1]), int(line[2])) for line in lines if line[1] != "0"} == {
        row.values[0]: (row.visitors, row.pageviews) for row in expected
    }


def test_events_and_their_properties(demo: Demo) -> None:
    order = (Order(Metric.CONVERSIONS, descending=True),)
    expected = reports(demo).events(
        query(demo, THIRTY, dimensions=(Dimension.EVENT_NAME,), order=order)
    )
    found = rows(demo.page(path="/panels/events"))
    assert [(row[0], counted(row[1].split()[0])) for row in found] == [
        (row.values[0], row.conversions) for row in expected
    ]
    assert card(demo.page(), "events")[0][0] == found[0][0]
    page = demo.page("name=purchase", "/panels/events")
    assert "€" in tiles(page)["Value"][0]
    (total,) = reports(demo).events(query(demo, THIRTY))
    foot = demo.page(path="/panels/events").split("<tfoot>")[1]
    assert f"{total.conversions:,}" in foot


def test_a_table_of_events_is_searched_and_ordered(demo: Demo) -> None:
    path = "/panels/events"
    names = [row[0] for row in rows(demo.page("", path))]
    assert [row[0] for row in rows(demo.page("q=CHASE", path))] == ["purchase"]
    assert rows(demo.page("q=chase%2Bpur", path)) == []
    least = [counted(row[1].split()[0]) for row in rows(demo.page("up=1", path))]
    assert least == sorted(least)
    assert len(least) == len(names)
    page = demo.page("sort=value", path)
    assert rows(page)[0][0] == "purchase"
    header, *lines = reader(demo.owner.get(links(page)["As CSV"]).text.splitlines())
    assert header == ["event_name", "conversions", "unique_conversions", "value"]
    assert [line[0] for line in lines] == [row[0] for row in rows(page)]


def test_an_events_property_in_full(demo: Demo) -> None:
    path, by_name = "/panels/events", "name=purchase"
    expected = reports(demo).events(
        query(
            demo,
            THIRTY,
            dimensions=(Property("coupon"),),
            filters=(Filter(Property("coupon"), Operator.IS_NOT, ""),),
        ),
        "purchase",
    )
    assert [row.values for row in expected] == [("TIDE10",)]
    assert any("key=coupon" in each for each in links(demo.page(by_name, path)).values())
    page = demo.page(f"{by_name}&key=coupon", path)
    ((name, count, *_),) = rows(page)
    assert (name, counted(count.split()[0])) == ("TIDE10", expected[0].conversions)
    methods = [row[0] for row in rows(demo.page(f"{by_name}&key=payment", path))]
    assert sorted(methods) == ["card", "paypal", "transfer"]
    found = demo.page(f"{by_name}&key=payment&q=PA&up=1", path)
    assert [row[0] for row in rows(found)] == ["paypal"]
    header, line = reader(demo.owner.get(links(found)["As CSV"]).text.splitlines())
    assert (header[0], line[0]) == ("payment", "paypal")
    assert demo.owner.get(f"/sites/{demo.shop.slug}{path}.csv?{by_name}").status_code == 404


def test_more_events_than_a_page_has(server: RunningServer, owner: Person) -> None:
    site = server.site("Eventful", domains=())
    hit = {"site_id": site.code, "url": "https://e.example/", "ip": "203.0.113.1"}
    hits = [
        {**hit, "user_agent": BROWSER, "event": "conversion", "type": f"event {number}"}
        for number in range(230)
    ]
    with server.client("*") as client:
        assert client.post("/api/v1/hits", json=hits).is_success
    path = f"/sites/{site.slug}/panels/events"
    last = eventually(lambda: page if rows(page := owner.get(f"{path}?page=3").text) else "")
    assert len(rows(last)) == 30
    assert "Page 3 of 3" in last
    before = owner.get(links(last)["Before"]).text
    assert len({row[0] for row in rows(before)} | {row[0] for row in rows(last)}) == 130
    assert len(rows(owner.get(f"{path}?q=event+1*9").text)) == 20


@pytest.mark.parametrize(
    "asked",
    [
        "period=fortnight",
        "compare=tomorrow",
        "by=minute",
        "metric=luck",
        "metric=uniques",
        "from=yesterday",
        "from=2026-02-30",
        "f=browser",
        "f=luck:is:x",
        "f=browser:is_like:x",
        "f=event_kind:is:micro",
        "f=browser:matches:(",
        "&".join(["f=browser:is:x"] * 21),
        "f=pathname:matches:" + "a" * 1500,
        "f=pathname:is:" + "a" * 3000,
        "field=browser&how=&what=x",
    ],
)
@pytest.mark.parametrize(
    "path", ["", "/panels/pages", "/panels/pages.csv", "/panels/events", "/live"]
)
def test_what_there_is_not(demo: Demo, asked: str, path: str) -> None:
    answer = demo.owner.client.get(f"/sites/{demo.shop.slug}{path}?{asked}")
    assert answer.status_code == 400
    assert "Unreadable" in answer.text or "Too many" in answer.text


def test_there_is_no_such_panel(demo: Demo) -> None:
    assert demo.owner.get(f"/sites/{demo.shop.slug}/panels/luck").status_code == 404
    assert demo.owner.get(f"/sites/{demo.shop.slug}/panels/luck.csv").status_code == 404


def test_periods_go_back_and_forward(demo: Demo) -> None:
    page = demo.page("period=last-month")
    assert query_of(led(page, "prev")).startswith("from=2026-01-01&to=2026-01-31")
    assert query_of(led(page, "next")).startswith("from=2026-03-01&to=2026-03-31")
    week = demo.page("from=2026-03-02&to=2026-03-08")
    assert query_of(led(week, "prev")).startswith("from=2026-02-23&to=2026-03-01")


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("/panels/pages", "q=books&sort=pageviews&up=1"),
        ("/panels/events", "q=cart"),
        ("/panels/events", "name=purchase"),
        ("/panels/events", "name=purchase&key=payment"),
        ("/goals", ""),
        ("/funnels", "kind=page&operator=is&value=%2F&kind=event&operator=is&value=purchase"),
    ],
)
def test_days_are_chosen_on_every_page_of_a_report(demo: Demo, path: str, asked: str) -> None:
    address = links(demo.page(f"{asked}&f=browser:is:Chrome", path))["Last month"]
    assert address.startswith(f"/sites/{demo.shop.slug}{path}?period=last-month&")
    assert "f=browser%3Ais%3AChrome" in address
    assert address.endswith(asked)
    then = demo.owner.get(address).text
    assert query_of(led(then, "prev")).startswith("from=2026-01-01&to=2026-01-31")


def test_everything_asked_is_in_every_link(demo: Demo) -> None:
    asked = "from=2026-03-02&to=2026-03-08&compare=year&metric=visits&f=browser%3Ais%3AChrome"
    page = demo.page(asked)
    kept = [address for address in links(page).values() if "/panels/" in address]
    assert kept
    for address in kept:
        for part in asked.split("&"):
            assert part in query_of(address)


def test_a_stranger_sees_nothing(demo: Demo) -> None:
    stranger = Person(demo.server)
    for path in ("", "/live", "/panels/events", "/panels/pages", "/panels/pages.csv"):
        assert stranger.get(f"/sites/{demo.shop.slug}{path}").status_code == 303


@pytest.mark.parametrize("option", MultiDomain)
def test_a_site_of_several_domains(
    server: RunningServer, owner: Person, option: MultiDomain
) -> None:
    hosts = ("a.example", "b.example")
    site = server.site("Several", domains=hosts, multi_domain=option)
    for number, host in enumerate((*hosts, "a.example")):
        query = {"sid": site.code, "h": f"https://{host}", "p": "/same"}
        headers = {"User-Agent": BROWSER, "X-Forwarded-For": f"203.0.113.{number + 1}"}
        httpx.get(server.url, params=query, headers=headers, verify=False)
    at = f"/sites/{site.slug}"
    page = eventually(
        lambda: text if len(tiles(text := owner.get(at).text)) and visits(text) == 3 else ""
    )
    apart = [["/same a.example", "2"], ["/same b.example", "1"]]
    assert card(page, "content") == (apart if option is MultiDomain.SEPARATE else [["/same", "3"]])
    chosen = owner.get(links(page)["b.example"]).text
    assert visits(chosen) == 1
    assert visits(owner.get(links(chosen)["All hosts"]).text) == 3


def visits(page: str) -> int:
    return counted(tiles(page)["Visits"][0])
