"""Which pages may send hits for a site (decision 10), and what is noted of the others."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from leadline.sites import SiteChange
from tests.collector.hits import fathom, new_site, refusals, seal, stored
from tests.support import RunningServer

Send = Callable[[RunningServer, str, str], object]


def by_script(server: RunningServer, site: str, page: str) -> object:
    return fathom(server, site, h=page)


def by_t(server: RunningServer, site: str, page: str) -> object:
    return seal(server, site, u=page + "/")


WIRES = pytest.mark.parametrize("send", [by_script, by_t])

CASES = [
    ("shop.example", "shop.example", True),
    ("shop.example", "www.shop.example", True),
    ("shop.example", "blog.shop.example", True),
    ("shop.example", "a.b.shop.example", True),
    ("shop.example", "www.blog.shop.example", True),
    ("shop.example", "SHOP.Example", True),
    ("shop.example", "shop.example.", True),
    ("shop.example", "shop.example:8443", True),
    ("shop.example", "me:secret@shop.example", True),
    ("SHOP.example", "shop.example", True),
    ("www.shop.example", "www.shop.example", True),
    ("www.shop.example", "shop.example", True),
    ("www.shop.example", "blog.shop.example", True),
    ("blog.shop.example", "blog.shop.example", True),
    ("bücher.example", "xn--bcher-kva.example", True),
    ("xn--bcher-kva.example", "BÜCHER.example", True),
    ("localhost", "localhost:3000", True),
    ("shop.example", "shop.example:99999", True),
    ("shop.example", "shop.example:", True),
    ("shop.example", "shop.example:port", False),
    ("shop.example", "sh\top.example", False),
    ("shop.example", "\nshop.example", False),
    ("shop.example", "shop.example\x00", False),
    ("shop.example", "shop.example\xa0", False),
    ("shop.example", "me @shop.example", False),
    ("shop.example", "example", False),
    ("shop.example", "myshop.example", False),
    ("shop.example", "shop.example.evil.test", False),
    ("shop.example", "shop.test", False),
    ("shop.example", "shop.example@evil.test", False),
    ("blog.shop.example", "shop.example", False),
    ("blog.shop.example", "www.shop.example", False),
    ("www.shop.example", "www.other.example", False),
    ("bücher.example", "bucher.example", False),
    ("localhost", "127.0.0.1", False),
]


@WIRES
def test_a_listed_host_lets_in_itself_and_what_is_below_it(
    server: RunningServer, send: Send
) -> None:
    wrong = []
    for listed, host, expected in CASES:
        site = new_site(server, domains=(listed,))
        send(server, site.slug, f"https://{host}")
        wrong.append((site.id, listed, host, expected))
    stored(server, 0)
    query = server.leadline.storage.warehouse.query
    counted = {site for (site,) in query("SELECT DISTINCT site_id FROM hits")}
    refused = {site for (site,) in query("SELECT DISTINCT site_id FROM refusals")}
    assert [row for row in wrong if (row[0] in counted) != row[3]] == []
    assert [row for row in wrong if (row[0] in refused) == row[3]] == []


@WIRES
def test_one_of_several_domains_is_enough(server: RunningServer, send: Send) -> None:
    site = new_site(server, domains=("shop.example", "www.shop.test"))
    for page in ("https://shop.example", "https://shop.test", "https://shop.invalid"):
        send(server, site.slug, page)
    assert len(stored(server, site.id)) == 2
    assert refusals(server, site.id) == [("invalid_domain", "shop.invalid", 1)]


@WIRES
def test_without_a_listed_domain_every_host_may(server: RunningServer, send: Send) -> None:
    site = new_site(server)
    pages = {
        "https://shop.example": "https://shop.example",
        "http://localhost:3000": "http://localhost",
        "http://192.0.2.7": "http://192.0.2.7",
        "http://[2001:DB8::7]:8080": "http://[2001:db8::7]",
        "https://me:secret@Shop.example.:8443": "https://shop.example",
    }
    for page in pages:
        send(server, site.slug, page)
    assert [hit.origin for hit in stored(server, site.id)] == list(pages.values())
    assert refusals(server, site.id) == []


@WIRES
@pytest.mark.parametrize(
    "page",
    [
        *("", "null", "about:blank", "data:text/html,x", "blob:https://shop.example/1"),
        *("shop.example", "ftp://shop.example", "file:///", "file:///home/me/shop.html"),
        *("https://", "https://a:b", "//[", "https://[::1", "https://[1:2]"),
    ],
)
def test_a_page_without_a_web_address_is_refused_everywhere(
    server: RunningServer, send: Send, page: str
) -> None:
    open_to_all, of_one = new_site(server), new_site(server, domains=("shop.example",))
    for site in (open_to_all, of_one):
        if page or send is by_t:  # an empty `h` is no hit at all
            send(server, site.slug, page)
            assert refusals(server, site.id) == [("invalid_domain", "", 1)]
        assert stored(server, site.id) == []


def test_refusals_are_counted_by_reason_and_origin(server: RunningServer) -> None:
    site = new_site(server, domains=("shop.example",))
    for page in ("https://a.test", "http://A.test:80/x", "https://b.test", "https://" + "c" * 300):
        seal(server, site.slug, u=page)
    server.leadline.sites.update(site, SiteChange(is_active=False))
    seal(server, site.slug, u="https://a.test/")
    assert refusals(server, site.id) == [
        ("invalid_account", "a.test", 1),
        ("invalid_domain", "", 1),
        ("invalid_domain", "a.test", 2),
        ("invalid_domain", "b.test", 1),
    ]
    now = datetime.now(UTC).replace(tzinfo=None)
    ((newest,),) = server.leadline.storage.warehouse.query(
        "SELECT max(minute) FROM refusals WHERE site_id = $site", site=site.id
    )
    assert (now - newest).total_seconds() < 120
    assert newest.second == 0


@WIRES
def test_an_inactive_site_collects_nothing_until_it_is_back(
    server: RunningServer, send: Send
) -> None:
    site = new_site(server)
    server.leadline.sites.update(site, SiteChange(is_active=False))
    send(server, site.slug, "https://shop.example")
    assert stored(server, site.id) == []
    assert refusals(server, site.id) == [("invalid_account", "shop.example", 1)]
    server.leadline.sites.update(site, SiteChange(is_active=True))
    send(server, site.slug, "https://shop.example")
    assert len(stored(server, site.id)) == 1


@WIRES
def test_an_unknown_site_is_counted_and_nothing_more(server: RunningServer, send: Send) -> None:
    before = server.leadline.collector.rejected["invalid_account"]
    for name in ("NOBODYS", "nobody", "x" * 500, "'; DROP TABLE sites; --"):
        send(server, name, "https://shop.example")
    assert server.leadline.collector.rejected["invalid_account"] == before + 4


def test_a_deleted_site_is_unknown_at_once(server: RunningServer) -> None:
    site = new_site(server)
    seal(server, site.slug)
    assert len(stored(server, site.id)) == 1
    server.leadline.sites.delete(site)
    before = server.leadline.collector.rejected["invalid_account"]
    seal(server, site.slug)
    fathom(server, site.code)
    assert server.leadline.collector.rejected["invalid_account"] == before + 2


def test_a_changed_list_acts_on_the_next_hit(server: RunningServer) -> None:
    site = new_site(server, domains=("shop.example",))
    sites = server.leadline.sites
    seal(server, site.slug, u="https://blog.test/1")
    sites.add_domain(site, "blog.test")
    seal(server, site.slug, u="https://blog.test/2")
    sites.remove_domain(site, "blog.test")
    seal(server, site.slug, u="https://blog.test/3")
    sites.remove_domain(site, "shop.example")
    seal(server, site.slug, u="https://blog.test/4")
    assert [hit.path for hit in stored(server, site.id)] == ["/2", "/4"]
