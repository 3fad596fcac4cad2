"""`make bench`: what the server does in a second, beside servers that do nothing.

Machines differ and are noisy: what counts is the ratio within one run, the median of several
rounds in which both sides take turns.
"""

import json
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple
from urllib.parse import urlencode

from bench.crowd import CROWD, prepare_crowd
from bench.load import Load, load
from bench.machine import shape
from bench.reported import HISTORIES, LARGE, reported
from bench.servers import Server, leadline_server, noop_server, use_last_processor
from bench.table import Line, Prepared, prepare
from leadline.warehouse import DuckDBWarehouse

ROUNDS = 3
SECONDS = 3.0
CONNECTIONS = 64
SUSTAINED_SECONDS = 20.0
SEEN_ALONE = 15
USER_AGENTS = 50
VISITORS = 5000
PATHS = 2000
ORIGIN = "https://www.example.com"


def request(method: str, path: str, headers: dict[str, str], body: bytes = b"") -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode() + body


def seal_hits(site: str) -> list[bytes]:
    return [
        request(
            "POST",
            "/event",
            visitor.headers | {"Content-Type": "application/x-www-form-urlencoded"},
            urlencode({"d": json.dumps(payload, separators=(",", ":"))}).encode(),
        )
        for visitor in _visitors()
        for payload in [
            {
                "a": site,
                "s": "1234567890",
                "t": "",
                "u": f"{ORIGIN}{visitor.path}?utm_source=news&utm_medium=email",
                "r": "https://news.ycombinator.com/item?id=1",
                "z": "Europe/Madrid",
                "c": 1_700_000_000_000,
            }
        ]
    ]


def fathom_hits(code: str) -> list[bytes]:
    return [
        request("GET", f"/?{urlencode(query)}", visitor.headers)
        for visitor in _visitors()
        for query in [
            {
                "h": ORIGIN,
                "p": visitor.path,
                "r": "https://news.ycombinator.com/",
                "sid": code,
                "qs": "{}",
                "cid": "12345678",
            }
        ]
    ]


class Visitor(NamedTuple):
    path: str
    headers: dict[str, str]


def _visitors() -> Iterator[Visitor]:
    """Each comes through a proxy, with what a browser sends."""
    for number in range(VISITORS):
        headers = {
            "User-Agent": (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
                f" Chrome/{100 + number % USER_AGENTS}.0.0.0 Safari/537.36"
            ),
            "X-Forwarded-For": f"81.{number % 200}.{number // 200}.7",
            "Accept": "*/*",
            "Accept-Encoding": "gzip, deflate, br, zstd",
            "Accept-Language": "es-ES,es;q=0.9,en;q=0.8",
            "Origin": ORIGIN,
            "Referer": f"{ORIGIN}/",
            "Sec-Fetch-Dest": "empty",
            "Sec-Fetch-Mode": "no-cors",
            "Sec-Fetch-Site": "cross-site",
        }
        yield Visitor(f"/blog/article-{number % PATHS}", headers)


def compare(
    ours: Server, requests: Sequence[bytes], noop: Server, nothing: Sequence[bytes]
) -> tuple[list[Load], list[Load], float]:
    """Our loads and those of the server that does nothing, and the median of their ratios."""
    loads: list[Load] = []
    empty: list[Load] = []
    for _ in range(ROUNDS):
        empty.append(load(noop.port, nothing, connections=CONNECTIONS, seconds=SECONDS))
        loads.append(load(ours.port, requests, connections=CONNECTIONS, seconds=SECONDS))
    wrong = {status for each in loads for status in each.statuses} - {b"200", b"204"}
    if wrong:
        sys.exit(f"unexpected answers: {wrong}")
    ratio = median(a.per_second / b.per_second for a, b in zip(loads, empty, strict=True))
    return loads, empty, ratio


def line(what: str, found: tuple[list[Load], list[Load], float], aim: str) -> Line:
    loads, empty, ratio = found
    rate = median(each.per_second for each in loads)
    p99 = median(each.p99_ms for each in loads)
    nothing = median(each.per_second for each in empty)
    return Line(what, f"{rate:,.0f}/s, p99 {p99:.1f} ms", f"{ratio:.2f} of {nothing:,.0f}/s", aim)


def measure(prepared: Prepared) -> Iterator[Line]:
    data = prepared.settings.data
    code, slug = prepared.site.code, prepared.site.slug
    key = {"X-API-Key": prepared.secret}
    with noop_server() as noop:
        with leadline_server(data) as server:
            yield Line("start-up to healthy", f"{server.seconds_to_healthy:.2f} s", "", "")
            yield Line("idle memory", f"{server.resident_mb():.0f} MB", "", "under 200 MB")
            route = [request("GET", "/noop/site", key)]
            for path in (f"/v1/sites/{code}", f"/api/v1/sites/{slug}"):
                found = compare(server, [request("GET", path, key)], noop, route)
                yield line(f"GET {path}", found, "0.5 of a no-op route")
            yield Line("memory after", f"{server.resident_mb():.0f} MB", "", "")
            yield seen(server, fathom_hits(code), prepared)
        for what, hits in (
            ("hits stored, SealMetrics", seal_hits(slug)),
            ("hits stored, Fathom", fathom_hits(code)),
        ):
            with leadline_server(data) as server:
                yield sustained(what, server, hits, noop, prepared)
                yield Line("memory after", f"{server.resident_mb():.0f} MB", "", "")
    yield Line("bytes of a stored hit", f"{stored_bytes(prepared):.0f}", "", "under 60")
    yield from crowded()
    yield from reported(HISTORIES)


