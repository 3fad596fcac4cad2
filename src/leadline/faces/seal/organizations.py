"""Organisations, as SealMetrics spells them: who is in one, as what, and with which sites."""

from typing import cast

from pydantic import BaseModel, Field

from leadline.access import (
    Caller,
    Member,
    MemberNotFound,
    NotAllowed,
    Organisation,
    Role,
    SiteRole,
    UserId,
)
from leadline.faces.endpoint import Answer, Call, Endpoint, Need
from leadline.faces.seal.asked import user_in_path
from leadline.faces.seal.auth import Said
from leadline.faces.seal.errors import OrgCreationNotAllowed
from leadline.faces.seal.shapes import Envelope, stamp
from leadline.sites import Site, SiteId, SiteNotFound

GROUP = "Organizations"
PATH = "/organizations"
ONE = PATH + "/{slug}"
_MEMBER = ONE + "/members/{user_id}"

# What is said and heard


class CreateOrg(BaseModel):
    name: str = Field(min_length=1, max_length=255)


class UpdateOrg(BaseModel):
    name: str | None = Field(default=None, min_length=1, max_length=255)


class DeleteOrg(BaseModel):
    name: str = Field(max_length=255, description="As the organisation is called, to confirm.")


class AddMember(BaseModel):
    user_id: int = Field(ge=1)
    role: Role = Role.MEMBER


class UpdateMember(BaseModel):
    role: Role


class GiveSites(BaseModel):
    site_ids: list[str] = Field(
        min_length=1, max_length=1000, description="Slugs or codes; each is seen as a viewer."
    )


class OrgInfo(Answer):
    id: str
    name: str
    slug: str
    is_active: bool
    member_count: int
    site_count: int = Field(description="Of the sites that whoever asks may see.")
    user_role: Role | None = Field(description="Null for a token, which is nobody.")
    created_at: str
    updated_at: str

    @classmethod
    def of(cls, call: Call, caller: Caller) -> "OrgInfo":
        organisation = call.services.organisations.get(caller.organisation)
        role = None if caller.person is None else caller.role
        return cls.seen(call, organisation, role, len(_sites(call, caller)))

    @classmethod
    def seen(
        cls, call: Call, organisation: Organisation, role: Role | None, sites: int
    ) -> "OrgInfo":
        return cls(
            id=organisation.uuid,
            name=organisation.name,
            slug=organisation.slug,
            is_active=True,
            member_count=len(call.services.members.list(organisation.id)),
            site_count=sites,
            user_role=role,
            created_at=stamp(organisation.created_at),
            updated_at=stamp(organisation.updated_at or organisation.created_at),
        )


class OrgList(Answer):
    organizations: list[OrgInfo]
    total: int
    can_create_org: bool


class OrgMember(Answer):
    user_id: int
    email: str
    name: str
    role: Role
    site_count: int
    created_at: str

    @classmethod
    def of(cls, member: Member, sites: int) -> "OrgMember":
        user = member.user
        return cls(
            user_id=user.id,
            email=user.email,
            name=user.name,
            role=user.role,
            site_count=sites if user.role.may_manage else len(member.sites),
            created_at=stamp(user.created_at),
        )


class OrgMemberList(Answer):
    members: list[OrgMember]
    total: int


class OrgSite(Answer):
    id: str
    name: str
    is_active: bool
    timezone: str
    currency: str
    created_at: str


class OrgSiteList(Answer):
    sites: list[OrgSite]
    total: int


class SiteOfMember(Answer):
    id: str
    name: str
    has_access: bool


class SitesOfMember(Answer):
    sites: list[SiteOfMember]
    total: int


class GivenSites(Answer):
    added: list[str]
    already_assigned: list[str]
    invalid: list[str]


# What is done


def list_organizations(call: Call) -> Envelope[OrgList]:
    found = [OrgInfo.of(call, each) for each in call.caller.everywhere]
    may_create = any(each.user_role is Role.OWNER for each in found)
    return Envelope(data=OrgList(organizations=found, total=len(found), can_create_org=may_create))


def create_organization(call: Call) -> Envelope[OrgInfo]:
    name = cast(CreateOrg, call.body).name
    organisations, user = call.services.organisations, call.person.user.id
    like = organisations.get(call.caller.organisation)
    try:
        made = organisations.create(name, user, like=like)
    except NotAllowed:
        raise OrgCreationNotAllowed from None
    return Envelope(data=OrgInfo.seen(call, made, Role.OWNER, sites=0))


