"""Signing in at a provider of OpenID Connect, on the pages."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import httpx
import pytest

from leadline.access import Role, Wanted
from tests.dashboard.person import PASSWORD, Person, first, signed_in, text_of
from tests.openid.provider import CLIENT, SECRET, TestProvider, running_provider
from tests.support import RunningServer, running_server

EMAIL = "ada@example.com"


@pytest.fixture(scope="module")
def local() -> Iterator[TestProvider]:
    with running_provider() as provider:
        yield provider


@pytest.fixture(scope="module")
def served(
    local: TestProvider, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningServer]:
    directory = tmp_path_factory.mktemp("openid")
    secret = directory / "secret"
    secret.write_text(f"{SECRET}\n")
    with running_server(
        directory / "data",
        oidc_issuer=local.issuer,
        oidc_client_id=CLIENT,
        oidc_client_secret_file=secret,
        oidc_name="Example",
    ) as server:
        server.leadline.organisations.add_user(
            first(server), email=EMAIL, password=PASSWORD, role=Role.OWNER
        )
        yield server


@pytest.fixture
def person(served: RunningServer, local: TestProvider, request: pytest.FixtureRequest) -> Person:
    """Each from another address."""
    local.claims = {}
    number = sum(map(ord, request.node.name)) % 250 + 1
    return Person(served).comes_from(f"198.51.100.{number}")


def comes_back(person: Person, local: TestProvider, after: str = "/sites") -> httpx.Response:
    left = person.client.get("/sign-in/openid", params={"next": after})
    assert left.status_code == 303
    return person.get(local.lead_back(left.headers["location"]))


def test_a_person_goes_there_and_is_signed_in(person: Person, local: TestProvider) -> None:
    page = person.get("/sign-in?next=/account")
    assert "Sign in with Example" in text_of(page)
    assert 'href="/sign-in/openid?next=%2Faccount"' in page.text
    answer = comes_back(person, local, "/account")
    assert (answer.status_code, answer.headers["location"]) == (303, "/account")
    assert EMAIL in person.read("/account")
    assert "leadline_openid" not in person.client.cookies


def test_the_way_there_says_nothing_of_a_secret(person: Person, served: RunningServer) -> None:
    left = person.get("/sign-in/openid")
    asked = parse_qs(urlsplit(left.headers["location"]).query)
    assert asked["redirect_uri"] == [f"{served.url}/sign-in/openid/callback"]
    assert SECRET not in left.headers["location"]
    cookie = left.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie


def test_only_the_browser_that_left_comes_back(
    person: Person, local: TestProvider, served: RunningServer
) -> None:
    """Signing somebody in as somebody else: a callback that was begun elsewhere is of no use."""
    left = person.get("/sign-in/openid")
    back = local.lead_back(left.headers["location"])
    other = Person(served).comes_from("198.51.100.251")
    assert other.get(back).headers["location"] == "/sign-in"
    other.get("/sign-in/openid")
    refused = other.get(back)
    assert refused.status_code == 502
    assert "leadline_session" not in other.client.cookies
    assert person.get(back).headers["location"] == "/sites"


def test_nobody_signs_up(person: Person, local: TestProvider, served: RunningServer) -> None:
    for claims in (
        {"sub": "2", "email": "eve@example.com"},
        {"sub": "2", "email_verified": False},
        {"sub": "2", "email": None},
    ):
        local.claims = claims
        answer = comes_back(person, local)
        assert answer.status_code == 403
        assert "Nobody here has the e-mail address" in text_of(answer)
    assert "leadline_session" not in person.client.cookies
    people = served.leadline.organisations.people(first(served))
    assert "eve@example.com" not in [user.email for user in people]


def invited(served: RunningServer, email: str, role: Role = Role.ADMIN) -> str:
    """The path of an invitation's link."""
    organisations = served.leadline.organisations
    by = organisations.find(first(served), EMAIL)
    made = served.leadline.member_invitations.invite(
        first(served), email, role, by=by.role, inviter=by.id
    )
    return f"/invitations/{made.secret}"


def test_somebody_invited_accepts_without_a_password(
    person: Person, local: TestProvider, served: RunningServer
) -> None:
    link = invited(served, "Grace@example.com")
    assert f'href="/sign-in/openid?next={quote(link, safe="")}"' in person.get(link).text
    local.claims = {"sub": "grace", "email": "grace@example.com"}
    back = comes_back(person, local, link)
    assert (back.status_code, back.headers["location"]) == (303, link)
    assert "leadline_session" not in person.client.cookies, "accepting is a form"
    page = person.get(link)
    assert 'type="password"' not in page.text
    assert person.send(link, name="Grace").headers["location"] == "/sites"
    assert "Grace@example.com" in person.read("/account")
    assert "leadline_openid" not in person.client.cookies
    newest, _ = served.leadline.audit.entries(first(served), Wanted(action="member.create"), 1)
    assert newest[0].actor.name == "Grace"
    again = Person(served).comes_from("198.51.100.252")
    assert comes_back(again, local).headers["location"] == "/sites"
    assert again.get(link).status_code == 410


