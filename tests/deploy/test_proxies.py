"""What a server behind nginx or Caddy does is what it does alone, and it knows who is asking."""

import json
from collections.abc import Iterator
from urllib.parse import quote

import httpx
import pytest

from tests.collector.hits import arrived
from tests.deploy.proxies import NAME, PROXIES, Proxy, proxy_in_front_of
from tests.deploy.upstream import noting
from tests.support import BROWSER, RunningServer


@pytest.fixture(scope="module", params=PROXIES)
def proxy(request: pytest.FixtureRequest, server: RunningServer) -> Iterator[Proxy]:
    with proxy_in_front_of(server.url, request.param) as running:
        yield running


def send(client: httpx.Client, code: str, path: str = "/") -> None:
    answer = client.get("/", params={"sid": code, "h": "https://shop.example", "p": path})
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/gif")


def test_hits_of_both_wires_are_counted(proxy: Proxy, server: RunningServer) -> None:
    site = server.site("Both wires")
    hit = {"a": site.slug, "u": "https://shop.example/seal"}
    with proxy.client() as client:
        send(client, site.code, "/fathom")
        assert client.post("/event", data={"d": json.dumps(hit)}).status_code == 204
    found = arrived(server, site.id, "path", 2)
    assert sorted(found) == [("/fathom",), ("/seal",)]


def test_visitors_are_told_apart_by_the_address_before_the_proxy(
    proxy: Proxy, server: RunningServer
) -> None:
    site = server.site("Two visitors")
    for address in ("127.0.0.1", "127.0.0.2", "127.0.0.2"):
        with proxy.client(address) as client:
            send(client, site.code)
    found = arrived(server, site.id, "visitor", 3)
    assert len(set(found)) == 2


def test_what_a_client_claims_to_be_is_not_believed(proxy: Proxy, server: RunningServer) -> None:
    site = server.site("One visitor")
    with proxy.client() as client:
        send(client, site.code)
    for claim in ("203.0.113.9", "198.51.100.1, 10.0.0.1"):
        with proxy.client(**{"X-Forwarded-For": claim}) as client:
            send(client, site.code)
    assert len(set(arrived(server, site.id, "visitor", 3))) == 1


@pytest.mark.parametrize(
    "claim", [{}, {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "http"}]
)
def test_snippets_name_the_public_address(
    proxy: Proxy, server: RunningServer, claim: dict[str, str]
) -> None:
    site = server.site("Snippets")
    with proxy.client(**claim, Authorization=f"Bearer {server.token('*')}") as client:
        pixel = client.get(f"/api/v1/sites/{site.slug}/pixel").json()["data"]
    assert pixel["tracker_url"] == f"https://{NAME}/t.js?id={site.slug}"
    assert f'"https://{NAME}/t.js?id={site.slug}"' in pixel["script_tag"]


@pytest.mark.parametrize("path", ["/script.js", "/t.js?id=acme-corp"])
def test_scripts_may_be_kept_and_are_asked_for_again(
    proxy: Proxy, server: RunningServer, path: str
) -> None:
    with proxy.client() as client:
        first = client.get(path)
        assert first.status_code == 200
        assert first.content == httpx.get(server.url + path, verify=False).content
        assert "max-age=3600" in first.headers["Cache-Control"]
        assert first.headers["Access-Control-Allow-Origin"] == "*"
        again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("size", [70_000, 120_000, 1_000_000])
@pytest.mark.parametrize("path", ["/v1/sites", "/api/v1/sites"])
def test_a_body_that_is_too_large_is_refused(
    proxy: Proxy, server: RunningServer, path: str, size: int
) -> None:
    body = json.dumps({"name": "x" * size}).encode()
    headers = {"Content-Type": "application/json"}
    with proxy.client(Authorization=f"Bearer {server.token('*')}") as client:
        answer = client.post(path, content=body, headers=headers)
        assert answer.status_code == 413
        if size < 128 * 1024:
            assert "65536 bytes" in answer.text
        assert client.get("/health").status_code == 200


def test_a_thousand_hits_of_a_program_get_through(proxy: Proxy, server: RunningServer) -> None:
    site = server.site("A program")
    hit = {
        "site_id": site.slug,
        "url": "https://shop.example/",
        "ip": "203.0.113.7",
        "user_agent": BROWSER,
        "properties": {"text": "x" * 600},
    }
    body = json.dumps([hit] * 1000).encode()
    assert 800_000 < len(body) < 2**20
    with proxy.client(Authorization=f"Bearer {server.token('*')}") as client:
        answer = client.post("/api/v1/hits", content=body)
        assert answer.json()["data"]["accepted"] == 1000
        answer = client.post("/api/v1/hits", content=body + b" " * (2**20 - len(body) + 10_000))
        assert answer.status_code == 413
        assert "1048576 bytes" in answer.text
    arrived(server, site.id, "path", 1000)


def test_the_longest_hit_gets_through(proxy: Proxy, server: RunningServer) -> None:
    site = server.site("Long query")
    query = f"sid={site.code}&h=https://shop.example&p=/long&qs={quote('x' * 31_000)}"
    with proxy.client() as client:
        assert client.get(f"/?{query}").status_code == 200
    arrived(server, site.id, "path", 1)


def test_the_server_is_seen_to_be_well(proxy: Proxy) -> None:
    with proxy.client() as client:
        answer = client.get("/health")
    assert answer.json()["status"] == "ok"
    assert answer.headers.get_list("Strict-Transport-Security") == ["max-age=31536000"]


def test_plain_http_leads_to_https(proxy: Proxy) -> None:
    url = f"http://127.0.0.1:{proxy.place.plain}/v1/sites?limit=1"
    answer = httpx.post(url, headers={"Host": NAME}, verify=False)
    assert answer.status_code == 308
    assert answer.headers["Location"] == f"https://{NAME}/v1/sites?limit=1"


@pytest.mark.parametrize("name", PROXIES)
def test_what_a_proxy_says_and_how(name: str) -> None:
    """One connection serves one client after another, and the headers say what is so."""
    claims = {f"X-Forwarded-{part}": "evil.example" for part in ("For", "Host", "Proto")}
    with noting() as upstream, proxy_in_front_of(upstream.url, name) as proxy:
        for address in ("127.0.0.1", "127.0.0.2", "127.0.0.3"):
            with proxy.client(address, **claims) as client:
                assert client.get("/health").status_code == 204
    assert upstream.connections == 1
    said = [
        (sent["x-forwarded-for"], sent["x-forwarded-proto"], sent["x-forwarded-host"])
        for sent in upstream.requests
    ]
    assert said == [(f"127.0.0.{number}", "https", NAME) for number in (1, 2, 3)]
    assert {sent["host"] for sent in upstream.requests} == {NAME}
