"""The report of a site: one screen, its panels in full, and what of it is asked again and again."""

from leadline.dashboard.report.aim_pages import show_funnels, show_goals, targets_of
from leadline.dashboard.report.audience import Audience
from leadline.dashboard.report.limits import Limit, limits, looked_at, rest_of_look
from leadline.dashboard.report.pages import (
    download,
    show_live,
    show_panel,
    show_report,
)

__all__ = [
    "Audience",
    "Limit",
    "download",
    "limits",
    "looked_at",
    "rest_of_look",
    "show_funnels",
    "show_goals",
    "show_live",
    "show_panel",
    "show_report",
    "targets_of",
]
