"""How one signs in: the second factor, and where one is signed in."""

from starlette.responses import Response

from leadline.dashboard.visit import SESSION_COOKIE, Visit

SECURITY = "/account/security"


def show_security(visit: Visit) -> Response:
    return security_page(visit, 200, None)


def security_page(visit: Visit, status: int, error: str | None) -> Response:
    user, rooms = visit.signed_in.user, visit.rooms
    return visit.page(
        "security.html",
        status,
        error=error,
        factors=rooms.second_factors.state(user.id),
        passkeys=rooms.passkeys.all_of(user.id),
        sessions=rooms.sessions.all_of(user.id),
    )


def end_session(visit: Visit) -> Response:
    visit.rooms.sessions.end_one(visit.signed_in.user.id, visit.path["session"])
    return visit.redirect(SECURITY)


def end_other_sessions(visit: Visit) -> Response:
    here = visit.request.cookies[SESSION_COOKIE]
    visit.rooms.sessions.end_others(visit.signed_in.user.id, here)
    return visit.redirect(SECURITY)


def require_factor(visit: Visit) -> Response:
    """Of everybody in the organisation, or of nobody."""
    organisation = visit.organisation.id
    visit.rooms.organisations.require_second_factor(organisation, visit.checked("required"))
    return visit.redirect(SECURITY)
