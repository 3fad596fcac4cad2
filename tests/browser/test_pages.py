"""A real browser on pages of another origin: what a snippet does there."""

from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.visits import Visit, html, path
from tests.browser_support import PageServer
from tests.cli.commands import DATA as SAVED
from tests.cli.commands import ended
from tests.snippets import fathom_tag, noscript_tag
from tests.support import RunningServer, eventually


def status(server: RunningServer, site: str) -> dict[str, Any]:
    with server.client("*") as client:
        answer: dict[str, Any] = client.get(f"/api/v1/sites/{site}/pixel/status").json()["data"]
    return answer


def counted(server: RunningServer, site: str, hits: int = 1) -> dict[str, Any]:
    """The status of the site once it counts so many hits."""
    with server.client("all-sites-readonly") as client:

        def look() -> dict[str, Any] | None:
            data = client.get(f"/api/v1/sites/{site}/pixel/status").json()["data"]
            return data if data["total_hits"] == hits else None

        found = eventually(look)
    assert found is not None
    return found


def hit(server: RunningServer, site: int, *columns: str) -> tuple[Any, ...]:
    (row,) = server.leadline.storage.warehouse.query(
        f"SELECT {', '.join(columns)} FROM hits WHERE site_id = $site", site=site
    )
    return row


def refused(server: RunningServer, site: int) -> list[tuple[Any, ...]]:
    """Reason and origin of what was refused, as soon as something was."""
    statement = "SELECT reason, origin FROM refusals WHERE site_id = $site"
    query = server.leadline.storage.warehouse.query
    return eventually(lambda: query(statement, site=site))


def pixel_tag(server: RunningServer, site: str) -> str:
    with server.client("*") as client:
        tag: str = client.get(f"/api/v1/sites/{site}/pixel").json()["data"]["script_tag"]
    return tag


def test_the_tag_that_pixel_prints_counts_the_page(
    server: RunningServer, page_server: PageServer, visit: Visit
) -> None:
    site = server.site()
    before = status(server, site.slug)
    assert (before["installed"], before["total_hits"]) == (False, 0)
    where = path()
    visit.page.goto(page_server.put(where, html(pixel_tag(server, site.slug))))
    after = counted(server, site.slug)
    assert after["installed"] is True
    assert after["first_hit_at"] == after["last_hit_at"] is not None
    assert visit.sent == ["/event"]
    assert visit.console == []
    assert visit.context.cookies() == []
    assert hit(server, site.id, "kind", "origin", "path") == ("pageview", "http://localhost", where)


def test_fathoms_snippet_counts_the_page(
    server: RunningServer, page_server: PageServer, visit: Visit
) -> None:
    site = server.site()
    where = path()
    visit.page.goto(page_server.put(where, html(fathom_tag(server.url, site.code))))
    assert counted(server, site.code)["installed"] is True
    (sent,) = visit.sent
    assert sent.startswith("/?h=http%3A%2F%2Flocalhost&p=")
    assert visit.console == []
    assert visit.context.cookies() == []
    assert hit(server, site.id, "kind", "origin", "path") == ("pageview", "http://localhost", where)
    assert visit.page.evaluate("document.querySelectorAll('img').length") == 0


@pytest.mark.parametrize("dialect", ["fathom", "seal"])
def test_referrer_and_utms_arrive(
    server: RunningServer, page_server: PageServer, visit: Visit, dialect: str
) -> None:
    site = server.site()
    tag = fathom_tag(server.url, site.code) if dialect == "fathom" else pixel_tag(server, site.slug)
    where, before = path(), path()
    page_server.put(where, html(tag))
    address = page_server.at("shop.test", where) + "?utm_source=letter&utm_campaign=spring%20sale"
    link = f'<a id="link" referrerpolicy="unsafe-url" href="{address}&ref=friend&x=1">on</a>'
    page_server.put(before, html(link))
    visit.page.goto(page_server.at("news.test", before))
    visit.page.click("#link")
    counted(server, site.slug)
    columns = ("origin", "path", "referrer", "referrer_path", "utm_source", "utm_campaign", "ref")
    assert hit(server, site.id, *columns) == (
        "http://shop.test",
        where,
        "http://news.test",
        before,
        "letter",
        "spring sale",
        "friend",
    )
    assert visit.console == []


def test_t_js_sends_group_and_zone(
    browser: Browser, server: RunningServer, page_server: PageServer
) -> None:
    site = server.site()
    tag = pixel_tag(server, site.slug).replace('" defer', '&amp;group=docs" defer')
    context = browser.new_context(timezone_id="Asia/Tokyo")
    context.new_page().goto(page_server.put(path(), html(tag)))
    counted(server, site.slug)
    assert hit(server, site.id, "content_group", "browser_timezone") == ("docs", "Asia/Tokyo")
    context.close()