def get_organization(call: Call) -> Envelope[OrgInfo]:
    return Envelope(data=OrgInfo.of(call, call.caller))


def update_organization(call: Call) -> Envelope[OrgInfo]:
    name = cast(UpdateOrg, call.body).name
    call.services.organisations.change(call.caller.organisation, by=call.caller.role, name=name)
    return Envelope(data=OrgInfo.of(call, call.caller))


def delete_organization(call: Call) -> Envelope[Said]:
    call.services.organisations.delete(
        call.caller.organisation,
        cast(DeleteOrg, call.body).name,
        by=call.caller.role,
        sites=call.services.sites,
    )
    return Envelope(data=Said(message="Organization deleted"))


def list_sites(call: Call) -> Envelope[OrgSiteList]:
    found = [
        OrgSite(
            id=site.slug,
            name=site.name,
            is_active=site.is_active,
            timezone=site.timezone,
            currency=site.currency,
            created_at=stamp(site.created_at),
        )
        for site in _sites(call, call.caller)
    ]
    return Envelope(data=OrgSiteList(sites=found, total=len(found)))


def list_members(call: Call) -> Envelope[OrgMemberList]:
    sites = len(_sites(call, call.caller))
    people = call.services.members.list(call.caller.organisation)
    found = [OrgMember.of(each, sites) for each in people]
    return Envelope(data=OrgMemberList(members=found, total=len(found)))


def add_member(call: Call) -> Envelope[Said]:
    """Somebody from another organisation in which whoever asks manages the people."""
    body = cast(AddMember, call.body)
    user, members = UserId(body.user_id), call.services.members
    if not call.caller.role.may_give(body.role):
        raise NotAllowed
    if not any(_is_in(call, each, user) for each in call.caller.everywhere):
        raise MemberNotFound(user)
    members.add(call.caller.organisation, user, body.role, by=call.caller.role)
    return Envelope(data=Said(message="Member added"))


def update_member(call: Call) -> Envelope[Said]:
    role = cast(UpdateMember, call.body).role
    call.services.members.change_role(
        call.caller.organisation, user_in_path(call), role, by=call.caller.role
    )
    return Envelope(data=Said(message="Role changed"))


def remove_member(call: Call) -> Envelope[Said]:
    """Of oneself: leaving, whatever the role."""
    caller, user, members = call.caller, user_in_path(call), call.services.members
    if caller.person is not None and caller.person.user.id == user:
        members.leave(caller.organisation, user)
    else:
        members.remove(caller.organisation, user, by=caller.role)
    return Envelope(data=Said(message="Member removed"))


def list_sites_of_member(call: Call) -> Envelope[SitesOfMember]:
    member = call.services.members.get(call.caller.organisation, user_in_path(call))
    found = [
        SiteOfMember(
            id=site.slug,
            name=site.name,
            has_access=member.user.role.may_manage or site.id in member.sites,
        )
        for site in _sites(call, call.caller)
    ]
    return Envelope(data=SitesOfMember(sites=found, total=len(found)))


def give_sites(call: Call) -> Envelope[GivenSites]:
    names = list(dict.fromkeys(cast(GiveSites, call.body).site_ids))
    found = {name: site for name in names if (site := _site(call, name)) is not None}
    user, members = user_in_path(call), call.services.members
    members.get(call.caller.organisation, user)
    added = members.give_more(user, list(found.values()), SiteRole.VIEWER)

    def those(ids: frozenset[SiteId]) -> list[str]:
        return list(dict.fromkeys(site.slug for site in found.values() if site.id in ids))

    had = frozenset(site.id for site in found.values()) - added
    invalid = [name for name in names if name not in found]
    return Envelope(
        data=GivenSites(added=those(added), already_assigned=those(had), invalid=invalid)
    )


def take_site(call: Call) -> Envelope[Said]:
    call.services.members.take(call.named_site, user_in_path(call))
    return Envelope(data=Said(message="Access removed"))


def _is_in(call: Call, caller: Caller, user: UserId) -> bool:
    if not caller.role.may_manage:
        return False
    return any(each.user.id == user for each in call.services.members.list(caller.organisation))


def _sites(call: Call, caller: Caller) -> tuple[Site, ...]:
    return call.services.sites.list(
        caller.organisation, visible=caller.abilities.visible, include_inactive=True
    )


def _site(call: Call, name: str) -> Site | None:
    try:
        return call.services.sites.get(call.caller.organisation, name)
    except SiteNotFound:
        return None


