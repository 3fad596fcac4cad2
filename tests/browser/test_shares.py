"""What a site shares, in a real browser: behind a password, in frames, and after its end."""

from hashlib import sha256

import pytest
from playwright.sync_api import FrameLocator, Page, expect

from leadline.sites import NewShareLink, Sharing, Site, SiteChange
from tests.browser.visits import Visit, html, path
from tests.browser_support import PageServer
from tests.support import RunningServer

PASSWORD = "open sesame"
SECRET = sha256(PASSWORD.encode()).hexdigest()


@pytest.fixture
def site(server: RunningServer) -> Site:
    return server.site("Shared Shop", sharing=Sharing.PRIVATE, share_password=PASSWORD)


def share(server: RunningServer, site: Site, rest: str = "") -> str:
    return f"{server.url}/share/{site.code.lower()}{rest}"


def framed(page_server: PageServer, address: str) -> str:
    """The path of a page that has the address in a frame."""
    where = path()
    page_server.put(where, html(body=f'<iframe src="{address}" width=900 height=900></iframe>'))
    return where


def expect_report(where: Page | FrameLocator) -> None:
    expect(where.get_by_role("heading", name="Shared Shop")).to_be_visible()


def choose(where: Page | FrameLocator, name: str) -> None:
    """Follow a link of the report, which then shows that it is followed."""
    link = where.get_by_role("link", name=name, exact=True)
    link.click()
    expect(link).to_have_attribute("aria-current", "true")


def test_a_password_opens_a_share_and_is_remembered(
    server: RunningServer, visit: Visit, site: Site
) -> None:
    page = visit.page
    page.goto(share(server, site, "/shared-shop?period=7d"))
    expect(page.get_by_label("Password")).to_be_focused()
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect_report(page)
    assert page.url == share(server, site, "?period=7d")
    page.reload()
    expect_report(page)
    page.get_by_role("link", name="Systems", exact=True).click()
    expect(page.get_by_role("link", name="Systems", exact=True)).to_have_attribute(
        "aria-current", "true"
    )
    assert "pass" not in page.url
    assert visit.console == []


def test_a_page_of_a_listed_host_embeds_a_share_without_cookies(
    server: RunningServer, page_server: PageServer, visit: Visit, site: Site
) -> None:
    """As the plug-in for WordPress does; the browser keeps no cookie of a frame over HTTP."""
    server.leadline.sites.update(site, SiteChange(embed_on=(f"*.test:{page_server.port}",)))
    address = share(server, site, f"/wordpress?password={SECRET}")
    visit.page.goto(page_server.at("blog.test", framed(page_server, address)))
    frame = visit.page.frame_locator("iframe")
    expect_report(frame)
    frame.get_by_role("link", name="Systems", exact=True).click()
    expect(frame.get_by_role("link", name="Systems", exact=True)).to_have_attribute(
        "aria-current", "true"
    )
    frame.get_by_role("link", name="Visits", exact=True).click()
    expect(frame.get_by_role("link", name="Visits", exact=True)).to_have_attribute(
        "aria-current", "true"
    )
    expect_report(frame)
    assert visit.context.cookies() == []
    assert visit.console == []


def test_a_password_is_typed_in_a_frame(
    server: RunningServer, page_server: PageServer, visit: Visit, site: Site
) -> None:
    server.leadline.sites.update(site, SiteChange(embed_on=("*",)))
    visit.page.goto(page_server.at("blog.test", framed(page_server, share(server, site))))
    frame = visit.page.frame_locator("iframe")
    frame.get_by_label("Password").fill(PASSWORD)
    frame.get_by_role("button", name="Show the reports").click()
    expect_report(frame)


@pytest.mark.parametrize("embed_on", [(), ("elsewhere.test",)])
def test_no_other_page_embeds_it(
    server: RunningServer,
    page_server: PageServer,
    visit: Visit,
    site: Site,
    embed_on: tuple[str, ...],
) -> None:
    site = server.leadline.sites.update(site, SiteChange(sharing=Sharing.PUBLIC, embed_on=embed_on))
    with visit.page.expect_console_message(lambda said: "frame" in said.text.lower()):
        visit.page.goto(
            page_server.at("blog.test", framed(page_server, share(server, site))), wait_until="load"
        )
    (inner,) = visit.page.main_frame.child_frames
    assert inner.url.startswith("chrome-error:")


def test_an_open_page_notices_that_its_share_is_over(
    server: RunningServer, visit: Visit, site: Site
) -> None:
    page = visit.page
    page.goto(share(server, site, f"?password={SECRET}"))
    expect_report(page)
    server.leadline.sites.update(site, SiteChange(share_password="another"))
    page.evaluate("dispatchEvent(new Event('online'))")  # has it look again at once
    expect(page.get_by_role("heading", name="A password is needed")).to_be_visible()


def test_an_open_page_notices_that_its_link_is_revoked(
    server: RunningServer, visit: Visit, site: Site
) -> None:
    link = server.leadline.share_links.create(site, NewShareLink(name="For Ada"))
    page = visit.page
    page.goto(share(server, site, f"/l/{link.token}"))
    expect_report(page)
    server.leadline.share_links.revoke(site, link.id)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.get_by_role("heading", name="Not Found")).to_be_visible()
