"""Deliveries: signed, sent until they arrive, remembered, replayed."""

from datetime import timedelta
from decimal import Decimal
from functools import partial
from socket import socket
from uuid import uuid4

import pytest

from leadline.database import Database
from leadline.sites import Site
from leadline.webhooks import (
    BACK_OFF,
    Courier,
    Deliveries,
    EventType,
    Filters,
    NotReplayable,
    PayloadFormat,
    Sender,
    Status,
    WebhookChange,
    WebhookNotFound,
    Webhooks,
)
from tests.doctor.servers import Server, answering, leading_to
from tests.support import ManualClock, eventually
from tests.webhooks.receiving import (
    EVENT,
    headers_of,
    is_signed,
    new_webhook,
    newest,
    read,
    sent,
    settled,
)

DATA = {"metric": "pageviews", "change_percentage": "80.00", "context": {"site": "Acme"}}
OVER = ("success", "failed", "dead_letter")


def announce(deliveries: Deliveries, site: Site, **more: object) -> int:
    return deliveries.announce(site.id, site.slug, EVENT, DATA, **more)  # type: ignore[arg-type]


def test_an_event_arrives_signed(
    webhooks: Webhooks, deliveries: Deliveries, courier: Courier, receiver: Server, site: Site
) -> None:
    url = receiver.on("/hook", answering(b"thanks", status=202))
    webhook, secret = webhooks.create(site.id, new_webhook(url, custom_headers={"X-Team": "blue"}))
    assert announce(deliveries, site) == 1
    found = settled(courier, lambda: newest(deliveries, site, webhook), OVER)
    request = sent(receiver)
    assert is_signed(request, secret)
    assert headers_of(request)["x-team"] == "blue"
    assert headers_of(request)["content-type"] == "application/json"
    assert "x-sealmetrics-signature-previous" not in headers_of(request)
    assert read(request) == {
        "event": "alert.triggered",
        "event_id": found.event_id,
        "timestamp": "2026-03-10T12:00:00Z",
        "account_id": site.slug,
        "data": DATA,
    }
    assert (found.status, found.attempt_number) == (Status.SUCCESS, 1)
    assert (found.response_status_code, found.response_body) == (202, "thanks")
    (attempt,) = deliveries.attempts(site.id, webhook.endpoint_id, found.delivery_id)
    assert attempt.success
    changed = webhooks.get(site.id, webhook.endpoint_id)
    assert (changed.is_verified, changed.success_count, changed.failure_count) == (True, 1, 0)


def test_both_secrets_sign_after_a_rotation(
    webhooks: Webhooks, deliveries: Deliveries, courier: Courier, receiver: Server, site: Site
) -> None:
    url = receiver.on("/hook", answering(b""))
    webhook, old = webhooks.create(
        site.id, new_webhook(url, payload_format=PayloadFormat.JSON_LINES, include_context=False)
    )
    fresh = webhooks.rotate(site.id, webhook.endpoint_id).secret
    announce(deliveries, site)
    settled(courier, lambda: newest(deliveries, site, webhook), OVER)
    request = sent(receiver)
    assert is_signed(request, fresh)
    assert is_signed(request, old, "x-sealmetrics-signature-previous")
    assert request.endswith(b"}\n")
    assert "context" not in read(request)["data"]


def test_a_failure_is_tried_again_later_and_later(
    webhooks: Webhooks,
    deliveries: Deliveries,
    courier: Courier,
    receiver: Server,
    site: Site,
    clock: ManualClock,
) -> None:
    url = receiver.on("/hook", answering(b"no", status=500))
    webhook, _ = webhooks.create(site.id, new_webhook(url, max_retries=2))
    announce(deliveries, site)

    def look(number: int) -> bool:
        courier.run()
        found = newest(deliveries, site, webhook)
        return found.attempt_number == number and found.status != Status.PROCESSING

    for number, pause in enumerate(BACK_OFF[:2], start=1):
        eventually(partial(look, number))
        found = newest(deliveries, site, webhook)
        assert found.status is Status.RETRYING
        assert found.next_retry_at == clock.now + pause
        clock.now = found.next_retry_at
    eventually(lambda: look(3))
    found = newest(deliveries, site, webhook)
    assert (found.status, found.error_type) == (Status.DEAD_LETTER, "http_error")
    tried = deliveries.attempts(site.id, webhook.endpoint_id, found.delivery_id)
    assert [each.attempt_number for each in tried] == [1, 2, 3]
    changed = webhooks.get(site.id, webhook.endpoint_id)
    assert (changed.failure_count, changed.last_failure_reason) == (1, "It answered 500")
    _, stats, failures = deliveries.stats(site.id, webhook.endpoint_id, 24)
    assert (stats.deliveries, stats.failures, stats.retries) == (1, 1, 2)
    assert stats.success_rate == 0
    assert failures == (found,)


@pytest.mark.parametrize("status", [302, 410])
def test_nobody_is_led_on_and_who_has_gone_is_left_alone(
    webhooks: Webhooks,
    deliveries: Deliveries,
    courier: Courier,
    receiver: Server,
    site: Site,
    status: int,
) -> None:
    url = receiver.on("/hook", leading_to(receiver.url("/inside"), status=status))
    webhook, _ = webhooks.create(site.id, new_webhook(url, max_retries=0))
    announce(deliveries, site)
    found = settled(courier, lambda: newest(deliveries, site, webhook), OVER)
    assert found.status == (Status.FAILED if status == 410 else Status.DEAD_LETTER)
    assert len(receiver.requests) == 1


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "[::1]", "[::ffff:127.0.0.1]", "localhost"]
)
def test_no_private_network_is_asked(host: str) -> None:
    outcome = Sender().send(f"https://{host}/", {}, b"{}", 5)
    assert (outcome.error_type, outcome.is_final) == ("forbidden_address", True)


