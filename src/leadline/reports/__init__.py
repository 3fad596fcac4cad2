"""Questions about hits, and their exact answers."""

from leadline.reports.model import Activity, DayCount, Installation
from leadline.reports.service import Reports

__all__ = ["Activity", "DayCount", "Installation", "Reports"]
