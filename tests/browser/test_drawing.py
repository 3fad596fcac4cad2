"""What a chart tells whoever points at it or goes through it with keys; and the map."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from leadline.dashboard.drawing import Mark, Point, line_chart, world_map
from tests.browser.dressed import Dressed
from tests.browser.test_accessibility import DESK, PHONE, violations
from tests.browser_support import PageServer
from tests.dashboard.drawn import chart_html, map_html

CHART = chart_html(
    line_chart(
        [Point(f"{day} March", 100 * day, f"{day}") for day in range(1, 11)],
        [Point(f"{day} February", 70 * day) for day in range(1, 10)],
        [Mark(3, "Launch")],
        unfinished=True,
    )
)
MAP = map_html(
    world_map(
        {"BR": 900, "SG": 5},
        name={"BR": "Brazil", "SG": "Singapore"}.__getitem__,
        address=lambda code: f"/drawn?country={code}",
    )
)
LIST = '<ul><li><a href="/drawn?country=BR">Brazil</a></li></ul>'


@pytest.fixture
def drawn(browser: Browser, page_server: PageServer) -> Iterator[Dressed]:
    with Dressed.open(browser, page_server) as opened:
        opened.put("/drawn", CHART + MAP + LIST)
        opened.page.goto("/drawn")
        yield opened
        assert opened.console == []


def slider(page: Page) -> Locator:
    return page.get_by_role("slider", name="Visitors by day")


def readout(page: Page) -> Locator:
    return page.locator(".readout")


def middle(page: Page, column: int) -> tuple[float, float]:
    box = page.locator(".column").nth(column).bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_a_pointer_is_told_what_is_below_it(drawn: Dressed) -> None:
    page = drawn.page
    expect(readout(page)).to_be_hidden()
    page.mouse.move(*middle(page, 3))
    expect(readout(page).locator("dt")).to_have_text(
        ["Day", "Visitors", "The week before", "Milestones"]
    )
    expect(readout(page).locator("dd")).to_have_text(["4 March", "400", "280 4 February", "Launch"])
    expect(page.locator(".cursor")).to_be_visible()
    page.mouse.move(*middle(page, 9))
    expect(readout(page).locator("dd")).to_have_text(["10 March", "1000", "–"])
    page.get_by_role("heading").hover()
    expect(readout(page)).to_be_hidden()
    expect(page.locator(".cursor")).to_be_hidden()


def test_keys_go_from_one_value_to_the_next(drawn: Dressed) -> None:
    page = drawn.page
    slider(page).focus()
    page.keyboard.press("Home")
    expect(slider(page)).to_have_attribute(
        "aria-valuetext", "1 March, Visitors: 100, The week before: 70 1 February"
    )
    page.keyboard.press("ArrowLeft")
    expect(slider(page)).to_have_attribute("aria-valuenow", "1")
    page.keyboard.press("ArrowRight")
    expect(readout(page)).to_contain_text("2 March")
    page.keyboard.press("End")
    expect(slider(page)).to_have_attribute(
        "aria-valuetext", "10 March, Visitors: 1000, The week before: –"
    )
    page.keyboard.press("Escape")
    expect(readout(page)).to_be_hidden()
    page.keyboard.press("ArrowLeft")
    expect(readout(page)).to_contain_text("9 March")
    page.keyboard.press("Tab")
    expect(readout(page)).to_be_hidden()


def test_a_finger_is_told_too(browser: Browser, page_server: PageServer) -> None:
    with Dressed.open(browser, page_server, viewport=PHONE, has_touch=True) as touched:
        touched.put("/drawn", CHART)
        touched.page.goto("/drawn")
        touched.page.touchscreen.tap(*middle(touched.page, 6))
        expect(readout(touched.page)).to_contain_text("7 March")
        touched.page.get_by_role("heading").tap()
        expect(readout(touched.page)).to_be_hidden()


def test_countries_are_drawn_and_lead_on(drawn: Dressed) -> None:
    page = drawn.page
    brazil, singapore = page.locator(".world a use").all()
    for country, least in ((page.locator(".world > svg > use"), 300), (brazil, 40), (singapore, 2)):
        box = country.bounding_box()
        assert box
        assert box["width"] > least
    brazil.click()
    page.wait_for_url("**/drawn?country=BR")


@pytest.mark.parametrize(
    ("size", "scheme"), [(PHONE, "dark"), (DESK, "light")], ids=["phone, dark", "desk, light"]
)
def test_drawings_are_accessible_and_fit(
    browser: Browser, page_server: PageServer, size: dict[str, int], scheme: str
) -> None:
    options = {"viewport": size, "color_scheme": scheme}
    with Dressed.open(browser, page_server, **options) as seen:
        seen.put("/drawn", CHART + MAP + LIST)
        seen.page.goto("/drawn")
        seen.page.get_by_text("As a table").click()
        slider(seen.page).focus()
        assert violations(seen.page) == []
        assert seen.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_a_chart_is_a_picture_and_a_table_without_scripts(
    browser: Browser, page_server: PageServer
) -> None:
    with Dressed.open(browser, page_server, java_script_enabled=False) as plain:
        plain.put("/drawn", CHART)
        plain.page.goto("/drawn")
        expect(plain.page.get_by_role("img", name="Visitors by day")).to_be_visible()
        expect(plain.page.locator(".column title").nth(3)).to_have_text(
            "4 March: 400 · 4 February: 280 · Launch"
        )
        plain.page.get_by_text("As a table").click()
        expect(plain.page.get_by_role("row", name="4 March")).to_be_visible()
