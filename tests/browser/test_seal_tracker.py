"""Everything that `t.js` offers to a page, and what is then stored."""

from collections import Counter
from decimal import Decimal
from typing import Any

import pytest

from tests.browser.visits import WITHOUT_BEACONS, Visit, html, path, payload
from tests.browser_support import PageServer
from tests.collector.hits import Stored, new_site, stored
from tests.docs.documents import ROOT
from tests.snippets import seal_tag
from tests.support import RunningServer

PAGEVIEW = ["a", "s", "t", "u", "r", "z", "c"]

QUEUE = """<script>
window.sealmetrics = function () {
  (sealmetrics.q = sealmetrics.q || []).push(["pv", arguments]);
};
sealmetrics({ group: "early" });
sealmetrics.q.push(["no", []], null, ["cv", ["order", 12.5, { sku: "a" }]], ["mc", ["seen"]]);
window._sm = "taken";
</script>"""

CALLS = """() => {
  sealmetrics({ group: "docs" });
  sealmetrics();
  sealmetrics.conv("purchase", 99.95, { plan: "pro", items: [{ quantity: 2 }] });
  sealmetrics.conv("lead", "12");
  sealmetrics.conv("free", 0, {});
  sealmetrics.conv();
  sm.micro("scroll", { depth: 50 });
  sm.micro("plain");
  const circle = {};
  circle.circle = circle;
  sm.micro("circle", circle);
}"""


def tag(server: RunningServer, site: str, settings: str = "") -> str:
    return seal_tag(server.url, site).replace('" defer', f'{settings}" defer')


def essence(hits: list[Stored]) -> list[tuple[Any, ...]]:
    return [(hit.kind, hit.name, hit.amount, hit.properties, hit.content_group) for hit in hits]


def test_every_function_and_the_queue(
    server: RunningServer, page_server: PageServer, visit: Visit
) -> None:
    site = new_site(server)
    where = page_server.put(path(), html(QUEUE, tag(server, site.slug, "&amp;group=all")))
    visit.page.goto(where)
    visit.until_answered(4)
    visit.page.evaluate(CALLS)
    visit.until_answered(11)
    assert [list(payload(each)) for each in visit.requests] == [
        [*PAGEVIEW, "g"],
        [*PAGEVIEW, "e", "v", "x"],
        [*PAGEVIEW, "e", "m"],
        [*PAGEVIEW, "g"],
        [*PAGEVIEW, "g"],
        [*PAGEVIEW, "g"],
        [*PAGEVIEW, "e", "v", "x"],
        [*PAGEVIEW, "e"],
        [*PAGEVIEW, "e", "v"],
        [*PAGEVIEW, "e", "m", "x"],
        [*PAGEVIEW, "e", "m"],
    ]
    scroll = payload(visit.requests[9])
    assert isinstance(scroll.pop("c"), int)
    assert scroll == {
        "a": site.slug,
        "s": "10",
        "t": "",
        "u": where,
        "r": "",
        "z": "UTC",
        "e": "scroll",
        "m": 1,
        "x": {"depth": 50},
    }
    # They went by several connections: which arrives first is up to the network.
    assert Counter(essence(stored(server, site.id))) == Counter(
        [
            ("pageview", "", None, None, "early"),
            ("conversion", "order", Decimal("12.5"), '{"sku":"a"}', ""),
            ("micro", "seen", None, None, ""),
            ("pageview", "", None, None, "all"),
            ("pageview", "", None, None, "docs"),
            ("pageview", "", None, None, "all"),
            ("conversion", "purchase", Decimal("99.95"), PURCHASE, ""),
            ("conversion", "lead", Decimal(0), None, ""),
            ("conversion", "free", Decimal(0), None, ""),
            ("micro", "scroll", None, '{"depth":"50"}', ""),
            ("micro", "plain", None, None, ""),
        ]
    )
    assert visit.console == []


