"""Script and hits through the host of the site, as docs/first-party.md sets it up."""

import re
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import Browser

from leadline.doctor import Doctor, Kind, named_in, server_at
from leadline.tracker import Addresses
from tests.collector.hits import arrived
from tests.deploy.programs import (
    give_away,
    home_of_nobody,
    nginx_with,
    program,
    unprivileged,
    wait_until_it_listens,
)
from tests.docs.documents import ROOT
from tests.support import BROWSER, RunningServer, running_server

DOCUMENT = (ROOT / "docs" / "first-party.md").read_text()
HOST = "shop.test"


@pytest.fixture(scope="module")
def first_party(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """A server with the settings that the document names."""
    chosen = dict(re.findall(r"^    LEADLINE_([A-Z_]+)=(\S+)$", DOCUMENT, re.MULTILINE))
    assert len(chosen) == 3
    settings = {name.lower(): value for name, value in chosen.items()}
    with running_server(tmp_path_factory.mktemp("first-party"), **settings) as running:
        yield running


def block(language: str, upstream: str) -> str:
    """The document's part of a proxy's configuration, with the server where it is here."""
    found = re.findall(rf"^```{language}\n(.*?)^```$", DOCUMENT, re.MULTILINE | re.DOTALL)
    assert len(found) == 1
    assert found[0].count("127.0.0.1:8000") == 1
    return str(found[0]).replace("127.0.0.1:8000", upstream)


def nginx(home: Path, port: int, upstream: str) -> list[str]:
    return nginx_with(
        home,
        "access_log off; default_type text/html;\n"
        f"server {{\nlisten 127.0.0.1:{port};\nlocation / {{ root {home}/pages; }}\n"
        f"{block('nginx', upstream)}}}",
    )


def caddy(home: Path, port: int, upstream: str) -> list[str]:
    file = home / "Caddyfile"
    file.write_text(
        f"{{\n admin off\n auto_https off\n default_bind 127.0.0.1\n}}\n:{port} {{\n"
        f"{block('caddy', upstream)}\nroot * {home}/pages\nfile_server\n}}\n"
    )
    return [program("caddy"), "run", "--adapter", "caddyfile", "--config", str(file)]


Configured = Callable[[Path, int, str], list[str]]


class Shop(NamedTuple):
    """A web server with pages of its own, at `url` and, in the browser, at `http://shop.test`."""

    url: str
    port: int
    pages: Path

    def page(self, name: str, text: str) -> str:
        (self.pages / name).write_text(f"<!doctype html><title>Shop</title>{text}")
        return f"http://{HOST}:{self.port}/{name}"


@contextmanager
def shop_with(configured: Configured, upstream: str) -> Iterator[Shop]:
    with home_of_nobody() as home:
        (home / "pages").mkdir()
        with socket.create_server(("127.0.0.1", 0)) as free:
            port: int = free.getsockname()[1]
        command = configured(home, port, urlsplit(upstream).netloc)
        give_away(home)
        with unprivileged(*command, home=home) as process:
            wait_until_it_listens(process, port, home)
            yield Shop(f"http://127.0.0.1:{port}", port, home / "pages")


@pytest.fixture(scope="module", params=[nginx, caddy])
def shop(request: pytest.FixtureRequest, first_party: RunningServer) -> Iterator[Shop]:
    with shop_with(request.param, first_party.url) as running:
        yield running


def snippets(server: RunningServer, code: str, slug: str) -> tuple[str, str]:
    """As the document has them, without a host."""
    addresses = Addresses.set_by(server.settings)
    tags = addresses.fathom_tag("", code), addresses.seal_tag("", slug)
    shown = [line for line in DOCUMENT.splitlines() if line.startswith("<script ")]
    assert shown == [addresses.fathom_tag("", "CDBUGS"), addresses.seal_tag("", "acme-corp")]
    return tags


@pytest.mark.parametrize("wire", [0, 1], ids=["fathom", "seal"])
def test_a_page_asks_no_host_but_its_own(
    first_party: RunningServer, shop: Shop, browser: Browser, wire: int
) -> None:
    site = first_party.site()
    tag = snippets(first_party, site.code, site.slug)[wire]
    policy = '<meta http-equiv="Content-Security-Policy" content="default-src \'self\'">'
    address = shop.page(f"{site.code}.html", policy + tag)
    page = browser.new_page()
    asked: list[str] = []
    console: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: console.append(message.text))
    page.goto(address)
    found = arrived(first_party, site.id, "origin, path", 1)
    page.close()
    assert found == [(f"http://{HOST}", f"/{site.code}.html")]
    assert {urlsplit(url).netloc for url in asked} == {f"{HOST}:{shop.port}"}
    assert {urlsplit(url).path.rpartition("/")[0] for url in asked[1:]} == {"/stats"}
    assert [each for each in console if "favicon" not in each] == []


