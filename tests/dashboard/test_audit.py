"""Who changed what, through the pages and both APIs; every change has a name in the log."""

from typing import Any
from uuid import uuid4

import httpx
import pytest

from leadline.access import Role, Session, Wanted
from leadline.dashboard.actions import ACTIONS
from leadline.dashboard.pages import PAGES
from leadline.faces.endpoint import Dialect
from leadline.faces.fathom import FathomFace
from leadline.faces.seal import SealFace
from tests.dashboard.person import PASSWORD, Person, first, signed_in
from tests.docs.documents import ROOT
from tests.faces.seal.dialect import calls, data, refusal
from tests.support import RunningServer

CHANGES_NOTHING = {
    "/hits": "hits are no metadata",
    "/channel-groups/test": "asks",
    "/exports/estimate": "asks",
    "/exports/stream": "asks",
    "/stats/funnel": "asks",
    "/stats/query": "asks",
    "/stats/query/export": "asks",
    "/batch": "asks",
    "/batch/validate": "asks",
    "/sites/{site_id}/data": "retired",
    "/sites/{site_id}/events/{event_id}/data": "retired",
    "/auth/token": "noted where the sign-in begins",
    "/2fa/verify-login": "noted where the sign-in begins",
    "/auth/refresh": "the sign-in goes on",
    "/auth/forgot-password": "sends a link",
    "/auth/reset-password": "noted where the link is used",
    "/auth/register": "refused",
    "/invitations/accept": "noted where the link is used",
    "/invitations/accept-existing": "noted where the link is used",
    "/alerts/rules/{rule_id}/test": "asks",
}
NOBODY_IS_SIGNED_IN = {
    *("/sign-in", "/sign-in/code", "/sign-in/openid", "/sign-in/passkey"),
    *("/mails/end/{secret}", "/reset", "/share/{code}", "/share/{code}/l/{token}"),
}
NOTED_THERE = {"/owner/{secret}", "/sign-out", "/invitations/{secret}", "/reset/{secret}"}
OF_THE_BROWSER = {"/account/language", "/account/visits", "/organisation/choose"}
ASKS = {"/sites/{site}/check", "/account/confirm", "/account/confirm/passkey"}


@pytest.mark.parametrize("dialect", [FathomFace.dialect, SealFace.dialect], ids=["fathom", "seal"])
def test_every_change_of_an_api_has_a_name(dialect: Dialect) -> None:
    for endpoint in dialect.endpoints:
        changes = endpoint.method != "GET" and endpoint.path not in CHANGES_NOTHING
        assert bool(endpoint.action) == changes, f"{endpoint.method} {endpoint.path}"


def test_every_change_of_a_page_has_a_name() -> None:
    without = NOBODY_IS_SIGNED_IN | NOTED_THERE | OF_THE_BROWSER | ASKS
    for page in PAGES:
        if page.method == "POST":
            assert (page.handle in ACTIONS) == (page.path not in without), page.path


def test_the_first_owner_is_noted(fresh: RunningServer) -> None:
    secret = fresh.leadline.invitations.invite_owner(first(fresh))
    fields = {"email": "ada@example.com", "password": PASSWORD, "password_again": PASSWORD}
    somebody = Person(fresh)
    assert somebody.send(f"/owner/{secret}", **(fields | {"email": "ada"})).status_code == 422
    assert somebody.send(f"/owner/{secret}", **fields).status_code == 303
    entries, _ = fresh.leadline.audit.entries(first(fresh), Wanted(), 10)
    assert [(each.change.action, each.actor.email) for each in entries] == [
        ("session.create", "ada@example.com"),
        ("user.create", "ada@example.com"),
    ]


def test_every_action_is_documented() -> None:
    named = {
        endpoint.action for face in (FathomFace, SealFace) for endpoint in face.dialect.endpoints
    }
    named |= set(ACTIONS.values()) | {"session.create", "user.create", "user.delete", "site.import"}
    named |= {"member.create", "session.refuse"}
    text = (ROOT / "docs" / "audit.md").read_text()
    documented = {line.split("`")[1] for line in text.splitlines() if line.startswith("| `")}
    assert documented == named - {""}


