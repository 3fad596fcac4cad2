"""`make bench`: what the server does in a second, beside servers that do nothing.

Machines differ and are noisy: what counts is the ratio within one run, the median of several
rounds in which both sides take turns.
"""

import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple
from urllib.parse import quote, urlencode

from bench.load import Load, load
from bench.servers import Server, leadline_server, noop_server, use_last_processor
from leadline.access import Abilities, Organisations, Tokens
from leadline.database import Database
from leadline.settings import Settings
from leadline.sites import NewSite, Site, Sites

ROUNDS = 3
SECONDS = 3.0
CONNECTIONS = 64
USER_AGENTS = 50
PATHS = 2000


class Line(NamedTuple):
    what: str
    figure: str
    beside: str
    aim: str


class Prepared(NamedTuple):
    settings: Settings
    secret: str
    site: Site


def prepare(data: Path) -> Prepared:
    """A data directory with a token and a site."""
    settings = Settings(data=data, seal_rate_limit=10**9)
    database = Database(settings.metadata_file)
    organisation = Organisations(database).first()
    new = NewSite(name="Bench", timezone="Europe/Madrid", currency="EUR", domains=("example.com",))
    site = Sites(database).create(organisation.id, new)
    made = Tokens(database).create(organisation.id, "bench", Abilities(full=True))
    database.close()
    return Prepared(settings, made.secret, site)


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
            {"User-Agent": agent, "Content-Type": "application/x-www-form-urlencoded"},
            urlencode({"d": json.dumps(payload)}).encode(),
        )
        for agent, path in _visitors()
        for payload in [
            {
                "a": site,
                "s": "10",
                "t": "",
                "u": f"https://www.example.com{path}?utm_source=news&utm_medium=email",
                "r": "https://news.ycombinator.com/item?id=1",
                "z": "Europe/Madrid",
                "c": 1_700_000_000_000,
            }
        ]
    ]


def fathom_hits(code: str) -> list[bytes]:
    page = quote("https://www.example.com", safe="")
    return [
        request(
            "GET",
            f"/?h={page}&p={quote(path, safe='')}&r=&sid={code}&qs=%7B%7D&cid=1",
            {"User-Agent": agent},
        )
        for agent, path in _visitors()
    ]


def _visitors() -> Iterator[tuple[str, str]]:
    for number in range(PATHS):
        version = 100 + number % USER_AGENTS
        yield f"Mozilla/5.0 (X11; Linux x86_64) Chrome/{version}.0", f"/blog/article-{number}"


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
        for what, hits, empty in (
            (
                "hits durable, SealMetrics",
                seal_hits(slug),
                request("POST", "/event", {}, b"d=x" * 90),
            ),
            ("hits durable, Fathom", fathom_hits(code), request("GET", "/?h=&p=&r=&sid=&qs=", {})),
        ):
            with leadline_server(data) as server:
                found = compare(server, hits, noop, [empty])
                yield line(what, found, "0.35 of a no-op ASGI app")
                yield Line("memory after", f"{server.resident_mb():.0f} MB", "", "")


def main() -> None:
    use_last_processor()
    with tempfile.TemporaryDirectory(prefix="leadline-bench-") as directory:
        prepared = prepare(Path(directory) / "data")
        print(f"{ROUNDS} rounds of {SECONDS:.0f} s, {CONNECTIONS} connections, medians")
        for found in measure(prepared):
            print(f"{found.what:44}{found.figure:32}{found.beside:28}{found.aim}", flush=True)


if __name__ == "__main__":
    main()
