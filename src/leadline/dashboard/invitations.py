"""What the link of an invitation shows, and what accepting it does."""

from contextlib import AbstractContextManager
from urllib.parse import urlencode

from starlette.responses import Response

from leadline.access import AccessError, Actor, Invitation, InvitationOver
from leadline.dashboard.errors import said
from leadline.dashboard.signing_in import HOME
from leadline.dashboard.visit import SESSION_COOKIE, Refused, Visit, path_to


def invitation(visit: Visit) -> Response:
    return _page(visit, 200, None)


def accept(visit: Visit) -> Response:
    """As whoever is signed in, else as somebody new."""
    secret, found = visit.path["secret"], _found(visit)
    form, rooms = visit.form, visit.rooms
    try:
        if visit.session is not None:
            with _noted(visit, found, Actor.of_user(visit.session.user, visit.address)):
                rooms.member_invitations.accept_as(secret, visit.session.user.id)
            session = visit.request.cookies[SESSION_COOKIE]
            rooms.sessions.choose(session, found.organisation_slug)
            return visit.redirect(HOME)
        if form.get("password") != form.get("password_again"):
            return _page(visit, 422, visit.texts("passwords-differ"))
        name = form.get("name", "").strip()
        with _noted(visit, found, Actor(name, found.email, address=visit.address)):
            user = rooms.member_invitations.accept(
                secret, name=name, password=form.get("password", "")
            )
    except InvitationOver:
        raise _over() from None
    except AccessError as error:
        return _page(visit, 422, said(visit.texts, error))
    return visit.sign_in(rooms.sessions.open(user.id, visit.device), HOME)


def _noted(visit: Visit, found: Invitation, actor: Actor) -> AbstractContextManager[None]:
    """In the log of the organisation that is joined."""
    return visit.rooms.audit.noting(found.organisation, actor, found.acceptance)


def _found(visit: Visit) -> Invitation:
    try:
        return visit.rooms.member_invitations.find(visit.path["secret"])
    except InvitationOver:
        raise _over() from None


def _over() -> Refused:
    return Refused(410, "member-invitation-over")


def _page(visit: Visit, status: int, error: str | None) -> Response:
    found, session = _found(visit), visit.session
    address = path_to("invitations", visit.path["secret"])
    return visit.page(
        "invitation.html",
        status,
        invitation=found,
        is_known=visit.rooms.member_invitations.is_known(found),
        is_theirs=session is not None and session.user.email.lower() == found.email.lower(),
        sign_in=f"/sign-in?{urlencode({'next': address})}",
        values=visit.form,
        error=error,
    )
