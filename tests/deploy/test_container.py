"""The container file: parsed as builds parse it, and its steps done without a container."""

import re
import shlex
import shutil
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path
from typing import NamedTuple
from zipfile import ZipFile

import dockerfile
import pytest

from leadline import __version__
from leadline.settings import Settings
from tests.deploy.programs import DEPLOY, checked
from tests.docs.documents import ROOT
from tests.docs.typed import unknown_in
from tests.support import RunningServer

CONTAINERFILE = DEPLOY / "Containerfile"


class Step(NamedTuple):
    stage: int
    command: str
    flags: tuple[str, ...]
    words: tuple[str, ...]
    is_json: bool


def steps() -> list[Step]:
    stage = -1
    found = []
    for each in dockerfile.parse_file(str(CONTAINERFILE)):
        stage += each.cmd == "FROM"
        found.append(Step(stage, each.cmd, each.flags, each.value, each.json))
    return found


def named(command: str) -> list[Step]:
    return [step for step in steps() if step.command == command]


def the_last(command: str) -> Step:
    return named(command)[-1]


def copied() -> list[str]:
    """The paths of the repository that the build copies."""
    own = (step for step in named("COPY") if not sources_of(step))
    return [word for step in own for word in step.words[:-1]]


def sources_of(step: Step) -> list[str]:
    """The stage that a COPY takes from, if it names one."""
    return [flag.removeprefix("--from=") for flag in step.flags if flag.startswith("--from=")]


def test_what_is_copied_is_there_and_sent_to_the_build() -> None:
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    sent = {line.removeprefix("!") for line in lines if line.startswith("!")}
    assert [source for source in copied() if not (ROOT / source).exists()] == []
    assert {source.split("/")[0] for source in copied()} == sent


def test_stages_come_from_stages() -> None:
    names = [step.words[2] for step in named("FROM") if len(step.words) == 3]
    taken = [(name, step.stage) for step in named("COPY") for name in sources_of(step)]
    assert taken
    for name, stage in taken:
        assert name in names[:stage]
    assert len({step.words[0] for step in named("FROM")}) == 1


def test_everything_installed_is_pinned() -> None:
    installs = [step.words[0] for step in named("RUN") if "pip install" in step.words[0]]
    assert len(installs) == 3
    for line in installs:
        assert "--require-hashes" in line or "--no-index" in line
    assert re.search(r"^psycopg==", (ROOT / "requirements" / "run.txt").read_text(), re.MULTILINE)


def test_what_runs() -> None:
    words = the_last("ENV").words
    environment = dict(zip(words[::2], words[1::2], strict=True))
    assert environment["LEADLINE_DATA"] == the_last("VOLUME").words[0] == "/data"
    assert environment["LEADLINE_HOST"] == "0.0.0.0"
    assert the_last("EXPOSE").words == (str(Settings.model_fields["port"].default),)
    user, group = the_last("USER").words[0].split(":")
    (account,) = (step.words[0] for step in named("RUN") if "useradd" in step.words[0])
    assert f"--uid {user} " in account
    assert f"--gid {group} " in account
    assert user != "0"
    assert unknown_in(" ".join(the_last("CMD").words)) is None
    for command in ("ENTRYPOINT", "CMD", "HEALTHCHECK"):
        assert the_last(command).is_json, f"{command}: a shell would keep signals to itself"


def test_the_page_builds_the_same_wheel() -> None:
    page = (ROOT / "docs" / "install.md").read_text()
    for step in named("RUN"):
        if step.words[0].startswith("pip wheel"):
            assert f"/bin/{step.words[0].replace('--no-cache-dir ', '')}\n" in page


def test_the_check_of_health(server: RunningServer) -> None:
    words = the_last("HEALTHCHECK").words
    assert words[:2] == ("CMD", "python")
    port = server.url.rpartition(":")[2]
    check = (sys.executable, *words[2:])
    checked(*check, LEADLINE_PORT=port)
    with pytest.raises(AssertionError, match="refused"):
        checked(*check, LEADLINE_PORT="1")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the build's step makes of no more than the build sees."""
    source = tmp_path_factory.mktemp("source")
    unseen = shutil.ignore_patterns("__pycache__")
    for name in copied():
        target = source / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, target, ignore=unseen)
        else:
            shutil.copy(ROOT / name, target)
    (line,) = (step.words[0] for step in named("RUN") if step.words[0].startswith("pip wheel"))
    subprocess.run(
        [sys.executable, "-m", *shlex.split(line)], cwd=source, check=True, capture_output=True
    )
    (made,) = (source / "dist").iterdir()
    return made


def test_a_wheel_holds_all_that_is_needed(wheel: Path) -> None:
    package = ROOT / "src" / "leadline"
    expected = {
        f"leadline/{path.relative_to(package).as_posix()}"
        for path in package.rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }
    with ZipFile(wheel) as archive:
        found = {name for name in archive.namelist() if name.startswith("leadline/")}
    assert found == expected
    for kind in ("*/tracker/dist/t.js", "*/templates/*.html", "*/assets/*", "*/versions/0*.py"):
        assert any(fnmatch(name, kind) for name in found), kind


def test_an_installed_wheel_works(wheel: Path, tmp_path: Path) -> None:
    pip = (sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index")
    checked(*pip, "--target", str(tmp_path / "site"), str(wheel))
    here = {"PYTHONPATH": str(tmp_path / "site"), "LEADLINE_DATA": str(tmp_path / "data")}
    program = "import leadline, leadline.cli; print(leadline.__file__); leadline.cli.main()"
    run = (sys.executable, "-c", program)
    assert checked(*run, "--version", **here).split() == [
        str(tmp_path / "site" / "leadline" / "__init__.py"),
        __version__,
    ]
    assert "\tacme\n" in checked(*run, "site", "create", "Acme", **here)
