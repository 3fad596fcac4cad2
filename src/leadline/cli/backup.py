"""`leadline backup` and `leadline restore`."""

import sys
from pathlib import Path

from leadline.cli.options import Data, opened, settings_with


def backup(file: Path, *, data: Data = None) -> None:
    """Write all that is kept, but for salts and sessions, into one file. The server may run.

    Parameters
    ----------
    file
        The file to write; one that is there is replaced, once the new one is whole.
    """
    from leadline.backup import back_up, check_used

    check_used(settings_with(data=data))
    with opened(data) as metadata:
        made = back_up(metadata.settings, metadata.database, file)
    print(f"{made.file}: {made.size} bytes", file=sys.stderr)


def restore(file: Path, *, data: Data = None) -> None:
    """Put a backup into a fresh installation, all of it or nothing. The server may run.

    Parameters
    ----------
    file
        A file that `leadline backup` wrote.
    """
    from leadline.backup import restore as put_back

    with opened(data) as metadata:
        found = put_back(metadata.settings, metadata.database, file)
    print(f"restored what was there at {found.made_at:%Y-%m-%d %H:%M} UTC", file=sys.stderr)
