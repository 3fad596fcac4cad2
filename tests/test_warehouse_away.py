"""A warehouse that is away, or says nothing: hits are taken, and who asks for them is told so."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from leadline.access import Role
from leadline.sites import Site
from leadline.warehouse import WarehouseUnavailable
from leadline.warehouse import clickhouse as driver
from tests.clickhouse import ClickHouseInside
from tests.clickhouse_http import Line, listening
from tests.collector.hits import seal
from tests.crash.support import ServerProcess, owner_of
from tests.dashboard.person import signed_in, text_of
from tests.support import RunningServer, eventually, running_server

NOBODY = "http://stats:secret@127.0.0.1:1/stats"
TOLD = "Hits cannot be counted now"
SECONDS = 1


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who waits for ClickHouse waits a second."""
    monkeypatch.setitem(driver.HTTP, "send_receive_timeout", SECONDS)


@pytest.fixture
def line(clickhouse: ClickHouseInside, tmp_path: Path) -> Iterator[Line]:
    with listening(clickhouse.url(tmp_path)) as line:
        yield line


@pytest.fixture
def away(tmp_path: Path) -> Iterator[RunningServer]:
    with running_server(tmp_path, warehouse_url=NOBODY) as server:
        yield server


def status(server: RunningServer, site: Site) -> httpx.Response:
    with server.client("*") as client:
        return client.get(f"/api/v1/sites/{site.slug}/pixel/status")


def counted(server: RunningServer, site: Site) -> int | None:
    """None while that is not to be known."""
    answer = status(server, site)
    return answer.json()["data"]["total_hits"] if answer.status_code == 200 else None


def test_hits_are_taken_and_the_apis_say_that_they_cannot_be_counted(away: RunningServer) -> None:
    site = away.site("Away")
    assert seal(away, site.slug).status_code == 204
    with away.client("*") as client:
        for question in ("status", "rejections"):
            answer = client.get(f"/api/v1/sites/{site.slug}/pixel/{question}")
            assert answer.status_code == 503
            assert answer.headers["retry-after"] == "30"
            error = answer.json()["error"]
            assert error["code"] == "database_unavailable"
            assert TOLD in error["message"]
            assert "secret" not in answer.text
        events = f"/v1/sites/{site.code}/events"
        buy = {"name": "buy", "currency": "euro"}
        for answer in (
            client.get(events),
            client.get(f"{events}/{site.code}{'A' * 16}"),
            client.post(events, json=buy),
            client.post(f"{events}/currency", json=buy),
            client.delete(events, params=buy),
        ):
            assert answer.status_code == 503
            assert answer.headers["retry-after"] == "30"
            assert TOLD in answer.json()["error"]
        day = {"name": "Relaunch", "milestone_date": "2026-03-10"}
        assert client.post(f"/v1/sites/{site.code}/milestones", json=day).status_code == 201
        assert client.get(f"/v1/sites/{site.code}").status_code == 200
        assert client.get(f"/api/v1/sites/{site.slug}").status_code == 200


def test_pages_show_all_but_the_hits(away: RunningServer) -> None:
    site = away.site("Away")
    gone = away.site("Gone", is_active=False)
    owner = signed_in(away, Role.OWNER)
    for path, shown in (
        ("/sites", "Away"),
        (f"/sites/{site.slug}", "Put it into your pages"),
        (f"/sites/{gone.slug}", "This site is deactivated"),
        (f"/sites/{site.slug}/traffic", ""),
    ):
        answer = owner.get(path)
        assert answer.status_code == 503
        assert answer.headers["retry-after"] == "30"
        assert TOLD in text_of(answer)
        assert shown in text_of(answer)
    for path in (f"/sites/{site.slug}/edit", "/tokens", "/account"):
        assert owner.get(path).status_code == 200


def test_the_operator_is_told(away: RunningServer) -> None:
    seal(away, away.site("Away").slug)
    assert httpx.get(away.url + "/health", verify=False).status_code == 200

    def problem() -> bool:
        ready = httpx.get(away.url + "/readyz", verify=False)
        assert ready.status_code == 200  # as hits are taken
        return any(each.startswith("hits are not loaded: ") for each in ready.json()["problems"])

    eventually(problem)


def test_what_was_taken_is_counted_when_it_answers_again(line: Line, tmp_path: Path) -> None:
    with running_server(tmp_path / "data", warehouse_url=line.url()) as server:
        site = server.site("Silent")
        assert seal(server, site.slug).status_code == 204
        eventually(lambda: counted(server, site) == 1)
        line.answering.clear()
        for _ in range(5):
            assert seal(server, site.slug).status_code == 204
        assert status(server, site).status_code == 503
        line.answering.set()
        eventually(lambda: counted(server, site) == 6)


def test_while_it_says_nothing_one_waits_and_the_others_do_not(line: Line, tmp_path: Path) -> None:
    with running_server(tmp_path / "data", warehouse_url=line.url()) as server:
        site = server.site("Silent")
        eventually(lambda: counted(server, site) == 0)
        line.answering.clear()
        assert status(server, site).status_code == 503
        began = time.monotonic()
        with server.client("*") as client, ThreadPoolExecutor(20) as pool:
            where = f"/api/v1/sites/{site.slug}/pixel/status"
            asked = [pool.submit(client.get, where) for _ in range(60)]
            assert {each.result().status_code for each in asked} == {503}
        assert time.monotonic() - began < 60 * SECONDS / 4  # not one after the other
        assert seal(server, site.slug).status_code == 204
        line.answering.set()
        eventually(lambda: counted(server, site) == 1)


def test_a_server_starts_and_ends_while_it_says_nothing(line: Line, tmp_path: Path) -> None:
    line.answering.clear()
    where = {"LEADLINE_WAREHOUSE_URL": line.url()}
    with owner_of(tmp_path / "data") as owner:
        site = owner.site("Silent")
        server = ServerProcess(tmp_path / "data", environment=where)
        query = {"sid": site.code, "h": "https://example.com", "p": "/"}
        answer = httpx.get(
            server.url, params=query, headers={"User-Agent": "Mozilla/5.0 Firefox"}, verify=False
        )
        assert answer.status_code == 200
        server.stop()  # which fails if it does not end


def test_a_file_that_cannot_be_read_is_an_outage_too(tmp_path: Path) -> None:
    with (
        running_server(tmp_path) as server,
        pytest.raises(WarehouseUnavailable, match="No files found"),
    ):
        server.leadline.storage.warehouse.query("SELECT * FROM read_csv('/nothing.csv')")
