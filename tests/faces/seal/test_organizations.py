"""Organisations at the API: who is in one, as what, with which sites, and who is invited."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any
from uuid import uuid4

import httpx
import pyotp
import pytest

from leadline.access import Role, SiteRole, User, Wanted
from tests.faces.seal.conftest import Connect
from tests.faces.seal.dialect import calls, data, moment, refusal, wrong_fields
from tests.support import RunningServer

PASSWORD = "correct horse battery staple"
ORG = {
    *("id", "name", "slug", "is_active", "member_count", "site_count", "user_role"),
    *("created_at", "updated_at"),
}
INVITATION = {
    *("id", "org_id", "email", "role", "invited_by_name", "is_active", "expires_at"),
    *("accepted_at", "created_at"),
}


class Person:
    """Somebody who has signed in at the API."""

    def __init__(self, server: RunningServer, role: Role) -> None:
        self.server = server
        organisations = server.leadline.organisations
        self.email = f"{uuid4().hex}@example.com"
        self.user: User = organisations.add_user(
            organisations.first().id, email=self.email, password=PASSWORD, role=role, name="Ana"
        )
        granted = server.leadline.sign_ins.open(self.user.id, lambda _: {})
        self.api = calls(server, None, Authorization=f"Bearer {granted.access}")

    def organization(self, name: str = "") -> str:
        """The slug of a new one, which they own."""
        made = data(self.api.post("/organizations", json={"name": name or uuid4().hex}), 201)
        return str(made["slug"])

    def invite(self, slug: str, person: "Person | str", **fields: Any) -> str:
        """The secret of the link."""
        email = person if isinstance(person, str) else person.email
        body = {"email": email} | fields
        made = data(self.api.post(f"/organizations/{slug}/invitations", json=body), 201)
        return str(made["invitation_link"]).rpartition("/")[2]

    def joins(self, secret: str) -> None:
        data(self.api.post("/invitations/accept-existing", json={"token": secret}))


Arrive = Callable[[Role], Person]


@pytest.fixture
def arrive(server: RunningServer) -> Iterator[Arrive]:
    """Makes people, with this role in the first organisation."""
    with ExitStack() as stack:

        def arrived(role: Role) -> Person:
            person = Person(server, role)
            stack.callback(person.api.close)
            return person

        yield arrived


@pytest.fixture
def owner(arrive: Arrive) -> Person:
    return arrive(Role.OWNER)


@pytest.fixture
def admin(arrive: Arrive) -> Person:
    return arrive(Role.ADMIN)


@pytest.fixture
def member(arrive: Arrive) -> Person:
    return arrive(Role.MEMBER)


def test_an_organization_from_beginning_to_end(owner: Person) -> None:
    made = data(owner.api.post("/organizations", json={"name": "Acme & Söhne"}), 201)
    assert made.keys() == ORG
    assert (made["user_role"], made["member_count"], made["site_count"]) == ("owner", 1, 0)
    moment(made["created_at"])
    moment(made["updated_at"])
    slug = made["slug"]
    assert data(owner.api.get(f"/organizations/{slug}")) == made
    listed = data(owner.api.get("/organizations"))
    assert made in listed["organizations"]
    assert (listed["total"], listed["can_create_org"]) == (len(listed["organizations"]), True)
    site = data(owner.api.post("/sites", json={"name": "Theirs", "org_id": made["id"]}), 201)
    renamed = data(owner.api.patch(f"/organizations/{slug}", json={"name": "Acme"}))
    assert (renamed["name"], renamed["slug"], renamed["site_count"]) == ("Acme", slug, 1)
    assert data(owner.api.patch(f"/organizations/{slug}", json={}))["name"] == "Acme"
    sites = data(owner.api.get(f"/organizations/{slug}/sites"))
    assert [each["id"] for each in sites["sites"]] == [site["id"]]
    assert sites["sites"][0].keys() == {
        *("id", "name", "is_active", "timezone", "currency", "created_at")
    }
    address = f"/organizations/{slug}"
    wrong = owner.api.request("DELETE", address, json={"name": "acme"})
    refusal(wrong, 400, "confirmation_failed")
    assert wrong_fields(owner.api.request("DELETE", address, json={})) == ["body.name"]
    data(owner.api.request("DELETE", address, json={"name": "Acme"}))
    refusal(owner.api.get(address), 404, "org_not_found")
    refusal(owner.api.get(f"/sites/{site['id']}"), 404, "not_found")


def test_what_no_organization_can_be_called(owner: Person) -> None:
    for name in ("", " ", "\n", "a" * 256):
        assert wrong_fields(owner.api.post("/organizations", json={"name": name})) == ["body.name"]
    slug = owner.organization()
    answer = owner.api.patch(f"/organizations/{slug}", json={"name": "\0"})
    assert wrong_fields(answer) == ["body.name"]


def test_who_may_make_rename_and_delete_one(
    owner: Person, admin: Person, member: Person, api: httpx.Client
) -> None:
    for each in (admin, member):
        answer = each.api.post("/organizations", json={"name": "New"})
        refusal(answer, 403, "org_creation_not_allowed")
    refusal(api.post("/organizations", json={"name": "New"}), 403, "forbidden")
    slug = owner.organization("Kept")
    for each, role in ((admin, "admin"), (member, "member")):
        each.joins(owner.invite(slug, each, role=role))
        assert data(each.api.get(f"/organizations/{slug}"))["user_role"] == role
        changed = each.api.patch(f"/organizations/{slug}", json={"name": "Taken"})
        refusal(changed, 403, "insufficient_permissions")
        ended = each.api.request("DELETE", f"/organizations/{slug}", json={"name": "Kept"})
        refusal(ended, 403, "insufficient_permissions")


def test_an_organization_of_others_does_not_exist(
    owner: Person, stranger: httpx.Client, api: httpx.Client, connect: Connect
) -> None:
    slug = owner.organization()
    for client in (stranger, api, connect("all-sites-readonly")):
        for method, path, body in (
            ("GET", "", None),
            ("PATCH", "", {"name": "Taken"}),
            ("DELETE", "", {"name": "Taken"}),
            ("GET", "/sites", None),
            ("GET", "/members", None),
            ("POST", "/members", {"user_id": owner.user.id}),
            ("GET", "/invitations", None),
            ("POST", "/invitations", {"email": "x@example.com"}),
        ):
            address = f"/organizations/{slug}{path}"
            refusal(client.request(method, address, json=body), 404, "org_not_found")
    refusal(api.get("/organizations/nowhere"), 404, "org_not_found")
    refusal(api.get("/organizations/%20"), 404, "org_not_found")


def test_a_token_knows_its_organization_and_is_nobody(
    server: RunningServer, api: httpx.Client, connect: Connect
) -> None:
    (mine,) = data(api.get("/organizations"))["organizations"]
    assert (mine["slug"], mine["user_role"]) == ("leadline", None)
    assert data(api.get("/organizations"))["can_create_org"] is False
    assert data(api.get("/organizations/leadline/members"))["total"] == mine["member_count"]
    site = server.site("Seen")
    one = connect(f"read:{site.slug}")
    assert data(one.get("/organizations/leadline"))["site_count"] == 1
    refusal(one.get("/organizations/leadline/members"), 403, "insufficient_permissions")
    reader = connect("all-sites-readonly")
    refusal(reader.get("/organizations/leadline/members"), 403, "insufficient_permissions")


def test_members_and_their_roles(owner: Person, admin: Person, member: Person) -> None:
    slug = owner.organization()
    at = f"/organizations/{slug}/members"
    refusal(owner.api.post(at, json={"user_id": 999_999}), 404, "member_not_found")
    data(owner.api.post(at, json={"user_id": admin.user.id, "role": "admin"}), 201)
    refusal(owner.api.post(at, json={"user_id": admin.user.id}), 409, "member_already_exists")
    data(admin.api.post(at, json={"user_id": member.user.id}), 201)
    listed = data(owner.api.get(at))
    assert [(each["user_id"], each["role"]) for each in listed["members"]] == [
        (owner.user.id, "owner"),
        (admin.user.id, "admin"),
        (member.user.id, "member"),
    ]
    assert listed["total"] == 3
    first = listed["members"][0]
    assert first.keys() == {"user_id", "email", "name", "role", "site_count", "created_at"}
    refusal(member.api.get(at), 403, "insufficient_permissions")
    forbidden = admin.api.patch(f"{at}/{member.user.id}", json={"role": "owner"})
    refusal(forbidden, 403, "insufficient_permissions")
    refusal(admin.api.delete(f"{at}/{owner.user.id}"), 403, "insufficient_permissions")
    demoted = owner.api.patch(f"{at}/{owner.user.id}", json={"role": "member"})
    refusal(demoted, 400, "last_owner")
    refusal(owner.api.delete(f"{at}/{owner.user.id}"), 400, "last_owner")
    refusal(owner.api.patch(f"{at}/999999", json={"role": "admin"}), 404, "member_not_found")
    assert wrong_fields(owner.api.patch(f"{at}/ana", json={"role": "admin"})) == ["path.user_id"]
    assert wrong_fields(owner.api.patch(f"{at}/1", json={"role": "chief"})) == ["body.role"]
    data(admin.api.patch(f"{at}/{member.user.id}", json={"role": "admin"}))
    data(member.api.delete(f"{at}/{member.user.id}"))  # leaves
    refusal(member.api.get(at), 404, "org_not_found")
    data(owner.api.delete(f"{at}/{admin.user.id}"))
    assert data(owner.api.get(at))["total"] == 1


def test_nobody_adds_people_of_whom_they_know_nothing(
    owner: Person, member: Person, arrive: Arrive
) -> None:
    """Else an organisation of one's own would tell names and addresses to numbers."""
    slug = owner.organization()
    member.joins(owner.invite(slug, member, role="owner"))
    theirs = member.organization()
    outsider = owner.user.id
    data(member.api.post(f"/organizations/{theirs}/members", json={"user_id": outsider}), 201)
    first = arrive(Role.MEMBER)  # with `member` in an organisation, as a colleague
    answer = member.api.post(f"/organizations/{theirs}/members", json={"user_id": first.user.id})
    refusal(answer, 404, "member_not_found")


