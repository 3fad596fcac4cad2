"""docs/settings.md says what the settings are, and nothing else."""

import re
from pathlib import Path

import pytest

from leadline.cli import cli
from leadline.settings import Settings
from tests.docs.documents import ROOT, documents, named, settings_named_in, table_rows

NONE = "–"


def documented() -> dict[str, list[str]]:
    """The rows of the table by variable: option, default and meaning, without backquotes."""
    rows = {}
    for cells in table_rows((ROOT / "docs" / "settings.md").read_text()):
        if re.fullmatch(r"`LEADLINE_\w+`", cells[0]):
            assert cells[0] not in rows
            rows[cells[0]] = [cells[1].strip("`"), cells[2].strip("`"), cells[3]]
    return {name.strip("`"): row for name, row in rows.items()}


def variable(field: str) -> str:
    return f"LEADLINE_{field.upper()}"


def test_every_setting_is_documented_and_no_other() -> None:
    assert sorted(documented()) == sorted(map(variable, Settings.model_fields))


@pytest.mark.parametrize("field", Settings.model_fields)
def test_a_setting_is_documented_as_it_is(field: str) -> None:
    option, default, meaning = documented()[variable(field)]
    expected = Settings.model_fields[field].default
    if default == NONE:
        assert expected is None
    else:
        assert getattr(Settings.model_validate({field: default}), field) == expected
    assert meaning
    options = {f"--{field.replace('_', '-')}"} & set(options_of_serve())
    assert {option} == (options or {NONE})


def test_every_option_of_the_server_is_a_setting() -> None:
    rows = documented().values()
    assert {option for option, _, _ in rows} - {NONE} == set(options_of_serve())


def options_of_serve() -> list[str]:
    arguments = cli["serve"].assemble_argument_collection()
    return [name for argument in arguments for name in argument.names]


OF_COMMANDS = {"LEADLINE_TOKEN"}
"""What no server reads, but a command that asks one."""

EXAMPLES = sorted(path for path in (ROOT / "deploy").iterdir() if path.is_file())


@pytest.mark.parametrize("document", [*documents(), *EXAMPLES], ids=named)
def test_settings_named_elsewhere_exist(document: Path) -> None:
    assert settings_named_in(document.read_text()) <= set(documented()) | OF_COMMANDS