@pytest.mark.parametrize("wire", [0, 1], ids=["fathom", "seal"])
def test_extras_come_that_way_too(
    first_party: RunningServer, shop: Shop, browser: Browser, wire: int
) -> None:
    site = first_party.site()
    tag = snippets(first_party, site.code, site.slug)[wire]
    source = re.search(r'src="([^"]*)"', tag)
    assert source
    extended = f"{source[1]}{'&amp;' if '?' in source[1] else '?'}with=notfound,attributes"
    button = '<button data-leadline-event="Pressed">Press</button>'
    page = browser.new_page()
    page.goto(shop.page(f"{site.code}.html", tag.replace(source[1], extended) + button))
    arrived(first_party, site.id, "origin", 1)
    page.click("button")
    found = arrived(first_party, site.id, "origin, name", 2)
    page.close()
    assert sorted(found) == [(f"http://{HOST}", ""), (f"http://{HOST}", "Pressed")]


def test_the_image_comes_that_way_too(
    first_party: RunningServer, shop: Shop, browser: Browser
) -> None:
    site = first_party.site()
    tag = Addresses.set_by(first_party.settings).noscript_tag("", site.code)
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(shop.page(f"{site.code}.html", tag))
    found = arrived(first_party, site.id, "origin, path", 1)
    context.close()
    assert found == [(f"http://{HOST}", f"/{site.code}.html")]


def test_it_knows_who_is_asking(first_party: RunningServer, shop: Shop) -> None:
    site = first_party.site()
    hit = {"sid": site.code, "h": "https://shop.example", "p": "/"}
    for claim, address in (("203.0.113.9", "127.0.0.1"), ("", "127.0.0.1"), ("", "127.0.0.2")):
        transport = httpx.HTTPTransport(local_address=address)
        headers = {"User-Agent": BROWSER, "Cookie": "shop=1"}
        if claim:
            headers["X-Forwarded-For"] = claim
        with httpx.Client(base_url=shop.url, headers=headers, transport=transport) as client:
            assert client.get("/stats/", params=hit).status_code == 200
    assert len(set(arrived(first_party, site.id, "visitor", 3))) == 2


@pytest.mark.parametrize(
    "path", ["sites", "v1/sites", "api/v1/sites", "health", "script.js", "t.js"]
)
def test_nothing_else_is_there(shop: Shop, path: str) -> None:
    assert httpx.get(f"{shop.url}/stats/{path}", verify=False).status_code == 404


def test_the_doctor_knows_the_addresses(first_party: RunningServer, shop: Shop) -> None:
    leadline = first_party.leadline
    site = first_party.site()
    leadline.sites.add_domain(site, HOST)
    site = leadline.sites.get(site.organisation, site.code)
    addresses = Addresses.set_by(first_party.settings)
    named = named_in(leadline.sites, site.organisation)
    server = server_at("https://stats.example.com", named, addresses)
    doctor = Doctor(server, resolver=lambda _: ["127.0.0.1"])
    for tag in snippets(first_party, site.code, site.slug):
        address = shop.page("doctor.html", tag)
        kinds = {each.kind for each in doctor.examine(site, address)}
        assert Kind.SNIPPET in kinds
        assert Kind.OTHER_SERVER not in kinds
