"""The second factor on the pages: setting it up, signing in with it, whoever has to have one."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pyotp
import pytest

from leadline.access import Role
from tests.dashboard.elements import safe
from tests.dashboard.person import PASSWORD, Person, signed_in, text_of
from tests.support import ManualClock, RunningServer, running_server

_SECRET = re.compile(r"<code>([A-Z2-7]{32})</code>")
_SEAL = re.compile(r'name="seal" value="([\w-]+)"')
_CODES = re.compile(r"\b[2-9a-z]{4}-[2-9a-z]{4}\b")


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def clocked(tmp_path: Path, clock: ManualClock) -> Iterator[RunningServer]:
    """A server whose clock stands until it is moved."""
    with running_server(tmp_path, clock=clock) as server:
        yield server


def email_of(person: Person) -> str:
    session = person.server.leadline.sessions.find(person.client.cookies["leadline_session"])
    assert session is not None
    return session.user.email


def turned_on(person: Person) -> tuple[pyotp.TOTP, httpx.Response]:
    """Someone's app, and the answer that shows recovery codes."""
    page = person.get("/account/second-factor").text
    totp = pyotp.TOTP(_SECRET.findall(page)[0])
    code = totp.at(person.server.leadline._clock())
    (seal,) = _SEAL.findall(page)
    return totp, person.send("/account/second-factor", seal=seal, code=code)


def test_setting_up_an_app_and_signing_in_with_it(
    clocked: RunningServer, clock: ManualClock
) -> None:
    ada = signed_in(clocked, Role.MEMBER)
    page = ada.get("/account/second-factor")
    assert "<svg" in page.text
    safe(page.text)
    assert "A password alone signs you in" in ada.read("/account/security")
    totp, answer = turned_on(ada)
    codes = _CODES.findall(text_of(answer))
    assert len(codes) == 10
    shown = ada.read("/account/security")
    assert "There are 10 left" in shown
    assert not [code for code in codes if code in shown]

    clock.advance(minutes=1)
    again = Person(clocked)
    answer = again.send("/sign-in", email=email_of(ada), password=PASSWORD, next="/account")
    assert (answer.status_code, answer.headers["location"]) == (
        303,
        "/sign-in/code?next=%2Faccount",
    )
    assert "leadline_session" not in again.client.cookies
    assert again.get("/account").status_code == 303
    wrong = again.send("/sign-in/code", code="123456", next="/account")
    assert wrong.status_code == 401
    assert "That code is not right" in text_of(wrong)
    right = again.send("/sign-in/code", code=totp.at(clock()), next="/account")
    assert (right.status_code, right.headers["location"]) == (303, "/account")
    assert "leadline_second_step" not in again.client.cookies
    assert email_of(again) == email_of(ada)

    other = Person(clocked)
    other.sign_in(email_of(ada))
    assert other.send("/sign-in/code", code=codes[3]).headers["location"] == "/sites"
    assert "There are 9 left" in other.read("/account/security")


def test_the_second_step_comes_after_the_first(server: RunningServer) -> None:
    person = Person(server)
    assert person.get("/sign-in/code").headers["location"] == "/sign-in"
    answer = person.send("/sign-in/code", "/sign-in", code="123456")
    assert answer.headers["location"] == "/sign-in"


def test_a_code_that_is_not_right_shows_the_same_secret_again(server: RunningServer) -> None:
    ada = signed_in(server, Role.MEMBER)
    page = ada.get("/account/second-factor").text
    (seal,) = _SEAL.findall(page)
    answer = ada.send("/account/second-factor", seal=seal, code="x")
    assert answer.status_code == 422
    assert _SECRET.findall(answer.text) == _SECRET.findall(page)
    assert "That code is not right" in text_of(answer)
    made_up = ada.send("/account/second-factor", seal="x", code="123456")
    assert made_up.status_code == 200
    assert _SECRET.findall(made_up.text) != _SECRET.findall(page)


def test_turning_it_off_takes_the_password_and_a_code(
    clocked: RunningServer, clock: ManualClock
) -> None:
    ada = signed_in(clocked, Role.MEMBER)
    totp, _ = turned_on(ada)
    clock.advance(minutes=1)

    def off(**fields: str) -> httpx.Response:
        return ada.send("/account/second-factor/off", "/account/security", **fields)

    wrong = off(password="x", code=totp.at(clock()))
    assert wrong.status_code == 422
    assert "not your present password" in text_of(wrong)
    wrong = off(password=PASSWORD, code="x")
    assert wrong.status_code == 422
    assert "That code is not right" in text_of(wrong)
    assert off(password=PASSWORD, code=totp.at(clock())).status_code == 303
    assert "A password alone signs you in" in ada.read("/account/security")
    assert "Recovery codes" not in ada.read("/account/security")
    assert Person(clocked).sign_in(email_of(ada)).headers["location"] == "/sites"
    stale = ada.send("/account/recovery-codes", "/account/security")
    assert "There is no second factor" in text_of(stale)