def test_an_address_that_was_allowed_is_checked_at_every_request(receiver: Server) -> None:
    outcome = Sender().send(receiver.url(), {}, b"{}", 5)
    assert (outcome.error_type, outcome.is_final) == ("invalid_url", True)
    assert receiver.requests == []


def test_one_who_is_not_there_is_tried_again() -> None:
    outcome = Sender(to_loopback=True).send("http://127.0.0.1:1025/", {}, b"{}", 5)
    assert (outcome.error_type, outcome.is_final) == ("connection_error", False)


def test_only_those_that_want_an_event_get_it(
    webhooks: Webhooks, deliveries: Deliveries, site: Site
) -> None:
    for fields in (
        {},
        {"event_types": (EventType.GOAL_REACHED,)},
        {"filters": Filters(metrics=("visitors",))},
        {"filters": Filters(metrics=("pageviews",), tags=("any",))},
        {"filters": Filters(min_change_percentage=Decimal("80.01"))},
        {"filters": Filters(min_change_percentage=Decimal(80))},
    ):
        webhooks.create(site.id, new_webhook("https://hooks.example.com/", **fields))
    off, _ = webhooks.create(site.id, new_webhook("https://hooks.example.com/"))
    webhooks.change(site.id, off.endpoint_id, WebhookChange(is_active=False))
    assert announce(deliveries, site) == 3


def test_an_event_is_announced_once(webhooks: Webhooks, deliveries: Deliveries, site: Site) -> None:
    webhooks.create(site.id, new_webhook("https://hooks.example.com/"))
    event_id = str(uuid4())
    assert [announce(deliveries, site, event_id=event_id) for _ in range(3)] == [1, 0, 0]
    assert deliveries.announce(site.id + 1, "other", EVENT, DATA) == 0


def test_replay(
    webhooks: Webhooks, deliveries: Deliveries, courier: Courier, receiver: Server, site: Site
) -> None:
    url = receiver.on("/hook", answering(b""))
    webhook, _ = webhooks.create(site.id, new_webhook(url))
    announce(deliveries, site)
    first = settled(courier, lambda: newest(deliveries, site, webhook), OVER)
    key = (site.id, webhook.endpoint_id, first.delivery_id)
    with pytest.raises(NotReplayable):
        deliveries.replay(*key)
    again = deliveries.replay(*key, force=True)
    assert (again.event_id, again.payload) == (first.event_id, first.payload)
    assert again.delivery_id != first.delivery_id
    settled(courier, lambda: newest(deliveries, site, webhook), OVER)
    assert len(receiver.requests) == 2
    known, unknown = first.delivery_id, str(uuid4())
    found = deliveries.replay_all(site.id, [known, known, unknown], force=True)
    assert (found.replayed, found.skipped, len(found.errors)) == (1, 1, 1)
    assert deliveries.replay_all(site.id + 1, [known], force=True).replayed == 0
    assert deliveries.page(site.id, webhook.endpoint_id, 10, 0)[1] == 3
    waiting, total = deliveries.page(site.id, webhook.endpoint_id, 10, 0, Status.PENDING)
    assert total == len(waiting) == 1
    with pytest.raises(WebhookNotFound):
        deliveries.get(site.id, webhook.endpoint_id, unknown)


def test_a_test_is_sent_at_once(
    webhooks: Webhooks, deliveries: Deliveries, courier: Courier, receiver: Server, site: Site
) -> None:
    url = receiver.on("/hook", answering(b"thanks"))
    webhook, secret = webhooks.create(site.id, new_webhook(url))
    tested = courier.test(
        site.id, site.slug, webhook.endpoint_id, EventType.GOAL_REACHED, {"test": True}
    )
    request = sent(receiver)
    assert is_signed(request, secret)
    assert headers_of(request)["x-sealmetrics-signature"] == tested.signature
    assert headers_of(request)["x-sealmetrics-timestamp"] == tested.timestamp
    assert tested.delivery.status is Status.SUCCESS
    assert newest(deliveries, site, webhook) == tested.delivery


def test_what_was_begun_is_sent_again_after_a_restart(
    database: Database,
    webhooks: Webhooks,
    deliveries: Deliveries,
    courier: Courier,
    receiver: Server,
    site: Site,
    clock: ManualClock,
) -> None:
    def keeps_silent(connection: socket, request: bytes) -> None:
        receiver.stopped.wait()

    receiver.on("/hook", keeps_silent)
    webhook, _ = webhooks.create(site.id, new_webhook(receiver.url("/hook")))
    announce(deliveries, site)
    courier.run()
    eventually(lambda: receiver.requests)
    courier.close()
    receiver.on("/hook", answering(b""))
    other = Courier(database, webhooks, Sender(to_loopback=True), clock)
    other.resume()
    settled(other, lambda: newest(deliveries, site, webhook), OVER)
    assert len(receiver.requests) == 2
    other.close()


def test_deliveries_are_forgotten_after_thirty_days(
    webhooks: Webhooks,
    deliveries: Deliveries,
    courier: Courier,
    site: Site,
    clock: ManualClock,
) -> None:
    webhook, _ = webhooks.create(site.id, new_webhook("https://hooks.example.com/"))
    announce(deliveries, site)
    clock.advance(days=30)
    courier.expire()
    assert deliveries.page(site.id, webhook.endpoint_id, 10, 0)[1] == 1
    clock.now += timedelta(seconds=1)
    courier.expire()
    assert deliveries.page(site.id, webhook.endpoint_id, 10, 0)[1] == 0
