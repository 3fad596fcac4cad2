"""What the endpoints of webhooks say and hear, field for field."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

import msgspec
from pydantic import BaseModel, Field

from leadline.faces.endpoint import Answer
from leadline.faces.seal.asked import OfSite
from leadline.faces.seal.shapes import stamp
from leadline.webhooks import (
    SIGNATURE,
    TIMESTAMP,
    Attempt,
    Delivery,
    EventType,
    PayloadFormat,
    Stats,
    Status,
    Webhook,
)

Name = Annotated[str, Field(min_length=1, max_length=255, examples=["Our chat"])]
Description = Annotated[str, Field(max_length=1000)]
Url = Annotated[
    str,
    Field(
        max_length=2000,
        description="With https.",
        examples=["https://hooks.example.com/leadline"],
    ),
]
EventTypes = Annotated[
    list[EventType], Field(min_length=1, max_length=10, examples=[["export.completed"]])
]
Percentage = Annotated[Decimal, Field(ge=0, le=1000)]
BatchSize = Annotated[int, Field(ge=1, le=1000)]
BatchWindow = Annotated[int, Field(ge=10, le=3600)]
Retries = Annotated[int, Field(ge=0, le=10)]
Timeout = Annotated[int, Field(ge=5, le=120)]
Words = Annotated[list[Annotated[str, Field(max_length=100)]], Field(max_length=50)]
Headers = Annotated[dict[str, str], Field(description="20 at most.")]
DeliveryId = Annotated[str, Field(json_schema_extra={"format": "uuid"})]


def stamped(moment: datetime | None) -> str | None:
    return None if moment is None else stamp(moment)


class WebhookFilters(BaseModel):
    alert_types: Words | None = None
    metrics: Words | None = None
    min_change_percentage: Percentage | None = None
    severity: Words | None = None
    tags: Words | None = None


class CreateWebhook(BaseModel):
    name: Name
    description: Description | None = None
    url: Url
    event_types: EventTypes
    filters: WebhookFilters = Field(default_factory=WebhookFilters)
    custom_headers: Headers = Field(default_factory=dict)
    payload_format: PayloadFormat = PayloadFormat.JSON
    include_context: bool = True
    batching_enabled: bool = False
    batch_size: BatchSize = 100
    batch_window_seconds: BatchWindow = 60
    max_retries: Retries = 3
    timeout_seconds: Timeout = 30


class UpdateWebhook(BaseModel):
    name: Name | None = None
    description: Description | None = None
    url: Url | None = None
    event_types: EventTypes | None = None
    filters: WebhookFilters | None = None
    custom_headers: Headers | None = None
    payload_format: PayloadFormat | None = None
    include_context: bool | None = None
    batching_enabled: bool | None = None
    batch_size: BatchSize | None = None
    batch_window_seconds: BatchWindow | None = None
    max_retries: Retries | None = None
    timeout_seconds: Timeout | None = None
    is_active: bool | None = None


class TestWebhook(BaseModel):
    __test__ = False

    event_type: EventType = EventType.ALERT_TRIGGERED
    include_sample_context: bool = True


class ReplayDelivery(BaseModel):
    force: bool = Field(False, description="Whether also one that succeeded or is not over.")


class BulkReplay(BaseModel):
    delivery_ids: list[Annotated[str, Field(max_length=36)]] = Field(min_length=1, max_length=100)
    force: bool = False


class ListWebhooks(OfSite):
    include_inactive: bool = False
    limit: int = Field(50, ge=1, le=200)
    offset: int = Field(0, ge=0, le=1_000_000)


class ListDeliveries(OfSite):
    status: Status | None = None
    limit: int = Field(50, ge=1, le=200)
    offset: int = Field(0, ge=0, le=1_000_000)


class StatsOfWebhook(OfSite):
    hours: int = Field(24, ge=1, le=720)


class WebhookInfo(Answer):
    id: int
    endpoint_id: str = Field(json_schema_extra={"format": "uuid"})
    account_id: str
    name: str
    description: str | None
    url: str
    event_types: list[EventType]
    filters: dict[str, Any]
    custom_headers: dict[str, str]
    payload_version: str
    payload_format: PayloadFormat
    include_context: bool
    batching_enabled: bool
    batch_size: int
    batch_window_seconds: int
    max_retries: int
    timeout_seconds: int
    is_active: bool
    is_verified: bool = Field(description="Whether a delivery has succeeded.")
    delivery_count: int
    success_count: int
    failure_count: int
    last_delivery_at: str | None
    last_success_at: str | None
    last_failure_at: str | None
    last_failure_reason: str | None
    created_by: int | None
    created_at: str
    updated_at: str | None

    @classmethod
    def fields_of(cls, webhook: Webhook, slug: str) -> dict[str, Any]:
        fields = {
            name: getattr(webhook, name)
            for name in WebhookInfo.model_fields
            if name not in ("account_id", "payload_version")
        }
        for name, value in fields.items():
            fields[name] = stamp(value) if isinstance(value, datetime) else value
        filters = msgspec.to_builtins(webhook.filters)
        return fields | {"account_id": slug, "payload_version": "1.0", "filters": filters}

    @classmethod
    def of(cls, webhook: Webhook, slug: str) -> "WebhookInfo":
        return cls(**cls.fields_of(webhook, slug))


class WebhookCreated(WebhookInfo):
    secret: str = Field(description="Signs what is sent; told only here.")


class WebhookList(Answer):
    endpoints: list[WebhookInfo]
    total: int


class WebhookEventType(Answer):
    type: EventType
    name: str
    description: str
    schema_url: str


class WebhookEventTypes(Answer):
    event_types: list[WebhookEventType]


class RotatedSecret(Answer):
    new_secret: str
    previous_secret_expires_at: str
    secret_version: int


class DeliveryInfo(Answer):
    id: int
    delivery_id: DeliveryId
    endpoint_id: str = Field(json_schema_extra={"format": "uuid"})
    account_id: str
    event_type: str
    event_id: str = Field(json_schema_extra={"format": "uuid"})
    idempotency_key: str
    payload_size_bytes: int
    status: Status
    attempt_number: int
    max_attempts: int
    next_retry_at: str | None
    response_status_code: int | None
    response_time_ms: int | None
    error_type: str | None
    error_message: str | None
    created_at: str
    processing_started_at: str | None
    completed_at: str | None

    @classmethod
    def fields_of(cls, delivery: Delivery, endpoint_id: str, slug: str) -> dict[str, Any]:
        return {
            "id": delivery.id,
            "delivery_id": delivery.delivery_id,
            "endpoint_id": endpoint_id,
            "account_id": slug,
            "event_type": delivery.event_type,
            "event_id": delivery.event_id,
            "idempotency_key": delivery.idempotency_key,
            "payload_size_bytes": len(delivery.payload.encode()),
            "status": delivery.status,
            "attempt_number": delivery.attempt_number,
            "max_attempts": delivery.max_attempts,
            "next_retry_at": stamped(delivery.next_retry_at),
            "response_status_code": delivery.response_status_code,
            "response_time_ms": delivery.response_time_ms,
            "error_type": delivery.error_type,
            "error_message": delivery.error_message,
            "created_at": stamp(delivery.created_at),
            "processing_started_at": stamped(delivery.processing_started_at),
            "completed_at": stamped(delivery.completed_at),
        }

    @classmethod
    def of(cls, delivery: Delivery, endpoint_id: str, slug: str) -> "DeliveryInfo":
        return cls(**cls.fields_of(delivery, endpoint_id, slug))


class DeliveryDetail(DeliveryInfo):
    payload: dict[str, Any]
    response_body: str | None = Field(description="Its beginning.")
    response_headers: dict[str, str] | None

    @classmethod
    def of(cls, delivery: Delivery, endpoint_id: str, slug: str) -> "DeliveryDetail":
        return cls(
            **cls.fields_of(delivery, endpoint_id, slug),
            payload=msgspec.json.decode(delivery.payload),
            response_body=delivery.response_body,
            response_headers=delivery.response_headers,
        )


class DeliveryList(Answer):
    deliveries: list[DeliveryInfo]
    total: int


class DeliveryLog(Answer):
    id: int
    delivery_id: DeliveryId
    attempt_number: int
    attempted_at: str
    request_method: str
    request_url: str
    response_status_code: int | None
    response_time_ms: int | None
    error_type: str | None
    error_message: str | None
    success: bool

    @classmethod
    def of(cls, attempt: Attempt, delivery_id: str) -> "DeliveryLog":
        fields = msgspec.structs.asdict(attempt) | {"attempted_at": stamp(attempt.attempted_at)}
        return cls(**fields, delivery_id=delivery_id, request_method="POST")


class ReplayedDelivery(Answer):
    success: bool
    new_delivery_id: DeliveryId
    message: str


class BulkReplayed(Answer):
    replayed: int
    skipped: int
    errors: list[str]


class WebhookStats(Answer):
    endpoint_id: str = Field(json_schema_extra={"format": "uuid"})
    period_start: str
    period_end: str
    delivery_count: int
    success_count: int
    failure_count: int
    retry_count: int
    success_rate: float = Field(description="In percent, of the deliveries that are over.")
    avg_response_time_ms: int | None
    p95_response_time_ms: int | None
    total_payload_bytes: int

    @classmethod
    def of(cls, stats: Stats, endpoint_id: str) -> "WebhookStats":
        return cls(
            endpoint_id=endpoint_id,
            period_start=stamp(stats.since),
            period_end=stamp(stats.until),
            delivery_count=stats.deliveries,
            success_count=stats.successes,
            failure_count=stats.failures,
            retry_count=stats.retries,
            success_rate=round(stats.success_rate * 100, 2),
            avg_response_time_ms=stats.average_time,
            p95_response_time_ms=stats.p95_time,
            total_payload_bytes=stats.payload_bytes,
        )


class WebhookStatsAnswer(Answer):
    endpoint: WebhookInfo
    stats: WebhookStats
    recent_failures: list[DeliveryInfo]


class TestedWebhook(Answer):
    __test__ = False

    success: bool
    delivery_id: DeliveryId
    response_status_code: int | None
    response_time_ms: int | None
    response_body: str | None
    error_type: str | None
    error_message: str | None
    signature_header: str = Field(description=f"The value of `{SIGNATURE}`.")
    timestamp_header: str = Field(description=f"The value of `{TIMESTAMP}`.")
