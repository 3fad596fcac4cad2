"""Hits of a site's own pages that do not count: the answer is the same, the reason is noted."""

from collections.abc import Iterator
from ipaddress import ip_network
from pathlib import Path

import httpx
import pytest

from leadline.sites import BlockRuleChange, Site, SiteChange
from tests.collector.hits import new_site, refusals, stored
from tests.support import BROWSER, RunningServer, running_server

PAGE = "https://shop.example/"
HOSTED = "52.94.236.248"
"""An address of a hosting provider."""


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """A server whose operator lists spam and wants no data centres."""
    directory = tmp_path_factory.mktemp("strict")
    listed = directory / "spam.txt"
    listed.write_text("# mine\nspam.example\n")
    with running_server(directory, referrer_spam_file=listed, refuse_data_centres=True) as server:
        yield server


def send(server: RunningServer, site: str, referrer: str = "", **headers: str) -> httpx.Response:
    body = {"a": site, "u": PAGE, "r": referrer}
    given = {"User-Agent": BROWSER} | {name.replace("_", "-"): headers[name] for name in headers}
    return httpx.post(server.url + "/event", json=body, headers=given, verify=False)


def ping(server: RunningServer, site: str, **headers: str) -> httpx.Response:
    query = {"h": PAGE, "p": "/", "sid": site}
    given = {"User-Agent": BROWSER} | {name.replace("_", "-"): headers[name] for name in headers}
    return httpx.get(server.url + "/", params=query, headers=given, verify=False)


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ({"User_Agent": "curl/8.5.0"}, "blocklist_ua"),
        ({"User_Agent": "python-requests/2.32"}, "blocklist_ua"),
        ({"User_Agent": BROWSER.replace("Chrome/", "HeadlessChrome/")}, "blocklist_ua"),
        ({"User_Agent": "Mozilla/5.0 (compatible; Googlebot/2.1)"}, "blocklist_ua"),
        ({"User_Agent": ""}, "blocklist_ua"),
        ({"Sec_Purpose": "prefetch;prerender"}, "preview"),
        ({"Purpose": "prefetch"}, "preview"),
        ({"X_Moz": "prefetch"}, "preview"),
        ({"X_Purpose": "preview", "User_Agent": "curl/8.5.0"}, "preview"),
    ],
)
def test_programs_and_previews_do_not_count(
    server: RunningServer, headers: dict[str, str], reason: str
) -> None:
    site = new_site(server)
    assert send(server, site.slug, **headers).status_code == 204
    image = ping(server, site.code, **headers)
    assert (image.status_code, image.headers["content-type"]) == (200, "image/gif")
    assert stored(server, site.id) == []
    assert refusals(server, site.id) == [(reason, "shop.example", 2)]


def test_spam_is_known_by_its_referrer(strict: RunningServer) -> None:
    site = new_site(strict)
    for referrer in ("https://spam.example/a", "http://www.spam.example/", "https://semalt.com"):
        send(strict, site.slug, referrer)
    send(strict, site.slug, "https://nospam.example/")
    assert [hit.referrer for hit in stored(strict, site.id)] == ["https://nospam.example"]
    assert refusals(strict, site.id) == [("referrer_spam", "shop.example", 3)]


def test_data_centres_count_unless_the_operator_says_otherwise(
    server: RunningServer, strict: RunningServer
) -> None:
    for each, refused in ((server, []), (strict, [("data_centre", "shop.example", 1)])):
        site = new_site(each)
        send(each, site.slug, X_Forwarded_For=HOSTED)
        send(each, site.slug, X_Forwarded_For="81.2.69.142")
        assert len(stored(each, site.id)) == 2 - len(refused)
        assert refusals(each, site.id) == refused


def test_what_another_host_sends_is_refused_for_its_host(server: RunningServer) -> None:
    site = new_site(server, domains=("elsewhere.example",))
    send(server, site.slug, User_Agent="curl/8.5.0")
    assert refusals(server, site.id) == [("invalid_domain", "shop.example", 1)]


def test_nobody_is_throttled(tmp_path: Path) -> None:
    """Not even one visitor who sends page after page."""
    with running_server(tmp_path, trusted_proxies=(ip_network("192.0.2.0/24"),)) as server:
        site = new_site(server)
        with httpx.Client(
            base_url=server.url, headers={"User-Agent": BROWSER}, verify=False
        ) as client:
            for number in range(200):
                body = {"a": site.slug, "u": f"{PAGE}{number}"}
                assert client.post("/event", json=body).status_code == 204
        assert len(stored(server, site.id)) == 200


def block(server: RunningServer, site: Site, kind: str, value: str) -> None:
    server.leadline.block_rules.add(site, kind, value)