def test_the_link_of_an_invitation_is_not_told_to_the_provider(
    person: Person, served: RunningServer
) -> None:
    link = invited(served, "margaret@example.com")
    secret = link.rpartition("/")[2]
    left = person.client.get("/sign-in/openid", params={"next": link})
    assert secret not in left.headers["location"]
    assert person.get(link).headers["referrer-policy"] == "same-origin"


def test_an_invitation_is_for_the_address_that_the_provider_has_verified(
    person: Person, local: TestProvider, served: RunningServer
) -> None:
    link = invited(served, "katherine@example.com")
    local.claims = {"sub": "5", "email": "katherine@example.com", "email_verified": False}
    assert comes_back(person, local, link).status_code == 403
    local.claims = {"sub": "5", "email": "eve@example.com"}
    assert comes_back(person, local, link).headers["location"] == link
    assert "eve@example.com" in person.read(link)
    refused = person.send(link, name="Eve", password="short", password_again="short")
    assert refused.status_code == 422
    assert "leadline_session" not in person.client.cookies


def test_a_seal_of_a_journey_vouches_for_nobody(
    person: Person, local: TestProvider, served: RunningServer
) -> None:
    link = invited(served, "mary@example.com")
    person.client.get("/sign-in/openid", params={"next": link})
    assert 'type="password"' in person.get(link).text
    assert person.send(link, name="Mary").status_code == 422


def test_somebody_invited_who_has_an_account_signs_in_and_accepts(
    person: Person, local: TestProvider, served: RunningServer
) -> None:
    leadline = served.leadline
    owner = leadline.organisations.find(first(served), EMAIL)
    here = leadline.organisations.first()
    mine = leadline.organisations.create("Mine", owner.id, like=here)
    other = leadline.organisations.add_user(
        mine.id, email="alan@example.com", password=PASSWORD, role=Role.OWNER
    )
    link = invited(served, other.email)
    local.claims = {"sub": "alan", "email": other.email}
    assert comes_back(person, local, link).headers["location"] == link
    assert person.send(link).headers["location"] == "/sites"
    assert leadline.organisations.find(first(served), other.email).role is Role.ADMIN


@pytest.mark.parametrize("elsewhere", ["https://evil.example", "//evil.example", "/\\evil.example"])
def test_nobody_is_led_to_another_server(
    person: Person, local: TestProvider, elsewhere: str
) -> None:
    left = person.client.get("/sign-in/openid", params={"next": elsewhere})
    answer = person.get(local.lead_back(left.headers["location"]))
    assert answer.headers["location"] == "/sites"


@pytest.mark.parametrize(("length", "kept"), [(2000, True), (2001, False), (8000, False)])
def test_an_address_that_no_cookie_can_hold_is_forgotten(
    person: Person, local: TestProvider, length: int, kept: bool
) -> None:
    after = "/sites?q=".ljust(length, "x")
    assert comes_back(person, local, after).headers["location"] == (after if kept else "/sites")


def test_what_the_provider_refuses_is_a_page(person: Person) -> None:
    person.get("/sign-in/openid")
    answer = person.get("/sign-in/openid/callback?error=access_denied&state=x")
    assert answer.status_code == 502
    assert "The provider did not say who you are" in text_of(answer)
    assert person.get("/sign-in/openid/callback?code=%00&state=%ff").status_code == 502


def test_attempts_are_throttled(person: Person) -> None:
    answers = {person.get("/sign-in/openid").status_code for _ in range(40)}
    assert answers == {303, 429}


def test_without_a_provider_there_is_no_such_page(server: RunningServer) -> None:
    person = Person(server)
    for path in ("/sign-in/openid", "/sign-in/openid/callback?code=x&state=x"):
        assert person.get(path).status_code == 404
    assert "single sign-on" not in person.read("/sign-in")


def test_a_provider_that_is_not_there(tmp_path: Path) -> None:
    nowhere = "http://127.0.0.1:1"
    with running_server(tmp_path, oidc_issuer=nowhere, oidc_client_id=CLIENT) as server:
        person = Person(server)
        assert "Sign in with single sign-on" in person.read("/sign-in")
        assert person.get("/sign-in/openid").status_code == 502
        assert signed_in(server, Role.OWNER).get("/sites").status_code == 200
