"""The mail server that Leadline hands its mails to, by SMTP."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from ipaddress import ip_address
from urllib.parse import unquote, urlsplit

from leadline.mail.errors import InvalidMailServer, MailNotSent
from leadline.settings import Settings

SECONDS = 30.0
"""How long the server may take for each of its answers."""

SUBMISSION, SUBMISSIONS = 587, 465
SCHEMES = ("smtp", "smtps")


@dataclass(frozen=True)
class MailServer:
    """`sender` is what mails come from, as `Leadline <stats@example.com>`."""

    sender: str
    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)
    is_tls: bool = False
    """From the first byte; otherwise by STARTTLS, which a server on this machine need not have."""

    @classmethod
    def at(cls, url: str, sender: str) -> "MailServer":
        """Of a URL such as `smtp://user:password@mail.example.com:587`.

        `smtps` is TLS from the start. Raises `InvalidMailServer`, also for a user or a password
        beyond ASCII.
        """
        try:
            parts = urlsplit(url)
            port = parts.port
            user, password = (unquote(part or "") for part in (parts.username, parts.password))
            f"{user}{password}".encode("ascii")  # smtplib signs in with nothing else
            (parts.hostname or "").encode("idna")
        except ValueError:
            raise InvalidMailServer from None
        if parts.scheme not in SCHEMES or not parts.hostname:
            raise InvalidMailServer
        is_tls = parts.scheme == "smtps"
        return cls(
            sender,
            parts.hostname,
            port or (SUBMISSIONS if is_tls else SUBMISSION),
            user,
            password,
            is_tls,
        )

    def send(self, message: EmailMessage) -> None:
        """Returns once the server has taken it. Raises `MailNotSent`."""
        try:
            with self._connected() as connection:
                connection.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            code, _ = next(iter(error.recipients.values()))
            raise MailNotSent(_refused(code), is_final=_is_final(code)) from error
        except smtplib.SMTPDataError as error:
            code = error.smtp_code
            raise MailNotSent(_refused(code), is_final=_is_final(code)) from error
        except smtplib.SMTPNotSupportedError as error:
            raise MailNotSent(str(error)) from error
        except smtplib.SMTPResponseException as error:
            raise MailNotSent(_refused(error.smtp_code)) from error
        except (smtplib.SMTPException, OSError) as error:
            why = f"the mail server {self.host}:{self.port} cannot be used: {error}"
            raise MailNotSent(why) from error

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        context = ssl.create_default_context()
        if self.is_tls:
            with smtplib.SMTP_SSL(self.host, self.port, timeout=SECONDS, context=context) as secure:
                self._sign_in(secure)
                yield secure
            return
        with smtplib.SMTP(self.host, self.port, timeout=SECONDS) as connection:
            connection.ehlo_or_helo_if_needed()
            if connection.has_extn("starttls") or not _is_here(self.host):
                connection.starttls(context=context)
            self._sign_in(connection)
            yield connection

    def _sign_in(self, connection: smtplib.SMTP) -> None:
        if self.user:
            connection.login(self.user, self.password)


def mail_server(settings: Settings) -> MailServer | None:
    """The one that is set, if any. Raises `InvalidMailServer`, `OSError` for its file."""
    url = settings.smtp
    if url is None or settings.mail_from is None:
        return None
    return MailServer.at(url, settings.mail_from)


def _is_here(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _is_final(code: int) -> bool:
    return 500 <= code < 600


def _refused(code: int) -> str:
    return f"the mail server has refused the mail with {code}"
