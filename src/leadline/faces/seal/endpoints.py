"""What the SealMetrics dialect answers: one row an endpoint.

Rules: `docs/contracts/sealmetrics-sites.md`.
"""

from typing import cast

from leadline.faces.endpoint import Call, Endpoint, Need
from leadline.faces.seal import (
    alerts,
    api_tokens,
    audit,
    auth,
    blocklist,
    bot_stats,
    channel_groups,
    exports,
    hits,
    invitations,
    organizations,
    passthrough,
    segments,
    shapes,
    site_users,
    stats,
    webhooks,
)
from leadline.faces.seal.asked import number_in_path, sent
from leadline.faces.seal.errors import Forbidden
from leadline.faces.seal.shapes import Envelope
from leadline.sites import NewSite, OrganisationId, SiteChange, UtmMappingChange, timezones

INSTRUCTIONS = "Add this script tag to your website's <head> section."


def list_sites(call: Call) -> Envelope[shapes.SiteList]:
    query = cast(shapes.ListQuery, call.query)
    rows = [
        shapes.SiteSummary.of(site)
        for caller in call.caller.everywhere
        for site in call.services.sites.list(
            caller.organisation,
            visible=caller.abilities.visible,
            include_inactive=query.include_inactive,
        )
    ]
    return Envelope(data=shapes.SiteList(sites=rows, total=len(rows)))


def create_site(call: Call) -> Envelope[shapes.SiteSummary]:
    body = cast(shapes.CreateSite, call.body)
    site = call.services.sites.create(
        _where_to_make(call, body.org_id),
        NewSite(
            name=body.name,
            timezone=body.timezone,
            currency=body.currency,
            domains=tuple(body.domains),
        ),
    )
    return Envelope(data=shapes.SiteSummary.of(site))


def _where_to_make(call: Call, org_id: str | None) -> OrganisationId:
    """Raises `Forbidden` for an organisation where they may not."""
    if org_id is None:
        return call.caller.organisation
    for each in call.caller.everywhere:
        if call.services.organisations.get(each.organisation).uuid == org_id:
            if each.abilities.full:
                return each.organisation
            break
    raise Forbidden(f"Access denied to organization: {org_id}")


def get_site(call: Call) -> Envelope[shapes.SiteDetail]:
    return Envelope(data=shapes.SiteDetail.of(call.named_site))


def update_site(call: Call) -> Envelope[shapes.SiteDetail]:
    site = call.services.sites.update(call.named_site, SiteChange(**sent(call.body)))
    return Envelope(data=shapes.SiteDetail.of(site))


def delete_site(call: Call) -> Envelope[shapes.DeletedSite]:
    site = call.named_site
    if site.is_active:
        call.services.sites.update(site, SiteChange(is_active=False))
    return Envelope(data=shapes.DeletedSite(site_id=site.slug))


def list_domains(call: Call) -> Envelope[shapes.DomainList]:
    rows = [shapes.DomainInfo.of(domain) for domain in call.named_site.domains]
    return Envelope(data=shapes.DomainList(domains=rows, total=len(rows)))


def add_domain(call: Call) -> Envelope[shapes.DomainInfo]:
    body = cast(shapes.AddDomain, call.body)
    domain = call.services.sites.add_domain(call.named_site, body.domain)
    return Envelope(data=shapes.DomainInfo.of(domain))


def remove_domain(call: Call) -> Envelope[shapes.RemovedDomain]:
    domain = call.path["domain"]
    call.services.sites.remove_domain(call.named_site, domain)
    return Envelope(data=shapes.RemovedDomain(domain=domain.lower()))


def list_utm_mappings(call: Call) -> Envelope[shapes.UtmMappingList]:
    found = call.services.sites.utm_mappings(call.named_site)
    rows = [shapes.UtmMappingInfo.of(mapping) for mapping in found]
    return Envelope(data=shapes.UtmMappingList(mappings=rows, total=len(rows)))


def add_utm_mapping(call: Call) -> Envelope[shapes.UtmMappingInfo]:
    body = cast(shapes.AddUtmMapping, call.body)
    mapping = call.services.sites.add_utm_mapping(call.named_site, body.custom_param, body.maps_to)
    return Envelope(data=shapes.UtmMappingInfo.of(mapping))


def update_utm_mapping(call: Call) -> Envelope[shapes.UtmMappingInfo]:
    number = number_in_path(call, "mapping_id")
    change = UtmMappingChange(**sent(call.body))
    mapping = call.services.sites.change_utm_mapping(call.named_site, number, change)
    return Envelope(data=shapes.UtmMappingInfo.of(mapping))


