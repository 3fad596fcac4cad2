"""Programs that make the calls of the two printed ones: with httpx, in Node.js, in a page."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page

from tests.browser_support import PageServer
from tests.faces.seal.dialect import data, fresh
from tests.support import PATIENCE, RunningServer

# Both take the server and the key as their arguments; %s is the name of the site.
PYTHON = """
import sys
import httpx

key, base = {"X-API-Key": sys.argv[2]}, sys.argv[1] + "/api/v1"
shop = {"name": "%s", "domains": ["www.myshop.com"], "timezone": "Europe/Madrid"}
created = httpx.post(base + "/sites", headers=key, json=shop, verify=False).json()["data"]
print("Created site:", created["id"])
address = base + "/sites/" + created["id"]
httpx.post(address + "/domains", headers=key, json={"domain": "shop.myshop.com"}, verify=False)
print(httpx.get(address + "/pixel", headers=key, verify=False).json()["data"]["script_tag"])
"""

JAVASCRIPT = """
const make = async (base, key, say) => {
  const created = await fetch(`${base}/sites`, {
    method: 'POST',
    headers: { 'X-API-Key': key, 'Content-Type': 'application/json' },
    body: JSON.stringify({
      name: '%s',
      domains: ['www.myshop.com'],
      timezone: 'Europe/Madrid',
    }),
  });
  const { data: site } = await created.json();
  say(`Created site: ${site.id}`);
  const asked = await fetch(`${base}/sites/${site.id}/pixel/status`, {
    headers: { 'X-API-Key': key },
  });
  const { data: status } = await asked.json();
  say(`Pixel installed: ${status.installed}`);
};
"""

IN_NODE = (
    "const [, , server, key] = process.argv;\nawait make(`${server}/api/v1`, key, console.log);"
)

IN_A_PAGE = """<!doctype html>
<title>Another origin</title>
<pre></pre>
<script type="module">
%(program)s
const said = document.querySelector('pre');
const say = (line) => { said.textContent += `${line}\\n`; };
await make(%(base)s, %(key)s, say).catch((error) => say(`Failed: ${error}`));
document.title = 'Done';
</script>
"""


def slug_of(name: str) -> str:
    return name.lower().replace(" ", "-")


def node() -> str:
    """The Node.js of the environment, or of the system. Without one the tests cannot run."""
    own = Path(sys.prefix) / "bin" / "node"
    found = str(own) if own.exists() else shutil.which("node")
    assert found, "no Node.js: it is installed with the development requirements"
    return found


def run(*command: str) -> list[str]:
    """The lines that a program prints."""
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout.splitlines()


def check_shop(api: httpx.Client, slug: str, domains: list[str]) -> None:
    shop = data(api.get(f"/sites/{slug}"))
    assert (shop["domains"], shop["timezone"]) == (domains, "Europe/Madrid")
    assert shop["currency"] == "EUR"


@pytest.mark.rule("S-EXAMPLE-01")
def test_a_program_in_python(api: httpx.Client, server: RunningServer) -> None:
    name = fresh("My Ecommerce Site")
    slug = slug_of(name)
    printed = run(sys.executable, "-c", PYTHON % name, server.url, server.token("*"))
    assert printed == [
        f"Created site: {slug}",
        f'<script src="{server.url}/t.js?id={slug}" defer></script>',
    ]
    check_shop(api, slug, ["www.myshop.com", "shop.myshop.com"])


@pytest.mark.rule("S-EXAMPLE-02")
def test_a_program_in_javascript(api: httpx.Client, server: RunningServer, tmp_path: Path) -> None:
    name = fresh("My Ecommerce Site")
    program = tmp_path / "program.mjs"
    program.write_text(JAVASCRIPT % name + IN_NODE)
    printed = run(node(), str(program), server.url, server.token("*"))
    assert printed == [f"Created site: {slug_of(name)}", "Pixel installed: false"]
    check_shop(api, slug_of(name), ["www.myshop.com"])


@pytest.fixture
def page(browser: Browser) -> Any:
    with browser.new_context() as context:
        yield context.new_page()


@pytest.mark.rule("S-EXAMPLE-02", "S-ENV-07")
def test_the_same_program_in_a_page_of_another_origin(
    api: httpx.Client, server: RunningServer, page: Page, page_server: PageServer
) -> None:
    name = fresh("My Ecommerce Site")
    html = IN_A_PAGE % {
        "program": JAVASCRIPT % name,
        "base": json.dumps(f"{server.url}/api/v1"),
        "key": json.dumps(server.token("*")),
    }
    page.goto(page_server.put("/program", html))
    page.wait_for_function("document.title === 'Done'")
    printed = page.inner_text("pre").split("\n")
    assert printed[:2] == [f"Created site: {slug_of(name)}", "Pixel installed: false"]
    check_shop(api, slug_of(name), ["www.myshop.com"])


@pytest.mark.rule("S-ENV-03", "S-ENV-04", "S-ENV-05")
@pytest.mark.parametrize(
    "case",
    [
        ("GET", "/sites", 200),
        ("PATCH", "/sites/{site}", 200),
        ("DELETE", "/sites/{site}", 200),
        ("PATCH", "/sites/no.such.site", 404),
        ("DELETE", "/no/such/route", 404),
    ],
)
def test_a_page_of_another_origin_can_read_answers_and_their_headers(
    server: RunningServer,
    site: dict[str, Any],
    page: Page,
    page_server: PageServer,
    case: tuple[str, str, int],
) -> None:
    method, path, status = case
    page.goto(page_server.put("/empty", "<!doctype html><title>Empty</title>"))
    found = page.evaluate(
        """async ([url, method, key]) => {
            const answer = await fetch(url, {
                method,
                headers: { 'X-API-Key': key, 'Content-Type': 'application/json' },
                body: method === 'PATCH' ? '{}' : undefined,
            });
            const headers = Object.fromEntries(answer.headers);
            return { status: answer.status, headers, body: await answer.json() };
        }""",
        [f"{server.url}/api/v1{path.format(site=site['id'])}", method, server.token("*")],
    )
    assert found["status"] == status
    headers = found["headers"]
    assert headers["x-ratelimit-limit"] == "10000"
    assert re.fullmatch(r"\d+", headers["x-ratelimit-remaining"])
    assert re.fullmatch(r"\d{10}", headers["x-ratelimit-reset"])
    if status >= 400:
        assert found["body"]["request_id"] == headers["x-request-id"]
