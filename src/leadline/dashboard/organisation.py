"""An organisation: what it is called, which of theirs people are in, and its end."""

from collections.abc import Mapping

from starlette.responses import Response

from leadline.access import AccessError
from leadline.dashboard.errors import said
from leadline.dashboard.signing_in import HOME
from leadline.dashboard.visit import SESSION_COOKIE, Visit
from leadline.sites import SitesError, currencies, timezones

ORGANISATION = "/organisation"


def show_organisation(visit: Visit) -> Response:
    return _page(visit, 200, {}, None)


def change(visit: Visit) -> Response:
    form = visit.form
    try:
        visit.rooms.organisations.change(
            visit.organisation.id,
            by=visit.signed_in.role,
            name=form.get("name", "").strip(),
            timezone=form.get("timezone", "").strip(),
            currency=form.get("currency", "").strip(),
        )
    except (AccessError, SitesError) as error:
        return _page(visit, 422, form, said(visit.texts, error))
    return visit.redirect(ORGANISATION)


def create(visit: Visit) -> Response:
    """Another one, which the session goes on in."""
    name = visit.form.get("new_name", "").strip()
    try:
        made = visit.rooms.organisations.create(
            name, visit.signed_in.user.id, like=visit.organisation
        )
    except AccessError as error:
        return _page(visit, 422, visit.form, said(visit.texts, error))
    visit.rooms.sessions.choose(visit.request.cookies[SESSION_COOKIE], made.slug)
    return visit.redirect(ORGANISATION)


def choose(visit: Visit) -> Response:
    """Raises `OrganisationNotFound`."""
    slug = visit.form.get("organisation", "")
    visit.rooms.sessions.choose(visit.request.cookies[SESSION_COOKIE], slug)
    return visit.redirect(HOME)


def leave(visit: Visit) -> Response:
    session = visit.signed_in
    try:
        visit.rooms.members.leave(session.organisation.id, session.user.id)
    except AccessError as error:
        return _page(visit, 422, {}, said(visit.texts, error))
    return visit.redirect("/")


def delete_form(visit: Visit) -> Response:
    return visit.page("delete_organisation.html", error=None)


def delete(visit: Visit) -> Response:
    organisations = visit.rooms.organisations
    try:
        organisations.delete(
            visit.organisation.id,
            visit.form.get("name", "").strip(),
            by=visit.signed_in.role,
            sites=visit.rooms.sites,
        )
    except AccessError as error:
        wrong = said(visit.texts, error)
        return visit.page("delete_organisation.html", 422, error=wrong)
    return visit.redirect("/")


def _page(visit: Visit, status: int, values: Mapping[str, str], error: str | None) -> Response:
    organisation = visit.organisation
    known = {
        "name": organisation.name,
        "timezone": organisation.timezone,
        "currency": organisation.currency,
        "new_name": "",
    }
    return visit.page(
        "organisation.html",
        status,
        organisation=organisation,
        is_last=len(visit.signed_in.organisations) == 1,
        values=known | dict(values),
        timezones=timezones(),
        currencies=currencies(),
        error=error,
    )