def newest(server: RunningServer) -> Any:
    log = server.leadline.audit
    ((entry,), _) = log.entries(server.leadline.organisations.first().id, Wanted(), 1)
    return entry


def test_a_change_through_each_door(server: RunningServer, owner: Person) -> None:
    site = server.site("Noted")
    with server.client("*") as client:
        assert client.post(f"/v1/sites/{site.code}", json={"name": "By Fathom"}).is_success
    entry = newest(server)
    assert (entry.change.action, entry.change.site) == ("site.update", site.slug)
    assert entry.change.details == {"name": "By Fathom"}
    assert (entry.actor.name, entry.actor.email, entry.actor.address) == ("test", None, None)
    assert entry.actor.token_id is not None
    private = {"sharing": "private", "share_password": "hush hush hush"}
    with server.client("*") as client:
        assert client.post(f"/v1/sites/{site.code}", json=private).is_success
    assert newest(server).change.details == {"sharing": "private"}
    with calls(server, server.token("*")) as api:
        made = data(api.post(f"/sites/{site.slug}/domains", json={"domain": "a.example"}), 201)
        assert made["domain"] == "a.example"
    entry = newest(server)
    assert (entry.change.action, entry.change.details) == ("domain.create", {"domain": "a.example"})
    owner.send(f"/sites/{site.slug}/deactivate", f"/sites/{site.slug}/edit")
    entry = newest(server)
    assert (entry.change.action, entry.change.site) == ("site.update", site.slug)
    assert entry.actor.user_id is not None
    assert entry.actor.address


def test_a_refused_change_has_no_entry(server: RunningServer) -> None:
    site = server.site("Not noted")
    with calls(server, server.token("*")) as api:
        api.patch(f"/sites/{site.slug}", json={"name": "Noted"})
        before = newest(server).id
        assert api.patch(f"/sites/{site.slug}", json={"timezone": "Nowhere"}).status_code == 400
        assert api.delete(f"/sites/{site.slug}/domains/none.example").status_code == 404
        assert api.get(f"/sites/{site.slug}").is_success
    with calls(server, server.token(f"read:{site.slug}")) as reader:
        refusal(reader.patch(f"/sites/{site.slug}", json={"name": "No"}), 403, "forbidden")
    assert newest(server).id == before


def test_the_log_at_the_api(server: RunningServer) -> None:
    site = server.site("Logged")
    with calls(server, server.token("*")) as api:
        for name in ("first", "second"):
            segment: dict[str, Any] = {"name": name, "display_name": name, "filters": {}}
            query = {"account_id": site.slug}
            data(api.post("/segments", params=query, json=segment), 201)
        asked: dict[str, Any] = {"action": "segment.create", "page_size": 1}
        found = data(api.get("/audit/logs", params=asked))
        assert found.keys() == {"logs", "total", "page", "page_size", "total_pages"}
        (entry,) = found["logs"]
        assert entry.keys() == {
            *("id", "user_id", "user_email", "user_name", "action", "resource_type"),
            *("resource_id", "account_id", "details", "ip_address", "created_at"),
        }
        assert entry["action"] == "segment.create"
        assert (entry["resource_type"], entry["account_id"]) == ("segment", site.slug)
        assert entry["details"]["name"] == "second"
        assert found["total_pages"] == found["total"] >= 2
        day = entry["created_at"][:10]
        asked = {"from_date": f"{day}T00:00:00", "to_date": entry["created_at"]}
        assert data(api.get("/audit/logs", params=asked))["total"] >= 2
        assert data(api.get("/audit/logs", params={"to_date": "2020-01-01"}))["logs"] == []
        assert data(api.get("/audit/logs", params={"user_id": 2**31 - 1}))["total"] == 0
        for wrong in (
            {"from_date": "soon"},
            {"from_date": "0001-01-01T00:00:00+14:00"},
            {"to_date": "9999-12-31T23:59:59-14:00"},
        ):
            assert api.get("/audit/logs", params=wrong).status_code == 422
    with calls(server, server.token("all-sites-readonly")) as reader:
        refusal(reader.get("/audit/logs"), 403, "forbidden")


