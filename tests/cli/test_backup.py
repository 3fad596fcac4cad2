"""`leadline backup` and `leadline restore`, beside servers in processes of their own."""

import signal
import subprocess
import sys
from pathlib import Path

import duckdb
import httpx
import pytest

from tests.cli.commands import Operator, run, serving
from tests.support import BROWSER, PATIENCE, eventually

PASSWORD = "correct horse battery"
DIES = """
import os, signal, sys
from leadline import backup
from leadline.cli import main
{victim} = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
main(sys.argv[1:])
"""


def killed(victim: str, *arguments: str) -> int:
    """The exit code of a command that a SIGKILL hits where it would call `victim`."""
    command = [sys.executable, "-c", DIES.format(victim=victim), *arguments]
    return subprocess.run(command, check=False, timeout=PATIENCE).returncode


def send(url: str, path: str) -> None:
    query = {"sid": "CDBUGS", "h": "https://shop.example", "p": path}
    assert (
        httpx.get(url, params=query, headers={"User-Agent": BROWSER}, verify=False).status_code
        == 200
    )


def total_hits(url: str, secret: str) -> int:
    headers = {"X-API-Key": secret}
    address = f"{url}/api/v1/sites/acme/pixel/status"
    answer = httpx.get(address, headers=headers, verify=False)
    return int(answer.json()["data"]["total_hits"]) if answer.status_code == 200 else -1


def settled(operator: Operator) -> str:
    """A person and a site; the secret of a token."""
    operator.types("site", "create", "Acme", "--code", "CDBUGS", "--slug", "acme")
    person = ("user", "create", "ada@example.com", "--password-stdin")
    made = run(*person, "--data", str(operator.data), stdin=f"{PASSWORD}\n")
    assert made.returncode == 0
    return operator.types("token", "create", "all", "--ability", "*").strip()


def left_in(data: Path) -> list[Path]:
    return list(data.glob("backup-*"))


def test_from_one_server_into_another(operator: Operator, tmp_path: Path) -> None:
    file, new = tmp_path / "leadline.tar", tmp_path / "new"
    secret = settled(operator)
    with serving(operator.data) as server:
        for number in range(20):
            send(server.url, f"/{number}")
        assert operator.types("backup", str(file)) == ""
        assert operator.errors == f"{file}: {file.stat().st_size} bytes\n"
        send(server.url, "/later")
    assert file.stat().st_mode & 0o777 == 0o600
    with serving(new) as server:
        link = server.owner_link
        assert httpx.get(link, verify=False).status_code == 200
        restored = run("restore", str(file), "--data", str(new))
        assert (restored.returncode, restored.stdout) == (0, "")
        assert restored.stderr.startswith("restored what was there at ")
        eventually(lambda: total_hits(server.url, secret) == 20)
        assert httpx.get(link, verify=False).status_code != 200, "a second owner could be made"
        again = run("restore", str(file), "--data", str(new))
        assert (again.returncode, again.stdout) == (1, "")
        assert again.stderr.startswith("leadline: a backup is restored into a fresh installation")
        assert total_hits(server.url, secret) == 20
    listed = run("site", "list", "--data", str(new)).stdout
    assert listed == operator.types("site", "list")
    assert left_in(operator.data) == left_in(new) == []


def test_a_backup_that_is_killed_leaves_no_file(operator: Operator, tmp_path: Path) -> None:
    directory = tmp_path / "backups"
    directory.mkdir()
    file = directory / "leadline.tar"
    secret = settled(operator)
    typed = ("backup", str(file), "--data", str(operator.data))
    with serving(operator.data) as server:
        send(server.url, "/")
        assert killed("os.fsync", *typed) == -signal.SIGKILL
        assert not file.exists()
        assert all(path.stat().st_mode & 0o777 == 0o600 for path in directory.iterdir())
        send(server.url, "/")
        eventually(lambda: total_hits(server.url, secret) == 2)
        operator.types("backup", str(file))
    assert list(directory.iterdir()) == [file]
    assert left_in(operator.data) == []


def test_a_restore_that_is_killed_can_be_done_again(operator: Operator, tmp_path: Path) -> None:
    file, new = tmp_path / "leadline.tar", tmp_path / "new"
    settled(operator)
    operator.types("backup", str(file))
    typed = ("restore", str(file), "--data", str(new))
    assert killed("backup.metadata._continue_numbers", *typed) == -signal.SIGKILL
    assert run("site", "list", "--data", str(new)).stdout == ""
    assert run(*typed).returncode == 0
    assert "CDBUGS" in run("site", "list", "--data", str(new)).stdout


def test_where_nothing_is_nothing_is_made(operator: Operator, tmp_path: Path) -> None:
    file = tmp_path / "leadline.tar"
    assert operator.fails("backup", str(file)) == f"there is nothing to back up in {operator.data}"
    assert list(tmp_path.iterdir()) == []


def test_hits_that_cannot_be_read_are_told_in_a_line(operator: Operator, tmp_path: Path) -> None:
    settled(operator)
    with duckdb.connect(str(operator.data / "hits.duckdb")) as connection:
        connection.execute("CREATE TABLE schema_version AS SELECT 2 AS version")
    message = operator.fails("backup", str(tmp_path / "leadline.tar"))
    assert message.startswith("the hits: ")


@pytest.mark.parametrize("command", ["backup", "restore"])
def test_a_file_that_cannot_be_had(operator: Operator, tmp_path: Path, command: str) -> None:
    settled(operator)
    message = operator.fails(command, str(tmp_path / "missing" / "leadline.tar"))
    assert message.endswith(": No such file or directory")
    assert left_in(operator.data) == []
