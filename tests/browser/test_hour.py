"""A stranger's first hour, in a real browser: from the printed link to the final delete."""

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser_support import PageServer
from tests.cli.commands import Serving, serving
from tests.postgresql import ENGINES, Cluster
from tests.support import eventually

EMAIL, PASSWORD = "ada@example.com", "correct horse battery staple"
HIT = re.compile(r"/event$|/\?")


@pytest.fixture
def stranger(browser: Browser) -> Iterator[Page]:
    """A browser's page of which every complaint is an error."""
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert complaints == []


def make_owner(page: Page, server: Serving) -> None:
    page.goto(server.owner_link)
    page.get_by_label("E-mail address").fill(EMAIL)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("The password again").fill(PASSWORD)
    page.get_by_role("button", name="Make the account").click()
    expect(page.get_by_text("There is no site yet.")).to_be_visible()


def add_site(page: Page, name: str) -> None:
    page.get_by_role("link", name="Add a site").click()
    page.get_by_label("Name").fill(name)
    page.get_by_label("Domains", exact=True).fill("shop.test\nblog.test")
    page.get_by_label("Time zone").fill("Europe/Madrid")
    page.get_by_role("button", name="Add the site").click()
    expect(page.get_by_role("heading", name=name)).to_be_visible()
    expect(page.get_by_text("Waiting for the first hit")).to_be_visible()


def copied(page: Page, what: str) -> str:
    button = page.locator(f'[data-copies="{what}"]')
    button.click()
    expect(button).to_have_text("Copied")
    text: str = page.evaluate("navigator.clipboard.readText()")
    return text


def visit(browser: Browser, pages: PageServer, host: str, path: str, *snippets: str) -> None:
    """Somebody else looks at a page of another origin that carries these snippets."""
    pages.put(path, f"<!doctype html><title>A page</title>{''.join(snippets)}")
    page = browser.new_page()
    answered: list[str] = []
    page.on("response", lambda response: answered.append(response.url))
    page.goto(pages.at(host, path))

    def counted() -> bool:
        page.evaluate("0")  # what was announced before its answer has arrived then
        return len([url for url in answered if HIT.search(url)]) == len(snippets)

    eventually(counted)
    page.close()


def looked_at_again(page: Page) -> str:
    page.reload()
    text: str = page.get_by_role("status").inner_text()
    return text


def make_token(page: Page, name: str) -> str:
    page.get_by_role("link", name="Tokens").click()
    page.get_by_label("What it is for").fill(name)
    page.get_by_label("Read all sites").check()
    page.get_by_role("button", name="Make the token").click()
    secret = page.locator("#secret").inner_text()
    assert re.fullmatch(r"sm_\w{64}", secret)
    page.get_by_role("link", name="All tokens").click()
    return secret


def status(server: Serving, secret: str) -> int:
    headers = {"X-API-Key": secret}
    return httpx.get(f"{server.url}/api/v1/sites", headers=headers, verify=False).status_code


def revoke(page: Page, name: str) -> None:
    row = page.get_by_role("row", name=name)
    row.locator("summary").click()
    row.get_by_role("button", name="Revoke").click()
    expect(row.get_by_text("Revoked")).to_be_visible()


def walk(page: Page, browser: Browser, pages: PageServer, server: Serving) -> None:
    make_owner(page, server)
    add_site(page, "My shop")
    fathom, seal = copied(page, "fathom-tag"), copied(page, "seal-tag")
    assert f'src="{server.url}/script.js"' in fathom
    assert f'src="{server.url}/t.js?id=my-shop"' in seal
    assert f'<noscript><img src="{server.url}/?sid=' in copied(page, "noscript-tag")

    visit(browser, pages, "shop.test", "/fathom", fathom)
    expect(page.get_by_text("Receiving")).to_be_visible()
    visit(browser, pages, "www.blog.test", "/seal", seal)
    page.goto(f"{server.url}/sites/my-shop/install")
    eventually(lambda: "2 today, 2 in 14 days" in looked_at_again(page))
    assert page.locator("figure rect").count() == 14
    expect(page.get_by_text("counted twice")).not_to_be_visible()

    visit(browser, pages, "shop.test", "/both", fathom, seal)
    eventually(lambda: "4 today, 4 in 14 days" in looked_at_again(page))
    expect(page.get_by_text("1 page view of the last 24 hours counted twice")).to_be_visible()

    first, second = make_token(page, "First robot"), make_token(page, "Second robot")
    assert (status(server, first), status(server, second)) == (200, 200)
    revoke(page, "Second robot")
    assert (status(server, first), status(server, second)) == (200, 401)

    page.get_by_role("link", name="Sites").click()
    expect(page.get_by_role("row", name="My shop")).to_contain_text("Receiving")
    page.get_by_role("link", name="My shop").click()
    expect(page.get_by_text("1 page view of the last 24 hours counted twice")).to_be_visible()
    page.get_by_role("link", name="Settings").click()
    page.get_by_role("link", name="Delete the site").click()
    page.get_by_label("Type its slug to confirm").fill("my-shop")
    page.get_by_role("button", name="Delete for good").click()
    expect(page.get_by_text("There is no site yet.")).to_be_visible()

    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.get_by_label("E-mail address").fill(EMAIL)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("There is no site yet.")).to_be_visible()


@pytest.mark.parametrize("engine", ENGINES)
def test_the_first_hour(
    stranger: Page,
    browser: Browser,
    page_server: PageServer,
    tmp_path: Path,
    request: pytest.FixtureRequest,
    engine: str,
) -> None:
    variables = {}
    if engine == "postgresql":
        cluster: Cluster = request.getfixturevalue("postgresql")
        variables["LEADLINE_DATABASE_URL"] = cluster.empty()
    with serving(tmp_path / "data", **variables) as server:
        walk(stranger, browser, page_server, server)
