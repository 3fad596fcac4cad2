"""Hits that a program sends: what it says of each, and what becomes of them."""

from collections.abc import Coroutine, Sequence
from datetime import datetime
from decimal import Decimal
from ipaddress import ip_address
from typing import Annotated, Any, Literal, cast

import msgspec
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    RootModel,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

from leadline.collector import (
    Decided,
    Kind,
    Malformed,
    SentHit,
    Untimely,
    amount_of,
    is_page,
    property_text,
)
from leadline.faces.endpoint import Answer, Call, Endpoint, Need
from leadline.faces.seal.errors import InvalidRequest, Problem
from leadline.faces.seal.shapes import Envelope
from leadline.network import Address
from leadline.sites import Site

HITS_AT_ONCE = 1000
LARGEST_BODY = 1024 * 1024
KINDS = {
    "pageview": Kind.PAGEVIEW,
    "conversion": Kind.CONVERSION,
    "microconversion": Kind.MICRO,
}
_Moment = Annotated[datetime, msgspec.Meta(tz=True)]


def _invalid(message: str) -> PydanticCustomError:
    return PydanticCustomError("value_error", "{message}", {"message": message})


def _url(text: str) -> str:
    if not is_page(text):
        raise _invalid("Not the address of a web page")
    return text


def _ip(value: Any) -> Address:
    try:
        address = ip_address(value if isinstance(value, str) else "")
    except ValueError:
        raise _invalid("Not an IPv4 or IPv6 address") from None
    return getattr(address, "ipv4_mapped", None) or address


def _moment(value: Any) -> datetime | None:
    if value is None:
        return None
    try:
        return msgspec.convert(value if isinstance(value, str) else "", _Moment)
    except msgspec.ValidationError:
        raise _invalid("Not a time with its offset, such as 2024-01-15T10:00:00Z") from None


def _number(value: Any) -> Any:
    if isinstance(value, bool):
        raise _invalid("An amount is a number")
    return value


def _amount(value: Decimal) -> Decimal:
    try:
        return amount_of(value)
    except Malformed:
        raise _invalid("Too large for an amount") from None


def _texts(properties: dict[str, Any]) -> dict[str, str]:
    return {name: property_text(value) for name, value in properties.items()}


class NewHit(BaseModel):
    model_config = ConfigDict(extra="forbid")

    site_id: str = Field(description="The site's slug or tracking code.")
    url: Annotated[str, AfterValidator(_url)] = Field(
        description="The page's full address; campaign parameters are read from it.",
        examples=["https://acme.example/pricing?utm_source=newsletter"],
    )
    ip: Annotated[
        Address,
        PlainValidator(_ip),
        WithJsonSchema(
            {
                "anyOf": [
                    {"type": "string", "format": "ipv4"},
                    {"type": "string", "format": "ipv6"},
                ]
            }
        ),
    ] = Field(description="The visitor's IPv4 or IPv6 address. It is used and forgotten.")
    user_agent: str = Field(description="The visitor's User-Agent. It is used and forgotten.")
    referrer: str | None = Field(None, description="The address that the visitor came from.")
    event: Literal["pageview", "conversion", "microconversion"] = "pageview"
    type: Annotated[str, Field(min_length=1, max_length=255)] | None = Field(
        None, description="What kind of conversion or microconversion it is, such as purchase."
    )
    amount: Annotated[Decimal, BeforeValidator(_number), AfterValidator(_amount)] | None = Field(
        None, description="What a conversion is worth; 0 if not given."
    )
    currency: str | None = Field(
        None, description="Of the amount: the site's own, as nothing is converted."
    )
    properties: Annotated[dict[str, Any], AfterValidator(_texts)] | None = None
    group: str | None = Field(None, description="A pageview's content group.")
    timezone: str | None = Field(None, description="The time zone that the browser is set to.")
    language: str | None = Field(None, description="The visitor's Accept-Language.")
    timestamp: Annotated[datetime | None, BeforeValidator(_moment)] = Field(
        None,
        description="When it happened, in ISO 8601 with an offset: at most 24 hours ago and 5"
        " minutes ahead. Now, if not given.",
        examples=["2024-01-15T10:00:00Z"],
    )
    id: Annotated[str, Field(min_length=1, max_length=255)] | None = Field(
        None,
        description="A name that no other hit of the site has: sent again within 7 days, the hit"
        " counts once.",
    )

    def problems(self, site: Site) -> dict[str, str]:
        """What is wrong with fields that are right by themselves."""
        found = {}
        if self.event == "pageview" and self.type is not None:
            found["type"] = "A pageview has none"
        if self.event != "pageview" and self.type is None:
            found["type"] = f"A {self.event} needs one"
        if self.event != "pageview" and self.group is not None:
            found["group"] = "Only a pageview has one"
        if self.event != "conversion" and self.amount is not None:
            found["amount"] = "Only a conversion has one"
        if self.currency not in (None, site.currency):
            found["currency"] = f"The site's is {site.currency}"
        return found

    def sent(self, site: Site) -> SentHit:
        return SentHit(
            site=site.slug,
            url=self.url,
            address=self.ip,
            user_agent=self.user_agent,
            happened_at=self.timestamp,
            id=self.id,
            referrer=self.referrer or "",
            kind=KINDS[self.event],
            name=self.type or "",
            amount=(self.amount or Decimal(0)) if self.event == "conversion" else None,
            properties=cast(dict[str, str], self.properties or {}),
            group=self.group or "",
            timezone=self.timezone or "",
            language=self.language or "",
        )


