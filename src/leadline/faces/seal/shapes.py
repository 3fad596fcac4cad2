"""What the SealMetrics dialect says and hears, field for field."""

from datetime import UTC, datetime
from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, model_validator

from leadline.faces.endpoint import Answer
from leadline.sites import (
    DOMAINS_AT_CREATION,
    NAME_LENGTH,
    PARAMETER_LENGTH,
    Domain,
    Site,
    UtmField,
    UtmMapping,
)

Data = TypeVar("Data")


def stamp(moment: datetime) -> str:
    """A moment as the dialect writes it: `2024-01-15T10:00:00Z`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def present() -> str:
    return stamp(datetime.now(UTC))


class Envelope(Answer, Generic[Data]):
    """What every success is wrapped in."""

    success: Literal[True] = True
    data: Data
    meta: dict[str, Any] = Field(default_factory=dict)
    timestamp: str = Field(default_factory=present)


class SiteSummary(Answer):
    id: str = Field(description="The slug.", examples=["acme-corp"])
    name: str
    domains: list[str]
    timezone: str = Field(examples=["Europe/Madrid"])
    currency: str = Field(examples=["EUR"])
    is_active: bool
    created_at: str = Field(examples=["2024-01-15T10:00:00Z"])

    @classmethod
    def of(cls, site: Site) -> "SiteSummary":
        return cls(**_site_fields(site))


class SiteDetail(SiteSummary):
    updated_at: str | None

    @classmethod
    def of(cls, site: Site) -> "SiteDetail":
        updated_at = None if site.updated_at is None else stamp(site.updated_at)
        return cls(**_site_fields(site), updated_at=updated_at)


def _site_fields(site: Site) -> dict[str, Any]:
    return {
        "id": site.slug,
        "name": site.name,
        "domains": [domain.domain for domain in site.domains],
        "timezone": site.timezone,
        "currency": site.currency,
        "is_active": site.is_active,
        "created_at": stamp(site.created_at),
    }


class SiteList(Answer):
    sites: list[SiteSummary]
    total: int


class DeletedSite(Answer):
    deleted: Literal[True] = True
    site_id: str


class DomainInfo(Answer):
    id: int
    domain: str
    is_active: Literal[True] = True
    created_at: str

    @classmethod
    def of(cls, domain: Domain) -> "DomainInfo":
        return cls(id=domain.id, domain=domain.domain, created_at=stamp(domain.created_at))


class DomainList(Answer):
    domains: list[DomainInfo]
    total: int


class RemovedDomain(Answer):
    removed: Literal[True] = True
    domain: str


class UtmMappingInfo(Answer):
    id: int
    custom_param: str
    maps_to: UtmField
    is_active: bool
    created_at: str

    @classmethod
    def of(cls, mapping: UtmMapping) -> "UtmMappingInfo":
        return cls(
            id=mapping.id,
            custom_param=mapping.custom_param,
            maps_to=mapping.maps_to,
            is_active=mapping.is_active,
            created_at=stamp(mapping.created_at),
        )


class UtmMappingList(Answer):
    mappings: list[UtmMappingInfo]
    total: int


class RemovedUtmMapping(Answer):
    removed: Literal[True] = True
    custom_param: str


class PixelCode(Answer):
    site_id: str
    account_id: str = Field(description="The same as `site_id`.")
    script_tag: str
    tracker_url: str
    instructions: str


class PixelStatus(Answer):
    site_id: str
    account_id: str = Field(description="The same as `site_id`.")
    installed: bool = Field(description="Whether any hit was received.")
    first_hit_at: str | None
    last_hit_at: str | None
    total_hits: int = Field(description="Hits of the last 14 days.")


class RejectedOrigin(Answer):
    origin: str = Field(description="The host of the page; empty if none was named.")
    count: int


class RejectionReason(Answer):
    reason: str = Field(examples=["invalid_domain"])
    count: int
    origins: list[RejectedOrigin] = Field(description="The most frequent ones.")


class PixelRejections(Answer):
    account_id: str
    window_minutes: int
    available: bool
    accepted: int
    rejected: int
    reasons: list[RejectionReason]


class RejectionsQuery(BaseModel):
    minutes: int = Field(60, ge=1, le=1440)


class TimezoneInfo(Answer):
    timezone: str
    country_code: str
    country_name: str


class TimezoneList(Answer):
    timezones: list[TimezoneInfo]
    total: int


class ListQuery(BaseModel):
    include_inactive: bool = Field(default=False, description="Whether to list deleted sites too.")


Name = Annotated[str, Field(min_length=1, max_length=NAME_LENGTH)]
Currency = Annotated[str, Field(min_length=3, max_length=3)]


def _with_nulls(schema: dict[str, Any]) -> None:
    """Say of every field with a default that it may be null."""
    for rules in schema["properties"].values():
        if "type" in rules and ("default" in rules or rules["type"] == "array"):
            rules["type"] = [rules["type"], "null"]


class CreateSite(BaseModel):
    model_config = ConfigDict(extra="ignore", json_schema_extra=_with_nulls)

    name: Name = Field(description="Display name, 1 to 255 characters.")
    domains: list[str] = Field(
        default_factory=list,
        max_length=DOMAINS_AT_CREATION,
        description="Hosts that may send hits; without any, every host may.",
    )
    timezone: str = Field(default="UTC", description="An IANA time zone.")
    currency: Currency = Field(default="EUR", description="An ISO 4217 code.")
    org_id: str | None = Field(default=None, description="The token's own organisation, if given.")

    @model_validator(mode="before")
    @classmethod
    def _without_nulls(cls, given: Any) -> Any:
        """A field sent as null counts as not sent."""
        if not isinstance(given, dict):
            return given
        return {name: value for name, value in given.items() if value is not None}


class UpdateSite(BaseModel):
    model_config = ConfigDict(extra="ignore")

    name: Name | None = Field(default=None, description="Display name, 1 to 255 characters.")
    timezone: str | None = Field(default=None, description="An IANA time zone.")
    currency: Currency | None = Field(default=None, description="An ISO 4217 code.")
    is_active: bool | None = Field(
        default=None, description="false deactivates the site, true brings it back."
    )


class AddDomain(BaseModel):
    domain: str = Field(description="A host name, such as blog.example.com.")


class AddUtmMapping(BaseModel):
    custom_param: Annotated[str, Field(min_length=1, max_length=PARAMETER_LENGTH)] = Field(
        description="The URL parameter; its case counts."
    )
    maps_to: UtmField = Field(description="The UTM field that it fills.")


class UpdateUtmMapping(BaseModel):
    maps_to: UtmField | None = Field(default=None, description="The UTM field that it fills.")
    is_active: bool | None = Field(default=None, description="Whether the mapping acts.")
