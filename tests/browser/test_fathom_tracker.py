"""Everything that `script.js` offers to a page, alone and through `fathom-client`."""

import json
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.browser.visits import WITHOUT_BEACONS, Visit, fields, html, path
from tests.browser_support import PageServer
from tests.collector.hits import Stored, new_site, settle, stored
from tests.snippets import fathom_tag
from tests.support import RunningServer

CLIENT = Path("web/node_modules/fathom-client/dist/fathom-client.esm.js")

PAGEVIEW = ["h", "p", "r", "sid", "qs", "cid"]
EVENT = ["name", "payload", "p", "h", "r", "sid", "qs", "cid"]
GOAL = ["gcode", "gval", "qs", "p", "h", "r", "sid", "cid"]


def tag(server: RunningServer, site: str, attributes: str = "") -> str:
    return fathom_tag(server.url, site).replace(" defer", f" {attributes} defer")


def essence(hits: list[Stored]) -> list[tuple[Any, ...]]:
    return [(hit.kind, hit.name, hit.amount, hit.origin, hit.path) for hit in hits]


def test_every_function(server: RunningServer, page_server: PageServer, visit: Visit) -> None:
    site, other, third = (new_site(server) for _ in range(3))
    where = path()
    before = "<script>window.known = Object.keys(window)</script>"
    page_server.put(where, html(before, tag(server, site.code)))
    query = "?utm_source=a%20b+c&ref=x=y&other=1&q=%E0%A4%A&utm_term"
    visit.page.goto(page_server.at("shop.test", where) + query)
    visit.until_answered(1)
    dialogs: list[str] = []

    def note(dialog: Any) -> None:
        dialogs.append(dialog.message)
        dialog.accept()

    visit.page.on("dialog", note)
    visit.page.evaluate(
        """() => {
          fathom.trackPageview({
            url: "https://www.example.com:8443/a?b#c",
            referrer: "https://n.example/",
          });
          fathom.trackPageview({ url: "/relative?x=1" });
          fathom.trackPageview();
        }"""
    )
    visit.until_answered(4)
    found = visit.page.evaluate(
        """([other, third]) => {
          fathom.trackEvent("plain");
          fathom.trackEvent("bought", { _value: 1999 });
          fathom.trackEvent("elsewhere", { _site_id: third });
          fathom.trackEvent();
          fathom.trackGoal("GOAL", 250);
          const circle = {};
          circle.circle = circle;
          fathom.trackEvent("circle", circle);
          fathom.blockTrackingForMe();
          fathom.trackPageview();
          fathom.trackEvent("blocked");
          fathom.trackGoal("BLOCKED", 1);
          const flag = localStorage.blockFathomTracking;
          fathom.enableTrackingForMe();
          fathom.setSite(other);
          fathom.trackEvent("again");
          return {
            flag,
            siteId: fathom.siteId,
            kept: [localStorage.length, sessionStorage.length, document.cookie],
            names: Object.keys(window).filter((name) => !known.includes(name)),
          };
        }""",
        [other.code, third.code],
    )
    assert found == {
        "flag": "true",
        "siteId": other.code,
        "kept": [0, 0, ""],
        "names": ["known", "fathom"],
    }
    assert dialogs == ["Tracking off", "Tracking on"]
    visit.until_answered(9)
    requests = visit.requests
    assert [(each.method, each.resource_type) for each in requests] == [("GET", "image")] * 4 + [
        ("POST", "ping")
    ] * 5
    assert all(each.post_data is None for each in requests)
    orders = [[name for name, _ in fields(each)] for each in requests]
    assert orders == [PAGEVIEW] * 4 + [EVENT] * 3 + [GOAL, EVENT]
    first, bought = dict(fields(requests[0])), dict(fields(requests[5]))
    assert 1 <= int(first.pop("cid")) <= 10**8
    assert first == {
        "h": "http://shop.test",
        "p": where,
        "r": "",
        "sid": site.code,
        "qs": '{"utm_source":"a b+c","ref":"x","q":"%E0%A4%A"}',
    }
    assert (bought["name"], bought["payload"]) == ("bought", '{"_value":1999}')
    hits = stored(server, site.id)  # by several connections: in any order
    assert Counter(essence(hits)) == Counter(
        [
            ("pageview", "", None, "http://shop.test", where),
            ("pageview", "", None, "https://www.example.com", "/a"),
            ("pageview", "", None, "http://shop.test", "/relative"),
            ("pageview", "", None, "http://shop.test", where),
            ("micro", "plain", None, "http://shop.test", where),
            ("conversion", "bought", Decimal("19.99"), "http://shop.test", where),
            ("conversion", "GOAL", Decimal("2.5"), "http://shop.test", where),
        ]
    )
    assert [hit.name for hit in stored(server, other.id)] == ["again"]
    assert [hit.name for hit in stored(server, third.id)] == ["elsewhere"]
    assert [hit.referrer for hit in hits if hit.path == "/a"] == ["https://n.example"]
    assert visit.console == []


