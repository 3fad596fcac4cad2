"""What mails say: invitations, new passwords, reports."""

from leadline.letters.letters import Letters

__all__ = ["Letters"]
