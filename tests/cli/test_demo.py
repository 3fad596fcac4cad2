"""`leadline demo`."""

import json
import signal
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from tests.cli.commands import Operator, run, serving

SMALL = ("--hits", "300", "--days", "3", "--until", "2026-03-10T12:00:00Z")


def written(operator: Operator) -> dict[str, object]:
    """What reports must say, without what is different at every creation of sites."""
    found: dict[str, object] = json.loads((operator.data / "demo.json").read_text())
    sites = found["sites"]
    assert isinstance(sites, list)
    for site in sites:
        del site["code"]
    return found


def test_a_server_shows_what_is_written_down(operator: Operator) -> None:
    printed = operator.types("demo", "--hits", "300", "--days", "3")
    assert [line.split("\t")[1:] for line in printed.splitlines()] == [
        ["demo-harbour-books", "Europe/Madrid", "EUR", "Demo: Harbour Books"],
        ["demo-tide-and-timber", "America/New_York", "USD", "Demo: Tide and Timber"],
        ["demo-lantern-cloud", "Asia/Tokyo", "JPY", "Demo: Lantern Cloud"],
    ]
    assert f"leadline serve --data {operator.data}" in operator.errors
    assert "/sites/demo-harbour-books" in operator.errors
    assert f"{300:,} hits, up to " in operator.errors
    told = json.loads((operator.data / "demo.json").read_text())
    assert datetime.now(UTC) - datetime.fromisoformat(told["until"]) < timedelta(hours=1)
    secret = operator.types("token", "create", "demo", "--ability", "*").strip()
    with serving(operator.data) as server:
        for site in told["sites"]:
            query = {
                "entity": "pageview",
                "entity_id": site["code"],
                "aggregates": "pageviews,visits",
                "date_from": site["days"][0]["day"],
            }
            headers = {"Authorization": f"Bearer {secret}"}
            address = f"{server.url}/v1/aggregations"
            (row,) = httpx.get(address, params=query, headers=headers, verify=False).json()
            assert int(row["pageviews"]) == site["pageviews"]
            assert int(row["visits"]) == site["visits"]
        refused = run("demo", "--data", str(operator.data))
        assert (refused.returncode, refused.stdout) == (1, "")
        assert refused.stderr == f"leadline: another Leadline serves {operator.data}\n"
        assert server.stop(signal.SIGTERM)[0] == 0


def test_the_same_seed_until_the_same_moment(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one, other, third = (Operator(tmp_path / name, capsys) for name in ("a", "b", "c"))
    one.types("demo", *SMALL)
    other.types("demo", *SMALL, "--seed", "1")
    third.types("demo", *SMALL, "--seed", "2")
    assert written(one) == written(other)
    assert written(one) != written(third)


def test_a_terminal_shows_a_bar(operator: Operator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    operator.types("demo", *SMALL)
    assert operator.errors.startswith(f"\r[{'#' * 30}]         300 hits, up to 2026-03-10\n")


def test_existing_data_stay_as_they_are(operator: Operator) -> None:
    operator.types("site", "create", "Mine", "--slug", "mine")
    before = operator.types("site", "list")
    assert "--add" in operator.fails("demo", *SMALL)
    assert operator.types("site", "list") == before
    operator.types("demo", *SMALL, "--sites", "2", "--add")
    listed = operator.types("site", "list")
    assert before in listed
    assert len(listed.splitlines()) == 3
    message = operator.fails("demo", *SMALL, "--add")
    assert message == "hits have come to this data directory already: a demo needs one of its own"
    assert operator.types("site", "list") == listed


@pytest.mark.parametrize(
    "wrong",
    [
        ("--hits", "0"),
        ("--hits", "many"),
        ("--days", "0"),
        ("--days", "4000"),
        ("--sites", "0"),
        ("--sites", "10001"),
        ("--until", "yesterday"),
        ("--until", "1999-12-31"),
        ("--until", "2999-12-31"),
        ("--seed", "x"),
    ],
)
def test_what_cannot_be_understood(operator: Operator, wrong: tuple[str, str]) -> None:
    assert wrong[0] in operator.fails("demo", *wrong, code=2)
    assert not operator.data.exists()


def test_a_zone_may_be_said(operator: Operator) -> None:
    operator.types("demo", "--hits", "50", "--days", "2", "--until", "2026-03-10T13:00:00+01:00")
    assert written(operator)["until"] == "2026-03-10T12:00:00Z"
