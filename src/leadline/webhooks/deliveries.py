"""Deliveries: events on their way to webhooks, looked at, replayed and counted."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import msgspec
from sqlalchemy import Connection, Row, func, insert, select

from leadline.clock import Clock, utc_now
from leadline.database import Database, insert_row
from leadline.webhooks.errors import NotReplayable, WebhookError, WebhookNotFound
from leadline.webhooks.model import (
    OVER,
    Attempt,
    Delivery,
    EventType,
    Replayed,
    Stats,
    Status,
    Webhook,
)
from leadline.webhooks.tables import attempts, deliveries, webhooks
from leadline.webhooks.webhooks import webhook_in, webhook_of

RECENT_FAILURES = 10


class Deliveries:
    """Every method that names a webhook or a delivery of it raises `WebhookNotFound`."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    def announce(
        self,
        site: int,
        account_id: str,
        event: EventType,
        data: Mapping[str, Any],
        event_id: str | None = None,
    ) -> int:
        """Have an event sent to every webhook of the site that wants it; answers how many.

        The same `event_id`, a UUID, goes to each only once, however often it is announced.
        """
        event_id = event_id or str(uuid4())
        now = self._clock()
        active = select(webhooks).where((webhooks.c.site_id == site) & webhooks.c.is_active)
        with self._database.reading() as connection:  # most sites have none
            if connection.execute(active.limit(1)).first() is None:
                return 0
        with self._database.writing() as connection:
            known = select(deliveries.c.webhook_id).where(deliveries.c.event_id == event_id)
            has_it = set(connection.execute(known).scalars())
            wanting = [
                webhook
                for webhook in map(webhook_in, connection.execute(active).all())
                if event in webhook.event_types
                and webhook.id not in has_it
                and webhook.filters.fit(data)
            ]
            for webhook in wanting:
                payload = payload_of(webhook, account_id, event, data, event_id, now)
                connection.execute(
                    insert(deliveries).values(
                        **new_delivery(webhook, event, event_id, payload, now)
                    )
                )
        return len(wanting)

    def page(
        self, site: int, endpoint_id: str, limit: int, offset: int, status: Status | None = None
    ) -> tuple[tuple[Delivery, ...], int]:
        """Some of them, the newest first, and how many there are."""
        with self._database.reading() as connection:
            webhook = webhook_of(connection, site, endpoint_id)
            mine = deliveries.c.webhook_id == webhook.id
            if status is not None:
                mine &= deliveries.c.status == status
            query = select(deliveries).where(mine).order_by(deliveries.c.id.desc())
            rows = connection.execute(query.limit(limit).offset(offset)).all()
            total = connection.execute(
                select(func.count()).select_from(deliveries).where(mine)
            ).scalar_one()
        return tuple(map(delivery_in, rows)), int(total)

    def get(self, site: int, endpoint_id: str, delivery_id: str) -> Delivery:
        with self._database.reading() as connection:
            webhook = webhook_of(connection, site, endpoint_id)
            return _delivery_of(connection, webhook, delivery_id)

    def attempts(self, site: int, endpoint_id: str, delivery_id: str) -> tuple[Attempt, ...]:
        """In their order."""
        with self._database.reading() as connection:
            webhook = webhook_of(connection, site, endpoint_id)
            delivery = _delivery_of(connection, webhook, delivery_id)
            mine = attempts.c.delivery_id == delivery.id
            rows = connection.execute(select(attempts).where(mine).order_by(attempts.c.id)).all()
        return tuple(
            Attempt(**{name: getattr(row, name) for name in Attempt.__struct_fields__})
            for row in rows
        )

    def replay(
        self, site: int, endpoint_id: str, delivery_id: str, *, force: bool = False
    ) -> Delivery:
        """Send the same payload once more, as a delivery of its own. Raises `NotReplayable`."""
        with self._database.writing() as connection:
            webhook = webhook_of(connection, site, endpoint_id)
            return self._replay(connection, webhook, delivery_id, force)

    def replay_all(
        self, site: int, delivery_ids: Iterable[str], *, force: bool = False
    ) -> Replayed:
        """As `replay`, of any webhooks of the site; what cannot be is skipped."""
        replayed, errors = 0, []
        with self._database.writing() as connection:
            for delivery_id in dict.fromkeys(delivery_ids):
                query = (
                    select(webhooks)
                    .join(deliveries, deliveries.c.webhook_id == webhooks.c.id)
                    .where(webhooks.c.site_id == site, deliveries.c.delivery_id == delivery_id)
                )
                row = connection.execute(query).one_or_none()
                try:
                    if row is None:
                        raise WebhookNotFound
                    self._replay(connection, webhook_in(row), delivery_id, force)
                    replayed += 1
                except WebhookError as error:
                    errors.append(f"{delivery_id}: {error}")
        return Replayed(replayed, len(errors), tuple(errors))

    def stats(
        self, site: int, endpoint_id: str, hours: int
    ) -> tuple[Webhook, Stats, tuple[Delivery, ...]]:
        """Of the last hours, and the newest failures among them."""
        now = self._clock()
        since = now - timedelta(hours=hours)
        with self._database.reading() as connection:
            webhook = webhook_of(connection, site, endpoint_id)
            mine = (deliveries.c.webhook_id == webhook.id) & (deliveries.c.created_at >= since)
            columns = (
                deliveries.c.status,
                deliveries.c.attempt_number,
                deliveries.c.response_time_ms,
                func.length(deliveries.c.payload).label("size"),
            )
            rows = connection.execute(select(*columns).where(mine)).all()
            failed = deliveries.c.status.in_((Status.FAILED, Status.DEAD_LETTER))
            newest = select(deliveries).where(mine & failed).order_by(deliveries.c.id.desc())
            failures = connection.execute(newest.limit(RECENT_FAILURES)).all()
        return webhook, _stats(rows, since, now), tuple(map(delivery_in, failures))

    def _replay(
        self, connection: Connection, webhook: Webhook, delivery_id: str, force: bool
    ) -> Delivery:
        old = _delivery_of(connection, webhook, delivery_id)
        if not force and (old.status not in OVER or old.status is Status.SUCCESS):
            raise NotReplayable
        values = new_delivery(webhook, old.event_type, old.event_id, old.payload, self._clock())
        values["idempotency_key"] = f"{old.event_id}:{values['delivery_id']}"
        insert_row(connection, deliveries, **values)
        return _delivery_of(connection, webhook, values["delivery_id"])


