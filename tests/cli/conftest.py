from pathlib import Path

import pytest

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