def test_the_sites_of_a_member(server: RunningServer, owner: Person, member: Person) -> None:
    slug = owner.organization()
    org_id = data(owner.api.get(f"/organizations/{slug}"))["id"]
    one, two = (
        data(owner.api.post("/sites", json={"name": name, "org_id": org_id}), 201)["id"]
        for name in ("One", "Two")
    )
    foreign = server.site("Foreign").slug
    member.joins(owner.invite(slug, member, site_ids=[one]))
    at = f"/organizations/{slug}/members/{member.user.id}/sites"
    assert data(owner.api.get(at)) == {
        "sites": [
            {"id": one, "name": "One", "has_access": True},
            {"id": two, "name": "Two", "has_access": False},
        ],
        "total": 2,
    }
    assert data(owner.api.post(at, json={"site_ids": [one, two, two, foreign, "none"]})) == {
        "added": [two],
        "already_assigned": [one],
        "invalid": [foreign, "none"],
    }
    assert data(member.api.get(f"/organizations/{slug}"))["site_count"] == 2
    data(owner.api.delete(f"{at}/{one}"))
    refusal(owner.api.delete(f"{at}/{one}"), 404, "not_found")
    seen = data(member.api.get(f"/organizations/{slug}/sites"))["sites"]
    assert [each["id"] for each in seen] == [two]
    refusal(member.api.get(f"/sites/{one}"), 403, "forbidden")
    assert data(member.api.get(f"/sites/{two}"))["name"] == "Two"
    refusal(member.api.patch(f"/sites/{two}", json={"name": "2"}), 403, "forbidden")
    (row,) = [
        each
        for each in data(owner.api.get(f"/organizations/{slug}/members"))["members"]
        if each["user_id"] == member.user.id
    ]
    assert row["site_count"] == 1
    of_owner = f"/organizations/{slug}/members/{owner.user.id}/sites"
    assert data(owner.api.post(of_owner, json={"site_ids": [one]}))["already_assigned"] == [one]
    assert wrong_fields(owner.api.post(at, json={"site_ids": []})) == ["body.site_ids"]


