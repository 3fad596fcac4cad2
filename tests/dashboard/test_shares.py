"""What a site shows to people who are not signed in."""

import re
from hashlib import sha256
from itertools import count

import httpx
import pytest

from leadline.access import Role
from leadline.reports import AllOf, Dimension, Filter, Operator, written_condition
from leadline.sites import NewShareLink, ShareLink, Sharing, Site, SiteChange
from tests.collector.hits import fathom
from tests.dashboard.elements import safe
from tests.dashboard.person import Person, signed_in, text_of
from tests.support import RunningServer, eventually

PASSWORD = "open sesame"
SECRET = sha256(PASSWORD.encode()).hexdigest()
ASKED = "A password is needed"
FRAGMENT = {"HX-Request": "true"}

_addresses = (f"198.51.{number // 250}.{number % 250}" for number in count())


def stranger(server: RunningServer) -> Person:
    """Somebody new, at an address that has tried no password yet."""
    return Person(server).comes_from(next(_addresses))


def shared(server: RunningServer, sharing: Sharing, **fields: object) -> Site:
    password = PASSWORD if sharing is Sharing.PRIVATE else None
    site = server.site("Shared Shop", sharing=sharing, share_password=password)
    return server.leadline.sites.update(site, SiteChange(**fields)) if fields else site  # type: ignore[arg-type]


def linked(server: RunningServer, site: Site, **fields: object) -> ShareLink:
    new = NewShareLink(**({"name": "For Ada"} | fields))  # type: ignore[arg-type]
    return server.leadline.share_links.create(site, new)


def at(site: Site, link: ShareLink | None = None, code: str = "") -> str:
    return f"/share/{code or site.code.lower()}" + (f"/l/{link.token}" if link else "")


def is_report(answer: httpx.Response) -> bool:
    return answer.status_code == 200 and "<h1>Shared Shop</h1>" in answer.text


def is_asked(answer: httpx.Response) -> bool:
    return ASKED in answer.text and 'type="password"' in answer.text


# Which addresses there are


@pytest.mark.parametrize(
    "slug",
    [
        "",
        "/",
        "/shared-shop",
        "/Shared%20Shop/",
        "/live",
        "/events",
        "/-",
        "/l",
        "/a/b",
        "/panels",
        "/%C3%BC?period=7d",
    ],
)
def test_a_public_site_is_shown_by_its_code(server: RunningServer, slug: str) -> None:
    site = shared(server, Sharing.PUBLIC)
    for code in (site.code, site.code.lower(), site.code.title()):
        answer = stranger(server).get(f"/share/{code}{slug}")
        assert is_report(answer), (code, slug, answer.text)
        assert "set-cookie" not in answer.headers
        safe(answer.text)


def test_what_is_not_shared_is_not_there_and_looks_all_the_same(server: RunningServer) -> None:
    hidden = shared(server, Sharing.NONE, embed_on=("*",))
    asleep = shared(server, Sharing.PUBLIC, is_active=False)
    gone = shared(server, Sharing.PRIVATE)
    server.leadline.sites.delete(gone)
    known = shared(server, Sharing.PUBLIC)
    answers = []
    for code in (hidden.code, asleep.code, gone.code, "NOBODYAT", known.slug, "x", "%00", "é"):
        for rest in (
            "",
            "/",
            "/slug",
            f"?password={SECRET}",
            "/-/panels/pages",
            "/-/panels/pages.csv",
        ):
            answers.append(stranger(server).get(f"/share/{code}{rest}"))
        answers.append(stranger(server).post(f"/share/{code}", {"password": PASSWORD}))
        for token in ("", "x", "x/-/panels/pages"):
            answers.append(stranger(server).get(f"/share/{hidden.code}/l/x{token}"))
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.text for answer in answers}) == 1
    headers = {
        tuple((name, value) for name, value in answer.headers.items() if name != "date")
        for answer in answers
    }
    assert len(headers) == 1


def test_a_share_has_the_panels_of_the_report(server: RunningServer) -> None:
    site = shared(server, Sharing.PUBLIC)
    person = stranger(server)
    assert "Shared Shop" in person.read(f"{at(site)}/-/panels/pages")
    table = person.get(f"{at(site)}/-/panels/pages.csv")
    assert table.headers["content-type"] == "text/csv; charset=utf-8"
    assert table.headers["x-robots-tag"] == "noindex"
    live = person.client.get(f"{at(site)}/-/live", headers=FRAGMENT)
    assert live.text.startswith('<div class="live"')
    card = person.client.get(f"{at(site)}/-/panels/pages", headers=FRAGMENT)
    assert "<h1>" not in card.text
    assert person.get(f"{at(site)}/-/panels/nothing").status_code == 404


