"""A new password for whoever has forgotten the old one."""

from starlette.responses import Response

from leadline.access import AccessError, Actor, Change, RateLimited, Stale, User
from leadline.dashboard.errors import said
from leadline.dashboard.visit import Refused, TooManyAttempts, Visit
from leadline.sites import OrganisationId


def reset_form(visit: Visit) -> Response:
    return visit.page("reset.html", are_sent=visit.rooms.password_resets.are_sent, is_asked=False)


def ask_reset(visit: Visit) -> Response:
    """Says the same, whoever has the address."""
    resets, email = visit.rooms.password_resets, visit.form.get("email", "").strip()
    try:
        resets.ask(email, address=visit.address)
    except RateLimited as error:
        raise TooManyAttempts(error.retry_after) from None
    return visit.page("reset.html", are_sent=resets.are_sent, is_asked=True)


def new_password_form(visit: Visit) -> Response:
    _check(visit)
    return visit.page("new_password.html", error=None)


def set_new_password(visit: Visit) -> Response:
    user, organisation = _check(visit)
    form = visit.form
    if form.get("password") != form.get("password_again"):
        return _again(visit, visit.texts("new-passwords-differ"))
    try:
        with visit.rooms.audit.noting(
            organisation, Actor.of_user(user, visit.address), Change("user.password", user.email)
        ):
            visit.rooms.password_resets.reset(visit.path["secret"], form.get("password", ""))
    except Stale:
        raise _over() from None
    except AccessError as error:
        return _again(visit, said(visit.texts, error))
    return visit.page("password_reset.html")


def _again(visit: Visit, error: str) -> Response:
    return visit.page("new_password.html", 422, error=error)


def _check(visit: Visit) -> tuple[User, OrganisationId]:
    try:
        return visit.rooms.password_resets.check(visit.path["secret"])
    except Stale:
        raise _over() from None


def _over() -> Refused:
    return Refused(410, "reset-over")
