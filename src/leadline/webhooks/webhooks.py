"""The webhooks of sites: where events go, and what signs them."""

import re
import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import uuid4

import msgspec
from msgspec import UNSET
from sqlalchemy import Connection, Row, delete, func, select, update

from leadline.clock import Clock, utc_now
from leadline.database import Database, insert_row
from leadline.text import CONTROL_CHARACTERS
from leadline.webhooks.errors import Fault, InvalidWebhook, TooManyWebhooks, WebhookNotFound
from leadline.webhooks.model import (
    EventType,
    Filters,
    NewWebhook,
    PayloadFormat,
    Rotation,
    Secrets,
    Webhook,
    WebhookChange,
)
from leadline.webhooks.sending import Sender
from leadline.webhooks.tables import webhooks

MOST_WEBHOOKS = 20
"""Of a site."""
MOST_HEADERS = 20
BOTH_VALID = timedelta(hours=24)
"""So long the secret of before signs beside a new one."""
NAME_LENGTH, URL_LENGTH, DESCRIPTION_LENGTH = 255, 2000, 1000
_HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}")
_HEADER_VALUE = re.compile(r"[\x20-\x7e]{0,1000}")
_OURS = frozenset(
    {
        *("host", "content-length", "content-type", "transfer-encoding", "connection"),
        *("expect", "upgrade", "te", "trailer", "user-agent", "accept"),
    }
)
_OUR_PREFIX = "x-sealmetrics-"
_IN_JSON = ("event_types", "filters", "custom_headers")


class Webhooks:
    """Every method that names a webhook raises `WebhookNotFound` if the site has none of it."""

    def __init__(self, database: Database, sender: Sender, clock: Clock = utc_now) -> None:
        self._database = database
        self._sender = sender
        self._clock = clock

    def create(
        self, site: int, new: NewWebhook, created_by: int | None = None
    ) -> tuple[Webhook, str]:
        """And its secret, which is shown this once. Raises `InvalidWebhook`, `TooManyWebhooks`."""
        given = msgspec.structs.asdict(new)
        self._check(given)
        secret = _new_secret()
        values = _stored(given) | {
            "endpoint_id": str(uuid4()),
            "is_active": True,
            "is_verified": False,
            "secret": secret,
            "secret_version": 1,
            "success_count": 0,
            "failure_count": 0,
            "created_by": created_by,
            "created_at": self._clock(),
        }
        with self._database.writing() as connection:
            if _count(connection, site, include_inactive=True) >= MOST_WEBHOOKS:
                raise TooManyWebhooks(MOST_WEBHOOKS)
            insert_row(connection, webhooks, site_id=site, **values)
            return webhook_of(connection, site, values["endpoint_id"]), secret

    def page(
        self, site: int, limit: int, offset: int, *, include_inactive: bool = False
    ) -> tuple[tuple[Webhook, ...], int]:
        """Some of them in order of creation, and how many there are."""
        query = select(webhooks).where(_of(site, include_inactive)).order_by(webhooks.c.id)
        with self._database.reading() as connection:
            rows = connection.execute(query.limit(limit).offset(offset)).all()
            total = _count(connection, site, include_inactive=include_inactive)
        return tuple(map(webhook_in, rows)), total

    def get(self, site: int, endpoint_id: str) -> Webhook:
        with self._database.reading() as connection:
            return webhook_of(connection, site, endpoint_id)

    def change(self, site: int, endpoint_id: str, change: WebhookChange) -> Webhook:
        """Raises `InvalidWebhook`."""
        given = {
            name: value
            for name, value in msgspec.structs.asdict(change).items()
            if value is not UNSET
        }
        self._check(given)
        with self._database.writing() as connection:
            found = webhook_of(connection, site, endpoint_id)
            values = _stored(given) | {"updated_at": self._clock()}
            if given.get("url", found.url) != found.url:
                values["is_verified"] = False
            _set(connection, found.id, values)
            return webhook_of(connection, site, endpoint_id)

    def delete(self, site: int, endpoint_id: str) -> None:
        """And its deliveries."""
        with self._database.writing() as connection:
            found = webhook_of(connection, site, endpoint_id)
            connection.execute(delete(webhooks).where(webhooks.c.id == found.id))

    def rotate(self, site: int, endpoint_id: str) -> Rotation:
        """A new secret, shown this once; the present one signs beside it for 24 hours."""
        fresh, until = _new_secret(), self._clock() + BOTH_VALID
        with self._database.writing() as connection:
            found = webhook_of(connection, site, endpoint_id)
            mine = select(webhooks).where(webhooks.c.id == found.id)
            row = connection.execute(mine).one()
            version = row.secret_version + 1
            values = {
                "secret": fresh,
                "secret_version": version,
                "previous_secret": row.secret,
                "previous_secret_expires_at": until,
            }
            _set(connection, found.id, values)
        return Rotation(fresh, until, version)

    def secrets(self, number: int) -> Secrets:
        """Those that sign now, of the webhook with this `id`."""
        mine = select(webhooks).where(webhooks.c.id == number)
        with self._database.reading() as connection:
            row = connection.execute(mine).one_or_none()
        if row is None:
            raise WebhookNotFound
        until = row.previous_secret_expires_at
        is_valid = until is not None and self._clock() < until
        return Secrets(row.secret, row.previous_secret if is_valid else None)

    def _check(self, given: Mapping[str, Any]) -> None:
        """Raises `InvalidWebhook`."""
        name = given.get("name", "-")
        if not 1 <= len(name.strip()) <= NAME_LENGTH or CONTROL_CHARACTERS.search(name):
            raise InvalidWebhook("name", Fault.NAME)
        if "url" in given:
            if len(given["url"]) > URL_LENGTH or CONTROL_CHARACTERS.search(given["url"]):
                raise InvalidWebhook("url", Fault.URL)
            self._sender.check(given["url"])
        if "event_types" in given and not given["event_types"]:
            raise InvalidWebhook("event_types", Fault.EVENTS)
        headers = given.get("custom_headers", {})
        if len(headers) > MOST_HEADERS or not all(map(_can_be_sent, headers.items())):
            raise InvalidWebhook("custom_headers", Fault.HEADERS)


