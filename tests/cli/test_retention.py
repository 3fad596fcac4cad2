"""`leadline site retention`, beside a server and without one."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.cli.commands import Operator, serving
from tests.cli.test_export import send
from tests.reports.storing import store
from tests.spool.examples import hit
from tests.warehouse.histories import opened


@pytest.fixture
def old(operator: Operator) -> Operator:
    """A site with two hits of 2024 and a departure, and one of today."""
    operator.types("site", "create", "Acme", "--code", "CDBUGS", "--slug", "acme")
    old = datetime(2024, 2, 29, 23, tzinfo=UTC)
    moments = (old, old + timedelta(days=2), datetime.now(UTC))
    with opened(operator.data) as warehouse:
        store(warehouse, *(hit(received_at=moment) for moment in moments))
    return operator


def test_a_dry_run_counts_and_changes_nothing(old: Operator) -> None:
    expected = "2 hits would go, of 2024-02-29 to 2024-03-02\n"
    asked = ("site", "retention", "acme", "12", "--dry-run")
    assert old.types(*asked) == expected
    with serving(old.data) as server:
        send(server.url, "/")
        assert old.types(*asked) == expected
        nothing = old.types("site", "retention", "acme", "120", "--dry-run")
    assert nothing.startswith("no hits would go: none is older than ")
    for word in ("forever", "default"):
        assert old.types("site", "retention", "acme", word, "--dry-run") == "no hits would go\n"
    assert list(old.data.glob("count-*")) == []


def test_it_is_said_what_is_set(old: Operator, monkeypatch: pytest.MonkeyPatch) -> None:
    assert old.types("site", "retention", "CDBUGS", "12") == ""
    assert old.errors == "acme keeps its hits for 12 months now\n"
    old.types("site", "retention", "acme", "forever")
    assert old.errors == "acme keeps its hits for ever now\n"
    monkeypatch.setenv("LEADLINE_RETENTION_MONTHS", "3")
    old.types("site", "retention", "acme", "default")
    assert old.errors == "acme keeps its hits for 3 months now\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["missing", "12"], "Site not found: missing"),
        (["acme", "0"], "Not 1 to 120 months, forever or default: 0"),
        (["acme", "121"], "Not 1 to 120 months, forever or default: 121"),
        (["acme", "year", "--dry-run"], "Not 1 to 120 months, forever or default: year"),
    ],
)
def test_what_cannot_be_set(operator: Operator, arguments: list[str], message: str) -> None:
    operator.types("site", "create", "Acme", "--slug", "acme")
    assert operator.fails("site", "retention", *arguments) == message


def test_a_server_deletes_what_is_older(old: Operator, tmp_path: Path) -> None:
    with serving(old.data):
        old.types("site", "retention", "acme", "12")
        while old.types("export", "acme").count("\n") != 2:
            pass
