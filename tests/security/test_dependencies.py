"""What is installed is what was locked: one version of each, known by its hash, from no address."""

import json
import re

import pytest

from tests.docs.documents import ROOT

LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
_PIN = re.compile(
    r"[a-z0-9-]+(?:\[[a-z,-]+\])?==[\w.+!]+(?: ; [^\\]+)?(?: \\\s+--hash=sha256:[0-9a-f]{64})+"
)


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_python_package_is_pinned_by_its_hash(lock: object) -> None:
    text = lock.read_text()  # type: ignore[attr-defined]
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    entries = re.split(r"\n(?=\S)", "\n".join(lines).strip())
    assert entries
    assert [entry for entry in entries if not _PIN.fullmatch(entry.strip())] == []


def test_every_package_of_the_scripts_is_pinned_by_its_hash() -> None:
    packages = json.loads((ROOT / "web" / "package-lock.json").read_text())["packages"]
    found = {name: package for name, package in packages.items() if name}
    assert found
    assert [
        name
        for name, package in found.items()
        if not package.get("integrity", "").startswith("sha512-") or "link" in package
    ] == []


def test_nothing_is_installed_otherwise() -> None:
    """No package may run a script when it is installed, and none comes without its hash."""
    lines = (ROOT / "Makefile").read_text().splitlines()
    installs = [line for line in lines if "$(PIP) install" in line and "-r " in line]
    assert installs
    assert all("--require-hashes" in line and "--no-deps" in line for line in installs)
    assert all("--ignore-scripts" in line for line in lines if "$(NPM) ci" in line)
