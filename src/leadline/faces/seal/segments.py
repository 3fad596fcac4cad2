"""Segments: those that are kept, and those that every site has of itself."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any, NamedTuple, cast

from pydantic import BaseModel, Field

from leadline.faces.endpoint import Answer, Call, Endpoint, Need, Nothing
from leadline.faces.seal.asked import OfSite, managed, readable, sent
from leadline.faces.seal.conditions import SegmentFilters, condition_of, filters_of, read
from leadline.faces.seal.errors import CannotModifySystem, InvalidRequest
from leadline.faces.seal.shapes import Envelope, stamp
from leadline.reports import (
    AllOf,
    Condition,
    InvalidFilter,
    NewSegment,
    Segment,
    SegmentChange,
    Segments,
)
from leadline.sites import Site


class SystemSegment(NamedTuple):
    name: str
    display_name: str
    description: str
    condition: Condition

    @property
    def id(self) -> str:
        return f"seg_{self.name}"


SYSTEM = (
    SystemSegment("all-traffic", "All Traffic", "Everything", AllOf()),
    SystemSegment(
        "organic-search",
        "Organic Search",
        "Unpaid results of search engines",
        read("utm_medium", "eq", "organic"),
    ),
    SystemSegment("paid-search", "Paid Search", "Paid clicks", read("utm_medium", "eq", "cpc")),
    SystemSegment(
        "social",
        "Social",
        "Social networks, paid or not",
        read("channel", "in", ["Organic Social", "Paid Social"]),
    ),
    SystemSegment("direct", "Direct", "Nobody sent them", read("channel", "eq", "Direct")),
    SystemSegment("referral", "Referral", "Links of others", read("channel", "eq", "Referral")),
    SystemSegment("mobile", "Mobile", "Phones", read("device_type", "eq", "mobile")),
    SystemSegment("desktop", "Desktop", "Desktops", read("device_type", "eq", "desktop")),
)
"""In SealMetrics' order; its names are reserved by `leadline.reports`."""

_SYSTEM = {key: each for each in SYSTEM for key in (each.id, each.name)}


def segment_condition(segments: Segments, site: Site, name: str) -> Condition:
    """Of the segment with this id or name. Raises `SavedNotFound`."""
    system = _SYSTEM.get(name)
    return system.condition if system else segments.get(site.id, name).condition


# What is said and heard

Slug = Annotated[str, Field(min_length=1, max_length=50, pattern=r"^[a-z0-9-]+$")]
DisplayName = Annotated[str, Field(min_length=1, max_length=100)]
Description = Annotated[str, Field(max_length=500)]
Color = Annotated[str, Field(pattern=r"^#[0-9A-Fa-f]{6}$")]


class SegmentInfo(Answer):
    id: str = Field(examples=["seg_k3v9x2m4p7q1w8z5"])
    account_id: str
    name: str
    display_name: str
    description: str | None
    filters: SegmentFilters
    color: str | None
    is_system: bool
    created_by: int | None
    created_at: str
    updated_at: str

    @classmethod
    def of(cls, site: Site, segment: Segment) -> "SegmentInfo":
        return cls(
            id=segment.public_id,
            account_id=site.slug,
            name=segment.name,
            display_name=segment.display_name,
            description=segment.description,
            filters=filters_of(segment.condition),
            color=segment.color,
            is_system=False,
            created_by=segment.created_by,
            created_at=stamp(segment.created_at),
            updated_at=stamp(segment.updated_at),
        )

    @classmethod
    def of_system(cls, site: Site, segment: SystemSegment) -> "SegmentInfo":
        since = stamp(site.created_at)
        return cls(
            id=segment.id,
            account_id=site.slug,
            name=segment.name,
            display_name=segment.display_name,
            description=segment.description,
            filters=filters_of(segment.condition),
            color=None,
            is_system=True,
            created_by=None,
            created_at=since,
            updated_at=since,
        )


class SegmentSummary(Answer):
    id: str
    name: str
    display_name: str
    description: str | None
    color: str | None
    is_system: bool
    filter_count: int = Field(description="How many conditions it has.")

    @classmethod
    def of(cls, segment: SegmentInfo) -> "SegmentSummary":
        fields = segment.model_dump(include=set(cls.model_fields))
        return cls(**fields, filter_count=segment.filters.count)


class ListSegments(OfSite):
    include_system: bool = Field(True, description="Whether to list those of every site too.")


class DuplicateSegment(OfSite):
    new_name: Slug


class CreateSegment(BaseModel):
    name: Slug
    display_name: DisplayName
    description: Description | None = None
    filters: SegmentFilters
    color: Color | None = None


class UpdateSegment(BaseModel):
    display_name: DisplayName | None = None
    description: Description | None = None
    filters: SegmentFilters | None = None
    color: Color | None = None


# What is done


def list_segments(call: Call) -> Envelope[list[SegmentSummary]]:
    query = cast(ListSegments, call.query)
    site = call.readable(query.account_id)
    system = [SegmentInfo.of_system(site, each) for each in SYSTEM if query.include_system]
    own = [SegmentInfo.of(site, each) for each in call.services.segments.list(site.id)]
    return Envelope(data=[SegmentSummary.of(each) for each in (*system, *own)])


