"""What the commands say about themselves."""

import pytest

from leadline import __version__
from leadline.cli import cli
from tests.cli.commands import ended

COMMANDS = {
    "": ["serve", "token", "user", "site", "demo", "doctor", "backup", "restore", "export", "mail"],
    "backup": ["--data"],
    "demo": ["--hits", "--days", "--sites", "--seed", "--until", "--add", "--data"],
    "doctor": ["--server", "--browser", "--no-browser", "--data"],
    "export": ["--format", "--since", "--until", "--output", "--data"],
    "mail": ["test"],
    "mail test": ["--data"],
    "restore": ["--data"],
    "serve": ["--data", "--host", "--port"],
    "token": ["create", "list", "revoke"],
    "token create": ["--ability", "--expires-in-days", "--data"],
    "token list": ["--data"],
    "token revoke": ["--data"],
    "user": ["create", "list", "password", "reset-factor", "delete"],
    "user create": ["--role", "--name", "--password-stdin", "--data"],
    "user list": ["--data"],
    "user password": ["--password-stdin", "--data"],
    "user reset-factor": ["--data"],
    "user delete": ["--data"],
    "site": ["create", "list", "import", "retention", "delete"],
    "site create": ["--code", "--slug", "--domain", "--timezone", "--currency", "--data"],
    "site list": ["--data"],
    "site import": ["--data"],
    "site retention": ["--dry-run", "--data"],
    "site delete": ["--yes", "--data"],
}


@pytest.mark.parametrize("command", COMMANDS)
def test_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert ended(*command.split(), "--help") == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    assert printed.out.startswith(f"Usage: leadline {command}".rstrip())
    for part in COMMANDS[command]:
        assert part in printed.out


def test_every_command_is_here() -> None:
    found = set()
    for name in COMMANDS[""]:
        found.add(name)
        rest = {each for each in cli[name] if not each.startswith("-")}
        found |= {f"{name} {each}" for each in rest}
    assert found == set(COMMANDS) - {""}


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert ended("--version") == 0
    assert capsys.readouterr() == (f"{__version__}\n", "")


@pytest.mark.parametrize("arguments", [["bogus"], ["--bogus"], ["site", "bogus"], ["serve", "x"]])
def test_what_is_no_command(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert ended(*arguments) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("leadline: ")
    assert printed.err.count("\n") == 1
