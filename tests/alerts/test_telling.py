"""How alerts are told: by every channel of the rule, each event once."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from leadline.alerts import (
    Alert,
    AlertMetric,
    AlertStatus,
    AlertType,
    Rule,
    Telling,
)
from leadline.webhooks import EventType, Sender
from tests.doctor.servers import Server, answering, running
from tests.webhooks.receiving import read

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
RULE = Rule(
    id=1,
    site=2,
    name="Spike",
    is_active=True,
    last_triggered_at=NOW,
    trigger_count=1,
    created_by=None,
    created_at=NOW,
    updated_at=None,
    email_recipients=("a@b.example",),
)
ALERT = Alert(
    id=3,
    rule=1,
    rule_name="Spike",
    alert_type=AlertType.TRAFFIC_SPIKE,
    metric=AlertMetric.PAGEVIEWS,
    current_value=Decimal("180.00"),
    baseline_value=Decimal("100.00"),
    change_percentage=Decimal("80.00"),
    triggered_at=NOW,
    period_start=NOW,
    period_end=NOW,
    status=AlertStatus.ACTIVE,
    notification_sent=False,
    notification_channels=(),
    notification_error=None,
    acknowledged_at=None,
    acknowledged_by=None,
    notes=None,
    resolved_at=None,
)


@pytest.fixture
def receiver() -> Iterator[Server]:
    with running() as server:
        yield server


class Desk:
    """What was announced and mailed."""

    def __init__(self) -> None:
        self.events: list[tuple[int, EventType, Mapping[str, Any], str]] = []
        self.mails: list[tuple[tuple[str, ...], str]] = []

    def announce(self, *event: Any) -> None:
        self.events.append(event)

    def notify(self, rule: Rule, recipients: Sequence[str], text: str) -> None:
        self.mails.append((tuple(recipients), text))


def test_every_channel(receiver: Server) -> None:
    receiver.on("/ours", answering(b""))
    receiver.on("/slack", answering(b"no", status=404))
    desk = Desk()
    rule = replace(
        RULE,
        notify_slack=True,
        notify_webhook=True,
        slack_webhook_url=receiver.url("/slack"),
        custom_webhook_url=receiver.url("/ours"),
    )
    telling = Telling(desk.announce, Sender(to_loopback=True), desk.notify)
    assert telling.tell(rule, ALERT) == (("email", "webhook"), "slack: It answered 404")
    ((site, event, data, _),) = desk.events
    assert (site, event) == (2, EventType.ALERT_TRIGGERED)
    assert data["change_percentage"] == "80.00"
    text = "Spike: pageviews 180.00, before 100.00 (80.00 %)"
    assert desk.mails == [(("a@b.example",), text)]
    slack, ours = receiver.requests
    assert read(slack) == {"text": text}
    assert read(ours) == data


def test_the_end_goes_to_webhooks_alone_and_each_event_has_one_id() -> None:
    desk = Desk()
    telling = Telling(desk.announce, Sender(), desk.notify)
    over = replace(ALERT, status=AlertStatus.RESOLVED, resolved_at=NOW)
    telling.tell(RULE, ALERT)
    telling.tell(RULE, ALERT)
    telling.tell(RULE, over)
    ids = [event[3] for event in desk.events]
    assert ids[0] == ids[1] != ids[2]
    assert desk.events[2][1] is EventType.ALERT_RESOLVED
    assert len(desk.mails) == 2
    telling.tell(replace(RULE, alert_type=AlertType.GOAL_REACHED), ALERT)
    assert desk.events[3][1] is EventType.GOAL_REACHED


def test_mail_that_fails_keeps_nobody_else_from_being_told() -> None:
    def fails(*_: object) -> None:
        raise OSError("no server")

    rule = replace(RULE, notify_webhook=True)
    told = Telling(lambda *_: None, Sender(), fails).tell(rule, ALERT)
    assert told == (("webhook",), "email: no server")
    assert Telling(lambda *_: None, Sender()).tell(RULE, ALERT) == ((), None)
