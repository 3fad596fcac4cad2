"""Whether a site's snippet is in a page, and what keeps it from counting."""

from threading import BoundedSemaphore

from starlette.responses import Response

from leadline.dashboard.findings import sentence
from leadline.dashboard.sites import first_page, named
from leadline.dashboard.visit import Refused, Visit
from leadline.doctor import (
    Doctor,
    Finding,
    InvalidAddress,
    Server,
    is_ill,
    named_in,
    server_at,
)
from leadline.sites import Site

_AT_ONCE = BoundedSemaphore(2)
"""A check may take a thread for its whole time."""
_RETRY_AFTER = 15


class TooManyChecks(Refused):
    def __init__(self) -> None:
        super().__init__(503, "too-many-checks")
        self.headers["Retry-After"] = str(_RETRY_AFTER)


def check_form(visit: Visit) -> Response:
    site = named(visit)
    return _page(visit, site, first_page(site), None)


def check(visit: Visit) -> Response:
    """Looks at the page, in words: what cannot be fetched is a finding too."""
    site, page = named(visit), visit.form.get("page", "").strip()
    if not _AT_ONCE.acquire(blocking=False):
        raise TooManyChecks
    try:
        findings = _doctor(visit).examine(site, page)
    finally:
        _AT_ONCE.release()
    return _page(visit, site, page, findings)


def _doctor(visit: Visit) -> Doctor:
    """What a request calls this server is believed only if the operator says the same.

    An editor may list any domain, and is not to see the server's own networks by that.
    """
    return Doctor(
        _server(visit),
        visit.rooms.browser,
        trusts_domains=visit.may_manage,
        trusts_address=visit.public_url is not None,
    )


def _server(visit: Visit) -> Server:
    may_read = visit.signed_in.abilities.may_read
    named = named_in(visit.rooms.sites, visit.organisation.id, may_read)
    try:
        return server_at(visit.origin, named, visit.rooms.addresses)
    except InvalidAddress:  # whatever the request calls this server
        return server_at(None, named, visit.rooms.addresses)


def _page(visit: Visit, site: Site, page: str, findings: list[Finding] | None) -> Response:
    said = None
    if findings is not None:
        said = [(finding.level.value, sentence(visit.texts, finding)) for finding in findings]
    ill = is_ill(findings or ())
    return visit.page("check.html", site=site, page=page, findings=said, is_ill=ill)
