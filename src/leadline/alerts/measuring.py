"""The figures that a rule compares, from the reports."""

from datetime import datetime, timedelta
from fractions import Fraction

from leadline.alerts.judging import Figures, Judgement, judge, mean
from leadline.alerts.model import AlertMetric, ConditionType, Direction, Rule
from leadline.reports import Metric, Query, Reports, Row

HOUR = timedelta(hours=1)

SUMS = {
    AlertMetric.PAGEVIEWS: Metric.PAGEVIEWS,
    AlertMetric.SESSIONS: Metric.VISITS,
    AlertMetric.VISITORS: Metric.VISITORS,
    AlertMetric.ENTRANCES: Metric.ENTRANCES,
    AlertMetric.CONVERSIONS: Metric.CONVERSIONS,
}
RATES = {
    AlertMetric.BOUNCE_RATE: (Metric.BOUNCES, Metric.VISITS),
    AlertMetric.CONVERSION_RATE: (Metric.CONVERSIONS, Metric.ENTRANCES),
}
"""In percent; of a window without the second there is none."""


def measure(reports: Reports, rule: Rule, now: datetime) -> Judgement | None:
    """What a rule finds at a moment; None where there is nothing to judge.

    Windows before the site's first hit are not looked at. Raises `HitsUnavailable`.
    """
    first, last = _facts(reports, rule.site)
    if first is None or last is None:
        return None
    if rule.metric is AlertMetric.CUSTOM:
        return _silence(rule, last, now)
    figures = _figures(reports, rule, first, now)
    if figures is None:
        return None
    return judge(rule.condition_type, rule.threshold_direction, rule.threshold_value, figures)


def _facts(reports: Reports, site: int) -> tuple[datetime | None, datetime | None]:
    installation = reports.installation(site)
    return installation.first_hit_at, installation.last_hit_at


def _silence(rule: Rule, last: datetime, now: datetime) -> Judgement:
    hours = Fraction(max(0, (now - last) // HOUR))
    limit = Fraction(rule.silent_hours or 0)
    at_least = ConditionType.ABSOLUTE_THRESHOLD, Direction.INCREASE
    found = judge(*at_least, rule.threshold_value, Figures(hours, (), limit))
    return found._replace(change_percentage=None, is_triggered=hours >= limit)


def _figures(reports: Reports, rule: Rule, first: datetime, now: datetime) -> Figures | None:
    window, count = (
        rule.comparison_window.span,
        rule.baseline_period.span // rule.comparison_window.span,
    )
    count = max(0, min(rule.baseline_period.span // window, (now - window - first) // window))
    begins = tuple(now - window * number for number in range(count + 1, 0, -1))
    wanted = RATES.get(rule.metric) or (SUMS[rule.metric],)
    query = Query(sites=(rule.site,), since=begins[0], until=now, buckets=begins, metrics=wanted)
    found = {row.bucket: row for row in reports.rows(query)}
    rows = [found.get(number, Row(number, ())) for number in range(count + 1)]
    if rule.metric in SUMS:
        values = [Fraction(getattr(row, SUMS[rule.metric].value)) for row in rows]
        return Figures(values[-1], values[:-1], mean(values[:-1]))
    return _rates(rule.metric, rows)


def _rates(metric: AlertMetric, rows: list[Row]) -> Figures | None:
    of, to = RATES[metric]
    pairs = [(getattr(row, of.value), getattr(row, to.value)) for row in rows]
    *before, (part, whole) = pairs
    if not whole:
        return None
    parts, wholes = (sum(side) for side in zip(*before, strict=True)) if before else (0, 0)
    return Figures(
        Fraction(100 * part, whole),
        [Fraction(100 * one, of_all) for one, of_all in before if of_all],
        Fraction(100 * parts, wholes) if wholes else Fraction(0),
    )
