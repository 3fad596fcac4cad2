"""Failed sign-ins in the audit log."""

from contextlib import suppress

import pytest

from leadline.access import (
    AccessError,
    AuditEntry,
    AuditLog,
    FailedSignIns,
    Organisations,
    Role,
    SecondFactorNeeded,
    SecondFactors,
    Sessions,
    UserId,
    Wanted,
)
from leadline.access.failed_sign_ins import MOST_AN_HOUR, MOST_WAITING
from leadline.access.failures import Reason
from leadline.database import Database
from leadline.sites import OrganisationId
from tests.access.test_second_factors import set_up
from tests.support import ManualClock

EMAIL, PASSWORD, ADDRESS = "ada@example.com", "correct horse battery", "192.0.2.7"
EVERYTHING = Wanted()


@pytest.fixture
def audit(database: Database, clock: ManualClock) -> AuditLog:
    return AuditLog(database, clock)


@pytest.fixture
def failed(database: Database, audit: AuditLog) -> FailedSignIns:
    return FailedSignIns(database, audit)


@pytest.fixture
def factors(database: Database, clock: ManualClock) -> SecondFactors:
    return SecondFactors(database, clock)


def written(audit: AuditLog, organisation: OrganisationId) -> list[AuditEntry]:
    """The oldest first."""
    return list(audit.entries(organisation, EVERYTHING, 1_000)[0][::-1])


@pytest.mark.usefixtures("ada")
def test_attempts_at_a_password(
    failed: FailedSignIns, audit: AuditLog, sessions: Sessions, organisation: OrganisationId
) -> None:
    sessions.failed = failed.note
    sessions.sign_in(EMAIL, PASSWORD, address=ADDRESS)
    for email in (EMAIL, "nobody@example.com", EMAIL.upper(), "\x00", "\udcff"):
        with suppress(AccessError):
            sessions.sign_in(email, "wrong", address=ADDRESS)
    assert written(audit, organisation) == []
    failed.write()
    failed.write()
    (entry,) = written(audit, organisation)
    assert (entry.actor.name, entry.actor.address) == ("Ada", ADDRESS)
    assert entry.change.action == "session.refuse"
    assert entry.change.resource_id == "Ada@Example.com"
    assert entry.change.details == {"reason": "password", "attempts": 2}


@pytest.mark.parametrize("location", ["sqlite"], indirect=True)
def test_too_many_attempts_are_noted_where_they_begin(sessions: Sessions) -> None:
    noted: list[Reason] = []
    sessions.failed = lambda who, address, reason: noted.append(reason)
    for _ in range(20):
        with suppress(AccessError):
            sessions.sign_in(EMAIL, "wrong", address=ADDRESS)
    assert noted == [Reason.PASSWORD] * 10 + [Reason.THROTTLED]


def test_attempts_at_a_second_factor(
    failed: FailedSignIns,
    audit: AuditLog,
    sessions: Sessions,
    organisations: Organisations,
    ada: UserId,
    factors: SecondFactors,
    clock: ManualClock,
) -> None:
    organisation = organisations.first().id
    set_up(factors, organisations.find(organisation, EMAIL), clock)
    factors.failed = failed.note
    with pytest.raises(SecondFactorNeeded) as needed:
        sessions.sign_in(EMAIL, PASSWORD, address=ADDRESS)
    for _ in range(5):
        with suppress(AccessError):
            factors.sign_in(needed.value.pending, "000000", address="192.0.2.8")
    failed.write()
    (entry,) = written(audit, organisation)
    assert entry.change.details == {"reason": "second factor", "attempts": 5}
    assert entry.actor.user_id == ada


def test_every_organisation_of_the_account_has_it(
    failed: FailedSignIns, audit: AuditLog, organisations: Organisations
) -> None:
    here = organisations.first()
    owner = organisations.add_user(here.id, email=EMAIL, password=PASSWORD, role=Role.OWNER)
    other = organisations.create("Other", owner.id, like=here)
    failed.note(EMAIL, ADDRESS, Reason.PASSWORD)
    failed.write()
    assert [len(written(audit, each.id)) for each in (here, other)] == [1, 1]


@pytest.mark.usefixtures("ada")
def test_nobody_fills_disk_or_memory(
    failed: FailedSignIns, audit: AuditLog, organisation: OrganisationId
) -> None:
    for number in range(MOST_WAITING + 10):
        failed.note(f"{number}@example.com", ADDRESS, Reason.PASSWORD)
    failed.note(EMAIL, ADDRESS, Reason.PASSWORD)
    failed.write()
    assert written(audit, organisation) == []
    for number in range(MOST_AN_HOUR + 10):
        failed.note(EMAIL, f"192.0.2.{number}", Reason.PASSWORD)
    failed.write()
    assert len(written(audit, organisation)) == MOST_AN_HOUR
