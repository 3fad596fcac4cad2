"""The people of an organisation: their roles, their sites, and who is invited."""

from collections.abc import Callable, Iterator, Mapping

from starlette.responses import Response

from leadline.access import (
    AccessError,
    AccessNotFound,
    InvitationNotFound,
    Member,
    MemberNotFound,
    NewInvitation,
    Role,
    SiteRole,
    UserId,
)
from leadline.dashboard.errors import choice_in, choice_of, said
from leadline.dashboard.visit import Visit, path_to
from leadline.sites import Site, SitesError

PEOPLE = "/people"
_GIVEN = "site-"
"""A field of a form so named, with a code after it, says as what somebody has that site."""


def list_people(visit: Visit) -> Response:
    return _people_page(visit, 200, {}, None)


def invite(visit: Visit) -> Response:
    """The one answer that shows the link."""
    form = visit.form
    try:
        made = visit.rooms.member_invitations.invite(
            visit.organisation.id,
            form.get("email", "").strip(),
            role_in(visit),
            given_in(visit),
            by=visit.signed_in.role,
            inviter=visit.signed_in.user.id,
        )
    except (AccessError, SitesError) as error:
        return _people_page(visit, 422, form, said(visit.texts, error))
    return _invited(visit, made)


def resend(visit: Visit) -> Response:
    """With a new link, which only this answer shows."""
    number = int(visit.path["invitation"])
    try:
        made = visit.rooms.member_invitations.resend(
            visit.organisation.id, number, by=visit.signed_in.role
        )
    except InvitationNotFound:
        raise
    except AccessError as error:
        return _people_page(visit, 422, {}, said(visit.texts, error))
    return _invited(visit, made)


def revoke(visit: Visit) -> Response:
    number = int(visit.path["invitation"])
    try:
        visit.rooms.member_invitations.revoke(
            visit.organisation.id, number, by=visit.signed_in.role
        )
    except InvitationNotFound:
        raise
    except AccessError as error:
        return _people_page(visit, 422, {}, said(visit.texts, error))
    return visit.redirect(PEOPLE)


def show_person(visit: Visit) -> Response:
    return _person_page(visit, 200, None)


def change_role(visit: Visit) -> Response:
    def change() -> None:
        visit.rooms.members.change_role(
            visit.organisation.id, _user(visit), role_in(visit), by=visit.signed_in.role
        )

    return _changed(visit, change, path_to("people", str(_user(visit))))


def give_sites(visit: Visit) -> Response:
    def give() -> None:
        visit.rooms.members.give_all(visit.organisation.id, _user(visit), given_in(visit))

    return _changed(visit, give, path_to("people", str(_user(visit))))


def remove(visit: Visit) -> Response:
    def remove() -> None:
        visit.rooms.members.remove(visit.organisation.id, _user(visit), by=visit.signed_in.role)

    return _changed(visit, remove, PEOPLE)


def role_in(visit: Visit) -> Role:
    """Raises `NotAChoice`."""
    return choice_in(Role, visit.form, "role")


def site_role_of(chosen: str) -> SiteRole:
    """Raises `NotAChoice`."""
    return choice_of(SiteRole, "role", chosen)


def given_in(visit: Visit) -> Iterator[tuple[Site, SiteRole]]:
    """The sites that the form gives. Raises `NotAChoice`, `SiteNotFound`."""
    for field, chosen in visit.form.items():
        if field.startswith(_GIVEN) and chosen:
            name = field.removeprefix(_GIVEN)
            yield visit.rooms.sites.get(visit.organisation.id, name), site_role_of(chosen)


def roles_to_give(visit: Visit) -> list[tuple[str, str]]:
    """Those that whoever is signed in may give, and what they are called; the least first."""
    mine = visit.signed_in.role
    return [
        (role.value, visit.texts(f"role-{role.value}"))
        for role in reversed(Role)
        if mine.may_give(role)
    ]


def site_roles(visit: Visit) -> list[tuple[str, str]]:
    return [(role.value, visit.texts(f"site-role-{role.value}")) for role in SiteRole]


def _user(visit: Visit) -> UserId:
    return UserId(int(visit.path["user"]))


def _changed(visit: Visit, change: Callable[[], None], address: str) -> Response:
    try:
        change()
    except (MemberNotFound, AccessNotFound):
        raise
    except (AccessError, SitesError) as error:
        return _person_page(visit, 422, said(visit.texts, error))
    return visit.redirect(address)


def _invited(visit: Visit, made: NewInvitation) -> Response:
    link = visit.origin + path_to("invitations", made.secret)
    return visit.page("invited.html", invitation=made.invitation, link=link)


def _people_page(
    visit: Visit, status: int, values: Mapping[str, str], error: str | None
) -> Response:
    organisation = visit.organisation.id
    return visit.page(
        "people.html",
        status,
        people=visit.rooms.members.list(organisation),
        invitations=visit.rooms.member_invitations.list(organisation),
        now=visit.rooms.clock(),
        roles=roles_to_give(visit),
        may_give=visit.signed_in.role.may_give,
        site_roles=site_roles(visit),
        sites=_sites(visit),
        values=values,
        error=error,
    )


def _person_page(visit: Visit, status: int, error: str | None) -> Response:
    member: Member = visit.rooms.members.get(visit.organisation.id, _user(visit))
    sites = _sites(visit)
    return visit.page(
        "person.html",
        status,
        member=member,
        is_me=member.user.id == visit.signed_in.user.id,
        may_change=visit.signed_in.role.may_give(member.user.role),
        roles=roles_to_give(visit),
        site_roles=site_roles(visit),
        sites=sites,
        values={
            f"{_GIVEN}{site.code}": member.sites[site.id]
            for site in sites
            if site.id in member.sites
        },
        error=error,
    )


def _sites(visit: Visit) -> tuple[Site, ...]:
    return visit.rooms.sites.list(visit.organisation.id, include_inactive=True)
