import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from tests.cli.commands import Operator


@pytest.fixture
def operator(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Operator:
    return Operator(tmp_path / "data", capsys)


@pytest.fixture(autouse=True)
def own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands see none of the settings of whoever runs the tests."""
    for name in ("LEADLINE_DATA", "LEADLINE_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LEADLINE_BROWSER", "none")


@pytest.fixture(autouse=True)
def unchanged_logs() -> Iterator[None]:
    """A command decides where its process logs to; here that is everybody's process."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    yield
    root.handlers = handlers
    root.setLevel(level)
    structlog.reset_defaults()
