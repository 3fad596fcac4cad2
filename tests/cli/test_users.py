"""`leadline user create`"""

import io

import pytest

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
