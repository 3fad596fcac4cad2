"""Who sees a site, and which organisation it belongs to."""

from starlette.responses import Response

from leadline.access import AccessError, Organisation, OrganisationNotFound, UserId
from leadline.dashboard.errors import NotAChoice, said
from leadline.dashboard.people import site_role_of, site_roles
from leadline.dashboard.sites import address_of, named
from leadline.dashboard.visit import SESSION_COOKIE, Visit
from leadline.sites import SitesError


def show_people(visit: Visit) -> Response:
    return _page(visit, 200, None)


def give(visit: Visit) -> Response:
    site, form = named(visit), visit.form
    try:
        user = UserId(_number(form.get("user", "")))
        visit.rooms.members.give(site, user, site_role_of(form.get("role", "")))
    except (AccessError, SitesError) as error:
        return _page(visit, 422, said(visit.texts, error))
    return visit.redirect(address_of(site, "people"))


def take(visit: Visit) -> Response:
    """Whoever takes it from themselves sees nothing of it any more."""
    site, user = named(visit), UserId(int(visit.path["user"]))
    visit.rooms.members.take(site, user)
    is_mine = user == visit.signed_in.user.id and not visit.may_manage
    return visit.redirect("/sites" if is_mine else address_of(site, "people"))


def move(visit: Visit) -> Response:
    """The session goes along. Raises `OrganisationNotFound`."""
    site, slug = named(visit), visit.form.get("organisation", "")
    to = _theirs(visit, slug)
    try:
        visit.rooms.members.move_site(visit.rooms.sites, site, to.id, visit.signed_in.user.id)
    except AccessError as error:
        return _page(visit, 422, said(visit.texts, error))
    visit.rooms.sessions.choose(visit.request.cookies[SESSION_COOKIE], to.slug)
    return visit.redirect(address_of(site))


def _theirs(visit: Visit, slug: str) -> Organisation:
    for organisation, _ in visit.rooms.organisations.of(visit.signed_in.user.id):
        if organisation.slug == slug:
            return organisation
    raise OrganisationNotFound(slug)


def _number(text: str) -> int:
    """Raises `NotAChoice`."""
    if not (text.isascii() and text.isdigit() and len(text) < 12):
        raise NotAChoice("user", text)
    return int(text)


def _page(visit: Visit, status: int, error: str | None) -> Response:
    site, rooms = named(visit), visit.rooms
    seers = rooms.members.of_site(site)
    given = {seer.user.id for seer in seers}
    others = [
        member.user
        for member in rooms.members.list(site.organisation)
        if member.user.id not in given
    ]
    mine = rooms.organisations.of(visit.signed_in.user.id) if visit.may_manage else ()
    return visit.page(
        "site_people.html",
        status,
        site=site,
        seers=seers,
        others=[(user.id, f"{user.name} ({user.email})") for user in others],
        site_roles=site_roles(visit),
        organisations=[
            (one.slug, one.name)
            for one, role in mine
            if role.may_manage and one.id != site.organisation
        ],
        error=error,
    )
