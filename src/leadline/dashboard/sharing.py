"""Who else may see a site's reports: its share, its links, and whose pages may frame them."""

from collections.abc import Callable, Mapping

from markupsafe import Markup
from starlette.responses import Response

from leadline.dashboard import report, site_forms
from leadline.dashboard.errors import InvalidDays, NotAChoice
from leadline.dashboard.expiry import expiry
from leadline.dashboard.sites import address_of, named
from leadline.dashboard.visit import Visit, path_to
from leadline.reports import written_condition
from leadline.sites import (
    NAME_LENGTH,
    NewShareLink,
    ShareLink,
    Sharing,
    Site,
    SiteChange,
    parse_embedding,
)

FRAME = Markup(
    '<iframe src="{address}" title="{title}" loading="lazy"'
    ' style="width: 100%; height: 100rem; border: 0"></iframe>'
)


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
    """It begins with what the address of the form asks for, as the report that led there did."""

    def make(site: Site) -> None:
        condition, words = _limit(visit, site)
        new = NewShareLink(
            name=visit.form.get("link_name", ""),
            password=visit.form.get("link_password") or None,
            expires_at=expiry(visit),
            condition=None if condition is None else written_condition(condition),
            condition_name=words[:NAME_LENGTH],
            view=report.rest_of_look(visit),
        )
        visit.rooms.share_links.create(site, new)

    return _changed(visit, make)


def revoke_link(visit: Visit) -> Response:
    number = int(visit.path["link"])
    return _changed(visit, lambda site: visit.rooms.share_links.revoke(site, number))


def _limit(visit: Visit, site: Site) -> report.Limit:
    """Raises `NotAChoice`, `Refused`."""
    chosen = visit.form.get("shows", "")
    try:
        return report.limits(visit, site)[chosen]
    except KeyError:
        raise NotAChoice("shows", chosen) from None


def _changed(visit: Visit, change: Callable[[Site], object]) -> Response:
    site = named(visit)
    try:
        change(site)
    except (*site_forms.WRONG, InvalidDays) as error:
        return _page(visit, site, 422, visit.form, site_forms.errors_of(visit.texts, error))
    return visit.redirect(address_of(site, "sharing"))


def _page(
    visit: Visit,
    site: Site,
    status: int = 200,
    given: Mapping[str, str] = {},
    errors: Mapping[str, str] = {},
) -> Response:
    limits = report.limits(visit, site)
    values = {
        "sharing": site.sharing,
        "embed_on": " ".join(site.embed_on),
        "shows": next(iter(limits)),
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
        look=visit.request.url.query,
        limit_names=[
            (name, limit.words or visit.texts("sharing-everything"))
            for name, limit in limits.items()
        ],
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
