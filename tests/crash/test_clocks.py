"""A clock that jumps under a server."""

from pathlib import Path

from tests.crash import clocks


def test_nothing_is_lost_when_the_clock_jumps(tmp_path: Path) -> None:
    assert "stored once" in clocks.jumping(tmp_path)


def test_salts_of_other_days_are_gone_after_a_start(tmp_path: Path) -> None:
    assert clocks.salts_of_a_server_that_was_down(tmp_path) == "none is left"
