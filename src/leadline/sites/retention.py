"""For how many months hits are kept: 1 to 120, for ever, or as the server is set."""

import re

from leadline.sites.errors import InvalidRetention

LONGEST = 120
FOR_EVER = 0
AS_SET = None
"""By `LEADLINE_RETENTION_MONTHS`, without which it is for ever."""

_WORDS = {"forever": FOR_EVER, "default": AS_SET, "": AS_SET}


def parse_retention(text: str) -> int | None:
    """What somebody has written: a number of months, `forever` or `default`.

    Raises `InvalidRetention`.
    """
    written = text.strip().lower()
    if written in _WORDS:
        return _WORDS[written]
    if re.fullmatch("[0-9]{1,3}", written) and 1 <= int(written) <= LONGEST:
        return int(written)
    raise InvalidRetention(text)


def written_retention(retention: int | None) -> str:
    """As `parse_retention` reads it."""
    return {FOR_EVER: "forever", AS_SET: "default"}.get(retention, str(retention))


def check_retention(retention: int | None) -> int | None:
    if retention is not AS_SET and not FOR_EVER <= retention <= LONGEST:
        raise InvalidRetention(str(retention))
    return retention


def months_of(retention: int | None, default: int | None) -> int | None:
    """For how long that is where the server is set to `default`; None is for ever."""
    return (default if retention is AS_SET else retention) or None
