"""Members, their sites, invitations and organisations, on pages."""

import re

import pytest

from leadline.access import Role, SiteRole
from leadline.sites import SiteNotFound
from tests.dashboard.person import PASSWORD, Person, first, given, signed_in, text_of
from tests.support import RunningServer

LINK = re.compile(r'<code id="link">[^<]*(/invitations/[\w-]+)</code>')


def invited(owner: Person, email: str, **fields: str) -> str:
    """The path of the link."""
    answer = owner.send("/people/invitations", "/people", email=email, **fields)
    assert answer.status_code == 200, answer.text
    (path,) = LINK.findall(answer.text)
    return str(path)


def test_a_colleague_sees_one_of_two_sites(server: RunningServer, owner: Person) -> None:
    shop, diary = server.site("Shop"), server.site("Diary")
    link = invited(owner, "grace@example.com", role="member", **{f"site-{shop.code}": "viewer"})
    assert "grace@example.com" in owner.read("/people")
    grace = Person(server)
    assert "grace@example.com" in grace.read(link)
    differ = grace.send(link, password=PASSWORD, password_again="x")
    assert (differ.status_code, "not the same" in differ.text) == (422, True)
    fields = {"name": "Grace", "password": PASSWORD, "password_again": PASSWORD}
    assert grace.send(link, **fields).headers["location"] == "/sites"
    listed = grace.get("/sites").text
    assert f"/sites/{shop.slug}" in listed
    assert diary.slug not in listed
    for path, status in (
        (f"/sites/{shop.slug}", 200),
        (f"/sites/{shop.slug}/edit", 403),
        (f"/sites/{diary.slug}", 404),
        (f"/sites/{diary.slug}/edit", 404),
        (f"/sites/{diary.slug}/panels/pages", 404),
        (f"/sites/{diary.code}/live", 404),
        (f"/sites?after={diary.slug}", 303),
        ("/people", 403),
        ("/tokens", 403),
    ):
        assert grace.get(path).status_code == status, path
    assert Person(server).get(link).status_code == 410


def test_nobody_learns_of_a_site_that_was_not_given(server: RunningServer) -> None:
    hidden = server.site("Hidden")
    member = signed_in(server, Role.MEMBER)
    there = member.get(f"/sites/{hidden.slug}")
    nowhere = member.get("/sites/no-such-site")
    assert there.status_code == nowhere.status_code == 404
    same = there.text.replace(hidden.slug, "no-such-site")
    assert text_of(there).replace(hidden.slug, "no-such-site") == text_of(nowhere), same


def test_roles_of_a_site_open_its_pages(server: RunningServer) -> None:
    site = server.site("Roles")
    expected = {
        SiteRole.VIEWER: (403, 403, 403),
        SiteRole.EDITOR: (200, 403, 403),
        SiteRole.ADMIN: (200, 200, 403),
    }
    for role, statuses in expected.items():
        person = given(server, site, role)
        paths = [f"/sites/{site.slug}/{page}" for page in ("edit", "people", "delete")]
        assert tuple(person.get(path).status_code for path in paths) == statuses
        assert person.get(f"/sites/{site.slug}").status_code == 200


def test_an_admin_of_a_site_gives_and_takes_it(server: RunningServer) -> None:
    site = server.site("Given")
    ada, eve = given(server, site, SiteRole.ADMIN), signed_in(server, Role.MEMBER)
    session = server.leadline.sessions.find(eve.client.cookies["leadline_session"])
    assert session is not None
    page, user = f"/sites/{site.slug}/people", str(session.user.id)
    assert ada.send(page, user=user, role="editor").status_code == 303
    assert eve.get(f"/sites/{site.slug}/edit").status_code == 200
    for wrong in ({"user": "x"}, {"user": user, "role": "owner"}, {"user": "9" * 11}):
        assert ada.send(page, **({"role": "viewer"} | wrong)).status_code in (404, 422)
    assert ada.send(f"{page}/{user}/remove", page).status_code == 303
    assert eve.get(f"/sites/{site.slug}").status_code == 404
    assert ada.send(f"{page}/{user}/remove", page).status_code == 404


def test_somebody_known_signs_in_and_accepts(server: RunningServer, owner: Person) -> None:
    ada = signed_in(server, Role.OWNER)
    assert ada.send("/organisation/new", "/organisation", new_name="Ada & Co").status_code == 303
    eve = signed_in(server, Role.MEMBER)
    session = server.leadline.sessions.find(eve.client.cookies["leadline_session"])
    assert session is not None
    link = invited(ada, session.user.email, role="admin")
    assert "sign in" in Person(server).read(link)
    assert "somebody else" in owner.read(link)
    assert owner.send(link, "/organisation").status_code == 422
    assert eve.send(link).status_code == 303
    assert "Ada & Co" in eve.read("/organisation")
    assert eve.send("/organisation/choose", "/sites", organisation="leadline").status_code == 303
    assert "Leadline" in text_of(eve.get("/organisation")).partition("Role")[0]
    assert eve.get("/people").status_code == 403
    wrong = eve.send("/organisation/choose", "/sites", organisation="no-such")
    assert wrong.status_code == 404


