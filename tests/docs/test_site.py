"""docs/ reads as a small site: all of it is reached from its index, and leads back there."""

import re
from pathlib import Path

import pytest
import yaml

from tests.docs.documents import ROOT, named
from tests.docs.shell import blocks, section

DOCS = ROOT / "docs"
INDEX = DOCS / "index.md"
PAGES = sorted(path for path in DOCS.rglob("*.md") if path != INDEX)
PARTS = ("Tutorial", "How-to", "Reference", "Explanation")

_LINK = re.compile(r"\]\(([^)#\s]+)")


def links(page: Path) -> set[Path]:
    return {(page.parent / link).resolve() for link in _LINK.findall(page.read_text())}


def part_of(page: Path) -> str:
    """The part of the index that links the page."""
    parts = [
        part for part in PARTS if named(page)[5:] in _LINK.findall(section("docs/index.md", part))
    ]
    assert parts, f"docs/index.md does not link {named(page)}"
    assert len(parts) == 1, f"docs/index.md links {named(page)} in {parts}"
    return parts[0]


def test_the_index_has_four_parts() -> None:
    assert tuple(re.findall("^## (.*)$", INDEX.read_text(), re.MULTILINE)) == PARTS


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_a_page_is_in_the_index_and_says_where_it_stands(page: Path) -> None:
    up = "../" * (len(page.relative_to(DOCS).parts) - 1)
    heading, _, where = page.read_text().splitlines()[:3]
    assert heading.startswith("# ")
    assert where == f"[Documentation]({up}index.md) › {part_of(page)}", "the third line of the page"


def test_what_is_for_everybody_is_reached_from_the_readme() -> None:
    assert INDEX in links(ROOT / "README.md")


@pytest.mark.parametrize("example", sorted((ROOT / "deploy").iterdir()), ids=named)
def test_every_example_is_linked_from_a_page(example: Path) -> None:
    assert any(example in links(page) for page in PAGES)


def test_traefiks_two_files_fit_together() -> None:
    (static,) = map(yaml.safe_load, blocks(section("docs/behind-a-proxy.md", "Traefik"), "yaml"))
    routers = yaml.safe_load((ROOT / "deploy" / "traefik.yaml").read_text())["http"]["routers"]
    used = {point for router in routers.values() for point in router["entryPoints"]}
    assert used == set(static["entryPoints"])
    assert routers["leadline"]["tls"]["certResolver"] in static["certificatesResolvers"]
