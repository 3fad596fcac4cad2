"""Passkeys: adding and removing them, signing in and confirming with one."""

from starlette.responses import Response

from leadline.access import AccessError, RateLimited, WrongPasskey
from leadline.dashboard.confirming import DEFAULT, confirm_page, confirmed
from leadline.dashboard.errors import said
from leadline.dashboard.second_factor import codes_page
from leadline.dashboard.security import SECURITY
from leadline.dashboard.signing_in import onward, sign_in_page
from leadline.dashboard.visit import TooManyAttempts, Visit


def new_passkey_form(visit: Visit) -> Response:
    return _new_page(visit, 200, None)


def add_passkey(visit: Visit) -> Response:
    """The one answer that shows recovery codes, if there were none."""
    user, form = visit.signed_in.user, visit.form
    try:
        codes = visit.rooms.passkeys.add(
            user, form.get("name", "").strip(), form.get("answer", ""), visit.origin
        )
    except AccessError as error:
        return _new_page(visit, 422, said(visit.texts, error))
    return codes_page(visit, codes) if codes else visit.redirect(SECURITY)


def remove_passkey(visit: Visit) -> Response:
    visit.rooms.passkeys.remove(visit.signed_in.user.id, int(visit.path["passkey"]))
    return visit.redirect(SECURITY)


def sign_in(visit: Visit) -> Response:
    after = onward(visit.form)
    try:
        secret = visit.rooms.passkeys.sign_in(
            visit.form.get("answer", ""),
            visit.origin,
            address=visit.address,
            device=visit.device,
        )
    except RateLimited as error:
        raise TooManyAttempts(error.retry_after) from None
    except AccessError as error:
        return sign_in_page(visit, 401, after, error=said(visit.texts, error))
    return visit.sign_in(secret, after)


def confirm(visit: Visit) -> Response:
    after, answer = onward(visit.form, DEFAULT), visit.form.get("answer", "")
    try:
        user = visit.rooms.passkeys.verify(answer, visit.origin, address=visit.address)
        if user != visit.signed_in.user.id:
            raise WrongPasskey
    except RateLimited as error:
        raise TooManyAttempts(error.retry_after) from None
    except AccessError as error:
        return confirm_page(visit, 401, after, said(visit.texts, error))
    return confirmed(visit, after)


def _new_page(visit: Visit, status: int, error: str | None) -> Response:
    return visit.page(
        "new_passkey.html",
        status,
        error=error,
        options=visit.rooms.passkeys.offer(visit.signed_in.user, visit.origin),
        name=visit.form.get("name", "") if visit.body else "",
    )
