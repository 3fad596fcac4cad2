"""What both trackers never do to a page, and how often they count it."""

from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from leadline.sites import Site
from tests.browser.visits import Visit, html, path
from tests.browser_support import PageServer
from tests.collector.hits import new_site, stored
from tests.snippets import fathom_tag, seal_tag
from tests.support import RunningServer, eventually

Tag = Callable[[str, Site], str]


def fathom(origin: str, site: Site) -> str:
    return fathom_tag(origin, site.code)


def seal(origin: str, site: Site) -> str:
    return seal_tag(origin, site.slug)


BOTH = pytest.mark.parametrize("tag", [fathom, seal])

CALLS = """
  window.fathom && fathom.trackEvent("called");
  window.sealmetrics && sealmetrics.micro("called");
"""


def kinds(server: RunningServer, site: Site) -> list[str]:
    return sorted(hit.kind for hit in stored(server, site.id))


def test_snippets_of_two_sites_and_both_kinds_twice(
    server: RunningServer, page_server: PageServer, visit: Visit
) -> None:
    one, two = new_site(server), new_site(server)
    tags = [tag(server.url, site) for tag in (fathom, seal) for site in (one, two)]
    visit.page.goto(page_server.put(path(), html(*tags, *tags, *reversed(tags))))
    visit.until_answered(4)
    for site in (one, two):
        assert sorted(hit.wire for hit in stored(server, site.id)) == ["fathom", "seal"]
    visit.page.evaluate("history.pushState({}, '', '/route')")
    visit.until_answered(6)  # by t.js, for each site
    assert visit.console == []


@BOTH
def test_however_the_script_comes(
    server: RunningServer, page_server: PageServer, visit: Visit, tag: Tag
) -> None:
    ways = [' type="module"', ' type="module"', " async", ""]
    sites = [new_site(server) for _ in ways]
    tags = [
        tag(server.url, site).replace(" defer", way) for way, site in zip(ways, sites, strict=True)
    ]
    visit.page.goto(page_server.put(path(), html(*tags, body="<p>A page</p>")))
    visit.until_answered(4)
    assert [kinds(server, site) for site in sites] == [["pageview"]] * 4
    assert visit.console == []


@BOTH
def test_a_script_that_another_one_puts_there(
    server: RunningServer, page_server: PageServer, visit: Visit, tag: Tag
) -> None:
    site = new_site(server)
    visit.page.goto(page_server.put(path(), html()))
    visit.page.evaluate(
        """(snippet) => {
          const found = new DOMParser().parseFromString(snippet, "text/html").scripts[0];
          const script = document.createElement("script");
          for (const { name, value } of found.attributes) script.setAttribute(name, value);
          document.head.append(script);
          script.remove();
        }""",
        tag(server.url, site),
    )
    visit.until_answered(1)
    assert kinds(server, site) == ["pageview"]
    assert visit.console == []


@BOTH
def test_under_a_strict_policy(
    server: RunningServer, page_server: PageServer, visit: Visit, tag: Tag
) -> None:
    site = new_site(server)
    where = path()
    policy = (
        f"default-src 'none'; script-src {server.url}; img-src {server.url} data:;"
        f" connect-src {server.url}; require-trusted-types-for 'script'"
    )
    snippet = tag(server.url, site)
    visit.page.goto(page_server.put(where, html(snippet), Content_Security_Policy=policy))
    visit.until_answered(1)
    visit.page.evaluate(f"() => {{ {CALLS} }}")
    visit.until_answered(2)
    assert kinds(server, site) == ["micro", "pageview"]
    assert visit.console == []


@BOTH
def test_a_policy_that_forbids_hits_breaks_nothing(
    server: RunningServer, page_server: PageServer, visit: Visit, tag: Tag
) -> None:
    site = new_site(server)
    errors: list[str] = []
    visit.page.on("pageerror", lambda error: errors.append(str(error)))
    policy = f"default-src 'none'; script-src {server.url} 'unsafe-inline'; img-src data:"
    watch = """<script>
      window.errors = [];
      addEventListener("error", (event) => errors.push(event.message));
      addEventListener("unhandledrejection", (event) => errors.push(event.reason));
      Object.defineProperty(Navigator.prototype, "sendBeacon", { get() { throw new Error() } });
    </script>"""
    where = page_server.put(
        path(), html(watch, tag(server.url, site)), Content_Security_Policy=policy
    )
    visit.page.goto(where)
    visit.page.evaluate(f"() => {{ {CALLS} }}")
    assert visit.page.evaluate("new Promise((done) => setTimeout(() => done(errors)))") == []
    assert errors == []
    assert all("Security Policy" in each or each.startswith("http") for each in visit.console)
    assert kinds(server, site) == []


