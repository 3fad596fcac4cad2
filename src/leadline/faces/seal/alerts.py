"""Alerts: the rules of a site, what they found, and what they would find now."""

from decimal import Decimal
from typing import Annotated, Any, cast

import msgspec
from pydantic import BaseModel, Field

from leadline.alerts import (
    Alert,
    AlertMetric,
    AlertStatus,
    AlertType,
    Baseline,
    ConditionType,
    Direction,
    NewRule,
    Rule,
    RuleChange,
    Window,
)
from leadline.faces.endpoint import Answer, Call, Endpoint, Need, Nothing
from leadline.faces.seal.asked import (
    ListOfSite,
    OfSite,
    managed,
    number_in_path,
    readable,
    sent,
)
from leadline.faces.seal.shapes import stamp
from leadline.faces.seal.webhook_shapes import stamped

Name = Annotated[str, Field(min_length=1, max_length=255)]
Text = Annotated[str, Field(max_length=1000)]
Threshold = Annotated[Decimal, Field(ge=0, le=10_000, decimal_places=2)]
Email = Annotated[str, Field(max_length=255, pattern=r"^[^@\s,;<>]+@[^@\s,;<>]+$")]
Emails = Annotated[list[Email], Field(max_length=10)]
Url = Annotated[str, Field(max_length=500, description="With https.")]
Cooldown = Annotated[int, Field(ge=5, le=1440)]


class CustomCondition(BaseModel):
    no_hits_hours: int = Field(ge=1, le=168, description="So long no hit came.")


class CreateRule(BaseModel):
    name: Name
    description: Text | None = None
    alert_type: AlertType = AlertType.TRAFFIC_SPIKE
    metric: AlertMetric = AlertMetric.PAGEVIEWS
    condition_type: ConditionType = ConditionType.PERCENTAGE_CHANGE
    threshold_value: Threshold = Decimal("50.0")
    threshold_direction: Direction = Direction.BOTH
    baseline_period: Baseline = Baseline.WEEK
    comparison_window: Window = Window.HOUR
    custom_condition: CustomCondition | None = Field(None, description="For the metric `custom`.")
    notify_email: bool = True
    notify_slack: bool = False
    notify_webhook: bool = False
    email_recipients: Emails = Field(default_factory=list)
    slack_webhook_url: Url | None = None
    custom_webhook_url: Url | None = None
    cooldown_minutes: Cooldown = 60


class UpdateRule(BaseModel):
    name: Name | None = None
    description: Text | None = None
    alert_type: AlertType | None = None
    metric: AlertMetric | None = None
    condition_type: ConditionType | None = None
    threshold_value: Threshold | None = None
    threshold_direction: Direction | None = None
    baseline_period: Baseline | None = None
    comparison_window: Window | None = None
    custom_condition: CustomCondition | None = None
    notify_email: bool | None = None
    notify_slack: bool | None = None
    notify_webhook: bool | None = None
    email_recipients: Emails | None = None
    slack_webhook_url: Url | None = None
    custom_webhook_url: Url | None = None
    cooldown_minutes: Cooldown | None = None
    is_active: bool | None = None


class TestRule(BaseModel):
    __test__ = False

    send_notification: bool = True


class SettleAlert(BaseModel):
    status: AlertStatus = AlertStatus.ACKNOWLEDGED
    notes: Text | None = None


class ListHistory(OfSite):
    rule_id: int | None = Field(None, ge=1, le=2**31 - 1)
    status: AlertStatus | None = None
    limit: int = Field(50, ge=1, le=200)
    offset: int = Field(0, ge=0, le=1_000_000)


class RuleInfo(Answer):
    id: int
    account_id: str
    name: str
    description: str | None
    alert_type: AlertType
    metric: AlertMetric
    condition_type: ConditionType
    threshold_value: str = Field(examples=["50.00"])
    threshold_direction: Direction
    baseline_period: Baseline
    comparison_window: Window
    custom_condition: dict[str, Any] | None
    notify_email: bool
    notify_slack: bool
    notify_webhook: bool
    email_recipients: list[str]
    slack_webhook_url: str | None
    custom_webhook_url: str | None
    cooldown_minutes: int
    last_triggered_at: str | None
    is_active: bool
    trigger_count: int
    created_by: int | None
    created_at: str
    updated_at: str | None

    @classmethod
    def of(cls, rule: Rule, slug: str) -> "RuleInfo":
        hours = rule.silent_hours
        fields = msgspec.structs.asdict(rule) | {
            "account_id": slug,
            "threshold_value": str(rule.threshold_value),
            "custom_condition": None if hours is None else {"no_hits_hours": hours},
            "email_recipients": list(rule.email_recipients),
            "last_triggered_at": stamped(rule.last_triggered_at),
            "created_at": stamp(rule.created_at),
            "updated_at": stamped(rule.updated_at),
        }
        return cls(**fields)


