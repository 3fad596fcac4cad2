"""What arrives at a receiver, read as its programmer would."""

import hmac
import json
from collections.abc import Callable
from hashlib import sha256
from typing import Any

from leadline.sites import Site
from leadline.webhooks import Courier, Deliveries, Delivery, EventType, NewWebhook, Webhook
from tests.doctor.servers import Server
from tests.support import eventually

EVENT = EventType.ALERT_TRIGGERED


def new_webhook(url: str, **fields: Any) -> NewWebhook:
    return NewWebhook(**{"name": "Ours", "url": url, "event_types": (EVENT,)} | fields)


def headers_of(request: bytes) -> dict[str, str]:
    lines = request.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")[1:]
    return {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}


def body_of(request: bytes) -> bytes:
    return request.partition(b"\r\n\r\n")[2]


def is_signed(request: bytes, secret: str, header: str = "x-sealmetrics-signature") -> bool:
    headers = headers_of(request)
    signed = headers["x-sealmetrics-timestamp"].encode() + b"." + body_of(request)
    mac = hmac.new(secret.encode(), signed, sha256).hexdigest()
    return headers[header] == f"sha256={mac}"


def read(request: bytes) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(body_of(request))
    return found


def newest(deliveries: Deliveries, site: Site, webhook: Webhook) -> Delivery:
    return deliveries.page(site.id, webhook.endpoint_id, 1, 0)[0][0]


def settled(courier: Courier, look: Callable[[], Delivery], statuses: tuple[str, ...]) -> Delivery:
    """Sends what is due until the delivery is in one of these states."""

    def is_there() -> Delivery | None:
        courier.run()
        found = look()
        return found if found.status in statuses else None

    found = eventually(is_there)
    assert found is not None
    return found


def sent(server: Server) -> bytes:
    """The newest request, whole."""
    return server.requests[-1]
