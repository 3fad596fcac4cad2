"""Inviting a colleague who sees only one of two sites, in a real browser."""

from playwright.sync_api import Browser, Page, expect

from leadline.access import Role
from tests.browser.test_accessibility import violations
from tests.dashboard.person import PASSWORD, signed_in
from tests.support import RunningServer


def test_a_colleague_is_invited_to_one_of_two_sites(
    browser: Browser, server: RunningServer
) -> None:
    shop, diary = server.site("Our shop"), server.site("My diary")
    secret = signed_in(server, Role.OWNER).client.cookies["leadline_session"]
    desk = browser.new_context(base_url=server.url)
    desk.add_cookies([{"name": "leadline_session", "value": secret, "url": server.url}])
    phone = browser.new_context(
        base_url=server.url, viewport={"width": 360, "height": 740}, color_scheme="dark"
    )
    link = invite(desk.new_page())
    page = phone.new_page()
    page.goto(link)
    assert violations(page) == []
    page.get_by_label("Your name").fill("Grace")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Password again").fill(PASSWORD)
    page.get_by_role("button", name="Accept").click()
    expect(page.get_by_role("link", name="Our shop")).to_be_visible()
    expect(page.get_by_role("link", name="My diary")).to_have_count(0)
    page.goto(f"/sites/{diary.slug}")
    expect(page.get_by_role("heading", level=1)).not_to_have_text("My diary")
    page.goto(f"/sites/{shop.slug}")
    expect(page.get_by_role("heading", name="Our shop")).to_be_visible()
    expect(page.get_by_role("link", name="Edit")).to_have_count(0)
    phone.close()
    desk.close()


def invite(page: Page) -> str:
    """The link that the page shows."""
    page.goto("/sites")
    page.get_by_role("link", name="People").click()
    form = page.locator("form[action='/people/invitations']")
    form.get_by_label("E-mail address").fill("grace@example.org")
    form.get_by_label("Our shop").select_option("may view")
    form.get_by_role("button", name="Invite").click()
    expect(page.get_by_text("grace@example.org")).to_be_visible()
    assert violations(page) == []
    link = page.locator("#link").inner_text()
    page.get_by_role("link", name="All people").click()
    expect(page.get_by_role("row", name="grace@example.org")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("link", name="owner-").last.click()
    assert violations(page) == []
    return link