def test_an_invitation_is_renewed_and_revoked(server: RunningServer, owner: Person) -> None:
    old = invited(owner, "renewed@example.com", role="admin")
    rows = server.leadline.member_invitations.list(first(server))
    number = next(row.id for row in rows if row.email == "renewed@example.com")
    admin = signed_in(server, Role.ADMIN)
    answer = admin.send(f"/people/invitations/{number}/resend", "/people")
    (new,) = LINK.findall(answer.text)
    assert Person(server).get(old).status_code == 410
    assert Person(server).get(new).status_code == 200
    assert owner.send(f"/people/invitations/{number}/revoke", "/people").status_code == 303
    assert Person(server).get(new).status_code == 410
    assert owner.send(f"/people/invitations/{number}/revoke", "/people").status_code == 404
    for wrong in (
        {"email": "x"},
        {"role": "king"},
        {"site-nothing": "viewer"},
        {f"site-{server.site().code}": "king"},
    ):
        fields = {"email": "a@example.com", "role": "member"} | wrong
        assert owner.send("/people/invitations", "/people", **fields).status_code == 422


def test_roles_of_people_are_changed_by_those_who_may(server: RunningServer) -> None:
    owner, admin = signed_in(server, Role.OWNER), signed_in(server, Role.ADMIN)
    site, member = server.site("Changed"), signed_in(server, Role.MEMBER)
    numbers = {}
    for name, person in (("owner", owner), ("member", member)):
        session = server.leadline.sessions.find(person.client.cookies["leadline_session"])
        assert session is not None
        numbers[name] = f"/people/{session.user.id}"
    theirs = numbers["member"]
    given_now = admin.send(f"{theirs}/sites", theirs, **{f"site-{site.code}": "editor"})
    assert given_now.status_code == 303
    assert member.get(f"/sites/{site.slug}/edit").status_code == 200
    assert admin.send(f"{theirs}/role", theirs, role="owner").status_code == 422
    assert admin.send(f"{numbers['owner']}/role", "/people", role="member").status_code == 422
    assert admin.send(f"{numbers['owner']}/remove", "/people").status_code == 422
    assert owner.send(f"{theirs}/role", theirs, role="admin").status_code == 303
    assert member.get("/people").status_code == 200
    assert owner.send(f"{theirs}/remove", theirs).headers["location"] == "/people"
    assert member.get("/sites").headers["location"].startswith("/sign-in")
    assert owner.get(theirs).status_code == 404


def test_the_last_owner_stays(fresh: RunningServer) -> None:
    ada = signed_in(fresh, Role.OWNER)
    stays = ada.send("/organisation/leave", "/organisation")
    assert (stays.status_code, "last owner" in stays.text) == (422, True)
    refused = ada.send("/organisation/delete", name="Leadline")
    assert (refused.status_code, "last organisation" in refused.text) == (422, True)
    grace = signed_in(fresh, Role.OWNER)
    assert grace.send("/organisation/leave", "/organisation").status_code == 303
    assert grace.get("/sites").status_code == 303


def test_an_organisation_is_changed_and_deleted(fresh: RunningServer) -> None:
    ada = signed_in(fresh, Role.OWNER)
    site = fresh.site("Moved")
    assert ada.send("/organisation/new", "/organisation", new_name=" ").status_code == 422
    ada.send("/organisation/new", "/organisation", new_name="Ada")
    fields = {"name": "Ada & Co", "timezone": "Europe/Berlin", "currency": "CHF"}
    assert ada.send("/organisation", **fields).status_code == 303
    assert ada.send("/organisation", **(fields | {"timezone": "x"})).status_code == 422
    new = ada.get("/sites/new").text
    assert "Europe/Berlin" in new
    ada.send("/organisation/choose", "/sites", organisation="leadline")
    page = f"/sites/{site.slug}/people"
    assert ada.send(f"/sites/{site.slug}/move", page, organisation="x").status_code == 404
    moved = ada.send(f"/sites/{site.slug}/move", page, organisation="ada")
    assert moved.headers["location"] == f"/sites/{site.slug}"
    assert ada.get(f"/sites/{site.slug}").status_code == 200
    assert ada.send("/organisation/delete", name="ada").status_code == 422
    assert ada.send("/organisation/delete", name="Ada & Co").status_code == 303
    assert "Leadline" in ada.read("/organisation")
    assert not fresh.leadline.sites.numbered(site.id).is_active
    with pytest.raises(SiteNotFound):
        fresh.leadline.sites.get(first(fresh), site.slug)
