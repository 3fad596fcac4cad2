"""How an alert is told: to the webhooks of its site, to addresses of its rule, by mail."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID, uuid5

import msgspec

from leadline.alerts.judging import Judgement
from leadline.alerts.model import Alert, AlertType, Rule
from leadline.webhooks import EventType, Sender

Announce = Callable[[int, EventType, Mapping[str, Any], str], object]
"""Sends an event of a site, with its data and id, to the webhooks that want it."""

Notify = Callable[[Rule, Sequence[str], str], None]
"""Mails a text about a rule to its recipients. May raise what is then told as the error."""

SECONDS = 10.0
_EVENTS = UUID("0a4f2f52-6d0e-4f0a-9c9f-6f0c9b1a7e10")
"""Ids of events are made of it and of what happened, so that none is sent twice."""


class Telling:
    """Without `notify` no mail is sent."""

    def __init__(self, announce: Announce, sender: Sender, notify: Notify | None = None) -> None:
        self._announce = announce
        self._sender = sender
        self._notify = notify

    def tell(self, rule: Rule, alert: Alert) -> tuple[tuple[str, ...], str | None]:
        """By which channels it went, and what was wrong with others. Mail and a rule's own
        addresses hear of beginnings only."""
        is_over = alert.resolved_at is not None
        event_id = str(uuid5(_EVENTS, f"{alert.id} {alert.triggered_at} {is_over}"))
        data = said_of(rule, alert)
        self._announce(rule.site, _event(rule, is_over=is_over), data, event_id)
        if is_over:
            return alert.notification_channels, alert.notification_error
        return self._tell_people(rule, data)

    def try_out(self, rule: Rule, found: Judgement) -> tuple[tuple[str, ...], str | None]:
        """Tell people, and not the webhooks of the site, of what a rule finds. As `tell`."""
        return self._tell_people(rule, _said(rule, found) | {"test": True})

    def _tell_people(
        self, rule: Rule, data: Mapping[str, Any]
    ) -> tuple[tuple[str, ...], str | None]:
        channels, errors = [], []
        for channel, error in self._people_told(rule, data):
            if error is None:
                channels.append(channel)
            else:
                errors.append(f"{channel}: {error}")
        return tuple(channels), "; ".join(errors) or None

    def _people_told(self, rule: Rule, data: Mapping[str, Any]) -> list[tuple[str, str | None]]:
        told: list[tuple[str, str | None]] = []
        text = text_of(data)
        if rule.notify_email and rule.email_recipients and self._notify is not None:
            try:
                self._notify(rule, rule.email_recipients, text)
                told.append(("email", None))
            except Exception as error:  # whatever mail cannot do, the others are told
                told.append(("email", str(error)))
        if rule.notify_slack and rule.slack_webhook_url:
            told.append(("slack", self._post(rule.slack_webhook_url, {"text": text})))
        if rule.notify_webhook:
            url = rule.custom_webhook_url
            told.append(("webhook", self._post(url, data) if url else None))
        return told

    def _post(self, url: str, body: Mapping[str, Any]) -> str | None:
        headers = {"Content-Type": "application/json"}
        return self._sender.send(url, headers, msgspec.json.encode(body), SECONDS).error_message


def said_of(rule: Rule, alert: Alert) -> dict[str, Any]:
    """The data of an event."""
    found = Judgement(
        alert.current_value, alert.baseline_value, alert.change_percentage, is_triggered=True
    )
    return _said(rule, found) | {
        "alert_id": alert.id,
        "status": alert.status,
        "triggered_at": alert.triggered_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
    }


def _said(rule: Rule, found: Judgement) -> dict[str, Any]:
    change = found.change_percentage
    return {
        "rule_id": rule.id,
        "rule_name": rule.name,
        "alert_type": rule.alert_type,
        "metric": rule.metric,
        "current_value": str(found.current_value),
        "baseline_value": str(found.baseline_value),
        "change_percentage": None if change is None else str(change),
        "context": {
            "condition_type": rule.condition_type,
            "threshold_value": str(rule.threshold_value),
            "threshold_direction": rule.threshold_direction,
            "baseline_period": rule.baseline_period,
            "comparison_window": rule.comparison_window,
        },
    }


def text_of(data: Mapping[str, Any]) -> str:
    change = data["change_percentage"]
    changed = "" if change is None else f" ({change} %)"
    return (
        f"{data['rule_name']}: {data['metric']} {data['current_value']},"
        f" before {data['baseline_value']}{changed}"
    )


def _event(rule: Rule, *, is_over: bool) -> EventType:
    if is_over:
        return EventType.ALERT_RESOLVED
    is_goal = rule.alert_type is AlertType.GOAL_REACHED
    return EventType.GOAL_REACHED if is_goal else EventType.ALERT_TRIGGERED
