"""People: signing in for a quarter of an hour at a time, and who one is."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Literal, cast

from pydantic import BaseModel, Field

from leadline.access import (
    ACCESS_VALID,
    Abilities,
    Actor,
    ApiSignIn,
    Caller,
    Change,
    Granted,
    SecondFactorNeeded,
    Session,
    SignedIn,
    Unauthenticated,
    User,
)
from leadline.faces.endpoint import Answer, Call, Endpoint, Need
from leadline.faces.seal.asked import number_in_path
from leadline.faces.seal.cookies import (
    PENDING_COOKIE,
    REFRESH_COOKIE,
    give,
    give_pending,
    take_back,
)
from leadline.faces.seal.errors import Forbidden, TwoFactorFirst
from leadline.faces.seal.shapes import Envelope, stamp

_GROUP = "Authentication"
READS = ["read", "stats:read", "sites:read", "accounts:read"]
WRITES = ["write", "channel_rules:write", "channel_rules:publish"]
"""The scopes of what may be read, and of what may be changed."""

# What is said and heard


class LoginRequest(BaseModel):
    email: str = Field(max_length=254)
    password: str = Field(max_length=1024)


class SecondFactorLogin(BaseModel):
    user_id: int
    code: str = Field(min_length=6, max_length=40)
    is_backup_code: bool = False
    pending_token: str | None = Field(
        default=None, max_length=4096, description="As it was answered; a cookie says it too."
    )


class PasswordResetRequest(BaseModel):
    email: str = Field(max_length=254)


class PasswordReset(BaseModel):
    token: str = Field(max_length=4096)
    new_password: str = Field(min_length=12, max_length=128)


class PasswordChange(BaseModel):
    current_password: str = Field(max_length=1024)
    new_password: str = Field(min_length=12, max_length=128)


class ProfileUpdate(BaseModel):
    name: str = Field(min_length=1, max_length=255)


class RegisterRequest(BaseModel):
    email: str = Field(max_length=254)
    name: str = Field(min_length=1, max_length=255)
    password: str = Field(min_length=12, max_length=128)
    accept_terms: bool


class SessionsQuery(BaseModel):
    include_current: bool = False


class UserInfo(Answer):
    id: int
    email: str
    name: str
    role: Literal["user", "superadmin"] = Field(description="Always `user`: nobody is above all.")
    is_active: bool
    email_verified_at: str | None
    last_login_at: str | None
    created_at: str
    account_ids: list[str] = Field(description="The slugs of the sites that they see.")
    two_factor_enabled: bool
    two_factor_enabled_at: str | None


class TokenResponse(Answer):
    access_token: str
    token_type: Literal["bearer"] = "bearer"
    expires_in: int = Field(description="In seconds.", examples=[900])
    user: UserInfo
    ip_filtered_accounts: list[str]
    client_ip: str


class TwoFactorRequired(Answer):
    requires_2fa: Literal[True] = True
    user_id: int
    message: str
    pending_token: str = Field(description="Valid for ten minutes, for /2fa/verify-login.")


class Said(Answer):
    message: str


class SessionInfo(Answer):
    id: int
    user_agent: str | None = Field(description="In words: browser and system.")
    ip_address: None = Field(description="Not kept.")
    created_at: str
    last_used_at: str
    is_current: bool


class SessionList(Answer):
    sessions: list[SessionInfo]
    total: int


class LoggedOut(Answer):
    message: str
    sessions_terminated: int


# What is done


def log_in(call: Call) -> Envelope[TokenResponse | TwoFactorRequired]:
    body = cast(LoginRequest, call.body)
    try:
        secret = call.services.sessions.sign_in(body.email, body.password, address=call.address)
    except SecondFactorNeeded as needed:
        give_pending(call.set_cookie, needed.pending)
        return Envelope(
            data=TwoFactorRequired(
                user_id=needed.user,
                message="Two-factor authentication required",
                pending_token=needed.pending,
            )
        )
    return Envelope(data=_sign_in(call, secret))


def verify_login(call: Call) -> Envelope[TokenResponse]:
    body = cast(SecondFactorLogin, call.body)
    pending = body.pending_token or call.cookies.get(PENDING_COOKIE, "")
    secret = call.services.second_factors.sign_in(pending, body.code, address=call.address)
    return Envelope(data=_sign_in(call, secret))


def refresh(call: Call) -> Envelope[TokenResponse]:
    secret = call.cookies.get(REFRESH_COOKIE)
    if not secret:
        raise Unauthenticated
    return Envelope(data=_granted(call, call.services.sign_ins.renew(secret, _claims(call))))


def log_out(call: Call) -> Envelope[Said]:
    call.services.sign_ins.end(call.person.user.id, call.person.sign_in)
    take_back(call.set_cookie)
    return Envelope(data=Said(message="Logged out"))


def get_me(call: Call) -> Envelope[UserInfo]:
    return Envelope(data=_user_info(call, call.person))


def update_me(call: Call) -> Envelope[UserInfo]:
    person = call.person
    name = cast(ProfileUpdate, call.body).name
    user = call.services.organisations.rename_user(person.user.id, name)
    return Envelope(data=_user_info(call, person, user))


def change_password(call: Call) -> Envelope[Said]:
    """Ends every session and every other sign-in."""
    body, person = cast(PasswordChange, call.body), call.person
    email = person.user.email
    call.services.sessions.verify(email, body.current_password, address=call.address)
    call.services.organisations.set_password(person.organisation, email, body.new_password)
    call.services.sign_ins.end_all(person.user.id, but=person.sign_in)
    return Envelope(data=Said(message="Password changed"))


def list_sessions(call: Call) -> Envelope[SessionList]:
    person = call.person
    found = [_session_info(each, person) for each in call.services.sign_ins.all_of(person.user.id)]
    return Envelope(data=SessionList(sessions=found, total=len(found)))


def end_sessions(call: Call) -> Envelope[LoggedOut]:
    person, query = call.person, cast(SessionsQuery, call.query)
    but = None if query.include_current else person.sign_in
    ended = call.services.sign_ins.end_all(person.user.id, but=but)
    return Envelope(data=LoggedOut(message="Sessions ended", sessions_terminated=ended))


def end_session(call: Call) -> Envelope[Said]:
    call.services.sign_ins.end(call.person.user.id, number_in_path(call, "session_id"))
    return Envelope(data=Said(message="Session ended"))


def forgot_password(call: Call) -> Envelope[Said]:
    """Says the same, whoever asks for whom."""
    body = cast(PasswordResetRequest, call.body)
    call.services.password_resets.ask(body.email, address=call.address)
    return Envelope(data=Said(message="If there is such an account, a link was sent to it"))


def reset_password(call: Call) -> Envelope[Said]:
    body = cast(PasswordReset, call.body)
    resets = call.services.password_resets
    user, organisation = resets.check(body.token)
    change = Change("user.password", user.email)
    with call.services.audit.noting(organisation, Actor.of_user(user, call.address), change):
        resets.reset(body.token, body.new_password)
    return Envelope(data=Said(message="Password changed"))


def register(call: Call) -> Envelope[Said]:
    raise Forbidden("Nobody signs up here: people are invited")


def _sign_in(call: Call, secret: str) -> TokenResponse:
    """Of what would have been a session of the pages; it is not used as one."""
    sessions = call.services.sessions
    session = sessions.find(secret)
    sessions.end(secret)
    if session is None:
        raise Unauthenticated
    _check_factor(session)
    device = call.services.device_of(call.user_agent)
    actor = Actor.of_user(session.user, call.address)
    with call.services.audit.noting(session.organisation.id, actor, Change("session.create")):
        granted = call.services.sign_ins.open(session.user.id, _claims(call), device)
    return _granted(call, granted)


def _check_factor(session: Session) -> None:
    if session.must_set_up_factor:
        raise TwoFactorFirst


def _granted(call: Call, granted: Granted) -> TokenResponse:
    give(call.set_cookie, granted)
    person = call.services.sign_ins.authenticate(granted.access)
    return TokenResponse(
        access_token=granted.access,
        expires_in=ACCESS_VALID // timedelta(seconds=1),
        user=_user_info(call, person),
        ip_filtered_accounts=[],
        client_ip=call.address,
    )


def _claims(call: Call) -> Callable[[SignedIn], Mapping[str, object]]:
    def claims(person: SignedIn) -> Mapping[str, object]:
        caller = Caller.of_person(person)
        return {"account_ids": _account_ids(call, caller), "scopes": scopes_of(caller.abilities)}

    return claims


def scopes_of(abilities: Abilities) -> list[str]:
    may_change = abilities.full or abilities.manages
    return [*READS, *WRITES] if may_change else list(READS)


def _account_ids(call: Call, caller: Caller) -> list[str]:
    return [
        site.slug
        for each in caller.everywhere
        for site in call.services.sites.list(each.organisation, visible=each.abilities.visible)
    ]


def _user_info(call: Call, person: SignedIn, user: User | None = None) -> UserInfo:
    known = user or person.user
    factor = call.services.second_factors.state(known.id)
    newest = next(iter(call.services.sign_ins.all_of(known.id)), None)
    return UserInfo(
        id=known.id,
        email=known.email,
        name=known.name,
        role="user",
        is_active=True,
        email_verified_at=None,
        last_login_at=None if newest is None else stamp(newest.created_at),
        created_at=stamp(known.created_at),
        account_ids=_account_ids(call, Caller.of_person(person)),
        two_factor_enabled=factor.is_on,
        two_factor_enabled_at=None if factor.app_since is None else stamp(factor.app_since),
    )


def _session_info(each: ApiSignIn, person: SignedIn) -> SessionInfo:
    words = ", ".join(filter(None, (each.device.browser, each.device.system)))
    return SessionInfo(
        id=each.id,
        user_agent=words or None,
        ip_address=None,
        created_at=stamp(each.created_at),
        last_used_at=stamp(each.last_used_at),
        is_current=each.id == person.sign_in,
    )


_WRONG = {401: "These are nobody's.", 422: "A field is invalid.", 429: "Too many attempts."}
_ERRORS = {403: "A token is nobody."}
_INVALID = _ERRORS | {422: "A field is invalid."}

ENDPOINTS = (
    Endpoint(
        "POST",
        "/auth/token",
        "Sign in",
        Need.NOTHING,
        log_in,
        Envelope[TokenResponse | TwoFactorRequired],
        description=(
            "The access token, good for 15 minutes, goes into `Authorization: Bearer`. What renews"
            " it is in the cookie `sm_refresh_token` alone. Cookies do as well, if a request that"
            " changes something has the value of `sm_csrf_token` in `X-CSRF-Token`."
        ),
        body=LoginRequest,
        errors=_WRONG | {403: "A second factor has to be set up first."},
        group=_GROUP,
    ),
    Endpoint(
        "POST",
        "/2fa/verify-login",
        "Sign in with a second factor",
        Need.NOTHING,
        verify_login,
        Envelope[TokenResponse],
        description="With a code of the app, or a recovery code.",
        body=SecondFactorLogin,
        errors=_WRONG | {400: "The password was given too long ago."},
        group=_GROUP,
    ),
    Endpoint(
        "POST",
        "/auth/refresh",
        "Renew the access token",
        Need.NOTHING,
        refresh,
        Envelope[TokenResponse],
        description="By the cookie, which is good for once; a second time ends the sign-in.",
        errors={401: "There is no such sign-in any more."},
        group=_GROUP,
    ),
    Endpoint(
        "POST",
        "/auth/logout",
        "Sign out",
        Need.PERSON,
        log_out,
        Envelope[Said],
        errors=_ERRORS,
        group=_GROUP,
        action="session.delete",
    ),
    Endpoint(
        "GET",
        "/auth/me",
        "Get who is signed in",
        Need.PERSON,
        get_me,
        Envelope[UserInfo],
        errors=_ERRORS,
        group=_GROUP,
    ),
    Endpoint(
        "GET",
        "/auth/sessions",
        "List sign-ins",
        Need.PERSON,
        list_sessions,
        Envelope[SessionList],
        description="Those at the API.",
        errors=_ERRORS,
        group=_GROUP,
    ),
    Endpoint(
        "DELETE",
        "/auth/sessions",
        "End sign-ins",
        Need.PERSON,
        end_sessions,
        Envelope[LoggedOut],
        query=SessionsQuery,
        errors=_INVALID,
        group=_GROUP,
        action="session.delete",
    ),
    Endpoint(
        "DELETE",
        "/auth/sessions/{session_id}",
        "End sign-in",
        Need.PERSON,
        end_session,
        Envelope[Said],
        errors=_INVALID | {404: "No such sign-in."},
        group=_GROUP,
        action="session.delete",
    ),
    Endpoint(
        "POST",
        "/auth/forgot-password",
        "Ask for a new password",
        Need.NOTHING,
        forgot_password,
        Envelope[Said],
        description="A link is sent to whoever has the address; the answer is always the same.",
        body=PasswordResetRequest,
        errors={422: "A field is invalid.", 429: "Too many attempts."},
        group=_GROUP,
    ),
    Endpoint(
        "POST",
        "/auth/reset-password",
        "Set a new password",
        Need.NOTHING,
        reset_password,
        Envelope[Said],
        body=PasswordReset,
        errors={400: "The link is over.", 422: "A field is invalid."},
        group=_GROUP,
    ),
    Endpoint(
        "POST",
        "/auth/register",
        "Sign up",
        Need.NOTHING,
        register,
        Envelope[Said],
        description="Not on this server: people are invited.",
        body=RegisterRequest,
        errors={403: "Nobody signs up here.", 422: "A field is invalid."},
        group=_GROUP,
    ),
    Endpoint(
        "GET",
        "/users/me",
        "Get own profile",
        Need.PERSON,
        get_me,
        Envelope[UserInfo],
        errors=_ERRORS,
        group=_GROUP,
    ),
    Endpoint(
        "PATCH",
        "/users/me",
        "Update own profile",
        Need.PERSON,
        update_me,
        Envelope[UserInfo],
        body=ProfileUpdate,
        errors=_INVALID,
        group=_GROUP,
        action="user.update",
    ),
    Endpoint(
        "POST",
        "/users/me/password",
        "Change own password",
        Need.PERSON,
        change_password,
        Envelope[Said],
        description="Every session and every other sign-in ends.",
        body=PasswordChange,
        errors=_INVALID | {401: "That is not the password.", 429: "Too many attempts."},
        group=_GROUP,
        action="user.password",
    ),
)
