"""A forgotten password and another address, on the pages."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from leadline.access import Role, User, Wanted
from tests.dashboard.person import PASSWORD, Person, first, signed_in, text_of
from tests.support import RunningServer, eventually, running_server

EMAIL, NEW = "ada@example.com", "another fine password"


class Mailing:
    """A server that mails links, and what it mailed."""

    def __init__(self, server: RunningServer) -> None:
        self.server = server
        self.links: list[str] = []
        server.leadline.password_resets.send_reset = self._send
        server.leadline.organisations.add_user(
            first(server), email=EMAIL, password=PASSWORD, role=Role.OWNER
        )

    def _send(self, user: User, link: str) -> None:
        assert user.email == EMAIL
        self.links.append(link)

    def link(self) -> str:
        eventually(lambda: self.links)
        return self.links[0]


@pytest.fixture
def mailing(tmp_path: Path) -> Iterator[Mailing]:
    with running_server(tmp_path, public_url="http://stats.example.com") as server:
        yield Mailing(server)


def test_a_forgotten_password(mailing: Mailing) -> None:
    person = Person(mailing.server)
    assert 'href="/reset"' in person.get("/sign-in").text
    answer = person.send("/reset", email=EMAIL)
    assert "If somebody here has this address" in text_of(answer)
    path = urlsplit(mailing.link()).path
    for fields, said in (
        ({"password_again": "x"}, "not the same"),
        ({"password": "short", "password_again": "short"}, "12 to 128 characters"),
    ):
        wrong = person.send(path, **({"password": NEW, "password_again": NEW} | fields))
        assert wrong.status_code == 422
        assert said in text_of(wrong)
    done = person.send(path, password=NEW, password_again=NEW)
    assert "Your new password holds" in text_of(done)
    log = mailing.server.leadline.audit
    ((entry,), count) = log.entries(first(mailing.server), Wanted(action="user.password"), 10)
    assert (entry.actor.email, count) == (EMAIL, 1)
    assert "leadline_session" not in person.client.cookies
    assert person.sign_in(EMAIL, NEW).status_code == 303
    over = Person(mailing.server).get(path)
    assert over.status_code == 410
    assert "This link is over" in text_of(over)
    sent = Person(mailing.server).send(path, "/reset", password=NEW, password_again=NEW)
    assert sent.status_code == 410


def test_the_page_says_the_same_whoever_has_the_address(mailing: Mailing) -> None:
    known, unknown = (
        Person(mailing.server).send("/reset", email=email) for email in (EMAIL, "eve@example.com")
    )
    assert known.status_code == unknown.status_code
    assert text_of(known) == text_of(unknown)
    assert known.headers.keys() == unknown.headers.keys()


@pytest.mark.parametrize("header", ["Host", "X-Forwarded-Host", "Forwarded", "X-Host"])
def test_a_link_leads_to_the_public_address_whatever_a_request_says(
    mailing: Mailing, header: str
) -> None:
    """Host-header injection."""
    person = Person(mailing.server)
    value = "host=evil.example" if header == "Forwarded" else "evil.example"
    person.client.headers[header] = value
    person.send("/reset", email=EMAIL)
    assert mailing.link().startswith("http://stats.example.com/reset/")


def test_where_no_mail_is_sent_the_operator_helps(server: RunningServer) -> None:
    person = Person(server)
    for text in (person.read("/reset"), text_of(person.send("/reset", "/sign-in", email=EMAIL))):
        assert "leadline user password EMAIL" in text


def test_asking_is_throttled(mailing: Mailing) -> None:
    person = Person(mailing.server)
    for number in range(10):
        assert person.send("/reset", email=f"{number}@example.com").status_code == 200
    assert person.send("/reset", "/sign-in", email=EMAIL).status_code == 429


def test_another_address(fresh: RunningServer) -> None:
    ada, eve = signed_in(fresh, Role.OWNER), signed_in(fresh, Role.MEMBER)
    session = fresh.leadline.sessions.find(eve.client.cookies["leadline_session"])
    assert session is not None
    for email, said in (
        ("nobody", "Not an e-mail address"),
        (session.user.email, "There is a user with this address already"),
    ):
        answer = ada.send("/account/email", email=email)
        assert answer.status_code == 422
        assert said in text_of(answer)
    assert ada.send("/account/email", email="Ada@example.com").status_code == 303
    assert "Ada@example.com" in ada.read("/account")
    assert Person(fresh).sign_in("ada@example.com").headers["location"] == "/sites"
