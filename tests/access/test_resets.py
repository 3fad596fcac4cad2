"""A forgotten password: who gets a link, what it does, what ends it."""

from collections.abc import Iterator

import pytest

from leadline.access import (
    InvalidUserPassword,
    Organisations,
    PasswordResets,
    RateLimited,
    Sessions,
    Stale,
    User,
    UserId,
    WrongCredentials,
)
from leadline.database import Database
from leadline.sites import OrganisationId
from tests.support import ManualClock, eventually

EMAIL, PASSWORD, NEW = "ada@example.com", "correct horse battery", "another password"
HERE = "192.0.2.7"
ORIGIN = "https://stats.example.com"


class Mailbox:
    """What was sent, and to whom."""

    def __init__(self) -> None:
        self.mails: list[tuple[str, str]] = []

    def __call__(self, user: User, link: str) -> None:
        self.mails.append((user.email, link))

    def secret(self, number: int = 1) -> str:
        """That of the newest link, once there are so many."""
        eventually(lambda: len(self.mails) >= number)
        address, link = self.mails[-1]
        assert address == "Ada@Example.com"
        return link.removeprefix(f"{ORIGIN}/reset/")


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def resets(database: Database, clock: ManualClock, mailbox: Mailbox) -> Iterator[PasswordResets]:
    found = PasswordResets(database, ORIGIN, clock)
    found.send_reset = mailbox
    yield found
    found.close()


@pytest.mark.usefixtures("ada")
def test_a_link_sets_a_new_password_once(
    resets: PasswordResets, sessions: Sessions, mailbox: Mailbox
) -> None:
    before = sessions.sign_in(EMAIL, PASSWORD, address=HERE)
    resets.ask(EMAIL.upper(), address=HERE)
    secret = mailbox.secret()
    resets.check(secret)
    resets.reset(secret, NEW)
    assert sessions.find(before) is None
    with pytest.raises(WrongCredentials):
        sessions.sign_in(EMAIL, PASSWORD, address=HERE)
    assert sessions.sign_in(EMAIL, NEW, address=HERE)
    with pytest.raises(Stale):
        resets.check(secret)
    with pytest.raises(Stale):
        resets.reset(secret, "a third password")


@pytest.mark.usefixtures("ada")
def test_one_of_two_links_is_enough(resets: PasswordResets, mailbox: Mailbox) -> None:
    resets.ask(EMAIL, address=HERE)
    first = mailbox.secret()
    resets.ask(EMAIL, address=HERE)
    second = mailbox.secret(2)
    assert first != second
    resets.reset(first, NEW)
    with pytest.raises(Stale):
        resets.check(second)


@pytest.mark.usefixtures("ada")
def test_a_link_ends_after_an_hour(
    resets: PasswordResets, mailbox: Mailbox, clock: ManualClock
) -> None:
    resets.ask(EMAIL, address=HERE)
    secret = mailbox.secret()
    clock.advance(minutes=59)
    resets.check(secret)
    clock.advance(minutes=1)
    with pytest.raises(Stale):
        resets.check(secret)


def test_a_link_ends_with_the_address_or_the_user(
    resets: PasswordResets,
    mailbox: Mailbox,
    ada: UserId,
    organisations: Organisations,
    organisation: OrganisationId,
) -> None:
    resets.ask(EMAIL, address=HERE)
    secret = mailbox.secret()
    organisations.set_email(ada, "ada@example.org")
    with pytest.raises(Stale):
        resets.check(secret)
    organisations.set_email(ada, "Ada@Example.com")
    resets.check(secret)
    organisations.remove_user(organisation, EMAIL)
    with pytest.raises(Stale):
        resets.reset(secret, NEW)


@pytest.mark.usefixtures("ada")
def test_a_password_that_is_none_leaves_the_link(resets: PasswordResets, mailbox: Mailbox) -> None:
    resets.ask(EMAIL, address=HERE)
    secret = mailbox.secret()
    with pytest.raises(InvalidUserPassword):
        resets.reset(secret, "short")
    resets.reset(secret, NEW)


@pytest.mark.usefixtures("ada")
def test_nobody_else_gets_a_link(resets: PasswordResets, mailbox: Mailbox) -> None:
    for email in ("eve@example.com", "", "\x00", "\udcff", "x" * 100_000, "ada@example.com\n"):
        resets.ask(email, address=HERE)
    resets.close()
    assert mailbox.mails == []


@pytest.mark.usefixtures("ada")
def test_a_mailbox_is_not_flooded(resets: PasswordResets, mailbox: Mailbox) -> None:
    for number in range(10):
        resets.ask(EMAIL, address=f"192.0.2.{number}")
    resets.close()
    assert len(mailbox.mails) == 3


def test_clients_are_throttled_whomever_they_ask_for(resets: PasswordResets) -> None:
    for number in range(10):
        resets.ask(f"{number}@example.com", address=HERE)
    with pytest.raises(RateLimited):
        resets.ask(EMAIL, address=HERE)


@pytest.mark.usefixtures("ada")
@pytest.mark.parametrize("location", ["sqlite"], indirect=True)
def test_what_fails_is_tried_again_by_whoever_asks_again(
    resets: PasswordResets, mailbox: Mailbox
) -> None:
    def broken(user: User, link: str) -> None:
        resets.send_reset = mailbox
        raise OSError("no mail today")

    resets.send_reset = broken
    resets.ask(EMAIL, address=HERE)
    eventually(lambda: resets.send_reset is mailbox)
    resets.ask(EMAIL, address=HERE)
    assert mailbox.secret()


@pytest.mark.usefixtures("ada")
@pytest.mark.parametrize("location", ["sqlite"], indirect=True)
def test_without_a_public_address_there_are_no_links(database: Database, mailbox: Mailbox) -> None:
    resets = PasswordResets(database, None)
    resets.send_reset = mailbox
    resets.ask(EMAIL, address=HERE)
    resets.close()
    assert (resets.are_sent, mailbox.mails) == (False, [])
