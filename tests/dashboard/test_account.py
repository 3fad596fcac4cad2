"""One's own account: a new password."""

from pathlib import Path

import pytest

from leadline.access import Role
from tests.dashboard.person import PASSWORD, Person, signed_in, text_of
from tests.support import RunningServer, running_server

NEW = "another fine password"


def test_a_new_password_signs_out_everywhere_else(server: RunningServer) -> None:
    here = signed_in(server, Role.MEMBER)
    session = server.leadline.sessions.find(here.client.cookies["leadline_session"])
    assert session is not None
    there = Person(server)
    assert there.sign_in(session.user.email).status_code == 303
    assert session.user.email in there.read("/account")
    answer = here.send("/account", current=PASSWORD, password=NEW, password_again=NEW)
    assert (answer.status_code, answer.headers["location"]) == (303, "/account")
    assert there.get("/account").status_code == 303
    secret = answer.headers["set-cookie"].partition("=")[2].partition(";")[0]
    assert server.leadline.sessions.find(secret) is not None
    assert there.sign_in(session.user.email).status_code == 401
    assert there.sign_in(session.user.email, NEW).status_code == 303


def test_guesses_are_throttled(fresh: RunningServer) -> None:
    person = signed_in(fresh, Role.MEMBER)
    for _ in range(10):
        assert person.send("/account", current="x", password=NEW, password_again=NEW).is_error
    answer = person.send("/account", current=PASSWORD, password=NEW, password_again=NEW)
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 0
    assert "Too many attempts" in text_of(answer)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"current": "x"}, "That is not your present password."),
        ({"password_again": "x"}, "The two new passwords are not the same."),
        ({"password": "short", "password_again": "short"}, "A password has 12 to 128"),
    ],
)
def test_a_wrong_form_changes_nothing(
    server: RunningServer, fields: dict[str, str], said: str
) -> None:
    person = signed_in(server, Role.MEMBER)
    right = {"current": PASSWORD, "password": NEW, "password_again": NEW}
    answer = person.send("/account", **(right | fields))
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert person.get("/account").status_code == 200


def test_ones_own_visits_count_until_one_says_otherwise(server: RunningServer) -> None:
    person = signed_in(server, Role.MEMBER)
    site = server.site("Counted")
    hit = {"sid": site.code, "h": "https://shop.example", "p": "/"}

    def is_counted() -> bool:
        accepted = server.leadline.collector.accepted["fathom"]
        assert person.client.get("/", params=hit).status_code == 200
        return server.leadline.collector.accepted["fathom"] > accepted

    assert is_counted()
    answer = person.send("/account/visits", "/account")
    assert (answer.status_code, answer.headers["location"]) == (303, "/account")
    cookie = answer.headers["set-cookie"].lower()
    assert cookie.startswith("leadline_not_me=1; httponly; max-age=34560000; path=/; samesite=lax")
    assert "Visits with this browser do not count" in person.read("/account")
    assert not is_counted()
    person.send("/account/visits", "/account", on="1")
    assert "Don’t count me" in person.read("/account")
    assert is_counted()


def test_behind_https_the_cookie_goes_with_hits_of_other_domains(tmp_path: Path) -> None:
    with running_server(tmp_path, public_url="https://stats.example.com") as server:
        answer = signed_in(server, Role.MEMBER).send("/account/visits", "/account")
    cookie = answer.headers["set-cookie"].lower()
    assert "samesite=none; secure" in cookie


def test_nobody_is_left_out_without_being_signed_in(server: RunningServer) -> None:
    answer = Person(server).send("/account/visits", "/sign-in")
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in")
    assert "leadline_not_me" not in answer.headers.get("set-cookie", "")
