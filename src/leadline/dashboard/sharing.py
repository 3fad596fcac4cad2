"""Who else may see a site's reports: its share, its links, and whose pages may frame them."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from markupsafe import Markup
from starlette.responses import Response

from leadline.dashboard import report, site_forms
from leadline.dashboard.sites import address_of, named
from leadline.dashboard.visit import Visit, path_to
from leadline.reports import AllOf, InvalidFilter, written_condition
from leadline.sites import (
    NAME_LENGTH,
    InvalidShareLink,
    NewShareLink,
    ShareLink,
    Sharing,
    Site,
    SiteChange,
    parse_embedding,
)

FILTERED = "filtered"
LONGEST_DAYS = 36_500
FRAME = Markup(
    '<iframe src="{address}" title="{title}" loading="lazy"'
    ' style="width: 100%; height: 100rem; border: 0"></iframe>'
)


class Shown(NamedTuple):
    """What a link is limited to, and that in words; without a condition it is everything."""

    condition: str | None = None
    words: str = ""


def show_sharing(visit: Visit) -> Response:
    return _page(visit, named(visit))


def change_sharing(visit: Visit) -> Response:
    return _changed(
        visit,
        lambda site: visit.rooms.sites.update(site, site_forms.sharing_change(visit.form)),
    )


def change_embedding(visit: Visit) -> Response:
    def change(site: Site) -> None:
        hosts = parse_embedding(visit.form.get("embed_on", ""))
        visit.rooms.sites.update(site, SiteChange(embed_on=hosts))

    return _changed(visit, change)


def end_sharing(visit: Visit) -> Response:
    """By the site's own address and by every link."""

    def end(site: Site) -> None:
        visit.rooms.sites.update(site, SiteChange(sharing=Sharing.NONE))
        visit.rooms.share_links.revoke_all(site)

    return _changed(visit, end)


def make_link(visit: Visit) -> Response:
    """It shows what the address of the form asks for, as the report that led to it did."""
    form = visit.form

    def make(site: Site) -> None:
        shown = _shown(visit) if form.get("shows") == FILTERED else Shown()
        new = NewShareLink(
            name=form.get("link_name", ""),
            password=form.get("link_password") or None,
            expires_at=_expiry(visit.rooms.clock(), form.get("days", "").strip()),
            condition=shown.condition,
            condition_name=shown.words,
            view=_view(visit),
        )
        visit.rooms.share_links.create(site, new)

    return _changed(visit, make)


def revoke_link(visit: Visit) -> Response:
    number = int(visit.path["link"])
    return _changed(visit, lambda site: visit.rooms.share_links.revoke(site, number))


def _shown(visit: Visit) -> Shown:
    """What the filters of the address let through. Raises `InvalidShareLink`, `Refused`."""
    found = report.read_look(visit.request.query_params).filters
    if not found:
        return Shown()
    tree = AllOf(found)
    try:
        visit.rooms.reports.check(tree)
    except InvalidFilter:
        raise InvalidShareLink("shows", visit.texts("sharing-unreadable-filter")) from None
    return Shown(written_condition(tree), report.in_words(visit.texts, found)[:NAME_LENGTH])


def _view(visit: Visit) -> str:
    """The rest of what the address asks for: days, what they are beside, the metric."""
    look = report.read_look(visit.request.query_params)
    return look.query(filters=(), segment=None)


def _changed(visit: Visit, change: Callable[[Site], object]) -> Response:
    site = named(visit)
    try:
        change(site)
    except site_forms.WRONG as error:
        return _page(visit, site, 422, visit.form, site_forms.errors_of(visit.texts, error))
    return visit.redirect(address_of(site, "sharing"))


def _page(
    visit: Visit,
    site: Site,
    status: int = 200,
    given: Mapping[str, str] = {},
    errors: Mapping[str, str] = {},
) -> Response:
    look = report.read_look(visit.request.query_params)
    values = {
        "sharing": site.sharing,
        "shows": FILTERED,
        "embed_on": " ".join(site.embed_on),
        "link_name": "",
        "days": "",
    }
    links = visit.rooms.share_links.list(site)
    return visit.page(
        "sharing.html",
        status,
        site=site,
        address=_public(visit, site),
        embed_tag=str(FRAME.format(address=_public(visit, site), title=site.name)),
        links=[(link, _public(visit, site, link)) for link in reversed(links)],
        now=visit.rooms.clock(),
        look=look.query(),
        filtered=report.in_words(visit.texts, look.filters),
        values=values | dict(given),
        errors=errors,
    )


def _public(visit: Visit, site: Site, link: ShareLink | None = None) -> str:
    """Where the world finds the share, or a link."""
    code = site.code.lower()
    if link is None:
        return visit.origin + path_to("share", code, site.slug)
    view = f"?{link.view}" if link.view else ""
    return visit.origin + path_to("share", code, "l", link.token) + view


def _expiry(now: datetime, days: str) -> datetime | None:
    """Raises `InvalidShareLink`."""
    if not days:
        return None
    if not days.isascii() or not days.isdigit() or not 1 <= int(days[:9]) <= LONGEST_DAYS:
        reason = f"Days are a whole number from 1 to {LONGEST_DAYS}, or nothing"
        raise InvalidShareLink("days", reason)
    return now + timedelta(int(days))
