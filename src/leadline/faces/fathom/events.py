"""The events of a site, by id as they once were and by name as they are now: both work."""

from functools import partial
from typing import Literal, cast

from msgspec import UNSET
from pydantic import BaseModel, Field

from leadline.faces.endpoint import Answer, Call, Endpoint, Need
from leadline.faces.fathom.errors import Retired
from leadline.faces.fathom.paging import page
from leadline.faces.fathom.shapes import ListQuery, Name, Problem, stamp
from leadline.sites import Event, EventCurrency

_NAME = "What the event is called where it is sent, up to 255 characters."
_CURRENCY = "How its value is shown. Nothing is converted."


class CreateEvent(BaseModel):
    name: Name = Field(description=_NAME)
    currency: EventCurrency | None = Field(
        default=None, description=f"{_CURRENCY} Without it that of the event, or dollar."
    )


class UpdateEvent(BaseModel):
    name: Name | None = Field(
        default=None, description="Another name. Hits keep the one that they came with."
    )
    currency: EventCurrency | None = Field(default=None, description=_CURRENCY)


class SetCurrency(BaseModel):
    name: Name = Field(description=_NAME)
    currency: EventCurrency = Field(description=_CURRENCY)


class EventQuery(BaseModel):
    name: Name = Field(description=_NAME)


class EventObject(Answer):
    id: str = Field(examples=["CDBUGSABCDEFGHIJKLMNOP"])
    object: Literal["event"] = "event"
    name: str
    currency: EventCurrency | None = Field(description="null until one is set.")
    created_at: str = Field(examples=["2020-08-21 15:24:00"])

    @classmethod
    def of(cls, event: Event) -> "EventObject":
        return cls(
            id=event.id,
            name=event.name,
            currency=event.currency,
            created_at=stamp(event.created_at) or "",
        )


class EventList(Answer):
    object: Literal["list"] = "list"
    url: str = Field(examples=["/v1/sites/CDBUGS/events"])
    has_more: bool
    data: list[EventObject]


class DeletedEvent(Answer):
    id: str
    object: Literal["event"] = "event"
    deleted: Literal[True] = True


def list_events(call: Call) -> EventList:
    site = call.named_site
    found = page(cast(ListQuery, call.query), partial(call.services.events.page, site))
    return EventList(
        url=f"/v1/sites/{site.code}/events",
        has_more=found.has_more,
        data=[EventObject.of(event) for event in found.rows],
    )


def create_event(call: Call) -> EventObject:
    body = cast(CreateEvent, call.body)
    made = call.services.events.create(call.named_site, body.name, body.currency)
    return EventObject.of(made)


def set_currency(call: Call) -> EventObject:
    body = cast(SetCurrency, call.body)
    changed = call.services.events.create(call.named_site, body.name, body.currency)
    return EventObject.of(changed)


def get_event(call: Call) -> EventObject:
    return EventObject.of(call.services.events.get(call.named_site, call.path["event_id"]))


def update_event(call: Call) -> EventObject:
    body = cast(UpdateEvent, call.body)
    changed = call.services.events.change(
        call.named_site,
        call.path["event_id"],
        name=UNSET if body.name is None else body.name,
        currency=UNSET if body.currency is None else body.currency,
    )
    return EventObject.of(changed)


def delete_event(call: Call) -> DeletedEvent:
    gone = call.services.events.delete(call.named_site, call.path["event_id"])
    return DeletedEvent(id=gone.id)


def delete_event_by_name(call: Call) -> DeletedEvent:
    named = cast(EventQuery, call.query).name
    return DeletedEvent(id=call.services.events.delete_named(call.named_site, named).id)


def wipe_event(call: Call) -> Problem:
    raise Retired


_AWAY = {503: "Hits cannot be asked now."}
_UNKNOWN = {404: "No such site, or no such event."}
_NOT_ALLOWED = {400: "The token is not allowed to do this."}
_INVALID = {400: "A parameter is invalid, or the token is not allowed to do this."}
_GROUP = "Events"
_DELETED = "Its hits stay. It is there again once it is sent again."

ENDPOINTS = (
    Endpoint(
        "GET",
        "/sites/{site_id}/events",
        "List events",
        Need.READ,
        list_events,
        EventList,
        description="What a site has tracked, and what was created, the oldest first.",
        query=ListQuery,
        errors=_INVALID | _AWAY,
        group=_GROUP,
    ),
    Endpoint(
        "POST",
        "/sites/{site_id}/events",
        "Create event",
        Need.MANAGE,
        create_event,
        EventObject,
        description="An event is there before its first hit, or as it is if it is there already.",
        body=CreateEvent,
        errors=_INVALID | _AWAY,
        group=_GROUP,
        action="event.create",
    ),
    Endpoint(
        "DELETE",
        "/sites/{site_id}/events",
        "Delete event by name",
        Need.MANAGE,
        delete_event_by_name,
        DeletedEvent,
        description=_DELETED,
        query=EventQuery,
        errors=_INVALID | _UNKNOWN | _AWAY,
        group=_GROUP,
        action="event.delete",
    ),
    Endpoint(
        "POST",
        "/sites/{site_id}/events/currency",
        "Set currency",
        Need.MANAGE,
        set_currency,
        EventObject,
        description="Sets the currency of an event, which need not be there yet.",
        body=SetCurrency,
        errors=_INVALID | _AWAY,
        group=_GROUP,
        action="event.update",
    ),
    Endpoint(
        "GET",
        "/sites/{site_id}/events/{event_id}",
        "Get event",
        Need.READ,
        get_event,
        EventObject,
        errors=_UNKNOWN | _AWAY,
        group=_GROUP,
    ),
    Endpoint(
        "POST",
        "/sites/{site_id}/events/{event_id}",
        "Update event",
        Need.MANAGE,
        update_event,
        EventObject,
        description="Changes the fields that are sent, and no other.",
        body=UpdateEvent,
        errors=_INVALID | _UNKNOWN | _AWAY,
        group=_GROUP,
        action="event.update",
    ),
    Endpoint(
        "DELETE",
        "/sites/{site_id}/events/{event_id}",
        "Delete event",
        Need.MANAGE,
        delete_event,
        DeletedEvent,
        description=_DELETED,
        errors=_NOT_ALLOWED | _UNKNOWN | _AWAY,
        group=_GROUP,
        action="event.delete",
    ),
    Endpoint(
        "DELETE",
        "/sites/{site_id}/events/{event_id}/data",
        "Wipe event",
        Need.NOTHING,
        wipe_event,
        Problem,
        description="Retired: data cannot be wiped through the API.",
        status=410,
        deprecated=True,
        group=_GROUP,
    ),
)
