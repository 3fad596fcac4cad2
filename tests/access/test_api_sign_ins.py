"""People who sign in at the API: for how long, how it is renewed, and how it ends."""

from datetime import timedelta

import jwt
import pytest

from leadline.access import (
    ACCESS_VALID,
    ApiSignIns,
    Granted,
    Organisations,
    Role,
    SessionNotFound,
    Unauthenticated,
    User,
    UserId,
)
from leadline.database import Database
from tests.support import ManualClock


@pytest.fixture
def user(database: Database) -> User:
    organisations = Organisations(database)
    first = organisations.first()
    return organisations.add_user(
        first.id, email="ana@example.com", password="correct horse battery", role=Role.ADMIN
    )


@pytest.fixture
def sign_ins(database: Database, clock: ManualClock) -> ApiSignIns:
    return ApiSignIns(database, clock)


def opened(sign_ins: ApiSignIns, user: User) -> Granted:
    return sign_ins.open(user.id, lambda person: {"scopes": [person.role.value]})


def test_a_token_is_good_for_a_quarter_of_an_hour(
    sign_ins: ApiSignIns, user: User, clock: ManualClock
) -> None:
    granted = opened(sign_ins, user)
    found = sign_ins.authenticate(granted.access)
    assert (found.user, found.role, found.sign_in) == (user, Role.ADMIN, granted.sign_in)
    claims = jwt.decode(granted.access, options={"verify_signature": False})
    assert claims["sub"] == str(user.id)
    assert claims["scopes"] == ["admin"]
    assert claims["exp"] - claims["iat"] == ACCESS_VALID.total_seconds() == 900
    clock.advance(minutes=15)
    with pytest.raises(Unauthenticated):
        sign_ins.authenticate(granted.access)


def test_a_renewal_gives_new_ones_and_the_former_token_stays(
    sign_ins: ApiSignIns, user: User, clock: ManualClock
) -> None:
    first = opened(sign_ins, user)
    clock.advance(minutes=10)
    second = sign_ins.renew(first.refresh, lambda _: {})
    assert second.refresh != first.refresh
    assert second.sign_in == first.sign_in
    assert sign_ins.authenticate(second.access).user == user
    assert sign_ins.authenticate(first.access).user == user
    (shown,) = sign_ins.all_of(user.id)
    assert shown.last_used_at - shown.created_at == timedelta(minutes=10)


def test_what_renews_a_second_time_ends_the_sign_in(sign_ins: ApiSignIns, user: User) -> None:
    """Somebody else has it: the thief or the owner, nobody can say who."""
    first = opened(sign_ins, user)
    second = sign_ins.renew(first.refresh, lambda _: {})
    for refresh in (first.refresh, second.refresh):
        with pytest.raises(Unauthenticated):
            sign_ins.renew(refresh, lambda _: {})
    with pytest.raises(Unauthenticated):
        sign_ins.authenticate(second.access)
    assert sign_ins.all_of(user.id) == ()


@pytest.mark.parametrize(("days", "times"), [(14, 1), (13, 7)])
def test_a_sign_in_is_over_after_a_while(
    sign_ins: ApiSignIns, user: User, clock: ManualClock, days: int, times: int
) -> None:
    """14 days after the last renewal, 90 after it began."""
    granted = opened(sign_ins, user)
    for _ in range(times - 1):
        clock.advance(days=days)
        granted = sign_ins.renew(granted.refresh, lambda _: {})
    clock.advance(days=days)
    with pytest.raises(Unauthenticated):
        sign_ins.renew(granted.refresh, lambda _: {})
    assert sign_ins.all_of(user.id) == ()


def test_whoever_is_gone_or_has_ended_it_is_nobody_at_once(
    database: Database, sign_ins: ApiSignIns, user: User
) -> None:
    first, second, third = (opened(sign_ins, user) for _ in range(3))
    sign_ins.end(user.id, first.sign_in)
    with pytest.raises(Unauthenticated):
        sign_ins.authenticate(first.access)
    with pytest.raises(SessionNotFound):
        sign_ins.end(UserId(user.id + 1), second.sign_in)
    assert sign_ins.end_all(user.id, but=third.sign_in) == 1
    assert [each.id for each in sign_ins.all_of(user.id)] == [third.sign_in]
    organisations = Organisations(database)
    first_one = organisations.first()
    organisations.add_user(
        first_one.id, email="ben@example.com", password="correct horse battery", role=Role.OWNER
    )
    organisations.remove_user(first_one.id, user.email)
    with pytest.raises(Unauthenticated):
        sign_ins.authenticate(third.access)
    with pytest.raises(Unauthenticated):
        sign_ins.renew(third.refresh, lambda _: {})
    with pytest.raises(Unauthenticated):
        opened(sign_ins, user)


def test_what_others_have_signed_is_nothing(sign_ins: ApiSignIns, user: User) -> None:
    granted = opened(sign_ins, user)
    claims = jwt.decode(granted.access, options={"verify_signature": False})
    key = "k" * 64
    forged: list[str] = [
        jwt.encode(claims, key, "HS256"),
        jwt.encode(claims, "", "none"),
        jwt.encode(claims, key, "HS512"),
        granted.access[:-2],
        granted.access + "x",
        "a.b.c",
        "..",
        "",
    ]
    for each in forged:
        with pytest.raises(Unauthenticated):
            sign_ins.authenticate(each)


def test_no_two_servers_sign_alike_and_those_of_one_database_do(
    database: Database, sign_ins: ApiSignIns, user: User, clock: ManualClock
) -> None:
    granted = opened(sign_ins, user)
    beside = ApiSignIns(database, clock)
    assert beside.authenticate(granted.access).user == user