CLIENT_CALLS = """
import * as client from "/fathom-client.js";
window.exported = Object.keys(client).sort();
const { url, site, other } = JSON.parse(document.getElementById("given").text);
client.trackEvent("early");
client.load(site, {
  url, auto: false, honorDNT: true, canonical: false, spa: "auto",
  includedDomains: ["shop.test"], excludedDomains: ["x.test"],
});
client.load(site, { url });
document.getElementById("fathom-script").addEventListener("load", () => {
  client.trackPageview();
  client.trackPageview({ url: "/given", referrer: "https://n.example/" });
  client.trackEvent("bought", { _value: 1 });
  client.trackEvent("elsewhere", { _site_id: other });
  client.trackGoal("GOAL", 250);
  client.blockTrackingForMe();
  window.enabled = [client.isTrackingEnabled()];
  client.trackPageview();
  client.enableTrackingForMe();
  window.enabled.push(client.isTrackingEnabled());
  client.setSite(other);
  client.trackEvent("again");
});
"""


def test_the_published_client(server: RunningServer, page_server: PageServer, visit: Visit) -> None:
    site, other = new_site(server), new_site(server)
    page_server.put("/fathom-client.js", CLIENT.read_text(), "text/javascript")
    where = path()
    url = f"{server.url}/script.js"
    given = f'{{"url": "{url}", "site": "{site.code}", "other": "{other.code}"}}'
    parts = (
        '<link rel="canonical" href="https://canonical.example/">',
        f'<script type="application/json" id="given">{given}</script>',
        f'<script type="module">{CLIENT_CALLS}</script>',
    )
    page_server.put(where, html(*parts))
    visit.page.goto(page_server.at("shop.test", where))
    visit.until_answered(7)
    assert visit.page.evaluate("exported") == [
        "blockTrackingForMe",
        "enableTrackingForMe",
        "isTrackingEnabled",
        "load",
        "setSite",
        "trackEvent",
        "trackGoal",
        "trackPageview",
    ]
    assert visit.page.evaluate("enabled") == [False, True]
    hits = essence(stored(server, site.id))
    assert sorted(hits, key=str) == sorted(
        [
            ("micro", "early", None, "http://shop.test", where),
            ("pageview", "", None, "http://shop.test", where),
            ("pageview", "", None, "http://shop.test", "/given"),
            ("conversion", "bought", Decimal("0.01"), "http://shop.test", where),
            ("conversion", "GOAL", Decimal("2.5"), "http://shop.test", where),
        ],
        key=str,
    )
    assert [hit.name for hit in stored(server, other.id)] == ["elsewhere", "again"]
    visit.page.evaluate("history.pushState({}, '', '/route')")
    visit.until_answered(8)
    assert [hit.path for hit in stored(server, other.id)][2:] == ["/route"]
    assert visit.console == []