def _can_be_sent(header: tuple[str, str]) -> bool:
    name, value = header
    key = name.lower()
    is_free = key not in _OURS and not key.startswith(_OUR_PREFIX)
    return bool(is_free and _HEADER_NAME.fullmatch(name) and _HEADER_VALUE.fullmatch(value))


def _new_secret() -> str:
    return f"whsec_{secrets.token_urlsafe(32)}"


def _stored(given: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: msgspec.json.encode(value).decode() if name in _IN_JSON else value
        for name, value in given.items()
    }


def _set(connection: Connection, number: int, values: Mapping[str, Any]) -> None:
    connection.execute(update(webhooks).where(webhooks.c.id == number).values(**values))


def _of(site: int, include_inactive: bool) -> Any:
    mine = webhooks.c.site_id == site
    return mine if include_inactive else mine & webhooks.c.is_active


def _count(connection: Connection, site: int, *, include_inactive: bool) -> int:
    query = select(func.count()).select_from(webhooks).where(_of(site, include_inactive))
    return int(connection.execute(query).scalar_one())


def webhook_of(connection: Connection, site: int, endpoint_id: str) -> Webhook:
    """Raises `WebhookNotFound`."""
    mine = (webhooks.c.site_id == site) & (webhooks.c.endpoint_id == endpoint_id)
    row = connection.execute(select(webhooks).where(mine)).one_or_none()
    if row is None:
        raise WebhookNotFound
    return webhook_in(row)


def webhook_in(row: Row[Any]) -> Webhook:
    fields = {name: getattr(row, name) for name in Webhook.__struct_fields__ if name != "site"}
    fields |= {
        "site": row.site_id,
        "event_types": msgspec.json.decode(row.event_types, type=tuple[EventType, ...]),
        "filters": msgspec.json.decode(row.filters, type=Filters),
        "custom_headers": msgspec.json.decode(row.custom_headers, type=dict[str, str]),
        "payload_format": PayloadFormat(row.payload_format),
    }
    return Webhook(**fields)
