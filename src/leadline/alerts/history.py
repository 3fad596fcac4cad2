"""What rules found: begun, told, and over."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, Select, func, select, update

from leadline.alerts.errors import AlertNotFound
from leadline.alerts.judging import Judgement
from leadline.alerts.model import OPEN, Alert, AlertMetric, AlertStats, AlertStatus, AlertType, Rule
from leadline.alerts.tables import alerts, rules
from leadline.clock import Clock, utc_now
from leadline.database import LARGEST_NUMBER, Database, insert_row

ERROR_LENGTH = 255
TOLD_WITHIN = timedelta(hours=1)
"""What is older is not told any more after a server was away."""


class History:
    """The alerts of every site."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    def page(
        self,
        site: int,
        limit: int,
        offset: int,
        *,
        rule: int | None = None,
        status: AlertStatus | None = None,
    ) -> tuple[tuple[Alert, ...], int]:
        """Some of them, the newest first, and how many there are."""
        query = _joined().where(rules.c.site_id == site)
        if rule is not None:
            query = query.where(alerts.c.rule_id == min(rule, LARGEST_NUMBER))
        if status is not None:
            query = query.where(alerts.c.status == status)
        with self._database.reading() as connection:
            newest = query.order_by(alerts.c.id.desc()).limit(limit).offset(offset)
            rows = connection.execute(newest).all()
            total = connection.execute(
                select(func.count()).select_from(query.subquery())
            ).scalar_one()
        return tuple(map(alert_in, rows)), int(total)

    def get(self, site: int, number: int) -> Alert:
        """Raises `AlertNotFound`."""
        with self._database.reading() as connection:
            return _find(connection, site, number)

    def settle(
        self,
        site: int,
        number: int,
        status: AlertStatus,
        notes: str | None = None,
        by: int | None = None,
    ) -> Alert:
        """Say what has become of an alert; that it is resolved is told. Raises `AlertNotFound`."""
        now = self._clock()
        values: dict[str, Any] = {"status": status}
        if notes is not None:
            values["notes"] = notes
        if status is not AlertStatus.ACTIVE:
            values |= {"acknowledged_at": now, "acknowledged_by": by}
        values["resolved_at"] = None if status in OPEN else now
        with self._database.writing() as connection:
            before = _find(connection, site, number)
            if status is AlertStatus.RESOLVED and before.status in OPEN:
                values["told_at"] = None
            connection.execute(update(alerts).where(alerts.c.id == number).values(**values))
            return _find(connection, site, number)

    def stats(self, site: int) -> AlertStats:
        now = self._clock()
        month = _joined().where(
            rules.c.site_id == site, alerts.c.triggered_at > now - timedelta(days=30)
        )
        active = select(func.count()).where(rules.c.site_id == site, rules.c.is_active)
        waiting = (
            select(func.count())
            .select_from(alerts.join(rules))
            .where(rules.c.site_id == site, alerts.c.status == AlertStatus.ACTIVE)
        )
        most = (
            select(rules.c.name)
            .where(rules.c.site_id == site, rules.c.trigger_count > 0)
            .order_by(rules.c.trigger_count.desc(), rules.c.id)
            .limit(1)
        )
        last = select(func.max(rules.c.last_triggered_at)).where(rules.c.site_id == site)
        with self._database.reading() as connection:
            moments = [row.triggered_at for row in connection.execute(month)]
            return AlertStats(
                active_rules=connection.execute(active).scalar_one(),
                triggers_of_a_day=sum(each > now - timedelta(days=1) for each in moments),
                triggers_of_a_week=sum(each > now - timedelta(days=7) for each in moments),
                triggers_of_a_month=len(moments),
                unacknowledged=connection.execute(waiting).scalar_one(),
                most_triggered_rule=connection.execute(most).scalar(),
                last_trigger=connection.execute(last).scalar(),
            )

    # What the watch writes

    def note(self, rule: Rule, found: Judgement, now: datetime) -> None:
        """Begin an alert, or end those that are open.

        None begins while one is open, or within the rule's cool-down.
        """
        with self._database.writing() as connection:
            mine = (alerts.c.rule_id == rule.id) & alerts.c.status.in_(OPEN)
            is_open = connection.execute(select(alerts.c.id).where(mine)).first() is not None
            if not found.is_triggered:
                if is_open:
                    over = {"status": AlertStatus.RESOLVED, "resolved_at": now}
                    connection.execute(update(alerts).where(mine).values(**over, told_at=None))
                return
            last = select(rules.c.last_triggered_at).where(rules.c.id == rule.id)
            row = connection.execute(last).one_or_none()
            cool = timedelta(minutes=rule.cooldown_minutes)
            is_cooling = row is not None and row[0] is not None and now < row[0] + cool
            if row is not None and not is_open and not is_cooling:
                _begin(connection, rule, found, now)

    def untold(self) -> tuple[tuple[int, Alert], ...]:
        """Those whose beginning or end is still to be told, in order, each with its site."""
        recent = alerts.c.triggered_at > self._clock() - TOLD_WITHIN
        is_fresh = (alerts.c.resolved_at.is_(None) & recent) | (
            alerts.c.resolved_at > self._clock() - TOLD_WITHIN
        )
        query = _joined().where(alerts.c.told_at.is_(None), is_fresh).order_by(alerts.c.id)
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        return tuple((row.site_id, alert_in(row)) for row in rows)

    def told(self, alert: Alert, channels: Sequence[str], error: str | None) -> None:
        values = {
            "told_at": self._clock(),
            "notification_channels": msgspec.json.encode(channels).decode(),
            "notification_error": None if error is None else error[:ERROR_LENGTH],
        }
        mine = (alerts.c.id == alert.id) & (alerts.c.status == alert.status)
        with self._database.writing() as connection:
            connection.execute(update(alerts).where(mine).values(**values))


