"""What a site's page asks of the warehouse: ten reports, in a process of their own.

Run as a program with a warehouse's file and a number of days it prints, as JSON, how long the ten
take: at first, when nothing is in memory, and then; unfiltered and of one country; and how long it
takes to count pageviews by page and nothing else.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from bench.machine import peak_mb
from leadline.reports import (
    Days,
    Dimension,
    Filter,
    Metric,
    Operator,
    Order,
    Query,
    Reports,
    Unit,
)
from leadline.reports.comparison import Period
from leadline.warehouse import DuckDBWarehouse

SITE = 1
TOP = 10
WARM_RUNS = 5
MEMORY, THREADS = "512MB", 2

PANELS = (
    (Dimension.PATHNAME, Metric.PAGEVIEWS),
    (Dimension.ENTRY_PAGE, Metric.VISITS),
    (Dimension.SOURCE, Metric.VISITS),
    (Dimension.UTM_CAMPAIGN, Metric.VISITS),
    (Dimension.COUNTRY, Metric.VISITORS),
    (Dimension.BROWSER, Metric.VISITORS),
    (Dimension.OPERATING_SYSTEM, Metric.VISITORS),
)

BARE = f"""
SELECT path, count(*) FROM hits
WHERE site_id = $site AND received_at >= $since AND received_at < $until AND kind = 'pageview'
GROUP BY path ORDER BY count(*) DESC LIMIT {TOP}
"""


def ten_reports(reports: Reports, days: Days, filters: tuple[Filter, ...]) -> None:
    """Totals beside those of the time before, a series by day, seven panels, and events."""
    whole = Query(sites=(SITE,), **days.period("UTC")._asdict(), filters=filters)
    by_day = Query(sites=(SITE,), **days.period("UTC", Unit.DAY)._asdict(), filters=filters)
    panels = [
        _top(whole, (dimension,), (metric,), Order(metric, descending=True))
        for dimension, metric in PANELS
    ]
    events = _top(whole, (Dimension.EVENT_NAME,))
    with reports.at_once() as answers:
        questions: list[Callable[[], Any]] = [
            partial(answers.compared, whole, days.before().period("UTC")),
            partial(answers.rows, by_day),
            *(partial(answers.rows, panel) for panel in panels),
            partial(answers.events, events),
        ]
        answers.all(questions)


def _top(
    whole: Query,
    dimensions: tuple[Dimension, ...],
    metrics: tuple[Metric, ...] = (),
    *order: Order,
) -> Query:
    return Query(
        sites=whole.sites,
        since=whole.since,
        until=whole.until,
        filters=whole.filters,
        dimensions=dimensions,
        metrics=metrics,
        order=order,
        limit=TOP,
    )


def seconds(work: Callable[[], Any]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def bare(warehouse: DuckDBWarehouse, period: Period) -> None:
    since, until = (moment.replace(tzinfo=None) for moment in period[:2])
    warehouse.query(BARE, site=SITE, since=since, until=until)


def measure(file: Path, last: date, count: int) -> dict[str, float]:
    """Of so many days up to `last`, which is not over until 35 minutes later."""
    warehouse = DuckDBWarehouse(file, memory=MEMORY, threads=THREADS)
    reports = Reports(warehouse)
    days = Days(last - timedelta(days=count - 1), last)
    country = (Filter(Dimension.COUNTRY, Operator.IS, "C7"),)

    def warm(*filters: Filter) -> float:
        return median(
            seconds(lambda: ten_reports(reports, days, filters)) for _ in range(WARM_RUNS)
        )

    found = {
        "first": seconds(lambda: ten_reports(reports, days, ())),
        "warm": warm(),
        "filtered": warm(*country),
        "bare": median(
            seconds(lambda: bare(warehouse, days.period("UTC"))) for _ in range(WARM_RUNS)
        ),
        "memory": peak_mb(os.getpid()),
    }
    warehouse.close()
    return found


if __name__ == "__main__":
    os.sched_setaffinity(0, range(os.cpu_count() or 1))
    _, path, end, number = sys.argv
    print(json.dumps(measure(Path(path), datetime.fromisoformat(end).date(), int(number))))