_NONE = {404: "No such organisation, or not one of theirs."}
_ROLE = _NONE | {403: "Their role does not let them."}
_BODY = _ROLE | {422: "A field is invalid."}
_ABOUT = _ROLE | {404: "No such organisation, or nobody there with this id.", 422: "No number."}
_ABOUT_SITES = _ABOUT | {422: "A field is invalid, or the id is no number."}

ENDPOINTS = (
    Endpoint(
        "GET",
        PATH,
        "List organizations",
        Need.TOKEN,
        list_organizations,
        Envelope[OrgList],
        description="Those that somebody is in; of a token its own.",
        group=GROUP,
    ),
    Endpoint(
        "POST",
        PATH,
        "Create organization",
        Need.PERSON,
        create_organization,
        Envelope[OrgInfo],
        description="For owners. Its slug is made of its name, zone and currency are as before.",
        body=CreateOrg,
        status=201,
        errors={403: "A token, or somebody who owns no organisation.", 422: "A field is invalid."},
        group=GROUP,
        action="organisation.create",
    ),
    Endpoint(
        "GET",
        ONE,
        "Get organization",
        Need.TOKEN,
        get_organization,
        Envelope[OrgInfo],
        errors=_NONE,
        group=GROUP,
    ),
    Endpoint(
        "PATCH",
        ONE,
        "Update organization",
        Need.OWNER,
        update_organization,
        Envelope[OrgInfo],
        body=UpdateOrg,
        errors=_BODY,
        group=GROUP,
        action="organisation.update",
    ),
    Endpoint(
        "DELETE",
        ONE,
        "Delete organization",
        Need.OWNER,
        delete_organization,
        Envelope[Said],
        description="Its sites are deactivated, its tokens revoked, its people in it no more.",
        body=DeleteOrg,
        errors=_BODY | {400: "That is not its name.", 409: "The last one of a server."},
        group=GROUP,
        action="organisation.delete",
    ),
    Endpoint(
        "GET",
        f"{ONE}/sites",
        "List sites of an organization",
        Need.TOKEN,
        list_sites,
        Envelope[OrgSiteList],
        description="Those that whoever asks may see, the inactive included.",
        errors=_NONE,
        group=GROUP,
    ),
    Endpoint(
        "GET",
        f"{ONE}/members",
        "List members",
        Need.MANAGER,
        list_members,
        Envelope[OrgMemberList],
        errors=_ROLE,
        group=GROUP,
    ),
    Endpoint(
        "POST",
        f"{ONE}/members",
        "Add member",
        Need.PERSON,
        add_member,
        Envelope[Said],
        description=(
            "Somebody from another organisation in which whoever asks manages the people; all"
            " others are invited. Only owners make owners."
        ),
        body=AddMember,
        status=201,
        errors=_ABOUT_SITES | {409: "They are in it already."},
        group=GROUP,
        action="member.create",
    ),
    Endpoint(
        "PATCH",
        _MEMBER,
        "Update a member's role",
        Need.MANAGER,
        update_member,
        Envelope[Said],
        description="Only owners make owners, or take it from them.",
        body=UpdateMember,
        errors=_ABOUT_SITES | {400: "The last owner."},
        group=GROUP,
        action="member.update",
    ),
    Endpoint(
        "DELETE",
        _MEMBER,
        "Remove member",
        Need.TOKEN,
        remove_member,
        Envelope[Said],
        description="For owners and admins; and anybody may leave.",
        errors=_ABOUT | {400: "The last owner."},
        group=GROUP,
        action="member.delete",
    ),
    Endpoint(
        "GET",
        f"{_MEMBER}/sites",
        "List sites of a member",
        Need.MANAGER,
        list_sites_of_member,
        Envelope[SitesOfMember],
        errors=_ABOUT,
        group=GROUP,
    ),
    Endpoint(
        "POST",
        f"{_MEMBER}/sites",
        "Give sites to a member",
        Need.MANAGER,
        give_sites,
        Envelope[GivenSites],
        body=GiveSites,
        errors=_ABOUT_SITES,
        group=GROUP,
        action="site_access.create",
    ),
    Endpoint(
        "DELETE",
        f"{_MEMBER}/sites/{{site_id}}",
        "Take a site from a member",
        Need.MANAGER,
        take_site,
        Envelope[Said],
        errors=_ABOUT,
        group=GROUP,
        action="site_access.delete",
    ),
)
