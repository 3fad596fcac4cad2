from collections.abc import Iterator

import pytest

from leadline.database import Database
from leadline.mail import MailServer, Outbox
from tests.mail.mailbox import Mailbox, running_mailbox
from tests.support import ManualClock

SENDER = "Leadline <stats@example.com>"


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with running_mailbox() as running:
        yield running


@pytest.fixture
def outbox(database: Database, mailbox: Mailbox, clock: ManualClock) -> Outbox:
    return Outbox(database, MailServer.at(mailbox.url, SENDER), clock)
