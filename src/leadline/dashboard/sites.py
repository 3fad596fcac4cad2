"""The list of sites, and the page of one."""

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

from starlette.responses import Response

from leadline.dashboard import report
from leadline.dashboard.chart import Chart, chart_of
from leadline.dashboard.visit import Refused, Visit, path_to
from leadline.reports import Activity, HitsUnavailable, Installation, Refusals
from leadline.sites import Site, UnknownCursor

PER_PAGE = 50
LOOK_AGAIN_WAITING = "2s"
LOOK_AGAIN = "30s"
MINUTES_OF_A_DAY = 1440

Answer = TypeVar("Answer")


class Traffic(NamedTuple):
    """What a site's page says of its hits; `look_again` is how soon it asks for more."""

    installation: Installation
    look_again: str
    refusals: Refusals
    has_untrusted_proxy: bool
    activity: Activity | None = None
    chart: Chart | None = None
    doubled: int = 0


def list_sites(visit: Visit) -> Response:
    """A page of sites in order of creation, `?after=` or `?before=` a site, matching `?q=`."""
    after, before = visit.query.get("after"), visit.query.get("before")
    wanted = visit.query.get("q", "").strip()
    try:
        page = visit.rooms.sites.page(
            visit.organisation.id,
            visible=visit.signed_in.abilities.visible,
            limit=PER_PAGE,
            after=after if before is None else None,
            before=before,
            include_inactive=True,
            matching=wanted,
        )
    except UnknownCursor:
        return visit.redirect("/sites")
    zones: dict[int, str] = {site.id: site.timezone for site in page.sites}
    activity = _unless_away(lambda: visit.rooms.reports.activity(zones))
    return _page(
        visit,
        "sites.html",
        activity is not None,
        sites=page.sites,
        activity=activity,
        wanted=wanted,
        has_previous=page.has_more if before is not None else after is not None,
        has_next=page.has_more if before is None else True,
    )


def make_demo(visit: Visit) -> Response:
    """Sites to look at, for whoever has none yet. Raises `Refused`."""
    if not visit.rooms.make_demo(visit.organisation.id):
        raise Refused(409, "no-demo")
    return visit.redirect("/sites")


def show_site(visit: Visit) -> Response:
    """The report, or how to install the site while there is nothing to report."""
    site = named(visit)
    installation = _unless_away(lambda: visit.rooms.reports.installation(site.id))
    if installation is None or not installation.installed:
        return _installation(visit, site)
    return report.show_report(visit, _audience(site))


def show_panel(visit: Visit) -> Response:
    return report.show_panel(visit, _audience(named(visit)), visit.path["panel"])


def download_panel(visit: Visit) -> Response:
    return report.download(visit, _audience(named(visit)), visit.path["panel"])


def show_goals(visit: Visit) -> Response:
    return report.show_goals(visit, _audience(named(visit)))


def show_funnels(visit: Visit) -> Response:
    return report.show_funnels(visit, _audience(named(visit)))


def show_live(visit: Visit) -> Response:
    return report.show_live(visit, _audience(named(visit)))


def show_installation(visit: Visit) -> Response:
    return _installation(visit, named(visit))


def _audience(site: Site) -> report.Audience:
    """Whoever is signed in sees all of it."""
    return report.Audience(site, address_of(site))


def _installation(visit: Visit, site: Site) -> Response:
    traffic = _unless_away(lambda: _traffic(visit, site))
    addresses = visit.rooms.addresses
    return _page(
        visit,
        "site.html",
        traffic is not None,
        site=site,
        fathom_tag=addresses.fathom_tag(visit.origin, site.code),
        seal_tag=addresses.seal_tag(visit.origin, site.slug),
        noscript_tag=addresses.noscript_tag(visit.origin, site.code),
        mappings=visit.rooms.sites.utm_mappings(site),
        page=first_page(site),
        traffic=traffic,
    )


def show_notices(visit: Visit) -> Response:
    """What whoever cares for the site should know: a part of its report."""
    site = named(visit)
    traffic = _unless_away(lambda: _traffic(visit, site))
    return _page(visit, "notices.html", traffic is not None, site=site, traffic=traffic)


def show_traffic(visit: Visit) -> Response:
    """The part of a site's page that is looked at again and again."""
    site = named(visit)
    traffic = _unless_away(lambda: _traffic(visit, site))
    is_there = traffic is not None
    return _page(visit, "traffic.html", is_there, site=site, traffic=traffic)


def named(visit: Visit) -> Site:
    """The site of the address, inactive or not. Raises `SiteNotFound`."""
    return visit.site


def first_page(site: Site) -> str:
    """Where a site's snippet is looked for unless somebody says otherwise."""
    return f"https://{site.domains[0].domain}/" if site.domains else ""


def _traffic(visit: Visit, site: Site) -> Traffic:
    reports = visit.rooms.reports
    installation = reports.installation(site.id)
    refusals = reports.refusals(site.id, MINUTES_OF_A_DAY)
    has_untrusted_proxy = visit.rooms.has_untrusted_proxy()
    if not installation.installed:
        return Traffic(installation, LOOK_AGAIN_WAITING, refusals, has_untrusted_proxy)
    return Traffic(
        installation,
        LOOK_AGAIN,
        refusals,
        has_untrusted_proxy,
        reports.activity({site.id: site.timezone})[site.id],
        chart_of(reports.hits_by_day(site.id, site.timezone)),
        reports.doubled(site.id),
    )


def _unless_away(ask: Callable[[], Answer]) -> Answer | None:
    """What a report answers; None while hits cannot be counted."""
    try:
        return ask()
    except HitsUnavailable:
        return None


def _page(visit: Visit, template: str, is_whole: bool, **values: Any) -> Response:
    """A page that has all but the hits while these cannot be counted."""
    if is_whole:
        return visit.page(template, **values)
    response = visit.page(template, 503, **values)
    response.headers["Retry-After"] = str(HitsUnavailable.retry_after)
    return response


def address_of(site: Site, *more: str) -> str:
    return path_to("sites", site.slug, *more)
