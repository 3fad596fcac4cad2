"""What the Fathom dialect says and hears, field for field."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from leadline.sites import NAME_LENGTH, PASSWORD_LENGTH, MultiDomain, Sharing, Site


def stamp(moment: datetime | None) -> str | None:
    """A moment as the dialect writes it: `2020-07-27 12:01:01`, in UTC."""
    return None if moment is None else moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")


class SiteObject(BaseModel):
    id: str = Field(description="The tracking code.", examples=["CDBUGS"])
    object: Literal["site"] = "site"
    name: str
    sharing: Sharing
    created_at: str = Field(examples=["2020-07-27 12:01:01"])
    timezone: str = Field(examples=["America/New_York"])

    @classmethod
    def of(cls, site: Site) -> "SiteObject":
        return cls(
            id=site.code,
            name=site.name,
            sharing=site.sharing,
            created_at=stamp(site.created_at) or "",
            timezone=site.timezone,
        )


class SiteList(BaseModel):
    object: Literal["list"] = "list"
    url: str = "/v1/sites"
    has_more: bool
    data: list[SiteObject]


class DeletedSite(BaseModel):
    id: str
    object: Literal["site"] = "site"
    deleted: Literal[True] = True


class Account(BaseModel):
    id: int
    object: Literal["account"] = "account"
    name: str
    email: str | None


class TokenInfo(BaseModel):
    name: str
    version: int
    abilities: list[str]
    last_used_at: str | None
    expires_at: str | None
    created_at: str
    updated_at: str


class Problem(BaseModel):
    """Either `error` or `errors` is there."""

    error: str


class ListQuery(BaseModel):
    limit: int = Field(default=10, ge=1, le=100, description="How many sites to answer.")
    starting_after: str | None = Field(
        default=None, description="A site's id: the page of sites after it."
    )
    ending_before: str | None = Field(
        default=None, description="A site's id: the page of sites before it."
    )


def _without_control_characters(text: str) -> str:
    if any(ord(character) < 32 or 127 <= ord(character) < 160 for character in text):
        raise ValueError("format")
    return text


Name = Annotated[
    str, Field(min_length=1, max_length=NAME_LENGTH), AfterValidator(_without_control_characters)
]
Password = Annotated[str, Field(max_length=PASSWORD_LENGTH)]


class _SiteFields(BaseModel):
    model_config = ConfigDict(extra="ignore")

    sharing: Sharing | None = Field(
        default=None, description="Who may see the dashboard: none, private or public."
    )
    share_password: Password | None = Field(
        default=None, description="Required when sharing is private and no password is set."
    )
    timezone: str | None = Field(
        default=None, description="The reporting time zone, a TZ database name."
    )
    multi_domain: bool | None = Field(
        default=None, description="Whether the site counts several domains."
    )
    multi_domain_option: MultiDomain | None = Field(
        default=None, description="Required when multi_domain is true: combined or separate."
    )


class CreateSite(_SiteFields):
    name: Name = Field(description="Any name of up to 255 characters.")


class UpdateSite(_SiteFields):
    name: Name | None = Field(default=None, description="Any name of up to 255 characters.")


def cleaned(values: dict[str, Any]) -> dict[str, Any]:
    """Texts trimmed and empty ones taken for absent, as the dialect's own server does."""
    found = {}
    for name, value in values.items():
        text = value.strip() if isinstance(value, str) and name != "share_password" else value
        found[name] = None if text == "" else text
    return found
