"""Host-header injection, and addresses that a client makes up: what is sent to others, and who is
counted as whom, does not depend on what a request says of itself."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from leadline.access import Invitation, Role, Wanted
from tests.dashboard.person import Person, first, signed_in
from tests.support import RunningServer, running_server

PUBLIC = "https://stats.example.com"
EVIL = "evil.example"


@pytest.fixture(scope="module")
def public(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """A server that knows its own address, and trusts no proxy."""
    directory = tmp_path_factory.mktemp("public")
    with running_server(directory, public_url=PUBLIC, trusted_proxies=()) as server:
        yield server


def lying(person: Person) -> Person:
    said = {
        "Host": EVIL,
        "X-Forwarded-Host": EVIL,
        "X-Forwarded-Proto": "http",
        "X-Forwarded-For": "203.0.113.7",
        "Forwarded": f"for=203.0.113.7;host={EVIL};proto=http",
    }
    person.client.headers.update(said)
    return person


def test_an_invitation_leads_to_the_public_address(
    public: RunningServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[tuple[Invitation, str]] = []
    invitations = public.leadline.member_invitations
    monkeypatch.setattr(invitations, "invited", lambda *given: sent.append(given))
    owner = lying(signed_in(public, Role.OWNER))
    fields = {"email": "grace@example.com", "role": "admin"}
    answer = owner.send("/people/invitations", "/people", **fields)
    ((_, secret),) = sent
    assert f"{PUBLIC}/invitations/{secret}" in answer.text
    assert EVIL not in answer.text


def test_no_page_repeats_a_host_that_is_not_its_own(public: RunningServer) -> None:
    owner, site = lying(signed_in(public, Role.OWNER)), public.site()
    for path in ("/sites", f"/sites/{site.slug}/install", f"/sites/{site.slug}/sharing", "/people"):
        answer = owner.get(path)
        assert answer.status_code == 200
        assert EVIL not in answer.text, path
    assert EVIL not in str(owner.get("/").headers)


def test_a_cookie_is_for_tls_whatever_is_forwarded(public: RunningServer) -> None:
    cookie = lying(Person(public)).get("/sign-in").headers["set-cookie"]
    assert "Secure" in cookie
    assert "Domain" not in cookie


def test_an_address_that_was_made_up_does_not_help_against_the_throttle(tmp_path: Path) -> None:
    with running_server(tmp_path, trusted_proxies=()) as server:
        person = Person(server)
        for number in range(10):
            person.comes_from(f"203.0.113.{number}").sign_in("nobody@example.com", "x" * 12)
        person.comes_from("203.0.113.99")
        assert person.sign_in("nobody@example.com", "x" * 12).status_code == 429


def test_an_address_that_was_made_up_is_not_in_the_audit_log(public: RunningServer) -> None:
    owner = lying(signed_in(public, Role.OWNER))
    fields = {"email": "mary@example.com", "role": "admin"}
    assert owner.send("/people/invitations", "/people", **fields).status_code == 200
    log = public.leadline.audit
    ((entry,), _) = log.entries(first(public), Wanted("invitation.create"), 1)
    assert entry.actor.address == "127.0.0.1"
