"""The keys of the texts that name what a report is asked by."""

from leadline.dashboard.report.periods import Comparison, Preset
from leadline.reports import Dimension, Unit

PRESETS = {
    Preset.TODAY: "period-today",
    Preset.YESTERDAY: "period-yesterday",
    Preset.WEEK: "period-week",
    Preset.THIRTY_DAYS: "period-thirty-days",
    Preset.THIS_MONTH: "period-this-month",
    Preset.LAST_MONTH: "period-last-month",
    Preset.THIS_YEAR: "period-this-year",
    Preset.TWELVE_MONTHS: "period-twelve-months",
    Preset.ALL: "period-all",
}

PRESET_KEYS = {
    Preset.TODAY: "d",
    Preset.YESTERDAY: "e",
    Preset.WEEK: "w",
    Preset.THIRTY_DAYS: "t",
    Preset.THIS_MONTH: "m",
    Preset.LAST_MONTH: "l",
    Preset.THIS_YEAR: "y",
    Preset.TWELVE_MONTHS: "n",
    Preset.ALL: "a",
}
"""The key on a keyboard that leads to each."""

COMPARISONS = {
    Comparison.PREVIOUS: "comparison-previous",
    Comparison.YEAR: "comparison-year",
    Comparison.NONE: "comparison-none",
}

UNITS = {
    Unit.HOUR: "unit-hour",
    Unit.DAY: "unit-day",
    Unit.WEEK: "unit-week",
    Unit.MONTH: "unit-month",
}

OPERATORS = {
    "is": "operator-is",
    "is_not": "operator-is-not",
    "contains": "operator-contains",
    "contains_not": "operator-contains-not",
    "starts_with": "operator-starts-with",
    "ends_with": "operator-ends-with",
    "in": "operator-in",
    "not_in": "operator-not-in",
    "matches": "operator-matches",
    "matches_not": "operator-matches-not",
}

DIMENSIONS = {
    Dimension.PATHNAME: "dimension-pathname",
    Dimension.ENTRY_PAGE: "dimension-entry-page",
    Dimension.EXIT_PAGE: "dimension-exit-page",
    Dimension.CONTENT_GROUP: "dimension-content-group",
    Dimension.HOSTNAME: "dimension-hostname",
    Dimension.CHANNEL: "dimension-channel",
    Dimension.SOURCE: "dimension-source",
    Dimension.MEDIUM: "dimension-medium",
    Dimension.REFERRER_HOSTNAME: "dimension-referrer-hostname",
    Dimension.REFERRER_PATHNAME: "dimension-referrer-pathname",
    Dimension.UTM_SOURCE: "dimension-utm-source",
    Dimension.UTM_MEDIUM: "dimension-utm-medium",
    Dimension.UTM_CAMPAIGN: "dimension-utm-campaign",
    Dimension.UTM_TERM: "dimension-utm-term",
    Dimension.UTM_CONTENT: "dimension-utm-content",
    Dimension.REF: "dimension-ref",
    Dimension.KEYWORD: "dimension-keyword",
    Dimension.COUNTRY: "dimension-country",
    Dimension.REGION: "dimension-region",
    Dimension.CITY: "dimension-city",
    Dimension.BROWSER: "dimension-browser",
    Dimension.OPERATING_SYSTEM: "dimension-operating-system",
    Dimension.DEVICE_TYPE: "dimension-device-type",
    Dimension.EVENT_NAME: "dimension-event-name",
}

TABLES = {
    "PRESET_NAMES": PRESETS,
    "PRESET_KEYS": PRESET_KEYS,
    "COMPARISON_NAMES": COMPARISONS,
    "UNIT_NAMES": UNITS,
    "OPERATOR_NAMES": OPERATORS,
    "DIMENSION_NAMES": DIMENSIONS,
}
"""What templates call them."""
