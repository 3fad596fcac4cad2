"""`leadline doctor`"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser_support import browser_path
from tests.cli.commands import Operator, ended
from tests.collector.hits import refusals, stored
from tests.doctor.servers import Server, running
from tests.snippets import fathom_tag, seal_tag
from tests.support import RunningServer

OWN = "https://stats.example.com"
BROWSER = browser_path()


@pytest.fixture(scope="module")
def web() -> Iterator[Server]:
    with running() as server:
        yield server


@pytest.fixture
def asked(operator: Operator, monkeypatch: pytest.MonkeyPatch) -> Operator:
    monkeypatch.setenv("LEADLINE_PUBLIC_URL", OWN)
    operator.types("site", "create", "Acme", "--code", "CDBUGS", "--domain", "localhost")
    operator.types("site", "create", "Other", "--code", "OTHERS")
    return operator


def test_all_is_well(asked: Operator, web: Server) -> None:
    url = web.page("/", seal_tag(OWN, "acme"))
    for name in ("acme", "cdbugs"):
        printed = asked.types("doctor", name, url)
        assert printed == (
            f"ok: {url} is there.\n"
            "ok: SealMetrics’ script is in the page, for the site acme.\n"
            "ok: Hits of localhost count.\n"
        )
    assert asked.errors == ""
    assert asked.types("doctor", "acme", f"localhost:{web.port}") == printed


def test_something_is_wrong(
    asked: Operator, web: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    url = web.page("/", fathom_tag(OWN, "OTHERS"))
    assert ended("doctor", "acme", url, "--data", str(asked.data)) == 1
    printed = capsys.readouterr()
    assert "problem: Fathom’s script is in the page with the name OTHERS" in printed.out
    assert "another site of yours: Other. This one is CDBUGS or acme.\n" in printed.out
    assert printed.err == ""


def test_the_address_of_the_server_can_be_said(asked: Operator, web: Server) -> None:
    url = web.page("/", fathom_tag("http://other.example", "CDBUGS"))
    assert "note" not in asked.types("doctor", "acme", url, "--server", "http://other.example")
    assert ended("doctor", "acme", url, "--data", str(asked.data)) == 1


def test_without_an_address_any_server_will_do(
    asked: Operator, web: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LEADLINE_PUBLIC_URL")
    url = web.page("/", fathom_tag(OWN, "CDBUGS"))
    assert f"note: Fathom’s script comes from {OWN}." in asked.types("doctor", "acme", url)


@pytest.mark.parametrize(
    "arguments",
    [
        ["ftp://shop.example/"],
        ["http://shop.example:22/"],
        ["no page"],
        [""],
        ["shop.example", "--server", "stats.example"],
        ["shop.example", "--server", "ftp://stats.example"],
        [],
        ["shop.example", "more"],
    ],
)
def test_what_cannot_be_understood(asked: Operator, arguments: list[str]) -> None:
    assert asked.fails("doctor", "acme", *arguments, code=2)


def test_a_site_that_is_none(asked: Operator) -> None:
    assert "nobody" in asked.fails("doctor", "nobody", "https://shop.example")


def test_it_has_no_effect_on_the_data(asked: Operator, web: Server) -> None:
    before = asked.types("site", "list")
    asked.types("doctor", "acme", web.page("/", fathom_tag(OWN, "CDBUGS")))
    assert asked.types("site", "list") == before
    assert not Path(asked.data, "spool").exists()


def test_a_browser_loads_the_page_too(
    server: RunningServer, operator: Operator, web: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beside a running server, which an operator knows to be here."""
    monkeypatch.setenv("LEADLINE_BROWSER", BROWSER)
    operator.data = server.settings.data
    site = server.site("Seen", domains=("localhost",))
    url = web.page("/", f"<!doctype html>{fathom_tag(server.url, site.code)}")
    asked = ("doctor", site.slug, url, "--server", server.url)
    hit = f"ok: A browser has sent a hit to {server.url}, which answered with status 200."
    assert hit in operator.types(*asked)
    assert "browser" not in operator.types(*asked, "--no-browser")
    assert stored(server, site.id) == []
    assert refusals(server, site.id) == [("blocklist_ua", "localhost", 1)]


def test_a_browser_that_is_not_there(asked: Operator) -> None:
    assert "no Chromium" in asked.fails("doctor", "acme", "localhost", "--browser")
