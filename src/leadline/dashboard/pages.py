"""Every page there is, and the way from a request to its answer."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from urllib.parse import urlencode

from anyio.to_thread import run_sync
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from leadline.access import (
    AccessNotFound,
    Actor,
    Change,
    InvitationNotFound,
    MemberNotFound,
    OrganisationNotFound,
    PasskeyNotFound,
    SessionNotFound,
    TokenNotFound,
)
from leadline.alerts import AlertNotFound
from leadline.dashboard import (
    account,
    alerts,
    audit,
    checks,
    confirming,
    invitations,
    mails,
    not_counted,
    openid,
    organisation,
    passkeys,
    people,
    resetting,
    saved,
    second_factor,
    security,
    share_pages,
    sharing,
    signing_in,
    site_changes,
    site_people,
    sites,
    tokens,
    webhooks,
)
from leadline.dashboard.actions import ACTIONS
from leadline.dashboard.errors import said
from leadline.dashboard.rendering import render
from leadline.dashboard.static import PREFIX, serve_asset
from leadline.dashboard.visit import (
    First,
    Needs,
    Refused,
    Rooms,
    Visit,
)
from leadline.logs import logger
from leadline.network import TrustedProxies
from leadline.patience import GivenUp, TooSlow, in_thread, leaving
from leadline.reports import SavedNotFound
from leadline.sites import (
    BlockRuleNotFound,
    DomainNotFound,
    ShareLinkNotFound,
    SiteNotFound,
    UtmMappingNotFound,
)
from leadline.webhooks import WebhookNotFound

log = logger(__name__)

LARGEST_FORM = 64 * 1024


@dataclass(frozen=True)
class Page:
    """One row: a form that changes something is a POST, and carries the visitor's own token.

    `is_anyones` is a form that does no harm wherever it is sent from, and carries none. Before a
    page that is `sensitive` people prove who they are, unless they have just done so; one that is
    `of_set_up` is there for those who have to set up a second factor before anything else.
    """

    method: str
    path: str
    handle: Callable[[Visit], Response]
    needs: Needs = Needs.SESSION
    is_anyones: bool = False
    sensitive: bool = False
    of_set_up: bool = False


NOBODY, MANAGER, OWNER = Needs.NOBODY, Needs.MANAGER, Needs.OWNER
EDITOR, SITE_ADMIN = Needs.EDITOR, Needs.SITE_ADMIN
_FACTOR = "/account/second-factor"
_WEBHOOK = "/sites/{site}/webhooks/{webhook}"
_PASSKEY = "/account/passkeys/new"

PAGES = (
    Page("GET", "/", signing_in.home, NOBODY),
    Page("GET", "/owner/{secret}", signing_in.owner_form, NOBODY),
    Page("POST", "/owner/{secret}", signing_in.make_owner, NOBODY),
    Page("GET", "/sign-in", signing_in.sign_in_form, NOBODY),
    Page("POST", "/sign-in", signing_in.sign_in, NOBODY),
    Page("GET", "/sign-in/code", signing_in.second_step_form, NOBODY),
    Page("POST", "/sign-in/code", signing_in.second_step, NOBODY),
    Page("GET", "/sign-in/openid", openid.leave, NOBODY),
    Page("GET", openid.CALLBACK, openid.come_back, NOBODY),
    Page("POST", "/sign-in/passkey", passkeys.sign_in, NOBODY),
    Page("GET", "/reset", resetting.reset_form, NOBODY),
    Page("POST", "/reset", resetting.ask_reset, NOBODY),
    Page("GET", "/reset/{secret}", resetting.new_password_form, NOBODY),
    Page("POST", "/reset/{secret}", resetting.set_new_password, NOBODY),
    Page("POST", "/sign-out", signing_in.sign_out, of_set_up=True),
    Page("GET", "/account", account.show_account),
    Page("POST", "/account", account.change_password),
    Page("GET", "/account/email", account.email_form, sensitive=True),
    Page("POST", "/account/email", account.change_email, sensitive=True),
    Page("GET", "/account/security", security.show_security),
    Page("GET", "/account/confirm", confirming.confirm_form, of_set_up=True),
    Page("POST", "/account/confirm", confirming.confirm, of_set_up=True),
    Page("GET", _FACTOR, second_factor.set_up_form, sensitive=True, of_set_up=True),
    Page("POST", _FACTOR, second_factor.turn_on, sensitive=True, of_set_up=True),
    Page("POST", _FACTOR + "/off", second_factor.turn_off, sensitive=True),
    Page("POST", "/account/confirm/passkey", passkeys.confirm, of_set_up=True),
    Page("GET", _PASSKEY, passkeys.new_passkey_form, sensitive=True, of_set_up=True),
    Page("POST", _PASSKEY, passkeys.add_passkey, sensitive=True, of_set_up=True),
    Page("POST", "/account/passkeys/{passkey:int}/remove", passkeys.remove_passkey, sensitive=True),
    Page("POST", "/account/recovery-codes", second_factor.renew_codes, sensitive=True),
    Page("POST", "/account/sessions/end", security.end_other_sessions),
    Page("POST", "/account/sessions/{session}/end", security.end_session),
    Page("POST", "/organisation/second-factor", security.require_factor, OWNER, sensitive=True),
    Page("POST", "/account/language", account.choose_language),
    Page("POST", "/account/visits", account.count_me),
    Page("GET", "/sites", sites.list_sites),
    Page("POST", "/sites/demo", sites.make_demo, MANAGER),
    Page("GET", "/sites/new", site_changes.new_site_form, MANAGER),
    Page("POST", "/sites/new", site_changes.create_site, MANAGER),
    Page("GET", "/sites/{site}", sites.show_site),
    Page("GET", "/sites/{site}/install", sites.show_installation),
    Page("GET", "/sites/{site}/not-counted", not_counted.show_not_counted),
    Page("GET", "/sites/{site}/notices", sites.show_notices),
    Page("GET", "/sites/{site}/traffic", sites.show_traffic),
    Page("GET", "/sites/{site}/live", sites.show_live),
    Page("GET", "/sites/{site}/panels/{panel}.csv", sites.download_panel),
    Page("GET", "/sites/{site}/panels/{panel}", sites.show_panel),
    Page("GET", "/sites/{site}/check", checks.check_form, EDITOR),
    Page("POST", "/sites/{site}/check", checks.check, EDITOR),
    Page("GET", "/sites/{site}/edit", site_changes.edit_form, EDITOR),
    Page("POST", "/sites/{site}/edit", site_changes.change_site, EDITOR),
    Page("POST", "/sites/{site}/domains", site_changes.add_domain, EDITOR),
    Page("POST", "/sites/{site}/domains/remove", site_changes.remove_domain, EDITOR),
    Page("POST", "/sites/{site}/mappings", site_changes.add_mapping, EDITOR),
    Page("POST", "/sites/{site}/mappings/remove", site_changes.remove_mapping, EDITOR),
    Page("POST", "/sites/{site}/mappings/{mapping:int}", site_changes.switch_mapping, EDITOR),
    Page("POST", "/sites/{site}/wishes", site_changes.change_wishes, EDITOR),
    Page("POST", "/sites/{site}/retention", site_changes.change_retention, EDITOR),
    Page("POST", "/sites/{site}/rules", site_changes.add_block_rule, EDITOR),
    Page("POST", "/sites/{site}/rules/{rule:int}", site_changes.switch_block_rule, EDITOR),
    Page("POST", "/sites/{site}/rules/{rule:int}/remove", site_changes.remove_block_rule, EDITOR),
    Page("POST", "/sites/{site}/deactivate", site_changes.deactivate, SITE_ADMIN),
    Page("POST", "/sites/{site}/activate", site_changes.activate, SITE_ADMIN),
    Page("GET", "/sites/{site}/delete", site_changes.delete_form, MANAGER),
    Page("POST", "/sites/{site}/delete", site_changes.delete_site, MANAGER),
    Page("GET", "/sites/{site}/sharing", sharing.show_sharing, EDITOR),
    Page("POST", "/sites/{site}/sharing", sharing.change_sharing, EDITOR),
    Page("POST", "/sites/{site}/sharing/embedding", sharing.change_embedding, EDITOR),
    Page("POST", "/sites/{site}/sharing/end", sharing.end_sharing, EDITOR),
    Page("POST", "/sites/{site}/sharing/links", sharing.make_link, EDITOR),
    Page("POST", "/sites/{site}/sharing/links/{link:int}/revoke", sharing.revoke_link, EDITOR),
    Page("GET", "/sites/{site}/people", site_people.show_people, SITE_ADMIN),
    Page("POST", "/sites/{site}/people", site_people.give, SITE_ADMIN),
    Page("POST", "/sites/{site}/people/{user:int}/remove", site_people.take, SITE_ADMIN),
    Page("POST", "/sites/{site}/move", site_people.move, MANAGER),
    Page("GET", "/sites/{site}/mails", mails.show_mails),
    Page("POST", "/sites/{site}/mails", mails.change_mails),
    Page("GET", "/sites/{site}/alerts", alerts.show_alerts),
    Page("GET", "/sites/{site}/alerts/new", alerts.new_form, EDITOR),
    Page("POST", "/sites/{site}/alerts/new", alerts.create, EDITOR),
    Page("GET", "/sites/{site}/alerts/{rule:int}", alerts.edit_form, EDITOR),
    Page("POST", "/sites/{site}/alerts/{rule:int}", alerts.change, EDITOR),
    Page("POST", "/sites/{site}/alerts/{rule:int}/switch", alerts.switch, EDITOR),
    Page("POST", "/sites/{site}/alerts/{rule:int}/delete", alerts.delete, EDITOR),
    Page("POST", "/sites/{site}/alerts/history/{alert:int}", alerts.settle, EDITOR),
    Page("GET", "/sites/{site}/webhooks", webhooks.list_webhooks, EDITOR),
    Page("POST", "/sites/{site}/webhooks", webhooks.create, EDITOR),
    Page("GET", _WEBHOOK, webhooks.show_webhook, EDITOR),
    Page("POST", _WEBHOOK, webhooks.change, EDITOR),
    Page("POST", _WEBHOOK + "/switch", webhooks.switch, EDITOR),
    Page("POST", _WEBHOOK + "/test", webhooks.test, EDITOR),
    Page("POST", _WEBHOOK + "/rotate", webhooks.rotate, EDITOR),
    Page("POST", _WEBHOOK + "/delete", webhooks.delete, EDITOR),
    Page("GET", _WEBHOOK + "/deliveries/{delivery}", webhooks.show_delivery, EDITOR),
    Page("POST", _WEBHOOK + "/deliveries/{delivery}/replay", webhooks.replay, EDITOR),
    Page("GET", "/mails/end/{secret}", mails.end_form, NOBODY),
    Page("POST", "/mails/end/{secret}", mails.end_mails, NOBODY, is_anyones=True),
    Page("GET", "/sites/{site}/goals", sites.show_goals),
    Page("POST", "/sites/{site}/goals", saved.add_goal, EDITOR),
    Page("POST", "/sites/{site}/goals/{goal:int}/remove", saved.remove_goal, EDITOR),
    Page("GET", "/sites/{site}/funnels", sites.show_funnels),
    Page("POST", "/sites/{site}/funnels", saved.save_funnel, EDITOR),
    Page("POST", "/sites/{site}/funnels/{funnel:int}/remove", saved.remove_funnel, EDITOR),
    Page("POST", "/sites/{site}/segments", saved.save_segment, EDITOR),
    Page("POST", "/sites/{site}/segments/{segment:int}/remove", saved.remove_segment, EDITOR),
    Page("GET", "/people", people.list_people, MANAGER),
    Page("POST", "/people/invitations", people.invite, MANAGER),
    Page("POST", "/people/invitations/{invitation:int}/resend", people.resend, MANAGER),
    Page("POST", "/people/invitations/{invitation:int}/revoke", people.revoke, MANAGER),
    Page("GET", "/people/{user:int}", people.show_person, MANAGER),
    Page("POST", "/people/{user:int}/role", people.change_role, MANAGER),
    Page("POST", "/people/{user:int}/sites", people.give_sites, MANAGER),
    Page("POST", "/people/{user:int}/remove", people.remove, MANAGER),
    Page("GET", "/invitations/{secret}", invitations.invitation, NOBODY),
    Page("POST", "/invitations/{secret}", invitations.accept, NOBODY),
    Page("GET", "/organisation", organisation.show_organisation),
    Page("POST", "/organisation", organisation.change, OWNER),
    Page("POST", "/organisation/new", organisation.create, OWNER),
    Page("POST", "/organisation/choose", organisation.choose, of_set_up=True),
    Page("POST", "/organisation/leave", organisation.leave),
    Page("GET", "/organisation/delete", organisation.delete_form, OWNER, sensitive=True),
    Page("POST", "/organisation/delete", organisation.delete, OWNER, sensitive=True),
    Page("GET", "/audit", audit.show_audit, MANAGER),
    Page("GET", "/audit.csv", audit.download_audit, MANAGER),
    Page("GET", "/tokens", tokens.list_tokens, MANAGER),
    Page("POST", "/tokens", tokens.create_token, MANAGER),
    Page("POST", "/tokens/{token:int}/revoke", tokens.revoke_token, MANAGER),
    *(
        page
        for share in ("/share/{code}/l/{token}", "/share/{code}")
        for page in (
            Page("GET", share, share_pages.show, NOBODY),
            Page("POST", share, share_pages.enter, NOBODY, is_anyones=True),
            Page("GET", share + "/-/live", share_pages.show_live, NOBODY),
            Page("GET", share + "/-/panels/{panel}.csv", share_pages.download_panel, NOBODY),
            Page("GET", share + "/-/panels/{panel}", share_pages.show_panel, NOBODY),
            # Whatever else follows is a name that somebody made up.
            Page("GET", share + "/{slug:path}", share_pages.show, NOBODY),
        )
    ),
)

_MISSING = (
    AccessNotFound,
    InvitationNotFound,
    MemberNotFound,
    OrganisationNotFound,
    SiteNotFound,
    DomainNotFound,
    UtmMappingNotFound,
    BlockRuleNotFound,
    ShareLinkNotFound,
    TokenNotFound,
    AlertNotFound,
    WebhookNotFound,
    SavedNotFound,
    SessionNotFound,
    PasskeyNotFound,
)


class TookTooLong(Refused):
    """An answer that was given up after so many `seconds`."""

    def __init__(self, seconds: float) -> None:
        super().__init__(503, "took-too-long", seconds=f"{seconds:g}")
        self.headers["Retry-After"] = "60"


def pages(
    rooms: Rooms, proxies: TrustedProxies, public_url: str | None, patience: float
) -> ASGIApp:
    """Everything that is neither an API, nor a script, nor a hit.

    `patience` is for how many seconds the warehouse may work on a page.
    """

    def visit(request: Request, body: bytes = b"") -> Visit:
        return Visit(rooms, request, proxies, public_url, body)

    def route(page: Page) -> Route:
        async def answer(request: Request) -> Response:
            try:
                body = await _read(request) if page.method == "POST" else b""
                asked = visit(request, body)
                return await in_thread(lambda: leaving(request), patience, _answer, page, asked)
            except TooSlow:
                return await run_sync(_refuse, visit(request), TookTooLong(patience))
            except (ClientDisconnect, GivenUp):
                return Response(status_code=400)

        return Route(page.path, answer, methods=[page.method])

    async def refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        said = Refused(error.status_code, _REFUSALS[error.status_code], most=LARGEST_FORM // 1024)
        said.headers = dict(error.headers or {})
        return await run_sync(_refuse, visit(request), said)

    routes = [
        *(route(page) for page in PAGES),
        Route(PREFIX + "{name}", serve_asset, middleware=[Middleware(GZipMiddleware)]),
    ]
    router = _Pages(routes, default=_not_found, redirect_slashes=False)
    return ExceptionMiddleware(router, {HTTPException: refused})


class _Pages(Router):
    """Without an `app` in the scope, a route answers another method by itself, and with no page."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await super().__call__({**scope, "app": self}, receive, send)


