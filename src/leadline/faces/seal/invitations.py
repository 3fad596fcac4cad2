"""Inviting people into an organisation, and what whoever has the link may do with it."""

from contextlib import AbstractContextManager
from typing import cast

from pydantic import BaseModel, Field

from leadline.access import (
    Actor,
    AlreadyMember,
    Invitation,
    NewInvitation,
    Role,
    SiteRole,
)
from leadline.faces.endpoint import Answer, Call, Endpoint, Need
from leadline.faces.seal.asked import number_in_path, sites_in_body
from leadline.faces.seal.auth import Said
from leadline.faces.seal.errors import UserAlreadyMember
from leadline.faces.seal.organizations import GROUP, ONE
from leadline.faces.seal.shapes import Envelope, stamp

_OF_ORGANIZATION = f"{ONE}/invitations"
_INVITATION = f"{_OF_ORGANIZATION}/{{invitation_id}}"
_PATH = "/invitations"


class CreateInvitation(BaseModel):
    email: str = Field(max_length=254)
    role: Role = Role.MEMBER
    site_ids: list[str] = Field(
        default_factory=list, max_length=1000, description="Slugs or codes, to see as a viewer."
    )


class AcceptInvitation(BaseModel):
    token: str = Field(max_length=4096)
    name: str = Field(min_length=1, max_length=255)
    password: str = Field(min_length=12, max_length=128)


class AcceptWithAccount(BaseModel):
    token: str = Field(max_length=4096)


class InvitationInfo(Answer):
    id: int
    org_id: str
    email: str
    role: Role
    invited_by_name: str | None
    is_active: bool = Field(description="Neither accepted nor over.")
    expires_at: str
    accepted_at: str | None
    created_at: str


class InvitationList(Answer):
    invitations: list[InvitationInfo]
    total: int


class CreatedInvitation(Answer):
    invitation_id: int
    invitation_link: str = Field(description="It is never shown again.")
    expires_at: str


class Invited(Answer):
    """What whoever has a link is told of it."""

    email: str
    role: Role
    org_name: str
    org_slug: str
    invited_by_name: str | None
    expires_at: str
    user_exists: bool = Field(description="Whether it is accepted with an account that there is.")


class Joined(Answer):
    message: str
    user_id: int
    org_slug: str


def list_invitations(call: Call) -> Envelope[InvitationList]:
    organisation, now = call.caller.organisation, call.services.reports.now()
    org_id = call.services.organisations.get(organisation).uuid
    found = [
        InvitationInfo(
            id=each.id,
            org_id=org_id,
            email=each.email,
            role=each.role,
            invited_by_name=each.invited_by or None,
            is_active=each.is_open(now),
            expires_at=stamp(each.expires_at),
            accepted_at=None if each.accepted_at is None else stamp(each.accepted_at),
            created_at=stamp(each.created_at),
        )
        for each in call.services.member_invitations.list(organisation)
    ]
    return Envelope(data=InvitationList(invitations=found, total=len(found)))


def create_invitation(call: Call) -> Envelope[CreatedInvitation]:
    body, caller = cast(CreateInvitation, call.body), call.caller
    sites = [(site, SiteRole.VIEWER) for site in sites_in_body(call, "site_ids", body.site_ids)]
    inviter = None if caller.person is None else caller.person.user.id
    try:
        made = call.services.member_invitations.invite(
            caller.organisation, body.email, body.role, sites, by=caller.role, inviter=inviter
        )
    except AlreadyMember as error:
        raise UserAlreadyMember(str(error)) from None
    return Envelope(data=_created(call, made))


def resend_invitation(call: Call) -> Envelope[CreatedInvitation]:
    made = call.services.member_invitations.resend(
        call.caller.organisation, number_in_path(call, "invitation_id"), by=call.caller.role
    )
    return Envelope(data=_created(call, made))


def revoke_invitation(call: Call) -> Envelope[Said]:
    call.services.member_invitations.revoke(
        call.caller.organisation, number_in_path(call, "invitation_id"), by=call.caller.role
    )
    return Envelope(data=Said(message="Invitation revoked"))


def get_invitation(call: Call) -> Envelope[Invited]:
    invitations = call.services.member_invitations
    found = invitations.find(call.path["token"])
    return Envelope(
        data=Invited(
            email=found.email,
            role=found.role,
            org_name=found.organisation_name,
            org_slug=found.organisation_slug,
            invited_by_name=found.invited_by or None,
            expires_at=stamp(found.expires_at),
            user_exists=invitations.is_known(found),
        )
    )


