"""Webhooks: events of a site, signed and sent to addresses that its people name."""

from leadline.webhooks.courier import BACK_OFF, Courier, Tested
from leadline.webhooks.deliveries import Deliveries
from leadline.webhooks.errors import (
    Fault,
    InvalidWebhook,
    NotReplayable,
    TooManyWebhooks,
    WebhookError,
    WebhookNotFound,
)
from leadline.webhooks.model import (
    Attempt,
    Delivery,
    EventType,
    Filters,
    NewWebhook,
    PayloadFormat,
    Replayed,
    Rotation,
    Secrets,
    Stats,
    Status,
    Webhook,
    WebhookChange,
)
from leadline.webhooks.sample import sample
from leadline.webhooks.sending import PREVIOUS_SIGNATURE, SIGNATURE, TIMESTAMP, Outcome, Sender
from leadline.webhooks.webhooks import MOST_WEBHOOKS, Webhooks

__all__ = [
    "BACK_OFF",
    "MOST_WEBHOOKS",
    "PREVIOUS_SIGNATURE",
    "SIGNATURE",
    "TIMESTAMP",
    "Attempt",
    "Courier",
    "Deliveries",
    "Delivery",
    "EventType",
    "Fault",
    "Filters",
    "InvalidWebhook",
    "NewWebhook",
    "NotReplayable",
    "Outcome",
    "PayloadFormat",
    "Replayed",
    "Rotation",
    "Secrets",
    "Sender",
    "Stats",
    "Status",
    "Tested",
    "TooManyWebhooks",
    "Webhook",
    "WebhookChange",
    "WebhookError",
    "WebhookNotFound",
    "Webhooks",
    "sample",
]
