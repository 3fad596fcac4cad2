"""Mails on their way: kept until the server has taken them, or a day is over."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, func, select, update

from leadline.clock import Clock, utc_now
from leadline.database import Database, insert_row
from leadline.logs import logger
from leadline.mail.errors import MailNotSent, NotSetUp
from leadline.mail.model import SUBJECT_LENGTH, Mail, check, message_id, written
from leadline.mail.server import MailServer
from leadline.mail.tables import outbox

log = logger(__name__)

GIVEN_UP_AFTER = timedelta(days=1)
LONGEST_PAUSE = timedelta(hours=2)


class Outbox:
    """Of one database; several servers may send from it.

    A mail is sent at least once. A server that dies after a mail was taken, and before that is
    noted, sends it again with the same Message-ID. What was sent is kept no longer.
    """

    def __init__(
        self, database: Database, server: MailServer | None, clock: Clock = utc_now
    ) -> None:
        self._database = database
        self._server = server
        self._clock = clock

    @property
    def is_set_up(self) -> bool:
        return self._server is not None

    def send(self, mail: Mail) -> None:
        """Raises `InvalidAddress`, `InvalidMail`, and `NotSetUp` without a mail server."""
        with self._database.writing() as connection:
            self.put(connection, mail)

    def put(self, connection: Connection, mail: Mail) -> None:
        """`send` in the caller's transaction: the mail goes if and only if that is committed."""
        if self._server is None:
            raise NotSetUp
        check(mail)
        now = self._clock()
        insert_row(
            connection,
            outbox,
            message_id=message_id(self._server.sender),
            recipient=mail.to,
            subject=mail.subject[:SUBJECT_LENGTH],
            text=mail.text,
            html=mail.html,
            unsubscribe=mail.unsubscribe,
            created_at=now,
            due_at=now,
            attempts=0,
        )

    def deliver(self) -> None:
        """Hand the server whatever is due, the oldest first, until it cannot be used."""
        while self._server is not None and (row := self._claim()) is not None:
            try:
                sender = self._server.sender
                self._server.send(written(_mail(row), sender, row.message_id, row.created_at))
            except MailNotSent as error:
                self._note(row, error)
                if not error.is_final:
                    return
            else:
                self._forget(row)

    def waiting(self) -> int:
        """How many mails are there."""
        with self._database.reading() as connection:
            return connection.execute(select(func.count()).select_from(outbox)).scalar_one()

    def _claim(self) -> Row[Any] | None:
        """The next one, put off before it is tried: nobody else takes it, whatever happens here."""
        now = self._clock()
        due = select(outbox).where(outbox.c.due_at <= now).order_by(outbox.c.id).limit(1)
        with self._database.writing() as connection:
            row = connection.execute(due).one_or_none()
            if row is not None:
                put_off = update(outbox).where(outbox.c.id == row.id)
                connection.execute(
                    put_off.values(attempts=row.attempts + 1, due_at=now + _pause(row.attempts))
                )
        return row

    def _note(self, row: Row[Any], error: MailNotSent) -> None:
        if error.is_final or self._clock() - row.created_at >= GIVEN_UP_AFTER:
            self._forget(row)
            log.error("mail given up", mail=row.message_id, error=str(error))
        else:
            log.warning("mail not sent yet", mail=row.message_id, error=str(error))

    def _forget(self, row: Row[Any]) -> None:
        with self._database.writing() as connection:
            connection.execute(delete(outbox).where(outbox.c.id == row.id))


def send_now(server: MailServer, mail: Mail, clock: Clock = utc_now) -> None:
    """Without an outbox. Raises `InvalidAddress`, `InvalidMail`, `MailNotSent`."""
    check(mail)
    server.send(written(mail, server.sender, message_id(server.sender), clock()))


def _pause(attempts: int) -> timedelta:
    """After so many attempts, the next one aside."""
    return min(timedelta(minutes=pow(4.0, min(attempts, 4))), LONGEST_PAUSE)


def _mail(row: Row[Any]) -> Mail:
    return Mail(row.recipient, row.subject, row.text, row.html, row.unsubscribe)