def accept(call: Call) -> Envelope[Joined]:
    """As somebody new."""
    body, invitations = cast(AcceptInvitation, call.body), call.services.member_invitations
    found = invitations.find(body.token)
    with _noted(call, found, Actor(body.name, found.email, address=call.address)):
        user = invitations.accept(body.token, name=body.name, password=body.password)
    return _joined(found, user.id)


def accept_with_account(call: Call) -> Envelope[Joined]:
    token, invitations = cast(AcceptWithAccount, call.body).token, call.services.member_invitations
    found, user = invitations.find(token), call.person.user
    try:
        with _noted(call, found, Actor.of_user(user, call.address)):
            invitations.accept_as(token, user.id)
    except AlreadyMember as error:
        raise UserAlreadyMember(str(error)) from None
    return _joined(found, user.id)


def _noted(call: Call, found: Invitation, actor: Actor) -> AbstractContextManager[None]:
    """In the log of the organisation that is joined."""
    return call.services.audit.noting(found.organisation, actor, found.acceptance)


def _joined(found: Invitation, user: int) -> Envelope[Joined]:
    slug = found.organisation_slug
    return Envelope(data=Joined(message="Invitation accepted", user_id=user, org_slug=slug))


def _created(call: Call, made: NewInvitation) -> CreatedInvitation:
    return CreatedInvitation(
        invitation_id=made.invitation.id,
        invitation_link=f"{call.origin()}/invitations/{made.secret}",
        expires_at=stamp(made.invitation.expires_at),
    )


_ERRORS = {403: "Their role does not let them.", 404: "No such organisation or invitation."}
_NUMBERED = _ERRORS | {422: "The id is no number."}
_OVER = {404: "The link is unknown, used, revoked or too old.", 422: "A field is invalid."}

ENDPOINTS = (
    Endpoint(
        "GET",
        _OF_ORGANIZATION,
        "List invitations",
        Need.MANAGER,
        list_invitations,
        Envelope[InvitationList],
        description="The newest first, those that are over included.",
        errors=_ERRORS,
        group=GROUP,
    ),
    Endpoint(
        "POST",
        _OF_ORGANIZATION,
        "Invite somebody",
        Need.MANAGER,
        create_invitation,
        Envelope[CreatedInvitation],
        description="By a link for 7 days, sent by mail where there is mail. Owners invite owners.",
        body=CreateInvitation,
        status=201,
        errors=_ERRORS | {409: "They are in it already.", 422: "A field is invalid."},
        group=GROUP,
        action="invitation.create",
    ),
    Endpoint(
        "DELETE",
        _INVITATION,
        "Revoke invitation",
        Need.MANAGER,
        revoke_invitation,
        Envelope[Said],
        errors=_NUMBERED,
        group=GROUP,
        action="invitation.delete",
    ),
    Endpoint(
        "POST",
        f"{_INVITATION}/resend",
        "Resend invitation",
        Need.MANAGER,
        resend_invitation,
        Envelope[CreatedInvitation],
        description="With a new link, for 7 days from now; the old one is over.",
        errors=_NUMBERED,
        group=GROUP,
        action="invitation.update",
    ),
    Endpoint(
        "POST",
        f"{_PATH}/accept",
        "Accept invitation",
        Need.NOTHING,
        accept,
        Envelope[Joined],
        description="With a new account, of the address that was invited.",
        body=AcceptInvitation,
        status=201,
        errors=_OVER | {409: "There is an account with this address."},
        group=GROUP,
    ),
    Endpoint(
        "POST",
        f"{_PATH}/accept-existing",
        "Accept invitation with an account",
        Need.PERSON,
        accept_with_account,
        Envelope[Joined],
        body=AcceptWithAccount,
        errors=_OVER | {403: "It is for another address.", 409: "They are in it already."},
        group=GROUP,
    ),
    Endpoint(
        "GET",
        f"{_PATH}/{{token}}",
        "Get invitation",
        Need.NOTHING,
        get_invitation,
        Envelope[Invited],
        description="For whoever has the link, whose last part is the token.",
        errors={404: _OVER[404]},
        group=GROUP,
    ),
)
