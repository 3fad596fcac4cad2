"""Webhooks: where events of a site are sent, and what became of them."""

from typing import Any, cast

import msgspec
from pydantic import BaseModel, RootModel

from leadline.faces.endpoint import Call, Endpoint, Need, Nothing
from leadline.faces.seal.asked import OfSite, managed, sent
from leadline.faces.seal.shapes import stamp
from leadline.faces.seal.webhook_shapes import (
    BulkReplay,
    BulkReplayed,
    CreateWebhook,
    DeliveryDetail,
    DeliveryInfo,
    DeliveryList,
    DeliveryLog,
    ListDeliveries,
    ListWebhooks,
    ReplayDelivery,
    ReplayedDelivery,
    RotatedSecret,
    StatsOfWebhook,
    TestedWebhook,
    TestWebhook,
    UpdateWebhook,
    WebhookCreated,
    WebhookEventType,
    WebhookEventTypes,
    WebhookInfo,
    WebhookList,
    WebhookStats,
    WebhookStatsAnswer,
)
from leadline.webhooks import EventType, Filters, NewWebhook, Status, WebhookChange, sample

_DESCRIBED = {
    EventType.ALERT_TRIGGERED: ("Alert Triggered", "The condition of an alert rule holds."),
    EventType.ALERT_RESOLVED: ("Alert Resolved", "An alert was resolved."),
    EventType.EXPORT_COMPLETED: ("Export Completed", "The file of an export can be had."),
    EventType.EXPORT_FAILED: ("Export Failed", "The file of an export could not be made."),
    EventType.GOAL_REACHED: ("Goal Reached", "An alert rule of the type goal_reached holds."),
}


class DeliveryLogs(RootModel[list[DeliveryLog]]):
    """In the order of the attempts."""


def create_webhook(call: Call) -> WebhookCreated:
    site, body = managed(call), cast(CreateWebhook, call.body)
    new = NewWebhook(**_fields(body, body.model_dump()))
    webhook, secret = call.services.webhooks.create(site.id, new)
    return WebhookCreated(**WebhookInfo.fields_of(webhook, site.slug), secret=secret)


def list_webhooks(call: Call) -> WebhookList:
    site, query = managed(call), cast(ListWebhooks, call.query)
    found, total = call.services.webhooks.page(
        site.id, query.limit, query.offset, include_inactive=query.include_inactive
    )
    return WebhookList(endpoints=[WebhookInfo.of(each, site.slug) for each in found], total=total)


def list_event_types(call: Call) -> WebhookEventTypes:
    schema = f"{call.origin()}/api/v1/openapi.json"
    return WebhookEventTypes(
        event_types=[
            WebhookEventType(type=kind, name=name, description=description, schema_url=schema)
            for kind, (name, description) in _DESCRIBED.items()
        ]
    )


def get_webhook(call: Call) -> WebhookInfo:
    site = managed(call)
    return WebhookInfo.of(call.services.webhooks.get(site.id, _endpoint(call)), site.slug)


def update_webhook(call: Call) -> WebhookInfo:
    site, body = managed(call), cast(UpdateWebhook, call.body)
    change = WebhookChange(**_fields(body, sent(body)))
    changed = call.services.webhooks.change(site.id, _endpoint(call), change)
    return WebhookInfo.of(changed, site.slug)


def delete_webhook(call: Call) -> Nothing:
    call.services.webhooks.delete(managed(call).id, _endpoint(call))
    return Nothing()


def test_webhook(call: Call) -> TestedWebhook:
    site, body = managed(call), cast(TestWebhook, call.body)
    data = sample(with_context=body.include_sample_context)
    tested = call.services.courier.test(site.id, site.slug, _endpoint(call), body.event_type, data)
    delivery = tested.delivery
    return TestedWebhook(
        success=delivery.status is Status.SUCCESS,
        delivery_id=delivery.delivery_id,
        response_status_code=delivery.response_status_code,
        response_time_ms=delivery.response_time_ms,
        response_body=delivery.response_body,
        error_type=delivery.error_type,
        error_message=delivery.error_message,
        signature_header=tested.signature,
        timestamp_header=tested.timestamp,
    )


def rotate_secret(call: Call) -> RotatedSecret:
    rotation = call.services.webhooks.rotate(managed(call).id, _endpoint(call))
    return RotatedSecret(
        new_secret=rotation.secret,
        previous_secret_expires_at=stamp(rotation.previous_expires_at),
        secret_version=rotation.version,
    )


def list_deliveries(call: Call) -> DeliveryList:
    site, query, endpoint = managed(call), cast(ListDeliveries, call.query), _endpoint(call)
    found, total = call.services.deliveries.page(
        site.id, endpoint, query.limit, query.offset, query.status
    )
    rows = [DeliveryInfo.of(each, endpoint, site.slug) for each in found]
    return DeliveryList(deliveries=rows, total=total)


def get_delivery(call: Call) -> DeliveryDetail:
    site, endpoint = managed(call), _endpoint(call)
    delivery = call.services.deliveries.get(site.id, endpoint, _delivery(call))
    return DeliveryDetail.of(delivery, endpoint, site.slug)


def get_delivery_logs(call: Call) -> DeliveryLogs:
    site, delivery = managed(call), _delivery(call)
    found = call.services.deliveries.attempts(site.id, _endpoint(call), delivery)
    return DeliveryLogs([DeliveryLog.of(each, delivery) for each in found])


