"""Everything that `script.js` offers to a page, alone and through `fathom-client`."""

from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.browser.visits import Visit, fields, html, path
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


@pytest.mark.parametrize("spa", ["auto", "history"])
def test_routes_in_history(
    server: RunningServer, page_server: PageServer, visit: Visit, spa: str
) -> None:
    site = new_site(server)
    where = path()
    visit.page.goto(page_server.put(where, html(tag(server, site.code, f'data-spa="{spa}"'))))
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


def test_routes_in_the_hash(server: RunningServer, page_server: PageServer, visit: Visit) -> None:
    site = new_site(server)
    where = path()
    page_server.put(where, html(tag(server, site.code, 'data-spa="hash"')))
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


def test_without_beacons_events_are_images(
    server: RunningServer, page_server: PageServer, visit: Visit
) -> None:
    site = new_site(server)
    visit.context.add_init_script("delete Navigator.prototype.sendBeacon")
    visit.page.goto(page_server.put(path(), html(tag(server, site.code))))
    visit.page.evaluate("fathom.trackEvent('bought', { _value: 5 })")
    visit.until_answered(2)
    assert {each.resource_type for each in visit.requests} == {"image"}
    kinds = [hit.kind for hit in stored(server, site.id)]
    assert sorted(kinds) == ["conversion", "pageview"]
    assert visit.console == []
