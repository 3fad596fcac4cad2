"""Somebody asks on a site's page whether its snippet is installed."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from leadline.access import Role
from tests.browser_support import PageServer
from tests.dashboard.person import signed_in
from tests.snippets import fathom_tag
from tests.support import RunningServer


@pytest.fixture
def owner(browser: Browser, server: RunningServer) -> Iterator[Page]:
    context = browser.new_context(base_url=server.url)
    secret = signed_in(server, Role.OWNER).client.cookies["leadline_session"]
    context.add_cookies([{"name": "leadline_session", "value": secret, "url": server.url}])
    yield context.new_page()
    context.close()


def test_what_is_wrong_is_put_right(
    owner: Page, server: RunningServer, page_server: PageServer
) -> None:
    site = server.site("Checked", domains=("localhost",))
    tag, other = fathom_tag(server.url, site.code), fathom_tag(server.url, site.slug)
    address = page_server.put("/checked", f"<!doctype html>{tag}{other}")
    owner.goto(f"/sites/{site.slug}")
    expect(owner.get_by_label("A page of the site")).to_have_value("https://localhost/")
    owner.get_by_label("A page of the site").fill(address)
    owner.get_by_role("button", name="Is it installed?").click()
    expect(owner.get_by_role("heading", name="Something is wrong")).to_be_visible()
    problems = owner.get_by_role("listitem").filter(has_text="Problem")
    expect(problems).to_have_text(
        [
            f"Problem Fathom’s script is in the page for {site.code} and {site.slug}, which are"
            " names of one site: everything counts as often. Leave one."
        ]
    )
    page_server.put("/checked", f"<!doctype html>{tag}")
    owner.get_by_role("button", name="Is it installed?").click()
    expect(owner.get_by_role("heading", name="Nothing is wrong")).to_be_visible()
    expect(owner.get_by_label("A page of the site")).to_have_value(address)
    expect(problems).to_have_count(0)
