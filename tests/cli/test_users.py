"""`leadline user …`"""

import io

import pyotp
import pytest

from leadline.access import Role, SecondFactorNeeded, Sessions, WrongCredentials
from leadline.cli.options import opened
from leadline.database import Database
from tests.cli.commands import Operator, run

PASSWORD = "correct horse battery staple"


@pytest.fixture
def password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(PASSWORD + "\n"))


def people(operator: Operator) -> list[tuple[str, str, str]]:
    database = Database(operator.data / "leadline.sqlite3")
    query = "SELECT email, name, role FROM users JOIN memberships ON user_id = users.id"
    with database.reading() as connection:
        rows = [(row[0], row[1], row[2]) for row in connection.exec_driver_sql(query)]
    database.close()
    return rows


@pytest.mark.usefixtures("password")
def test_the_first_person_is_an_owner(operator: Operator) -> None:
    out = operator.types("user", "create", "Homer@Example.com", "--password-stdin")
    assert out == ""
    assert operator.errors == "Homer@Example.com is owner now\n"
    assert people(operator) == [("Homer@Example.com", "Homer", "owner")]


@pytest.mark.usefixtures("password")
@pytest.mark.parametrize("role", ["owner", "admin", "member"])
def test_roles(operator: Operator, role: str) -> None:
    options = ("--role", role, "--name", "Homer Simpson", "--password-stdin")
    operator.types("user", "create", "homer@example.com", *options)
    assert people(operator) == [("homer@example.com", "Homer Simpson", role)]


def test_a_password_is_read_from_a_pipe_and_shown_nowhere(operator: Operator) -> None:
    data = str(operator.data)
    done = run(
        "user", "create", "homer@example.com", "--password-stdin", "--data", data, stdin=PASSWORD
    )
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == "homer@example.com is owner now\n"
    stored = b"".join(file.read_bytes() for file in operator.data.iterdir() if file.is_file())
    assert PASSWORD.encode() not in stored


@pytest.mark.usefixtures("password")
@pytest.mark.parametrize("email", ["homer", "@example.com", "homer@", "a b@example.com", ""])
def test_an_address_that_is_none(operator: Operator, email: str) -> None:
    message = operator.fails("user", "create", email, "--password-stdin")
    assert message == f"Not an e-mail address: {email}".strip()
    assert people(operator) == []


@pytest.mark.parametrize("typed", ["", "\n", "eleven char\n", "x" * 129])
def test_a_password_of_a_wrong_length(
    operator: Operator, monkeypatch: pytest.MonkeyPatch, typed: str
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    message = operator.fails("user", "create", "homer@example.com", "--password-stdin")
    assert message == "A password has 12 to 128 characters"
    assert people(operator) == []


def test_an_address_is_taken_once_whatever_its_case(
    operator: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n{PASSWORD}\n"))
    operator.types("user", "create", "homer@example.com", "--password-stdin")
    message = operator.fails("user", "create", "HOMER@example.com", "--password-stdin")
    assert message == "There is a user with this address already: HOMER@example.com"


def test_a_role_that_is_none(operator: Operator) -> None:
    message = operator.fails("user", "create", "homer@example.com", "--role", "king", code=2)
    assert '"king"' in message


@pytest.fixture
def homer(operator: Operator, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr("sys.stdin", io.StringIO(PASSWORD + "\n"))
    operator.types("user", "create", "homer@example.com", "--password-stdin")
    return "homer@example.com"


def test_people_are_listed(operator: Operator, homer: str) -> None:
    assert operator.types("user", "list") == f"{homer}\towner\thomer\n"


def test_a_password_is_set_anew(
    operator: Operator, homer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def types(password: str) -> tuple[str, str, str]:
        monkeypatch.setattr("sys.stdin", io.StringIO(password + "\n"))
        return ("user", "password", homer.upper())

    assert operator.types(*types("another password"), "--password-stdin") == ""
    with opened(operator.data) as metadata:
        sessions = Sessions(metadata.database)
        assert sessions.sign_in(homer, "another password", address="127.0.0.1")
        with pytest.raises(WrongCredentials):
            sessions.sign_in(homer, PASSWORD, address="127.0.0.1")
    message = operator.fails(*types("short"), "--password-stdin")
    assert message == "A password has 12 to 128 characters"
    monkeypatch.setattr("sys.stdin", io.StringIO(PASSWORD + "\n"))
    message = operator.fails("user", "password", "marge@example.com", "--password-stdin")
    assert message == "Nobody has this address: marge@example.com"


def test_whoever_lost_the_second_factor_signs_in_with_a_password_again(
    operator: Operator, homer: str
) -> None:
    with opened(operator.data) as metadata:
        user = metadata.organisations.find(metadata.organisation.id, homer)
        new = metadata.second_factors.offer(user, "Leadline")
        code = pyotp.TOTP(new.secret).now()
        metadata.second_factors.turn_on(user.id, new.seal, code, address="127.0.0.1")
        with pytest.raises(SecondFactorNeeded):
            Sessions(metadata.database).sign_in(homer, PASSWORD, address="127.0.0.1")
    assert operator.types("user", "reset-factor", homer.upper()) == ""
    assert operator.errors == f"{homer} has no second factor any more\n"
    with opened(operator.data) as metadata:
        assert Sessions(metadata.database).sign_in(homer, PASSWORD, address="127.0.0.1")
    message = operator.fails("user", "reset-factor", "marge@example.com")
    assert message == "Nobody has this address: marge@example.com"


@pytest.mark.usefixtures("password")
def test_the_last_owner_stays(operator: Operator) -> None:
    operator.types("user", "create", "homer@example.com", "--password-stdin")
    message = operator.fails("user", "delete", "homer@example.com")
    assert message == "homer@example.com is the last owner: make another one first"
    assert operator.fails("user", "delete", "x@example.com").startswith("Nobody has this address")
    with opened(operator.data) as metadata:
        metadata.organisations.add_user(
            metadata.organisation.id,
            email="marge@example.com",
            password=PASSWORD,
            role=Role.OWNER,
        )
    operator.types("user", "delete", "homer@example.com")
    assert operator.errors == "homer@example.com is gone\n"
    assert operator.types("user", "list") == "marge@example.com\towner\tmarge\n"
