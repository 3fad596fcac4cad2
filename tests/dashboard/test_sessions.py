"""Where one is signed in, on the pages."""

import re

from leadline.access import Role
from tests.dashboard.person import PASSWORD, Person, signed_in, text_of
from tests.support import RunningServer

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"


def email_of(person: Person) -> str:
    secret = person.client.cookies["leadline_session"]
    session = person.server.leadline.sessions.find(secret)
    assert session is not None
    return session.user.email


def test_sessions_are_listed_in_words_and_without_an_address(server: RunningServer) -> None:
    here = signed_in(server, Role.MEMBER)
    there = Person(server).comes_from("203.0.113.77")
    there.client.headers["User-Agent"] = FIREFOX
    there.sign_in(email_of(here))
    page = here.get("/account/security")
    text = text_of(page)
    assert "Firefox on Windows" in text
    assert text.count("(this one)") == 1
    assert "203.0.113.77" not in page.text
    assert there.client.cookies["leadline_session"] not in page.text
    assert "Unknown" in text, "whoever was signed in by a test has no browser"


def test_one_session_is_ended_or_all_others(server: RunningServer) -> None:
    here = signed_in(server, Role.MEMBER)
    others = [Person(server), Person(server)]
    for other in others:
        other.sign_in(email_of(here))
    ends = re.findall(r"/account/sessions/\w+/end", here.get("/account/security").text)
    assert len(ends) == 2
    assert here.send(ends[0], "/account/security").status_code == 303
    assert sorted(other.get("/account").status_code for other in others) == [200, 303]
    assert here.send(ends[0], "/account/security").status_code == 404
    assert here.send("/account/sessions/end", "/account/security").status_code == 303
    assert [other.get("/account").status_code for other in others] == [303, 303]
    assert here.get("/account").status_code == 200


def test_nobody_ends_a_session_of_somebody_else(server: RunningServer) -> None:
    ada, eve = signed_in(server, Role.MEMBER), signed_in(server, Role.OWNER)
    session = server.leadline.sessions.find(ada.client.cookies["leadline_session"])
    assert session is not None
    for name in (session.id, "%25", "_" * 16, "x"):
        assert eve.send(f"/account/sessions/{name}/end", "/account/security").status_code == 404
    assert ada.get("/account").status_code == 200


def test_a_session_that_somebody_planted_is_not_taken_over(server: RunningServer) -> None:
    """Session fixation: whoever signs in gets a secret of their own, and the planted one ends."""
    eve, ada = signed_in(server, Role.MEMBER), signed_in(server, Role.MEMBER)
    planted = eve.client.cookies["leadline_session"]
    for cookie in (planted, "made-up"):
        victim = Person(server)
        victim.client.cookies.set("leadline_session", cookie)
        page = victim.get("/account").text if cookie == planted else victim.get("/sign-in").text
        token = page.partition('name="form_token" value="')[2].partition('"')[0]
        fields = {"form_token": token, "email": email_of(ada), "password": PASSWORD}
        answer = victim.post("/sign-in", fields)
        assert answer.status_code == 303
        given = answer.headers["set-cookie"].partition("=")[2].partition(";")[0]
        assert given not in (planted, "made-up")
        assert server.leadline.sessions.find(cookie) is None
        found = server.leadline.sessions.find(given)
        assert found is not None
        assert found.user.email == email_of(ada)
