"""An owner says in a browser what does not count, and then it does not."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from leadline.access import Role
from tests.browser_support import PageServer
from tests.collector.hits import refusals, stored
from tests.dashboard.person import signed_in
from tests.snippets import fathom_tag, seal_tag
from tests.support import RunningServer


@pytest.fixture
def stats(server: RunningServer) -> str:
    """The server's origin as a part of the shop's domain."""
    return server.url.replace("127.0.0.1", "stats.shop.test")


@pytest.fixture
def owner(browser: Browser, server: RunningServer, stats: str) -> Iterator[Page]:
    context = browser.new_context(base_url=stats)
    secret = signed_in(server, Role.OWNER).client.cookies["leadline_session"]
    context.add_cookies([{"name": "leadline_session", "value": secret, "url": stats}])
    yield context.new_page()
    context.close()


def visit(context: BrowserContext, pages: PageServer, host: str, path: str, *tags: str) -> None:
    """Look at a page that has these tags, until all of their hits are answered."""
    pages.put(path, f"<!doctype html><title>A page</title>{''.join(tags)}")
    page = context.new_page()
    answered: list[str] = []
    page.on("response", lambda response: answered.append(response.url))
    page.goto(pages.at(host, path))

    def hits() -> list[str]:
        return [url for url in answered if url.endswith("/event") or "/?" in url]

    while len(hits()) < len(tags):
        with page.expect_event("response"):
            pass
    page.close()


def test_rules_that_an_owner_makes_are_kept_to(
    owner: Page, server: RunningServer, stats: str, page_server: PageServer, browser: Browser
) -> None:
    site = server.site("Ruled")
    owner.goto(f"/sites/{site.slug}/edit")
    owner.get_by_label("Do not count", exact=True).select_option("Path")
    owner.get_by_label("which is").fill("admin")
    section = owner.get_by_role("region", name="What does not count")
    section.get_by_role("button", name="Add").click()
    expect(owner.get_by_text("A path begins with / or *")).to_be_visible()
    expect(owner.get_by_label("which is")).to_have_value("admin")
    expect(owner.get_by_label("Do not count", exact=True)).to_have_value("path")
    owner.get_by_label("which is").fill("/admin/*")
    section.get_by_role("button", name="Add").click()
    expect(section.get_by_text("Path /admin/*")).to_be_visible()
    tags = (fathom_tag(stats, site.code), seal_tag(stats, site.slug))
    with browser.new_context() as somebody:
        for path in (f"/admin/{uuid4()}", f"/{uuid4()}"):
            visit(somebody, page_server, "shop.test", path, *tags)
    assert len(stored(server, site.id)) == 2
    assert refusals(server, site.id) == [("blocklist_path", "shop.test", 2)]
    owner.goto(f"/sites/{site.slug}")
    owner.get_by_text("were not counted").click()
    expect(owner.get_by_text("On paths that this site does not count.")).to_be_visible()


def test_ones_own_visits_do_not_count_on_the_servers_domain(
    owner: Page, server: RunningServer, stats: str, page_server: PageServer
) -> None:
    site = server.site("Mine")
    tags = (fathom_tag(stats, site.code), seal_tag(stats, site.slug))
    owner.goto("/account")
    owner.get_by_role("button", name="Don’t count me").click()
    expect(owner.get_by_text("Visits with this browser do not count")).to_be_visible()
    visit(owner.context, page_server, "shop.test", f"/{uuid4()}", *tags)
    assert stored(server, site.id) == []
    assert refusals(server, site.id) == [("excluded_visitor", "shop.test", 2)]
    visit(owner.context, page_server, "elsewhere.test", f"/{uuid4()}", *tags)
    assert len(stored(server, site.id)) == 2  # without TLS the cookie stays in its own domain
    owner.get_by_role("button", name="Count me again").click()
    expect(owner.get_by_role("button", name="Don’t count me")).to_be_visible()
    visit(owner.context, page_server, "shop.test", f"/{uuid4()}", *tags)
    assert len(stored(server, site.id)) == 4
