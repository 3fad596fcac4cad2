"""Questions about hits, and their exact answers."""

from leadline.reports.answers import Answers
from leadline.reports.calendar import Part, Unit, hours, parts, weekdays
from leadline.reports.comparison import Days, Pair, Period
from leadline.reports.days import beginning
from leadline.reports.dimensions import By, Dimension, OnlyOfEvents, Property, by_host
from leadline.reports.errors import HitsUnavailable
from leadline.reports.filters import (
    AllOf,
    AnyOf,
    Condition,
    Did,
    Filter,
    FilterTooLarge,
    InvalidFilter,
    InvalidPattern,
    Not,
    Operator,
    Step,
    Viewed,
)
from leadline.reports.funnel import Funnel, FunnelResult, InvalidFunnel, Reached
from leadline.reports.metrics import EventMetric, EventRow, Metric, Row
from leadline.reports.model import (
    Activity,
    DayCount,
    EventName,
    Held,
    Installation,
    RefusalReason,
    Refusals,
    RefusedOrigin,
)
from leadline.reports.paging import Page
from leadline.reports.query import Order, Query, Time
from leadline.reports.rows import filled, folded
from leadline.reports.service import Reports

__all__ = [
    "Activity",
    "AllOf",
    "Answers",
    "AnyOf",
    "By",
    "Condition",
    "DayCount",
    "Days",
    "Did",
    "Dimension",
    "EventMetric",
    "EventName",
    "EventRow",
    "Filter",
    "FilterTooLarge",
    "Funnel",
    "FunnelResult",
    "Held",
    "HitsUnavailable",
    "Installation",
    "InvalidFilter",
    "InvalidFunnel",
    "InvalidPattern",
    "Metric",
    "Not",
    "OnlyOfEvents",
    "Operator",
    "Order",
    "Page",
    "Pair",
    "Part",
    "Period",
    "Property",
    "Query",
    "Reached",
    "RefusalReason",
    "Refusals",
    "RefusedOrigin",
    "Reports",
    "Row",
    "Step",
    "Time",
    "Unit",
    "Viewed",
    "beginning",
    "by_host",
    "filled",
    "folded",
    "hours",
    "parts",
    "weekdays",
]
