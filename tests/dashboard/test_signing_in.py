"""The owner's one-time link, signing in and out."""

from html import escape
from pathlib import Path
from urllib.parse import quote

import pytest

from leadline.access import Role
from tests.dashboard.person import PASSWORD, Person, first, signed_in, text_of
from tests.support import RunningServer, running_server

EMAIL = "ada@example.com"


def link(server: RunningServer) -> str:
    secret = server.leadline.invitations.invite_owner(first(server))
    assert secret is not None
    return f"/owner/{secret}"


def test_without_an_owner_the_start_says_where_the_link_is(fresh: RunningServer) -> None:
    text = Person(fresh).read("/")
    assert "one-time link" in text
    assert "Nobody owns it yet" in text


def test_the_link_makes_the_owner_and_signs_in(fresh: RunningServer) -> None:
    person = Person(fresh)
    path = link(fresh)
    answer = person.send(path, email=EMAIL, name="", password=PASSWORD, password_again=PASSWORD)
    assert (answer.status_code, answer.headers["location"]) == (303, "/sites")
    assert "There is no site yet" in person.read("/sites")
    owner = fresh.leadline.organisations.owner(first(fresh))
    assert owner is not None
    assert (owner.email, owner.role) == (EMAIL, Role.OWNER)
    assert person.get("/").headers["location"] == "/sites"


def test_the_link_works_once(fresh: RunningServer) -> None:
    used, other = link(fresh), link(fresh)
    fields = {"email": EMAIL, "password": PASSWORD, "password_again": PASSWORD}
    assert Person(fresh).send(used, **fields).status_code == 303
    for path in (used, other, "/owner/x"):
        answer = Person(fresh).get(path)
        assert answer.status_code == 410
        assert "This link is over" in text_of(answer)
        assert Person(fresh).send(path, "/sign-in", **fields).status_code == 410
    assert Person(fresh).get("/").headers["location"] == "/sign-in"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"password_again": "something else"}, "The two passwords are not the same."),
        ({"password": "short", "password_again": "short"}, "A password has 12 to 128 characters."),
        ({"email": "nobody"}, "Not an e-mail address"),
    ],
)
def test_a_wrong_form_is_shown_again(
    fresh: RunningServer, fields: dict[str, str], said: str
) -> None:
    person = Person(fresh)
    right = {"email": EMAIL, "name": "Ada", "password": PASSWORD, "password_again": PASSWORD}
    answer = person.send(link(fresh), **(right | fields))
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert 'value="Ada"' in answer.text
    assert PASSWORD not in answer.text
    assert fresh.leadline.organisations.owner(first(fresh)) is None


@pytest.mark.parametrize("wanted", ["/tokens", "/tokens?f=country%3Ais%3ADE&period=7d"])
def test_signing_in_leads_where_one_wanted_to_go(fresh: RunningServer, wanted: str) -> None:
    fresh.leadline.organisations.add_user(
        first(fresh), email=EMAIL, password=PASSWORD, role=Role.OWNER
    )
    person = Person(fresh)
    asked = person.get(wanted)
    assert asked.status_code == 303
    form = asked.headers["location"]
    assert form == f"/sign-in?next={quote(wanted, safe='')}"
    assert f'value="{escape(wanted)}"' in person.get(form).text
    answer = person.send("/sign-in", form, email=EMAIL, password=PASSWORD, next=wanted)
    assert (answer.status_code, answer.headers["location"]) == (303, wanted)
    assert "Make a token" in person.read(wanted)
    assert person.get("/sign-in").headers["location"] == "/sites"


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example", "//evil.example", "/\\evil.example", "", "x", "/\tx"]
)
def test_nobody_is_led_to_another_server(server: RunningServer, elsewhere: str) -> None:
    owner = signed_in(server, Role.OWNER)
    answer = owner.client.get("/sign-in", params={"next": elsewhere})
    assert answer.headers["location"] == "/sites"


def test_a_wrong_password_is_refused_and_says_no_more(fresh: RunningServer) -> None:
    fresh.leadline.organisations.add_user(
        first(fresh), email=EMAIL, password=PASSWORD, role=Role.OWNER
    )
    person = Person(fresh)
    wrong, unknown = person.sign_in(EMAIL, "x" * 12), person.sign_in("eve@example.com")
    assert wrong.status_code == unknown.status_code == 401
    assert text_of(wrong).replace(EMAIL, "") == text_of(unknown).replace("eve@example.com", "")
    assert f'value="{EMAIL}"' in wrong.text
    assert "leadline_session" not in person.client.cookies


def test_attempts_are_throttled(fresh: RunningServer) -> None:
    person = Person(fresh)
    answers = [person.sign_in(EMAIL, "x" * 12).status_code for _ in range(12)]
    assert answers[:10] == [401] * 10
    refused = person.sign_in(EMAIL, "x" * 12)
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) > 0
    assert "Too many attempts" in text_of(refused)


def test_signing_out_ends_the_session_itself(server: RunningServer) -> None:
    owner = signed_in(server, Role.OWNER)
    answer = owner.send("/sign-out", "/sites")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    assert 'leadline_session="";' in answer.headers["set-cookie"]
    assert "Max-Age=0" in answer.headers["set-cookie"]
    assert owner.get("/sites").headers["location"] == "/sign-in?next=%2Fsites"


def cookie(server: RunningServer, **headers: str) -> str:
    fresh_person = Person(server)
    answer = fresh_person.client.get("/sign-in", headers=headers)
    found: str = answer.headers["set-cookie"]
    return found


def test_cookies_are_out_of_reach(server: RunningServer) -> None:
    plain, behind_tls = cookie(server), cookie(server, **{"X-Forwarded-Proto": "https"})
    for found in (plain, behind_tls):
        assert "HttpOnly" in found
        assert "SameSite=lax" in found
        assert "Path=/" in found
    assert "Secure" not in plain
    assert "Secure" in behind_tls


def test_a_session_cookie_of_an_https_server_is_for_tls_only(tmp_path: Path) -> None:
    address = "https://stats.example.com"
    with running_server(tmp_path, public_url=address) as server:
        person = Person(server)
        page = person.client.get(link(server))
        sent = page.headers["set-cookie"].partition(";")[0]
        token = page.text.partition('name="form_token" value="')[2].partition('"')[0]
        answer = person.client.post(
            str(page.url),
            data={
                "form_token": token,
                "email": EMAIL,
                "password": PASSWORD,
                "password_again": PASSWORD,
            },
            headers={"Cookie": sent},
        )
        assert answer.status_code == 303
        assert "Secure" in answer.headers["set-cookie"]
