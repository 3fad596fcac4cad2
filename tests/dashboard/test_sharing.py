"""What an owner does about who else may see a site's reports."""

from datetime import timedelta
from hashlib import sha256
from html import unescape

import httpx
import pytest

from leadline.sites import MultiDomain, Sharing, Site
from tests.dashboard.elements import safe
from tests.dashboard.person import Person, text_of
from tests.dashboard.test_shares import PASSWORD, SECRET, at, is_asked, is_report, stranger
from tests.nasty import MARKUP
from tests.support import RunningServer

ALL = "everything"
LOOK = "period=last-month&f=utm_campaign:is:spring&f=country:is:FR"


def page(site: Site, *more: str) -> str:
    return "/".join((f"/sites/{site.slug}/sharing", *more))


def now(server: RunningServer, site: Site) -> Site:
    return server.leadline.sites.get(site.organisation, site.code)


@pytest.fixture
def site(server: RunningServer) -> Site:
    return server.site("Shared Shop")


def test_a_site_is_shared_with_a_password_with_everybody_and_with_nobody(
    owner: Person, server: RunningServer, site: Site
) -> None:
    assert at(site) not in owner.get(page(site)).text
    missing = owner.send(page(site), sharing="private", share_password="")
    assert (missing.status_code, now(server, site).sharing) == (422, Sharing.NONE)
    assert "A private share needs a password." in text_of(missing)
    answer = owner.send(page(site), sharing="private", share_password=PASSWORD)
    assert (answer.status_code, answer.headers["location"]) == (303, page(site))
    assert f"{server.url}{at(site)}/{site.slug}" in owner.get(page(site)).text
    assert PASSWORD not in owner.get(page(site)).text
    assert is_report(stranger(server).get(f"{at(site)}?password={SECRET}"))
    assert owner.send(page(site), sharing="private", share_password="").status_code == 303
    assert is_report(stranger(server).get(f"{at(site)}?password={SECRET}"))
    assert owner.send(page(site), sharing="public").status_code == 303
    assert is_report(stranger(server).get(at(site)))
    assert owner.send(page(site), sharing="none").status_code == 303
    assert stranger(server).get(at(site)).status_code == 404
    wrong = owner.send(page(site), sharing="sometimes")
    assert (wrong.status_code, now(server, site).sharing) == (422, Sharing.NONE)


def test_one_field_says_whose_pages_may_embed_it(
    owner: Person, server: RunningServer, site: Site
) -> None:
    owner.send(page(site), sharing="public")
    assert "iframe" not in unescape(owner.get(page(site)).text)

    def send(hosts: str) -> httpx.Response:
        return owner.send(page(site, "embedding"), page(site), embed_on=hosts)

    assert send("Blog.example.com, *.shop.example").status_code == 303
    assert now(server, site).embed_on == ("blog.example.com", "*.shop.example")
    shown = owner.get(page(site)).text
    assert 'value="blog.example.com *.shop.example"' in shown
    assert f'<iframe src="{server.url}{at(site)}/{site.slug}"' in unescape(shown)
    wrong = send("https://blog.example.com/")
    assert wrong.status_code == 422
    assert "Not a host such as blog.example.com" in text_of(wrong)
    assert 'value="https://blog.example.com/"' in wrong.text
    assert now(server, site).embed_on == ("blog.example.com", "*.shop.example")
    assert send("").status_code == 303
    assert now(server, site).embed_on == ()