def remove_utm_mapping(call: Call) -> Envelope[shapes.RemovedUtmMapping]:
    parameter = call.path["custom_param"]
    call.services.sites.remove_utm_mapping(call.named_site, parameter)
    return Envelope(data=shapes.RemovedUtmMapping(custom_param=parameter))


def get_pixel(call: Call) -> Envelope[shapes.PixelCode]:
    slug, origin = call.named_site.slug, call.origin()
    addresses = call.services.addresses
    return Envelope(
        data=shapes.PixelCode(
            site_id=slug,
            account_id=slug,
            script_tag=addresses.seal_tag(origin, slug),
            tracker_url=addresses.seal_address(origin, slug),
            instructions=INSTRUCTIONS,
        )
    )


def get_pixel_status(call: Call) -> Envelope[shapes.PixelStatus]:
    site = call.named_site
    found = call.services.reports.installation(site.id)
    return Envelope(
        data=shapes.PixelStatus(
            site_id=site.slug,
            account_id=site.slug,
            installed=found.installed,
            first_hit_at=found.first_hit_at and shapes.stamp(found.first_hit_at),
            last_hit_at=found.last_hit_at and shapes.stamp(found.last_hit_at),
            total_hits=found.total_hits,
        )
    )


def get_pixel_rejections(call: Call) -> Envelope[shapes.PixelRejections]:
    site = call.named_site
    query = cast(shapes.RejectionsQuery, call.query)
    found = call.services.reports.refusals(site.id, query.minutes)
    return Envelope(
        data=shapes.PixelRejections(
            account_id=site.slug,
            window_minutes=found.minutes,
            available=True,
            accepted=found.accepted,
            rejected=found.refused,
            reasons=[
                shapes.RejectionReason(
                    reason=each.reason,
                    count=each.count,
                    origins=[
                        shapes.RejectedOrigin(origin=host.origin, count=host.count)
                        for host in each.origins
                    ],
                )
                for each in found.reasons
            ],
        )
    )


def list_timezones(call: Call) -> Envelope[shapes.TimezoneList]:
    rows = [
        shapes.TimezoneInfo(
            timezone=zone.name, country_code=zone.country_code, country_name=zone.country_name
        )
        for zone in timezones()
    ]
    return Envelope(data=shapes.TimezoneList(timezones=rows, total=len(rows)))


_FORBIDDEN = {403: "The token is not allowed to do this."}
_AWAY = {503: "Hits cannot be counted now; see Retry-After."}
_INVALID = _FORBIDDEN | {422: "A field is invalid."}
_INVALID_SITE = _INVALID | {400: "The time zone or a domain is invalid."}
_INVALID_DOMAIN = _INVALID | {400: "The domain is invalid.", 409: "The domain is listed already."}

