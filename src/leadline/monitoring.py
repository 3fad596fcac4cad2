"""What a machine asks to know how the server does: its health, what is wrong, and its metrics."""

from collections.abc import Iterator

from prometheus_client import CollectorRegistry
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from starlette.exceptions import HTTPException
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, Router
from starlette.types import ASGIApp

from leadline import __version__
from leadline.collector import Collector
from leadline.network import TrustedProxies
from leadline.spool import DURATION_BOUNDS
from leadline.storage import Storage

PATHS = ("/health", "/livez", "/readyz", "/metrics")

HEADERS = {"Cache-Control": "no-store"}

LONG = 30.0
"""Seconds that no hit waits in the spool while all is well."""

UNTRUSTED_PROXY = (
    "most hits come through one proxy that is not trusted, so that their visitors look like one:"
    " LEADLINE_TRUSTED_PROXIES should name it"
)


class Monitoring:
    """Looks at the rooms of one server."""

    def __init__(
        self, storage: Storage, collector: Collector, proxies: TrustedProxies, metrics: bool
    ) -> None:
        self._storage = storage
        self._collector = collector
        self._proxies = proxies
        self._metrics = metrics

    def problems(self) -> list[str]:
        """What an operator should look at, in sentences without a full stop."""
        spool, loader = self._storage.spool.status(), self._storage.loader.status()
        found = []
        if spool.bound:
            found.append(f"hits are refused: {spool.bound}")
        if loader.failure:
            found.append(f"hits are not loaded: {loader.failure}")
        elif loader.lag >= LONG:
            found.append(f"hits have waited to be loaded for {loader.lag:.0f} s")
        if spool.quarantined:
            found.append(f"the spool has {spool.quarantined} pieces in quarantine")
        if self.has_untrusted_proxy():
            found.append(UNTRUSTED_PROXY)
        return found

    def has_untrusted_proxy(self) -> bool:
        return self._proxies.watch.suspects_a_proxy()

    def app(self) -> ASGIApp:
        """What answers at `PATHS`."""
        answers = (self._live, self._live, self._ready, self._show_metrics)
        routes = [Route(path, answer) for path, answer in zip(PATHS, answers, strict=True)]
        return ExceptionMiddleware(Router(routes, redirect_slashes=False))

    def _live(self, _: Request) -> Response:
        """200 from the moment on that hits are taken."""
        return JSONResponse({"status": "ok", "version": __version__}, headers=HEADERS)

    def _ready(self, _: Request) -> Response:
        """503 while hits are refused; with what is wrong, in any case."""
        refusing = bool(self._storage.spool.status().bound)
        body = {
            "status": "refusing hits" if refusing else "ok",
            "version": __version__,
            "problems": self.problems(),
        }
        return JSONResponse(body, 503 if refusing else 200, headers=HEADERS)

    def _show_metrics(self, _: Request) -> Response:
        if not self._metrics:
            raise HTTPException(404)
        registry = CollectorRegistry()
        registry.register(self)
        return Response(
            generate_latest(registry), headers=HEADERS | {"Content-Type": CONTENT_TYPE_LATEST}
        )

    def collect(self) -> Iterator[Metric]:
        """As Prometheus wants it. Counters are those since the server's start."""
        spool, loader = self._storage.spool.status(), self._storage.loader.status()
        counted = CounterMetricFamily(
            "leadline_hits_accepted",
            "Hits that count, by wire; those too that could then not be stored.",
            labels=["wire"],
        )
        for wire, count in sorted(self._collector.accepted.items()):
            counted.add_metric([wire], count)
        yield counted
        refused = CounterMetricFamily(
            "leadline_hits_rejected", "Hits that do not count, by reason.", labels=["reason"]
        )
        for reason, count in sorted(self._collector.rejected.items()):
            refused.add_metric([reason], count)
        yield refused
        yield CounterMetricFamily(
            "leadline_spool_refused",
            "Records that could not be made durable: hits, answered with 503, and notes of others.",
            value=spool.refused,
        )
        yield GaugeMetricFamily("leadline_spool_bytes", "Size of the spool.", value=spool.bytes)
        yield GaugeMetricFamily(
            "leadline_spool_quarantined", "Corrupt pieces set aside.", value=spool.quarantined
        )
        yield GaugeMetricFamily(
            "leadline_loader_lag_seconds",
            "Since when there is something in the spool that is not in the warehouse.",
            value=loader.lag,
        )
        commits = HistogramMetricFamily(
            "leadline_spool_commit_seconds", "Time of a write and its fdatasync."
        )
        buckets, total = [], 0
        for bound, count in zip((*DURATION_BOUNDS, "+Inf"), spool.commits.counts, strict=True):
            total += count
            buckets.append((str(bound), float(total)))
        commits.add_metric([], buckets, spool.commits.seconds)
        yield commits
