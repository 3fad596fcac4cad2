"""One's own account."""

from starlette.responses import Response

from leadline.access import AccessError, RateLimited, WrongCredentials
from leadline.dashboard.errors import said
from leadline.dashboard.texts import LANGUAGES
from leadline.dashboard.visit import TooManyAttempts, Visit


def show_account(visit: Visit) -> Response:
    return _page(visit, 200, None)


def change_password(visit: Visit) -> Response:
    """Ends every session of the person, and begins a new one here."""
    user, form = visit.signed_in.user, visit.form
    if form.get("password") != form.get("password_again"):
        return _again(visit, visit.texts("new-passwords-differ"))
    rooms = visit.rooms
    try:
        rooms.sessions.verify(user.email, form.get("current", ""), address=visit.address)
        rooms.organisations.set_password(
            visit.organisation.id, user.email, form.get("password", "")
        )
    except WrongCredentials:
        return _again(visit, visit.texts("not-present-password"))
    except RateLimited as error:
        raise TooManyAttempts(error.retry_after) from None
    except AccessError as error:
        return _again(visit, said(visit.texts, error))
    return visit.sign_in(rooms.sessions.open(user.id, visit.device), "/account")


def email_form(visit: Visit) -> Response:
    return visit.page("email.html", email=visit.signed_in.user.email, error=None)


def change_email(visit: Visit) -> Response:
    email = visit.form.get("email", "").strip()
    try:
        visit.rooms.organisations.set_email(visit.signed_in.user.id, email)
    except AccessError as error:
        return visit.page("email.html", 422, email=email, error=said(visit.texts, error))
    return visit.redirect("/account")


def choose_language(visit: Visit) -> Response:
    """For this browser; none of `LANGUAGES` is what the browser itself asks for."""
    answer, language = visit.redirect("/account"), visit.form.get("language", "")
    if language in LANGUAGES:
        visit.remember_language(answer, language)
    else:
        visit.forget_language(answer)
    return answer


def count_me(visit: Visit) -> Response:
    """Whether hits of this browser count from now on, on every site of this server."""
    answer = visit.redirect("/account")
    if visit.checked("on"):
        visit.forget_not_me(answer)
    else:
        visit.remember_not_me(answer)
    return answer


def _again(visit: Visit, error: str) -> Response:
    return _page(visit, 422, error)


def _page(visit: Visit, status: int, error: str | None) -> Response:
    languages = [("", visit.texts("language-of-browser")), *LANGUAGES.items()]
    chosen = visit.chosen_language or ""
    return visit.page("account.html", status, error=error, languages=languages, chosen=chosen)
