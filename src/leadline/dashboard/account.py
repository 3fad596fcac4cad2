"""One's own account."""

from starlette.responses import Response

from leadline.access import AccessError, RateLimited, WrongCredentials
from leadline.dashboard.visit import TooManyAttempts, Visit


def show_account(visit: Visit) -> Response:
    return visit.page("account.html", error=None)


def change_password(visit: Visit) -> Response:
    """Ends every session of the person, and begins a new one here."""
    user, form = visit.signed_in.user, visit.form
    if form.get("password") != form.get("password_again"):
        return _again(visit, "The two new passwords are not the same.")
    rooms = visit.rooms
    try:
        rooms.sessions.verify(user.email, form.get("current", ""), address=visit.address)
        rooms.organisations.set_password(
            visit.organisation.id, user.email, form.get("password", "")
        )
    except WrongCredentials:
        return _again(visit, "That is not your present password.")
    except RateLimited as error:
        raise TooManyAttempts(error.retry_after) from None
    except AccessError as error:
        return _again(visit, f"{error}.")
    return visit.sign_in(rooms.sessions.open(user.id), "/account")


def count_me(visit: Visit) -> Response:
    """Whether hits of this browser count from now on, on every site of this server."""
    answer = visit.redirect("/account")
    if visit.checked("on"):
        visit.forget_not_me(answer)
    else:
        visit.remember_not_me(answer)
    return answer


def _again(visit: Visit, error: str) -> Response:
    return visit.page("account.html", 422, error=error)