class RuleList(Answer):
    rules: list[RuleInfo]
    total: int


class AlertInfo(Answer):
    id: int
    rule_id: int
    rule_name: str
    account_id: str
    alert_type: AlertType
    metric: AlertMetric
    current_value: str
    baseline_value: str
    change_percentage: str | None
    triggered_at: str
    period_start: str
    period_end: str
    context: dict[str, Any] | None
    notification_sent: bool
    notification_channels: list[str]
    notification_error: str | None
    acknowledged_at: str | None
    acknowledged_by: int | None
    notes: str | None
    status: AlertStatus

    @classmethod
    def of(cls, alert: Alert, slug: str) -> "AlertInfo":
        change = alert.change_percentage
        fields = msgspec.structs.asdict(alert) | {
            "rule_id": alert.rule,
            "account_id": slug,
            "current_value": str(alert.current_value),
            "baseline_value": str(alert.baseline_value),
            "change_percentage": None if change is None else str(change),
            "triggered_at": stamp(alert.triggered_at),
            "period_start": stamp(alert.period_start),
            "period_end": stamp(alert.period_end),
            "context": None,
            "notification_channels": list(alert.notification_channels),
            "acknowledged_at": stamped(alert.acknowledged_at),
        }
        return cls(**fields)


class AlertList(Answer):
    alerts: list[AlertInfo]
    total: int


class AlertStatsInfo(Answer):
    active_rules: int
    total_triggers_24h: int
    total_triggers_7d: int
    total_triggers_30d: int
    unacknowledged_alerts: int
    most_triggered_rule: str | None
    last_trigger: str | None


class TestedRule(Answer):
    __test__ = False

    success: bool = Field(description="Whether there was something to judge.")
    current_value: str
    baseline_value: str
    would_trigger: bool
    change_percentage: str | None
    notification_sent: bool
    message: str


def create_rule(call: Call) -> RuleInfo:
    site, body = managed(call), cast(CreateRule, call.body)
    new = NewRule(**_fields(body, body.model_dump()))
    return RuleInfo.of(call.services.alert_rules.create(site.id, new), site.slug)


def list_rules(call: Call) -> RuleList:
    site, query = managed(call), cast(ListOfSite, call.query)
    found = call.services.alert_rules.list(site.id, include_inactive=query.include_inactive)
    return RuleList(rules=[RuleInfo.of(rule, site.slug) for rule in found], total=len(found))


def get_rule(call: Call) -> RuleInfo:
    site = managed(call)
    return RuleInfo.of(call.services.alert_rules.get(site.id, _rule(call)), site.slug)


def update_rule(call: Call) -> RuleInfo:
    site, body = managed(call), cast(UpdateRule, call.body)
    change = RuleChange(**_fields(body, sent(body)))
    return RuleInfo.of(call.services.alert_rules.change(site.id, _rule(call), change), site.slug)


def delete_rule(call: Call) -> Nothing:
    call.services.alert_rules.delete(managed(call).id, _rule(call))
    return Nothing()


def test_rule(call: Call) -> TestedRule:
    site, body = managed(call), cast(TestRule, call.body)
    services = call.services
    rule = services.alert_rules.get(site.id, _rule(call))
    found = services.watch.judge(rule)
    if found is None:
        return TestedRule(
            success=False,
            current_value="0.00",
            baseline_value="0.00",
            would_trigger=False,
            change_percentage=None,
            notification_sent=False,
            message="There are no hits to judge.",
        )
    channels: tuple[str, ...] = ()
    error = None
    if body.send_notification:
        channels, error = services.telling.try_out(rule, found)
    change = found.change_percentage
    return TestedRule(
        success=True,
        current_value=str(found.current_value),
        baseline_value=str(found.baseline_value),
        would_trigger=found.is_triggered,
        change_percentage=None if change is None else str(change),
        notification_sent=bool(channels),
        message=error or ("It would trigger." if found.is_triggered else "It would not trigger."),
    )


