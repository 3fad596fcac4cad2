"""All that a server keeps, but for salts and sessions, as one file: made and restored.

The file is the same whichever databases it comes from, so it is the way from one to another too.
"""

from leadline.backup.archive import BackupTooNew, NotABackup
from leadline.backup.metadata import NotFresh
from leadline.backup.service import Backup, NothingToBackUp, back_up, check_used, restore

__all__ = [
    "Backup",
    "BackupTooNew",
    "NotABackup",
    "NotFresh",
    "NothingToBackUp",
    "back_up",
    "check_used",
    "restore",
]
