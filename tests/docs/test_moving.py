"""The pages on moving from a vendor, every command of them run, every snippet opened."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from string import ascii_uppercase
from typing import Any
from uuid import uuid4

import httpx
import pytest
from playwright.sync_api import Browser

from tests.browser_support import PageServer
from tests.cli.commands import DATA
from tests.docs.documents import ROOT
from tests.docs.shell import Reader, blocks, section
from tests.docs.vendors import (
    FATHOM_TOKEN,
    SEALMETRICS_KEY,
    Fathom,
    Json,
    SealMetrics,
    Vendor,
    answering,
)
from tests.support import RunningServer, eventually, running_server

FROM_FATHOM = "docs/migrate-from-fathom.md"
FROM_SEALMETRICS = "docs/migrate-from-sealmetrics.md"
OURS = "https://stats.example.com"


@contextmanager
def moving(home: Path, vendor: Vendor, host: str) -> Iterator[tuple[Reader, RunningServer]]:
    """A reader with the vendor's token, and the server to move to."""
    with running_server(home / "data") as server, answering(vendor) as theirs:
        hosts = {host: theirs, OURS: server.url}
        known = {"FATHOM_TOKEN": FATHOM_TOKEN, "SEALMETRICS_KEY": SEALMETRICS_KEY}
        yield Reader(home / "reader", home / "data", hosts, **known), server


def answers(printed: str) -> Iterator[Any]:
    """The JSON objects that several commands printed, one behind the other."""
    while printed := printed.lstrip():
        found, end = json.JSONDecoder().raw_decode(printed)
        yield found
        printed = printed[end:]


@contextmanager
def seen(browser: Browser, pages: PageServer, snippet: str, query: str = "") -> Iterator[None]:
    """While somebody looks at a page of another origin, with the snippet in it."""
    path = pages.put(f"/{uuid4().hex}", f"<!doctype html><title>x</title>{snippet}")
    context = browser.new_context()
    context.new_page().goto(path + query)
    yield
    context.close()


def fathom_sites() -> list[Json]:
    """Two that the page names, the latter shared with a password, and 203 between them."""
    first = json.loads((DATA / "fathom-sites.json").read_text())["data"][0]
    last = json.loads((DATA / "fathom-sites-more.json").read_text())["data"][0]
    letters = [first + second for first in ascii_uppercase for second in ascii_uppercase]
    codes = [f"SITE{pair}" for pair in letters[:203]]
    return [first, *(first | {"id": code, "name": f"Site {code}"} for code in codes), last]


def test_every_step_from_fathom(tmp_path: Path, browser: Browser, page_server: PageServer) -> None:
    vendor = Fathom(fathom_sites())
    with moving(tmp_path, vendor, "https://api.usefathom.com") as (reader, server):
        reader.follows(FROM_FATHOM, "1.")
        assert vendor.asked == 3
        reader.follows(FROM_FATHOM, "2.")
        assert reader.errors.count("\n") == 1
        assert "PRIVAT was shared with a password" in reader.errors
        eventually(lambda: server.leadline.snapshot.find("CDBUGS"))
        shared, domain, _ = answers(reader.follows(FROM_FATHOM, "3."))
        assert (shared["id"], shared["sharing"]) == ("PRIVAT", "private")
        assert domain["data"]["domain"] == "acme.example"
        (site,) = answers(reader.follows(FROM_FATHOM, "4."))
        assert site == vendor.sites[0]
        with server.client("*") as client:
            listed = list(everything(client))
            assert client.get("/api/v1/sites/CDBUGS").json()["data"]["currency"] == "USD"
            client.delete("/api/v1/sites/CDBUGS/domains/acme.example").raise_for_status()
        assert listed[:-1] == vendor.sites[:-1]
        (snippet,) = blocks(section(FROM_FATHOM, "5."), "html")
        with seen(browser, page_server, reader.placed(snippet)):
            counted(reader, FROM_FATHOM)


def everything(client: httpx.Client) -> Iterator[Json]:
    """All sites, by the paging of Fathom's clients."""
    query = {"limit": "100"}
    while True:
        page = client.get("/v1/sites", params=query).json()
        yield from page["data"]
        if not page["has_more"]:
            return
        query["starting_after"] = page["data"][-1]["id"]


def counted(reader: Reader, page: str) -> None:
    """The last step of the page shows the hit, and ends the token of the move."""
    verify, revoke = blocks(section(page, "6."))

    def installed() -> bool:
        (status,) = answers(reader.types(verify))
        return bool(status["data"]["installed"]) and status["data"]["total_hits"] == 1

    eventually(installed)
    reader.types(revoke)
    assert reader.errors.startswith("revoked ")


def test_every_step_from_sealmetrics(
    tmp_path: Path, browser: Browser, page_server: PageServer
) -> None:
    sites = json.loads((DATA / "sealmetrics-sites.json").read_text())["data"]["sites"]
    mappings = [
        mapping(1, "ad's source", "utm_source"),
        mapping(2, "off", "utm_term", is_active=False),
        mapping(3, "src", "utm_medium"),
    ]
    vendor = SealMetrics(sites, {"acme-corp": mappings})
    with moving(tmp_path, vendor, "https://api.sealmetrics.com") as (reader, server):
        reader.follows(FROM_SEALMETRICS, "1.")
        imported = reader.follows(FROM_SEALMETRICS, "2.")
        assert [line.split("\t")[1] for line in imported.splitlines()] == ["acme-corp", "old_shop"]
        made = [answer["data"] for answer in answers(reader.follows(FROM_SEALMETRICS, "3."))]
        assert [(each["custom_param"], each["maps_to"]) for each in made] == [
            ("ad's source", "utm_source"),
            ("src", "utm_medium"),
        ]
        (site,) = answers(reader.follows(FROM_SEALMETRICS, "4."))
        assert {**site["data"], "updated_at": None} == {**sites[0], "updated_at": None}
        (snippet,) = blocks(section(FROM_SEALMETRICS, "5."), "html")
        query = "?src=letter&ad%27s%20source=x"
        with seen(browser, page_server, reader.placed(snippet), query):
            counted(reader, FROM_SEALMETRICS)
        rows = server.leadline.storage.warehouse.query("SELECT utm_source, utm_medium FROM hits")
        assert rows == [("x", "letter")]


def mapping(number: int, parameter: str, target: str, is_active: bool = True) -> Json:
    return {
        "id": number,
        "custom_param": parameter,
        "maps_to": target,
        "is_active": is_active,
        "created_at": "2024-06-01T12:00:00Z",
    }


@pytest.mark.parametrize(
    ("page", "old"),
    [
        (FROM_FATHOM, "https://cdn.usefathom.com/script.js"),
        (FROM_SEALMETRICS, "https://t.sealmetrics.com/t.js"),
    ],
)
def test_a_snippet_changes_its_host_alone(page: str, old: str) -> None:
    (snippet,) = blocks(section(page, "5."), "html")
    assert f"`{old}`" in section(page, "5.")
    assert snippet.count(old.replace(old.rpartition("/")[0], OURS)) == 1
    assert (ROOT / page).read_text().count(OURS) > 1