def test_script_js_counts_the_canonical_address(
    server: RunningServer, page_server: PageServer, visit: Visit
) -> None:
    site = server.site()
    canonical = '<link rel="canonical" href="https://shop.example/canonical?x=1">'
    tag = fathom_tag(server.url, site.code)
    visit.page.goto(page_server.put(path(), html(canonical, tag)))
    counted(server, site.code)
    assert hit(server, site.id, "origin", "path") == ("https://shop.example", "/canonical")
    other = server.site()
    where = path()
    tag = fathom_tag(server.url, other.code).replace(" defer", ' data-canonical="false" defer')
    visit.page.goto(page_server.put(where, html(canonical, tag)))
    counted(server, other.code)
    assert hit(server, other.id, "origin", "path") == ("http://localhost", where)


def test_an_automatic_pageview_can_be_turned_off(
    server: RunningServer, page_server: PageServer, visit: Visit
) -> None:
    silent, loud = server.site(), server.site()
    fathom_off = fathom_tag(server.url, silent.code).replace(" defer", ' data-auto="false" defer')
    seal_off = pixel_tag(server, silent.slug).replace('" defer', '&amp;auto=0" defer')
    seal_on = pixel_tag(server, loud.slug)
    visit.page.goto(page_server.put(path(), html(fathom_off, seal_off, seal_on)))
    counted(server, loud.slug)
    assert status(server, silent.slug)["total_hits"] == 0
    assert visit.sent == ["/event"]
    assert visit.console == []


def test_nobody_is_counted_who_asked_not_to_be(
    server: RunningServer, page_server: PageServer, visit: Visit
) -> None:
    site, other = server.site(), server.site()
    visit.context.add_init_script("localStorage.setItem('blockFathomTracking', 'true')")
    tags = fathom_tag(server.url, site.code), pixel_tag(server, other.slug)
    visit.page.goto(page_server.put(path(), html(*tags)))
    counted(server, other.slug)
    assert status(server, site.code)["total_hits"] == 0


def test_a_browser_without_scripts_is_counted_by_the_image(
    browser: Browser, server: RunningServer, page_server: PageServer
) -> None:
    site = server.site()
    where = path()
    tags = fathom_tag(server.url, site.code), pixel_tag(server, site.slug)
    page_server.put(where, html(*tags, body=noscript_tag(server.url, site.code)))
    for scripts, hits in ((False, 1), (True, 3)):
        context = browser.new_context(java_script_enabled=scripts)
        context.new_page().goto(page_server.at("shop.test", where) + "?utm_source=letter")
        counted(server, site.code, hits)
        context.close()
    rows = server.leadline.storage.warehouse.query(
        "SELECT kind, origin, path, utm_source, wire FROM hits WHERE site_id = $site"
        " ORDER BY hit_id LIMIT 1",
        site=site.id,
    )
    assert rows == [("pageview", "http://shop.test", where, "letter", "fathom")]


def test_both_snippets_of_one_site_on_one_page(
    server: RunningServer, page_server: PageServer, visit: Visit
) -> None:
    site = server.site()
    tags = fathom_tag(server.url, site.code), pixel_tag(server, site.slug)
    visit.page.goto(page_server.put(path(), html(*tags)))
    counted(server, site.slug, hits=2)
    rows = server.leadline.storage.warehouse.query(
        "SELECT count(DISTINCT visitor), count(DISTINCT visit_id) FROM hits WHERE site_id = $site",
        site=site.id,
    )
    assert rows == [(1, 1)]


def test_a_page_that_is_not_listed_is_refused(
    server: RunningServer, page_server: PageServer, visit: Visit
) -> None:
    site, other = server.site(domains=("shop.test",)), server.site(domains=("shop.test",))
    where = path()
    tag = pixel_tag(server, other.slug)
    page_server.put(where, html(fathom_tag(server.url, site.code), tag))
    visit.page.goto(page_server.at("evil.test", where))
    assert refused(server, site.id) == [("invalid_domain", "evil.test")]
    complaints = list(visit.console)
    assert "403" in complaints[0]  # the browser's own, of a script that was not handed out
    visit.page.goto(page_server.at("www.shop.test", where))
    for each in (site, other):
        counted(server, each.slug)
        assert hit(server, each.id, "origin") == ("http://www.shop.test",)
    assert visit.console == complaints


def test_old_snippets_of_imported_sites_go_on_counting(
    server: RunningServer, page_server: PageServer, visit: Visit
) -> None:
    data = str(server.settings.data)
    for saved in ("fathom-sites.json", "sealmetrics-sites.json"):
        assert ended("site", "import", str(SAVED / saved), "--data", data) == 0
    eventually(lambda: server.leadline.snapshot.find("acme-corp"))
    old_fathom = f'<script src="{server.url}/script.js" site="CDBUGS" defer></script>'
    old_seal = f'<script src="{server.url}/t.js?id=acme-corp" defer></script>'
    visit.page.goto(page_server.put(path(), html(old_fathom, old_seal)))
    assert counted(server, "CDBUGS")["site_id"] == "acme-holdings-inc"
    assert counted(server, "acme-corp")["installed"] is True
    assert visit.console == []
