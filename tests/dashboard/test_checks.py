"""Whether a snippet is installed, asked for on the site's page."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from threading import Event, Thread

import httpx
import pytest

from leadline.access import Role, SiteRole
from leadline.dashboard import checks
from leadline.doctor import Doctor
from tests.browser_support import browser_path
from tests.collector.hits import stored
from tests.dashboard.elements import safe
from tests.dashboard.person import Person, given, signed_in, text_of
from tests.doctor.servers import Server, running
from tests.snippets import fathom_tag, seal_tag
from tests.support import PATIENCE, RunningServer, eventually, running_server


@pytest.fixture(scope="module")
def web() -> Iterator[Server]:
    with running() as server:
        yield server


def check(owner: Person, slug: str, page: str) -> str:
    answer = owner.send(f"/sites/{slug}/check", shown_at=f"/sites/{slug}", page=page)
    assert answer.status_code == 200
    safe(answer.text)
    return text_of(answer)


def test_a_page_that_is_as_it_should_be(owner: Person, server: RunningServer, web: Server) -> None:
    site = server.site("Installed", domains=("localhost",))
    shown = check(owner, site.slug, web.page("/", seal_tag(server.url, site.slug)))
    assert "Nothing is wrong" in shown
    assert "Hits of localhost count." in shown


def test_what_is_wrong_is_said(owner: Person, server: RunningServer, web: Server) -> None:
    site = server.site("Doubled", domains=("localhost",))
    both = fathom_tag(server.url, site.code) + seal_tag(server.url, site.slug)
    shown = check(owner, site.slug, web.page("/", both))
    assert "Something is wrong" in shown
    assert "Both snippets of the site are in the page" in shown
    elsewhere = web.page("/", fathom_tag("https://cdn.usefathom.com", site.code))
    assert "which is not this server" in check(owner, site.slug, elsewhere)


@pytest.mark.parametrize(
    "page",
    ["http://127.0.0.1/", "http://169.254.169.254/latest/", "http://[::1]/", "nonsense:", ""],
)
def test_nothing_is_fetched_from_where_only_the_server_can_go(
    owner: Person, server: RunningServer, page: str
) -> None:
    assert "Something is wrong" in check(owner, server.site("Nosy").slug, page)


def test_an_editor_reaches_no_private_network_by_listing_it(
    owner: Person, server: RunningServer, web: Server
) -> None:
    site = server.site("Listed", domains=("localhost",))
    page = web.page("/listed", seal_tag(server.url, site.slug))
    for role in (SiteRole.EDITOR, SiteRole.ADMIN):
        shown = check(given(server, site, role), site.slug, page)
        assert "Something is wrong" in shown
        assert "Hits of localhost count." not in shown
    assert "Nothing is wrong" in check(owner, site.slug, page)


def test_what_a_page_says_stays_text(owner: Person, server: RunningServer, web: Server) -> None:
    site = server.site("Nasty", domains=("localhost",))
    nasty = "&lt;script&gt;alert(1)&lt;/script&gt;{{7*7}}"
    shown = check(owner, site.slug, web.page("/", fathom_tag(server.url, "x").replace("x", nasty)))
    assert "{{7*7}}" in shown


def test_the_first_domain_is_looked_at_first(owner: Person, server: RunningServer) -> None:
    slug = server.site("Proposed", domains=("shop.example", "other.example")).slug
    for path in (f"/sites/{slug}", f"/sites/{slug}/check"):
        found = safe(owner.get(path).text).found
        fields = {attributes.get("name"): attributes.get("value") for _, attributes in found}
        assert fields["page"] == "https://shop.example/"


def test_who_only_views_has_no_button(server: RunningServer) -> None:
    site = server.site("Seen")
    page = given(server, site).get(f"/sites/{site.slug}")
    assert page.status_code == 200
    assert "/check" not in page.text


def test_few_pages_are_looked_at_at_once(server: RunningServer, web: Server) -> None:
    site = server.site("Busy", domains=("localhost",))
    arrived, go_on = [Event(), Event()], Event()
    waiting = iter(arrived)

    def slow(connection: object, request: bytes) -> None:
        next(waiting).set()
        go_on.wait(10)

    url = web.on("/slow", slow)
    answers: list[httpx.Response] = []

    def ask() -> None:
        person = signed_in(server, Role.OWNER)
        path = f"/sites/{site.slug}/check"
        answers.append(person.send(path, page=url))

    threads = [Thread(target=ask) for _ in arrived]
    for thread in threads:
        thread.start()
    assert all(event.wait(10) for event in arrived)
    third = signed_in(server, Role.OWNER).send(f"/sites/{site.slug}/check", page=url)
    assert (third.status_code, third.headers["retry-after"]) == (503, "15")
    go_on.set()
    for thread in threads:
        thread.join()
    assert [answer.status_code for answer in answers] == [200, 200]
    owner = signed_in(server, Role.OWNER)
    assert eventually(lambda: owner.send(f"/sites/{site.slug}/check", page="x:").is_success)


def test_a_browser_loads_the_page_where_there_is_one(
    tmp_path: Path, web: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checks, "Doctor", partial(Doctor, seconds=PATIENCE))
    with running_server(tmp_path, browser=browser_path()) as server:
        site = server.site("Loaded", domains=("localhost",))
        owner = signed_in(server, Role.OWNER)
        own = server.url.replace("127.0.0.1", "localhost")
        owner.client.base_url = own
        page = web.page("/", f"<!doctype html>{seal_tag(own, site.slug)}")
        shown = check(owner, site.slug, page)
        assert "Nothing is wrong" in shown
        assert f"A browser has sent a hit to {own}, which answered with status 204." in shown
        assert stored(server, site.id) == []