def test_new_recovery_codes(server: RunningServer) -> None:
    ada = signed_in(server, Role.MEMBER)
    _, answer = turned_on(ada)
    renewed = ada.send("/account/recovery-codes", "/account/security")
    assert renewed.status_code == 200
    old, new = (set(_CODES.findall(text_of(page))) for page in (answer, renewed))
    assert (len(new), old & new) == (10, set())


def test_codes_are_throttled(fresh: RunningServer) -> None:
    ada = signed_in(fresh, Role.MEMBER)
    turned_on(ada)
    thief = Person(fresh).comes_from("192.0.2.9")
    thief.sign_in(email_of(ada))
    answers = [thief.send("/sign-in/code", code="x").status_code for _ in range(9)]
    assert set(answers) == {401}
    refused = thief.send("/sign-in/code", code="x")
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) > 0


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example", "//evil.example", "/\\evil.example", "/\t/evil.example"]
)
def test_nobody_is_led_to_another_server(
    clocked: RunningServer, clock: ManualClock, elsewhere: str
) -> None:
    ada = signed_in(clocked, Role.MEMBER)
    totp, _ = turned_on(ada)
    clock.advance(minutes=1)
    again = Person(clocked)
    answer = again.send("/sign-in", email=email_of(ada), password=PASSWORD, next=elsewhere)
    assert answer.headers["location"] == "/sign-in/code?next=%2Fsites"
    answer = again.send("/sign-in/code", code=totp.at(clock()), next=elsewhere)
    assert answer.headers["location"] == "/sites"
    answer = ada.send("/account/confirm", password=PASSWORD, next=elsewhere)
    assert answer.headers["location"] == "/account/security"


def test_whoever_has_to_have_one_is_led_to_set_it_up(fresh: RunningServer) -> None:
    owner, member = signed_in(fresh, Role.OWNER), signed_in(fresh, Role.MEMBER)
    site = fresh.site().slug
    refused = member.send("/organisation/second-factor", "/account/security", required="on")
    assert refused.status_code == 403
    assert "everybody" not in member.read("/account/security").lower()
    answer = owner.send("/organisation/second-factor", "/account/security", required="on")
    assert answer.status_code == 303
    for path in ("/sites", "/account", f"/sites/{site}", "/account/security", "/tokens"):
        answer = owner.get(path)
        assert urlsplit(answer.headers["location"]).path == "/account/second-factor", path
    fragment = owner.client.get(f"/sites/{site}/traffic", headers={"HX-Request": "true"})
    assert (fragment.status_code, fragment.headers["hx-refresh"]) == (401, "true")
    page = text_of(owner.get("/account/second-factor"))
    assert "asks for a second factor of everybody" in page
    turned_on(owner)
    assert owner.get("/sites").status_code == 200
    assert member.get("/sites").status_code == 303
    assert member.send("/sign-out", "/account/second-factor").headers["location"] == "/sign-in"
    owner.send("/organisation/second-factor", "/account/security")
    assert signed_in(fresh, Role.MEMBER).get("/sites").status_code == 200


def test_before_factors_change_one_proves_who_one_is(
    clocked: RunningServer, clock: ManualClock
) -> None:
    ada = signed_in(clocked, Role.MEMBER)
    clock.advance(minutes=15)
    assert ada.get("/account/security").status_code == 200
    answer = ada.get("/account/second-factor")
    confirm = "/account/confirm?next=%2Faccount%2Fsecond-factor"
    assert (answer.status_code, answer.headers["location"]) == (303, confirm)
    sent = ada.send("/account/recovery-codes", "/account/security")
    assert sent.headers["location"] == "/account/confirm?next=%2Faccount%2Fsecurity"
    wrong = ada.send("/account/confirm", confirm, password="x")
    assert wrong.status_code == 401
    assert "not your present password" in text_of(wrong)
    assert ada.get("/account/second-factor").status_code == 303
    right = ada.send("/account/confirm", password=PASSWORD, next="/account/second-factor")
    assert right.headers["location"] == "/account/second-factor"
    assert ada.get("/account/second-factor").status_code == 200