def test_somebody_new_is_invited(server: RunningServer, owner: Person) -> None:
    slug, email = owner.organization("Hiring"), f"{uuid4().hex}@example.com"
    at = f"/organizations/{slug}/invitations"
    made = data(owner.api.post(at, json={"email": email, "role": "admin"}), 201)
    assert made.keys() == {"invitation_id", "invitation_link", "expires_at"}
    assert made["invitation_link"].startswith(f"{server.url}/invitations/")
    listed = data(owner.api.get(at))
    (row,) = listed["invitations"]
    assert row.keys() == INVITATION
    assert (row["email"], row["role"], row["is_active"]) == (email, "admin", True)
    assert (row["invited_by_name"], row["accepted_at"], listed["total"]) == ("Ana", None, 1)
    assert (moment(row["expires_at"]) - moment(row["created_at"])).days == 7
    again = data(owner.api.post(f"{at}/{row['id']}/resend"))
    old, new = (each["invitation_link"].rpartition("/")[2] for each in (made, again))
    with calls(server, None) as nobody:
        refusal(nobody.get(f"/invitations/{old}"), 404, "invitation_not_found")
        told = data(nobody.get(f"/invitations/{new}"))
        assert (told["email"], told["org_name"], told["user_exists"]) == (email, "Hiring", False)
        body = {"token": new, "name": "Eva", "password": PASSWORD}
        short = nobody.post("/invitations/accept", json=body | {"password": "eleven char"})
        assert wrong_fields(short) == ["body.password"]
        unnamed = nobody.post("/invitations/accept", json=body | {"name": "\n"})
        assert wrong_fields(unnamed) == ["body.name"]
        joined = data(nobody.post("/invitations/accept", json=body), 201)
        assert joined["org_slug"] == slug
        refusal(nobody.post("/invitations/accept", json=body), 404, "invitation_not_found")
        login = {"email": email, "password": PASSWORD}
        assert data(nobody.post("/auth/token", json=login))["user"]["id"] == joined["user_id"]
    (row,) = data(owner.api.get(at))["invitations"]
    assert row["is_active"] is False
    moment(row["accepted_at"])
    refusal(owner.api.delete(f"{at}/{row['id']}"), 404, "invitation_not_found")
    refusal(owner.api.post(at, json={"email": email}), 409, "user_already_member")


