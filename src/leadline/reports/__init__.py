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
from leadline.reports.service import Reports

__all__ = [
    "Activity",
    "DayCount",
    "HitsUnavailable",
    "Installation",
    "RefusalReason",
    "Refusals",
    "RefusedOrigin",
    "Reports",
]
