"""What the link of an invitation shows, and what accepting it does."""

from contextlib import AbstractContextManager

from starlette.responses import Response

from leadline.access import AccessError, Actor, Invitation, InvitationOver, Stale, User
from leadline.dashboard.errors import said
from leadline.dashboard.signing_in import HOME
from leadline.dashboard.visit import JOURNEY_COOKIE, SESSION_COOKIE, Refused, Visit, path_to
from leadline.openid import Identity

INVITATIONS = "/invitations/"
VOUCHED = "vouched"
"""What a seal is for that says whom the OpenID provider vouches for."""


def invitation(visit: Visit) -> Response:
    return _page(visit, 200, None)


def accept(visit: Visit) -> Response:
    """As whoever is signed in, else as somebody new."""
    secret, found, rooms = visit.path["secret"], _found(visit), visit.rooms
    try:
        if visit.session is not None:
            with _noted(visit, found, Actor.of_user(visit.session.user, visit.address)):
                rooms.member_invitations.accept_as(secret, visit.session.user.id)
            session = visit.request.cookies[SESSION_COOKIE]
            rooms.sessions.choose(session, found.organisation_slug)
            return visit.redirect(HOME)
        vouched = _vouched(visit)
        if vouched is not None and _is_for(found, vouched.email):
            user = _accept_vouched(visit, found, vouched)
        elif visit.form.get("password") != visit.form.get("password_again"):
            return _page(visit, 422, visit.texts("passwords-differ"))
        else:
            user = _accept_as_new(visit, found)
    except InvitationOver:
        raise _over() from None
    except AccessError as error:
        return _page(visit, 422, said(visit.texts, error))
    return visit.sign_in(rooms.sessions.open(user.id, visit.device), HOME)


def _accept_as_new(visit: Visit, found: Invitation) -> User:
    name = visit.form.get("name", "").strip()
    with _noted(visit, found, Actor(name, found.email, address=visit.address)):
        return visit.rooms.member_invitations.accept(
            visit.path["secret"], name=name, password=visit.form.get("password", "")
        )


def _accept_vouched(visit: Visit, found: Invitation, identity: Identity) -> User:
    name = visit.form.get("name", "").strip()
    with _noted(visit, found, Actor(name, found.email, address=visit.address)):
        return visit.rooms.member_invitations.accept_vouched(
            visit.path["secret"],
            name=name,
            issuer=identity.issuer,
            subject=identity.subject,
            email=identity.email or "",
        )


def _vouched(visit: Visit) -> Identity | None:
    """Whom the provider has just vouched for, in this browser."""
    seal = visit.request.cookies.get(JOURNEY_COOKIE, "")
    try:
        return visit.rooms.seals.open(VOUCHED, seal, Identity)
    except Stale:
        return None


def _is_for(found: Invitation, email: str | None) -> bool:
    return email is not None and email.lower() == found.email.lower()


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
    found, session, vouched = _found(visit), visit.session, _vouched(visit)
    return visit.page(
        "invitation.html",
        status,
        invitation=found,
        is_known=visit.rooms.member_invitations.is_known(found),
        is_theirs=session is not None and _is_for(found, session.user.email),
        address=path_to("invitations", visit.path["secret"]),
        vouched=vouched,
        is_vouched=vouched is not None and _is_for(found, vouched.email),
        values=visit.form,
        error=error,
    )