# What a share gives away


def test_whoever_is_signed_in_sees_what_everybody_sees(server: RunningServer) -> None:
    owner = signed_in(server, Role.OWNER)
    for sharing in Sharing:
        site = shared(server, sharing)
        assert owner.get(at(site)).text == stranger(server).get(at(site)).text
    assert owner.get("/share/NOBODYAT").text == stranger(server).get("/share/NOBODYAT").text


def test_every_address_on_a_share_is_its_own(server: RunningServer) -> None:
    server.site("Another Shop")
    site = shared(server, Sharing.PUBLIC)
    person = stranger(server)
    waiting, seen = [at(site)], set[str]()
    while waiting:
        address = waiting.pop()
        answer = person.get(address)
        assert answer.status_code == 200, address
        assert "Another Shop" not in answer.text
        if "csv" in answer.headers["content-type"]:
            continue
        for _, attributes in safe(answer.text).found:
            for name in ("href", "src", "action", "hx-get", "data-live"):
                found = attributes.get(name) or "#"
                assert found.startswith(("#", "/assets/", at(site))), (address, found)
                path = found.partition("?")[0]
                if name == "href" and path.startswith(at(site)) and path not in seen:
                    seen.add(path)
                    waiting.append(found)
    assert f"{at(site)}/-/panels/pages.csv" in seen


def test_neither_address_nor_report_spreads(server: RunningServer) -> None:
    site = shared(server, Sharing.PRIVATE)
    person = stranger(server)
    for answer in (person.get(at(site)), person.get(f"{at(site)}?password={SECRET}")):
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["x-robots-tag"] == "noindex"
        assert answer.headers["cache-control"] == "no-store"
        assert SECRET not in answer.text


# Passwords


def test_a_private_site_asks_for_its_password(server: RunningServer) -> None:
    site = shared(server, Sharing.PRIVATE)
    person = stranger(server)
    asked = person.get(f"{at(site)}/slug?period=7d")
    assert (asked.status_code, is_asked(asked)) == (200, True)
    assert "Shared Shop" not in asked.text
    (action,) = re.findall(r'action="([^"]+)"', asked.text)
    wrong = person.post(action, {"password": "open says me"})
    assert (wrong.status_code, is_asked(wrong)) == (401, True)
    assert "That is not the password." in text_of(wrong)
    assert "open says me" not in wrong.text
    assert "set-cookie" not in wrong.headers
    person.client.headers["Sec-Fetch-Dest"] = "document"
    right = person.post(action, {"password": PASSWORD})
    assert (right.status_code, right.headers["location"]) == (303, f"{at(site)}?period=7d")
    assert is_report(person.get(right.headers["location"]))
    for path in ("", "/any/slug", "/-/panels/pages"):
        assert is_report(person.get(at(site) + path)) or path == "/-/panels/pages"
    assert is_asked(stranger(server).get(at(site)))


def test_it_is_remembered_for_that_share_only(server: RunningServer) -> None:
    site, other = shared(server, Sharing.PRIVATE), shared(server, Sharing.PRIVATE)
    link = linked(server, site, password=PASSWORD)
    person = stranger(server)
    answer = person.post(at(site), {"password": PASSWORD})
    cookie = answer.headers["set-cookie"]
    manners = f"; HttpOnly; Max-Age=604800; Path={at(site)}; SameSite=lax"
    assert re.fullmatch(rf"leadline_share=[0-9]+\.[0-9a-f]+{manners}", cookie), cookie
    assert is_report(person.get(at(site)))
    for elsewhere in (at(other), at(site, link)):
        assert is_asked(person.get(elsewhere))
    (held,) = (each.value for each in person.client.cookies.jar)
    for name in ("leadline_share", "leadline_share_link"):
        for elsewhere in (at(other), at(site, link)):
            assert is_asked(
                stranger(server).client.get(elsewhere, headers={"Cookie": f"{name}={held}"})
            )


@pytest.mark.parametrize("case", [str.lower, str.upper])
def test_plug_ins_send_the_hash_of_the_password(server: RunningServer, case: type[str]) -> None:
    site = shared(server, Sharing.PRIVATE)
    link = linked(server, site, password="another")
    path = f"{at(site, code=site.code)}/wordpress?password="
    assert is_report(stranger(server).get(path + case(SECRET)))
    for wrong in (PASSWORD, "", SECRET[1:], "0" * 64, "é"):
        answer = stranger(server).get(path + wrong)
        assert (answer.status_code, is_asked(answer)) == (401, True)
    hashed = sha256(b"another").hexdigest()
    assert is_report(stranger(server).get(f"{at(site, link)}?password={hashed}"))
    assert is_asked(stranger(server).get(f"{at(site, link)}?password={SECRET}"))


