"""Proving once more who one is, before what a thief of a session must not do."""

from starlette.responses import Response

from leadline.access import RateLimited, WrongCredentials
from leadline.dashboard.signing_in import onward
from leadline.dashboard.visit import SESSION_COOKIE, TooManyAttempts, Visit

DEFAULT = "/account/security"


def confirm_form(visit: Visit) -> Response:
    return confirm_page(visit, 200, onward(visit.query, DEFAULT), None)


def confirm(visit: Visit) -> Response:
    after = onward(visit.form, DEFAULT)
    user, password = visit.signed_in.user, visit.form.get("password", "")
    try:
        visit.rooms.sessions.verify(user.email, password, address=visit.address)
    except WrongCredentials:
        return confirm_page(visit, 401, after, visit.texts("not-present-password"))
    except RateLimited as error:
        raise TooManyAttempts(error.retry_after) from None
    return confirmed(visit, after)


def confirmed(visit: Visit, after: str) -> Response:
    """Lead on as somebody who has just proved who they are."""
    visit.rooms.sessions.confirm(visit.request.cookies[SESSION_COOKIE])
    return visit.redirect(after)


def confirm_page(visit: Visit, status: int, after: str, error: str | None) -> Response:
    return visit.page("confirm.html", status, next=after, error=error)
