"""What the Fathom dialect answers: one row an endpoint. Rules: `docs/contracts/fathom-sites.md`."""

from functools import partial
from typing import Any, cast

from msgspec import UNSET

from leadline.access import Abilities
from leadline.faces.endpoint import Call, Endpoint, Need
from leadline.faces.fathom import aggregations, events, milestones
from leadline.faces.fathom.errors import Retired
from leadline.faces.fathom.paging import page
from leadline.faces.fathom.shapes import (
    Account,
    CreateSite,
    DeletedSite,
    ListQuery,
    Problem,
    SiteList,
    SiteObject,
    TokenInfo,
    UpdateSite,
    stamp,
)
from leadline.sites import NewSite, Sharing, SiteChange

TOKEN_VERSION = 4


def list_sites(call: Call) -> SiteList:
    sites = partial(call.services.sites.page, call.caller.organisation)
    found = page(cast(ListQuery, call.query), sites)
    return SiteList(has_more=found.has_more, data=[SiteObject.of(site) for site in found.sites])


def get_site(call: Call) -> SiteObject:
    return SiteObject.of(call.named_site)


def create_site(call: Call) -> SiteObject:
    body = cast(CreateSite, call.body)
    services = call.services
    organisation = services.organisations.get(call.caller.organisation)
    site = services.sites.create(
        organisation.id,
        NewSite(
            name=body.name,
            timezone=body.timezone or organisation.timezone,
            currency=organisation.currency,
            sharing=body.sharing or Sharing.NONE,
            share_password=body.share_password,
            multi_domain=body.multi_domain_option if body.multi_domain else None,
        ),
    )
    return SiteObject.of(site)


def update_site(call: Call) -> SiteObject:
    body = cast(UpdateSite, call.body)
    sent: dict[str, Any] = {
        field: UNSET if value is None else value for field, value in body.model_dump().items()
    }
    return SiteObject.of(call.services.sites.update(call.named_site, SiteChange(**sent)))


def delete_site(call: Call) -> DeletedSite:
    call.services.sites.delete(call.named_site)
    return DeletedSite(id=call.named_site.code)


def wipe_site(call: Call) -> Problem:
    raise Retired


def get_account(call: Call) -> Account:
    organisations = call.services.organisations
    organisation = organisations.get(call.caller.organisation)
    owner = organisations.owner(organisation.id)
    return Account(
        id=organisation.id,
        name=owner.name if owner else organisation.name,
        email=owner.email if owner else None,
    )


def get_token(call: Call) -> TokenInfo:
    token = call.caller.token
    assert token is not None
    return TokenInfo(
        name=token.name,
        version=TOKEN_VERSION,
        abilities=_ability_names(call, token.abilities),
        last_used_at=stamp(token.last_used_at),
        expires_at=stamp(token.expires_at),
        created_at=stamp(token.created_at) or "",
        updated_at=stamp(token.updated_at) or "",
    )


def _ability_names(call: Call, abilities: Abilities) -> list[str]:
    codes = call.services.sites.codes(abilities.reads | abilities.manages)
    return abilities.names(codes)


_INVALID = {400: "A parameter is invalid, or the token is not allowed to do this."}

ENDPOINTS = (
    Endpoint(
        "GET",
        "/sites",
        "List sites",
        Need.READ_ALL,
        list_sites,
        SiteList,
        description="All sites of the account, the oldest first, a page at a time.",
        query=ListQuery,
        errors=_INVALID,
    ),
    Endpoint(
        "POST",
        "/sites",
        "Create site",
        Need.FULL,
        create_site,
        SiteObject,
        description="Makes a site. Bodies are JSON or form data.",
        body=CreateSite,
        errors=_INVALID,
        action="site.create",
    ),
    Endpoint(
        "GET",
        "/sites/{site_id}",
        "Get site",
        Need.READ,
        get_site,
        SiteObject,
        from_memory=True,
    ),
    Endpoint(
        "POST",
        "/sites/{site_id}",
        "Update site",
        Need.MANAGE,
        update_site,
        SiteObject,
        description="Changes the fields that are sent, and no other.",
        body=UpdateSite,
        errors=_INVALID,
        action="site.update",
    ),
    Endpoint(
        "DELETE",
        "/sites/{site_id}",
        "Delete site",
        Need.FULL_ON_SITE,
        delete_site,
        DeletedSite,
        description="Deletes a site and all its hits, for good.",
        errors={400: "The token is not allowed to do this."},
        action="site.delete",
    ),
    Endpoint(
        "DELETE",
        "/sites/{site_id}/data",
        "Wipe site",
        Need.NOTHING,
        wipe_site,
        Problem,
        description="Retired: data cannot be wiped through the API.",
        status=410,
        deprecated=True,
    ),
    Endpoint(
        "GET",
        "/account",
        "Get account",
        Need.FULL,
        get_account,
        Account,
        errors={400: "The token is not allowed to do this."},
        group="Account",
    ),
    Endpoint(
        "GET",
        "/token",
        "Get token",
        Need.TOKEN,
        get_token,
        TokenInfo,
        description="The token that asks.",
        group="Account",
    ),
    *events.ENDPOINTS,
    *milestones.ENDPOINTS,
    *aggregations.ENDPOINTS,
)
