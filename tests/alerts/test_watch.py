"""The watch: figures as a naive count has them, one alert at a time, told once."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from statistics import fmean

import pytest

from leadline.access import Organisations
from leadline.alerts import (
    Alert,
    AlertMetric,
    AlertNotFound,
    AlertStatus,
    Baseline,
    ConditionType,
    Direction,
    History,
    NewRule,
    Rule,
    Rules,
    Watch,
    Window,
)
from leadline.database import Database
from leadline.reports import Reports
from leadline.sites import Site, Sites
from leadline.warehouse import Warehouse
from leadline.webhooks import Sender
from tests.clickhouse import Engine
from tests.reports.storing import store
from tests.sites.making import new_site
from tests.spool.examples import hit
from tests.support import ManualClock

HOUR = timedelta(hours=1)


@pytest.fixture
def location(tmp_path: Path) -> Path:
    """On one kind of database: it is the warehouses that are asked."""
    return tmp_path / "leadline.sqlite3"


@pytest.fixture
def warehouse(engine: Engine, tmp_path: Path) -> Iterator[Warehouse]:
    with engine.opened(tmp_path) as warehouse:
        yield warehouse


class Told(list[tuple[int, str]]):
    """Numbers and states of alerts."""

    def __call__(self, rule: Rule, alert: Alert) -> tuple[tuple[str, ...], str | None]:
        self.append((alert.id, alert.status))
        return ("webhook",), None


class Watched:
    """One site with its rules."""

    def __init__(self, database: Database, warehouse: Warehouse, clock: ManualClock) -> None:
        self.site: Site = Sites(database).create(Organisations(database).first().id, new_site())
        self.rules, self.history = Rules(database, Sender(), clock), History(database, clock)
        self.told = Told()
        self.watch = Watch(self.rules, self.history, Reports(warehouse, clock), self.told)
        self._warehouse = warehouse

    def hits(self, *moments: datetime) -> None:
        ordered = sorted(moments)
        store(
            self._warehouse,
            *(hit(site=self.site.id, received_at=moment, day=moment.date()) for moment in ordered),
        )

    def alerts(self) -> list[Alert]:
        return list(reversed(self.history.page(self.site.id, 100, 0)[0]))


@pytest.fixture
def watched(database: Database, warehouse: Warehouse, clock: ManualClock) -> Watched:
    return Watched(database, warehouse, clock)


def test_windows_are_counted_and_compared(watched: Watched, clock: ManualClock) -> None:
    counts = [4, 1, 2, 0, 3]
    now = clock.now
    for back, count in enumerate(counts, start=1):
        begin = now - back * HOUR
        watched.hits(*(begin + timedelta(minutes=minute) for minute in range(count)))
    rule = watched.rules.create(
        watched.site.id,
        NewRule(
            name="Spike",
            baseline_period=Baseline.DAY,
            comparison_window=Window.HOUR,
            threshold_direction=Direction.INCREASE,
        ),
    )
    found = watched.watch.judge(rule)
    assert found is not None
    assert found.current_value == counts[0]
    assert found.baseline_value == Decimal(str(fmean(counts[1:])))
    assert found.is_triggered


def test_nothing_is_judged_without_hits(watched: Watched) -> None:
    rule = watched.rules.create(watched.site.id, NewRule(name="Spike"))
    assert watched.watch.judge(rule) is None
    watched.watch.run()
    assert watched.alerts() == []


def test_one_alert_at_a_time_told_once_and_resolved(watched: Watched, clock: ManualClock) -> None:
    rule = watched.rules.create(
        watched.site.id,
        NewRule(name="Silence", metric=AlertMetric.CUSTOM, silent_hours=3, cooldown_minutes=60),
    )
    watched.hits(clock.now)
    watched.watch.run()
    assert watched.alerts() == []
    clock.advance(hours=3)
    for _ in range(3):
        watched.watch.run()
    (alert,) = watched.alerts()
    assert (alert.status, alert.current_value) == (AlertStatus.ACTIVE, Decimal(3))
    assert (alert.triggered_at, alert.notification_channels) == (clock.now, ("webhook",))
    assert watched.told == [(alert.id, "active")]
    watched.hits(clock.now)
    for _ in range(2):
        watched.watch.run()
    assert watched.alerts()[0].status is AlertStatus.RESOLVED
    assert watched.told == [(alert.id, "active"), (alert.id, "resolved")]
    stats = watched.history.stats(watched.site.id)
    assert (stats.active_rules, stats.triggers_of_a_day, stats.unacknowledged) == (1, 1, 0)
    assert (stats.most_triggered_rule, stats.last_trigger) == (rule.name, alert.triggered_at)


def test_a_rule_cools_down(watched: Watched, clock: ManualClock) -> None:
    watched.rules.create(
        watched.site.id,
        NewRule(
            name="None",
            condition_type=ConditionType.ABSOLUTE_THRESHOLD,
            threshold_direction=Direction.DECREASE,
            threshold_value=Decimal(0),
            cooldown_minutes=30,
        ),
    )
    watched.hits(clock.now - 5 * HOUR)
    watched.watch.run()
    (alert,) = watched.alerts()
    settled = watched.history.settle(
        watched.site.id, alert.id, AlertStatus.FALSE_POSITIVE, "we were away"
    )
    assert (settled.status, settled.notes) == (AlertStatus.FALSE_POSITIVE, "we were away")
    clock.advance(minutes=29)
    watched.watch.run()
    assert len(watched.alerts()) == 1
    clock.advance(minutes=1)
    watched.watch.run()
    assert len(watched.alerts()) == 2
    with pytest.raises(AlertNotFound):
        watched.history.settle(watched.site.id + 1, alert.id, AlertStatus.RESOLVED)
    of_status = watched.history.page(watched.site.id, 10, 0, status=AlertStatus.ACTIVE)
    assert of_status[1] == 1
