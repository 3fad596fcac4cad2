"""One dashboard, at several sizes: alone, among other sites, and while hits come in."""

import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

from bench.history import MEMORY, History, write
from bench.load import load
from bench.servers import PROCESSORS, Server, leadline_server
from bench.table import Line, Prepared, prepare
from leadline.faces.seal import SealFace
from leadline.warehouse import DuckDBWarehouse

MILLION = 1_000_000
HISTORIES = (
    History(MILLION),
    History(10 * MILLION),
    History(10 * MILLION, sites=1000, largest=MILLION),
)
LARGE = (History(50 * MILLION),)

A_DAY = timedelta(days=1)
VISITED = timedelta(minutes=35)
"""Of so much at the end no visits are worked out, as in a server; and no totals of the last day."""

TOTALS = "visits,uniques,pageviews,avg_duration,bounce_rate"
FIELDS = (
    *("pathname", "entry_page", "referrer_source", "utm_campaign"),
    *("country_code", "browser", "operating_system", "device_type"),
)

RUNS = 5
RUNS_OF_STATISTICS = 3
COLLECTED, CONNECTIONS = 1000, 20
"""Hits a second that come in meanwhile, and over how many connections."""


def reported(histories: tuple[History, ...]) -> Iterator[Line]:
    """Each in a process of its own, on all processors; then by HTTP, of a server on one."""
    for history in histories:
        with tempfile.TemporaryDirectory(prefix="leadline-bench-") as directory:
            prepared = prepare(Path(directory) / "data", "UTC")
            file = prepared.settings.warehouse_file
            os.sched_setaffinity(0, PROCESSORS)
            yield _worked_out(file, history)
            if history.sites > 1:
                yield _clustered(file, history)
            for days in (30, 90):
                yield from _dashboard(file, history, days)
            yield _page(prepared, history)
            os.sched_setaffinity(0, PROCESSORS[-1:])
            if history.sites == 1 and history.hits < 50 * MILLION:
                yield from _served(prepared, history)


def _worked_out(file: Path, history: History) -> Line:
    write(file, history)
    warehouse = DuckDBWarehouse(file, memory=MEMORY, threads=2)
    zones = dict.fromkeys(range(1, history.sites + 1), "UTC")
    began = time.perf_counter()
    while warehouse.summarise(history.until - VISITED, zones):
        pass
    took = time.perf_counter() - began
    ((hits,),) = warehouse.query("SELECT count(*) FROM hits")
    warehouse.close()
    size = file.stat().st_size / int(hits)
    return Line(
        f"{_named(history)}: worked out",
        f"in {took:.0f} s, {took / hits * 1e6:.0f} us a hit",
        f"{size:.0f} bytes a hit in all",
        "",
    )


def _clustered(file: Path, history: History) -> Line:
    """As the server does it, of all but the last day; not of the last part of a stretch."""
    before = file.stat().st_size
    warehouse = DuckDBWarehouse(file, memory=MEMORY, threads=2)
    began = time.perf_counter()
    while warehouse.cluster(history.until - A_DAY):
        pass
    took = time.perf_counter() - began
    statement = "SELECT count(*) FROM hits JOIN clustered ON hit_id <= last_hit_id"
    ((hits,),) = warehouse.query(statement)
    warehouse.close()
    growth = file.stat().st_size / before - 1
    return Line(
        f"{hits:,} of them put in the order of sites",
        f"in {took:.0f} s, {took / hits * 1e6:.1f} us a hit",
        f"the file grew by {growth:.0%}",
        "",
    )


def _dashboard(file: Path, history: History, days: int) -> Iterator[Line]:
    last = (history.until - timedelta(days=1)).date().isoformat()
    command = [sys.executable, "-m", "bench.dashboard", str(file), last, str(days)]
    done = subprocess.run(command, check=True, capture_output=True)
    took: dict[str, float] = json.loads(done.stdout)
    bare = f"{took['bare'] * 1000:.0f} ms for pages alone"
    yield Line(
        f"ten reports of {days} days",
        f"{took['warm'] * 1000:.0f} ms, the first {took['first'] * 1000:.0f} ms",
        bare,
        "100 ms at 10 million hits",
    )
    yield Line(
        f"ten reports of {days} days, of one country",
        f"{took['filtered'] * 1000:.0f} ms, {took['memory']:.0f} MB",
        "",
        "under 1 s, under 1 GB",
    )