def test_attributes_that_refuse(
    server: RunningServer, page_server: PageServer, visit: Visit
) -> None:
    """Each snippet is of another site, so that one page shows who sends and who doesn't."""
    visit.context.add_init_script(
        "Object.defineProperty(Navigator.prototype, 'doNotTrack', { get: () => '1' })"
    )
    without_prefix = {
        'auto="false"': 0,
        'auto="true"': 1,
        'honor-dnt="true"': 0,
        'honor-dnt="false"': 1,
        'included-domains="a.test, shop.test"': 1,
        'included-domains="a.test,www.shop.test"': 0,
        'allowed-domains="shop.test"': 1,
        'allowed-domains="a.test"': 0,
        'excluded-domains="a.test,shop.test"': 0,
        'excluded-domains="test"': 1,
    }
    expected = without_prefix | {f"data-{name}": hits for name, hits in without_prefix.items()}
    sites = {attribute: new_site(server) for attribute in expected}
    tags = [tag(server, site.code, attribute) for attribute, site in sites.items()]
    tags = [
        each if "data-" in attribute else each.replace("data-site", "site")
        for attribute, each in zip(sites, tags, strict=True)
    ]
    where = path()
    page_server.put(where, html(*tags))
    visit.page.goto(page_server.at("shop.test", where))
    visit.until_answered(sum(expected.values()))
    settle(server)
    statement = "SELECT site_id, count(*) FROM hits GROUP BY site_id"
    hits = dict(server.leadline.storage.warehouse.query(statement))
    assert {attribute: hits.get(site.id, 0) for attribute, site in sites.items()} == expected
    assert visit.console == []


@pytest.mark.parametrize("spa", ['data-spa="auto"', 'data-spa="history"', 'spa="auto"'])
def test_routes_in_history(
    server: RunningServer, page_server: PageServer, visit: Visit, spa: str
) -> None:
    site = new_site(server)
    where = path()
    visit.page.goto(page_server.put(where, html(tag(server, site.code, spa))))
    visit.until_answered(1)
    visit.page.evaluate(
        """async () => {
          window.heard = [];
          for (const name of ["pushstate", "locationchangefathom"]) {
            addEventListener(name, () => heard.push(name));
          }
          history.pushState({}, "", "/one?ref=friend");
          history.pushState({}, "", "/one?ref=friend#part");
          history.replaceState({}, "", "/replaced");
          history.pushState({}, "", "/two");
          const gone = new Promise((done) => addEventListener("popstate", done));
          history.back();
          await gone;
        }"""
    )
    visit.until_answered(4)
    hits = stored(server, site.id)
    assert [hit.path for hit in hits] == [where, "/one", "/two", "/replaced"]
    assert [hit.ref for hit in hits] == ["", "friend", "", ""]
    both = ["pushstate", "locationchangefathom"]
    assert visit.page.evaluate("heard") == both * 3 + both[1:]
    assert visit.console == []


@pytest.mark.parametrize("spa", ['data-spa="hash"', 'spa="hash"'])
def test_routes_in_the_hash(
    server: RunningServer, page_server: PageServer, visit: Visit, spa: str
) -> None:
    site = new_site(server)
    where = path()
    page_server.put(where, html(tag(server, site.code, spa)))
    visit.page.goto(page_server.at("shop.test", where) + "#/start")
    visit.until_answered(1)
    visit.page.evaluate("location.hash = '/about?x=1'")
    visit.until_answered(2)
    assert [hit.path for hit in stored(server, site.id)] == [f"{where}#/start", f"{where}#/about"]
    assert visit.console == []


def test_without_spa_routes_are_nothing(
    server: RunningServer, page_server: PageServer, visit: Visit
) -> None:
    site = new_site(server)
    visit.page.goto(page_server.put(path(), html(tag(server, site.code))))
    visit.until_answered(1)
    visit.page.evaluate("history.pushState({}, '', '/one'); location.hash = 'x'")
    visit.page.evaluate("fathom.trackEvent('last')")
    visit.until_answered(2)
    assert [hit.kind for hit in stored(server, site.id)] == ["pageview", "micro"]


SENT = {
    "action": "a1",
    "keyword": "k2",
    "name": "n3",
    "pagename": "p4",
    "q": "q5",
    "ref": "r6",
    "s": "s7",
    "tab": "t8",
    "utm_campaign": "c9",
    "utm_content": "c10",
    "utm_medium": "m11",
    "utm_source": "s12",
    "utm_term": "t13",
}


def test_of_a_query_what_is_documented_is_sent(
    server: RunningServer, page_server: PageServer, visit: Visit
) -> None:
    site = new_site(server)
    address = page_server.put(path(), html(tag(server, site.code)))
    query = urlencode({"id": "no", **SENT, "utm_id": "no", "gclid": "no", "as": "no"})
    visit.page.goto(f"{address}?{query}")
    visit.until_answered(1)
    assert json.loads(dict(fields(visit.requests[0]))["qs"]) == SENT


