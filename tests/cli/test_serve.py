"""`leadline serve`, as a process."""

import signal
import socket
from pathlib import Path

import httpx
import pytest

from leadline.settings import Settings
from leadline.storage import sole_use
from tests.cli.commands import Operator, ended, run, serving


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_it_cleanly(tmp_path: Path, stop: signal.Signals) -> None:
    data = str(tmp_path / "data")
    assert ended("site", "create", "Acme", "--code", "CDBUGS", "--data", data) == 0
    with serving(tmp_path / "data", LEADLINE_LOADER_INTERVAL="1") as server:
        assert httpx.get(server.url + "/health", verify=False).json()["status"] == "ok"
        query = "h=https://shop.example&p=/&sid=CDBUGS"
        for _ in range(5):
            assert httpx.get(f"{server.url}/?{query}", verify=False).status_code == 200
        assert server.owner_link.startswith(f"{server.url}/owner/")
        assert server.stop(stop) == (0, "", "")
        with pytest.raises(httpx.ConnectError):
            httpx.get(server.url + "/health", verify=False)


def test_a_second_server_on_the_same_data_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with sole_use(Settings(data=tmp_path)):
        assert ended("serve", "--data", str(tmp_path), "--port", "0") == 1
    assert capsys.readouterr() == ("", f"leadline: another Leadline serves {tmp_path}\n")


def test_a_port_in_use(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert ended("serve", "--data", str(tmp_path), "--port", port) == 1
    expected = f"leadline: cannot listen on 127.0.0.1:{port}: Address already in use\n"
    assert capsys.readouterr() == ("", expected)


@pytest.mark.parametrize(
    ("host", "address"), [("192.0.2.1", "192.0.2.1:0"), ("2001:db8::1", "[2001:db8::1]:0")]
)
def test_an_address_of_another_machine(operator: Operator, host: str, address: str) -> None:
    message = operator.fails("serve", "--host", host, "--port", "0")
    assert message.startswith(f"cannot listen on {address}: ")


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("LEADLINE_PORT", "99999"),
        ("LEADLINE_DATABASE_URL", "mysql://ada:secret@db/leadline"),
        ("LEADLINE_PUBLIC_URL", "stats.example.com"),
        ("LEADLINE_PUBLIC_URL", "https://stats.example.com/path"),
        ("LEADLINE_TRUSTED_PROXIES", "nobody"),
        ("LEADLINE_LOG_LEVEL", "loud"),
        ("LEADLINE_LOG_FORMAT", "xml"),
        ("LEADLINE_FATHOM_RATE_LIMIT", "-1"),
        ("LEADLINE_SEAL_RATE_LIMIT", "0"),
        ("LEADLINE_SPOOL_SEGMENT_BYTES", "many"),
        ("LEADLINE_LOADER_INTERVAL", "0"),
        ("LEADLINE_WAREHOUSE_MEMORY", "all"),
        ("LEADLINE_WAREHOUSE_THREADS", "0"),
    ],
)
def test_a_wrong_setting_is_named_by_its_variable(
    operator: Operator, monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.setenv(variable, value)
    assert operator.fails("serve").startswith(f"{variable}: ")


def test_several_wrong_settings_are_one_line(
    operator: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEADLINE_LOG_LEVEL", "loud")
    monkeypatch.setenv("LEADLINE_WAREHOUSE_THREADS", "none")
    message = operator.fails("serve", "--port", "-1")
    for variable in ("LEADLINE_PORT", "LEADLINE_LOG_LEVEL", "LEADLINE_WAREHOUSE_THREADS"):
        assert f"{variable}: " in message


def test_an_option_goes_before_its_variable(
    operator: Operator, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("LEADLINE_DATA", str(tmp_path / "other"))
    operator.types("site", "create", "Acme")
    assert (operator.data / "leadline.sqlite3").exists()
    assert not (tmp_path / "other").exists()
    assert ended("site", "list") == 0
    assert (tmp_path / "other" / "leadline.sqlite3").exists()


def test_data_that_is_no_directory(operator: Operator) -> None:
    operator.data.write_text("a file")
    assert operator.fails("site", "list") == f"{operator.data}: File exists"
    assert operator.fails("serve", "--port", "0") == f"{operator.data}: File exists"


def test_data_that_is_no_database(operator: Operator) -> None:
    operator.data.mkdir()
    (operator.data / "leadline.sqlite3").write_text("no database " * 1000)
    message = operator.fails("site", "list")
    assert message == "the metadata database: file is not a database"


def test_what_it_keeps_is_for_its_owner_alone(operator: Operator) -> None:
    operator.types("site", "create", "Acme")
    assert operator.data.stat().st_mode & 0o777 == 0o700
    assert (operator.data / "leadline.sqlite3").stat().st_mode & 0o777 == 0o600


def test_the_owners_link_is_printed_until_there_is_an_owner(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with serving(data) as server:
        first = server.owner_link
    with serving(data, LEADLINE_PUBLIC_URL="https://stats.example.com") as server:
        second = server.owner_link
        assert second.startswith("https://stats.example.com/owner/")
        for link in (first, second):
            secret = link.rpartition("/")[2]
            assert httpx.get(f"{server.url}/owner/{secret}", verify=False).status_code == 200
    create = ("user", "create", "ada@example.com", "--password-stdin", "--data", str(data))
    assert run(*create, stdin="correct horse battery\n").returncode == 0
    with serving(data) as server:
        assert server.stop(signal.SIGTERM) == (0, "", "")


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])
def test_the_link_can_be_opened_where_the_server_listens_everywhere(
    tmp_path: Path, host: str
) -> None:
    with serving(tmp_path, "--host", host) as server:
        assert httpx.get(server.owner_link, verify=False).status_code == 200
