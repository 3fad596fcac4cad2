"""A question that takes too long, or that nobody waits for any more, is stopped where it runs."""

import asyncio
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from leadline.access import Role
from leadline.patience import GivenUp, TooSlow, in_thread
from leadline.warehouse import Warehouse
from tests.dashboard.person import signed_in
from tests.support import running_server
from tests.warehouse.histories import opened

ENDLESS = "SELECT sum(a.range * b.range) FROM range(10000000) AS a, range(10000000) AS b"


async def never() -> None:
    await asyncio.Event().wait()


def asked(warehouse: Warehouse, statement: str, gone: Any, seconds: float) -> Any:
    return asyncio.run(in_thread(gone, seconds, warehouse.query, statement))


def test_a_query_ends_when_its_time_is_over(tmp_path: Path) -> None:
    with opened(tmp_path) as warehouse:
        with pytest.raises(TooSlow, match="longer than"):
            asked(warehouse, ENDLESS, never, 0.05)
        assert asked(warehouse, "SELECT 1", never, 30) == [(1,)]


def test_a_query_ends_when_nobody_waits_for_it(tmp_path: Path) -> None:
    async def leave() -> None:
        await asyncio.sleep(0)

    with opened(tmp_path) as warehouse:
        with pytest.raises(GivenUp):
            asked(warehouse, ENDLESS, leave, 3600)
        assert asked(warehouse, "SELECT 1", never, 30) == [(1,)]


def test_what_cannot_be_stopped_is_waited_for() -> None:
    begun = Event()

    async def gone_when_begun() -> None:
        while not begun.is_set():
            await asyncio.sleep(0)

    def work() -> str:
        begun.set()
        return "done"

    assert asyncio.run(in_thread(gone_when_begun, 3600, work)) == "done"


def test_an_error_is_passed_on() -> None:
    def fail() -> None:
        raise KeyError("here")

    with pytest.raises(KeyError):
        asyncio.run(in_thread(never, 30, fail))


def test_both_faces_say_that_it_took_too_long(tmp_path: Path) -> None:
    with running_server(tmp_path, answer_seconds=1e-6) as server:
        site = server.site("Slow")
        with server.client("*") as client:
            slow = client.get(
                "/v1/aggregations",
                params={"entity": "pageview", "entity_id": site.code, "aggregates": "visits"},
            )
            assert slow.status_code == 503
            assert slow.json() == {
                "error": "The answer took longer than 1e-06 seconds; ask for less"
            }
            slow = client.get(f"/api/v1/sites/{site.slug}/pixel/status")
            assert slow.status_code == 503
            assert slow.json()["error"]["code"] == "service_unavailable"


def test_a_page_says_that_it_took_too_long(tmp_path: Path) -> None:
    with running_server(tmp_path, answer_seconds=1e-6) as server:
        site = server.site("Slow")
        slow = signed_in(server, Role.OWNER).get(f"/sites/{site.slug}")
        assert slow.status_code == 503
        assert "That took too long" in slow.text
        assert int(slow.headers["Retry-After"]) > 0
