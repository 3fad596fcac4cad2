"""What the script of the pages does: keys, menus, live parts, and parts that are fetched."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.dressed import Dressed
from tests.browser_support import PageServer

TOOLS = """
<a href="/report?day" data-key="d">Day</a>
<a href="/report?before" data-key="ArrowLeft">Before</a>
<label>Search <input data-key="/"></label>
<details class="menu"><summary data-key="f">Filter</summary><a href="#x">One</a></details>
<a href="#shortcuts" data-opens="shortcuts" data-key="?">Shortcuts</a>
<dialog id="shortcuts" aria-label="Shortcuts">
<p><kbd>d</kbd> Day</p>
<label><input type="checkbox" data-shortcuts checked> On</label>
<form method="dialog"><button>Close</button></form>
</dialog>
"""
LIVE = '<div id="live" data-live="/live" data-seconds="0.05" hx-sync="this">%s</div>'
LOST = "<p data-lost hidden>No connection</p>"
BOOSTED = """<div id="report" hx-history-elt hx-sync:inherited="#report:replace"
 hx-boost:inherited='target:"#report" select:"#report" swap:"outerMorph show:none"'>%s</div>"""


@pytest.fixture
def dressed(browser: Browser, page_server: PageServer) -> Iterator[Dressed]:
    with Dressed.open(browser, page_server) as opened:
        yield opened


def goto(dressed: Dressed, content: str) -> Page:
    dressed.put("/report", content)
    dressed.page.goto("/report")
    return dressed.page


def test_a_key_does_what_a_click_would(dressed: Dressed) -> None:
    page = goto(dressed, TOOLS)
    page.keyboard.press("Control+d")
    page.keyboard.press("x")
    page.keyboard.press("/")
    expect(page.get_by_label("Search")).to_be_focused()
    page.keyboard.press("d")
    expect(page.get_by_label("Search")).to_have_value("d")
    page.get_by_label("Search").blur()
    page.keyboard.press("f")
    expect(page.get_by_role("link", name="One")).to_be_visible()
    assert page.url.endswith("/report")
    page.keyboard.press("d")
    page.wait_for_url("**/report?day")
    page.keyboard.press("ArrowLeft")
    page.wait_for_url("**/report?before")
    assert dressed.console == []


def test_keys_can_be_turned_off(dressed: Dressed) -> None:
    page = goto(dressed, TOOLS)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("d")
    page.get_by_label("On").uncheck()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.reload()
    page.keyboard.press("d")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert page.url.endswith("/report")
    page.get_by_role("link", name="Shortcuts").click()
    expect(page.get_by_label("On")).not_to_be_checked()
    page.get_by_label("On").check()
    page.mouse.click(5, 5)
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.keyboard.press("d")
    page.wait_for_url("**/report?day")


def test_the_keys_are_listed_without_scripts(browser: Browser, page_server: PageServer) -> None:
    with Dressed.open(browser, page_server, java_script_enabled=False) as plain:
        page = goto(plain, TOOLS)
        expect(page.get_by_role("dialog")).to_be_hidden()
        page.get_by_role("link", name="Shortcuts").click()
        expect(page.get_by_role("dialog")).to_be_visible()


def test_a_menu_closes(dressed: Dressed) -> None:
    page = goto(dressed, TOOLS)
    inside, summary = page.get_by_role("link", name="One"), page.get_by_text("Filter")
    summary.click()
    page.keyboard.press("Escape")
    expect(inside).to_be_hidden()
    expect(page.locator("summary")).to_be_focused()
    summary.click()
    page.get_by_role("heading").click()
    expect(inside).to_be_hidden()
    summary.click()
    inside.click()
    expect(inside).to_be_hidden()


def test_a_live_part_is_replaced_and_nothing_else_is_touched(dressed: Dressed) -> None:
    part = LIVE % "<b>%s</b><details><summary>More</summary><a id='link' href='/x'>In</a></details>"
    dressed.put_part("/live", part % "2")
    page = goto(dressed, part % "1")
    expect(page.locator("b")).to_have_text("2")
    page.get_by_text("More").click()
    page.locator("#link").focus()
    dressed.put_part("/live", part % "3")
    expect(page.locator("b")).to_have_text("3")
    expect(page.locator("#link")).to_be_focused()
    assert dressed.console == []


def test_a_lost_connection_is_said_and_found_again(dressed: Dressed) -> None:
    dressed.put_part("/live", "broken", status=503)
    page = goto(dressed, LIVE % "1" + LOST)
    expect(page.get_by_text("No connection")).to_be_visible()
    expect(page.locator("#live")).to_have_text("1")
    dressed.put_part("/live", LIVE % "2")
    expect(page.locator("#live")).to_have_text("2")
    expect(page.get_by_text("No connection")).to_be_hidden()


def test_nobody_looks_at_a_hidden_page(dressed: Dressed) -> None:
    dressed.page.add_init_script(
        "Object.defineProperty(document, 'hidden', {get: () => window.isAway ?? true})"
    )
    asked: list[str] = []
    dressed.page.on("request", lambda request: asked.append(request.url))
    dressed.put_part("/live", LIVE % "2")
    dressed.page.clock.install()
    page = goto(dressed, LIVE % "1")
    page.clock.run_for(60_000)
    assert not [url for url in asked if url.endswith("/live")]
    page.evaluate("isAway = false; document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.locator("#live")).to_have_text("2")


def test_an_answer_for_what_the_page_showed_before_comes_too_late(dressed: Dressed) -> None:
    dressed.put("/other", BOOSTED % (LIVE % "other"))
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    dressed.page.route("**/live", hold)
    with dressed.page.expect_request("**/live"):
        page = goto(dressed, BOOSTED % ((LIVE % "first") + '<a href="/other">Other</a>'))
    page.get_by_role("link", name="Other").click()
    expect(page.locator("#live")).to_have_text("other")
    with page.expect_request("**/live"):  # the next one, as this one has come
        held[0].fulfill(body=LIVE % "late", content_type="text/html")
    assert page.locator("#live").text_content() == "other"


def test_a_link_replaces_the_report_alone(dressed: Dressed) -> None:
    far = "<p>%s</p>" + 150 * "<br>" + '<a id="other" href="%s">Other</a>'
    dressed.put("/other", BOOSTED % far % ("two", "/report"), title="Other")
    page = goto(dressed, "<input>" + BOOSTED % far % ("one", "/other"))
    page.locator("input").fill("kept")
    page.locator("#other").click()
    expect(page.locator("#report p")).to_have_text("two")
    assert page.evaluate("scrollY") > 1000
    assert page.url.endswith("/other")
    expect(page).to_have_title("Other · Leadline")
    expect(page.locator("input")).to_have_value("kept")
    expect(page.locator("#other")).to_be_focused()
    page.go_back()
    expect(page.locator("#report p")).to_have_text("one")
    assert page.url.endswith("/report")
    page.go_forward()
    expect(page.locator("#report p")).to_have_text("two")
    expect(page.locator("input")).to_have_value("kept")
    assert dressed.console == []


def test_the_focus_is_not_lost_with_the_link(dressed: Dressed) -> None:
    dressed.put("/other", BOOSTED % "<p>two</p>")
    page = goto(dressed, BOOSTED % '<p>one</p><a href="/other">Other</a>')
    page.get_by_role("link", name="Other").click()
    expect(page.locator("#report")).to_be_focused()


@pytest.mark.parametrize("status", [200, 422])
def test_what_is_no_report_is_a_page_of_its_own(dressed: Dressed, status: int) -> None:
    dressed.put("/settings", "<p>other</p>", title="Settings", status=status)
    page = goto(dressed, BOOSTED % '<a href="/settings">Settings</a>')
    page.get_by_role("link", name="Settings").click()
    expect(page.get_by_role("heading", name="Settings")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("link", name="Settings")).to_be_visible()


def test_a_form_leads_to_a_short_address(dressed: Dressed) -> None:
    form = """<form action="/report" data-tidy><input name="q"><select name="unit" data-submits>
    <option value="">Any</option><option>day</option></select></form>"""
    page = goto(dressed, form)
    page.locator("select").select_option("day")
    page.wait_for_url("**/report?unit=day")
