"""The second factor: codes of an app, recovery codes, and who is asked for them."""

import base64
import hmac
import struct
from datetime import timedelta

import pyotp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadline.access import (
    FactorState,
    NoSecondFactor,
    Organisations,
    RateLimited,
    Role,
    SecondFactorNeeded,
    SecondFactors,
    Sessions,
    Stale,
    User,
    UserId,
    WrongCode,
    WrongCredentials,
)
from leadline.access.tables import recovery_codes as stored_codes
from leadline.database import Database
from leadline.sites import OrganisationId
from tests.support import ManualClock

EMAIL, PASSWORD = "ada@example.com", "correct horse battery"
HERE = "192.0.2.7"


@pytest.fixture
def factors(database: Database, clock: ManualClock) -> SecondFactors:
    return SecondFactors(database, clock)


@pytest.fixture
def user(organisations: Organisations, organisation: OrganisationId, ada: UserId) -> User:
    return organisations.find(organisation, EMAIL)


class App:
    """An authenticator app, which shows the code of each moment."""

    def __init__(self, address: str, clock: ManualClock) -> None:
        self._totp = pyotp.parse_uri(address)
        self._clock = clock

    def code(self, **later: float) -> str:
        assert isinstance(self._totp, pyotp.TOTP)
        return self._totp.at(self._clock.now + timedelta(**later))


@pytest.fixture
def app(factors: SecondFactors, user: User, clock: ManualClock) -> App:
    """One that is set up, a while ago."""
    app, _ = set_up(factors, user, clock)
    clock.advance(minutes=5)
    return app


def set_up(factors: SecondFactors, user: User, clock: ManualClock) -> tuple[App, tuple[str, ...]]:
    new = factors.offer(user, "Leadline")
    app = App(new.address, clock)
    return app, factors.turn_on(user.id, new.seal, app.code(), address="198.51.100.9")


def pending(sessions: Sessions) -> str:
    with pytest.raises(SecondFactorNeeded) as needed:
        sessions.sign_in(EMAIL, PASSWORD, address="203.0.113.5")
    return needed.value.pending


def test_a_password_and_a_code_sign_in(
    factors: SecondFactors, sessions: Sessions, user: User, app: App
) -> None:
    secret = factors.sign_in(pending(sessions), app.code(), address=HERE)
    session = sessions.find(secret)
    assert session is not None
    assert session.user.id == user.id
    assert session.has_second_factor


def test_a_wrong_password_says_nothing_of_a_factor(sessions: Sessions, app: App) -> None:
    with pytest.raises(WrongCredentials):
        sessions.sign_in(EMAIL, "another password", address=HERE)


def test_it_is_on_only_after_a_right_code(
    factors: SecondFactors, sessions: Sessions, user: User, clock: ManualClock
) -> None:
    new = factors.offer(user, "Leadline")
    assert sessions.sign_in(EMAIL, PASSWORD, address=HERE)
    wrong = f"{(int(App(new.address, clock).code()) + 1) % 1_000_000:06}"
    for code in (wrong, "", "é" * 6, "x" * 10_000):
        with pytest.raises(WrongCode):
            factors.turn_on(user.id, new.seal, code, address=HERE)
    assert factors.state(user.id) == FactorState(None, 0, 0)
    assert len(factors.turn_on(user.id, new.seal, App(new.address, clock).code(), address=HERE))
    assert factors.state(user.id) == FactorState(clock.now, 0, 10)


def test_a_secret_is_offered_to_one_user_for_half_an_hour(
    factors: SecondFactors, user: User, clock: ManualClock
) -> None:
    new = factors.offer(user, "Leadline")
    app = App(new.address, clock)
    assert factors.offered(user, "Leadline", new.seal) == new
    with pytest.raises(Stale):
        factors.turn_on(UserId(user.id + 1), new.seal, app.code(), address=HERE)
    clock.advance(minutes=30)
    with pytest.raises(Stale):
        factors.turn_on(user.id, new.seal, app.code(), address=HERE)


def test_a_code_is_accepted_once(factors: SecondFactors, sessions: Sessions, app: App) -> None:
    code = app.code()
    assert factors.sign_in(pending(sessions), code, address=HERE)
    for used in (code, app.code(seconds=-30)):
        with pytest.raises(WrongCode):
            factors.sign_in(pending(sessions), used, address=HERE)
    assert factors.sign_in(pending(sessions), app.code(seconds=30), address=HERE)


def test_the_code_that_turned_it_on_signs_nobody_in(
    factors: SecondFactors, sessions: Sessions, user: User, clock: ManualClock
) -> None:
    app, _ = set_up(factors, user, clock)
    with pytest.raises(WrongCode):
        factors.sign_in(pending(sessions), app.code(), address=HERE)