def test_the_site_itself_is_no_referrer(
    server: RunningServer, page_server: PageServer, visit: Visit
) -> None:
    snippet = tag(server, new_site(server).code)
    second = page_server.put(path(), html(snippet))
    first = page_server.put(path(), html(snippet, body=f'<a href="{second}">on</a>'))
    visit.page.goto(first, referer="https://news.example/")
    visit.until_answered(1)
    visit.page.click("a")
    visit.until_answered(2)
    referrers = [dict(fields(each))["r"] for each in visit.requests]
    assert referrers == ["https://news.example/", ""]


CANONICAL = '<link rel="canonical" href="https://www.example.com/canonical?a=b">'


@pytest.mark.parametrize(
    ("attribute", "is_asked"),
    [
        ("", True),
        ('canonical="true"', True),
        ('canonical="false"', False),
        ('data-canonical="false"', False),
    ],
)
def test_the_address_that_a_page_says_it_has(
    server: RunningServer,
    page_server: PageServer,
    visit: Visit,
    attribute: str,
    is_asked: bool,
) -> None:
    site = new_site(server)
    where = path()
    page_server.put(where, html(CANONICAL, tag(server, site.code, attribute)))
    visit.page.goto(page_server.at("shop.test", where))
    visit.until_answered(1)
    (hit,) = stored(server, site.id)
    canonical, own = ("https://www.example.com", "/canonical"), ("http://shop.test", where)
    assert (hit.origin, hit.path) == (canonical if is_asked else own)


@pytest.mark.parametrize("flag", ["true", "1", "whatever"])
def test_any_flag_blocks(
    server: RunningServer, page_server: PageServer, visit: Visit, flag: str
) -> None:
    address = page_server.put(path(), html(tag(server, new_site(server).code)))
    visit.context.add_init_script(f"localStorage.blockFathomTracking = '{flag}'")
    visit.page.goto(address)
    visit.page.evaluate("fathom.trackEvent('no')")
    visit.until_answered(0)


def test_goals_and_events_without_what_they_should_have(
    server: RunningServer, page_server: PageServer, visit: Visit
) -> None:
    site = new_site(server)
    visit.page.goto(page_server.put(path(), html(tag(server, site.code, 'data-auto="false"'))))
    visit.page.evaluate(
        """() => {
          fathom.trackGoal("CENTS", 19.99 * 100);
          fathom.trackGoal("NONE");
          fathom.trackEvent("plain", null);
        }"""
    )
    visit.until_answered(3)
    assert sorted((hit.kind, hit.name, hit.amount) for hit in stored(server, site.id)) == [
        ("conversion", "CENTS", Decimal("19.99")),
        ("micro", "NONE", None),
        ("micro", "plain", None),
    ]
    assert visit.console == []


@pytest.mark.parametrize("attributes", ["", ' sandbox="allow-scripts"'])
def test_a_frame_is_a_page(
    server: RunningServer, page_server: PageServer, visit: Visit, attributes: str
) -> None:
    site = new_site(server)
    framed = path()
    page_server.put(framed, html(tag(server, site.code)))
    frame = f'<iframe src="{page_server.at("shop.test", framed)}"{attributes}></iframe>'
    visit.page.goto(page_server.put(path(), html(body=frame)))
    visit.until_answered(1)
    (hit,) = stored(server, site.id)
    assert (hit.origin, hit.path) == ("http://shop.test", framed)
    assert visit.console == []


@pytest.mark.parametrize("beacons", WITHOUT_BEACONS)
def test_without_beacons_events_are_images(
    server: RunningServer, page_server: PageServer, visit: Visit, beacons: str
) -> None:
    site = new_site(server)
    visit.context.add_init_script(beacons)
    visit.page.goto(page_server.put(path(), html(tag(server, site.code))))
    visit.page.evaluate("fathom.trackEvent('bought', { _value: 5 })")
    visit.until_answered(2)
    assert {each.resource_type for each in visit.requests} == {"image"}
    kinds = [hit.kind for hit in stored(server, site.id)]
    assert sorted(kinds) == ["conversion", "pageview"]
    assert visit.console == []
