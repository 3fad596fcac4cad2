"""Who is who at a provider of OpenID Connect."""

import pytest

from leadline.access import (
    Identities,
    NobodysIdentity,
    Organisations,
    RateLimited,
    Role,
    SecondFactorNeeded,
    SecondFactors,
    Sessions,
    UserId,
)
from leadline.database import Database
from leadline.sites import OrganisationId
from tests.access.test_second_factors import set_up
from tests.support import ManualClock

EMAIL, PASSWORD = "ada@example.com", "correct horse battery"
ISSUER, ELSEWHERE = "https://login.example.com", "https://login.example.org"


@pytest.fixture
def identities(database: Database, clock: ManualClock) -> Identities:
    return Identities(database, clock)


@pytest.fixture
def who(identities: Identities, sessions: Sessions) -> "Who":
    return Who(identities, sessions)


class Who:
    """Tells who is signed in."""

    def __init__(self, identities: Identities, sessions: Sessions) -> None:
        self._identities = identities
        self._sessions = sessions

    def comes(self, subject: str, email: str | None, issuer: str = ISSUER) -> UserId:
        session = self._sessions.find(self._identities.sign_in(issuer, subject, email))
        assert session is not None
        return session.user.id


def test_the_first_time_by_address_then_by_subject(
    who: Who, ada: UserId, organisations: Organisations
) -> None:
    assert who.comes("1", EMAIL.upper()) == ada
    assert who.comes("1", None) == ada
    assert who.comes("1", "another@example.com") == ada
    organisations.set_email(ada, "ada@example.org")
    assert who.comes("1", EMAIL) == ada


@pytest.mark.usefixtures("ada")
@pytest.mark.parametrize("email", [None, "", "eve@example.com", "\x00", "\udcff"])
def test_nobody_else_gets_in(who: Who, email: str | None) -> None:
    with pytest.raises(NobodysIdentity):
        who.comes("1", email)


def test_an_address_that_somebody_else_has_by_now(who: Who, ada: UserId) -> None:
    assert who.comes("1", EMAIL) == ada
    with pytest.raises(NobodysIdentity):
        who.comes("2", EMAIL)
    assert who.comes("1", EMAIL) == ada


def test_one_subject_is_of_its_issuer(who: Who, ada: UserId) -> None:
    assert who.comes("1", EMAIL) == ada
    with pytest.raises(NobodysIdentity):
        who.comes("1", None, ELSEWHERE)
    assert who.comes("1", EMAIL, ELSEWHERE) == ada, "the operator has changed the provider"
    with pytest.raises(NobodysIdentity):
        who.comes("1", None)


def test_whoever_was_removed_is_nobody(
    who: Who, ada: UserId, organisations: Organisations, organisation: OrganisationId
) -> None:
    assert who.comes("1", EMAIL) == ada
    organisations.remove_user(organisation, EMAIL)
    with pytest.raises(NobodysIdentity):
        who.comes("1", EMAIL)
    again = organisations.add_user(organisation, email=EMAIL, password=PASSWORD, role=Role.MEMBER)
    assert who.comes("2", EMAIL) == again.id


def test_the_operator_makes_it_forget(
    who: Who, ada: UserId, database: Database, clock: ManualClock
) -> None:
    assert who.comes("1", EMAIL) == ada
    SecondFactors(database, clock).reset(ada)
    assert who.comes("2", EMAIL) == ada


def test_a_second_factor_is_asked_for_here_unless_it_was_there(
    identities: Identities,
    sessions: Sessions,
    ada: UserId,
    organisations: Organisations,
    organisation: OrganisationId,
    database: Database,
    clock: ManualClock,
) -> None:
    factors = SecondFactors(database, clock)
    _, codes = set_up(factors, organisations.find(organisation, EMAIL), clock)
    with pytest.raises(SecondFactorNeeded) as needed:
        identities.sign_in(ISSUER, "1", EMAIL)
    session = sessions.find(factors.sign_in(needed.value.pending, codes[0], address="192.0.2.7"))
    assert session is not None
    assert session.user.id == ada
    secret = identities.sign_in(ISSUER, "1", EMAIL, has_several_factors=True)
    assert sessions.find(secret) is not None


@pytest.mark.parametrize("location", ["sqlite"], indirect=True)
def test_attempts_are_bounded(identities: Identities) -> None:
    for _ in range(30):
        identities.count("192.0.2.7")
    with pytest.raises(RateLimited):
        identities.count("192.0.2.7")