ENDPOINTS = (
    Endpoint(
        "GET",
        "/sites/config/timezones",
        "List available timezones",
        Need.TOKEN,
        list_timezones,
        Envelope[shapes.TimezoneList],
        description="Every IANA time zone with its country; both are empty for zones without one.",
        group="Timezones",
    ),
    Endpoint(
        "GET",
        "/sites",
        "List sites",
        Need.TOKEN,
        list_sites,
        Envelope[shapes.SiteList],
        description="The sites that the token may read.",
        query=shapes.ListQuery,
        errors={422: "A parameter is invalid."},
    ),
    Endpoint(
        "POST",
        "/sites",
        "Create site",
        Need.FULL,
        create_site,
        Envelope[shapes.SiteSummary],
        description="Makes a site; its id is a slug of its name.",
        body=shapes.CreateSite,
        status=201,
        errors=_INVALID_SITE | {409: "A domain is given twice."},
        action="site.create",
    ),
    Endpoint(
        "GET",
        "/sites/{site_id}",
        "Get site",
        Need.READ,
        get_site,
        Envelope[shapes.SiteDetail],
        from_memory=True,
        errors=_FORBIDDEN,
    ),
    Endpoint(
        "PATCH",
        "/sites/{site_id}",
        "Update site",
        Need.MANAGE,
        update_site,
        Envelope[shapes.SiteDetail],
        description="Changes the fields that are sent; `is_active` brings a deleted site back.",
        body=shapes.UpdateSite,
        errors=_INVALID | {400: "The time zone is invalid."},
        action="site.update",
    ),
    Endpoint(
        "DELETE",
        "/sites/{site_id}",
        "Delete site",
        Need.FULL_ON_SITE,
        delete_site,
        Envelope[shapes.DeletedSite],
        description="Deactivates a site: it collects nothing and keeps what it has.",
        errors=_FORBIDDEN,
        action="site.delete",
    ),
    Endpoint(
        "GET",
        "/sites/{site_id}/domains",
        "List domains",
        Need.READ,
        list_domains,
        Envelope[shapes.DomainList],
        from_memory=True,
        errors=_FORBIDDEN,
        group="Domains",
    ),
    Endpoint(
        "POST",
        "/sites/{site_id}/domains",
        "Add domain",
        Need.MANAGE,
        add_domain,
        Envelope[shapes.DomainInfo],
        description="Lets a host and everything below it send hits.",
        body=shapes.AddDomain,
        status=201,
        errors=_INVALID_DOMAIN,
        group="Domains",
        action="domain.create",
    ),
    Endpoint(
        "DELETE",
        "/sites/{site_id}/domains/{domain}",
        "Remove domain",
        Need.MANAGE,
        remove_domain,
        Envelope[shapes.RemovedDomain],
        errors=_FORBIDDEN,
        group="Domains",
        action="domain.delete",
    ),
    Endpoint(
        "GET",
        "/sites/{site_id}/utm-mappings",
        "List UTM mappings",
        Need.READ,
        list_utm_mappings,
        Envelope[shapes.UtmMappingList],
        errors=_FORBIDDEN,
        group="UTM mappings",
    ),
    Endpoint(
        "POST",
        "/sites/{site_id}/utm-mappings",
        "Add UTM mapping",
        Need.MANAGE,
        add_utm_mapping,
        Envelope[shapes.UtmMappingInfo],
        description="Counts the value of a URL parameter as a UTM field, from the next hit on.",
        body=shapes.AddUtmMapping,
        status=201,
        errors=_INVALID | {409: "The parameter is mapped already."},
        group="UTM mappings",
        action="utm_mapping.create",
    ),
    Endpoint(
        "PATCH",
        "/sites/{site_id}/utm-mappings/{mapping_id}",
        "Update UTM mapping",
        Need.MANAGE,
        update_utm_mapping,
        Envelope[shapes.UtmMappingInfo],
        body=shapes.UpdateUtmMapping,
        errors=_INVALID,
        group="UTM mappings",
        action="utm_mapping.update",
    ),
    Endpoint(
        "DELETE",
        "/sites/{site_id}/utm-mappings/{custom_param:path}",
        "Remove UTM mapping",
        Need.MANAGE,
        remove_utm_mapping,
        Envelope[shapes.RemovedUtmMapping],
        description="Names the mapping by its parameter.",
        errors=_FORBIDDEN,
        group="UTM mappings",
        action="utm_mapping.delete",
    ),
    Endpoint(
        "GET",
        "/sites/{site_id}/pixel",
        "Get pixel code",
        Need.READ,
        get_pixel,
        Envelope[shapes.PixelCode],
        from_memory=True,
        errors=_FORBIDDEN,
        group="Pixel",
    ),
    Endpoint(
        "GET",
        "/sites/{site_id}/pixel/status",
        "Get pixel status",
        Need.READ,
        get_pixel_status,
        Envelope[shapes.PixelStatus],
        errors=_FORBIDDEN | _AWAY,
        group="Pixel",
    ),
    Endpoint(
        "GET",
        "/sites/{site_id}/pixel/rejections",
        "Get pixel rejections",
        Need.READ,
        get_pixel_rejections,
        Envelope[shapes.PixelRejections],
        description="The hits of the last minutes that were not counted, and why.",
        query=shapes.RejectionsQuery,
        errors=_INVALID | _AWAY,
        group="Pixel",
    ),
    hits.ENDPOINT,
    *segments.ENDPOINTS,
    *blocklist.ENDPOINTS,
    *channel_groups.ENDPOINTS,
    *passthrough.ENDPOINTS,
    *exports.ENDPOINTS,
    *alerts.ENDPOINTS,
    *webhooks.ENDPOINTS,
    bot_stats.ENDPOINT,
    *stats.ENDPOINTS,
    *auth.ENDPOINTS,
    *organizations.ENDPOINTS,
    *invitations.ENDPOINTS,
    *site_users.ENDPOINTS,
    *api_tokens.ENDPOINTS,
    audit.ENDPOINT,
)
