"""A page that is left: what `?with=engaged` tells of it on either wire counts as nothing."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from leadline.reports import Reports
from tests.collector.hits import Stored, fathom, new_site, refusals, seal, stored
from tests.support import ManualClock, RunningServer, running_server

Leave = Callable[[RunningServer, str, dict[str, Any]], None]


def fathom_leaves(server: RunningServer, site: str, said: dict[str, Any]) -> None:
    event = {"name": "Departure", "payload": json.dumps(said)}
    assert fathom(server, site, method="POST", p="/left", **event).status_code == 200


def seal_leaves(server: RunningServer, site: str, said: dict[str, Any]) -> None:
    page = "https://shop.example/left"
    assert seal(server, site, u=page, e="Departure", m=1, x=said).status_code == 204


BOTH = pytest.mark.parametrize("leave", [fathom_leaves, seal_leaves])


def properties(hit: Stored) -> Any:
    return json.loads(hit.properties or "null")


@BOTH
def test_it_goes_with_the_visit(server: RunningServer, leave: Leave) -> None:
    site = new_site(server)
    fathom(server, site.code, p="/page", r="https://news.example/")
    leave(server, site.code, {"_engaged": 37, "_scroll": 80})
    leave(server, site.code, {"_engaged": 0})
    page, left, again = stored(server, site.id)
    assert (left.kind, left.path, left.name) == ("departure", "/left", "")
    assert (left.visit_id, left.source) == (page.visit_id, page.source)
    assert properties(left) == {"engaged": "37", "scroll": "80"}
    assert properties(again) == {"engaged": "0", "scroll": "0"}


@BOTH
def test_it_makes_no_visit(server: RunningServer, leave: Leave) -> None:
    site = new_site(server)
    leave(server, site.code, {"_engaged": 37, "_scroll": 80})
    assert stored(server, site.id) == []
    assert server.leadline.storage.warehouse.query(
        "SELECT count(*) FROM site_facts WHERE site_id = $site", site=site.id
    ) == [(0,)]


@BOTH
@pytest.mark.parametrize(
    "said",
    [
        {"_engaged": -1},
        {"_engaged": 86_401},
        {"_engaged": "37"},
        {"_engaged": True},
        {"_engaged": None},
        {"_engaged": 1.5},
        {"_engaged": 1, "_scroll": 101},
        {"_engaged": 1, "_scroll": "much"},
    ],
)
def test_what_says_nothing_sensible_is_nothing(
    server: RunningServer, leave: Leave, said: dict[str, Any]
) -> None:
    site = new_site(server)
    fathom(server, site.code)
    leave(server, site.code, said)
    assert [hit.kind for hit in stored(server, site.id)] == ["pageview"]


@BOTH
def test_nothing_is_noted_of_one_that_does_not_count(server: RunningServer, leave: Leave) -> None:
    site = new_site(server, domains=("other.example",))
    before = server.leadline.collector.accepted.copy()
    leave(server, site.code, {"_engaged": 37})
    fathom(server, site.code)
    assert refusals(server, site.id) == [("invalid_domain", "shop.example", 1)]
    assert server.leadline.collector.accepted["fathom"] == before["fathom"]


@BOTH
def test_nothing_is_counted_of_one_of_no_site(server: RunningServer, leave: Leave) -> None:
    before = server.leadline.collector.rejected.copy()
    leave(server, "NOSUCHSITE", {"_engaged": 37})
    assert server.leadline.collector.rejected == before
    fathom(server, "NOSUCHSITE")
    assert (server.leadline.collector.rejected - before).total() == 1


def test_it_counts_in_no_report(tmp_path: Path, clock: ManualClock) -> None:
    with running_server(tmp_path, clock=clock) as server:
        site = server.site()
        fathom(server, site.code)
        clock.advance(minutes=29, seconds=59)
        seen = clock.now - timedelta(minutes=29, seconds=59)
        seal_leaves(server, site.slug, {"_engaged": 37})
        assert [hit.kind for hit in stored(server, site.id)] == ["pageview", "departure"]
        reports = Reports(server.leadline.storage.warehouse, clock)
        found = reports.installation(site.id)
        assert (found.last_hit_at, found.total_hits) == (seen, 1)
        assert reports.activity({site.id: "UTC"})[site.id].hits_today == 1
        assert sum(day.hits for day in reports.hits_by_day(site.id, "UTC")) == 1
        assert reports.doubled(site.id) == 0


def test_it_prolongs_no_visit(tmp_path: Path, clock: ManualClock) -> None:
    with running_server(tmp_path, clock=clock) as server:
        site = server.site()
        fathom(server, site.code)
        clock.advance(minutes=20)
        fathom_leaves(server, site.code, {"_engaged": 37})
        clock.advance(minutes=10)
        fathom(server, site.code)
        clock.advance(minutes=30)
        fathom_leaves(server, site.code, {"_engaged": 37})
        first, left, second = stored(server, site.id)
        assert first.visit_id == left.visit_id != second.visit_id
