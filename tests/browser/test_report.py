"""A site's report in a real browser: what a stranger finds out without a word of documentation."""

import gzip
import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from leadline.reports import Operator, Target, TargetKind
from tests.browser.test_accessibility import DESK, PHONE, violations
from tests.dashboard.reported import Demo, demo_server, named
from tests.support import BROWSER, ManualClock, eventually

AT_DESK: Any = DESK
TABLET: Any = {"width": 800, "height": 1000}
FIRST_LOAD = 100_000


class Desk:
    """A signed-in browser at a server with a demo, and what it complained about."""

    def __init__(self, demo: Demo, context: BrowserContext) -> None:
        self.demo = demo
        self.site = f"/sites/{demo.shop.slug}"
        secret = demo.owner.client.cookies["leadline_session"]
        cookie: Any = {"name": "leadline_session", "value": secret, "url": demo.server.url}
        context.add_cookies([cookie])
        self.page = context.new_page()
        self.console: list[str] = []
        self.page.on("console", lambda message: self.console.append(message.text))
        self.page.on("pageerror", lambda error: self.console.append(str(error)))

    def total(self, title: str) -> str:
        tile = self.page.locator(".tile", has_text=re.compile(f"^\\s*{title}"))
        return tile.locator("b").inner_text()


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    with demo_server(tmp_path_factory.mktemp("seen")) as running:
        yield running


@pytest.fixture
def desk(browser: Browser, demo: Demo) -> Iterator[Desk]:
    context = browser.new_context(base_url=demo.server.url, viewport=AT_DESK)
    opened = Desk(demo, context)
    yield opened
    assert opened.console == []
    context.close()


def test_a_stranger_finds_out_which_campaign_sold_most_and_shares_exactly_that(
    desk: Desk, browser: Browser
) -> None:
    page, demo = desk.page, desk.demo
    page.goto("/sites")
    page.get_by_role("link", name=demo.shop.name).click()
    page.locator(".toolbar summary", has_text="30 days").click()
    page.get_by_role("link", name="Last month").click()
    expect(page.locator(".toolbar summary").first).to_have_text("Last month")
    page.get_by_role("link", name="Campaigns", exact=True).click()
    card = page.locator("#card-sources")
    expect(card.get_by_role("columnheader", name="Campaigns")).to_be_visible()
    card.get_by_role("link", name="All rows").click()
    page.get_by_role("columnheader", name="Revenue").get_by_role("link").click()
    expect(page.get_by_role("columnheader", name="Revenue")).to_have_attribute(
        "aria-sort", "descending"
    )
    expect(page.get_by_text(re.compile("beside 1.31 Jan 2026"))).to_be_visible()
    rows = page.locator("tbody tr").all()
    best = next(row for row in rows if row.locator("th").inner_text() != "None")
    campaign = best.locator("th").inner_text()
    sold = best.locator("td").last.inner_text()
    assert sold.startswith("€")
    best.get_by_role("link").click()

    chip = page.locator(".chip")
    expect(chip).to_contain_text(f"Campaign is {campaign}")
    assert sold.startswith(desk.total("Revenue"))
    seen = {title: desk.total(title) for title in ("Visitors", "Pageviews", "Revenue")}
    page.get_by_role("link", name="Sharing").click()
    page.get_by_label("Who it is for").fill("The board")
    page.get_by_label("Password").last.fill("open sesame")
    page.get_by_role("button", name="Make the link").click()
    address = page.locator("[id^=link-]").first.inner_text()

    with browser.new_context(base_url=demo.server.url) as somebody:
        theirs = somebody.new_page()
        theirs.goto(address)
        theirs.get_by_label("Password").fill("open sesame")
        theirs.keyboard.press("Enter")
        expect(theirs.get_by_text(f"Only: Campaign is {campaign}")).to_be_visible()
        for title, value in seen.items():
            tile = theirs.locator(".tile", has_text=re.compile(f"^\\s*{title}"))
            expect(tile.locator("b")).to_have_text(value)
        assert theirs.get_by_role("link", name="Sites").count() == 0


def test_a_stranger_learns_why_yesterdays_hit_was_not_counted(desk: Desk) -> None:
    page, demo = desk.page, desk.demo
    query = {"sid": demo.shop.code, "h": "https://forgotten.example", "p": "/"}
    httpx.get(demo.server.url, params=query, headers={"User-Agent": BROWSER}, verify=False)
    clock: Any = demo.server.leadline.sites._clock
    assert isinstance(clock, ManualClock)
    reports = demo.server.leadline.storage.warehouse
    eventually(lambda: reports.query("SELECT 1 FROM refusals"))
    before = clock.now
    try:
        clock.advance(hours=20)
        page.goto(desk.site)
        page.get_by_role("link", name="Not counted", exact=True).click()
        reason = page.get_by_role("region", name="1 hit invalid_domain")
        expect(reason).to_contain_text("not one of the site’s domains")
        expect(reason.get_by_role("button", name="List forgotten.example")).to_be_visible()
    finally:
        clock.now = before


