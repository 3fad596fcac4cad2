"""Referrers that only pass visitors on."""

from typing import Annotated, cast

from pydantic import BaseModel, Field

from leadline.faces.endpoint import Answer, Call, Endpoint, Need, Nothing
from leadline.faces.seal.asked import (
    ListOfSite,
    OfSite,
    managed,
    number_in_path,
    readable,
    sent,
)
from leadline.faces.seal.shapes import Envelope, stamp
from leadline.sites import (
    NewPassthroughReferrer,
    PassthroughReferrer,
    PassthroughReferrerChange,
    Site,
)

Required = Annotated[str, Field(min_length=1, max_length=255)]
Long = Annotated[str, Field(max_length=255)]
Short = Annotated[str, Field(max_length=100)]


class ReferrerInfo(Answer):
    id: int
    account_id: str
    domain: str
    utm_source: str
    utm_medium: str
    utm_campaign: str
    utm_term: str
    service_name: str
    is_active: bool
    created_at: str
    updated_at: str

    @classmethod
    def of(cls, site: Site, referrer: PassthroughReferrer) -> "ReferrerInfo":
        return cls(
            id=referrer.id,
            account_id=site.slug,
            domain=referrer.domain,
            utm_source=referrer.utm_source,
            utm_medium=referrer.utm_medium,
            utm_campaign=referrer.utm_campaign,
            utm_term=referrer.utm_term,
            service_name=referrer.service_name,
            is_active=referrer.is_active,
            created_at=stamp(referrer.created_at),
            updated_at=stamp(referrer.updated_at),
        )


class ReferrerList(Answer):
    referrers: list[ReferrerInfo]
    total: int
    active_count: int


class AddReferrer(BaseModel):
    domain: Required = Field(description="A host; all below it are meant too.")
    utm_source: Required = Field(description="What counts where a visit begins there.")
    utm_medium: Short = "passthrough"
    utm_campaign: Long = ""
    utm_term: Long = ""
    service_name: Short = ""
    is_active: bool = True


class UpdateReferrer(BaseModel):
    domain: Required | None = None
    utm_source: Required | None = None
    utm_medium: Short | None = None
    utm_campaign: Long | None = None
    utm_term: Long | None = None
    service_name: Short | None = None
    is_active: bool | None = None


def list_referrers(call: Call) -> Envelope[ReferrerList]:
    site, query = readable(call), cast(ListOfSite, call.query)
    found = [
        ReferrerInfo.of(site, each)
        for each in call.services.passthrough_referrers.list(site)
        if each.is_active or query.include_inactive
    ]
    active = sum(each.is_active for each in found)
    return Envelope(data=ReferrerList(referrers=found, total=len(found), active_count=active))


def add_referrer(call: Call) -> Envelope[ReferrerInfo]:
    site = managed(call)
    new = NewPassthroughReferrer(**call.body.model_dump())
    added = call.services.passthrough_referrers.add(site, new)
    return Envelope(data=ReferrerInfo.of(site, added))


def get_referrer(call: Call) -> Envelope[ReferrerInfo]:
    site, number = readable(call), number_in_path(call, "referrer_id")
    found = call.services.passthrough_referrers.get(site, number)
    return Envelope(data=ReferrerInfo.of(site, found))


def update_referrer(call: Call) -> Envelope[ReferrerInfo]:
    site, number = managed(call), number_in_path(call, "referrer_id")
    change = PassthroughReferrerChange(**sent(call.body))
    changed = call.services.passthrough_referrers.change(site, number, change)
    return Envelope(data=ReferrerInfo.of(site, changed))


def remove_referrer(call: Call) -> Nothing:
    site, number = managed(call), number_in_path(call, "referrer_id")
    call.services.passthrough_referrers.remove(site, number)
    return Nothing()


_ERRORS = {
    403: "The token is not allowed to do this.",
    404: "No such site or referrer.",
    422: "A field is invalid, or the site has too many.",
}
_DOMAIN = {400: "The domain is invalid.", 409: "The domain is listed already."}
_GROUP = "Passthrough referrers"
_LIST, _REFERRER = "/passthrough-referrers", "/passthrough-referrers/{referrer_id}"

ENDPOINTS = (
    Endpoint(
        "GET",
        _LIST,
        "List passthrough referrers",
        Need.READ_NAMED,
        list_referrers,
        Envelope[ReferrerList],
        description="Those of the site; services that take payments are known without.",
        query=ListOfSite,
        errors=_ERRORS,
        group=_GROUP,
    ),
    Endpoint(
        "POST",
        _LIST,
        "Add passthrough referrer",
        Need.MANAGE_NAMED,
        add_referrer,
        Envelope[ReferrerInfo],
        description=(
            "Who comes from there goes on with the visit; a visit that begins there has these UTM"
            " fields. It acts from the next hit on."
        ),
        query=OfSite,
        body=AddReferrer,
        status=201,
        errors=_ERRORS | _DOMAIN,
        group=_GROUP,
        action="passthrough_referrer.create",
    ),
    Endpoint(
        "GET",
        _REFERRER,
        "Get passthrough referrer",
        Need.READ_NAMED,
        get_referrer,
        Envelope[ReferrerInfo],
        query=OfSite,
        errors=_ERRORS,
        group=_GROUP,
    ),
    Endpoint(
        "PATCH",
        _REFERRER,
        "Update passthrough referrer",
        Need.MANAGE_NAMED,
        update_referrer,
        Envelope[ReferrerInfo],
        query=OfSite,
        body=UpdateReferrer,
        errors=_ERRORS | _DOMAIN,
        group=_GROUP,
        action="passthrough_referrer.update",
    ),
    Endpoint(
        "DELETE",
        _REFERRER,
        "Remove passthrough referrer",
        Need.MANAGE_NAMED,
        remove_referrer,
        Nothing,
        query=OfSite,
        status=204,
        errors=_ERRORS,
        group=_GROUP,
        action="passthrough_referrer.delete",
    ),
)
