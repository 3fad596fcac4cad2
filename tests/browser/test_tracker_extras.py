"""What `?with=` adds to both scripts, and what is then stored."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from leadline.sites import Site
from tests.browser.visits import Visit, html, path
from tests.browser_support import PageServer
from tests.collector.hits import Stored, arrived, new_site, stored
from tests.snippets import fathom_tag, seal_tag
from tests.support import RunningServer

Tag = Callable[[str, Site, str], str]


def fathom(origin: str, site: Site, extras: str) -> str:
    return fathom_tag(origin, site.code).replace(".js", f".js?with={extras}")


def seal(origin: str, site: Site, extras: str) -> str:
    return seal_tag(origin, site.slug).replace("?id", f"?with={extras}&amp;id")


BOTH = pytest.mark.parametrize("tag", [fathom, seal])

BODY = """
<a id="out" href="https://out.example/a?secret#b">out</a>
<a id="inside" href="/inside.html">inside</a>
<a id="mail" href="mailto:a@out.example">mail</a>
<a id="file" href="/guide.PDF?x=1">file</a>
<a id="named" href="/export" download>export</a>
<a id="remote" href="https://out.example/a.zip"><b>file</b></a>
<svg width="9" height="9"><a id="drawn" href="https://svg.example/b">
  <rect width="9" height="9"/></a></svg>
<img src="data:," width="9" height="9" usemap="#map" alt="">
<map name="map"><area id="area" href="https://area.example/c" shape="default" alt="map"></map>
<div id="host"></div>
<form id="contact" action="/send"><input name="id" value="secret"><button>Send</button></form>
<button id="signup" data-leadline-event="Signup" data-leadline-event-plan="pro"><i>Up</i></button>
<form id="named-form" data-leadline-event="Ordered"><button id="order">Order</button></form>
<form name="nameless" id=""><button id="plain">Send</button></form>
<script>
  const shadow = document.getElementById("host").attachShadow({ mode: "open" });
  shadow.innerHTML = '<button data-leadline-event="Inside"><b>In</b></button>';
  addEventListener("click", (event) => event.target.closest("a,area") && event.preventDefault());
  addEventListener("submit", (event) => event.preventDefault());