def test_without_cookies_every_link_lets_one_in(server: RunningServer) -> None:
    """As in a frame: whatever the report links to is asked for without a cookie."""
    site = shared(server, Sharing.PRIVATE)
    page = stranger(server).get(f"{at(site)}/wordpress?period=7d&password={SECRET}")
    found = [
        value
        for _, attributes in safe(page.text).found
        for name, value in attributes.items()
        if name in ("href", "hx-get", "data-live") and value and value.startswith("/share/")
    ]
    assert [address for address in found if "pass=" not in address] == []
    one_of_each = {address.partition("?")[0]: address for address in found}
    assert len(one_of_each) > 5
    for address in one_of_each.values():
        headers = FRAGMENT if "/-/live" in address else {}
        answer = stranger(server).client.get(address, headers=headers)
        assert answer.status_code == 200
        assert not is_asked(answer), address
    fields = [attributes for tag, attributes in safe(page.text).found if tag == "input"]
    forms = page.text.count('<form method="get"')
    assert sum(each.get("name") == "pass" for each in fields) == forms > 0


def test_with_cookies_no_link_carries_anything(server: RunningServer) -> None:
    site = shared(server, Sharing.PRIVATE)
    person = stranger(server)
    document = {"Sec-Fetch-Dest": "document"}
    page = person.client.get(f"{at(site)}?password={SECRET}", headers=document)
    assert is_report(page)
    assert "pass=" not in page.text
    assert "pass=" not in person.get(f"{at(site)}?password={SECRET}").text


def test_in_a_frame_the_form_leads_on_without_a_cookie(server: RunningServer) -> None:
    site = shared(server, Sharing.PRIVATE)
    headers = {"Sec-Fetch-Dest": "iframe"}
    answer = stranger(server).client.post(
        f"{at(site)}?period=7d", data={"password": PASSWORD}, headers=headers
    )
    assert answer.headers["location"].startswith(f"{at(site)}?period=7d&pass=")
    assert is_report(stranger(server).get(answer.headers["location"]))


@pytest.mark.parametrize("embed_on", [(), ("blog.example.com",)])
def test_over_https_a_cookie_says_whether_frames_may_have_it(
    server: RunningServer, embed_on: tuple[str, ...]
) -> None:
    site = shared(server, Sharing.PRIVATE, embed_on=embed_on)
    person = stranger(server)
    person.client.headers["X-Forwarded-Proto"] = "https"
    cookie = person.post(at(site), {"password": PASSWORD}).headers["set-cookie"]
    assert "; Secure" in cookie
    assert "HttpOnly" in cookie
    assert cookie.endswith("; SameSite=none; Secure; Partitioned") == bool(embed_on)
    assert ("SameSite=lax" in cookie) != bool(embed_on)


def test_attempts_are_throttled_by_address(server: RunningServer) -> None:
    site = shared(server, Sharing.PRIVATE, embed_on=("*",))
    person = stranger(server)
    for _ in range(5):
        assert person.post(at(site), {"password": "wrong"}).status_code == 401
        assert person.get(f"{at(site)}?password={'0' * 64}").status_code == 401
    for answer in (
        person.post(at(site), {"password": PASSWORD}),
        person.get(f"{at(site)}?password={SECRET}"),
    ):
        assert answer.status_code == 429
        assert int(answer.headers["retry-after"]) > 0
        assert "x-frame-options" not in answer.headers
    assert is_report(stranger(server).get(f"{at(site)}?password={SECRET}"))


def test_what_is_public_asks_nobody(server: RunningServer) -> None:
    site = shared(server, Sharing.PUBLIC)
    answer = stranger(server).post(f"{at(site)}?period=7d", {"password": "whatever"})
    assert (answer.status_code, answer.headers["location"]) == (303, f"{at(site)}?period=7d")
    assert is_report(stranger(server).get(f"{at(site)}?password=whatever&pass=whatever"))


# The end of a share


