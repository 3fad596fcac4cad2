"""docs/endpoints.md says what the server answers to, and nothing else."""

import re
from typing import Any

import httpx
import pytest

from leadline import tracker
from leadline.faces.face import Face
from leadline.faces.fathom import FathomFace
from leadline.faces.seal import SealFace
from leadline.settings import OWN_PATHS
from tests.docs.documents import ROOT, table_rows
from tests.support import RunningServer

PAGE = "docs/endpoints.md"
FACES: dict[str, type[Face]] = {"Fathom's API": FathomFace, "SealMetrics' API": SealFace}
BARE = ["/event", "/?sid=SITE", *sorted(tracker.PATHS)]
"""The addresses that no table of endpoints holds."""

Rows = dict[tuple[str, str], str]


def documented(heading: str) -> Rows:
    """The rest of each row of a section's table, by method and address."""
    text = (ROOT / PAGE).read_text().partition(f"## {heading}\n")[2].partition("\n## ")[0]
    assert text, f"{PAGE} has no section {heading}"
    found: Rows = {}
    for method, address, *rest in table_rows(text):
        if address.startswith("`"):
            for each in re.findall(r"\w+", method):
                key = each, address.strip("`")
                assert key not in found, key
                found[key] = " | ".join(rest)
    return found


def agree(heading: str, expected: Rows) -> None:
    """The section has exactly these rows; what follows the address counts if it is given."""
    found = documented(heading)
    lines = [
        f"\n| `{method}` | `{address}` | {rest or '…'} |"
        for (method, address), rest in expected.items()
        if not found.get((method, address)) or rest not in ("", found[method, address])
    ]
    assert not lines, f"{PAGE} lacks under {heading}:" + "".join(lines)
    assert sorted(set(found) - set(expected)) == [], f"{PAGE}, {heading}: no such endpoint"


@pytest.mark.parametrize("heading", FACES)
def test_every_endpoint_of_an_api(heading: str) -> None:
    dialect = FACES[heading].dialect
    agree(
        heading,
        {
            (each.method, f"{dialect.prefix}{re.sub(':[a-z]+', '', each.path)}"): (
                f"{each.need.value} | {each.summary}"
            )
            for each in dialect.endpoints
        },
    )


def test_every_document_of_an_api(server: RunningServer) -> None:
    faces: list[Face] = [
        value for value in vars(server.leadline).values() if isinstance(value, Face)
    ]
    assert {type(face) for face in faces} == set(FACES.values())
    agree("Their documents", {("GET", path): "" for face in faces for path in face.pages})


def test_hits_and_scripts(server: RunningServer) -> None:
    """What is bare of any table says itself what it takes."""
    expected: Rows = {}
    for address in BARE:
        allowed = httpx.put(server.url + address, verify=False).headers["Allow"]
        for method in set(allowed.split(", ")) - {"HEAD", "OPTIONS"}:
            expected[method, address] = ""
    agree("Hits and scripts", expected)


def test_every_page(server: RunningServer) -> None:
    leadline: Any = server.leadline
    routes = [*leadline._pages.app.routes, *leadline._monitoring.app.routes]
    agree(
        "Pages and health",
        {
            (method, re.sub(":[a-z]+", "", route.path)): ""
            for route in routes
            for method in sorted(route.methods - {"HEAD"})
        },
    )


def test_no_path_of_the_trackers_can_be_one_of_these() -> None:
    """Nor will one ever be: what the server has at its root is not to be had."""
    addresses = re.findall(r"\| `(/[^`?]+)`", (ROOT / PAGE).read_text())
    assert {address.split("/")[1] for address in addresses} <= OWN_PATHS