DOCUMENTED = (ROOT / "docs/tracking.md").read_text()
STUB = DOCUMENTED[DOCUMENTED.index("<script>\n  if (!window.sealmetrics)") :].partition("```")[0]


def test_the_documented_queue_before_the_script_and_after_it(
    server: RunningServer, page_server: PageServer, visit: Visit
) -> None:
    """A page may keep what it found, and may make its queue when there is a tracker already."""
    site = new_site(server)
    early = "<script>window.early = sealmetrics.conv; early('one', 1); sealmetrics()</script>"
    visit.page.goto(
        page_server.put(path(), html(STUB, early, tag(server, site.slug, "&amp;auto=0")))
    )
    visit.until_answered(2)
    visit.page.evaluate("() => { early('two', 2); sealmetrics.q.push(['mc', ['three']]); }")
    visit.page.evaluate("(stub) => eval(stub)", STUB.split(">", 1)[1].rpartition("</")[0])
    visit.page.evaluate("sealmetrics.conv('four', 4)")
    visit.until_answered(5)
    found = [(hit.kind, hit.name, hit.amount) for hit in stored(server, site.id)]
    assert Counter(found) == Counter(
        [
            ("pageview", "", None),
            ("conversion", "one", Decimal(1)),
            ("conversion", "two", Decimal(2)),
            ("micro", "three", None),
            ("conversion", "four", Decimal(4)),
        ]
    )
    assert visit.console == []


def test_a_queue_that_is_none_costs_no_pageview(
    server: RunningServer, page_server: PageServer, visit: Visit
) -> None:
    site = new_site(server)
    broken = "<script>window.sealmetrics = window.sm = { q: 'broken' }</script>"
    visit.page.goto(page_server.put(path(), html(broken, tag(server, site.slug))))
    visit.until_answered(1)
    assert visit.page.evaluate("sm === sealmetrics")
    assert visit.console == []


def test_the_aliases_are_those_of_the_last_tracker(
    server: RunningServer, page_server: PageServer, visit: Visit
) -> None:
    tags = [tag(server, new_site(server).slug) for _ in range(2)]
    visit.page.goto(page_server.put(path(), html(*tags)))
    visit.until_answered(2)
    assert visit.page.evaluate("sm === sealmetrics && _sm === sealmetrics")


PURCHASE = '{"items":"[{\\"quantity\\":2}]","plan":"pro"}'


def test_what_a_page_finds(server: RunningServer, page_server: PageServer, visit: Visit) -> None:
    site = new_site(server)
    where = path()
    before = "<script>window.known = Object.keys(window)</script>"
    settings = "&amp;auto=0&amp;spa=0"
    visit.page.goto(page_server.put(where, html(before, tag(server, site.slug, settings))))
    found = visit.page.evaluate(
        """() => {
          for (const name of ["sessionId", "accountId", "tz", "autoMode", "spaMode"]) {
            sealmetrics[name] = "changed";
          }
          const { sessionId, accountId, tz, autoMode, spaMode } = sealmetrics;
          return {
            values: [sessionId, accountId, tz, autoMode, spaMode],
            names: Object.keys(window).filter((name) => !known.includes(name)).sort(),
            aliases: sm === sealmetrics && _sm === sealmetrics,
            kept: [localStorage.length, sessionStorage.length, document.cookie],
          };
        }"""
    )
    assert found == {
        "values": ["10", site.slug, "UTC", "0", "0"],
        "names": ["_sm", "known", "sealmetrics", "sm"],
        "aliases": True,
        "kept": [0, 0, ""],
    }
    visit.page.goto(page_server.put(where, html(QUEUE, tag(server, site.slug))))
    modes = "[sealmetrics.autoMode, sealmetrics.spaMode, _sm, sm === sealmetrics]"
    assert visit.page.evaluate(modes) == ["1", "1", "taken", True]
    assert visit.console == []


