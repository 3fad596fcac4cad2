"""One's own second factor: setting up an authenticator app, recovery codes, turning it off."""

from urllib.parse import urlsplit

import segno
from markupsafe import Markup
from starlette.responses import Response

from leadline.access import (
    AccessError,
    NewApp,
    RateLimited,
    Stale,
    WrongCredentials,
)
from leadline.dashboard.errors import said
from leadline.dashboard.security import SECURITY, security_page
from leadline.dashboard.visit import TooManyAttempts, Visit


def set_up_form(visit: Visit) -> Response:
    app = visit.rooms.second_factors.offer(visit.signed_in.user, _issuer(visit))
    return _set_up_page(visit, 200, app, None)


def turn_on(visit: Visit) -> Response:
    """The one answer that shows recovery codes, if there were none."""
    factors, user, form = visit.rooms.second_factors, visit.signed_in.user, visit.form
    try:
        app = factors.offered(user, _issuer(visit), form.get("seal", ""))
        codes = factors.turn_on(user.id, app.seal, form.get("code", ""), address=visit.address)
    except Stale:
        return set_up_form(visit)
    except RateLimited as error:
        raise TooManyAttempts(error.retry_after) from None
    except AccessError as error:
        return _set_up_page(visit, 422, app, said(visit.texts, error))
    return codes_page(visit, codes) if codes else visit.redirect(SECURITY)


def turn_off(visit: Visit) -> Response:
    """Takes a password and a code."""
    user, form, rooms = visit.signed_in.user, visit.form, visit.rooms
    try:
        rooms.sessions.verify(user.email, form.get("password", ""), address=visit.address)
        rooms.second_factors.turn_off(user.id, form.get("code", ""), address=visit.address)
    except RateLimited as error:
        raise TooManyAttempts(error.retry_after) from None
    except WrongCredentials:
        return security_page(visit, 422, visit.texts("not-present-password"))
    except AccessError as error:
        return security_page(visit, 422, said(visit.texts, error))
    return visit.redirect(SECURITY)


def renew_codes(visit: Visit) -> Response:
    """The one answer that shows the new ones."""
    try:
        codes = visit.rooms.second_factors.renew_recovery_codes(visit.signed_in.user.id)
    except AccessError as error:
        return security_page(visit, 422, said(visit.texts, error))
    return codes_page(visit, codes)


def codes_page(visit: Visit, codes: tuple[str, ...]) -> Response:
    return visit.page("recovery_codes.html", codes=codes)


def _set_up_page(visit: Visit, status: int, app: NewApp, error: str | None) -> Response:
    return visit.page("second_factor.html", status, app=app, qr=_qr(app.address), error=error)


def _issuer(visit: Visit) -> str:
    """What an app shows beside the code, where somebody may have several servers."""
    return f"Leadline {urlsplit(visit.origin).hostname}"


def _qr(text: str) -> Markup:
    code = segno.make(text, error="m", micro=False)
    return Markup(code.svg_inline(dark="#000", light="#fff", omitsize=True, svgclass=None))
