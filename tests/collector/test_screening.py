"""Hits of a site's own pages that do not count: the answer is the same, the reason is noted."""

from collections.abc import Iterator
from ipaddress import ip_network
from pathlib import Path

import httpx
import pytest

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
    return httpx.post(server.url + "/event", json=body, headers=given)


def ping(server: RunningServer, site: str, **headers: str) -> httpx.Response:
    query = {"h": PAGE, "p": "/", "sid": site}
    given = {"User-Agent": BROWSER} | {name.replace("_", "-"): headers[name] for name in headers}
    return httpx.get(server.url + "/", params=query, headers=given)


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
        with httpx.Client(base_url=server.url, headers={"User-Agent": BROWSER}) as client:
            for number in range(200):
                body = {"a": site.slug, "u": f"{PAGE}{number}"}
                assert client.post("/event", json=body).status_code == 204
        assert len(stored(server, site.id)) == 200
