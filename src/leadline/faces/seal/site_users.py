"""Who sees a site: for those who may give it to others."""

from typing import cast

from pydantic import BaseModel, Field

from leadline.access import AccessNotFound, SiteMember, SiteRole, UserId
from leadline.faces.endpoint import Answer, Call, Endpoint, Need
from leadline.faces.seal.asked import user_in_path
from leadline.faces.seal.auth import Said
from leadline.faces.seal.errors import AlreadyHasAccess
from leadline.faces.seal.shapes import Envelope, stamp

_GROUP = "Site users"
_PATH = "/sites/{site_id}/users"
_USER = _PATH + "/{user_id}"


class AddSiteUser(BaseModel):
    user_id: int = Field(ge=1)
    role: SiteRole = SiteRole.VIEWER


class UpdateSiteUser(BaseModel):
    role: SiteRole


class SiteUser(Answer):
    user_id: int
    email: str
    name: str
    role: str = Field(
        description="`viewer`, `editor` or `admin`; of who has all sites, `owner` or `admin`."
    )
    created_at: str

    @classmethod
    def of(cls, member: SiteMember) -> "SiteUser":
        user = member.user
        return cls(
            user_id=user.id,
            email=user.email,
            name=user.name,
            role=(member.role or user.role).value,
            created_at=stamp(user.created_at),
        )


class SiteUserList(Answer):
    users: list[SiteUser]
    total: int


def list_users(call: Call) -> Envelope[SiteUserList]:
    found = [SiteUser.of(each) for each in call.services.members.of_site(call.named_site)]
    return Envelope(data=SiteUserList(users=found, total=len(found)))


def add_user(call: Call) -> Envelope[SiteUser]:
    body, site, members = cast(AddSiteUser, call.body), call.named_site, call.services.members
    user = UserId(body.user_id)
    if not members.give_more(user, [site], body.role):
        raise AlreadyHasAccess(user)
    return Envelope(data=_seen(call, user))


def update_user(call: Call) -> Envelope[SiteUser]:
    user, role = user_in_path(call), cast(UpdateSiteUser, call.body).role
    call.services.members.change_site_role(call.named_site, user, role)
    return Envelope(data=_seen(call, user))


def remove_user(call: Call) -> Envelope[Said]:
    call.services.members.take(call.named_site, user_in_path(call))
    return Envelope(data=Said(message="Access removed"))


def _seen(call: Call, user: UserId) -> SiteUser:
    for each in call.services.members.of_site(call.named_site):
        if each.user.id == user:
            return SiteUser.of(each)
    raise AccessNotFound(user)


_ERRORS = {403: "They may not give the site to others.", 404: "No such site, or no such user."}
_INVALID = _ERRORS | {422: "A field is invalid, or the id is no number."}

ENDPOINTS = (
    Endpoint(
        "GET",
        _PATH,
        "List users of a site",
        Need.ADMINISTER,
        list_users,
        Envelope[SiteUserList],
        description="Owners and admins of the organization, who have all sites, included.",
        errors=_ERRORS,
        group=_GROUP,
    ),
    Endpoint(
        "POST",
        _PATH,
        "Give a site to a user",
        Need.ADMINISTER,
        add_user,
        Envelope[SiteUser],
        description="To a member of the organization.",
        body=AddSiteUser,
        status=201,
        errors=_INVALID | {409: "They have it already."},
        group=_GROUP,
        action="site_access.create",
    ),
    Endpoint(
        "PATCH",
        _USER,
        "Update a user's role on a site",
        Need.ADMINISTER,
        update_user,
        Envelope[SiteUser],
        body=UpdateSiteUser,
        errors=_INVALID,
        group=_GROUP,
        action="site_access.update",
    ),
    Endpoint(
        "DELETE",
        _USER,
        "Take a site from a user",
        Need.ADMINISTER,
        remove_user,
        Envelope[Said],
        errors=_INVALID,
        group=_GROUP,
        action="site_access.delete",
    ),
)