@pytest.mark.parametrize(
    "end",
    [
        SiteChange(sharing=Sharing.NONE),
        SiteChange(share_password="another"),
        SiteChange(share_password=PASSWORD),
        SiteChange(is_active=False),
    ],
    ids=["off", "another password", "the same password again", "deactivated"],
)
def test_what_was_open_is_over_at_the_next_request(server: RunningServer, end: SiteChange) -> None:
    site = shared(server, Sharing.PRIVATE)
    person = stranger(server)
    framed = person.get(f"{at(site)}?password={SECRET}")
    (held, *_) = re.findall(r"pass=([0-9a-f.]+)", framed.text)
    assert is_report(person.get(at(site)))
    server.leadline.sites.update(site, end)
    for client in (person.client, stranger(server).client):
        for path in ("", "/slug", "/-/panels/pages", "/-/panels/pages.csv"):
            answer = client.get(f"{at(site)}{path}?pass={held}")
            assert answer.status_code == 404 or is_asked(answer)
        for path in ("/-/live", "/-/panels/pages"):
            answer = client.get(f"{at(site)}{path}?pass={held}", headers=FRAGMENT)
            assert answer.status_code in (401, 404)
            assert answer.headers["hx-refresh"] == "true"
    public = server.leadline.sites.update(
        site, SiteChange(is_active=True, sharing=Sharing.PRIVATE, share_password=PASSWORD)
    )
    assert is_asked(person.get(f"{at(public)}?pass={held}")) or end.is_active is False


# Links


def test_a_link_shows_no_more_than_it_is_limited_to(server: RunningServer) -> None:
    site = shared(server, Sharing.NONE)
    for path in ("/spring", "/secret"):
        assert fathom(server, site.code, p=path).status_code == 200
    owner = signed_in(server, Role.OWNER)
    eventually(lambda: "/secret" in owner.get(f"/sites/{site.slug}/panels/pages").text)
    spring = Filter(Dimension.PATHNAME, Operator.IS, "/spring")
    link = linked(server, site, condition=written_condition(AllOf((spring,))))
    person = stranger(server)
    assert is_report(person.get(at(site, link)))
    for path in ("", "/slug/", "/-/panels/pages", "/-/panels/pages.csv", "/-/panels/entries"):
        for query in (
            "",
            "?period=today",
            "?f=pathname:is_not:/spring",
            "?f=pathname:contains:/se",
        ):
            shown = person.get(at(site, link) + path + query)
            assert shown.status_code == 200
            assert "/secret" not in shown.text
    assert "/spring" in person.get(f"{at(site, link)}/-/panels/pages").text
    assert person.get(at(site)).status_code == 404


def test_links_are_revoked_one_by_one(server: RunningServer) -> None:
    site = shared(server, Sharing.PUBLIC)
    first, second = linked(server, site), linked(server, site, password=PASSWORD)
    person = stranger(server)
    assert is_report(person.get(at(site, first)))
    assert is_asked(person.get(at(site, second)))
    assert person.post(at(site, second), {"password": PASSWORD}).status_code == 303
    assert is_report(person.get(f"{at(site, second)}/slug"))
    server.leadline.share_links.revoke(site, second.id)
    for path in ("", "/", "/slug", "/-/panels/pages"):
        assert person.get(at(site, second) + path).status_code == 404
    fragment = person.client.get(f"{at(site, second)}/-/live", headers=FRAGMENT)
    assert (fragment.status_code, fragment.headers["hx-refresh"]) == (404, "true")
    assert is_report(person.get(at(site, first)))
    assert is_report(person.get(at(site)))
    assert person.get(f"{at(shared(server, Sharing.PUBLIC))}/l/{first.token}").status_code == 404


# Frames


@pytest.mark.parametrize(
    ("embed_on", "ancestors"),
    [
        ((), "'none'"),
        (("*",), "*"),
        (
            ("blog.example.com", "*.test:81"),
            "'self' https://blog.example.com http://blog.example.com https://*.test:81 http://*.test:81",
        ),
    ],
)
def test_pages_of_these_hosts_may_frame_a_share_and_nothing_else(
    server: RunningServer, embed_on: tuple[str, ...], ancestors: str
) -> None:
    site = shared(server, Sharing.PRIVATE, embed_on=embed_on)
    link = linked(server, site)
    for path in (at(site), f"{at(site)}?password={SECRET}", at(site, link)):
        answer = stranger(server).get(path)
        policy = answer.headers["content-security-policy"]
        assert policy.endswith(f"; frame-ancestors {ancestors}")
        assert "default-src 'none'" in policy
        assert ("x-frame-options" in answer.headers) == (not embed_on)
    owner = signed_in(server, Role.OWNER)
    for path in ("/sites", f"/sites/{site.slug}", f"/sites/{site.slug}/sharing"):
        answer = owner.get(path)
        assert answer.headers["x-frame-options"] == "DENY"
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
