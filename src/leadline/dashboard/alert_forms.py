"""What the form of an alert's rule holds, and what is wrong with it."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import msgspec

from leadline.alerts import (
    AlertError,
    AlertMetric,
    AlertType,
    Baseline,
    ConditionType,
    Direction,
    InvalidRule,
    NewRule,
    RuleChange,
    RuleFault,
    Window,
)
from leadline.dashboard.errors import NotAChoice, choice_in, said
from leadline.dashboard.texts import Texts

STARTS: Mapping[AlertType, NewRule] = {
    AlertType.TRAFFIC_SPIKE: NewRule(
        name="",
        alert_type=AlertType.TRAFFIC_SPIKE,
        threshold_value=Decimal(100),
        threshold_direction=Direction.INCREASE,
    ),
    AlertType.TRAFFIC_DROP: NewRule(
        name="",
        alert_type=AlertType.TRAFFIC_DROP,
        threshold_direction=Direction.DECREASE,
        comparison_window=Window.SIX_HOURS,
    ),
    AlertType.CUSTOM: NewRule(
        name="", alert_type=AlertType.CUSTOM, metric=AlertMetric.CUSTOM, silent_hours=6
    ),
    AlertType.CONVERSION_CHANGE: NewRule(
        name="",
        alert_type=AlertType.CONVERSION_CHANGE,
        metric=AlertMetric.CONVERSIONS,
        baseline_period=Baseline.MONTH,
        comparison_window=Window.DAY,
    ),
    AlertType.GOAL_REACHED: NewRule(
        name="",
        alert_type=AlertType.GOAL_REACHED,
        metric=AlertMetric.CONVERSIONS,
        condition_type=ConditionType.ABSOLUTE_THRESHOLD,
        threshold_value=Decimal(100),
        threshold_direction=Direction.INCREASE,
        comparison_window=Window.DAY,
    ),
}
"""What the form of a new rule begins with, by what the rule is for."""

_FIELDS = {"custom_condition": "silent_hours"}
_NUMBER = re.compile(r"[0-9]{1,5}")
_DECIMAL = re.compile(r"[0-9]{1,5}([.,][0-9]{1,2})?")


def start_of(kind: str) -> NewRule:
    """Raises `NotAChoice`."""
    try:
        return STARTS[AlertType(kind)]
    except (KeyError, ValueError):
        raise NotAChoice("", kind) from None


def values_of(rule: NewRule) -> dict[str, str]:
    """An address that is not told has an empty field."""
    return {
        "name": rule.name,
        "metric": rule.metric,
        "condition_type": rule.condition_type,
        "threshold_value": f"{rule.threshold_value.normalize():f}",
        "threshold_direction": rule.threshold_direction,
        "comparison_window": rule.comparison_window,
        "baseline_period": rule.baseline_period,
        "silent_hours": "" if rule.silent_hours is None else str(rule.silent_hours),
        "email_recipients": " ".join(rule.email_recipients) if rule.notify_email else "",
        "slack_webhook_url": (rule.slack_webhook_url or "") if rule.notify_slack else "",
        "custom_webhook_url": (rule.custom_webhook_url or "") if rule.notify_webhook else "",
        "cooldown_minutes": str(rule.cooldown_minutes),
    }


def new_rule(form: Mapping[str, str], start: NewRule) -> NewRule:
    """Raises `InvalidRule`, `NotAChoice`."""
    return msgspec.structs.replace(start, **_given(form, start))


def rule_change(form: Mapping[str, str], rule: NewRule) -> RuleChange:
    """Raises `InvalidRule`, `NotAChoice`."""
    return RuleChange(**_given(form, rule))


def errors_of(texts: Texts, error: AlertError | NotAChoice) -> dict[str, str]:
    """What to say beside which field; the empty name is the form as a whole."""
    field = error.field if isinstance(error, InvalidRule | NotAChoice) else ""
    return {_FIELDS.get(field, field): said(texts, error)}


def _given(form: Mapping[str, str], rule: NewRule) -> dict[str, Any]:
    is_silence = rule.metric is AlertMetric.CUSTOM
    return {
        "name": form.get("name", "").strip(),
        **(_silence(form) if is_silence else _comparison(form)),
        **_channels(form),
        "cooldown_minutes": _whole(form, "cooldown_minutes", RuleFault.COOLDOWN),
    }


def _silence(form: Mapping[str, str]) -> dict[str, Any]:
    return {"silent_hours": _whole(form, "silent_hours", RuleFault.SILENT_HOURS)}


def _comparison(form: Mapping[str, str]) -> dict[str, Any]:
    metric = choice_in(AlertMetric, form, "metric")
    if metric is AlertMetric.CUSTOM:
        raise NotAChoice("metric", metric)
    return {
        "metric": metric,
        "condition_type": choice_in(ConditionType, form, "condition_type"),
        "threshold_value": _threshold(form),
        "threshold_direction": choice_in(Direction, form, "threshold_direction"),
        "comparison_window": choice_in(Window, form, "comparison_window"),
        "baseline_period": choice_in(Baseline, form, "baseline_period"),
    }


def _channels(form: Mapping[str, str]) -> dict[str, Any]:
    """Whoever has an address is told; an address that is taken out stays with the rule, unused."""
    given: dict[str, Any] = {}
    emails = tuple(form.get("email_recipients", "").replace(",", " ").split())
    given |= {"notify_email": bool(emails)} | ({"email_recipients": emails} if emails else {})
    for flag, field in (
        ("notify_slack", "slack_webhook_url"),
        ("notify_webhook", "custom_webhook_url"),
    ):
        url = form.get(field, "").strip()
        given |= {flag: bool(url)} | ({field: url} if url else {})
    return given


def _whole(form: Mapping[str, str], field: str, fault: RuleFault) -> int:
    text = form.get(field, "").strip()
    if not _NUMBER.fullmatch(text):
        raise InvalidRule(field, fault)
    return int(text)


def _threshold(form: Mapping[str, str]) -> Decimal:
    text = form.get("threshold_value", "").strip()
    if not _DECIMAL.fullmatch(text):
        raise InvalidRule("threshold_value", RuleFault.THRESHOLD)
    return Decimal(text.replace(",", "."))
