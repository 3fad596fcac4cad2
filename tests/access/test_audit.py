"""The audit log: an entry beside every change that is kept, none of what failed, no secret."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from leadline.access import COMMAND, Actor, AuditLog, Change, Organisations, Wanted
from leadline.access.audit import told
from leadline.database import Database
from leadline.sites import OrganisationId
from tests.support import ManualClock

ANA = Actor("Ana", "ana@example.com", user_id=7, address="203.0.113.1")
SCRIPT = Actor("A script", token_id=3)
RENAMED = Change("site.update", "acme", "acme", {"name": "Acme"})


@pytest.fixture
def organisation(database: Database) -> OrganisationId:
    return Organisations(database).first().id


@pytest.fixture
def log(database: Database, clock: ManualClock) -> AuditLog:
    return AuditLog(database, clock)


def change(database: Database) -> None:
    with database.writing() as connection:
        connection.execute(text("UPDATE organisations SET name = 'Changed'"))


def actions(log: AuditLog, organisation: OrganisationId, **wanted: Any) -> list[str]:
    found, count = log.entries(organisation, Wanted(**wanted), 100)
    assert count == len(found)
    return [entry.change.action for entry in found]


def test_what_is_changed_has_one_entry(
    database: Database, log: AuditLog, organisation: OrganisationId, clock: ManualClock
) -> None:
    with log.noting(organisation, ANA, RENAMED):
        change(database)
        change(database)
    change(database)
    ((entry,), count) = log.entries(organisation, Wanted(), 10)
    assert count == 1
    assert (entry.at, entry.actor, entry.change) == (clock(), ANA, RENAMED)
    assert entry.change.resource_type == "site"


def test_what_fails_or_changes_nothing_has_none(
    database: Database, log: AuditLog, organisation: OrganisationId
) -> None:
    with log.noting(organisation, ANA, RENAMED), database.reading():
        pass
    with (
        pytest.raises(ZeroDivisionError),
        log.noting(organisation, ANA, RENAMED),
        database.writing(),
    ):
        1 / 0  # noqa: B018
    assert actions(log, organisation) == []


def test_a_change_that_fails_first_is_noted_with_the_one_that_is_kept(
    database: Database, log: AuditLog, organisation: OrganisationId
) -> None:
    with log.noting(organisation, ANA, RENAMED):
        with pytest.raises(ZeroDivisionError), database.writing():
            1 / 0  # noqa: B018
        change(database)
    assert actions(log, organisation) == ["site.update"]


def test_entries_are_found(
    database: Database, log: AuditLog, organisation: OrganisationId, clock: ManualClock
) -> None:
    before = clock()
    log.record(organisation, ANA, Change("segment.create", "1", "acme"))
    clock.advance(days=1)
    log.record(organisation, SCRIPT, Change("segment.delete", "1", "acme"))
    clock.advance(days=1)
    log.record(organisation, COMMAND, Change("site.delete", "acme", "acme"))
    everything = ["site.delete", "segment.delete", "segment.create"]
    assert actions(log, organisation) == everything
    assert actions(log, organisation, action="segment.delete") == ["segment.delete"]
    assert actions(log, organisation, resource_type="segment") == everything[1:]
    assert actions(log, organisation, resource_type="seg%") == []
    assert actions(log, organisation, action="\0", resource_type="\0") == []
    assert actions(log, organisation, user_id=7) == ["segment.create"]
    day = timedelta(days=1)
    assert actions(log, organisation, since=before + day) == everything[:2]
    assert actions(log, organisation, until=before + day) == ["segment.create"]
    assert actions(log, OrganisationId(organisation + 1)) == []
    page, count = log.entries(organisation, Wanted(), 1, 1)
    assert ([entry.change.action for entry in page], count) == (["segment.delete"], 3)
    assert log.actions(organisation) == ("segment.create", "segment.delete", "site.delete")
    assert log.newest() == clock()
    assert log.forget(before + day) == 1
    assert actions(log, organisation) == everything[:2]


def test_no_secret_is_told() -> None:
    fields = {
        "name": "Acme",
        "share_password": "hush",
        "current_password": "hush",
        "new_password": "hush",
        "token": "hush",
        "code": "123456",
        "client_secret": "hush",
        "custom_headers": {"Authorization": "hush"},
        "slack_webhook_url": "https://hooks.example/hush",
        "is_active": True,
        "domains": ["a.example"],
        "long": "x" * 1000,
        "nothing": None,
    }
    found = told(fields)
    assert found == {
        "name": "Acme",
        "is_active": True,
        "domains": "['a.example']",
        "long": "x" * 200,
        "nothing": None,
    }
    assert len(told({f"field {number}": number for number in range(100)})) == 30