def payload_of(
    webhook: Webhook,
    account_id: str,
    event: EventType,
    data: Mapping[str, Any],
    event_id: str,
    now: datetime,
) -> str:
    said = dict(data)
    if not webhook.include_context:
        said.pop("context", None)
    body = {
        "event": event,
        "event_id": event_id,
        "timestamp": now.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "account_id": account_id,
        "data": said,
    }
    return msgspec.json.encode(body).decode()


def new_delivery(
    webhook: Webhook, event: str, event_id: str, payload: str, now: datetime
) -> dict[str, Any]:
    return {
        "webhook_id": webhook.id,
        "delivery_id": str(uuid4()),
        "event_type": event,
        "event_id": event_id,
        "idempotency_key": event_id,
        "payload": payload,
        "status": Status.PENDING,
        "attempt_number": 0,
        "max_attempts": webhook.max_retries + 1,
        "next_retry_at": now,
        "created_at": now,
    }


def _delivery_of(connection: Connection, webhook: Webhook, delivery_id: str) -> Delivery:
    """Raises `WebhookNotFound`."""
    mine = (deliveries.c.webhook_id == webhook.id) & (deliveries.c.delivery_id == delivery_id)
    row = connection.execute(select(deliveries).where(mine)).one_or_none()
    if row is None:
        raise WebhookNotFound
    return delivery_in(row)


def delivery_in(row: Row[Any]) -> Delivery:
    fields = {name: getattr(row, name) for name in Delivery.__struct_fields__ if name != "webhook"}
    headers = row.response_headers
    fields["status"] = Status(row.status)
    fields["response_headers"] = None if headers is None else msgspec.json.decode(headers)
    return Delivery(webhook=row.webhook_id, **fields)


def _stats(rows: Sequence[Any], since: datetime, until: datetime) -> Stats:
    times = sorted(row.response_time_ms for row in rows if row.response_time_ms is not None)
    return Stats(
        since=since,
        until=until,
        deliveries=len(rows),
        successes=sum(row.status == Status.SUCCESS for row in rows),
        failures=sum(row.status in (Status.FAILED, Status.DEAD_LETTER) for row in rows),
        retries=sum(max(0, row.attempt_number - 1) for row in rows),
        average_time=round(sum(times) / len(times)) if times else None,
        p95_time=times[-(-len(times) * 95 // 100) - 1] if times else None,
        payload_bytes=sum(row.size for row in rows),
    )
