"""Questions about hits, and their exact answers."""

from leadline.reports.calendar import Part, Unit, parts
from leadline.reports.days import beginning
from leadline.reports.errors import HitsUnavailable
from leadline.reports.model import (
    Activity,
    DayCount,
    Held,
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
    "Held",
    "HitsUnavailable",
    "Installation",
    "InvalidPattern",
    "Metric",
    "Operator",
    "Order",
    "Part",
    "Query",
    "RefusalReason",
    "Refusals",
    "RefusedOrigin",
    "Reports",
    "Row",
    "Time",
    "Unit",
    "beginning",
    "parts",
]
