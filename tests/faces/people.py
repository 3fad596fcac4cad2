"""What an organisation has that SealMetrics' routes speak of: somebody in it, and an invitation."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from sqlalchemy import insert

from leadline.access import Role, SiteRole, UserId
from leadline.access.tables import memberships, users
from leadline.clock import utc_now
from leadline.database import insert_row
from leadline.sites import OrganisationId, Site
from tests.support import RunningServer

_ONE = "/organizations/{slug}"
NAME = "Leadline"
"""What the organisation of a fresh server is called."""

BODIES: dict[tuple[str, str], dict[str, Any]] = {
    ("PATCH", "/organizations/{slug}"): {"name": NAME},
    ("DELETE", "/organizations/{slug}"): {"name": "Another name"},
    ("PATCH", "/organizations/{slug}/members/{user_id}"): {"role": "admin"},
    ("PATCH", "/sites/{site_id}/users/{user_id}"): {"role": "editor"},
    ("POST", "/invitations/accept"): {
        **{"token": "none", "name": "Eva", "password": "correct horse battery"},
    },
    ("POST", "/invitations/accept-existing"): {"token": "none"},
}
"""By method and path; what is not here has none, or is in `body`."""


def is_about_one(path: str) -> bool:
    """Whether an address names an organisation."""
    return "{slug}" in path


def parts(server: RunningServer, site: Site, path: str) -> dict[str, Any]:
    """The parameters of a path, in the organisation of the site."""
    leadline, organisation = server.leadline, site.organisation
    found: dict[str, Any] = {"slug": leadline.organisations.get(organisation).slug}
    if "{user_id}" in path:
        user = somebody(server, organisation)
        found["user_id"] = user
        if "{site_id}" in path:
            leadline.members.give(site, user, SiteRole.VIEWER)
    if "{invitation_id}" in path or path.endswith("/invitations/{token}"):
        made = leadline.member_invitations.invite(
            organisation, f"{uuid4().hex}@example.com", Role.MEMBER, by=Role.OWNER
        )
        found |= {"invitation_id": made.invitation.id, "token": made.secret}
    return found


def body(server: RunningServer, method: str, path: str, site: Site) -> dict[str, Any] | None:
    made: dict[tuple[str, str], Callable[[], dict[str, Any]]] = {
        ("POST", "/organizations"): lambda: {"name": uuid4().hex},
        ("POST", f"{_ONE}/invitations"): lambda: {"email": f"{uuid4().hex}@example.com"},
        ("POST", f"{_ONE}/members/{{user_id}}/sites"): lambda: {"site_ids": [site.slug]},
        ("POST", f"{_ONE}/members"): lambda: {"user_id": somebody(server, site.organisation)},
        ("POST", "/sites/{site_id}/users"): lambda: {
            "user_id": somebody(server, site.organisation)
        },
    }
    if (method, path) in made:
        return made[method, path]()
    return BODIES.get((method, path))


def somebody(server: RunningServer, organisation: OrganisationId) -> UserId:
    """A new member, whose password nobody has."""
    email, now = f"{uuid4().hex}@example.com", utc_now()
    with server.leadline.database.writing() as connection:
        user = insert_row(
            connection,
            users,
            **{"email": email, "email_key": email, "name": "Somebody"},
            **{"password_hash": "", "created_at": now},
        )
        there = {"organisation_id": organisation, "user_id": user, "role": Role.MEMBER}
        connection.execute(insert(memberships).values(there | {"created_at": now}))
    return UserId(user)
