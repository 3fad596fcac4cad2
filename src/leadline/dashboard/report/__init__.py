"""The report of a site: one screen, its panels in full, and what of it is asked again and again."""

from leadline.dashboard.report.audience import Audience
from leadline.dashboard.report.pages import (
    download,
    download_events,
    show_events,
    show_live,
    show_panel,
    show_report,
)

__all__ = [
    "Audience",
    "download",
    "download_events",
    "show_events",
    "show_live",
    "show_panel",
    "show_report",
]
