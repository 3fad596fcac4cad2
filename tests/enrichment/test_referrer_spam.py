"""Hosts that nobody comes from."""

from pathlib import Path
from threading import Thread

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from leadline.enrichment import SpamHosts

LIST = """\ufeff# Hosts of which we have had enough
spam.example
Buy.SPAM2.example.   # this one writes in capitals

  bücher.example
xn--mller-kva.example
_tracker.example
com
two words.example
http://spam3.example/
a..example
""".replace("\n", "\r\n")


class Seconds:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "spam.txt"
    file.write_text(LIST, "utf-8")
    return file


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("semalt.com", True),
        ("www.semalt.com", True),
        ("12.semalt.com", True),
        ("SEMALT.com.", True),
        ("lifehacĸer.com", True),
        ("notsemalt.com", False),
        ("semalt.com.example", False),
        ("com", False),
        ("google.com", False),
        ("lifehacker.com", False),
        ("", False),
    ],
)
def test_the_best_known_are_known_without_a_file(host: str, expected: bool) -> None:
    assert SpamHosts().names(host) is expected


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("spam.example", True),
        ("a.b.spam.example", True),
        ("myspam.example", False),
        ("example", False),
        ("buy.spam2.example", True),
        ("spam2.example", False),
        ("bücher.example", True),
        ("xn--bcher-kva.example", True),
        ("www.müller.example", True),
        ("_tracker.example", True),
        ("semalt.com", True),
        # Lines that name no host, or too many.
        ("example.com", False),
        ("spam3.example", False),
        ("words.example", False),
    ],
)
def test_the_rest_is_in_the_operators_file(file: Path, host: str, expected: bool) -> None:
    assert SpamHosts(file).names(host) is expected


def test_lines_that_name_no_host_are_logged(file: Path) -> None:
    with capture_logs() as logs:
        SpamHosts(file)
    assert logs[0]["event"] == "lines that name no host"
    assert (logs[0]["lines"], logs[0]["first"]) == (4, "com")


def test_a_file_that_is_no_text_names_nobody(file: Path) -> None:
    file.write_bytes(bytes(range(256)))
    spam = SpamHosts(file)
    assert not spam.names("spam.example")
    assert spam.names("semalt.com")


def test_a_changed_file_is_read_within_ten_seconds(file: Path) -> None:
    seconds = Seconds()
    spam = SpamHosts(file, seconds)
    file.write_text("other.example")
    seconds.now = 9.9
    assert spam.names("spam.example")
    assert not spam.names("other.example")
    seconds.now = 10.0
    assert spam.names("other.example")
    assert not spam.names("spam.example")
    file.unlink()
    seconds.now = 20.0
    assert not spam.names("other.example")
    assert spam.names("semalt.com")


def test_a_directory_is_no_list(tmp_path: Path) -> None:
    with capture_logs() as logs:
        assert not SpamHosts(tmp_path).names("spam.example")
    assert [entry["event"] for entry in logs] == ["file not used"]


def test_threads_may_ask_while_the_file_changes(file: Path) -> None:
    seconds = Seconds()
    spam = SpamHosts(file, seconds)
    answers: list[bool] = []

    def ask() -> None:
        for _ in range(300):
            seconds.now += 1
            answers.append(spam.names("spam.example"))

    threads = [Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for number in range(30):
        changed = file.with_suffix(".new")
        changed.write_text(f"{LIST}{number}.example\n")
        changed.replace(file)
    for thread in threads:
        thread.join()
    assert len(answers) == 1200
    assert all(answers)


@given(st.text())
@example("\ud800")
@example("ä" * 300)
@example("." * 300)
@example("xn--a.example")
def test_any_text_is_spam_or_none(host: str) -> None:
    assert SpamHosts().names(host) in (True, False)