@pytest.mark.parametrize(
    ("kind", "value", "reason"),
    [
        ("address", "198.51.100.0/24", "blocklist_ip"),
        ("country", "GB", "blocklist_country"),
        ("host", "*.shop.example", "blocklist_host"),
        ("path", "/admin/*", "blocklist_path"),
        ("event", "purchase", "blocklist_event"),
    ],
)
def test_a_site_counts_nothing_that_its_rules_name(
    server: RunningServer, kind: str, value: str, reason: str
) -> None:
    site = new_site(server)
    block(server, site, kind, value)
    named = {
        "address": ({}, {"X-Forwarded-For": "198.51.100.7"}),
        "country": ({}, {"X-Forwarded-For": "81.2.69.142"}),
        "host": ({"h": "https://test.shop.example"}, {}),
        "path": ({"p": "/admin/users"}, {}),
        "event": ({"name": "purchase"}, {}),
    }[kind]
    for fields, headers in (named, ({}, {})):
        query = {"h": "https://shop.example", "p": "/", "sid": site.code} | fields
        given = {"User-Agent": BROWSER, "X-Forwarded-For": "192.0.2.9"} | headers
        assert (
            httpx.get(server.url + "/", params=query, headers=given, verify=False).status_code
            == 200
        )
        host = query["h"]
        body = {"a": site.slug, "u": host + query["p"], "e": query.get("name")}
        assert (
            httpx.post(server.url + "/event", json=body, headers=given, verify=False).status_code
            == 204
        )
    assert [(hit.origin, hit.path, hit.name) for hit in stored(server, site.id)] == [
        ("https://shop.example", "/", "")
    ] * 2
    refused = refusals(server, site.id)
    assert [(why, number) for why, _, number in refused] == [(reason, 2)]


def test_a_rule_works_until_it_is_switched_off(server: RunningServer) -> None:
    site = new_site(server)
    rule = server.leadline.block_rules.add(site, "path", "/")
    send(server, site.slug)
    server.leadline.block_rules.change(site, rule.id, BlockRuleChange(is_active=False))
    send(server, site.slug)
    assert len(stored(server, site.id)) == 1
    assert refusals(server, site.id) == [("blocklist_path", "shop.example", 1)]


@pytest.mark.parametrize("honoured", [True, False])
@pytest.mark.parametrize(("wish", "header"), [("honours_dnt", "DNT"), ("honours_gpc", "Sec-GPC")])
def test_a_wish_not_to_be_tracked_is_honoured_where_the_owner_says_so(
    server: RunningServer, wish: str, header: str, honoured: bool
) -> None:
    site = new_site(server)
    server.leadline.sites.update(site, SiteChange(**{wish: honoured}))  # type: ignore[arg-type]
    other = {"DNT": "Sec-GPC", "Sec-GPC": "DNT"}[header]
    for given in ({header: "1"}, {header: "0"}, {other: "1"}, {}):
        headers = {"User-Agent": BROWSER} | given
        httpx.post(
            server.url + "/event", json={"a": site.slug, "u": PAGE}, headers=headers, verify=False
        )
        httpx.get(
            server.url + "/", params={"h": PAGE, "sid": site.code}, headers=headers, verify=False
        )
    assert len(stored(server, site.id)) == (6 if honoured else 8)
    refused = [("do_not_track", "shop.example", 2)] if honoured else []
    assert refusals(server, site.id) == refused


@pytest.mark.parametrize(
    ("cookie", "counts"),
    [
        ("leadline_not_me=1", False),
        ("a=b; leadline_not_me=1; c=d", False),
        ("a=b;leadline_not_me=1", False),
        ("leadline_not_me=0", True),
        ("leadline_not_me=10", True),
        ("not_leadline_not_me=1", True),
        ("a=leadline_not_me", True),
        ("", True),
    ],
)
def test_whoever_has_said_not_me_does_not_count(
    server: RunningServer, cookie: str, counts: bool
) -> None:
    site = new_site(server)
    send(server, site.slug, Cookie=cookie)
    ping(server, site.code, Cookie=cookie)
    assert len(stored(server, site.id)) == (2 if counts else 0)
    expected = [] if counts else [("excluded_visitor", "shop.example", 2)]
    assert refusals(server, site.id) == expected


def test_of_several_reasons_the_first_is_given(strict: RunningServer) -> None:
    """Each takes one away: programs, wishes, the visitor's own, data centres, rules, spam."""
    site = new_site(strict)
    strict.leadline.sites.update(site, SiteChange(honours_dnt=True, honours_gpc=True))
    for kind, value in (("country", "GB"), ("host", "shop.example"), ("path", "/")):
        block(strict, site, kind, value)
    rules = strict.leadline.block_rules
    given = {
        "Sec_Purpose": "prefetch",
        "User_Agent": "curl/8.5.0",
        "DNT": "1",
        "Cookie": "leadline_not_me=1",
        "X_Forwarded_For": HOSTED,
    }
    send(strict, site.slug, "https://semalt.com/", **given)
    for name, instead in (
        ("Sec_Purpose", ""),
        ("User_Agent", BROWSER),
        ("DNT", "0"),
        ("Cookie", "a=b"),
    ):
        given[name] = instead
        send(strict, site.slug, "https://semalt.com/", **given)
    given["X_Forwarded_For"] = "81.2.69.142"
    for rule in (*rules.list(site), None):
        send(strict, site.slug, "https://semalt.com/", **given)
        if rule is not None:
            rules.remove(site, rule.id)
    assert stored(strict, site.id) == []
    assert {reason: number for reason, _, number in refusals(strict, site.id)} == {
        "preview": 1,
        "blocklist_ua": 1,
        "do_not_track": 1,
        "excluded_visitor": 1,
        "data_centre": 1,
        "blocklist_country": 1,
        "blocklist_host": 1,
        "blocklist_path": 1,
        "referrer_spam": 1,
    }
