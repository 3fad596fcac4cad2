"""What holds for every page: who may see it, what it may load, what it refuses."""

import re

import pytest

from leadline.access import Role
from leadline.dashboard import PAGES
from leadline.dashboard.visit import Needs
from leadline.sites import NewShareLink, Sharing
from tests.dashboard.elements import safe
from tests.dashboard.person import Person, given, signed_in
from tests.support import RunningServer

POSTS = [page for page in PAGES if page.method == "POST" and not page.is_anyones]
GETS = [page for page in PAGES if page.method == "GET"]


def path_of(pattern: str, site: str, **parts: str) -> str:
    filled = {"site": site, "secret": "x", "panel": "pages"} | parts
    return re.sub(r"\{(\w+)(?::\w+)?\}", lambda name: filled.get(name[1], "1"), pattern)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: f"{page.method} {page.path}")
def test_who_may_see_a_page(server: RunningServer, page: object) -> None:
    from leadline.dashboard.pages import Page  # noqa: PLC0415

    assert isinstance(page, Page)
    site = server.site()
    path = path_of(page.path, site.slug)
    if page.needs is Needs.NOBODY:
        return
    nobody = Person(server)
    answer = nobody.client.request(page.method, path)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in")
    member = given(server, site)
    is_refused = page.needs is not Needs.SESSION
    assert (member.client.request(page.method, path).status_code == 403) == (
        is_refused or page.method == "POST"  # without the token of a form
    )
    if "{site}" in page.path:
        stranger = signed_in(server, Role.MEMBER)
        assert stranger.client.request(page.method, path).status_code == 404


@pytest.mark.parametrize("page", POSTS, ids=lambda page: page.path)
@pytest.mark.parametrize("token", [None, "", "0" * 48, "é", "\x00"])
def test_a_form_of_somebody_else_is_refused(
    server: RunningServer, page: object, token: str | None
) -> None:
    from leadline.dashboard.pages import Page  # noqa: PLC0415

    assert isinstance(page, Page)
    owner, site = signed_in(server, Role.OWNER), server.site()
    fields = {} if token is None else {"form_token": token}
    answer = owner.post(path_of(page.path, site.slug), fields)
    assert answer.status_code == 403
    assert owner.get(f"/sites/{site.slug}").status_code == 200


def test_another_persons_form_token_is_refused(server: RunningServer) -> None:
    one, other = signed_in(server, Role.OWNER), signed_in(server, Role.OWNER)
    page = other.get("/sites/new").text
    token = page.partition('name="form_token" value="')[2].partition('"')[0]
    assert one.post("/sites/new", {"form_token": token, "name": "x"}).status_code == 403


def test_a_page_loads_only_what_is_the_servers_own(server: RunningServer, owner: Person) -> None:
    site = server.site("Acme", domains=("example.com",), sharing=Sharing.PUBLIC)
    link = server.leadline.share_links.create(site, NewShareLink(name="Ada"))
    parts = {"code": site.code, "token": link.token}
    paths = [path_of(page.path, site.slug, **parts) for page in GETS]
    for path in [*paths, "/no/such/page"]:
        answer = owner.get(path)
        if answer.status_code == 303:
            continue
        kind = "csv" if path.endswith(".csv") and answer.status_code == 200 else "html"
        assert answer.headers["content-type"] == f"text/{kind}; charset=utf-8", path
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self'" in policy
        assert "unsafe" not in policy
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"
        safe(answer.text)


def test_a_member_is_not_shown_what_is_not_theirs(server: RunningServer) -> None:
    site = server.site()
    member = given(server, site)
    for path in ("/sites", f"/sites/{site.slug}"):
        page = member.get(path).text
        assert "/edit" not in page
        assert "/tokens" not in page
        assert "/sites/new" not in page


def test_what_is_not_there_is_a_page_too(server: RunningServer, owner: Person) -> None:
    for path, status in (("/nothing", 404), ("/sites/no.such.site", 404), ("/sites/%00", 404)):
        answer = owner.get(path)
        assert answer.status_code == status
        assert "<h1>" in answer.text
    wrong = owner.client.put("/sites")
    assert wrong.status_code == 405
    assert wrong.headers["allow"]
    assert owner.post("/sites/new", {"name": "x" * 70_000}).status_code == 413
    broken = owner.client.post("/sites/new", content=b"name=%ff\xff")
    assert broken.status_code == 400


def test_a_fragment_of_somebody_signed_out_reloads_the_page(server: RunningServer) -> None:
    site = server.site()
    answer = Person(server).client.get(
        f"/sites/{site.slug}/traffic", headers={"HX-Request": "true"}
    )
    assert answer.status_code == 401
    assert answer.headers["hx-refresh"] == "true"


@pytest.mark.parametrize("name", ["leadline.css", "leadline.js", "htmx.js", "icon.svg"])
def test_files_are_kept_for_ever_under_their_own_address(
    server: RunningServer, owner: Person, name: str
) -> None:
    page = owner.get(f"/sites/{server.site().slug}").text
    (address,) = set(re.findall(rf'"(/assets/{re.escape(name)}\?v=\w+)"', page))
    answer = owner.get(address)
    assert answer.status_code == 200
    assert "immutable" in answer.headers["cache-control"]
    for other in (f"/assets/{name}", f"/assets/{name}?v=old"):
        again = owner.get(other)
        assert again.content == answer.content
        assert "immutable" not in again.headers["cache-control"]
    assert owner.get("/assets/no.such.file").status_code == 404


def test_files_are_sent_compressed_to_whoever_takes_that(server: RunningServer) -> None:
    client = Person(server).client
    packed = client.get("/assets/htmx.js", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.headers["vary"] == "Accept-Encoding"
    plain = client.get("/assets/htmx.js", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.content == packed.content
    assert int(packed.headers["content-length"]) < len(plain.content) / 2
