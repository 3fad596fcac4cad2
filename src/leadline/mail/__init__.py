"""Mails: a durable outbox, and the server that takes them from it."""

from leadline.mail.errors import (
    InvalidAddress,
    InvalidMail,
    InvalidMailServer,
    MailError,
    MailNotSent,
    NotSetUp,
)
from leadline.mail.model import Mail
from leadline.mail.outbox import GIVEN_UP_AFTER, Outbox, send_now
from leadline.mail.rhythm import Rhythm
from leadline.mail.server import MailServer, mail_server
from leadline.mail.subscriptions import Subscription, Subscriptions

__all__ = [
    "GIVEN_UP_AFTER",
    "InvalidAddress",
    "InvalidMail",
    "InvalidMailServer",
    "Mail",
    "MailError",
    "MailNotSent",
    "MailServer",
    "NotSetUp",
    "Outbox",
    "Rhythm",
    "Subscription",
    "Subscriptions",
    "mail_server",
    "send_now",
]