@pytest.mark.parametrize(
    ("drift", "is_right"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)]
)
def test_a_clock_may_be_wrong_by_one_step(
    factors: SecondFactors, sessions: Sessions, app: App, drift: int, is_right: bool
) -> None:
    code = app.code(seconds=drift)
    if is_right:
        assert factors.sign_in(pending(sessions), f" {code[:3]} {code[3:]}", address=HERE)
    else:
        with pytest.raises(WrongCode):
            factors.sign_in(pending(sessions), code, address=HERE)


def naive_code(secret: str, moment: float) -> str:
    """RFC 6238, with the truncation of RFC 4226."""
    counter = struct.pack(">Q", int(moment // 30))
    digest = hmac.new(base64.b32decode(secret), counter, "sha1").digest()
    (number,) = struct.unpack(">I", digest[digest[-1] % 16 :][:4])
    return f"{number % 2**31 % 10**6:06}"


@pytest.fixture(scope="module")
def attempted(tmp_path_factory: pytest.TempPathFactory) -> Database:
    database = Database(tmp_path_factory.mktemp("attempted") / "leadline.sqlite3")
    organisations = Organisations(database)
    organisations.add_user(
        organisations.first().id, email=EMAIL, password=PASSWORD, role=Role.OWNER
    )
    return database


@settings(max_examples=20)
@given(attempts=st.lists(st.tuples(st.integers(0, 90), st.integers(-75, 75)), max_size=8))
def test_which_codes_are_taken(attempted: Database, attempts: list[tuple[int, int]]) -> None:
    """Those of this step and of its neighbours, each after the one that was taken last."""
    clock = ManualClock()
    user = Organisations(attempted).people(OrganisationId(1))[0]
    factors = SecondFactors(attempted, clock)
    new = factors.offer(user, "Leadline")
    taken = int(clock.now.timestamp() // 30)
    factors.turn_on(user.id, new.seal, naive_code(new.secret, clock.now.timestamp()), address=HERE)
    for later, drift in attempts:
        clock.advance(seconds=later)
        moment = clock.now.timestamp() + drift
        step, now = int(moment // 30), int(clock.now.timestamp() // 30)
        waiting = pending(Sessions(attempted, clock))
        is_right = abs(step - now) <= 1 and step > taken
        try:
            SecondFactors(attempted, clock).sign_in(
                waiting, naive_code(new.secret, moment), address=HERE
            )
        except WrongCode:
            assert not is_right
        else:
            assert is_right
            taken = step


@pytest.mark.parametrize(
    ("moment", "code"), [(59, "287082"), (1111111109, "081804"), (20000000000, "353130")]
)
def test_codes_are_those_of_rfc_6238(moment: int, code: str) -> None:
    """The examples of its appendix B, to six digits."""
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    assert pyotp.TOTP(secret).at(moment) == naive_code(secret, moment) == code


def test_each_recovery_code_signs_in_once(
    factors: SecondFactors, sessions: Sessions, user: User, clock: ManualClock
) -> None:
    _, codes = set_up(factors, user, clock)
    assert len({code[0] for code in codes}) == len(codes) == 10
    for number, code in enumerate(codes[:3], 1):
        typed = code.replace("-", " ").upper()
        assert factors.sign_in(pending(sessions), typed, address=HERE)
        assert factors.state(user.id).recovery_codes == 10 - number
        with pytest.raises(WrongCode):
            factors.sign_in(pending(sessions), code, address=HERE)


def test_new_recovery_codes_end_those_of_before(
    factors: SecondFactors, sessions: Sessions, user: User, clock: ManualClock
) -> None:
    _, old = set_up(factors, user, clock)
    new = factors.renew_recovery_codes(user.id)
    with pytest.raises(WrongCode):
        factors.sign_in(pending(sessions), old[0], address=HERE)
    assert factors.sign_in(pending(sessions), new[0], address=HERE)


def test_recovery_codes_stand_for_something(factors: SecondFactors, user: User) -> None:
    with pytest.raises(NoSecondFactor):
        factors.renew_recovery_codes(user.id)


def test_recovery_codes_are_not_stored(
    factors: SecondFactors, user: User, clock: ManualClock, database: Database
) -> None:
    _, codes = set_up(factors, user, clock)
    with database.reading() as connection:
        kept = str(connection.execute(stored_codes.select()).all())
    assert not [code for code in codes if code in kept or code.replace("-", "") in kept]
    assert kept.count("$argon2id$") == 10


def test_another_app_in_its_place_leaves_the_recovery_codes(
    factors: SecondFactors, sessions: Sessions, user: User, app: App, clock: ManualClock
) -> None:
    other, codes = set_up(factors, user, clock)
    assert codes == ()
    clock.advance(minutes=5)
    with pytest.raises(WrongCode):
        factors.sign_in(pending(sessions), app.code(), address=HERE)
    assert factors.sign_in(pending(sessions), other.code(), address=HERE)


def test_turning_it_off_takes_a_code(
    factors: SecondFactors, sessions: Sessions, user: User, app: App
) -> None:
    with pytest.raises(WrongCode):
        factors.turn_off(user.id, "000000", address=HERE)
    factors.turn_off(user.id, app.code(), address=HERE)
    assert factors.state(user.id) == FactorState(None, 0, 0)
    assert sessions.sign_in(EMAIL, PASSWORD, address=HERE)


def test_whoever_gave_a_password_has_ten_minutes(
    factors: SecondFactors, sessions: Sessions, app: App, clock: ManualClock
) -> None:
    waiting = pending(sessions)
    clock.advance(minutes=10)
    with pytest.raises(Stale):
        factors.sign_in(waiting, app.code(), address=HERE)


def test_a_new_password_ends_what_was_pending(
    factors: SecondFactors,
    sessions: Sessions,
    app: App,
    organisations: Organisations,
    organisation: OrganisationId,
) -> None:
    waiting = pending(sessions)
    organisations.set_password(organisation, EMAIL, "another password")
    with pytest.raises(Stale):
        factors.sign_in(waiting, app.code(), address=HERE)


@pytest.mark.parametrize("made_up", ["", "x", "é", "x" * 10_000, "AAAA" * 40])
def test_what_is_pending_cannot_be_made_up(factors: SecondFactors, made_up: str) -> None:
    with pytest.raises(Stale):
        factors.sign_in(made_up, "000000", address=HERE)
    with pytest.raises(Stale):
        factors.pending(made_up)


def test_what_is_pending_cannot_be_changed(
    factors: SecondFactors, sessions: Sessions, app: App
) -> None:
    waiting = pending(sessions)
    for place in range(0, len(waiting), 7):
        other = "A" if waiting[place] != "A" else "B"
        changed = waiting[:place] + other + waiting[place + 1 :]
        with pytest.raises(Stale):
            factors.pending(changed)
    assert factors.pending(waiting).recovery_codes == 10


# What only memory is about: one engine will do.
in_memory = pytest.mark.parametrize("location", ["sqlite"], indirect=True)


@in_memory
def test_attempts_of_one_address_are_bounded(
    factors: SecondFactors, sessions: Sessions, app: App
) -> None:
    waiting = pending(sessions)
    for _ in range(10):
        with pytest.raises((WrongCode, RateLimited)):
            factors.sign_in(waiting, "x", address=HERE)
    with pytest.raises(RateLimited) as refused:
        factors.sign_in(waiting, app.code(), address=HERE)
    assert 0 < refused.value.retry_after <= 3600


@in_memory
def test_attempts_on_one_account_are_bounded_wherever_they_come_from(
    factors: SecondFactors, sessions: Sessions, app: App
) -> None:
    waiting = pending(sessions)
    for number in range(9):  # one was spent when it was turned on
        with pytest.raises(WrongCode):
            factors.sign_in(waiting, "x", address=f"198.51.100.{number}")
    with pytest.raises(RateLimited):
        factors.sign_in(waiting, app.code(), address="2001:db8::1")


def test_whoever_lost_everything_is_helped_by_the_operator(
    factors: SecondFactors, sessions: Sessions, user: User, app: App
) -> None:
    secret = sessions.open(user.id)
    factors.reset(user.id)
    assert factors.state(user.id) == FactorState(None, 0, 0)
    assert sessions.find(secret) is None
    assert sessions.sign_in(EMAIL, PASSWORD, address=HERE)


def test_an_organisation_may_require_it(
    factors: SecondFactors,
    sessions: Sessions,
    organisations: Organisations,
    organisation: OrganisationId,
    user: User,
    clock: ManualClock,
) -> None:
    secret = sessions.open(user.id)

    def must() -> bool:
        session = sessions.find(secret)
        assert session is not None
        return session.must_set_up_factor

    assert not must()
    organisations.require_second_factor(organisation, True)
    assert must()
    set_up(factors, user, clock)
    assert not must()
    factors.reset(user.id)
    secret = sessions.open(user.id)
    organisations.require_second_factor(organisation, False)
    assert not must()
