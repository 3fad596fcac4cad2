"""Webhooks of a site: what they may be, and their secrets."""

import pytest

from leadline.database import Database
from leadline.sites import Site
from leadline.webhooks import (
    MOST_WEBHOOKS,
    EventType,
    Fault,
    InvalidWebhook,
    Secrets,
    Sender,
    TooManyWebhooks,
    WebhookChange,
    WebhookNotFound,
    Webhooks,
)
from tests.support import ManualClock
from tests.webhooks.receiving import new_webhook

URL = "https://hooks.example.com/leadline"


def test_one_is_kept_as_it_was_made(webhooks: Webhooks, site: Site) -> None:
    new = new_webhook(URL, custom_headers={"X-Team": "blue"}, max_retries=5)
    made, secret = webhooks.create(site.id, new)
    assert webhooks.get(site.id, made.endpoint_id) == made
    assert (made.url, made.custom_headers, made.max_retries) == (URL, {"X-Team": "blue"}, 5)
    assert (made.is_active, made.is_verified, made.delivery_count) == (True, False, 0)
    assert secret.startswith("whsec_")
    assert webhooks.secrets(made.id) == Secrets(secret, None)


def test_change_and_delete(webhooks: Webhooks, site: Site) -> None:
    made, _ = webhooks.create(site.id, new_webhook(URL))
    change = WebhookChange(name="Theirs", is_active=False, event_types=(EventType.GOAL_REACHED,))
    changed = webhooks.change(site.id, made.endpoint_id, change)
    assert (changed.name, changed.url) == ("Theirs", URL)
    assert changed.event_types == (EventType.GOAL_REACHED,)
    assert webhooks.page(site.id, 10, 0) == ((), 0)
    assert webhooks.page(site.id, 10, 0, include_inactive=True) == ((changed,), 1)
    webhooks.delete(site.id, made.endpoint_id)
    with pytest.raises(WebhookNotFound):
        webhooks.get(site.id, made.endpoint_id)
    with pytest.raises(WebhookNotFound):
        webhooks.secrets(made.id)


def test_one_of_another_site_is_not_found(webhooks: Webhooks, site: Site) -> None:
    made, _ = webhooks.create(site.id, new_webhook(URL))
    for attempt in (
        lambda: webhooks.get(site.id + 1, made.endpoint_id),
        lambda: webhooks.change(site.id + 1, made.endpoint_id, WebhookChange(name="Mine")),
        lambda: webhooks.rotate(site.id + 1, made.endpoint_id),
        lambda: webhooks.delete(site.id + 1, made.endpoint_id),
    ):
        with pytest.raises(WebhookNotFound):
            attempt()


def test_a_new_secret_leaves_the_old_one_a_day(
    webhooks: Webhooks, site: Site, clock: ManualClock
) -> None:
    made, old = webhooks.create(site.id, new_webhook(URL))
    rotation = webhooks.rotate(site.id, made.endpoint_id)
    assert rotation.version == 2
    assert webhooks.secrets(made.id) == Secrets(rotation.secret, old)
    clock.now = rotation.previous_expires_at
    assert webhooks.secrets(made.id) == Secrets(rotation.secret, None)


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example.com/",
        "http://localhost/",
        "http://127.0.0.1:8080/",
        "ftp://hooks.example.com/",
        "https://user:secret@hooks.example.com/",
        "https://hooks.example.com:25/",
        "https://",
        "hooks.example.com/path",
        "https://[::1",
        "",
    ],
)
def test_addresses_that_are_refused(database: Database, site: Site, url: str) -> None:
    with pytest.raises(InvalidWebhook) as refusal:
        Webhooks(database, Sender()).create(site.id, new_webhook(url))
    assert (refusal.value.field, refusal.value.fault) == ("url", Fault.URL)


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "elsewhere.example"},
        {"content-length": "0"},
        {"X-Sealmetrics-Signature": "sha256=0"},
        {"X-Odd": "a\r\nX-More: b"},
        {"X Odd": "a"},
        {"X-Odd": "é"},
        {f"X-{number}": "" for number in range(21)},
    ],
)
def test_headers_that_are_refused(webhooks: Webhooks, site: Site, headers: dict[str, str]) -> None:
    with pytest.raises(InvalidWebhook) as refusal:
        webhooks.create(site.id, new_webhook(URL, custom_headers=headers))
    assert refusal.value.field == "custom_headers"


def test_a_name_has_something_to_read(webhooks: Webhooks, site: Site) -> None:
    made, _ = webhooks.create(site.id, new_webhook(URL))
    for name in ("", "  ", "a\nb", "a" * 256):
        with pytest.raises(InvalidWebhook):
            webhooks.change(site.id, made.endpoint_id, WebhookChange(name=name))


def test_there_is_an_event_to_send(webhooks: Webhooks, site: Site) -> None:
    made, _ = webhooks.create(site.id, new_webhook(URL))
    with pytest.raises(InvalidWebhook) as refusal:
        webhooks.change(site.id, made.endpoint_id, WebhookChange(event_types=()))
    assert (refusal.value.field, refusal.value.fault) == ("event_types", Fault.EVENTS)


def test_there_are_not_too_many(webhooks: Webhooks, site: Site) -> None:
    for _ in range(MOST_WEBHOOKS):
        webhooks.create(site.id, new_webhook(URL))
    with pytest.raises(TooManyWebhooks):
        webhooks.create(site.id, new_webhook(URL))
