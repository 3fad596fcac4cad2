"""The owner's one-time link, signing in and signing out."""

import re
from collections.abc import Mapping
from urllib.parse import urlencode

from starlette.responses import Response

from leadline.access import (
    AccessError,
    Actor,
    Change,
    InvitationOver,
    RateLimited,
    Role,
    SecondFactorNeeded,
    Stale,
)
from leadline.dashboard.errors import said
from leadline.dashboard.visit import (
    SECOND_STEP_COOKIE,
    Refused,
    TooManyAttempts,
    Visit,
)

HOME = "/sites"
SECOND_STEP = "/sign-in/code"
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
    form, rooms = visit.form, visit.rooms
    if form.get("password") != form.get("password_again"):
        return _owner_form_again(visit, visit.texts("passwords-differ"))
    email, name = form.get("email", "").strip(), form.get("name", "").strip()
    change = Change("user.create", email, details={"role": Role.OWNER.value})
    actor = Actor(name or email, email, address=visit.address)
    try:
        with rooms.audit.noting(rooms.organisations.first().id, actor, change):
            user = rooms.invitations.accept(
                visit.path["secret"], email=email, password=form.get("password", ""), name=name
            )
    except InvitationOver:
        raise _over() from None
    except AccessError as error:
        return _owner_form_again(visit, said(visit.texts, error))
    return visit.sign_in(rooms.sessions.open(user.id, visit.device), HOME)


def _owner_form_again(visit: Visit, error: str) -> Response:
    return visit.page("owner.html", 422, values=visit.form, error=error)


def _check_invitation(visit: Visit) -> None:
    if not visit.rooms.invitations.is_open(visit.path["secret"]):
        raise _over()


def _over() -> Refused:
    return Refused(410, "invitation-over")


def sign_in_form(visit: Visit) -> Response:
    if visit.session is not None:
        return visit.redirect(onward(visit.query))
    return sign_in_page(visit, 200, onward(visit.query))


def sign_in_page(
    visit: Visit, status: int, after: str, email: str = "", error: str | None = None
) -> Response:
    return visit.page("sign_in.html", status, next=after, email=email, error=error)


def sign_in(visit: Visit) -> Response:
    email, after = visit.form.get("email", "").strip(), onward(visit.form)
    try:
        secret = visit.rooms.sessions.sign_in(
            email, visit.form.get("password", ""), address=visit.address, device=visit.device
        )
    except SecondFactorNeeded as more:
        return ask_second_factor(visit, more, after)
    except RateLimited as error:
        raise TooManyAttempts(error.retry_after) from None
    except AccessError as error:
        wrong = said(visit.texts, error)
        return sign_in_page(visit, 401, after, email, wrong)
    return visit.sign_in(secret, after)


def ask_second_factor(visit: Visit, more: SecondFactorNeeded, after: str) -> Response:
    return visit.ask_second_factor(more.pending, f"{SECOND_STEP}?{urlencode({'next': after})}")


def second_step_form(visit: Visit) -> Response:
    return _second_step_page(visit, 200, onward(visit.query), None)


def second_step(visit: Visit) -> Response:
    after, pending = onward(visit.form), visit.request.cookies.get(SECOND_STEP_COOKIE, "")
    try:
        secret = visit.rooms.second_factors.sign_in(
            pending, visit.form.get("code", ""), address=visit.address, device=visit.device
        )
    except Stale:
        return visit.redirect("/sign-in")
    except RateLimited as error:
        raise TooManyAttempts(error.retry_after) from None
    except AccessError as error:
        return _second_step_page(visit, 401, after, said(visit.texts, error))
    return visit.sign_in(secret, after)


def _second_step_page(visit: Visit, status: int, after: str, error: str | None) -> Response:
    try:
        factors = visit.rooms.second_factors.pending(
            visit.request.cookies.get(SECOND_STEP_COOKIE, "")
        )
    except Stale:
        return visit.redirect("/sign-in")
    return visit.page("second_step.html", status, factors=factors, next=after, error=error)


def sign_out(visit: Visit) -> Response:
    return visit.sign_out("/sign-in")


def onward(asked: Mapping[str, str], default: str = HOME) -> str:
    """Where `next` leads: to a page of this server, whatever was asked for."""
    address = asked.get("next", "")
    return address if _OWN_ADDRESS.fullmatch(address) else default