@BOTH
def test_in_a_sandbox_without_storage(
    server: RunningServer, page_server: PageServer, visit: Visit, tag: Tag
) -> None:
    site = new_site(server)
    where = path()
    calls = CALLS + "window.fathom && (fathom.blockTrackingForMe(), fathom.enableTrackingForMe());"
    snippet = tag(server.url, site)
    body = f"<script>addEventListener('load', () => {{ {calls} }})</script>"
    sandbox = "sandbox allow-scripts"
    page_server.put(where, html(snippet, body=body), Content_Security_Policy=sandbox)
    visit.page.goto(page_server.at("shop.test", where))
    visit.until_answered(2)
    assert {hit.origin for hit in stored(server, site.id)} == {"http://shop.test"}
    assert kinds(server, site) == ["micro", "pageview"]
    assert visit.console == []


@BOTH
def test_a_slow_script_delays_nothing(
    server: RunningServer, page_server: PageServer, visit: Visit, tag: Tag
) -> None:
    site = new_site(server)
    held: list[Callable[[], None]] = []
    visit.page.route("**/*.js*", lambda route: held.append(route.continue_))
    # A deferred script holds DOMContentLoaded up; that of an async one does not.
    snippet = tag(server.url, site).replace("defer", "async")
    visit.page.goto(page_server.put(path(), html(snippet)), wait_until="domcontentloaded")

    def asked_for_the_script() -> bool:
        visit.page.evaluate("0")  # what the browser announces is heard only while it is asked
        return len(held) == 1

    eventually(asked_for_the_script)
    held[0]()
    visit.until_answered(1)
    assert kinds(server, site) == ["pageview"]


@BOTH
def test_a_prerendered_page_counts_when_it_is_seen(
    server: RunningServer, page_server: PageServer, visit: Visit, tag: Tag
) -> None:
    """Headless Chromium prerenders nothing: the page is told that it were."""
    site = new_site(server)
    visit.context.add_init_script(
        "window.hidden = true;"
        "Object.defineProperty(document, 'prerendering', { get: () => hidden })"
    )
    visit.page.goto(page_server.put(path(), html(tag(server.url, site))))
    visit.page.evaluate(f"() => {{ {CALLS} }}")
    visit.page.evaluate("new Promise((done) => setTimeout(done))")
    assert visit.sent == []
    visit.page.evaluate("hidden = false; document.dispatchEvent(new Event('prerenderingchange'))")
    visit.until_answered(2)
    assert kinds(server, site) == ["micro", "pageview"]
    assert visit.console == []


@BOTH
def test_a_page_that_comes_back_from_the_cache_counts_again(
    server: RunningServer, page_server: PageServer, visit: Visit, tag: Tag
) -> None:
    """Headless Chromium keeps no page in its back/forward cache: the page is told that it did."""
    site, manual = new_site(server), new_site(server)
    silent = tag(server.url, manual).replace("?id=", "?auto=0&amp;id=")
    silent = silent.replace("data-site", 'data-auto="false" data-site')
    visit.page.goto(page_server.put(path(), html(silent, tag(server.url, site))))
    visit.until_answered(1)
    come = "(persisted) => dispatchEvent(new PageTransitionEvent('pageshow', { persisted }))"
    visit.page.evaluate(come, True)
    visit.page.evaluate(come, False)
    visit.until_answered(2)
    assert kinds(server, site) == ["pageview", "pageview"]
    assert kinds(server, manual) == []
    assert visit.console == []


def test_a_page_without_a_host_sends_nothing(
    server: RunningServer, visit: Visit, tmp_path: Path
) -> None:
    script = httpx.get(f"{server.url}/script.js", verify=False).text
    visit.page.route("**/script.js", lambda route: route.fulfill(body=script))
    page = tmp_path / "page.html"
    page.write_text(html(fathom(server.url, new_site(server))))
    visit.page.goto(page.as_uri())
    visit.page.evaluate(f"() => {{ {CALLS} fathom.trackPageview(); }}")
    visit.until_answered(0)
    assert visit.console == []