@pytest.mark.parametrize(("size", "scheme"), [(PHONE, "dark"), (DESK, "light")])
def test_every_page_is_accessible_fits_and_keeps_the_policy(
    browser: Browser, demo: Demo, size: Any, scheme: Any
) -> None:
    context = browser.new_context(
        base_url=demo.server.url, viewport=size, color_scheme=scheme, reduced_motion="reduce"
    )
    desk = Desk(demo, context)
    goals = demo.server.leadline.goals
    if not goals.list(demo.shop.id):
        bought = Target(TargetKind.EVENT, Operator.IS, "purchase")
        goals.add(demo.shop.id, "Bought something", bought)
    steps = "kind=page&operator=is&value=/&kind=event&operator=is&value=purchase"
    for path in (
        "",
        "?period=7d&f=browser:is:Chrome&f=country:is_not:ES&metric=bounce_rate&compare=year",
        "?from=2026-03-31&to=2026-03-31&content=entries&places=cities",
        "?from=2020-01-01&to=2020-01-31",
        "/panels/campaigns?sort=revenue",
        "/panels/events",
        "/panels/events?name=purchase",
        "/goals",
        f"/funnels?{steps}",
        "/not-counted",
        "/install",
    ):
        desk.page.goto(desk.site + path)
        desk.page.wait_for_load_state("networkidle")
        assert violations(desk.page) == [], path
        fits(desk.page)
        if size is PHONE:
            assert small_targets(desk.page) == [], path
        else:
            desk.page.set_viewport_size(TABLET)
            fits(desk.page)
            desk.page.set_viewport_size(size)
    assert desk.console == []
    context.close()


def fits(page: Page) -> None:
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0, f"{page.url} is {wide} pixels too wide"


def small_targets(page: Page) -> list[str]:
    """What a finger would miss. Not meant are links in sentences, and what is larger than its box:
    a tile is a link as a whole, and the drawings have their numbers in tables."""
    found: list[str] = page.evaluate(
        """[...document.querySelectorAll("a, button, summary, select, input")]
        .filter((element) => element.checkVisibility())
        .filter((element) => !element.closest("p, .tile, .skip, svg, footer:last-child"))
        .filter((element) => element.getBoundingClientRect().height < 43.5)
        .map((element) => element.outerHTML)"""
    )
    return found


def test_everything_works_without_a_script(browser: Browser, demo: Demo) -> None:
    context = browser.new_context(
        base_url=demo.server.url, viewport=AT_DESK, java_script_enabled=False
    )
    desk = Desk(demo, context)
    page = desk.page
    page.goto(desk.site)
    whole = desk.total("Visits")
    page.locator(".toolbar summary", has_text="Filter").click()
    page.locator("[name=field]").select_option("browser")
    page.locator("[name=how]").select_option("is_not")
    page.locator("[name=what]").fill("Chrome")
    page.locator("details[open]").get_by_role("button", name="Apply").click()
    expect(page.locator(".chip")).to_contain_text("Browser is not Chrome")
    assert desk.total("Visits") != whole
    page.get_by_role("link", name="Turn round").click()
    expect(page.locator(".chip")).to_contain_text("Browser is Chrome")
    page.get_by_role("link", name="Entry pages").click()
    expect(page.get_by_role("columnheader", name="Entry pages")).to_be_visible()
    page.locator(".toolbar summary", has_text="30 days").click()
    page.get_by_label("From").fill("2026-03-01")
    page.get_by_label("To", exact=True).fill("2026-03-07")
    page.locator("details[open]").get_by_role("button", name="Apply").click()
    expect(page.get_by_text(re.compile("1.7 Mar 2026")).first).to_be_visible()
    page.get_by_role("link", name="Later").click()
    assert "from=2026-03-08&to=2026-03-14" in page.url
    page.get_by_role("link", name="Remove", exact=True).click()
    expect(page.locator(".chip")).to_have_count(0)
    page.get_by_text("As a table").click()
    expect(page.get_by_role("row", name="Sunday, 8 Mar")).to_be_visible()
    context.close()


def test_keys_and_parts_of_the_page(desk: Desk) -> None:
    page = desk.page
    page.goto(desk.site)
    page.keyboard.press("w")
    page.wait_for_url("**?period=7d")
    expect(page.locator(".toolbar summary").first).to_have_text("7 days")
    page.keyboard.press("ArrowLeft")
    page.wait_for_url("**?from=2026-03-18&to=2026-03-24")
    page.go_back()
    expect(page.locator(".toolbar summary").first).to_have_text("7 days")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Campaigns", exact=True).click()
    page.wait_for_url("**?period=7d&sources=campaigns")
    expect(page.get_by_role("columnheader", name="Campaigns")).to_be_visible()
    page.reload()
    expect(page.get_by_role("columnheader", name="Campaigns")).to_be_visible()
    page.get_by_role("link", name="Pageviews").click()
    expect(page.locator("#chart-title")).to_have_text("Pageviews over time")
    page.get_by_role("slider").focus()
    page.keyboard.press("Home")
    expect(page.locator(".readout")).to_contain_text("25 Mar")


def test_it_follows_the_hits_by_itself(desk: Desk) -> None:
    page, demo = desk.page, desk.demo
    page.goto(f"{desk.site}?period=today")
    before = int(desk.total("Pageviews").replace(",", ""))
    query = {"sid": demo.shop.code, "h": f"https://{demo.shop.domains[0].domain}", "p": "/live"}
    httpx.get(demo.server.url, params=query, headers={"User-Agent": BROWSER}, verify=False)

    def looked() -> bool:
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        return int(desk.total("Pageviews").replace(",", "")) == before + 1

    eventually(looked)
    assert page.evaluate("performance.getEntriesByType('navigation').length") == 1


def test_the_first_load_is_small(demo: Demo) -> None:
    html = demo.page("period=12m")
    addresses = [each["href"] for each in named(html, "link")]
    addresses += [each["src"] for each in named(html, "script")]
    addresses += [each["src"] for each in named(html, "img")]
    addresses += [str(each["href"]).split("#")[0] for each in named(html, "use")]
    bodies = [html.encode()]
    bodies += [demo.owner.get(str(address)).content for address in {*addresses}]
    assert sum(len(gzip.compress(body)) for body in bodies) < FIRST_LOAD
