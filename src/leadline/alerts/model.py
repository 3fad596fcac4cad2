"""Rules of alerts, and what they found. Moments are in UTC."""

from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

import msgspec
from msgspec import UNSET, UnsetType


class AlertType(StrEnum):
    """What a rule is for; only `goal_reached` is told to webhooks as another event."""

    TRAFFIC_SPIKE = "traffic_spike"
    TRAFFIC_DROP = "traffic_drop"
    CONVERSION_CHANGE = "conversion_change"
    ERROR_RATE = "error_rate"
    SOURCE_CHANGE = "source_change"
    GOAL_REACHED = "goal_reached"
    CUSTOM = "custom"


class AlertMetric(StrEnum):
    """Rates are in percent. `CUSTOM` are the whole hours since the last hit."""

    PAGEVIEWS = "pageviews"
    SESSIONS = "sessions"
    VISITORS = "visitors"
    ENTRANCES = "entrances"
    BOUNCE_RATE = "bounce_rate"
    CONVERSIONS = "conversions"
    CONVERSION_RATE = "conversion_rate"
    CUSTOM = "custom"


class ConditionType(StrEnum):
    PERCENTAGE_CHANGE = "percentage_change"
    ABSOLUTE_THRESHOLD = "absolute_threshold"
    STD_DEVIATION = "std_deviation"
    RATE_OF_CHANGE = "rate_of_change"


class Direction(StrEnum):
    INCREASE = "increase"
    DECREASE = "decrease"
    BOTH = "both"


class Baseline(StrEnum):
    """How far back is compared with."""

    DAY = "24h"
    WEEK = "7d"
    MONTH = "30d"
    QUARTER = "90d"

    @property
    def span(self) -> timedelta:
        return _SPANS[self.value]


class Window(StrEnum):
    """What is compared: that much time up to now."""

    QUARTER_HOUR = "15m"
    HOUR = "1h"
    SIX_HOURS = "6h"
    DAY = "24h"

    @property
    def span(self) -> timedelta:
        return _SPANS[self.value]


_SPANS = {
    "15m": timedelta(minutes=15),
    "1h": timedelta(hours=1),
    "6h": timedelta(hours=6),
    "24h": timedelta(hours=24),
    "7d": timedelta(days=7),
    "30d": timedelta(days=30),
    "90d": timedelta(days=90),
}


class AlertStatus(StrEnum):
    ACTIVE = "active"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"
    FALSE_POSITIVE = "false_positive"


OPEN = (AlertStatus.ACTIVE, AlertStatus.ACKNOWLEDGED)
"""While a rule has one of these it finds no other."""


class NewRule(msgspec.Struct, frozen=True, kw_only=True):
    """`silent_hours` is for the metric `custom` alone: so long nothing came."""

    name: str
    description: str | None = None
    alert_type: AlertType = AlertType.TRAFFIC_SPIKE
    metric: AlertMetric = AlertMetric.PAGEVIEWS
    condition_type: ConditionType = ConditionType.PERCENTAGE_CHANGE
    threshold_value: Decimal = Decimal("50.00")
    threshold_direction: Direction = Direction.BOTH
    baseline_period: Baseline = Baseline.WEEK
    comparison_window: Window = Window.HOUR
    silent_hours: int | None = None
    notify_email: bool = True
    notify_slack: bool = False
    notify_webhook: bool = False
    email_recipients: tuple[str, ...] = ()
    slack_webhook_url: str | None = None
    custom_webhook_url: str | None = None
    cooldown_minutes: int = 60


class RuleChange(msgspec.Struct, frozen=True, kw_only=True):
    """What is unset stays as it is."""

    name: str | UnsetType = UNSET
    description: str | UnsetType = UNSET
    alert_type: AlertType | UnsetType = UNSET
    metric: AlertMetric | UnsetType = UNSET
    condition_type: ConditionType | UnsetType = UNSET
    threshold_value: Decimal | UnsetType = UNSET
    threshold_direction: Direction | UnsetType = UNSET
    baseline_period: Baseline | UnsetType = UNSET
    comparison_window: Window | UnsetType = UNSET
    silent_hours: int | UnsetType = UNSET
    notify_email: bool | UnsetType = UNSET
    notify_slack: bool | UnsetType = UNSET
    notify_webhook: bool | UnsetType = UNSET
    email_recipients: tuple[str, ...] | UnsetType = UNSET
    slack_webhook_url: str | UnsetType = UNSET
    custom_webhook_url: str | UnsetType = UNSET
    cooldown_minutes: int | UnsetType = UNSET
    is_active: bool | UnsetType = UNSET


class Rule(NewRule, frozen=True, kw_only=True):
    id: int
    site: int
    is_active: bool
    last_triggered_at: datetime | None
    trigger_count: int
    created_by: int | None
    created_at: datetime
    updated_at: datetime | None


class Alert(msgspec.Struct, frozen=True):
    """What a rule found: from `period_start` until `period_end`."""

    id: int
    rule: int
    rule_name: str
    alert_type: AlertType
    metric: AlertMetric
    current_value: Decimal
    baseline_value: Decimal
    change_percentage: Decimal | None
    triggered_at: datetime
    period_start: datetime
    period_end: datetime
    status: AlertStatus
    notification_sent: bool
    notification_channels: tuple[str, ...]
    notification_error: str | None
    acknowledged_at: datetime | None
    acknowledged_by: int | None
    notes: str | None
    resolved_at: datetime | None


class AlertStats(msgspec.Struct, frozen=True):
    active_rules: int
    triggers_of_a_day: int
    triggers_of_a_week: int
    triggers_of_a_month: int
    unacknowledged: int
    most_triggered_rule: str | None
    last_trigger: datetime | None