def create_segment(call: Call) -> Envelope[SegmentInfo]:
    site, body = managed(call), cast(CreateSegment, call.body)
    with _valid_filters():
        new = NewSegment(
            name=body.name,
            display_name=body.display_name,
            description=body.description,
            color=body.color,
            condition=condition_of(body.filters),
        )
        return Envelope(data=SegmentInfo.of(site, call.services.segments.create(site.id, new)))


def get_segment(call: Call) -> Envelope[SegmentInfo]:
    site = readable(call)
    key = call.path["segment_id"]
    if key in _SYSTEM:
        return Envelope(data=SegmentInfo.of_system(site, _SYSTEM[key]))
    return Envelope(data=SegmentInfo.of(site, call.services.segments.get(site.id, key)))


def update_segment(call: Call) -> Envelope[SegmentInfo]:
    site, key, body = managed(call), _own(call), cast(UpdateSegment, call.body)
    fields: dict[str, Any] = sent(body)
    del fields["filters"]
    with _valid_filters():
        if body.filters is not None:
            fields["condition"] = condition_of(body.filters)
        changed = call.services.segments.change(site.id, key, SegmentChange(**fields))
    return Envelope(data=SegmentInfo.of(site, changed))


def delete_segment(call: Call) -> Nothing:
    site, key = managed(call), _own(call)
    call.services.segments.delete(site.id, key)
    return Nothing()


def duplicate_segment(call: Call) -> Envelope[SegmentInfo]:
    query = cast(DuplicateSegment, call.query)
    site, key = call.managed(query.account_id), call.path["segment_id"]
    segments = call.services.segments
    if key in _SYSTEM:
        system = _SYSTEM[key]
        new = NewSegment(
            name=query.new_name,
            display_name=system.display_name,
            description=system.description,
            condition=system.condition,
        )
        return Envelope(data=SegmentInfo.of(site, segments.create(site.id, new)))
    made = segments.duplicate(site.id, key, query.new_name)
    return Envelope(data=SegmentInfo.of(site, made))


def _own(call: Call) -> str:
    """Raises `CannotModifySystem`."""
    key = call.path["segment_id"]
    if key in _SYSTEM:
        raise CannotModifySystem("A system segment cannot be modified")
    return key


@contextmanager
def _valid_filters() -> Iterator[None]:
    """Raises `InvalidRequest`."""
    try:
        yield
    except InvalidFilter as error:
        message = f"Not a usable condition: {error}"
        raise InvalidRequest.one("body.filters", message, "value_error") from error


_REFUSED = {403: "The token is not allowed to do this.", 404: "No such site or segment."}
_SYSTEM_REFUSED = _REFUSED | {403: "A system segment, or the token is not allowed to do this."}
_INVALID = {422: "A field is invalid, or the site has too many."}
_TAKEN = {409: "The name is taken."}
_GROUP = "Segments"

ENDPOINTS = (
    Endpoint(
        "GET",
        "/segments",
        "List segments",
        Need.READ_NAMED,
        list_segments,
        Envelope[list[SegmentSummary]],
        query=ListSegments,
        errors=_REFUSED | _INVALID,
        group=_GROUP,
    ),
    Endpoint(
        "POST",
        "/segments",
        "Create segment",
        Need.MANAGE_NAMED,
        create_segment,
        Envelope[SegmentInfo],
        description=(
            "Fields: `utm_source`, `utm_medium`, `utm_campaign`, `utm_term`, `utm_content`,"
            " `country`, `device_type`, `browser`, `os`, `path`, `content_grouping`, `referrer`,"
            " `referrer_domain`, `channel`; and `leadline`, a condition in JSON."
        ),
        query=OfSite,
        body=CreateSegment,
        status=201,
        errors=_REFUSED | _INVALID | _TAKEN,
        group=_GROUP,
        action="segment.create",
    ),
    Endpoint(
        "GET",
        "/segments/{segment_id}",
        "Get segment",
        Need.READ_NAMED,
        get_segment,
        Envelope[SegmentInfo],
        description="By its id or its name.",
        query=OfSite,
        errors=_REFUSED | _INVALID,
        group=_GROUP,
    ),
    Endpoint(
        "PUT",
        "/segments/{segment_id}",
        "Update segment",
        Need.MANAGE_NAMED,
        update_segment,
        Envelope[SegmentInfo],
        description="Changes the fields that are sent.",
        query=OfSite,
        body=UpdateSegment,
        errors=_SYSTEM_REFUSED | _INVALID,
        group=_GROUP,
        action="segment.update",
    ),
    Endpoint(
        "DELETE",
        "/segments/{segment_id}",
        "Delete segment",
        Need.MANAGE_NAMED,
        delete_segment,
        Nothing,
        query=OfSite,
        status=204,
        errors=_SYSTEM_REFUSED | _INVALID,
        group=_GROUP,
        action="segment.delete",
    ),
    Endpoint(
        "POST",
        "/segments/{segment_id}/duplicate",
        "Duplicate segment",
        Need.MANAGE_NAMED,
        duplicate_segment,
        Envelope[SegmentInfo],
        query=DuplicateSegment,
        status=201,
        errors=_REFUSED | _INVALID | _TAKEN,
        group=_GROUP,
        action="segment.create",
    ),
)
