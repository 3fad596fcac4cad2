"""The whole way: a fresh directory, a server, a token, a site, a page in a browser, its count."""

from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser

from tests.browser_support import PageServer
from tests.cli.commands import ended, serving
from tests.support import PATIENCE, eventually


def test_from_nothing_to_the_first_hit(
    browser: Browser,
    page_server: PageServer,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    data = tmp_path / "data"
    with serving(data) as server:
        assert ended("token", "create", "First", "--ability", "*", "--data", str(data)) == 0
        headers = {"X-API-Key": capsys.readouterr().out.strip()}
        with httpx.Client(
            base_url=server.url, headers=headers, verify=False, timeout=PATIENCE
        ) as client:
            site = client.post("/api/v1/sites", json={"name": "My shop"}).json()["data"]["id"]
            pixel = client.get(f"/api/v1/sites/{site}/pixel").json()["data"]
            assert pixel["tracker_url"] == f"{server.url}/t.js?id=my-shop"
            snippet = pixel["script_tag"]
            address = page_server.put(
                "/first", f"<!doctype html><title>x</title>{snippet}<a href='/first'>again</a>"
            )
            page = browser.new_page()
            page.goto(address)

            def installed() -> bool:
                status = client.get(f"/api/v1/sites/{site}/pixel/status").json()["data"]
                return bool(status["installed"]) and status["total_hits"] == 1

            eventually(installed)
            page.close()
