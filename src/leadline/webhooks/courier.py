"""What takes deliveries to their webhooks, with patience for those that do not answer."""

from datetime import datetime, timedelta
from threading import Lock, Thread
from typing import Any, NamedTuple
from uuid import uuid4

import msgspec
from sqlalchemy import and_, delete, insert, or_, select, update

from leadline.clock import Clock, utc_now
from leadline.database import Database, insert_row
from leadline.webhooks.deliveries import delivery_in, new_delivery, payload_of
from leadline.webhooks.errors import WebhookNotFound
from leadline.webhooks.model import KEPT, Delivery, EventType, PayloadFormat, Status, Webhook
from leadline.webhooks.sending import SIGNATURE, TIMESTAMP, Outcome, Sender, signed_headers
from leadline.webhooks.tables import attempts, deliveries, webhooks
from leadline.webhooks.webhooks import Webhooks, webhook_in

AT_ONCE = 8
"""So many webhooks are waited for together, each for one delivery."""

BACK_OFF = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
)
"""After the first failure, the second and so on; the last of them after all others."""

ABANDONED = timedelta(minutes=10)
"""Nobody waits any more for an answer to a request that was begun so long ago."""
WAITING = (Status.PENDING, Status.RETRYING)


class Tested(NamedTuple):
    """One request that was made at once, and what it was signed with."""

    delivery: Delivery
    signature: str
    timestamp: str