def _begin(connection: Connection, rule: Rule, found: Judgement, now: datetime) -> None:
    change = found.change_percentage
    insert_row(
        connection,
        alerts,
        rule_id=rule.id,
        current_value=str(found.current_value),
        baseline_value=str(found.baseline_value),
        change_percentage=None if change is None else str(change),
        triggered_at=now,
        period_start=now - rule.comparison_window.span,
        period_end=now,
        status=AlertStatus.ACTIVE,
        notification_channels="[]",
    )
    counted = {"last_triggered_at": now, "trigger_count": rules.c.trigger_count + 1}
    connection.execute(update(rules).where(rules.c.id == rule.id).values(**counted))


def _joined() -> Select[Any]:
    columns = (rules.c.site_id, rules.c.name.label("rule_name"), rules.c.alert_type, rules.c.metric)
    return select(alerts, *columns).join(rules, alerts.c.rule_id == rules.c.id)


def _find(connection: Connection, site: int, number: int) -> Alert:
    """Raises `AlertNotFound`."""
    query = _joined().where(rules.c.site_id == site, alerts.c.id == number)
    is_possible = 0 < number <= LARGEST_NUMBER
    row = connection.execute(query).one_or_none() if is_possible else None
    if row is None:
        raise AlertNotFound
    return alert_in(row)


def alert_in(row: Row[Any]) -> Alert:
    change = row.change_percentage
    channels = tuple(msgspec.json.decode(row.notification_channels))
    return Alert(
        id=row.id,
        rule=row.rule_id,
        rule_name=row.rule_name,
        alert_type=AlertType(row.alert_type),
        metric=AlertMetric(row.metric),
        current_value=Decimal(row.current_value),
        baseline_value=Decimal(row.baseline_value),
        change_percentage=None if change is None else Decimal(change),
        triggered_at=row.triggered_at,
        period_start=row.period_start,
        period_end=row.period_end,
        status=AlertStatus(row.status),
        notification_sent=bool(channels),
        notification_channels=channels,
        notification_error=row.notification_error,
        acknowledged_at=row.acknowledged_at,
        acknowledged_by=row.acknowledged_by,
        notes=row.notes,
        resolved_at=row.resolved_at,
    )