def list_history(call: Call) -> AlertList:
    site, query = readable(call), cast(ListHistory, call.query)
    found, total = call.services.alert_history.page(
        site.id, query.limit, query.offset, rule=query.rule_id, status=query.status
    )
    return AlertList(alerts=[AlertInfo.of(each, site.slug) for each in found], total=total)


def settle_alert(call: Call) -> AlertInfo:
    site, body = managed(call), cast(SettleAlert, call.body)
    number = number_in_path(call, "alert_id")
    settled = call.services.alert_history.settle(site.id, number, body.status, body.notes)
    return AlertInfo.of(settled, site.slug)


def get_stats(call: Call) -> AlertStatsInfo:
    stats = call.services.alert_history.stats(readable(call).id)
    return AlertStatsInfo(
        active_rules=stats.active_rules,
        total_triggers_24h=stats.triggers_of_a_day,
        total_triggers_7d=stats.triggers_of_a_week,
        total_triggers_30d=stats.triggers_of_a_month,
        unacknowledged_alerts=stats.unacknowledged,
        most_triggered_rule=stats.most_triggered_rule,
        last_trigger=stamped(stats.last_trigger),
    )


def _rule(call: Call) -> int:
    return number_in_path(call, "rule_id")


def _fields(body: CreateRule | UpdateRule, given: dict[str, Any]) -> dict[str, Any]:
    del given["custom_condition"]
    if body.custom_condition is not None:
        given["silent_hours"] = body.custom_condition.no_hits_hours
    if body.email_recipients is not None:
        given["email_recipients"] = tuple(body.email_recipients)
    return given


_REFUSED = {403: "The token is not allowed to do this.", 404: "No such site, rule or alert."}
_INVALID = _REFUSED | {422: "A field is invalid, or the site has too many."}
_GROUP = "Alerts"
_ONE = "/alerts/rules/{rule_id}"


def _row(
    method: str, path: str, summary: str, handle: Any, answer: type[BaseModel], **more: Any
) -> Endpoint:
    more = (
        dict[str, Any](need=Need.MANAGE_NAMED, query=OfSite, errors=_INVALID, group=_GROUP) | more
    )
    return Endpoint(method, path, summary, handle=handle, answer=answer, **more)


ENDPOINTS = (
    _row(
        "POST",
        "/alerts/rules",
        "Create alert rule",
        create_rule,
        RuleInfo,
        description="Rules are judged once a minute.",
        body=CreateRule,
        status=201,
        action="alert.create",
    ),
    _row("GET", "/alerts/rules", "List alert rules", list_rules, RuleList, query=ListOfSite),
    _row("GET", _ONE, "Get alert rule", get_rule, RuleInfo),
    _row(
        "PATCH",
        _ONE,
        "Update alert rule",
        update_rule,
        RuleInfo,
        description="Changes the fields that are sent.",
        body=UpdateRule,
        action="alert.update",
    ),
    _row(
        "DELETE",
        _ONE,
        "Delete alert rule",
        delete_rule,
        Nothing,
        status=204,
        action="alert.delete",
    ),
    _row(
        "POST",
        f"{_ONE}/test",
        "Test alert rule",
        test_rule,
        TestedRule,
        description="Judges it now, and tells the result by its channels, but not to webhooks.",
        body=TestRule,
        has_optional_body=True,
        errors=_INVALID | {503: "Hits cannot be counted now; see Retry-After."},
    ),
    _row(
        "GET",
        "/alerts/history",
        "List alerts",
        list_history,
        AlertList,
        description="The newest first.",
        need=Need.READ_NAMED,
        query=ListHistory,
    ),
    _row(
        "PATCH",
        "/alerts/history/{alert_id}",
        "Settle alert",
        settle_alert,
        AlertInfo,
        body=SettleAlert,
        action="alert.settle",
    ),
    _row(
        "GET", "/alerts/stats", "Get alert stats", get_stats, AlertStatsInfo, need=Need.READ_NAMED
    ),
)
