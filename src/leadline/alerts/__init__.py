"""Alerts: rules that watch a site's figures, and what they found."""

from leadline.alerts.errors import AlertError, AlertNotFound, InvalidRule, RuleFault, TooManyRules
from leadline.alerts.history import History
from leadline.alerts.judging import Figures, Judgement, judge, mean
from leadline.alerts.measuring import measure
from leadline.alerts.model import (
    Alert,
    AlertMetric,
    AlertStats,
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
from leadline.alerts.rules import MOST_RULES, Rules
from leadline.alerts.telling import Announce, Notify, Telling
from leadline.alerts.watch import Tell, Watch

__all__ = [
    "MOST_RULES",
    "Alert",
    "AlertError",
    "AlertMetric",
    "AlertNotFound",
    "AlertStats",
    "AlertStatus",
    "AlertType",
    "Announce",
    "Baseline",
    "ConditionType",
    "Direction",
    "Figures",
    "History",
    "InvalidRule",
    "Judgement",
    "NewRule",
    "Notify",
    "Rule",
    "RuleChange",
    "RuleFault",
    "Rules",
    "Tell",
    "Telling",
    "TooManyRules",
    "Watch",
    "Window",
    "judge",
    "mean",
    "measure",
]
