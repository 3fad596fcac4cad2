"""What the Fathom dialect says and hears, field for field."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    ValidationInfo,
    field_validator,
)
from pydantic_core import PydanticCustomError

from leadline.faces.endpoint import Answer
from leadline.sites import (
    NAME_LENGTH,
    PASSWORD_LENGTH,
    InvalidTimezone,
    MultiDomain,
    Sharing,
    Site,
    check_timezone,
)
from leadline.text import CONTROL_CHARACTERS


def stamp(moment: datetime | None) -> str | None:
    """A moment as the dialect writes it: `2020-07-27 12:01:01`, in UTC."""
    return None if moment is None else moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")


class SiteObject(Answer):
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


class SiteList(Answer):
    object: Literal["list"] = "list"
    url: str = "/v1/sites"
    has_more: bool
    data: list[SiteObject]


class DeletedSite(Answer):
    id: str
    object: Literal["site"] = "site"
    deleted: Literal[True] = True


class Account(Answer):
    id: int
    object: Literal["account"] = "account"
    name: str
    email: str | None


class TokenInfo(Answer):
    name: str
    version: int
    abilities: list[str]
    last_used_at: str | None
    expires_at: str | None
    created_at: str
    updated_at: str


class Problem(Answer):
    """Either `error` or `errors` is there."""

    error: str


def _decimal(text: Any) -> Any:
    """A whole number as people write it: not `5.0`, not `1_0`."""
    if isinstance(text, str) and not text.removeprefix("-").isdecimal():
        raise PydanticCustomError("int_parsing", "not an integer")
    return text


Limit = Annotated[int, BeforeValidator(_decimal)]


class ListQuery(BaseModel):
    limit: Limit = Field(default=10, ge=1, le=100, description="How many of them to answer.")
    starting_after: str | None = Field(default=None, description="An id: the page after that one.")
    ending_before: str | None = Field(default=None, description="An id: the page before that one.")


def without_control_characters(text: str) -> str:
    if CONTROL_CHARACTERS.search(text):
        raise PydanticCustomError("format", "a control character")
    return text


def _known_zone(name: str) -> str:
    try:
        return check_timezone(name)
    except InvalidTimezone as error:
        raise PydanticCustomError("timezone", "not in the TZ database") from error


Name = Annotated[
    str, Field(min_length=1, max_length=NAME_LENGTH), AfterValidator(without_control_characters)
]
Password = Annotated[str, Field(max_length=PASSWORD_LENGTH)]
Timezone = Annotated[str, AfterValidator(_known_zone)]


class _SiteFields(BaseModel):
    """The validation context is the site to change, None for a new one."""

    model_config = ConfigDict(extra="ignore")

    sharing: Sharing | None = Field(
        default=None, description="Who may see the dashboard: none, private or public."
    )
    share_password: Password | None = Field(
        default=None,
        validate_default=True,
        description="Required when sharing is private and no password is set.",
    )
    timezone: Timezone | None = Field(
        default=None, description="The reporting time zone, a TZ database name."
    )
    multi_domain: StrictBool | None = Field(
        default=None, description="Whether the site counts several domains."
    )
    multi_domain_option: MultiDomain | None = Field(
        default=None,
        validate_default=True,
        description="Required when multi_domain is true and no option is set: combined or"
        " separate.",
    )

    @field_validator("share_password")
    @classmethod
    def _private_needs_a_password(cls, value: str | None, info: ValidationInfo) -> str | None:
        site: Site | None = info.context
        is_set = site is not None and site.sharing is Sharing.PRIVATE
        if value is None and info.data.get("sharing") is Sharing.PRIVATE and not is_set:
            raise PydanticCustomError("password_required", "no password")
        return value

    @field_validator("multi_domain_option")
    @classmethod
    def _several_domains_need_an_option(
        cls, value: MultiDomain | None, info: ValidationInfo
    ) -> MultiDomain | None:
        site: Site | None = info.context
        is_set = site is not None and site.multi_domain is not None
        if value is None and info.data.get("multi_domain") is True and not is_set:
            raise PydanticCustomError("option_required", "no option")
        return value


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


_FORM_BOOLEANS = {"1": True, "true": True, "0": False, "false": False}


def of_form(values: dict[str, str]) -> dict[str, Any]:
    """The values of a form, which has no other way to say yes or no than a text."""
    given = values.get("multi_domain", "")
    return {**values, "multi_domain": _FORM_BOOLEANS.get(given.strip().lower(), given)}
