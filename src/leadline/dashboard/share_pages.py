"""What a site shows to people who are not signed in, at the addresses below /share."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import NamedTuple
from urllib.parse import urlencode

from starlette.responses import Response

from leadline.access import (
    PASS_VALID,
    RateLimited,
    Share,
    ShareNotFound,
    WrongSharePassword,
)
from leadline.dashboard import report
from leadline.dashboard.report import Audience
from leadline.dashboard.visit import HEADERS, Refused, TooManyAttempts, Visit, path_to, policy
from leadline.reports import Condition, read_condition
from leadline.sites import ANYWHERE, Site

PASSWORD = "password"
"""In the query, the SHA-256 of the share's password in hex, as published plug-ins send it."""
PASS = "pass"
"""In the query, what stands for the password afterwards, where no cookie can."""

RELOAD = {"HX-Refresh": "true"}
"""Has a page asked for again of which a part is to be had no more."""

QUIET = HEADERS | {"Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex"}
"""Nothing of a share spreads: neither its address, nor what is in it."""


class Entry(NamedTuple):
    """How somebody got in. `new` is to be remembered; `carried` goes along in every link."""

    new: str | None = None
    carried: str | None = None


def show(visit: Visit) -> Response:
    return _shown(visit, report.show_report)


def show_panel(visit: Visit) -> Response:
    return _shown(visit, partial(report.show_panel, panel=visit.path["panel"]))


def download_panel(visit: Visit) -> Response:
    return _shown(visit, partial(report.download, panel=visit.path["panel"]))


def show_live(visit: Visit) -> Response:
    return _shown(visit, report.show_live)


def enter(visit: Visit) -> Response:
    """Leads on to what was asked for, as somebody who knows the password."""
    share = _share(visit)
    onward, query = _address(visit, share), _query(visit)
    if _is_known(visit, share):
        return visit.redirect(_with(onward, query))
    try:
        new = visit.rooms.shares.enter(share, visit.form.get("password", ""), address=visit.address)
    except WrongSharePassword:
        return _ask(visit, share, is_wrong=True)
    except RateLimited as error:
        raise TooManyAttempts(error.retry_after) from None
    if not _keeps_cookies(visit):
        query.append((PASS, new))
    response = visit.redirect(_with(onward, query))
    _remember(visit, share, response, new)
    return response


def headers_of(site: Site) -> Mapping[str, str]:
    """Those of a page that shows the site: they say whose pages may frame it."""
    if not site.embed_on:
        return QUIET
    others = {name: value for name, value in QUIET.items() if name != "X-Frame-Options"}
    return others | {"Content-Security-Policy": policy(_ancestors(site))}


def _ancestors(site: Site) -> str:
    """Of either scheme, whatever the server's own is."""
    if ANYWHERE in site.embed_on:
        return ANYWHERE
    sources = [f"{scheme}://{host}" for host in site.embed_on for scheme in ("https", "http")]
    return " ".join(["'self'", *sources])


def _shown(visit: Visit, draw: Callable[[Visit, Audience], Response]) -> Response:
    """What the share shows, or the form that asks for its password."""
    share = _share(visit)
    try:
        entry = _entry(visit, share)
    except WrongSharePassword:
        return _ask(visit, share, is_wrong=True)
    except RateLimited as error:
        raise TooManyAttempts(error.retry_after) from None
    if entry is None:
        return _ask(visit, share)
    visit.rooms.shares.note_use(share)
    response = draw(visit, _audience(visit, share, entry))
    if entry.new is not None:
        _remember(visit, share, response, entry.new)
    return response


def _share(visit: Visit) -> Share:
    """Raises `Refused`, in the same way whatever it is that is not there."""
    shares, code, token = visit.rooms.shares, visit.path["code"], visit.path.get("token")
    visit.headers = QUIET
    try:
        share = shares.of_site(code) if token is None else shares.of_link(code, token)
    except ShareNotFound:
        refused = Refused(404, "no-page")
        if visit.is_fragment:
            refused.headers |= RELOAD
        raise refused from None
    visit.headers = headers_of(share.site)
    return share


def _entry(visit: Visit, share: Share) -> Entry | None:
    """None for whoever has to be asked. Raises `WrongSharePassword`, `RateLimited`."""
    shares = visit.rooms.shares
    if _is_known(visit, share):
        return Entry()
    given = visit.query.get(PASS)
    if given is None or not shares.is_open(share, given):
        if PASSWORD not in visit.query:
            return None
        given = shares.enter_by_secret(share, visit.query[PASSWORD], address=visit.address)
    return Entry(given, None if _keeps_cookies(visit) else given)


def _is_known(visit: Visit, share: Share) -> bool:
    """Whether nobody is asked, or the browser remembers that somebody was."""
    return visit.rooms.shares.is_open(share, visit.request.cookies.get(_cookie(share)))


def _keeps_cookies(visit: Visit) -> bool:
    """Whether the page is one of its own, and not in a frame of a page of somebody else."""
    return visit.request.headers.get("sec-fetch-dest") == "document"


def _audience(visit: Visit, share: Share, entry: Entry) -> Audience:
    return Audience(
        share.site,
        _address(visit, share),
        limit=_limit(share),
        is_shared=True,
        words="" if share.link is None else share.link.condition_name,
        extra=() if entry.carried is None else ((PASS, entry.carried),),
    )


def _limit(share: Share) -> Condition | None:
    if share.link is None or share.link.condition is None:
        return None
    return read_condition(share.link.condition)


def _ask(visit: Visit, share: Share, *, is_wrong: bool = False) -> Response:
    if visit.is_fragment:
        return Response(status_code=401, headers=RELOAD)
    action = _with(_address(visit, share), _query(visit))
    status = 401 if is_wrong else 200
    return visit.page("share_password.html", status, action=action, is_wrong=is_wrong)


def _query(visit: Visit) -> list[tuple[str, str]]:
    """What was asked for, without what opens the share."""
    asked = visit.request.query_params.multi_items()
    return [(name, value) for name, value in asked if name not in (PASSWORD, PASS)]


def _with(address: str, query: list[tuple[str, str]]) -> str:
    return f"{address}?{urlencode(query)}" if query else address


def _address(visit: Visit, share: Share) -> str:
    """The code in the case that it was asked for in: a cookie goes by that."""
    more = ("l", share.link.token) if share.link else ()
    return path_to("share", visit.path["code"], *more)


def _cookie(share: Share) -> str:
    return "leadline_share_link" if share.link else "leadline_share"


def _remember(visit: Visit, share: Share, response: Response, new: str) -> None:
    """In a cookie of this share alone; a page of another site that frames it has one of its own."""
    is_secure = visit.origin.startswith("https:")
    in_frames = is_secure and bool(share.site.embed_on)
    response.set_cookie(
        _cookie(share),
        new,
        max_age=int(PASS_VALID.total_seconds()),
        path=_address(visit, share),
        httponly=True,
        samesite="none" if in_frames else "lax",
        secure=is_secure,
    )
    if in_frames:  # which `set_cookie` says from Python 3.14 on
        name, value = response.raw_headers.pop()
        response.raw_headers.append((name, value + b"; Partitioned"))
