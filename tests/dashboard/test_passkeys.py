"""Passkeys on the pages, without a browser: what a script would send."""

import re
from html import unescape

import httpx

from leadline.access import Role
from tests.access.authenticator import Authenticator
from tests.dashboard.elements import safe
from tests.dashboard.person import Person, signed_in, text_of
from tests.support import RunningServer

_OPTIONS = re.compile(r'data-options="([^"]+)"')


def at_home(person: Person) -> Person:
    """As the server is called where there are passkeys for it."""
    person.client.headers["Host"] = origin_of(person.server).removeprefix("http://")
    return person


def origin_of(server: RunningServer) -> str:
    return server.url.replace("127.0.0.1", "localhost")


def options(page: httpx.Response) -> str:
    safe(page.text)
    (found,) = _OPTIONS.findall(page.text)
    return unescape(found)


def with_passkey(server: RunningServer) -> tuple[Person, Authenticator]:
    person, device = at_home(signed_in(server, Role.MEMBER)), Authenticator(origin_of(server))
    path = "/account/passkeys/new"
    answer = person.send(path, name="Phone", answer=device.make(options(person.get(path))))
    assert "Recovery codes" in text_of(answer)
    return person, device


def test_somebody_signs_in_where_they_wanted_to_go(server: RunningServer) -> None:
    _, device = with_passkey(server)
    person = at_home(Person(server))
    form = "/sign-in?next=/account"
    answer = device.use(options(person.get(form)))
    signed = person.send("/sign-in/passkey", form, answer=answer, next="/account")
    assert (signed.status_code, signed.headers["location"]) == (303, "/account")
    again = at_home(Person(server)).send("/sign-in/passkey", form, answer=answer)
    assert again.status_code == 401


def test_nobody_is_led_to_another_server(server: RunningServer) -> None:
    _, device = with_passkey(server)
    for elsewhere in ("https://evil.example", "//evil.example"):
        person = at_home(Person(server))
        answer = device.use(options(person.get("/sign-in")))
        signed = person.send("/sign-in/passkey", "/sign-in", answer=answer, next=elsewhere)
        assert signed.headers["location"] == "/sites"


def test_a_second_one_shows_no_codes(server: RunningServer) -> None:
    person, _ = with_passkey(server)
    made = Authenticator(origin_of(server)).make(options(person.get("/account/passkeys/new")))
    answer = person.send("/account/passkeys/new", name="Key", answer=made)
    assert (answer.status_code, answer.headers["location"]) == (303, "/account/security")
    assert "Key" in person.read("/account/security")


def test_what_is_no_answer_is_a_form_again(server: RunningServer) -> None:
    person, _ = with_passkey(server)
    added = person.send("/account/passkeys/new", name="Key", answer="{}")
    assert added.status_code == 422
    assert 'value="Key"' in added.text
    for path, shown_at in (
        ("/sign-in/passkey", "/account/security"),
        ("/account/confirm/passkey", "/account/confirm"),
    ):
        for answer in ("", "x", "[]"):
            refused = person.send(path, shown_at, answer=answer)
            assert refused.status_code == 401
            assert "This passkey signs nobody in here" in text_of(refused)


def test_one_confirms_with_ones_own(server: RunningServer) -> None:
    (ada, mine), (_, others) = with_passkey(server), with_passkey(server)
    asked = options(ada.get("/account/confirm"))
    refused = ada.send("/account/confirm/passkey", "/account/confirm", answer=others.use(asked))
    assert refused.status_code == 401
    asked = options(ada.get("/account/confirm"))
    done = ada.send("/account/confirm/passkey", "/account/confirm", answer=mine.use(asked))
    assert (done.status_code, done.headers["location"]) == (303, "/account/security")


def test_removing_one(server: RunningServer) -> None:
    person, _ = with_passkey(server)
    (path,) = re.findall(r"/account/passkeys/\d+/remove", person.get("/account/security").text)
    assert signed_in(server, Role.OWNER).send(path, "/account/security").status_code == 404
    assert person.send(path, "/account/security").status_code == 303
    assert "A password alone signs you in" in person.read("/account/security")


def test_a_bare_address_has_none(server: RunningServer) -> None:
    assert "data-passkey" not in Person(server).get("/sign-in").text
    page = signed_in(server, Role.MEMBER).read("/account/security")
    assert "Browsers have passkeys only for a server with a name and TLS" in page
