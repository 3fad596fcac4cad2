"""When something ends that a form makes."""

from datetime import datetime, timedelta

from leadline.dashboard.errors import LONGEST_DAYS, InvalidDays
from leadline.dashboard.visit import Visit


def expiry(visit: Visit) -> datetime | None:
    """So many `days` from now as the form says; None if it says nothing. Raises `InvalidDays`."""
    text = visit.form.get("days", "").strip()
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:9]) <= LONGEST_DAYS:
        raise InvalidDays
    return visit.rooms.clock() + timedelta(int(text))