def test_the_log_as_a_page_and_as_a_file(
    server: RunningServer, owner: Person, member: Person
) -> None:
    site = server.site("Shown")
    name = "=1+1"
    with server.client("*") as client:
        assert client.post(f"/v1/sites/{site.code}", json={"name": name}).is_success
    text = owner.read("/audit?action=site.update")
    assert f"name: {name}" in text
    assert site.slug in text
    assert "domain.create" not in owner.get("/audit?action=site.update").text.split("<tbody>")[1]
    file = owner.get("/audit.csv?action=site.update")
    assert file.headers["content-type"].startswith("text/csv")
    header, first, *_ = file.text.splitlines()
    assert header == "at,who,email,address,action,site,what,details"
    assert "site.update" in first
    assert "No such" not in owner.read("/audit?user=x&from=never&to=9999-12-31&page=-1")
    for path in ("/audit", "/audit.csv"):
        assert member.get(path).status_code == 403


def test_signing_in_and_out_is_noted(server: RunningServer, owner: Person) -> None:
    answer = httpx.get(f"{server.url}/sign-in", verify=False)
    assert answer.is_success
    owner.send("/sign-out", "/sites")
    entry = newest(server)
    assert (entry.change.action, bool(entry.actor.email)) == ("session.delete", True)


def test_who_accepts_is_noted_where_they_join_without_the_link(server: RunningServer) -> None:
    ada, known = signed_in(server, Role.OWNER), signed_in(server, Role.MEMBER)
    ada.send("/organisation/new", "/organisation", new_name="Joined")
    joined = session_of(ada).organisation
    email = session_of(known).user.email
    invite, log = server.leadline.member_invitations.invite, server.leadline.audit
    by = session_of(ada).user.id
    for address, person, fields in (
        (email, known, {}),
        ("new@example.com", Person(server), {"password": PASSWORD, "password_again": PASSWORD}),
    ):
        made = invite(joined.id, address, Role.ADMIN, by=Role.OWNER, inviter=by)
        assert person.send(f"/invitations/{made.secret}", **fields).status_code == 303
        ((entry, *_), count) = log.entries(joined.id, Wanted(action="member.create"), 10)
        assert (entry.actor.email, entry.change.resource_id) == (address, address)
        assert entry.change.details == {"role": "admin"}
        told, _ = log.entries(joined.id, Wanted(), 100)
        elsewhere, _ = log.entries(first(server), Wanted(), 100)
        assert made.secret not in repr((told, elsewhere))
    assert count == 2


def session_of(person: Person) -> Session:
    session = person.server.leadline.sessions.find(person.client.cookies["leadline_session"])
    assert session is not None
    return session


def test_failed_sign_ins_are_there(server: RunningServer) -> None:
    email = f"{uuid4().hex}@example.com"
    organisations = server.leadline.organisations
    organisations.add_user(first(server), email=email, password=PASSWORD, role=Role.MEMBER)
    stranger = Person(server).comes_from("198.51.100.77")
    assert stranger.sign_in(email, "wrong").status_code == 401
    asked = {"email": email, "password": "wrong"}
    answer = stranger.client.post(f"{server.url}/api/v1/auth/token", json=asked)
    assert answer.status_code == 401
    server.leadline.failed_sign_ins.write()
    page = signed_in(server, Role.ADMIN).read("/audit?action=session.refuse")
    assert f"{email} · 198.51.100.77" in page
    assert "reason: password" in page
    entries, _ = server.leadline.audit.entries(first(server), Wanted("session.refuse"), 10)
    mine = [entry.change for entry in entries if entry.change.resource_id == email]
    assert sum(change.details["attempts"] for change in mine) == 2