class Courier:
    """Sends each delivery at least once; `close` before the database is."""

    def __init__(
        self, database: Database, all_webhooks: Webhooks, sender: Sender, clock: Clock = utc_now
    ) -> None:
        self._database = database
        self._webhooks = all_webhooks
        self._sender = sender
        self._clock = clock
        self._busy: set[int] = set()
        self._lock = Lock()
        self._is_closed = False

    def run(self) -> None:
        """Begin what is due, in threads; whoever calls does not wait for answers."""
        while len(self._busy) < AT_ONCE and (found := self._claim()) is not None:
            Thread(target=self._carry, args=found, name="webhook", daemon=True).start()

    def resume(self) -> None:
        """Have all that was begun sent again: for a server that is alone, when it starts."""
        begun = deliveries.c.status == Status.PROCESSING
        with self._database.writing() as connection:
            connection.execute(update(deliveries).where(begun).values(status=Status.RETRYING))

    def expire(self) -> None:
        """Forget deliveries of more than 30 days ago."""
        old = deliveries.c.created_at < self._clock() - KEPT
        with self._database.reading() as connection:
            if connection.execute(select(deliveries.c.id).where(old).limit(1)).first() is None:
                return
        with self._database.writing() as connection:
            connection.execute(delete(deliveries).where(old))

    def test(
        self, site: int, account_id: str, endpoint_id: str, event: EventType, data: dict[str, Any]
    ) -> Tested:
        """Send an event now, once, whether the webhook is active and wants it or not.

        Waits for the answer. Raises `WebhookNotFound`.
        """
        webhook = self._webhooks.get(site, endpoint_id)
        now, event_id = self._clock(), str(uuid4())
        payload = payload_of(webhook, account_id, event, data, event_id, now)
        values = new_delivery(webhook, event, event_id, payload, now)
        values |= {"status": Status.PROCESSING, "attempt_number": 1, "max_attempts": 1}
        with self._database.writing() as connection:
            number = insert_row(connection, deliveries, **values | {"processing_started_at": now})
        delivery = self._delivery(number)
        outcome, headers = self._send(webhook, delivery)
        self._record(webhook, delivery, outcome)
        return Tested(self._delivery(number), headers[SIGNATURE], headers[TIMESTAMP])

    def close(self) -> None:
        """What is on its way is sent again when a server starts."""
        with self._lock:
            self._is_closed = True

    def _claim(self) -> tuple[Webhook, Delivery] | None:
        """The next that is due, which nobody else sends then: one of a webhook at a time."""
        now = self._clock()
        with self._lock:
            busy = tuple(self._busy)
        due = or_(
            and_(deliveries.c.status.in_(WAITING), deliveries.c.next_retry_at <= now),
            and_(
                deliveries.c.status == Status.PROCESSING,
                deliveries.c.processing_started_at < now - ABANDONED,
            ),
        )
        is_free = webhooks.c.is_active & webhooks.c.id.not_in(busy)
        query = (
            select(deliveries.c.id, webhooks.c.id.label("webhook"))
            .join(webhooks, deliveries.c.webhook_id == webhooks.c.id)
            .where(due, is_free)
            .order_by(deliveries.c.next_retry_at, deliveries.c.id)
            .limit(1)
        )
        with self._database.reading() as connection:  # which most often finds none, and locks none
            if connection.execute(query).one_or_none() is None:
                return None
        with self._database.writing() as connection:
            row = connection.execute(query).one_or_none()
            if row is None:
                return None
            mine = deliveries.c.id == row.id
            values = {
                "status": Status.PROCESSING,
                "attempt_number": deliveries.c.attempt_number + 1,
                "processing_started_at": now,
            }
            connection.execute(update(deliveries).where(mine).values(**values))
            of = webhooks.c.id == row.webhook
            webhook = webhook_in(connection.execute(select(webhooks).where(of)).one())
        with self._lock:
            self._busy.add(webhook.id)
        return webhook, self._delivery(row.id)

    def _carry(self, webhook: Webhook, delivery: Delivery) -> None:
        try:
            outcome, _ = self._send(webhook, delivery)
            with self._lock:
                if not self._is_closed:
                    self._record(webhook, delivery, outcome)
        except WebhookNotFound:
            pass  # it was deleted meanwhile
        finally:
            with self._lock:
                self._busy.discard(webhook.id)

    def _send(self, webhook: Webhook, delivery: Delivery) -> tuple[Outcome, dict[str, str]]:
        body = delivery.payload.encode()
        if webhook.payload_format is PayloadFormat.JSON_LINES:
            body += b"\n"
        signed = signed_headers(self._webhooks.secrets(webhook.id), self._clock(), body)
        headers = {
            **webhook.custom_headers,
            "Content-Type": webhook.payload_format.media_type,
            **signed,
        }
        return self._sender.send(webhook.url, headers, body, webhook.timeout_seconds), signed

    def _record(self, webhook: Webhook, delivery: Delivery, outcome: Outcome) -> None:
        now = self._clock()
        status = _status_after(delivery, outcome)
        is_over = status is not Status.RETRYING
        values = {
            "status": status,
            "next_retry_at": None if is_over else now + _pause(delivery.attempt_number),
            "completed_at": now if is_over else None,
            "response_status_code": outcome.status,
            "response_time_ms": outcome.milliseconds,
            "response_body": outcome.body,
            "response_headers": None
            if outcome.headers is None
            else msgspec.json.encode(outcome.headers).decode(),
            "error_type": outcome.error_type,
            "error_message": outcome.error_message,
        }
        attempt = {
            "delivery_id": delivery.id,
            "attempt_number": delivery.attempt_number,
            "attempted_at": delivery.processing_started_at,
            "request_url": webhook.url,
            "response_status_code": outcome.status,
            "response_time_ms": outcome.milliseconds,
            "error_type": outcome.error_type,
            "error_message": outcome.error_message,
            "success": outcome.is_success,
        }
        mine = deliveries.c.id == delivery.id
        with self._database.writing() as connection:
            changed = connection.execute(update(deliveries).where(mine).values(**values))
            if changed.rowcount:
                connection.execute(insert(attempts).values(**attempt))
                counted = _counted(outcome, now, is_over=is_over)
                of = webhooks.c.id == webhook.id
                connection.execute(update(webhooks).where(of).values(**counted))

    def _delivery(self, number: int) -> Delivery:
        """Raises `WebhookNotFound`."""
        with self._database.reading() as connection:
            query = select(deliveries).where(deliveries.c.id == number)
            row = connection.execute(query).one_or_none()
        if row is None:
            raise WebhookNotFound
        return delivery_in(row)


def _status_after(delivery: Delivery, outcome: Outcome) -> Status:
    if outcome.is_success:
        return Status.SUCCESS
    if outcome.is_final:
        return Status.FAILED
    is_last = delivery.attempt_number >= delivery.max_attempts
    return Status.DEAD_LETTER if is_last else Status.RETRYING


def _pause(attempt: int) -> timedelta:
    return BACK_OFF[min(attempt, len(BACK_OFF)) - 1]


def _counted(outcome: Outcome, now: datetime, *, is_over: bool) -> dict[str, Any]:
    """What a webhook notes of a request."""
    values: dict[str, Any] = {"last_delivery_at": now}
    if outcome.is_success:
        values |= {"last_success_at": now, "is_verified": True}
        values["success_count"] = webhooks.c.success_count + 1
    else:
        values |= {"last_failure_at": now, "last_failure_reason": outcome.error_message}
        if is_over:
            values["failure_count"] = webhooks.c.failure_count + 1
    return values
