"""A mail before it is sent, and as it goes over the wire."""

import re
from datetime import datetime
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime, make_msgid, parseaddr

import msgspec

from leadline.mail.errors import InvalidAddress, InvalidMail
from leadline.text import CONTROL_CHARACTERS

ADDRESS_LENGTH = 254
SUBJECT_LENGTH = 250
UNSUBSCRIBE = "List-Unsubscribe"
_ADDRESS = re.compile(r"[^\s@<>()\[\],;:\\\"]{1,64}@[^\s@<>()\[\],;:\\\"/]+")


class _Wire(EmailPolicy):
    """Folding would write a long address in encoded words, in which no mailbox looks for one."""

    def fold_binary(self, name: str, value: str) -> bytes:
        if name == UNSUBSCRIBE and value.isascii():
            return f"{name}: {value}{self.linesep}".encode("ascii")
        return super().fold_binary(name, value)


_WIRE = _Wire(linesep="\r\n")


class Mail(msgspec.Struct, frozen=True):
    """To one person. `text` and `html` say the same; `html` loads nothing from elsewhere.

    `unsubscribe` is the https address that ends such mails when something is posted to it
    (RFC 8058); mails that somebody has asked for have none.
    """

    to: str
    subject: str
    text: str
    html: str
    unsubscribe: str | None = None


def check(mail: Mail) -> None:
    """Raises `InvalidAddress`, `InvalidMail`."""
    if len(mail.to) > ADDRESS_LENGTH or not _ADDRESS.fullmatch(mail.to):
        raise InvalidAddress
    for line in (mail.to, mail.subject, mail.unsubscribe or ""):
        if CONTROL_CHARACTERS.search(line):
            raise InvalidMail


def message_id(sender: str) -> str:
    """A new one, in the domain of the sender."""
    return make_msgid(domain=parseaddr(sender)[1].rpartition("@")[2])


def written(mail: Mail, sender: str, identifier: str, date: datetime) -> EmailMessage:
    """The mail with its headers, in two parts that stand for each other."""
    message = EmailMessage(policy=_WIRE)
    message["From"] = sender
    message["To"] = mail.to
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(date)
    message["Message-ID"] = identifier
    message["Auto-Submitted"] = "auto-generated"
    if mail.unsubscribe is not None:
        message[UNSUBSCRIBE] = f"<{mail.unsubscribe}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    return message