def sustained(
    what: str, server: Server, hits: Sequence[bytes], noop: Server, prepared: Prepared
) -> Line:
    """From the first hit until the last is in the warehouse, beside the same requests for nothing.

    Both are on one processor; the hits are counted by asking for them.
    """
    ratios, rates, slowest = [], [], []
    for _ in range(ROUNDS):
        empty = load(noop.port, hits, connections=CONNECTIONS, seconds=SECONDS)
        before = counted(server, prepared)
        began = time.perf_counter()
        ours = load(server.port, hits, connections=CONNECTIONS, seconds=SUSTAINED_SECONDS)
        if set(ours.statuses) - {b"200", b"204"}:
            sys.exit(f"unexpected answers: {ours.statuses}")
        while (now := counted(server, prepared)) < before + ours.answers:
            time.sleep(0.05)
        if now > before + ours.answers:
            sys.exit(f"{now - before} hits are stored, {ours.answers} were sent")
        rates.append(ours.answers / (time.perf_counter() - began))
        ratios.append(rates[-1] / empty.per_second)
        slowest.append(ours.p99_ms)
    return Line(
        what,
        f"{median(rates):,.0f}/s, p99 {median(slowest):.1f} ms",
        f"{median(ratios):.2f} of {median(rates) / median(ratios):,.0f}/s",
        "0.35 of a no-op ASGI app, p99 under 10 ms",
    )


def seen(server: Server, hits: Sequence[bytes], prepared: Prepared) -> Line:
    """From the answer to a hit until a report counts it."""
    times = []
    for hit in hits[:SEEN_ALONE]:
        before = counted(server, prepared)
        load(server.port, [hit], connections=1, seconds=0)
        answered = time.perf_counter()
        while counted(server, prepared) == before:
            time.sleep(0.01)
        times.append(time.perf_counter() - answered)
    return Line(
        "a hit is seen after",
        f"{median(times):.2f} s, {max(times):.2f} s at most",
        "",
        "under 2 s",
    )


def crowded() -> Iterator[Line]:
    """What a server needs while it takes in a spool full of hits, and afterwards."""
    with tempfile.TemporaryDirectory(prefix="leadline-bench-") as directory:
        data = Path(directory) / "data"
        prepare_crowd(data)
        with leadline_server(data) as server:
            began = time.perf_counter()
            spool = data / "spool"
            while sum(file.stat().st_size for file in spool.glob("*.spool")):
                time.sleep(0.5)
            rate = CROWD.hits / (time.perf_counter() - began)
            yield Line(
                f"{CROWD.hits:,} hits, {CROWD.visitors:,} visitors, {CROWD.sites:,} sites",
                f"{server.resident_mb():.0f} MB, peak {server.peak_mb():.0f} MB",
                f"loaded at {rate:,.0f}/s",
                "under 350 MB",
            )


def counted(server: Server, prepared: Prepared) -> int:
    """The hits of the site that reports know of."""
    address = f"http://127.0.0.1:{server.port}/api/v1/sites/{prepared.site.slug}/pixel/status"
    asked = urllib.request.Request(address, headers={"X-API-Key": prepared.secret})
    with urllib.request.urlopen(asked, timeout=60) as answer:
        found: int = json.load(answer)["data"]["total_hits"]
    return found


def stored_bytes(prepared: Prepared) -> float:
    """Of each hit in the file, which holds nothing else of size."""
    settings = prepared.settings
    warehouse = DuckDBWarehouse(settings.warehouse_file, memory="1GB", threads=2)
    ((hits,),) = warehouse.query("SELECT count(*) FROM hits")
    warehouse.close()  # writes what is in the log of the database into its file
    return settings.warehouse_file.stat().st_size / int(hits)


def main() -> None:
    if "large" in sys.argv:
        show(reported(LARGE))
        return
    use_last_processor()
    with tempfile.TemporaryDirectory(prefix="leadline-bench-") as directory:
        prepared = prepare(Path(directory) / "data")
        print(f"{ROUNDS} rounds of {SECONDS:.0f} s, {CONNECTIONS} connections, medians")
        show(measure(prepared))


def show(lines: Iterable[Line]) -> None:
    print(shape())
    for found in lines:
        print(f"{found.what:62}{found.figure:32}{found.beside:28}{found.aim}", flush=True)


if __name__ == "__main__":
    main()
