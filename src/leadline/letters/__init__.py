"""What mails say: invitations, new passwords, reports."""

from leadline.letters.letters import Letters
from leadline.letters.reports import MailedReports

__all__ = ["Letters", "MailedReports"]
