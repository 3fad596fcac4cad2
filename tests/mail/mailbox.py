"""A mail server on a free port of this machine, and what it was given."""

from asyncio import Server
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

USER, PASSWORD = "stats", "p@ss/word"


class Mailbox:
    """`refusal` is the answer to what comes, instead of taking it."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.raw: list[bytes] = []
        self.recipients: list[str] = []
        self.refusal: str | None = None
        self.url = ""

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.refusal is not None:
            return self.refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content = envelope.content
        assert isinstance(content, bytes)
        mail = message_from_bytes(content, policy=default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        self.raw.append(content)
        self.recipients.extend(envelope.rcpt_tos)
        return "250 OK"


class _OnAFreePort(Controller):
    def _trigger_server(self) -> None:
        assert isinstance(self.server, Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]


@contextmanager
def running_mailbox(*, with_password: bool = False) -> Iterator[Mailbox]:
    mailbox = Mailbox()

    def authenticated(
        server: SMTP, session: Session, envelope: Envelope, mechanism: str, given: LoginPassword
    ) -> AuthResult:
        is_right = (given.login, given.password) == (USER.encode(), PASSWORD.encode())
        return AuthResult(success=is_right, handled=False)

    controller = _OnAFreePort(
        mailbox,
        hostname="127.0.0.1",
        port=0,
        authenticator=authenticated if with_password else None,
        auth_require_tls=False,
    )
    controller.start()
    try:
        mailbox.url = f"smtp://127.0.0.1:{controller.port}"
        yield mailbox
    finally:
        controller.stop(no_assert=True)