def _served(prepared: Prepared, history: History) -> Iterator[Line]:
    """Ten requests to `/v1/aggregations`, one after the other."""
    hits = [_hit(prepared.site.code, number) for number in range(5000)]
    with leadline_server(prepared.settings.data) as server:
        alone = median(_ask_ten(server, prepared, history) for _ in range(RUNS))
        with ThreadPoolExecutor(1) as pool:
            pause = CONNECTIONS / COLLECTED
            busy = pool.submit(
                load, server.port, hits, connections=CONNECTIONS, seconds=15, pause=pause
            )
            time.sleep(3)
            meanwhile = median(_ask_ten(server, prepared, history) for _ in range(RUNS))
            taken = busy.result()
        path, slowest = _slowest_statistic(server, prepared, history)
    yield Line(
        "ten requests of 30 days to /v1/aggregations",
        f"{alone * 1000:.0f} ms",
        f"{meanwhile * 1000:.0f} ms at {taken.per_second:,.0f} hits/s",
        "",
    )
    yield Line(f"the slowest statistic of 30 days: {path}", f"{slowest * 1000:.0f} ms", "", "")


def _page(prepared: Prepared, history: History) -> Line:
    """The report of 30 days as a person sees it, of a server on all processors."""
    last = history.until.date() - A_DAY
    days = urlencode({"from": last - 29 * A_DAY, "to": last})
    with leadline_server(prepared.settings.data, PROCESSORS) as server:
        address = f"http://127.0.0.1:{server.port}/sites/{prepared.site.slug}?"
        plain = median(_look(address + days, prepared) for _ in range(2 * RUNS))
        country = f"{address}{days}&f=country%3Ais%3AC7"
        filtered = median(_look(country, prepared) for _ in range(RUNS))
    return Line(
        "a site's page, of 30 days",
        f"{plain * 1000:.0f} ms",
        f"{filtered * 1000:.0f} ms of one country",
        "under 100 ms at 10 million hits",
    )


def _look(address: str, prepared: Prepared) -> float:
    asked = urllib.request.Request(
        address, headers={"Cookie": f"leadline_session={prepared.session}"}
    )
    began = time.perf_counter()
    with urllib.request.urlopen(asked, timeout=60) as answer:
        assert b"</html>" in answer.read()
    return time.perf_counter() - began


def _ask_ten(server: Server, prepared: Prepared, history: History) -> float:
    asked = [{"aggregates": TOTALS}, {"aggregates": TOTALS, "date_grouping": "day"}]
    for field in FIELDS:
        asked.append({"aggregates": "visits,pageviews", "field_grouping": field, "limit": "10"})
    began = time.perf_counter()
    for query in asked:
        _ask(server, prepared, query | _thirty_days(history))
    return time.perf_counter() - began


STATISTICS = [
    endpoint.path
    for endpoint in SealFace.dialect.endpoints
    if endpoint.method == "GET" and endpoint.path.startswith("/stats/") and "{" not in endpoint.path
]


def _slowest_statistic(server: Server, prepared: Prepared, history: History) -> tuple[str, float]:
    """Of all that are asked by `GET`, beside the days before where there is something beside."""
    last = history.until - timedelta(days=1)
    query = {
        "site_id": prepared.site.slug,
        "start_date": f"{last - timedelta(days=29):%Y-%m-%d}",
        "end_date": f"{last:%Y-%m-%d}",
        "compare": "previous",
        "property_key": "plan",
    }
    took: dict[str, float] = {}
    for path in STATISTICS:
        times = []
        for _ in range(RUNS_OF_STATISTICS):
            began = time.perf_counter()
            _get(server, prepared, f"/api/v1{path}", query)
            times.append(time.perf_counter() - began)
        took[path] = median(times)
    slowest = max(took, key=lambda path: took[path])
    return slowest, took[slowest]


def _thirty_days(history: History) -> dict[str, str]:
    since = history.until - timedelta(days=30)
    return {
        "date_from": since.strftime("%Y-%m-%d %H:%M:%S"),
        "date_to": history.until.strftime("%Y-%m-%d %H:%M:%S"),
    }


def _ask(server: Server, prepared: Prepared, query: dict[str, str]) -> None:
    _get(
        server,
        prepared,
        "/v1/aggregations",
        {"entity": "pageview", "entity_id": prepared.site.code} | query,
    )


def _get(server: Server, prepared: Prepared, path: str, query: dict[str, str]) -> None:
    address = f"http://127.0.0.1:{server.port}{path}?{urlencode(query)}"
    asked = urllib.request.Request(address, headers={"X-API-Key": prepared.secret})
    with urllib.request.urlopen(asked, timeout=60) as answer:
        assert json.load(answer)


def _hit(code: str, number: int) -> bytes:
    query = urlencode({"h": "https://www.example.com", "p": f"/{number}", "sid": code, "qs": "{}"})
    lines = (
        f"GET /?{query} HTTP/1.1",
        "Host: 127.0.0.1",
        f"X-Forwarded-For: 81.2.{number // 250}.{number % 250}",
        "User-Agent: Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0.0.0 Safari/537.36",
    )
    return "\r\n".join([*lines, "", ""]).encode()


def _named(history: History) -> str:
    sites = "1 site" if history.sites == 1 else f"{history.sites:,} sites"
    largest = f", {history.largest:,} of one" if history.largest else ""
    return f"{history.hits:,} hits of {sites}{largest}"
