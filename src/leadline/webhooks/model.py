"""Webhooks and their deliveries. Moments are in UTC."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple

import msgspec
from msgspec import UNSET, UnsetType

KEPT = timedelta(days=30)
"""So long deliveries can be looked at and replayed."""


class EventType(StrEnum):
    ALERT_TRIGGERED = "alert.triggered"
    ALERT_RESOLVED = "alert.resolved"
    EXPORT_COMPLETED = "export.completed"
    EXPORT_FAILED = "export.failed"
    GOAL_REACHED = "goal.reached"


class PayloadFormat(StrEnum):
    JSON = "json"
    JSON_LINES = "json_lines"

    @property
    def media_type(self) -> str:
        return "application/json" if self is PayloadFormat.JSON else "application/x-ndjson"


class Status(StrEnum):
    """Of a delivery: `failed` is not tried again, `dead_letter` was tried as often as allowed."""

    PENDING = "pending"
    PROCESSING = "processing"
    SUCCESS = "success"
    FAILED = "failed"
    RETRYING = "retrying"
    DEAD_LETTER = "dead_letter"


OVER = (Status.SUCCESS, Status.FAILED, Status.DEAD_LETTER)


class Filters(msgspec.Struct, frozen=True, omit_defaults=True):
    """Which events an endpoint wants. Each looks at a field of an event's data, and fits if there
    is none; `min_change_percentage` is compared without its sign."""

    alert_types: tuple[str, ...] | None = None
    metrics: tuple[str, ...] | None = None
    min_change_percentage: Decimal | None = None
    severity: tuple[str, ...] | None = None
    tags: tuple[str, ...] | None = None

    def fit(self, data: Mapping[str, Any]) -> bool:
        least, change = self.min_change_percentage, data.get("change_percentage")
        return (
            _is_one_of(data.get("alert_type"), self.alert_types)
            and _is_one_of(data.get("metric"), self.metrics)
            and _is_one_of(data.get("severity"), self.severity)
            and (self.tags is None or "tags" not in data or bool({*data["tags"]} & {*self.tags}))
            and (least is None or change is None or abs(Decimal(change)) >= least)
        )


def _is_one_of(value: str | None, wanted: tuple[str, ...] | None) -> bool:
    return value is None or wanted is None or value in wanted


class NewWebhook(msgspec.Struct, frozen=True, kw_only=True):
    """After a failure it is tried `max_retries` more times."""

    name: str
    url: str
    event_types: tuple[EventType, ...]
    description: str | None = None
    filters: Filters = Filters()
    custom_headers: dict[str, str] = {}
    payload_format: PayloadFormat = PayloadFormat.JSON
    include_context: bool = True
    batching_enabled: bool = False
    batch_size: int = 100
    batch_window_seconds: int = 60
    max_retries: int = 3
    timeout_seconds: int = 30


class WebhookChange(msgspec.Struct, frozen=True, kw_only=True):
    """What is unset stays as it is."""

    name: str | UnsetType = UNSET
    url: str | UnsetType = UNSET
    event_types: tuple[EventType, ...] | UnsetType = UNSET
    description: str | UnsetType = UNSET
    filters: Filters | UnsetType = UNSET
    custom_headers: dict[str, str] | UnsetType = UNSET
    payload_format: PayloadFormat | UnsetType = UNSET
    include_context: bool | UnsetType = UNSET
    batching_enabled: bool | UnsetType = UNSET
    batch_size: int | UnsetType = UNSET
    batch_window_seconds: int | UnsetType = UNSET
    max_retries: int | UnsetType = UNSET
    timeout_seconds: int | UnsetType = UNSET
    is_active: bool | UnsetType = UNSET


class Webhook(NewWebhook, frozen=True, kw_only=True):
    """An endpoint of a site; it `is_verified` once a delivery has succeeded.

    Counts are of all deliveries that are over, since it was made. `endpoint_id` is a UUID.
    """

    id: int
    endpoint_id: str
    site: int
    is_active: bool
    is_verified: bool
    success_count: int
    failure_count: int
    last_delivery_at: datetime | None
    last_success_at: datetime | None
    last_failure_at: datetime | None
    last_failure_reason: str | None
    created_by: int | None
    created_at: datetime
    updated_at: datetime | None

    @property
    def delivery_count(self) -> int:
        return self.success_count + self.failure_count


class Secrets(NamedTuple):
    """What signs; the one of before too, for 24 hours after it was changed."""

    present: str
    previous: str | None


class Rotation(NamedTuple):
    secret: str
    previous_expires_at: datetime
    version: int


class Delivery(msgspec.Struct, frozen=True):
    """One event on its way to one endpoint. `payload` is what is sent, in JSON; of what was
    answered last `response_body` is the beginning. `delivery_id` and `event_id` are UUIDs."""

    id: int
    delivery_id: str
    webhook: int
    event_type: str
    event_id: str
    idempotency_key: str
    payload: str
    status: Status
    attempt_number: int
    max_attempts: int
    next_retry_at: datetime | None
    response_status_code: int | None
    response_time_ms: int | None
    response_body: str | None
    response_headers: dict[str, str] | None
    error_type: str | None
    error_message: str | None
    created_at: datetime
    processing_started_at: datetime | None
    completed_at: datetime | None


class Attempt(msgspec.Struct, frozen=True):
    """One request of a delivery."""

    id: int
    attempt_number: int
    attempted_at: datetime
    request_url: str
    response_status_code: int | None
    response_time_ms: int | None
    error_type: str | None
    error_message: str | None
    success: bool


class Replayed(NamedTuple):
    replayed: int
    skipped: int
    errors: tuple[str, ...]


class Stats(msgspec.Struct, frozen=True):
    """What became of the deliveries that began from `since` until `until`. `retries` are requests
    after the first ones; times are in milliseconds, of those that were answered."""

    since: datetime
    until: datetime
    deliveries: int
    successes: int
    failures: int
    retries: int
    average_time: int | None
    p95_time: int | None
    payload_bytes: int

    @property
    def success_rate(self) -> float:
        """From 0 to 1, of those that are over."""
        over = self.successes + self.failures
        return self.successes / over if over else 0.0
