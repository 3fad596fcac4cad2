"""What a browser does with a page, on a real server."""

from pathlib import Path

import pytest

from leadline.doctor import Doctor, Finding, Kind, find_browser, named_in, server_at
from leadline.sites import Site
from tests.browser_support import browser_path
from tests.collector.hits import refusals, stored
from tests.doctor.servers import Server
from tests.doctor.sites import SITE, named, notes, problems
from tests.snippets import fathom_tag, seal_tag
from tests.support import RunningServer, eventually


@pytest.fixture
def own(server: RunningServer) -> str:
    return server.url.replace("127.0.0.1", "stats.shop.test")


def examined(
    server: RunningServer, site: Site, own: str, url: str, resolve: dict[str, str] | None = None
) -> list[Finding]:
    organisation = server.leadline.organisations.first().id
    hosts = resolve or {}
    return Doctor(
        server_at(own, named_in(server.leadline.sites, organisation)),
        Path(browser_path()),
        resolver=lambda host: [hosts.get(host, "127.0.0.1")],
        seconds=60,
    ).examine(site, url)


def kinds(findings: list[Finding]) -> list[Kind]:
    return [finding.kind for finding in findings]


def test_hits_of_the_doctor_are_seen_and_do_not_count(
    server: RunningServer, web: Server, own: str
) -> None:
    site = server.site("Healthy", domains=("shop.test",))
    web.page("/", f"<!doctype html>{fathom_tag(own, site.code)}{seal_tag(own, site.slug)}")
    findings = examined(server, site, own, web.url("/", "shop.test"))
    assert problems(findings) == ["BOTH_SNIPPETS", "HITS_TWICE"]
    said = {f.about["status"] for f in findings if f.kind is Kind.HIT}
    assert said == {"200", "204"}
    assert stored(server, site.id) == []
    seen = eventually(lambda: refusals(server, site.id))
    assert seen == [("blocklist_ua", "shop.test", 2)]


def test_a_snippet_that_a_script_inserts_is_there(
    server: RunningServer, web: Server, own: str
) -> None:
    site = server.site("Inserted", domains=("shop.test",))
    script = f"s=document.createElement('script');s.src='{own}/t.js?id={site.slug}';"
    web.page("/", f"<!doctype html><script>{script}document.head.append(s)</script>")
    findings = examined(server, site, own, web.url("/", "shop.test"))
    assert kinds(findings) == [Kind.PAGE, Kind.INSERTED, Kind.HIT]


def test_what_keeps_hits_back_is_seen(server: RunningServer, web: Server, own: str) -> None:
    site = server.site("Barred", domains=("shop.test",))
    policy = "<!doctype html><meta http-equiv=Content-Security-Policy content='img-src x'>"
    web.page("/", policy + fathom_tag(own, site.code))
    findings = examined(server, site, own, web.url("/", "shop.test"))
    assert problems(findings) == ["HITS_BLOCKED", "HIT_FAILED"]
    assert "Content-Security-Policy does not allow it" in findings[-1].sentence


def test_a_page_leads_a_browser_nowhere_that_is_forbidden(
    server: RunningServer, web: Server, own: str
) -> None:
    """Neither its own host nor another one of this machine, nor under a name of today."""
    site = server.site("Nosy", domains=("shop.test",))
    inside = f"http://127.0.0.1:{web.port}/inside"
    rebound = f"http://rebound.example:{web.port}/inside"
    web.page(
        "/",
        f"<!doctype html><script src='{inside}'></script><img src='{rebound}'>"
        f"<script src='{own}/t.js?id=gone&x'></script><iframe src='{inside}'></iframe>"
        f"<script>fetch('http://localhost:{web.port}/inside', {{mode: 'no-cors'}})</script>",
    )
    findings = examined(server, site, own, web.url("/", "shop.test"))
    assert problems(findings) == ["UNKNOWN_SITE", "NO_HIT"]
    assert not [request for request in web.requests if b"/inside" in request]


def test_a_script_that_does_not_come(server: RunningServer, web: Server, own: str) -> None:
    site = server.site("Lost", domains=("shop.test",))
    tag = fathom_tag(own, site.code).replace("/script.js", "/nowhere/script.js")
    web.page("/", f"<!doctype html>{tag}")
    findings = examined(server, site, own, web.url("/", "shop.test"))
    assert problems(findings) == ["SCRIPT_FAILED", "NO_HIT"]
    assert "what comes is not what it should be" in findings[-2].sentence


# Browsers that are none

ASKED = "head -c 1 <&3 >/dev/null;"


def with_browser(path: Path, web: Server, seconds: float = 10) -> list[Finding]:
    url = web.page("/", "<!doctype html>" + seal_tag("https://stats.test", SITE.slug))
    server = server_at("https://stats.test", named)
    return Doctor(server, path, resolver=lambda _: ["127.0.0.1"], seconds=seconds).examine(
        SITE, url
    )


def program(tmp_path: Path, script: str) -> Path:
    path = tmp_path / "browser"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("exit 1", "it ended"),
        (f"""{ASKED} printf '{{"id":1,"error":{{"message":"no"}}}}\\000' >&4""", "no"),
        (f"{ASKED} printf '[]nonsense\\000' >&4", "what it says is no message"),
    ],
)
def test_a_browser_that_does_not_work(
    web: Server, tmp_path: Path, script: str, reason: str
) -> None:
    findings = with_browser(program(tmp_path, script), web)
    assert notes(findings) == ["BROWSER_FAILED"]
    assert findings[-1].about["reason"] == reason


def test_a_browser_that_says_nothing_is_not_waited_for(web: Server, tmp_path: Path) -> None:
    findings = with_browser(program(tmp_path, "exec sleep 60"), web, seconds=1)
    assert findings[-1].about["reason"] == "it takes too long"


def test_a_browser_that_is_not_there(web: Server, tmp_path: Path) -> None:
    findings = with_browser(tmp_path / "nothing", web)
    assert notes(findings) == ["BROWSER_FAILED"]
    assert "No such file" in findings[-1].sentence


def test_which_browser(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert find_browser(Path("/opt/chrome")) == Path("/opt/chrome")
    assert find_browser(Path("none")) is None
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_browser() is None
    path = program(tmp_path, "exit 1").rename(tmp_path / "chromium")
    assert find_browser() == path
