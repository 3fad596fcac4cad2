"""docs/commands.md says what the commands are, and nothing else."""

import re
from collections.abc import Iterator
from inspect import Parameter

import pytest
from cyclopts import App
from cyclopts.argument import Argument

from leadline.cli import cli
from tests.docs.documents import ROOT, table_rows

PAGE = "docs/commands.md"

_SECTION = re.compile(r"^## `leadline ([a-z -]+)`\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)


def commands(app: App = cli, name: str = "") -> Iterator[tuple[str, App]]:
    """Every command that does something, by the words that are typed after `leadline`."""
    for word in app:
        if not word.startswith("-"):
            below = app[word]
            if below.default_command is not None:
                yield f"{name} {word}".strip(), below
            yield from commands(below, f"{name} {word}".strip())


def written(argument: Argument) -> str:
    """How the page writes an argument: by its place in capitals, or as an option."""
    by_place = (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)
    name = argument.name
    return name.strip("-").upper() if argument.field_info.kind in by_place else name


def arguments(app: App) -> dict[str, str]:
    """What each argument of a command means, by how the page writes it."""
    found = app.assemble_argument_collection()
    return {written(each): str(each.parameter.help or "…") for each in found}


def section(name: str, app: App) -> str:
    """What the page could say of a command that it lacks."""
    rows = "\n".join(f"| `{each}` | {meaning} |" for each, meaning in arguments(app).items())
    return f"\n\n## `leadline {name}`\n\n{app.help}\n\n| argument | meaning |\n|---|---|\n{rows}\n"


def documented() -> dict[str, str]:
    found = _SECTION.findall((ROOT / PAGE).read_text())
    names = [name for name, _ in found]
    assert len(set(names)) == len(names)
    return dict(found)


def test_every_command_is_documented() -> None:
    missing = [section(name, app) for name, app in commands() if name not in documented()]
    assert not missing, f"{PAGE} lacks:" + "".join(missing)


def test_no_other_command_is_documented() -> None:
    assert set(documented()) - {name for name, _ in commands()} == set()


@pytest.mark.parametrize(("name", "app"), list(commands()), ids=[name for name, _ in commands()])
def test_a_command_is_documented_as_it_is(name: str, app: App) -> None:
    known = arguments(app)
    rows = [row for row in table_rows(documented()[name]) if row[0].startswith("`")]
    named = [row[0].strip("`").split()[0] for row in rows]
    missing = [f"\n| `{each}` | {known[each]} |" for each in known if each not in named]
    assert not missing, f"{PAGE} lacks under `leadline {name}`:" + "".join(missing)
    assert [each for each in named if each not in known] == []
    assert all(meaning for _, meaning in rows)
