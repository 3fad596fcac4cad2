"""The owner's one-time link, signing in and signing out."""

import re

from starlette.responses import Response

from leadline.access import AccessError, InvitationOver, RateLimited
from leadline.dashboard.errors import said
from leadline.dashboard.visit import SESSION_COOKIE, Refused, TooManyAttempts, Visit

HOME = "/sites"
_OWN_ADDRESS = re.compile(r"/[\w-][!-\[\]-~]*", re.ASCII)


def home(visit: Visit) -> Response:
    if visit.session is not None:
        return visit.redirect(HOME)
    organisations = visit.rooms.organisations
    if organisations.owner(organisations.first().id) is None:
        return visit.page("no_owner.html")
    return visit.redirect("/sign-in")


def owner_form(visit: Visit) -> Response:
    _check_invitation(visit)
    return visit.page("owner.html", values={}, error=None)


def make_owner(visit: Visit) -> Response:
    _check_invitation(visit)
    form = visit.form
    if form.get("password") != form.get("password_again"):
        return _owner_form_again(visit, visit.texts("passwords-differ"))
    try:
        user = visit.rooms.invitations.accept(
            visit.path["secret"],
            email=form.get("email", "").strip(),
            password=form.get("password", ""),
            name=form.get("name", "").strip(),
        )
    except InvitationOver:
        raise _over() from None
    except AccessError as error:
        return _owner_form_again(visit, said(visit.texts, error))
    return visit.sign_in(visit.rooms.sessions.open(user.id), HOME)


def _owner_form_again(visit: Visit, error: str) -> Response:
    return visit.page("owner.html", 422, values=visit.form, error=error)


def _check_invitation(visit: Visit) -> None:
    if not visit.rooms.invitations.is_open(visit.path["secret"]):
        raise _over()


def _over() -> Refused:
    return Refused(410, "invitation-over")


def sign_in_form(visit: Visit) -> Response:
    if visit.session is not None:
        return visit.redirect(_next(visit.query.get("next")))
    return visit.page("sign_in.html", next=_next(visit.query.get("next")), email="", error=None)


def sign_in(visit: Visit) -> Response:
    email, onward = visit.form.get("email", "").strip(), _next(visit.form.get("next"))
    try:
        secret = visit.rooms.sessions.sign_in(
            email, visit.form.get("password", ""), address=visit.address
        )
    except RateLimited as error:
        raise TooManyAttempts(error.retry_after) from None
    except AccessError as error:
        wrong = said(visit.texts, error)
        return visit.page("sign_in.html", 401, next=onward, email=email, error=wrong)
    visit.rooms.sessions.end(visit.request.cookies.get(SESSION_COOKIE))
    return visit.sign_in(secret, onward)


def sign_out(visit: Visit) -> Response:
    visit.rooms.sessions.end(visit.request.cookies.get(SESSION_COOKIE))
    return visit.sign_out("/sign-in")


def _next(address: str | None) -> str:
    """Where to go after signing in: a page of this server, whatever was asked for."""
    if address and _OWN_ADDRESS.fullmatch(address):
        return address
    return HOME
