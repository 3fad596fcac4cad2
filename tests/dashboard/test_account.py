"""One's own account: a new password."""

import pytest

from leadline.access import Role
from tests.dashboard.person import PASSWORD, Person, signed_in, text_of
from tests.support import RunningServer

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
