"""What a machine is told of the server's health, and in figures."""

import re
from pathlib import Path
from typing import Any

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from leadline.access import Role
from leadline.monitoring import UNTRUSTED_PROXY
from tests.collector.hits import fathom, new_site, seal, settle
from tests.dashboard.person import signed_in
from tests.support import RunningServer, eventually, running_server


def ready(server: RunningServer) -> tuple[int, dict[str, Any]]:
    answer = httpx.get(server.url + "/readyz", verify=False)
    return answer.status_code, answer.json()


def figures(server: RunningServer) -> dict[tuple[str, ...], float]:
    """Every sample by its name and the values of its labels."""
    answer = httpx.get(server.url + "/metrics", verify=False).raise_for_status()
    assert answer.headers["content-type"].startswith("text/plain; version=")
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def test_a_server_that_does_well(tmp_path: Path) -> None:
    with running_server(tmp_path) as server:
        assert ready(server) == (200, {"status": "ok", "version": "0.2.0", "problems": []})


def test_a_server_that_refuses_hits_is_alive_but_not_ready(tmp_path: Path) -> None:
    with running_server(tmp_path, disk_reserve_bytes=2**60, metrics=True) as server:
        site = new_site(server)
        assert fathom(server, site.code).status_code == 503
        status, said = ready(server)
        assert (status, said["status"]) == (503, "refusing hits")
        (problem,) = said["problems"]
        assert "of the disk are free" in problem
        assert httpx.get(server.url + "/livez", verify=False).status_code == 200
        assert httpx.get(server.url + "/health", verify=False).json()["status"] == "ok"
        assert figures(server)["leadline_spool_refused_total",] == 1


def test_hits_that_wait_for_long_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with running_server(tmp_path) as server:
        assert ready(server)[1]["problems"] == []
        monkeypatch.setattr("leadline.monitoring.LONG", 0.0)
        status, said = ready(server)
        (problem,) = said.pop("problems")
        assert (status, said) == (200, {"status": "ok", "version": "0.2.0"})
        assert re.fullmatch(r"hits have waited to be loaded for \d+ s", problem)


def test_a_loader_that_fails_is_told_and_costs_no_answer(tmp_path: Path) -> None:
    with running_server(tmp_path, loader_interval=0.01) as server:
        site = new_site(server)
        warehouse = server.leadline.storage.warehouse
        warehouse.query("ALTER TABLE hits RENAME TO elsewhere")
        assert fathom(server, site.code).status_code == 200
        eventually(lambda: ready(server)[1]["problems"])
        status, said = ready(server)
        assert status == 200
        assert "elsewhere" in said["problems"][0] or "hits" in said["problems"][0]
        assert server.leadline.storage.loader.status().lag > 0
        warehouse.query("ALTER TABLE elsewhere RENAME TO hits")
        eventually(lambda: not ready(server)[1]["problems"])
        eventually(lambda: server.leadline.storage.loader.status().lag == 0)
        assert warehouse.query("SELECT count(*) FROM hits") == [(1,)]


def test_metrics_are_there_when_they_are_wanted(tmp_path: Path) -> None:
    with running_server(tmp_path / "without") as server:
        assert httpx.get(server.url + "/metrics", verify=False).status_code == 404
    with running_server(tmp_path / "with", metrics=True) as server:
        site = new_site(server, domains=("shop.example",))
        fathom(server, site.code)
        seal(server, site.slug)
        seal(server, site.slug)
        seal(server, site.slug, u="https://elsewhere.example/")
        fathom(server, "NOBODY")
        settle(server)
        eventually(lambda: figures(server)["leadline_loader_lag_seconds",] == 0)
        found = figures(server)
        assert found["leadline_hits_accepted_total", "fathom"] == 1
        assert found["leadline_hits_accepted_total", "seal"] == 3  # with the one that settles
        assert found["leadline_hits_rejected_total", "invalid_domain"] == 1
        assert found["leadline_hits_rejected_total", "invalid_account"] == 1
        assert found["leadline_spool_refused_total",] == 0
        assert found["leadline_spool_bytes",] > 0
        commits = found["leadline_spool_commit_seconds_count",]
        assert 4 <= commits <= 6
        assert found["leadline_spool_commit_seconds_bucket", "+Inf"] == commits
        assert 0 < found["leadline_spool_commit_seconds_sum",] < 60


@pytest.mark.parametrize(
    ("trusted", "warned"), [("", True), ("127.0.0.0/8", False), ("10.0.0.0/8", True)]
)
def test_the_proxy_that_nobody_trusts(tmp_path: Path, trusted: str, warned: bool) -> None:
    with running_server(tmp_path, trusted_proxies=trusted) as server:
        site = new_site(server)
        for number in range(30):
            hit = {"sid": site.code, "h": "https://shop.example"}
            through = {"X-Forwarded-For": f"81.2.3.{number}"} if number % 3 else {}
            httpx.get(server.url, params=hit, headers=through, verify=False)
        assert (UNTRUSTED_PROXY in ready(server)[1]["problems"]) == warned
        owner, unused = signed_in(server, Role.OWNER), new_site(server)
        for each in (site, unused):
            page = owner.read(f"/sites/{each.slug}")
            assert ("one proxy that the server does not trust" in page) == warned


def test_a_visitor_s_own_proxy_is_no_trap(tmp_path: Path) -> None:
    with running_server(tmp_path, trusted_proxies="") as server:
        site = new_site(server)
        for number in range(60):
            hit = {"sid": site.code, "h": "https://shop.example"}
            through = {"X-Forwarded-For": "10.0.0.7"} if number % 3 == 0 else {}
            httpx.get(server.url, params=hit, headers=through, verify=False)
        assert ready(server)[1]["problems"] == []