_REFUSALS = {404: "no-page", 405: "no-such-method", 413: "form-too-large"}


def _answer(page: Page, visit: Visit) -> Response:
    try:
        visit.require(page.needs)
        if page.needs is not NOBODY and not page.of_set_up:
            visit.require_factor()
        if page.sensitive:
            visit.require_confirmed()
        if page.method == "POST" and not page.is_anyones:
            visit.check_form_token()
        with _noting(page, visit):
            return page.handle(visit)
    except First as first:
        return _lead_to(first, visit)
    except _MISSING as error:
        return _refuse(visit, Refused(404, "not-found", what=said(visit.texts, error)))
    except Refused as error:
        return _refuse(visit, error)
    except GivenUp:
        raise
    except Exception as error:
        log.error("page failed", path=page.path, exc_info=error)
        return HTMLResponse(render(visit.texts, "broken.html"), 500, visit.headers)


def _noting(page: Page, visit: Visit) -> AbstractContextManager[None]:
    """What the change does has an entry in the audit log, if it does something."""
    action = ACTIONS.get(page.handle)
    if page.method != "POST" or action is None or visit.session is None:
        return nullcontext()
    actor = Actor.of_user(visit.signed_in.user, visit.address)
    named = [str(value) for name, value in visit.path.items() if name != "site"]
    site = visit.path.get("site")
    resource = named[-1] if named else site or visit.form.get("name", "")
    details = {name: value for name, value in visit.form.items() if name != "form_token"}
    return visit.rooms.audit.noting(
        visit.organisation.id, actor, Change(action, resource, site, details)
    )


def _lead_to(first: First, visit: Visit) -> Response:
    """A form is not sent again."""
    if visit.is_fragment:
        return Response(status_code=401, headers={"HX-Refresh": "true"})
    asked, onward = visit.request.url, first.otherwise
    if visit.request.method == "GET":
        onward = asked.path + (f"?{asked.query}" if asked.query else "")
    return visit.redirect(f"{first.page}?{urlencode({'next': onward})}" if onward else first.page)


def _refuse(visit: Visit, error: Refused) -> Response:
    response = visit.page("refused.html", error.status, error=error)
    response.headers.update(error.headers)
    return response


async def _read(request: Request) -> bytes:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_FORM:
            raise HTTPException(413)
    return body


async def _not_found(*_: object) -> None:
    raise HTTPException(404)