def test_what_no_invitation_can_be(
    server: RunningServer, owner: Person, admin: Person, member: Person
) -> None:
    slug, site = owner.organization(), server.site("Foreign").slug
    at = f"/organizations/{slug}/invitations"

    def wrong(**fields: Any) -> list[str]:
        body = {"email": "new@example.com"} | fields
        return wrong_fields(owner.api.post(at, json=body))

    assert wrong(email="new") == ["body.email"]
    assert wrong(role="chief") == ["body.role"]
    assert wrong(site_ids=[site]) == ["body.site_ids.0"]
    assert data(owner.api.get(at))["total"] == 0
    admin.joins(owner.invite(slug, admin, role="admin"))
    higher = admin.api.post(at, json={"email": "new@example.com", "role": "owner"})
    refusal(higher, 403, "insufficient_permissions")
    secret = owner.invite(slug, "somebody@example.com")
    other = member.api.post("/invitations/accept-existing", json={"token": secret})
    refusal(other, 403, "forbidden")
    gone = data(owner.api.get(at))["invitations"][0]["id"]
    data(owner.api.delete(f"{at}/{gone}"))
    refusal(owner.api.delete(f"{at}/{gone}"), 404, "invitation_not_found")
    refusal(owner.api.post(f"{at}/{10**17}/resend"), 404, "invitation_not_found")
    over = member.api.post("/invitations/accept-existing", json={"token": secret})
    refusal(over, 404, "invitation_not_found")


def test_somebody_known_accepts_with_their_account(
    server: RunningServer, owner: Person, member: Person
) -> None:
    slug = owner.organization()
    secret = owner.invite(slug, member)
    with calls(server, None) as nobody:
        assert data(nobody.get(f"/invitations/{secret}"))["user_exists"] is True
        body = {"token": secret, "name": "Ana", "password": PASSWORD}
        refusal(nobody.post("/invitations/accept", json=body), 409, "conflict")
        known = {"token": secret}
        refusal(nobody.post("/invitations/accept-existing", json=known), 401, "unauthorized")
    member.joins(secret)
    mine = data(member.api.get("/organizations"))
    assert [each["slug"] for each in mine["organizations"]] == ["leadline", slug]
    assert mine["can_create_org"] is False


def test_an_organization_that_asks_for_a_second_factor_has_one(
    server: RunningServer, owner: Person, member: Person
) -> None:
    slug = owner.organization()
    member.joins(owner.invite(slug, member, role="owner"))
    site = data(member.api.post("/sites", json={"name": "Ours"}), 201)["id"]
    leadline = server.leadline
    leadline.organisations.require_second_factor(leadline.organisations.named(slug).id, True)
    refusal(member.api.get(f"/organizations/{slug}"), 404, "org_not_found")
    refusal(member.api.get(f"/sites/{site}"), 403, "forbidden")
    assert [each["slug"] for each in data(member.api.get("/organizations"))["organizations"]] == [
        "leadline"
    ]
    app = leadline.second_factors.offer(member.user, "Leadline")
    code = pyotp.TOTP(app.secret).now()
    leadline.second_factors.turn_on(member.user.id, app.seal, code, address="192.0.2.1")
    assert data(member.api.get(f"/sites/{site}"))["name"] == "Ours"


