"""Questions about hits, and their exact answers; what people keep of questions."""

from leadline.reports.answers import Answers
from leadline.reports.calendar import Part, Unit, hours, parts, weekdays
from leadline.reports.comparison import Days, Pair, Period
from leadline.reports.days import beginning
from leadline.reports.dimensions import By, Dimension, OnlyOfEvents, Property, by_host
from leadline.reports.errors import (
    HitsUnavailable,
    InvalidSaved,
    SavedError,
    SavedFault,
    SavedNameTaken,
    SavedNotFound,
    SiteGone,
    TooManySaved,
)
from leadline.reports.event_log import LoggedEvent
from leadline.reports.exports import (
    MOST_EXPORTS,
    Content,
    Export,
    ExportFailed,
    Exports,
    ExportStatus,
)
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
    read_condition,
    written_condition,
)
from leadline.reports.funnel import (
    FEWEST_STEPS,
    MOST_STEPS,
    Funnel,
    FunnelResult,
    InvalidFunnel,
    Reached,
)
from leadline.reports.funnels import MOST_FUNNELS, Funnels, SavedFunnel
from leadline.reports.goals import MOST_GOALS, Goal, Goals
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
from leadline.reports.segments import (
    MOST_SEGMENTS,
    NewSegment,
    Segment,
    SegmentChange,
    SegmentId,
    Segments,
)
from leadline.reports.service import Reports
from leadline.reports.targets import Target, TargetKind
from leadline.warehouse import REFUSALS_KEPT_DAYS

__all__ = [
    "FEWEST_STEPS",
    "MOST_EXPORTS",
    "MOST_FUNNELS",
    "MOST_GOALS",
    "MOST_SEGMENTS",
    "MOST_STEPS",
    "REFUSALS_KEPT_DAYS",
    "Activity",
    "AllOf",
    "Answers",
    "AnyOf",
    "By",
    "Condition",
    "Content",
    "DayCount",
    "Days",
    "Did",
    "Dimension",
    "EventMetric",
    "EventName",
    "EventRow",
    "Export",
    "ExportFailed",
    "ExportStatus",
    "Exports",
    "Filter",
    "FilterTooLarge",
    "Funnel",
    "FunnelResult",
    "Funnels",
    "Goal",
    "Goals",
    "Held",
    "HitsUnavailable",
    "Installation",
    "InvalidFilter",
    "InvalidFunnel",
    "InvalidPattern",
    "InvalidSaved",
    "LoggedEvent",
    "Metric",
    "NewSegment",
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
    "SavedError",
    "SavedFault",
    "SavedFunnel",
    "SavedNameTaken",
    "SavedNotFound",
    "Segment",
    "SegmentChange",
    "SegmentId",
    "Segments",
    "SiteGone",
    "Step",
    "Target",
    "TargetKind",
    "Time",
    "TooManySaved",
    "Unit",
    "Viewed",
    "beginning",
    "by_host",
    "filled",
    "folded",
    "hours",
    "parts",
    "read_condition",
    "weekdays",
    "written_condition",
]