ROUTES = """async () => {
  history.pushState({}, "", "/one");
  history.pushState({}, "", "/one");
  history.replaceState({}, "", "/two?x=1");
  history.replaceState({}, "");
  history.pushState({}, "", "/three#part");
  const gone = new Promise((done) => addEventListener("popstate", done));
  history.back();
  await gone;
}"""


def test_routes_of_an_application(
    server: RunningServer, page_server: PageServer, visit: Visit
) -> None:
    site = new_site(server)
    where = path()
    start = page_server.put(where, html(tag(server, site.slug, "&amp;group=app")))
    visit.page.goto(start, referer="https://news.example/a")
    visit.until_answered(1)
    visit.page.evaluate(ROUTES)
    visit.until_answered(5)
    origin = page_server.url
    assert [(each["u"], each["r"]) for each in map(payload, visit.requests)] == [
        (start, "https://news.example/a"),
        (f"{origin}/one", start),
        (f"{origin}/two?x=1", f"{origin}/one"),
        (f"{origin}/three#part", f"{origin}/two?x=1"),
        (f"{origin}/two?x=1", f"{origin}/three#part"),
    ]
    hits = stored(server, site.id)
    assert [hit.path for hit in hits] == [where, "/one", "/two", "/three", "/two"]
    assert {hit.content_group for hit in hits} == {"app"}
    assert len({hit.visit_id for hit in hits}) == 1
    assert hits[0].referrer == "https://news.example"
    assert visit.console == []


def test_routes_are_followed_but_not_sent_with_spa_0(
    server: RunningServer, page_server: PageServer, visit: Visit
) -> None:
    site = new_site(server)
    start = page_server.put(path(), html(tag(server, site.slug, "&amp;spa=0")))
    visit.page.goto(start)
    visit.page.evaluate(ROUTES)
    visit.page.evaluate("sealmetrics.micro('seen')")
    visit.until_answered(2)
    last = payload(visit.requests[1])
    origin = page_server.url
    assert (last["u"], last["r"]) == (f"{origin}/two?x=1", f"{origin}/three#part")
    assert [hit.path for hit in stored(server, site.id)][1:] == ["/two"]


@pytest.mark.parametrize("attributes", ["", ' sandbox="allow-scripts"'])
def test_in_a_frame_only_calls_are_sent(
    server: RunningServer, page_server: PageServer, visit: Visit, attributes: str
) -> None:
    site = new_site(server)
    framed = path()
    call = (
        "<script>addEventListener('load', () => { try { history.pushState({}, '', '#x') } catch {}"
        " sealmetrics.conv('sale', 5); sealmetrics.micro('seen'); })</script>"
    )
    page_server.put(framed, html(tag(server, site.slug), call))
    frame = f'<iframe src="{page_server.at("shop.test", framed)}"{attributes}></iframe>'
    visit.page.goto(page_server.put(path(), html(body=frame)))
    visit.until_answered(2)
    hits = stored(server, site.id)
    assert [(hit.kind, hit.name, hit.origin) for hit in hits] == [
        ("conversion", "sale", "http://shop.test"),
        ("micro", "seen", "http://shop.test"),
    ]
    assert visit.console == []


@pytest.mark.parametrize("beacons", WITHOUT_BEACONS)
def test_without_beacons_it_fetches(
    server: RunningServer, page_server: PageServer, visit: Visit, beacons: str
) -> None:
    site = new_site(server)
    watch = (
        "window.kept = []; const original = fetch;"
        "fetch = (to, how) => { kept.push(how.keepalive); return original(to, how); };"
    )
    visit.context.add_init_script(beacons + watch)
    visit.page.goto(page_server.put(path(), html(tag(server, site.slug))))
    visit.until_answered(1)
    assert visit.page.evaluate("kept") == [True]
    (request,) = visit.requests
    assert list(payload(request)) == PAGEVIEW
    assert request.resource_type == "fetch"
    assert len(stored(server, site.id)) == 1
    assert visit.console == []