def test_who_sees_a_site(
    server: RunningServer, api: httpx.Client, member: Person, arrive: Arrive
) -> None:
    site, other = server.site("Given"), arrive(Role.MEMBER)
    at = f"/sites/{site.slug}/users"
    before = data(api.get(at))
    added = data(api.post(at, json={"user_id": member.user.id}), 201)
    assert added == {
        "user_id": member.user.id,
        "email": member.email,
        "name": "Ana",
        "role": "viewer",
        "created_at": added["created_at"],
    }
    refusal(api.post(at, json={"user_id": member.user.id}), 409, "conflict")
    refusal(api.post(at, json={"user_id": 999_999}), 404, "member_not_found")
    assert wrong_fields(api.post(at, json={"user_id": 1, "role": "owner"})) == ["body.role"]
    refusal(member.api.get(at), 403, "forbidden")
    one = f"{at}/{member.user.id}"
    assert data(api.patch(one, json={"role": "editor"}))["role"] == "editor"
    data(member.api.patch(f"/sites/{site.slug}", json={"name": "Edited"}))
    refusal(member.api.get(at), 403, "forbidden")
    assert data(api.patch(one, json={"role": "admin"}))["role"] == "admin"
    data(member.api.post(at, json={"user_id": other.user.id, "role": "admin"}), 201)
    listed = data(member.api.get(at))
    assert listed["total"] == before["total"] + 2 == len(listed["users"])
    assert {each["role"] for each in listed["users"]} <= {"owner", "admin"}
    refusal(member.api.delete(f"/sites/{site.slug}"), 403, "forbidden")
    data(api.delete(one))
    refusal(api.delete(one), 404, "not_found")
    refusal(api.patch(one, json={"role": "viewer"}), 404, "not_found")
    refusal(member.api.get(f"/sites/{site.slug}"), 403, "forbidden")


def test_in_the_second_organization_people_are_what_they_are_there(
    server: RunningServer, owner: Person, member: Person
) -> None:
    """A member of the first is an owner of the second: its sites, tokens and log are theirs."""
    slug = owner.organization()
    org_id = data(owner.api.get(f"/organizations/{slug}"))["id"]
    member.joins(owner.invite(slug, member, role="owner"))
    site = data(member.api.post("/sites", json={"name": "Second", "org_id": org_id}), 201)["id"]
    data(member.api.patch(f"/sites/{site}", json={"name": "Renamed"}))
    first = data(owner.api.get("/organizations/leadline"))["id"]
    refused = member.api.post("/sites", json={"name": "First", "org_id": first})
    refusal(refused, 403, "forbidden")
    logs = data(member.api.get("/audit/logs"))["logs"]
    assert [(each["action"], each["account_id"]) for each in logs][:2] == [
        ("site.update", site),
        ("site.create", None),
    ]
    in_first = data(owner.api.get("/audit/logs", params={"action": "site.update"}))["logs"]
    assert site not in [each["account_id"] for each in in_first]
    given = server.site("Given")
    server.leadline.members.give(given, member.user.id, SiteRole.EDITOR)
    data(member.api.patch(f"/sites/{given.slug}", json={"name": "By an editor"}))
    in_first = data(owner.api.get("/audit/logs", params={"action": "site.update"}))["logs"]
    assert given.slug in [each["account_id"] for each in in_first]


def test_changes_are_in_the_log_of_the_organization(owner: Person, member: Person) -> None:
    slug = owner.organization()
    member.joins(owner.invite(slug, member))
    at = f"/organizations/{slug}/members/{member.user.id}"
    data(owner.api.patch(at, json={"role": "admin"}))
    data(owner.api.patch(f"/organizations/{slug}", json={"name": "Renamed"}))
    data(owner.api.delete(at))
    entries, _ = owner.server.leadline.audit.entries(
        owner.server.leadline.organisations.named(slug).id, Wanted(), 10
    )
    assert [each.change.action for each in entries] == [
        *("member.delete", "organisation.update", "member.update", "member.create"),
        "invitation.create",
    ]
    assert entries[-1].change.details["email"] == member.email
