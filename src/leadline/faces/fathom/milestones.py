"""The milestones of a site: shapes and endpoints."""

import re
from datetime import date
from functools import partial
from typing import Annotated, Any, Literal, cast

from pydantic import AfterValidator, BaseModel, Field, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from leadline.faces.endpoint import Answer, Call, Endpoint, Need
from leadline.faces.fathom.paging import page
from leadline.faces.fathom.shapes import ListQuery, stamp, without_control_characters
from leadline.sites import MILESTONE_NAME_LENGTH, Milestone

MIDNIGHT = " 00:00:00"
"""What follows a date in an answer, and so may follow it in a request."""

_DATE = re.compile(rf"([0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}})(?:{MIDNIGHT})?")


def _day(given: Any) -> date:
    if not isinstance(given, str):
        raise PydanticCustomError("string_type", "not a text")
    found = _DATE.fullmatch(given)
    try:
        if found:
            return date.fromisoformat(found[1])
    except ValueError:
        pass
    raise PydanticCustomError("date", "not a date")


class MilestoneFields(BaseModel):
    name: Annotated[
        str,
        Field(min_length=1, max_length=MILESTONE_NAME_LENGTH),
        AfterValidator(without_control_characters),
    ] = Field(description="Any name of up to 30 characters.")
    milestone_date: Annotated[
        date, PlainValidator(_day), WithJsonSchema({"type": "string", "format": "date"})
    ] = Field(description="The day, as YYYY-MM-DD.")


class MilestoneObject(Answer):
    id: str = Field(description="A UUID.", examples=["ddc9cdff-ab83-41fa-96c6-dfb276a862e7"])
    object: Literal["milestone"] = "milestone"
    name: str
    milestone_date: str = Field(examples=["2023-11-07 00:00:00"])
    created_at: str
    updated_at: str

    @classmethod
    def of(cls, milestone: Milestone) -> "MilestoneObject":
        return cls(
            id=milestone.id,
            name=milestone.name,
            milestone_date=f"{milestone.day}{MIDNIGHT}",
            created_at=stamp(milestone.created_at) or "",
            updated_at=stamp(milestone.updated_at) or "",
        )


class MilestoneList(Answer):
    object: Literal["list"] = "list"
    url: str = Field(examples=["/v1/sites/CDBUGS/milestones"])
    has_more: bool
    data: list[MilestoneObject]


class DeletedMilestone(Answer):
    id: str
    object: Literal["milestone"] = "milestone"
    deleted: Literal[True] = True


def list_milestones(call: Call) -> MilestoneList:
    site = call.named_site
    found = page(cast(ListQuery, call.query), partial(call.services.milestones.page, site))
    return MilestoneList(
        url=f"/v1/sites/{site.code}/milestones",
        has_more=found.has_more,
        data=[MilestoneObject.of(milestone) for milestone in found.rows],
    )


def create_milestone(call: Call) -> MilestoneObject:
    body = cast(MilestoneFields, call.body)
    milestones = call.services.milestones
    return MilestoneObject.of(milestones.create(call.named_site, body.name, body.milestone_date))


def get_milestone(call: Call) -> MilestoneObject:
    found = call.services.milestones.get(call.named_site, call.path["milestone_id"])
    return MilestoneObject.of(found)


def update_milestone(call: Call) -> MilestoneObject:
    body = cast(MilestoneFields, call.body)
    changed = call.services.milestones.change(
        call.named_site, call.path["milestone_id"], body.name, body.milestone_date
    )
    return MilestoneObject.of(changed)


def delete_milestone(call: Call) -> DeletedMilestone:
    gone = call.services.milestones.delete(call.named_site, call.path["milestone_id"])
    return DeletedMilestone(id=gone.id)


_INVALID = {400: "A parameter is invalid, or the token is not allowed to do this."}
_UNKNOWN = {404: "No such site, or no such milestone."}
_GROUP = "Milestones"

ENDPOINTS = (
    Endpoint(
        "GET",
        "/sites/{site_id}/milestones",
        "List milestones",
        Need.READ,
        list_milestones,
        MilestoneList,
        description="The milestones of a site, the one that was made first at the beginning.",
        query=ListQuery,
        errors=_INVALID,
        group=_GROUP,
    ),
    Endpoint(
        "POST",
        "/sites/{site_id}/milestones",
        "Create milestone",
        Need.MANAGE,
        create_milestone,
        MilestoneObject,
        body=MilestoneFields,
        status=201,
        errors=_INVALID,
        group=_GROUP,
        action="milestone.create",
    ),
    Endpoint(
        "GET",
        "/sites/{site_id}/milestones/{milestone_id}",
        "Get milestone",
        Need.READ,
        get_milestone,
        MilestoneObject,
        errors=_UNKNOWN,
        group=_GROUP,
    ),
    Endpoint(
        "POST",
        "/sites/{site_id}/milestones/{milestone_id}",
        "Update milestone",
        Need.MANAGE,
        update_milestone,
        MilestoneObject,
        description="Both fields have to be sent.",
        body=MilestoneFields,
        errors=_INVALID | _UNKNOWN,
        group=_GROUP,
        action="milestone.update",
    ),
    Endpoint(
        "DELETE",
        "/sites/{site_id}/milestones/{milestone_id}",
        "Delete milestone",
        Need.MANAGE,
        delete_milestone,
        DeletedMilestone,
        errors={400: "The token is not allowed to do this."} | _UNKNOWN,
        group=_GROUP,
        action="milestone.delete",
    ),
)
