"""Numbers as people read them."""

from collections.abc import Callable
from typing import Any

from leadline.reports import EventMetric, Metric

LESS_IS_BETTER = frozenset((Metric.BOUNCE_RATE, Metric.ENTRANCE_BOUNCE_RATE))

TITLES = {
    "visitors": "metric-visitors",
    "visits": "metric-visits",
    "pageviews": "metric-pageviews",
    "views_per_visit": "metric-views-per-visit",
    "bounce_rate": "metric-bounce-rate",
    "average_duration": "metric-average-duration",
    "conversions": "metric-conversions",
    "revenue": "metric-revenue",
}
"""The keys of the texts that name metrics."""

EVENT_TITLES = {
    EventMetric.CONVERSIONS: "event-count",
    EventMetric.UNIQUE_CONVERSIONS: "event-visitors",
    EventMetric.VALUE: "metric-value",
}


def value_of(row: Any, metric: Metric | EventMetric) -> Any:
    """Of a row: a count, a rate from 0 to 1, seconds, or money."""
    return getattr(row, metric.value)


def shown(texts: Any, metric: Metric | EventMetric, value: Any, currency: str) -> str:
    return _FORMS.get(metric.value, _count)(texts, value, currency)


def change(value: Any, other: Any) -> float | None:
    """By how many hundredths of the other a value is more, as a part; None of nothing."""
    return None if not other else round(float(value) / float(other) - 1, 2) + 0.0


def is_better(metric: Metric | EventMetric, changed: float) -> bool:
    return (changed < 0) == (metric in LESS_IS_BETTER)


def _count(texts: Any, value: Any, _: str) -> str:
    return str(texts.count(value))


_FORMS: dict[str, Callable[[Any, Any, str], str]] = {
    "bounce_rate": lambda texts, value, _: texts.percent(value),
    "conversion_rate": lambda texts, value, _: texts.percent(value),
    "views_per_visit": lambda texts, value, _: texts.decimal(value, 2),
    "average_duration": lambda texts, value, _: texts.duration(value),
    "revenue": lambda texts, value, currency: texts.money(value, currency),
    "value": lambda texts, value, currency: texts.money(value, currency),
}
