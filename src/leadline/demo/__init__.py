"""Believable traffic for a data directory, and what the reports must then say of it."""

from leadline.demo.service import FILE, DataNotEmpty, Demo, Plan, Progress, fill, pour
from leadline.demo.tally import (
    CountryTotal,
    DayTotal,
    EventTotal,
    PageTotal,
    SiteTotals,
    SourceTotal,
)

__all__ = [
    "FILE",
    "CountryTotal",
    "DataNotEmpty",
    "DayTotal",
    "Demo",
    "EventTotal",
    "PageTotal",
    "Plan",
    "Progress",
    "SiteTotals",
    "SourceTotal",
    "fill",
    "pour",
]
