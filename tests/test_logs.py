"""Log lines: what they look like, and what is never in them."""

import json
import logging
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import structlog

from leadline.logs import configure_logs, logger
from leadline.settings import Settings
from tests.support import PATIENCE, eventually, own_logs

ADDRESS = "203.0.113.77"
AGENT = "Somebodys-Browser/7.7"


@pytest.fixture
def configured() -> Iterator[Callable[..., None]]:
    """Configures this process's logs; afterwards they are as before."""
    with own_logs():
        yield lambda **fields: configure_logs(Settings(**fields))


def test_a_json_line_is_an_object(
    configured: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    configured(log_format="json")
    logger("leadline.test").info("site erased", site=7)
    logging.getLogger("of.another.library").warning("a %s", "word")
    out, err = capsys.readouterr()
    assert out == ""
    ours, theirs = map(json.loads, err.splitlines())
    assert (ours["event"], ours["site"], ours["level"]) == ("site erased", 7, "info")
    assert (ours["logger"], ours["timestamp"][-1]) == ("leadline.test", "Z")
    assert (theirs["event"], theirs["level"]) == ("a word", "warning")


def test_a_console_line_is_for_people(
    configured: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    configured()
    logger("leadline.test").info("site erased", site=7)
    (line,) = capsys.readouterr().err.splitlines()
    assert "site erased" in line
    assert "site=7" in line
    assert "\x1b" not in line


@pytest.mark.parametrize("log_format", ["json", "console"])
def test_an_error_shows_its_way_and_no_values(
    configured: Callable[..., None], capsys: pytest.CaptureFixture[str], log_format: str
) -> None:
    def fail(address: str) -> None:
        raise ValueError("no such thing")

    configured(log_format=log_format)
    try:
        fail(ADDRESS)
    except ValueError as error:
        logger("leadline.test").error("request failed", exc_info=error)
    err = capsys.readouterr().err
    assert "ValueError: no such thing" in err
    assert "in fail" in err
    assert ADDRESS not in err


@pytest.mark.parametrize(
    ("level", "shown"), [("debug", 4), ("info", 3), ("warning", 2), ("error", 1)]
)
def test_what_is_below_the_level_is_not_shown(
    configured: Callable[..., None],
    capsys: pytest.CaptureFixture[str],
    level: str,
    shown: int,
) -> None:
    configured(log_level=level)
    log = logger(f"leadline.test.{level}")
    for write in (log.debug, log.info, log.warning, log.error):
        write("said")
    assert len(capsys.readouterr().err.splitlines()) == shown


def test_a_test_that_configures_them_leaves_them_as_they_were(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A server beside the next test writes on: not into what that finds on standard output."""
    before = structlog.get_config()
    with own_logs():
        configure_logs(Settings())
        assert structlog.get_config() != before
    assert structlog.get_config() == before
    logger("leadline.test.later").warning("site erased")
    assert capsys.readouterr().out == ""


def send(url: str, body: bytes | None = None, **headers: str) -> int:
    named = {"User-Agent": AGENT, "X-Forwarded-For": ADDRESS} | headers
    return httpx.request(
        "POST" if body is not None else "GET", url, content=body, headers=named, verify=False
    ).status_code


def test_a_server_logs_neither_address_nor_user_agent(tmp_path: Path) -> None:
    """Everything that a request can make a server say, at its most talkative."""
    environment = os.environ | {
        "LEADLINE_LOG_LEVEL": "debug",
        "LEADLINE_LOG_FORMAT": "json",
        "LEADLINE_SEAL_RATE_LIMIT": "1",
    }
    command: list[Any] = [sys.executable, "-m", "leadline"]
    subprocess.run(
        [*command, "site", "create", "Acme", "--code", "CDBUGS", "--data", tmp_path],
        check=True,
        capture_output=True,
    )
    said, logged = tmp_path / "out", tmp_path / "err"
    with said.open("wb") as out, logged.open("wb") as err:
        server = subprocess.Popen(
            [*command, "serve", "--data", tmp_path, "--port", "0"],
            env=environment,
            stdout=out,
            stderr=err,
        )
        try:
            line = eventually(lambda: said.read_text().partition("\n")[0])
            url = line.rpartition(" ")[2]
            page = "h=https%3A%2F%2Fexample.com&p=%2F"
            assert send(f"{url}/?sid=CDBUGS&{page}") == 200
            assert send(f"{url}/?sid=NOBODY&{page}") == 200
            assert send(f"{url}/event", b"{broken") == 204
            assert send(f"{url}/event", b'{"a": "acme", "u": "ftp://example.com"}') == 204
            assert send(f"{url}/nothing") == 404
            assert send(f"{url}/v1/sites") == 401
            assert send(f"{url}/api/v1/sites") == 401
            assert send(f"{url}/api/v1/sites") == 429
            assert send(f"{url}/v1/sites", b"{broken", Authorization="Bearer x") == 401
            assert send(f"{url}/v1/sites", Upgrade="websocket", Connection="Upgrade") == 401
        finally:
            server.terminate()
            server.wait(timeout=PATIENCE)
    lines = logged.read_text() + said.read_text()
    assert url in lines
    assert ADDRESS not in lines
    assert AGENT not in lines
    assert [line for line in logged.read_text().splitlines() if not json.loads(line)["event"]] == []
