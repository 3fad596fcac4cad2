"""The report of a site: one screen, its panels in full, and what of it is asked again and again."""

from leadline.dashboard.report.audience import Audience
from leadline.dashboard.report.look import read as read_look
from leadline.dashboard.report.names import in_words
from leadline.dashboard.report.pages import (
    download,
    show_live,
    show_panel,
    show_report,
)

__all__ = [
    "Audience",
    "download",
    "in_words",
    "read_look",
    "show_live",
    "show_panel",
    "show_report",
]