def test_a_link_is_made_copied_and_revoked(
    owner: Person, server: RunningServer, site: Site
) -> None:
    fields = {"link_name": "For Ada", "link_password": "another", "days": "7", "shows": ALL}
    answer = owner.send(page(site, "links"), page(site), **fields)
    assert (answer.status_code, answer.headers["location"]) == (303, page(site))
    (link,) = server.leadline.share_links.list(site)
    assert (link.name, link.condition, link.view) == ("For Ada", None, "")
    assert link.expires_at is not None
    assert timedelta(6) < link.expires_at - link.created_at <= timedelta(7)
    shown = owner.read(page(site))
    for said in ("For Ada", f"{server.url}{at(site, link)}", "With a password", "Never", "Until "):
        assert said in shown
    assert is_asked(stranger(server).get(at(site, link)))
    opened = stranger(server).get(f"{at(site, link)}?password={sha256(b'another').hexdigest()}")
    assert is_report(opened)
    assert "Never" not in owner.read(page(site))
    other = owner.send(page(site, "links"), page(site), link_name="For Bob", shows=ALL)
    assert other.status_code == 303
    revoked = owner.send(page(site, "links", str(link.id), "revoke"), page(site))
    assert revoked.status_code == 303
    assert [each.name for each in server.leadline.share_links.list(site)] == ["For Bob"]
    assert owner.send(page(site, "links", str(link.id), "revoke"), page(site)).status_code == 404


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"link_name": " "}, "A name has 1 to 100 characters"),
        ({"shows": "segment-none"}, "Not one of the choices: segment-none"),
        ({"shows": "looked-at"}, "Not one of the choices: looked-at"),
        ({"days": "0"}, "Days are a whole number"),
        ({"days": "x"}, "Days are a whole number"),
        ({"link_password": "x" * 256}, "A share password has 1 to 255 characters"),
    ],
)
def test_a_wrong_link_is_not_made(
    owner: Person, server: RunningServer, site: Site, fields: dict[str, str], said: str
) -> None:
    right = {"link_name": "For Ada", "days": "7", "shows": ALL}
    answer = owner.send(page(site, "links"), page(site), **(right | fields))
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert f'value="{(right | fields)["days"]}"' in answer.text
    assert server.leadline.share_links.list(site) == ()


def test_exactly_what_somebody_looked_at_is_shared(
    owner: Person, server: RunningServer, site: Site
) -> None:
    form = owner.get(f"{page(site)}?{LOOK}")
    (action,) = (
        attributes["action"]
        for tag, attributes in safe(form.text).found
        if tag == "form" and "/links?" in (attributes["action"] or "")
    )
    assert action is not None
    words = "Campaign is spring · Country is France"
    assert words in form.text
    shown_at = f"{page(site)}?{LOOK}"
    answer = owner.send(action, shown_at, link_name="For Ada", shows="looked-at")
    assert answer.status_code == 303
    (link,) = server.leadline.share_links.list(site)
    assert (link.condition_name, link.view) == (words, "period=last-month")
    assert f"{at(site, link)}?period=last-month" in owner.read(page(site))
    assert owner.send(action, shown_at, link_name="For Bob", shows=ALL).status_code == 303
    link = server.leadline.share_links.list(site)[-1]
    assert (link.condition, link.condition_name, link.view) == (None, "", "period=last-month")


@pytest.mark.parametrize(
    ("look", "status"), [("f=pathname:matches:(", 400), ("f=nonsense", 400), ("period=x", 400)]
)
def test_what_is_no_look_makes_no_link(
    owner: Person, server: RunningServer, site: Site, look: str, status: int
) -> None:
    answer = owner.send(
        page(site, f"links?{look}"), page(site), link_name="For Ada", shows="looked-at"
    )
    assert answer.status_code == status
    assert server.leadline.share_links.list(site) == ()


def test_all_sharing_ends_at_once(owner: Person, server: RunningServer, site: Site) -> None:
    owner.send(page(site), sharing="private", share_password=PASSWORD)
    owner.send(page(site, "links"), page(site), link_name="For Ada", shows=ALL)
    (link,) = server.leadline.share_links.list(site)
    assert is_report(stranger(server).get(at(site, link)))
    assert owner.send(page(site, "end"), page(site)).status_code == 303
    assert now(server, site).sharing is Sharing.NONE
    for address in (at(site), at(site, link)):
        assert stranger(server).get(address).status_code == 404


@pytest.mark.parametrize("text", MARKUP)
def test_what_was_typed_stays_text(owner: Person, server: RunningServer, text: str) -> None:
    site = server.site(text, multi_domain=MultiDomain.COMBINED)
    owner.send(page(site), sharing="public")
    owner.send(page(site, "embedding"), page(site), embed_on="*")
    answer = owner.send(page(site, "links"), page(site), link_name=text[:100], shows=ALL)
    assert answer.status_code == 303
    assert text in safe(owner.get(page(site)).text).text
    assert text in safe(stranger(server).get(at(site)).text).text
    safe(owner.client.get(page(site), params={"f": f"utm_campaign:is:{text}"}).text)
