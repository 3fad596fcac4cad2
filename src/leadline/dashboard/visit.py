"""One request to the pages: who is asking, what was sent, and what an answer is made of."""

import hmac
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum
from functools import cached_property
from hashlib import blake2b
from pathlib import Path
from urllib.parse import parse_qs, quote

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from leadline.access import (
    Actor,
    AuditLog,
    Change,
    Device,
    Identities,
    Invitations,
    MemberInvitations,
    Members,
    Organisation,
    Organisations,
    Passkeys,
    PasswordResets,
    Role,
    Seals,
    SecondFactors,
    Session,
    Sessions,
    Shares,
    Tokens,
)
from leadline.alerts import History, Rules
from leadline.clock import Clock
from leadline.cookies import NOT_ME
from leadline.dashboard.rendering import render
from leadline.dashboard.texts import Texts, texts_for
from leadline.mail import Subscriptions
from leadline.network import TrustedProxies
from leadline.openid import Provider
from leadline.reports import Funnels, Goals, Reports, Segments
from leadline.sites import (
    BlockRules,
    Milestones,
    OrganisationId,
    ShareLinks,
    Site,
    SiteNotFound,
    Sites,
)
from leadline.tracker import Addresses
from leadline.webhooks import Courier, Deliveries, Webhooks

SESSION_COOKIE = "leadline_session"
FORM_COOKIE = "leadline_form"
SECOND_STEP_COOKIE = "leadline_second_step"
JOURNEY_COOKIE = "leadline_openid"
LANGUAGE_COOKIE = "leadline_language"
COOKIE_SECONDS = 90 * 86_400
SECOND_STEP_SECONDS = 600
JOURNEY_VALID = timedelta(minutes=10)
PREFERENCE_SECONDS = 400 * 86_400

SHARES = "/share/"
"""Below it is what sites show to people who are not signed in."""


def policy(frame_ancestors: str = "'none'") -> str:
    """The Content-Security-Policy of a page that pages of these sources may frame."""
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
        " connect-src 'self'; form-action 'self'; base-uri 'none';"
        f" frame-ancestors {frame_ancestors}"
    )


HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": policy(),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


@dataclass(frozen=True)
class Rooms:
    """What the pages ask."""

    sites: Sites
    block_rules: BlockRules
    tokens: Tokens
    organisations: Organisations
    sessions: Sessions
    second_factors: SecondFactors
    passkeys: Passkeys
    password_resets: PasswordResets
    identities: Identities
    provider: Provider | None
    seals: Seals
    invitations: Invitations
    audit: AuditLog
    members: Members
    member_invitations: MemberInvitations
    share_links: ShareLinks
    shares: Shares
    reports: Reports
    segments: Segments
    goals: Goals
    funnels: Funnels
    milestones: Milestones
    webhooks: Webhooks
    deliveries: Deliveries
    courier: Courier
    alert_rules: Rules
    alert_history: History
    subscriptions: Subscriptions
    sends_reports: bool
    addresses: Addresses
    has_untrusted_proxy: Callable[[], bool]
    make_demo: Callable[[OrganisationId], bool]
    browser: Path | None
    device_of: Callable[[bytes], Device]
    clock: Clock


class Needs(Enum):
    """Who may see a page."""

    NOBODY = "anybody"
    SESSION = "whoever is signed in"
    EDITOR = "who may change the site"
    SITE_ADMIN = "who may say who has the site"
    MANAGER = "an owner or an admin"
    OWNER = "an owner"


class First(Exception):
    """Another `page` comes first; it leads on to the one that was asked for, or to `otherwise`."""

    page: str
    otherwise = ""


class SignInFirst(First):
    """The page is for people who are signed in."""

    page = "/sign-in"


class SetUpFirst(First):
    """The organisation wants a second factor, and this person has none."""

    page = "/account/second-factor"


class ConfirmFirst(First):
    """The page is for people who have just proved who they are."""

    page = "/account/confirm"
    otherwise = "/account/security"


class Refused(Exception):
    """A page that says no. Its title is the text `key`, and what it says the text `key`-text."""

    def __init__(self, status: int, key: str, **arguments: str | int) -> None:
        super().__init__(key)
        self.status = status
        self.key = key
        self.arguments = arguments
        self.headers: dict[str, str] = {}


