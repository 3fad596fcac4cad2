"""A site's webhooks: where its events go, and what became of them."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from starlette.responses import Response

from leadline.dashboard.errors import NotAChoice, choice_of, said
from leadline.dashboard.report.asked import MOST_PAGES, PER_PAGE, page_of, pages_of
from leadline.dashboard.sites import address_of, named
from leadline.dashboard.visit import Visit
from leadline.sites import Site
from leadline.webhooks import (
    MOST_WEBHOOKS,
    Delivery,
    EventType,
    InvalidWebhook,
    NewWebhook,
    NotReplayable,
    Status,
    TooManyWebhooks,
    Webhook,
    WebhookChange,
    WebhookError,
    sample,
)

REPLAYABLE = (Status.FAILED, Status.DEAD_LETTER)
_BLANK = {"name": "", "url": ""}
_USUAL = (EventType.ALERT_TRIGGERED, EventType.ALERT_RESOLVED)
"""The events that the form of a new webhook begins with."""


def list_webhooks(visit: Visit) -> Response:
    return _list(visit, 200, _BLANK, _USUAL, {})


def create(visit: Visit) -> Response:
    """The one answer that shows the secret."""
    site = named(visit)
    try:
        new = NewWebhook(**_given(visit))
        made, secret = visit.rooms.webhooks.create(site.id, new, visit.signed_in.user.id)
    except (InvalidWebhook, TooManyWebhooks, NotAChoice) as error:
        values, chosen = _BLANK | dict(visit.form), visit.values("event")
        return _list(visit, 422, values, chosen, _errors_of(visit, error))
    return visit.page("webhook_secret.html", site=site, webhook=made, secret=secret, until=None)


def show_webhook(visit: Visit) -> Response:
    return _page(visit, 200, {}, {})


def change(visit: Visit) -> Response:
    site, endpoint = named(visit), _endpoint(visit)
    try:
        visit.rooms.webhooks.change(site.id, endpoint, WebhookChange(**_given(visit)))
    except (InvalidWebhook, NotAChoice) as error:
        return _page(visit, 422, visit.form, _errors_of(visit, error), visit.values("event"))
    return visit.redirect(address_of(site, "webhooks"))


def switch(visit: Visit) -> Response:
    wanted = WebhookChange(is_active=visit.checked("on"))
    return _changed(
        visit, lambda site: visit.rooms.webhooks.change(site.id, _endpoint(visit), wanted)
    )


def delete(visit: Visit) -> Response:
    return _changed(visit, lambda site: visit.rooms.webhooks.delete(site.id, _endpoint(visit)))


def rotate(visit: Visit) -> Response:
    """The one answer that shows the new secret."""
    site, endpoint = named(visit), _endpoint(visit)
    rotation = visit.rooms.webhooks.rotate(site.id, endpoint)
    return visit.page(
        "webhook_secret.html",
        site=site,
        webhook=visit.rooms.webhooks.get(site.id, endpoint),
        secret=rotation.secret,
        until=rotation.previous_expires_at,
    )


def test(visit: Visit) -> Response:
    """Waits for the answer, which is then among the deliveries."""
    site, endpoint = named(visit), _endpoint(visit)
    webhook = visit.rooms.webhooks.get(site.id, endpoint)
    visit.rooms.courier.test(site.id, site.slug, endpoint, webhook.event_types[0], sample())
    return visit.redirect(_address(site, endpoint))


def show_delivery(visit: Visit) -> Response:
    return _delivery_page(visit, 200, None)


def replay(visit: Visit) -> Response:
    site, endpoint = named(visit), _endpoint(visit)
    try:
        visit.rooms.deliveries.replay(site.id, endpoint, _delivery(visit))
    except NotReplayable as error:
        return _delivery_page(visit, 422, said(visit.texts, error))
    return visit.redirect(_address(site, endpoint))


def _given(visit: Visit) -> dict[str, Any]:
    """Raises `NotAChoice`."""
    return {
        "name": visit.form.get("name", "").strip(),
        "url": visit.form.get("url", "").strip(),
        "event_types": tuple(
            choice_of(EventType, "event_types", each)
            for each in dict.fromkeys(visit.values("event"))
        ),
    }


def _errors_of(visit: Visit, error: WebhookError | NotAChoice) -> dict[str, str]:
    """What to say beside which field; the empty name is the form as a whole."""
    field = error.field if isinstance(error, InvalidWebhook | NotAChoice) else ""
    return {field: said(visit.texts, error)}


def _list(
    visit: Visit,
    status: int,
    values: Mapping[str, str],
    chosen: Sequence[str],
    errors: Mapping[str, str],
) -> Response:
    site = named(visit)
    found, _ = visit.rooms.webhooks.page(site.id, MOST_WEBHOOKS, 0, include_inactive=True)
    return visit.page(
        "webhooks.html",
        status,
        site=site,
        webhooks=found,
        values=values,
        chosen=chosen,
        events=_events(visit),
        errors=errors,
    )


def _page(
    visit: Visit,
    status: int,
    values: Mapping[str, str],
    errors: Mapping[str, str],
    chosen: Sequence[str] | None = None,
) -> Response:
    """One webhook, and its deliveries page by page."""
    site, endpoint, page = named(visit), _endpoint(visit), page_of(visit.query, MOST_PAGES)
    webhook: Webhook = visit.rooms.webhooks.get(site.id, endpoint)
    found, count = visit.rooms.deliveries.page(site.id, endpoint, PER_PAGE, (page - 1) * PER_PAGE)
    return visit.page(
        "webhook.html",
        status,
        site=site,
        webhook=webhook,
        values={"name": webhook.name, "url": webhook.url} | dict(values),
        chosen=webhook.event_types if chosen is None else chosen,
        events=_events(visit),
        errors=errors,
        deliveries=found,
        replayable=REPLAYABLE,
        number=page,
        pages=pages_of(count),
    )


def _delivery_page(visit: Visit, status: int, error: str | None) -> Response:
    site, endpoint, delivery_id = named(visit), _endpoint(visit), _delivery(visit)
    deliveries = visit.rooms.deliveries
    delivery: Delivery = deliveries.get(site.id, endpoint, delivery_id)
    return visit.page(
        "delivery.html",
        status,
        site=site,
        webhook=visit.rooms.webhooks.get(site.id, endpoint),
        delivery=delivery,
        attempts=deliveries.attempts(site.id, endpoint, delivery_id),
        may_replay=delivery.status in REPLAYABLE,
        error=error,
    )


def _events(visit: Visit) -> list[tuple[EventType, str]]:
    return [(event, visit.texts(f"event-{event.replace('.', '-')}")) for event in EventType]


def _changed(visit: Visit, do: Callable[[Site], object]) -> Response:
    site = named(visit)
    do(site)
    return visit.redirect(address_of(site, "webhooks"))


def _endpoint(visit: Visit) -> str:
    return visit.path["webhook"].lower()


def _delivery(visit: Visit) -> str:
    return visit.path["delivery"].lower()


def _address(site: Site, endpoint: str) -> str:
    return address_of(site, "webhooks", endpoint)
