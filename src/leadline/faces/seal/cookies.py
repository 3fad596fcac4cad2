"""The cookies of people who sign in at the API."""

import hmac
import secrets
from collections.abc import Callable, Mapping

from leadline.access import ACCESS_VALID, Granted
from leadline.faces.endpoint import Cookie
from leadline.faces.seal.errors import CsrfFailed

ACCESS_COOKIE = "sm_access_token"
REFRESH_COOKIE = "sm_refresh_token"
CSRF_COOKIE = "sm_csrf_token"
CSRF_HEADER = b"x-csrf-token"
PENDING_COOKIE = "sm_pending_2fa"

_REFRESH_SECONDS = 90 * 86_400
_PENDING_SECONDS = 600


def give(set_cookie: Callable[[Cookie], None], granted: Granted) -> None:
    seconds = int(ACCESS_VALID.total_seconds())
    set_cookie(Cookie(ACCESS_COOKIE, granted.access, seconds))
    set_cookie(Cookie(REFRESH_COOKIE, granted.refresh, _REFRESH_SECONDS))
    word = secrets.token_urlsafe(32)
    set_cookie(Cookie(CSRF_COOKIE, word, _REFRESH_SECONDS, for_http_only=False))
    set_cookie(Cookie(PENDING_COOKIE, "", 0))


def give_pending(set_cookie: Callable[[Cookie], None], pending: str) -> None:
    set_cookie(Cookie(PENDING_COOKIE, pending, _PENDING_SECONDS))


def take_back(set_cookie: Callable[[Cookie], None]) -> None:
    for name in (ACCESS_COOKIE, REFRESH_COOKIE, CSRF_COOKIE):
        set_cookie(Cookie(name, "", 0))


def check_csrf(cookies: Mapping[str, str], headers: Mapping[bytes, bytes]) -> None:
    """Raises `CsrfFailed` unless the header says what the cookie does."""
    word, said = cookies.get(CSRF_COOKIE, "").encode(), headers.get(CSRF_HEADER, b"")
    if not word or not hmac.compare_digest(word, said):
        raise CsrfFailed