def replay_delivery(call: Call) -> ReplayedDelivery:
    site, body = managed(call), cast(ReplayDelivery, call.body)
    again = call.services.deliveries.replay(
        site.id, _endpoint(call), _delivery(call), force=body.force
    )
    return ReplayedDelivery(
        success=True, new_delivery_id=again.delivery_id, message="It is sent once more."
    )


def replay_deliveries(call: Call) -> BulkReplayed:
    site, body = managed(call), cast(BulkReplay, call.body)
    found = call.services.deliveries.replay_all(site.id, body.delivery_ids, force=body.force)
    return BulkReplayed(replayed=found.replayed, skipped=found.skipped, errors=list(found.errors))


def get_webhook_stats(call: Call) -> WebhookStatsAnswer:
    site, query, endpoint = managed(call), cast(StatsOfWebhook, call.query), _endpoint(call)
    webhook, stats, failures = call.services.deliveries.stats(site.id, endpoint, query.hours)
    return WebhookStatsAnswer(
        endpoint=WebhookInfo.of(webhook, site.slug),
        stats=WebhookStats.of(stats, endpoint),
        recent_failures=[DeliveryInfo.of(each, endpoint, site.slug) for each in failures],
    )


def _fields(body: CreateWebhook | UpdateWebhook, given: dict[str, Any]) -> dict[str, Any]:
    if body.filters is not None:
        given["filters"] = msgspec.convert(body.filters.model_dump(), Filters)
    if body.event_types is not None:
        given["event_types"] = tuple(body.event_types)
    return given


def _endpoint(call: Call) -> str:
    return call.path["endpoint_id"].lower()


def _delivery(call: Call) -> str:
    return call.path["delivery_id"].lower()


_REFUSED = {403: "The token is not allowed to do this.", 404: "No such site, webhook or delivery."}
_INVALID = _REFUSED | {422: "A field is invalid, or the site has too many."}
_GROUP = "Webhooks"
_ONE = "/webhooks/{endpoint_id}"
_DELIVERY = f"{_ONE}/deliveries/{{delivery_id}}"


def _endpoint_row(
    method: str, path: str, summary: str, handle: Any, answer: type[BaseModel], **more: Any
) -> Endpoint:
    more = dict[str, Any](query=OfSite, errors=_INVALID, group=_GROUP) | more
    return Endpoint(method, path, summary, Need.MANAGE_NAMED, handle, answer, **more)


ENDPOINTS = (
    _endpoint_row(
        "POST",
        "/webhooks",
        "Create webhook",
        create_webhook,
        WebhookCreated,
        description="The secret is told only now.",
        body=CreateWebhook,
        status=201,
        action="webhook.create",
    ),
    _endpoint_row(
        "GET", "/webhooks", "List webhooks", list_webhooks, WebhookList, query=ListWebhooks
    ),
    Endpoint(
        "GET",
        "/webhooks/event-types",
        "List webhook event types",
        Need.NOTHING,
        list_event_types,
        WebhookEventTypes,
        group=_GROUP,
    ),
    _endpoint_row(
        "POST",
        "/webhooks/bulk/replay",
        "Replay webhook deliveries",
        replay_deliveries,
        BulkReplayed,
        body=BulkReplay,
        action="delivery.create",
    ),
    _endpoint_row("GET", _ONE, "Get webhook", get_webhook, WebhookInfo),
    _endpoint_row(
        "PATCH",
        _ONE,
        "Update webhook",
        update_webhook,
        WebhookInfo,
        description="Changes the fields that are sent.",
        body=UpdateWebhook,
        action="webhook.update",
    ),
    _endpoint_row(
        "DELETE",
        _ONE,
        "Delete webhook",
        delete_webhook,
        Nothing,
        status=204,
        action="webhook.delete",
    ),
    _endpoint_row(
        "POST",
        f"{_ONE}/test",
        "Test webhook",
        test_webhook,
        TestedWebhook,
        description="Sends a sample at once, one time.",
        body=TestWebhook,
        has_optional_body=True,
        action="delivery.create",
    ),
    _endpoint_row(
        "POST",
        f"{_ONE}/rotate-secret",
        "Rotate webhook secret",
        rotate_secret,
        RotatedSecret,
        description="The secret of before signs beside the new one for 24 hours.",
        action="webhook.update",
    ),
    _endpoint_row(
        "GET",
        f"{_ONE}/deliveries",
        "List webhook deliveries",
        list_deliveries,
        DeliveryList,
        description="The newest first.",
        query=ListDeliveries,
    ),
    _endpoint_row("GET", _DELIVERY, "Get webhook delivery", get_delivery, DeliveryDetail),
    _endpoint_row(
        "GET", f"{_DELIVERY}/logs", "Get webhook delivery logs", get_delivery_logs, DeliveryLogs
    ),
    _endpoint_row(
        "POST",
        f"{_DELIVERY}/replay",
        "Replay webhook delivery",
        replay_delivery,
        ReplayedDelivery,
        description="Sends the same payload once more, as a delivery of its own.",
        body=ReplayDelivery,
        has_optional_body=True,
        errors=_INVALID | {409: "The delivery succeeded or is not over yet."},
        action="delivery.create",
    ),
    _endpoint_row(
        "GET",
        f"{_ONE}/stats",
        "Get webhook stats",
        get_webhook_stats,
        WebhookStatsAnswer,
        query=StatsOfWebhook,
    ),
)