</script>"""


def events(server: RunningServer, site: Site) -> list[tuple[str, dict[str, Any]]]:
    hits = [hit for hit in stored(server, site.id) if hit.kind != "pageview"]
    assert {hit.kind for hit in hits} <= {"micro"}
    return [(hit.name, json.loads(hit.properties or "{}")) for hit in hits]


@BOTH
def test_what_is_clicked_and_sent(
    server: RunningServer, page_server: PageServer, visit: Visit, tag: Tag
) -> None:
    site = new_site(server)
    snippet = tag(server.url, site, "outbound,downloads,forms,attributes")
    where = path()
    visit.page.goto(page_server.put(where, html(snippet, snippet, body=BODY)))
    visit.until_answered(1)
    visit.page.click("#out")
    visit.page.click("#out", button="middle")
    for name in ("inside", "mail", "file", "named", "remote", "contact button", "signup i"):
        visit.page.click(f"#{name}")
    visit.page.click("#order")
    visit.page.click("#drawn")
    visit.page.evaluate("document.getElementById('area').click()")
    visit.page.click("#host b")
    visit.page.click("#plain")
    expected = [
        ("Outbound Link: Click", {"url": "https://out.example/a"}),
        ("Outbound Link: Click", {"url": "https://out.example/a"}),
        ("File Download", {"url": f"{page_server.url}/guide.PDF"}),
        ("File Download", {"url": f"{page_server.url}/export"}),
        ("Outbound Link: Click", {"url": "https://out.example/a.zip"}),
        ("File Download", {"url": "https://out.example/a.zip"}),
        ("Form: Submission", {"path": where, "form": "contact"}),
        ("Signup", {"plan": "pro"}),
        ("Form: Submission", {"path": where, "form": "named-form"}),
        ("Ordered", {}),
        ("Outbound Link: Click", {"url": "https://svg.example/b"}),
        ("Outbound Link: Click", {"url": "https://area.example/c"}),
        ("Inside", {}),
        ("Form: Submission", {"path": where, "form": "nameless"}),
    ]
    visit.until_answered(1 + len(expected))
    assert events(server, site) == expected
    assert visit.console == []


@BOTH
def test_pages_that_are_left(
    server: RunningServer, page_server: PageServer, visit: Visit, tag: Tag
) -> None:
    site = new_site(server)
    long, after = path(), path()
    body = '<div style="height: 4000px"></div>'
    page_server.put(long, html(tag(server.url, site, "engaged"), body=body))
    page_server.put(after, html())
    visit.page.set_viewport_size({"width": 800, "height": 1000})
    visit.page.clock.install()
    visit.page.goto(page_server.url + long)
    visit.until_answered(1)
    visit.page.clock.run_for(20_000)
    visit.page.evaluate(f"({HIDE})(true)")
    visit.page.clock.run_for(20_000)
    visit.page.evaluate(f"({HIDE})(false)")
    visit.page.clock.run_for(7_000)
    visit.page.evaluate(SCROLLED % "scrollTo(0, 2000)")
    visit.page.goto(page_server.url + after)
    arrived(server, site.id, "hit_id", 3)
    seen, hidden, left = stored(server, site.id)
    assert (seen.kind, hidden.kind, left.kind) == ("pageview", "departure", "departure")
    assert {hit.path for hit in (seen, hidden, left)} == {long}
    (before, part), (then, more) = map(told, (hidden, left))
    assert 20 <= before <= 22
    assert 7 <= then <= 9
    assert 24 <= part <= 26
    assert 74 <= more <= 76
    assert visit.console == []


@pytest.mark.parametrize(("tag", "pageviews"), [(fathom, 3), (seal, 4)])
def test_routes_that_are_left(
    server: RunningServer, page_server: PageServer, visit: Visit, tag: Tag, pageviews: int
) -> None:
    """A place in a page is none, though it is a pageview of `t.js`."""
    site = new_site(server)
    where = path()
    snippet = tag(server.url, site, "engaged").replace(" defer", ' data-spa="auto" defer')
    page_server.put(where, html(snippet, body='<div style="height: 4000px"></div>'))
    visit.page.set_viewport_size({"width": 800, "height": 1000})
    visit.page.clock.install()
    visit.page.goto(page_server.url + where)
    visit.until_answered(1)
    visit.page.evaluate(SCROLLED % "scrollTo(0, 2000)")
    visit.page.clock.run_for(20_000)
    visit.page.evaluate("history.replaceState({}, '', '#part')")
    visit.page.evaluate(SCROLLED % "scrollTo(0, 0); history.pushState({}, '', '/second')")
    visit.page.clock.run_for(7_000)
    visit.page.evaluate("new Promise((done) => { onpopstate = done; history.back() })")
    visit.page.clock.run_for(3_000)
    visit.page.evaluate(f"({HIDE})(true)")
    arrived(server, site.id, "hit_id", pageviews + 3)
    left = [hit for hit in stored(server, site.id) if hit.kind == "departure"]
    times = [(hit.path, told(hit)) for hit in left]
    assert [where for where, _ in times] == [where, "/second", where]
    (first, deep), (second, high), (third, _) = (said for _, said in times)
    assert 20 <= first <= 22
    assert 7 <= second <= 9
    assert 3 <= third <= 5
    assert 74 <= deep <= 76
    assert 24 <= high <= 26
    assert visit.console == []


@pytest.mark.parametrize(("tag", "kinds"), [(fathom, ["departure", "pageview"]), (seal, [])])
def test_a_frame_has_extras_if_it_is_a_page(
    server: RunningServer, page_server: PageServer, visit: Visit, tag: Tag, kinds: list[str]
) -> None:
    """For `t.js` it is none: there only calls are sent."""
    site = new_site(server)
    framed = path()
    page_server.put(framed, html(tag(server.url, site, "engaged,notfound")))
    visit.page.clock.install()
    frame = f'<iframe src="{page_server.at("shop.test", framed)}"></iframe>'
    visit.page.goto(page_server.put(path(), html(body=frame)))
    visit.page.clock.run_for(5_000)
    visit.until_answered(kinds.count("pageview"))
    visit.page.goto("about:blank")
    if kinds:
        arrived(server, site.id, "hit_id", len(kinds))
    assert sorted(hit.kind for hit in stored(server, site.id)) == kinds
    assert visit.console == []


SCROLLED = """new Promise((done) => {
    addEventListener("scroll", () => done(), { once: true });
    %s;
})"""
"""Done when the page knows of it, whose own listener was there before."""

HIDE = """(hidden) => {
  Object.defineProperty(document, "hidden", { configurable: true, value: hidden });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


def told(departure: Stored) -> tuple[int, int]:
    said = json.loads(departure.properties or "")
    return int(said["engaged"]), int(said["scroll"])


@BOTH
@pytest.mark.parametrize("status", [404, 410])
def test_a_page_that_is_not_there(
    server: RunningServer, page_server: PageServer, visit: Visit, tag: Tag, status: int
) -> None:
    site = new_site(server)
    found, missing = path(), path()
    page = html(tag(server.url, site, "notfound"))
    page_server.put(found, page)
    page_server.put(missing, page, status=status)
    visit.page.goto(page_server.url + found)
    visit.until_answered(1)
    visit.page.goto(page_server.url + missing)
    visit.until_answered(3)
    assert events(server, site) == [("404", {"path": missing})]


@BOTH
def test_routes_in_the_hash(
    server: RunningServer, page_server: PageServer, visit: Visit, tag: Tag
) -> None:
    site = new_site(server)
    where = path()
    page_server.put(where, html(tag(server.url, site, "hash")))
    visit.page.goto(page_server.at("shop.test", where) + "?utm_source=letter#/start?x=1")
    visit.until_answered(1)
    visit.page.evaluate("location.hash = '/about'")
    visit.until_answered(2)
    hits = stored(server, site.id)
    assert [hit.path for hit in hits] == [f"{where}#/start", f"{where}#/about"]
    assert {hit.utm_source for hit in hits} == {"letter"}
    assert visit.console == []


@BOTH
def test_hits_of_a_browser_that_is_offline(
    server: RunningServer, page_server: PageServer, visit: Visit, tag: Tag
) -> None:
    site = new_site(server)
    where = path()
    visit.page.goto(page_server.put(where, html(tag(server.url, site, "offline"))))
    visit.until_answered(1)
    visit.context.set_offline(True)
    visit.page.evaluate(
        """() => {
          const track = window.fathom ? fathom.trackEvent : sealmetrics.micro;
          track("one");
          history.pushState({}, "", "/elsewhere");
          track("two");
        }"""
    )
    assert len(visit.sent) == 1
    visit.context.set_offline(False)
    visit.until_answered(3 + (tag is seal))
    hits = [(hit.name, hit.path) for hit in stored(server, site.id) if hit.name]
    assert sorted(hits) == [("one", where), ("two", "/elsewhere")]
    kept = "[localStorage.length, sessionStorage.length, document.cookie]"
    assert visit.page.evaluate(kept) == [0, 0, ""]
    assert visit.console == []