def _or_one(schema: dict[str, Any]) -> None:
    """Say that there need not be an array."""
    array = {name: schema.pop(name) for name in ("type", "items", "minItems", "maxItems")}
    schema["anyOf"] = [array["items"], array]


class NewHits(RootModel[list[NewHit]]):
    """A hit, or up to 1,000 in an array."""

    model_config = ConfigDict(json_schema_extra=_or_one)

    root: list[NewHit] = Field(min_length=1, max_length=HITS_AT_ONCE)

    @model_validator(mode="before")
    @classmethod
    def _in_an_array(cls, given: Any) -> Any:
        return [given] if isinstance(given, dict) else given


class RejectedHit(Answer):
    index: int = Field(description="Its position in the array, from 0.")
    reason: str = Field(examples=["invalid_domain"])


class TakenHits(Answer):
    accepted: int = Field(description="Hits that are on disk and count, each id once.")
    rejected: int = Field(description="Hits that do not count; they need not be sent again.")
    rejections: list[RejectedHit] = Field(description="Which these are, and why.")


def send_hits(call: Call) -> Coroutine[Any, Any, Answer]:
    hits = cast(NewHits, call.body).root
    named = {hit.site_id: call.managed(hit.site_id) for hit in hits}
    sites = [named[hit.site_id] for hit in hits]
    _check(hits, sites)
    try:
        decided = call.services.bundles.decide(
            [hit.sent(site) for hit, site in zip(hits, sites, strict=True)]
        )
    except Untimely as error:
        raise InvalidRequest(
            [_problem(place, "timestamp", str(error)) for place in error.places]
        ) from error
    return _stored(call, decided)


def _check(hits: Sequence[NewHit], sites: Sequence[Site]) -> None:
    problems = [
        _problem(place, field, message)
        for place, (hit, site) in enumerate(zip(hits, sites, strict=True))
        for field, message in hit.problems(site).items()
    ]
    if problems:
        raise InvalidRequest(problems)


def _problem(place: int, field: str, message: str) -> Problem:
    return {"field": f"body.{place}.{field}", "message": message, "type": "value_error"}


async def _stored(call: Call, decided: Decided) -> Envelope[TakenHits]:
    await call.services.bundles.store(decided.bundle)
    return Envelope(
        data=TakenHits(
            accepted=len(decided.bundle.hits),
            rejected=len(decided.rejections),
            rejections=[
                RejectedHit(index=each.place, reason=each.reason) for each in decided.rejections
            ],
        )
    )


ENDPOINT = Endpoint(
    "POST",
    "/hits",
    "Send hits",
    Need.MANAGE_EACH,
    send_hits,
    Envelope[TakenHits],
    description=(
        "Takes a hit, or an array of up to 1,000, from a server or an app. All of them are on disk"
        " when this is answered; if it is refused none is. A hit that the site does not want, as of"
        " a host that is not listed, is told of and does not count."
    ),
    body=NewHits,
    status=202,
    errors={
        403: "The token is not allowed to do this, for one of the sites.",
        422: "A field is invalid; nothing was stored.",
        503: "Nothing could be stored; send it again after Retry-After.",
    },
    group="Hits",
    largest_body=LARGEST_BODY,
)
