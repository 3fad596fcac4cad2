"""A site's alerts: the rules that watch it, and what they found."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import NamedTuple

from starlette.responses import Response

from leadline.alerts import (
    Alert,
    AlertError,
    AlertMetric,
    AlertNotFound,
    AlertStatus,
    Baseline,
    ConditionType,
    Direction,
    NewRule,
    Rule,
    RuleChange,
    Window,
)
from leadline.dashboard import alert_forms
from leadline.dashboard.errors import NotAChoice, said
from leadline.dashboard.report.asked import MOST_PAGES, PER_PAGE, page_of, pages_of
from leadline.dashboard.sites import address_of, named
from leadline.dashboard.texts import Texts
from leadline.dashboard.visit import Refused, Visit
from leadline.sites import Site

_RATES = (AlertMetric.BOUNCE_RATE, AlertMetric.CONVERSION_RATE)
_SETTLED = (AlertStatus.ACKNOWLEDGED, AlertStatus.RESOLVED, AlertStatus.FALSE_POSITIVE)


class Found(NamedTuple):
    """An alert in the reader's language, and what may still be said of it."""

    alert: Alert
    figure: str
    before: str | None
    settling: tuple[AlertStatus, ...]


def show_alerts(visit: Visit) -> Response:
    """The history, page by page; the rules for whoever may change them."""
    site, page = named(visit), page_of(visit.query, MOST_PAGES)
    rooms, texts = visit.rooms, visit.texts
    found, count = rooms.alert_history.page(site.id, PER_PAGE, (page - 1) * PER_PAGE)
    rules = rooms.alert_rules.list(site.id, include_inactive=True) if visit.may_edit else ()
    return visit.page(
        "alerts.html",
        site=site,
        rules=[(rule, watched(texts, rule)) for rule in rules],
        kinds=alert_forms.STARTS,
        found=[_found(texts, alert) for alert in found],
        number=page,
        pages=pages_of(count),
    )


def new_form(visit: Visit) -> Response:
    """Of the `?kind=` of rule that is asked for, a spike if there is none of it."""
    try:
        start = alert_forms.start_of(visit.query.get("kind", ""))
    except NotAChoice:
        start = next(iter(alert_forms.STARTS.values()))
    values = alert_forms.values_of(start) | {"name": visit.texts(f"alert-type-{start.alert_type}")}
    return _form(visit, start, 200, values, {})


def create(visit: Visit) -> Response:
    site, start = named(visit), next(iter(alert_forms.STARTS.values()))
    try:
        start = alert_forms.start_of(visit.form.get("kind", ""))
        new = alert_forms.new_rule(visit.form, start)
        visit.rooms.alert_rules.create(site.id, new, visit.signed_in.user.id)
    except (AlertError, NotAChoice) as error:
        return _refused_form(visit, start, error)
    return visit.redirect(_page(site))


def edit_form(visit: Visit) -> Response:
    rule = _rule(visit)
    return _form(visit, rule, 200, alert_forms.values_of(rule), {})


def change(visit: Visit) -> Response:
    rule = _rule(visit)
    try:
        wanted = alert_forms.rule_change(visit.form, rule)
        visit.rooms.alert_rules.change(rule.site, rule.id, wanted)
    except AlertNotFound:
        raise
    except (AlertError, NotAChoice) as error:
        return _refused_form(visit, rule, error)
    return visit.redirect(_page(named(visit)))


def switch(visit: Visit) -> Response:
    wanted = RuleChange(is_active=visit.checked("on"))
    return _changed(
        visit, lambda site: visit.rooms.alert_rules.change(site.id, _number(visit), wanted)
    )


def delete(visit: Visit) -> Response:
    return _changed(visit, lambda site: visit.rooms.alert_rules.delete(site.id, _number(visit)))


def settle(visit: Visit) -> Response:
    """Raises `Refused`."""
    site, chosen = named(visit), visit.form.get("status", "")
    number = visit.rooms.alert_history.get(site.id, int(visit.path["alert"])).id
    if chosen not in _SETTLED:
        raise Refused(422, "not-saved", what=said(visit.texts, NotAChoice("status", chosen)))
    status, by = AlertStatus(chosen), visit.signed_in.user.id
    return _changed(
        visit, lambda site: visit.rooms.alert_history.settle(site.id, number, status, by=by)
    )


def watched(texts: Texts, rule: NewRule) -> str:
    """What a rule waits for, in words."""
    if rule.silent_hours is not None:
        return texts("alert-silence", hours=rule.silent_hours)
    condition, direction = rule.condition_type, rule.threshold_direction
    return texts(
        "alert-watches",
        metric=texts(f"alert-metric-{rule.metric}"),
        window=texts(f"alert-span-{rule.comparison_window}"),
        condition=texts(
            f"alert-when-{condition}-{direction}",
            limit=f"{rule.threshold_value.normalize():f}",
            baseline=texts(f"alert-span-{rule.baseline_period}"),
        ),
    )


def _found(texts: Texts, alert: Alert) -> Found:
    is_silence = alert.metric is AlertMetric.CUSTOM
    before = None if is_silence else _figure(texts, alert.metric, alert.baseline_value)
    return Found(
        alert, _figure(texts, alert.metric, alert.current_value), before, _settling(alert.status)
    )


def _figure(texts: Texts, metric: AlertMetric, value: Decimal) -> str:
    if metric is AlertMetric.CUSTOM:
        return texts("alert-silent-for", hours=int(value))
    if metric in _RATES:
        return texts.percent(float(value) / 100, 1)
    return texts.decimal(value, 0 if value == value.to_integral_value() else 1)


def _settling(status: AlertStatus) -> tuple[AlertStatus, ...]:
    if status is AlertStatus.ACTIVE:
        return _SETTLED
    return _SETTLED[1:] if status is AlertStatus.ACKNOWLEDGED else ()


def _refused_form(visit: Visit, rule: NewRule, error: AlertError | NotAChoice) -> Response:
    values = alert_forms.values_of(rule) | dict(visit.form)
    return _form(visit, rule, 422, values, alert_forms.errors_of(visit.texts, error))


def _form(
    visit: Visit,
    rule: NewRule,
    status: int,
    values: Mapping[str, str],
    errors: Mapping[str, str],
) -> Response:
    texts = visit.texts
    return visit.page(
        "alert_form.html",
        status,
        site=named(visit),
        rule=rule,
        number=rule.id if isinstance(rule, Rule) else None,
        values=values,
        errors=errors,
        metrics=[
            (metric, texts(f"alert-metric-{metric}"))
            for metric in AlertMetric
            if metric is not AlertMetric.CUSTOM
        ],
        conditions=[(each, texts(f"alert-condition-{each}")) for each in ConditionType],
        directions=[(each, texts(f"alert-direction-{each}")) for each in Direction],
        windows=[(each, texts(f"alert-span-{each}")) for each in Window],
        baselines=[(each, texts(f"alert-span-{each}")) for each in Baseline],
    )


def _changed(visit: Visit, do: Callable[[Site], object]) -> Response:
    site = named(visit)
    do(site)
    return visit.redirect(_page(site))


def _rule(visit: Visit) -> Rule:
    return visit.rooms.alert_rules.get(named(visit).id, _number(visit))


def _number(visit: Visit) -> int:
    return int(visit.path["rule"])


def _page(site: Site) -> str:
    return address_of(site, "alerts")
