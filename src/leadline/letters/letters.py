"""Mails that somebody on the pages causes."""

from collections.abc import Sequence
from datetime import datetime

from leadline.access import Invitation, User
from leadline.dashboard import Texts
from leadline.letters.writing import Letter
from leadline.logs import logger
from leadline.mail import MailError, Outbox

log = logger(__name__)

INVITATIONS = "/invitations/"


class Letters:
    """In one language: those who get them may never have chosen one.

    Each is stored when its function returns, and sent soon. They raise `mail.MailError`.
    """

    def __init__(self, outbox: Outbox, language: str) -> None:
        self._outbox = outbox
        self._texts = Texts(language)

    def invited(
        self, email: str, organisation: str, inviter: str, link: str, expires: datetime
    ) -> None:
        """To somebody whom `inviter` asks to join the organisation by this link."""
        texts = self._texts
        letter = Letter(texts, texts("mail-invited", organisation=organisation))
        letter.paragraph(texts("mail-invited-text", inviter=inviter, organisation=organisation))
        letter.link(texts("mail-invited-link"), link)
        letter.paragraph(texts("mail-invited-until", when=texts.moment(expires)))
        self._outbox.send(letter.mail(email))

    def invitation(self, public_url: str, invitation: Invitation, secret: str) -> None:
        """`invited`, for one that is stored: whoever invites is shown its link in any case."""
        organisation = invitation.organisation_name
        inviter = invitation.invited_by or organisation
        link = f"{public_url}{INVITATIONS}{secret}"
        try:
            self.invited(invitation.email, organisation, inviter, link, invitation.expires_at)
        except MailError as error:
            log.error("no mail of an invitation", invitation=invitation.id, error=str(error))

    def reset(self, user: User, link: str) -> None:
        """To somebody who has forgotten their password."""
        texts = self._texts
        letter = Letter(texts, texts("mail-reset"))
        letter.paragraph(texts("mail-reset-text", email=user.email))
        letter.link(texts("mail-reset-link"), link)
        letter.paragraph(texts("mail-reset-otherwise"))
        self._outbox.send(letter.mail(user.email))

    def alert(self, recipients: Sequence[str], rule: str, text: str) -> None:
        """To those whom a rule of this name tells what it has found."""
        letter = Letter(self._texts, self._texts("mail-alert", rule=rule))
        letter.paragraph(text)
        for email in recipients:
            self._outbox.send(letter.mail(email))
