"""Who sent a hit, and which source an event keeps."""

import json

import httpx
import pytest

from tests.collector.hits import HEADERS, PAGE, fathom, new_site, seal, stored
from tests.support import BROWSER, RunningServer, running_server


def hit(server: RunningServer, site: str, **headers: str) -> None:
    body = json.dumps({"a": site, "u": PAGE})
    httpx.post(server.url + "/event", content=body, headers=HEADERS | headers, verify=False)


def test_one_person_is_one_visitor_on_both_wires(server: RunningServer) -> None:
    site = new_site(server)
    fathom(server, site.code)
    seal(server, site.slug, s="1999", c=2)
    fathom(server, site.code, method="POST", name="Sign up")
    hits = stored(server, site.id)
    assert len({hit.visitor for hit in hits}) == 1
    assert len({hit.visit_id for hit in hits}) == 1


@pytest.mark.parametrize(
    ("headers", "visitors"),
    [
        ([{}, {"User-Agent": BROWSER + " Edg/140"}], 2),
        ([{}, {"User-Agent": BROWSER.replace("Linux x86_64", "Linux aarch64")}], 2),
        ([{}, {"X-Forwarded-For": "198.51.100.7"}], 2),
        ([{"X-Forwarded-For": "198.51.100.7"}, {"X-Forwarded-For": "198.51.100.8"}], 2),
        ([{"X-Forwarded-For": "198.51.100.7"}, {"X-Forwarded-For": "198.51.100.7:4711"}], 1),
        ([{"X-Forwarded-For": "2001:db8::7"}, {"X-Forwarded-For": "[2001:db8:0::7]:443"}], 1),
        # Whoever stands left of the rightmost untrusted hop may have written anything there.
        ([{"X-Forwarded-For": "192.0.2.1, 198.51.100.7"}, {"X-Forwarded-For": "198.51.100.7"}], 1),
        ([{"X-Forwarded-For": "198.51.100.7, 127.0.0.2"}, {"X-Forwarded-For": "198.51.100.7"}], 1),
        ([{}, {"X-Forwarded-For": "nobody"}], 1),
        ([{}, {"Accept-Language": "es", "Referer": PAGE, "Cookie": "a=1"}], 1),
    ],
)
def test_an_address_and_a_user_agent_make_a_visitor(
    server: RunningServer, headers: list[dict[str, str]], visitors: int
) -> None:
    site = new_site(server)
    for each in headers:
        hit(server, site.slug, **each)
    assert len({row.visitor for row in stored(server, site.id)}) == visitors


def test_a_forwarded_address_is_believed_from_trusted_proxies_only(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    data = tmp_path_factory.mktemp("distrustful")
    with running_server(data, loader_interval=0.01, trusted_proxies="192.0.2.0/24") as server:
        site = new_site(server)
        hit(server, site.slug)
        hit(server, site.slug, **{"X-Forwarded-For": "198.51.100.7"})
        assert len({row.visitor for row in stored(server, site.id)}) == 1


def test_one_person_is_another_visitor_on_another_site(server: RunningServer) -> None:
    one, other = new_site(server), new_site(server)
    for site in (one, other):
        seal(server, site.slug)
    assert stored(server, one.id)[0].visitor != stored(server, other.id)[0].visitor


def test_an_event_keeps_the_source_of_its_visit(server: RunningServer) -> None:
    site = new_site(server)
    seal(
        server,
        site.slug,
        u=f"{PAGE}?utm_source=letter&ref=friend",
        r="https://news.example/item",
    )
    seal(server, site.slug, u=f"{PAGE}second?utm_source=other")
    fathom(server, site.code, method="POST", name="Sign up", qs='{"utm_source":"third"}')
    seal(server, site.slug, e="purchase", v=5, r="https://pay.example/")
    first, second, event, conversion = stored(server, site.id)
    assert second.utm_source == "other"
    source = {
        "utm_source": "letter",
        "ref": "friend",
        "referrer": "https://news.example",
        "referrer_path": "/item",
    }
    for row in (first, event, conversion):
        assert not row.differs(source)


def test_an_event_that_begins_a_visit_brings_its_own_source(server: RunningServer) -> None:
    site = new_site(server)
    seal(server, site.slug, e="purchase", u=f"{PAGE}?utm_source=letter")
    seal(server, site.slug, e="again", u=f"{PAGE}?utm_source=other")
    assert [row.utm_source for row in stored(server, site.id)] == ["letter", "letter"]
