"""Passkeys: what they sign in, and what they do not."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadline.access import (
    InvalidPasskeyName,
    Organisations,
    PasskeyNotFound,
    Passkeys,
    RateLimited,
    Role,
    SecondFactorNeeded,
    SecondFactors,
    Sessions,
    Stale,
    TooManyPasskeys,
    User,
    UserId,
    WrongPasskey,
)
from leadline.database import Database
from leadline.sites import OrganisationId
from tests.access.authenticator import ORIGIN, PRESENT, Authenticator, decoded, encoded
from tests.support import ManualClock

EMAIL, PASSWORD = "ada@example.com", "correct horse battery"
HERE = "192.0.2.7"


@pytest.fixture
def passkeys(database: Database, clock: ManualClock) -> Passkeys:
    return Passkeys(database, clock)


@pytest.fixture
def user(organisations: Organisations, organisation: OrganisationId, ada: UserId) -> User:
    return organisations.find(organisation, EMAIL)


def added(passkeys: Passkeys, user: User, name: str = "Phone") -> Authenticator:
    device = Authenticator()
    passkeys.add(user, name, device.make(passkeys.offer(user, ORIGIN)), ORIGIN)
    return device


def signs_in(passkeys: Passkeys, device: Authenticator, **changed: str) -> str:
    return passkeys.sign_in(device.use(passkeys.ask(ORIGIN), **changed), ORIGIN, address=HERE)


def test_a_passkey_signs_in_without_a_password(
    passkeys: Passkeys, sessions: Sessions, user: User, clock: ManualClock
) -> None:
    device = added(passkeys, user)
    clock.advance(minutes=5)
    session = sessions.find(signs_in(passkeys, device))
    assert session is not None
    assert session.user.id == user.id
    assert (session.has_second_factor, session.is_confirmed(clock.now)) == (True, True)
    (passkey,) = passkeys.all_of(user.id)
    assert (passkey.name, passkey.last_used_at) == ("Phone", clock.now)
    assert signs_in(passkeys, device)


def test_whoever_has_one_is_asked_for_more_than_a_password(
    passkeys: Passkeys, sessions: Sessions, user: User, database: Database, clock: ManualClock
) -> None:
    factors = SecondFactors(database, clock)
    device = Authenticator()
    codes = passkeys.add(user, "Phone", device.make(passkeys.offer(user, ORIGIN)), ORIGIN)
    assert len(codes) == 10
    with pytest.raises(SecondFactorNeeded) as needed:
        sessions.sign_in(EMAIL, PASSWORD, address=HERE)
    assert factors.pending(needed.value.pending).passkeys == 1
    assert factors.sign_in(needed.value.pending, codes[0], address=HERE)
    (passkey,) = passkeys.all_of(user.id)
    passkeys.remove(user.id, passkey.id)
    assert factors.state(user.id).recovery_codes == 0
    assert sessions.sign_in(EMAIL, PASSWORD, address=HERE)


def test_several_have_names(passkeys: Passkeys, user: User) -> None:
    devices = [added(passkeys, user, name) for name in ("Phone", "“Schlüssel” <b>")]
    assert [each.name for each in passkeys.all_of(user.id)] == ["Phone", "“Schlüssel” <b>"]
    offered = json.loads(passkeys.offer(user, ORIGIN))
    known = [each["id"] for each in offered["excludeCredentials"]]
    assert known == [encoded(device.id) for device in devices]
    for name in ("", "x" * 101, "a\nb", "\0"):
        with pytest.raises(InvalidPasskeyName):
            added(passkeys, user, name)


def test_nobody_has_more_than_twenty(passkeys: Passkeys, user: User) -> None:
    for number in range(20):
        added(passkeys, user, str(number))
    with pytest.raises(TooManyPasskeys):
        added(passkeys, user)


def test_one_is_removed_by_whoever_has_it(passkeys: Passkeys, user: User) -> None:
    device = added(passkeys, user)
    (passkey,) = passkeys.all_of(user.id)
    with pytest.raises(PasskeyNotFound):
        passkeys.remove(UserId(user.id + 1), passkey.id)
    passkeys.remove(user.id, passkey.id)
    with pytest.raises(WrongPasskey):
        signs_in(passkeys, device)


def test_what_a_device_is_told_of_its_user_says_nothing_of_them(
    passkeys: Passkeys, user: User
) -> None:
    one, again = (json.loads(passkeys.offer(user, ORIGIN))["user"]["id"] for _ in range(2))
    assert one == again
    assert len(decoded(one)) == 32
    assert json.loads(passkeys.offer(user, ORIGIN))["rp"]["id"] == "stats.example.com"


def test_an_answer_is_taken_once(passkeys: Passkeys, user: User) -> None:
    device = Authenticator()
    made = device.make(passkeys.offer(user, ORIGIN))
    passkeys.add(user, "Phone", made, ORIGIN)
    with pytest.raises(Stale):
        passkeys.add(user, "Phone", made, ORIGIN)
    answer = device.use(passkeys.ask(ORIGIN))
    passkeys.sign_in(answer, ORIGIN, address=HERE)
    with pytest.raises((Stale, WrongPasskey)):
        passkeys.sign_in(answer, ORIGIN, address=HERE)


def test_an_answer_without_a_count_is_taken_once_too(passkeys: Passkeys, user: User) -> None:
    """Many devices count nothing: the challenge alone is what cannot come again."""
    device = added(passkeys, user)
    device.signatures = -1
    answer = device.use(passkeys.ask(ORIGIN))
    passkeys.verify(answer, ORIGIN, address=HERE)
    with pytest.raises(Stale):
        passkeys.verify(answer, ORIGIN, address=HERE)


def test_a_challenge_ends_after_ten_minutes_and_is_for_one_thing(
    passkeys: Passkeys, user: User, clock: ManualClock
) -> None:
    device = added(passkeys, user)
    late = device.use(passkeys.ask(ORIGIN))
    clock.advance(minutes=10)
    with pytest.raises(Stale):
        passkeys.sign_in(late, ORIGIN, address=HERE)
    other = device.use(passkeys.offer(user, ORIGIN))
    with pytest.raises(Stale):
        passkeys.sign_in(other, ORIGIN, address=HERE)


def test_nobody_adds_a_passkey_for_somebody_else(
    passkeys: Passkeys, user: User, organisations: Organisations, organisation: OrganisationId
) -> None:
    eve = organisations.add_user(
        organisation, email="eve@example.com", password=PASSWORD, role=Role.OWNER
    )
    made = Authenticator().make(passkeys.offer(eve, ORIGIN))
    with pytest.raises(Stale):
        passkeys.add(user, "Phone", made, ORIGIN)


def test_one_device_is_kept_once(passkeys: Passkeys, user: User) -> None:
    device = added(passkeys, user)
    with pytest.raises(WrongPasskey):
        passkeys.add(user, "Again", device.make(passkeys.offer(user, ORIGIN)), ORIGIN)


@pytest.mark.parametrize(
    "device", [Authenticator("https://evil.example"), Authenticator(flags=PRESENT)]
)
def test_not_for_another_server_and_not_without_asking_the_person(
    passkeys: Passkeys, user: User, device: Authenticator
) -> None:
    """An origin that is not ours; a device that asked for no finger, face or PIN."""
    with pytest.raises(WrongPasskey):
        passkeys.add(user, "Phone", device.make(passkeys.offer(user, ORIGIN)), ORIGIN)
    right = added(passkeys, user)
    right.origin, right.flags = device.origin, device.flags
    with pytest.raises(WrongPasskey):
        signs_in(passkeys, right)


def test_another_signature_or_a_copy_of_the_device(passkeys: Passkeys, user: User) -> None:
    device = added(passkeys, user)
    with pytest.raises(WrongPasskey):
        signs_in(passkeys, device, signature=encoded(b"x" * 70))
    device.host = "evil.example"
    with pytest.raises(WrongPasskey):
        signs_in(passkeys, device)
    device.host = "stats.example.com"
    assert signs_in(passkeys, device)
    device.signatures -= 1
    with pytest.raises(WrongPasskey):
        signs_in(passkeys, device)


@pytest.mark.parametrize("location", ["sqlite"], indirect=True)
def test_attempts_are_bounded(passkeys: Passkeys) -> None:
    for _ in range(30):
        with pytest.raises(WrongPasskey):
            passkeys.verify("{}", ORIGIN, address=HERE)
    with pytest.raises(RateLimited):
        passkeys.verify("{}", ORIGIN, address=HERE)


@pytest.mark.parametrize(
    ("origin", "is_possible"),
    [
        ("https://stats.example.com", True),
        ("https://stats.example.com:8443", True),
        ("http://localhost:8000", True),
        ("http://stats.example.com", False),
        ("http://127.0.0.1:8000", False),
        ("https://[2001:db8::1]", False),
    ],
)
def test_where_browsers_have_passkeys(origin: str, is_possible: bool) -> None:
    assert Passkeys.work_at(origin) is is_possible


@pytest.fixture(scope="module")
def guessed(tmp_path_factory: pytest.TempPathFactory) -> Database:
    return Database(tmp_path_factory.mktemp("guessed") / "leadline.sqlite3")


anything = st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists)
parts = st.dictionaries(st.sampled_from(["id", "rawId", "type", "response"]), anything)


@given(answer=st.text(st.characters()) | parts.map(json.dumps))
def test_no_nonsense_is_more_than_wrong(guessed: Database, answer: str) -> None:
    with pytest.raises(WrongPasskey):
        Passkeys(guessed).verify(answer, ORIGIN, address=HERE)


@given(
    part=st.sampled_from(["authenticatorData", "signature", "userHandle"]),
    value=anything,
)
def test_no_part_is_believed(guessed: Database, part: str, value: object) -> None:
    passkeys = Passkeys(guessed)
    answer = json.loads(Authenticator().use(passkeys.ask(ORIGIN)))
    answer["response"][part] = value
    with pytest.raises(WrongPasskey):
        passkeys.verify(json.dumps(answer), ORIGIN, address=HERE)
