"""Questions about hits, and their exact answers."""

from leadline.reports.errors import HitsUnavailable
from leadline.reports.model import (
    Activity,
    DayCount,
    Installation,
    RefusalReason,
    Refusals,
    RefusedOrigin,
)
from leadline.reports.query import (
    Dimension,
    EventMetric,
    EventRow,
    Filter,
    InvalidPattern,
    Metric,
    Operator,
    Order,
    Query,
    Row,
    Time,
)
from leadline.reports.service import Reports

__all__ = [
    "Activity",
    "DayCount",
    "Dimension",
    "EventMetric",
    "EventRow",
    "Filter",
    "HitsUnavailable",
    "Installation",
    "InvalidPattern",
    "Metric",
    "Operator",
    "Order",
    "Query",
    "RefusalReason",
    "Refusals",
    "RefusedOrigin",
    "Reports",
    "Row",
    "Time",
]
