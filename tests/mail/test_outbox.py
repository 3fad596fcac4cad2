"""Mails on their way: what arrives, what is tried again, what is given up."""

from contextlib import suppress
from email.message import EmailMessage

import pytest

from leadline.database import Database
from leadline.mail import (
    InvalidAddress,
    InvalidMail,
    InvalidMailServer,
    Mail,
    MailNotSent,
    MailServer,
    NotSetUp,
    Outbox,
)
from tests.mail.conftest import SENDER
from tests.mail.mailbox import PASSWORD, USER, Mailbox, running_mailbox
from tests.support import ManualClock

MAIL = Mail("ada@example.com", "Größe", "Zahlen: 1 – 2", "<p>Zahlen: 1 – 2</p>")


def test_a_mail_arrives_once_with_both_of_its_parts(outbox: Outbox, mailbox: Mailbox) -> None:
    outbox.send(MAIL)
    assert (outbox.waiting(), mailbox.mails) == (1, [])
    outbox.deliver()
    outbox.deliver()
    (mail,) = mailbox.mails
    assert mailbox.recipients == ["ada@example.com"]
    assert (mail["From"], mail["To"], mail["Subject"]) == (SENDER, MAIL.to, MAIL.subject)
    assert mail["Message-ID"].endswith("@example.com>")
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["List-Unsubscribe"] is None
    text, html = mail.iter_parts()
    assert text.get_content().strip() == MAIL.text
    assert html.get_content().strip() == MAIL.html
    assert outbox.waiting() == 0


def test_what_can_be_ended_says_how(outbox: Outbox, mailbox: Mailbox) -> None:
    link = "https://stats.example.com/mails/" + "x" * 300
    outbox.send(Mail("ada@example.com", "Weekly", "a", "b", unsubscribe=link))
    outbox.deliver()
    (mail,) = mailbox.mails
    assert f"\r\nList-Unsubscribe: <{link}>\r\n".encode() in mailbox.raw[0]
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_an_address_beyond_ascii_keeps_no_mail_back(outbox: Outbox, mailbox: Mailbox) -> None:
    outbox.send(Mail("ada@example.com", "Weekly", "a", "b", unsubscribe="https://zählung.de/x"))
    outbox.deliver()
    assert (len(mailbox.mails), outbox.waiting()) == (1, 0)


def test_what_is_no_address(outbox: Outbox) -> None:
    for address in (
        *("", "ada", "@example.com", "ada@", "a b@example.com", "a" * 250 + "@b.de"),
        *("a@b\r\nBcc: c@d", "a@b,c@d", "<a@b.de>", "a@b\x00.de"),
    ):
        with pytest.raises((InvalidAddress, InvalidMail)):
            outbox.send(Mail(address, "s", "t", "h"))
    assert outbox.waiting() == 0


def test_a_header_is_one_line(outbox: Outbox) -> None:
    for line in ("a\nBcc: c@example.com", "a\r\n\r\nbody", "a\x00b", "a\u2028b"):
        with pytest.raises(InvalidMail):
            outbox.send(Mail("ada@example.com", line, "t", "h"))
        with pytest.raises(InvalidMail):
            outbox.send(Mail("ada@example.com", "s", "t", "h", unsubscribe=line))
    assert outbox.waiting() == 0


def test_a_mail_belongs_to_the_transaction_it_is_put_in(outbox: Outbox, database: Database) -> None:
    with suppress(RuntimeError), database.writing() as connection:
        outbox.put(connection, MAIL)
        raise RuntimeError
    assert outbox.waiting() == 0


def test_a_server_that_is_busy_is_tried_again_after_longer_and_longer(
    outbox: Outbox, mailbox: Mailbox, clock: ManualClock
) -> None:
    mailbox.refusal = "451 busy"
    outbox.send(MAIL)
    outbox.deliver()
    mailbox.refusal = None
    outbox.deliver()
    assert mailbox.mails == []
    clock.advance(minutes=1)
    mailbox.refusal = "451 busy"
    outbox.deliver()
    mailbox.refusal = None
    clock.advance(minutes=3)
    outbox.deliver()
    assert mailbox.mails == []
    clock.advance(minutes=1)
    outbox.deliver()
    assert (len(mailbox.mails), outbox.waiting()) == (1, 0)


def test_after_a_day_a_mail_is_given_up(
    outbox: Outbox, mailbox: Mailbox, clock: ManualClock
) -> None:
    mailbox.refusal = "451 busy"
    outbox.send(MAIL)
    tries = 0
    while outbox.waiting():
        outbox.deliver()
        clock.advance(hours=2)
        tries += 1
    assert tries == 13
    mailbox.refusal = None
    outbox.deliver()
    assert mailbox.mails == []


def test_what_is_refused_for_good_holds_up_nothing(outbox: Outbox, mailbox: Mailbox) -> None:
    mailbox.refusal = "550 nobody of that name"
    outbox.send(MAIL)
    outbox.send(MAIL)
    outbox.deliver()
    assert (outbox.waiting(), mailbox.mails) == (0, [])


def test_a_server_that_dies_while_it_sends_sends_again(
    outbox: Outbox, mailbox: Mailbox, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    outbox.send(MAIL)
    with monkeypatch.context() as broken:
        broken.setattr(outbox, "_forget", lambda row: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            outbox.deliver()
    outbox.deliver()
    assert len(mailbox.mails) == 1
    clock.advance(minutes=1)
    outbox.deliver()
    first, second = mailbox.mails
    assert first["Message-ID"] == second["Message-ID"]


def test_without_a_mail_server(database: Database) -> None:
    outbox = Outbox(database, None)
    assert not outbox.is_set_up
    with pytest.raises(NotSetUp):
        outbox.send(MAIL)
    outbox.deliver()


def test_a_server_with_a_password(database: Database) -> None:
    with running_mailbox(with_password=True) as mailbox:
        credentials = f"{USER}:{PASSWORD.replace('@', '%40').replace('/', '%2F')}@"
        url = mailbox.url.replace("//", f"//{credentials}")
        outbox = Outbox(database, MailServer.at(url, SENDER))
        outbox.send(MAIL)
        outbox.deliver()
        assert len(mailbox.mails) == 1
        wrong = Outbox(database, MailServer.at(mailbox.url.replace("//", "//a:b@"), SENDER))
        wrong.send(MAIL)
        wrong.deliver()
        assert (len(mailbox.mails), outbox.waiting()) == (1, 1)


@pytest.mark.parametrize("there", ["a:p%C3%A4ss@localhost", "%C3%A4:b@localhost", "x" * 64, "a..b"])
def test_what_could_never_be_signed_in_to_is_said_at_once(there: str) -> None:
    with pytest.raises(InvalidMailServer):
        MailServer.at(f"smtp://{there}", SENDER)


def test_nothing_listens(database: Database) -> None:
    outbox = Outbox(database, MailServer.at("smtps://127.0.0.1:9", SENDER))
    outbox.send(MAIL)
    outbox.deliver()
    assert outbox.waiting() == 1


def test_a_server_elsewhere_has_to_offer_tls(
    mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("leadline.mail.server._is_here", lambda host: False)
    message = EmailMessage()
    message["From"], message["To"] = SENDER, MAIL.to
    with pytest.raises(MailNotSent, match="STARTTLS"):
        MailServer.at(mailbox.url, SENDER).send(message)
    assert mailbox.mails == []
