"""The audit log as a page and as a file."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from starlette.responses import Response

from leadline.access import AuditEntry, Wanted
from leadline.dashboard.report.asked import PER_PAGE, page_of, pages_of
from leadline.dashboard.report.table import written
from leadline.dashboard.visit import Visit

MOST_PAGES = 100_000
IN_A_FILE = 100_000
"""Entries at most, the newest."""
NAMES = ("action", "user", "from", "to")
"""What may be asked for."""
COLUMNS = ("at", "who", "email", "address", "action", "site", "what", "details")


def show_audit(visit: Visit) -> Response:
    """The entries that are asked for, page by page; days are those of UTC."""
    page = page_of(visit.query, MOST_PAGES)
    wanted = _wanted(visit)
    found, count = visit.rooms.audit.entries(
        visit.organisation.id, wanted, PER_PAGE, (page - 1) * PER_PAGE
    )
    return visit.page(
        "audit.html",
        entries=found,
        count=count,
        number=page,
        pages=pages_of(count),
        asked=dict.fromkeys(NAMES, "") | _asked(visit),
        query=urlencode(_asked(visit)),
        actions=visit.rooms.audit.actions(visit.organisation.id),
        people=visit.rooms.organisations.people(visit.organisation.id),
        in_words=in_words,
    )


def download_audit(visit: Visit) -> Response:
    """As CSV, in which no text is a formula."""
    found, _ = visit.rooms.audit.entries(visit.organisation.id, _wanted(visit), IN_A_FILE)
    headers = {**visit.headers, "Content-Disposition": 'attachment; filename="audit.csv"'}
    text = written(COLUMNS, map(_cells, found))
    return Response(text, media_type="text/csv; charset=utf-8", headers=headers)


def in_words(details: dict[str, Any]) -> str:
    return ", ".join(f"{name}: {value}" for name, value in details.items())


def _cells(entry: AuditEntry) -> list[str]:
    actor, change = entry.actor, entry.change
    return [
        entry.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        actor.name,
        actor.email or "",
        actor.address or "",
        change.action,
        change.site or "",
        change.resource_id,
        in_words(dict(change.details)),
    ]


def _asked(visit: Visit) -> dict[str, str]:
    return {name: visit.query[name] for name in NAMES if visit.query.get(name)}


def _wanted(visit: Visit) -> Wanted:
    """What makes no sense is as if it had not been said."""
    asked = _asked(visit)
    last, user = _day(asked.get("to")), asked.get("user", "")
    is_number = user.isascii() and user.isdecimal() and len(user) < 10
    return Wanted(
        action=asked.get("action"),
        user_id=int(user) if is_number else None,
        since=_day(asked.get("from")),
        until=None if last is None else last + timedelta(days=1),
    )


def _day(text: str | None) -> datetime | None:
    try:
        found = date.fromisoformat(text or "")
    except ValueError:
        return None
    return datetime(found.year, found.month, found.day, tzinfo=UTC) if found.year < 9999 else None
