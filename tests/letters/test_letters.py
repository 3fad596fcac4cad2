"""What mails say to whoever is invited, or has forgotten a password."""

from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest

from leadline.access import Role
from leadline.database import Database
from leadline.letters import Letters
from leadline.mail import MailServer, Outbox
from tests.dashboard.person import PASSWORD, Person, first, text_of
from tests.mail.mailbox import Mailbox, running_mailbox
from tests.support import eventually, running_server

LINK = "https://stats.example.com/join/abc?x=1&y=2"
EXPIRES = datetime(2026, 3, 17, 12, tzinfo=UTC)


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with running_mailbox() as running:
        yield running


def invited(tmp_path: Path, mailbox: Mailbox, language: str, organisation: str) -> EmailMessage:
    database = Database(tmp_path / "leadline.sqlite3")
    outbox = Outbox(database, MailServer.at(mailbox.url, "stats@example.com"))
    Letters(outbox, language).invited("bob@example.com", organisation, "Ada", LINK, EXPIRES)
    outbox.deliver()
    database.close()
    return mailbox.mails[-1]


def parts(mail: EmailMessage) -> tuple[str, str]:
    text, html = mail.iter_parts()
    assert isinstance(text, EmailMessage)
    assert isinstance(html, EmailMessage)
    return text.get_content().replace("\r\n", "\n"), html.get_content()


def test_an_invitation(tmp_path: Path, mailbox: Mailbox) -> None:
    mail = invited(tmp_path, mailbox, "en", "Acme")
    assert (mail["To"], mail["Subject"]) == ("bob@example.com", "An invitation to Acme")
    text, html = parts(mail)
    assert "Ada invites you to Acme" in text
    assert f"Accept the invitation:\n{LINK}\n" in text
    assert "until 2026-03-17 12:00 (UTC)" in text
    assert LINK.replace("&", "&amp;") in html
    assert "src=" not in html


def test_an_invitation_in_german(tmp_path: Path, mailbox: Mailbox) -> None:
    mail = invited(tmp_path, mailbox, "de", "Bäckerei")
    assert mail["Subject"] == "Eine Einladung zu Bäckerei"
    assert '<html lang="de">' in parts(mail)[1]


def test_what_something_is_called_does_no_harm(tmp_path: Path, mailbox: Mailbox) -> None:
    mail = invited(tmp_path, mailbox, "en", "<b>A</b>\r\nBcc: eve@example.com")
    assert mail["Bcc"] is None
    assert mailbox.recipients == ["bob@example.com"]
    assert "<b>" not in parts(mail)[1]


def test_who_is_invited_gets_the_link(tmp_path: Path, mailbox: Mailbox) -> None:
    with running_server(
        tmp_path,
        public_url="http://stats.example.com",
        smtp_url=mailbox.url,
        mail_from="Leadline <stats@example.com>",
    ) as server:
        leadline = server.leadline
        owner = leadline.organisations.add_user(
            first(server), email="ada@example.com", password=PASSWORD, role=Role.OWNER, name="Ada"
        )
        made = leadline.member_invitations.invite(
            first(server), "bob@example.com", Role.MEMBER, by=owner.role, inviter=owner.id
        )
        (mail,) = eventually(lambda: mailbox.mails)
        assert mail["To"] == "bob@example.com"
        link = f"http://stats.example.com/invitations/{made.secret}"
        assert f"Accept the invitation:\n{link}\n" in parts(mail)[0]
        assert Person(server).get(f"/invitations/{made.secret}").status_code == 200


def test_a_forgotten_password(tmp_path: Path, mailbox: Mailbox) -> None:
    with running_server(
        tmp_path,
        public_url="http://stats.example.com",
        smtp_url=mailbox.url,
        mail_from="Leadline <stats@example.com>",
    ) as server:
        server.leadline.organisations.add_user(
            first(server), email="ada@example.com", password=PASSWORD, role=Role.OWNER
        )
        answer = Person(server).send("/reset", email="ada@example.com")
        assert "a link is on its way" in text_of(answer)
        (mail,) = eventually(lambda: mailbox.mails)
    assert mail["To"] == "ada@example.com"
    assert "Set a new password:\nhttp://stats.example.com/reset/" in parts(mail)[0]