class TooManyAttempts(Refused):
    """`retry_after` is in whole seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(429, "too-many-attempts", minutes=-(-retry_after // 60))
        self.headers["Retry-After"] = str(retry_after)


@dataclass
class Visit:
    """A request as the handler of a page sees it. `body` is that of a form, else empty.

    `headers` go with every page that answers it.
    """

    rooms: Rooms
    request: Request
    proxies: TrustedProxies
    public_url: str | None
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=lambda: HEADERS)
    _new_form_secret: str | None = field(default=None, init=False)

    # What was sent

    @property
    def path(self) -> Mapping[str, str]:
        return self.request.path_params

    @property
    def query(self) -> Mapping[str, str]:
        return self.request.query_params

    @cached_property
    def form(self) -> Mapping[str, str]:
        """The fields of the form, the last of each name."""
        return {name: values[-1] for name, values in self._fields.items()}

    def values(self, name: str) -> list[str]:
        """Those of all the form's fields of a name, in order."""
        return self._fields.get(name, [])

    @cached_property
    def _fields(self) -> dict[str, list[str]]:
        try:
            return parse_qs(self.body.decode(), keep_blank_values=True, errors="strict")
        except ValueError:
            raise Refused(400, "unreadable-form") from None

    def checked(self, name: str) -> bool:
        return name in self.form

    @property
    def is_fragment(self) -> bool:
        """Whether a script asks, for a part of the page that is there already."""
        return self.request.headers.get("hx-request") == "true"

    # Who is asking

    @property
    def is_shared(self) -> bool:
        """Whether the page looks the same to everybody, whoever is signed in."""
        path: str = self.request.scope["path"]
        return path.startswith(SHARES)

    @cached_property
    def session(self) -> Session | None:
        if self.is_shared:
            return None
        return self.rooms.sessions.find(self.request.cookies.get(SESSION_COOKIE))

    @property
    def signed_in(self) -> Session:
        if self.session is None:
            raise SignInFirst
        return self.session

    @property
    def organisation(self) -> Organisation:
        return self.signed_in.organisation

    @cached_property
    def site(self) -> Site:
        """The site of the address, inactive or not.

        Raises `SiteNotFound`, also for one that whoever asks was not given.
        """
        name = self.path["site"]
        site = self.rooms.sites.get(self.organisation.id, name)
        if not self.signed_in.abilities.may_read(site.id):
            raise SiteNotFound(name)
        return site

    @property
    def may_manage(self) -> bool:
        """Whether they have all sites, and manage tokens and people too."""
        return self.session is not None and self.session.role.may_manage

    @property
    def may_edit(self) -> bool:
        """Whether they may change the site of the address."""
        return self.session is not None and self._may(Needs.EDITOR)

    @property
    def may_administer(self) -> bool:
        """Whether they may say who has the site of the address."""
        return self.session is not None and self._may(Needs.SITE_ADMIN)

    def require(self, needs: Needs) -> None:
        """Raises `SignInFirst`, `SiteNotFound`, `Refused`."""
        if needs is Needs.NOBODY:
            return
        if "site" in self.path:
            self.site  # noqa: B018  (nobody learns more of a site that is not theirs)
        if not self._may(needs):
            raise Refused(403, "not-yours-to-do")

    def _may(self, needs: Needs) -> bool:
        session = self.signed_in
        match needs:
            case Needs.EDITOR:
                return session.abilities.may_manage(self.site.id)
            case Needs.SITE_ADMIN:
                return session.abilities.may_administer(self.site.id)
            case Needs.MANAGER:
                return session.role.may_manage
            case Needs.OWNER:
                return session.role is Role.OWNER
        return True

    def require_factor(self) -> None:
        """Raises `SetUpFirst`."""
        if self.session is not None and self.session.must_set_up_factor:
            raise SetUpFirst

    def require_confirmed(self) -> None:
        """Raises `ConfirmFirst`."""
        if not self.signed_in.is_confirmed(self.rooms.clock()):
            raise ConfirmFirst

    @property
    def device(self) -> Device:
        """The browser and the system that the request comes from."""
        return self.rooms.device_of(self.request.headers.get("user-agent", "").encode("latin-1"))

    @property
    def address(self) -> str:
        """Where the request comes from, as far as trusted proxies say."""
        return str(self.proxies.client(self._peer, self.request.headers.raw))

    @cached_property
    def origin(self) -> str:
        """The server's address as the world sees it."""
        scheme = self.request.scope["scheme"]
        return self.public_url or self.proxies.origin(self._peer, self.request.headers.raw, scheme)

    @cached_property
    def passkey_options(self) -> str | None:
        """With which this browser asks for a passkey; None where there can be none."""
        passkeys = self.rooms.passkeys
        return passkeys.ask(self.origin) if passkeys.work_at(self.origin) else None

    @property
    def _peer(self) -> str | None:
        return self.request.client.host if self.request.client else None

    # Forms that nobody else can send

    @cached_property
    def form_token(self) -> str:
        """What a form of this visitor carries; it is made of a cookie that others cannot read."""
        return _token_of(self._form_secret())

    def check_form_token(self) -> None:
        """Raises `Refused` unless the form came from a page of ours, shown to this visitor."""
        if not hmac.compare_digest(self.form.get("form_token", "").encode(), self._expected()):
            raise Refused(403, "form-too-old")

    def _expected(self) -> bytes:
        return self.form_token.encode()

    def _form_secret(self) -> str:
        cookies = self.request.cookies
        if self.session is not None:
            return cookies[SESSION_COOKIE]
        known = cookies.get(FORM_COOKIE)
        if not known:
            known = self._new_form_secret = secrets.token_urlsafe(32)
        return known

    # Answering

    def page(self, template: str, status: int = 200, **values: object) -> Response:
        html = render(self.texts, template, visit=self, **values)
        response = HTMLResponse(html, status, self.headers)
        if self._new_form_secret is not None:
            self._set_cookie(response, FORM_COOKIE, self._new_form_secret, None)
        return response

    def redirect(self, address: str) -> Response:
        """Lead on after a form, with GET."""
        return RedirectResponse(address, 303, {"Cache-Control": "no-store"})

    def sign_in(self, secret: str, address: str) -> Response:
        """Lead on as somebody who is signed in from now on."""
        self.rooms.sessions.end(self.request.cookies.get(SESSION_COOKIE))
        self._note_session("session.create", self.rooms.sessions.find(secret))
        response = self.redirect(address)
        self._set_cookie(response, SESSION_COOKIE, secret, COOKIE_SECONDS)
        for cookie in (SECOND_STEP_COOKIE, JOURNEY_COOKIE):
            if cookie in self.request.cookies:
                response.delete_cookie(cookie)
        return response

    def leave(self, address: str, journey: str) -> Response:
        """Lead on, with what has to be known at the next step of a journey to the provider."""
        response = self.redirect(address)
        seconds = int(JOURNEY_VALID.total_seconds())
        self._set_cookie(response, JOURNEY_COOKIE, journey, seconds)
        return response

    def ask_second_factor(self, pending: str, address: str) -> Response:
        """Lead on as somebody whose password was right."""
        response = self.redirect(address)
        self._set_cookie(response, SECOND_STEP_COOKIE, pending, SECOND_STEP_SECONDS)
        return response

    def sign_out(self, address: str) -> Response:
        self.rooms.sessions.end(self.request.cookies.get(SESSION_COOKIE))
        self._note_session("session.delete", self.session)
        response = self.redirect(address)
        response.delete_cookie(SESSION_COOKIE)
        return response

    def _note_session(self, action: str, session: Session | None) -> None:
        if session is not None:
            actor = Actor.of_user(session.user, self.address)
            self.rooms.audit.record(session.organisation.id, actor, Change(action, session.id))

    # In which language

    @cached_property
    def texts(self) -> Texts:
        return texts_for(self.request.headers.get("accept-language"), self.chosen_language)

    @property
    def chosen_language(self) -> str | None:
        return self.request.cookies.get(LANGUAGE_COOKIE)

    def remember_language(self, response: Response, language: str) -> None:
        self._set_cookie(response, LANGUAGE_COOKIE, language, PREFERENCE_SECONDS)

    def forget_language(self, response: Response) -> None:
        response.delete_cookie(LANGUAGE_COOKIE)

    # Whether one's own visits count

    @property
    def counts(self) -> bool:
        """Whether hits of this browser count, as far as it sends its cookie with them."""
        return self.request.cookies.get(NOT_ME) != "1"

    def remember_not_me(self, response: Response) -> None:
        """For as long as browsers keep a cookie; other sites have to send it along."""
        secure = self.origin.startswith("https:")
        response.set_cookie(
            NOT_ME,
            "1",
            max_age=PREFERENCE_SECONDS,
            httponly=True,
            samesite="none" if secure else "lax",
            secure=secure,
        )

    def forget_not_me(self, response: Response) -> None:
        response.delete_cookie(NOT_ME)

    def _set_cookie(self, response: Response, name: str, value: str, max_age: int | None) -> None:
        secure = self.origin.startswith("https:")
        response.set_cookie(
            name, value, max_age=max_age, httponly=True, samesite="lax", secure=secure
        )


def _token_of(secret: str) -> str:
    key = blake2b(secret.encode("utf-8", "surrogateescape"), digest_size=32).digest()
    return blake2b(b"form", key=key, digest_size=24).hexdigest()


def path_to(*parts: str) -> str:
    """An address below `/` of these parts."""
    return "/" + "/".join(quote(part, safe="") for part in parts)
