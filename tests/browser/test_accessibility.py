"""Every page by axe's rules, in light and dark, on a phone and on a desk; and by the keyboard."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from leadline.access import Role
from leadline.alerts import Judgement, NewRule
from leadline.clock import utc_now
from leadline.sites import NewShareLink, Sharing, SiteChange, UtmField
from leadline.webhooks import EventType, NewWebhook, sample
from tests.dashboard.person import first, signed_in
from tests.support import RunningServer

AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 900}
LONG = "W" * 255
EMAIL = f"{'w' * 200}@example.com"


@pytest.fixture(scope="module")
def busy(server: RunningServer) -> str:
    """The slug of a site that has one of everything."""
    site = server.site(
        LONG, domains=("example.com", "a." * 100 + "example.com"), sharing=Sharing.PUBLIC
    )
    server.leadline.sites.update(site, SiteChange(embed_on=("a." * 100 + "example.com",)))
    server.leadline.sites.add_utm_mapping(site, "partner", UtmField.SOURCE)
    server.leadline.block_rules.add(site, "path", "/" + "w" * 500, LONG)
    return site.slug


@pytest.fixture(params=[(PHONE, "dark"), (DESK, "light")], ids=["phone, dark", "desk, light"])
def page(browser: Browser, server: RunningServer, request: pytest.FixtureRequest) -> Iterator[Page]:
    size, scheme = request.param
    context = browser.new_context(
        viewport=size, color_scheme=scheme, reduced_motion="reduce", base_url=server.url
    )
    secret = signed_in(server, Role.OWNER).client.cookies["leadline_session"]
    context.add_cookies([{"name": "leadline_session", "value": secret, "url": server.url}])
    yield context.new_page()
    context.close()


def paths(server: RunningServer, site: str) -> list[str]:
    invitation = f"/owner/{'x' * 43}"
    parts = ("", "/check", "/edit", "/delete", "/sharing", "/people", "/mails")
    alarms = ("/alerts", "/alerts/new", "/alerts/new?kind=custom", "/webhooks")
    of_site = [f"/sites/{site}{part}" for part in (*parts, *alarms, *hooked(server, site))]
    return [
        "/sites",
        "/sites/new",
        "/tokens",
        "/people",
        "/organisation",
        "/organisation/delete",
        "/account",
        "/account/security",
        "/account/second-factor",
        "/account/confirm",
        "/account/email",
        "/account/passkeys/new",
        "/reset",
        "/nothing",
        invitation,
        *of_site,
        *shared(server, site),
    ]


def shared(server: RunningServer, site: str) -> list[str]:
    """What others see of it: its report, and the form that asks for a password."""
    found = server.leadline.sites.get(first(server), site)
    new = NewShareLink(name=LONG[:100], password="open sesame", condition_name=LONG)
    link = server.leadline.share_links.create(found, new)
    return [f"/share/{found.code}", f"/share/{found.code}/l/{link.token}", "/share/NOBODYAT"]


def hooked(server: RunningServer, site: str) -> list[str]:
    """Of a rule that found something, and of a webhook that it went to."""
    leadline = server.leadline
    found = leadline.sites.get(first(server), site)
    rule = leadline.alert_rules.create(found.id, NewRule(name=LONG, email_recipients=(EMAIL,)))
    judged = Judgement(Decimal(180), Decimal(90), Decimal(100), is_triggered=True)
    leadline.alert_history.note(rule, judged, utc_now())
    events = (EventType.ALERT_TRIGGERED,)
    new = NewWebhook(name=LONG, url=f"https://hooks.invalid/{LONG}", event_types=events)
    webhook, _ = leadline.webhooks.create(found.id, new)
    leadline.deliveries.announce(found.id, site, events[0], sample())
    (delivery,), _ = leadline.deliveries.page(found.id, webhook.endpoint_id, 1, 0)
    at = f"/webhooks/{webhook.endpoint_id}"
    return [f"/alerts/{rule.id}", at, f"{at}/deliveries/{delivery.delivery_id}"]


def violations(page: Page) -> list[Any]:
    page.evaluate(AXE.read_text())
    found: list[Any] = page.evaluate("axe.run().then(result => result.violations)")
    return [(each["id"], [node["html"] for node in each["nodes"]]) for each in found]


def test_every_page_is_accessible_and_fits(page: Page, server: RunningServer, busy: str) -> None:
    server.token("*", f"read:{busy}")
    for path in paths(server, busy):
        page.goto(path)
        assert violations(page) == [], path
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, f"{path} is {wide} pixels too wide"


def test_a_page_in_german_is_accessible_and_fits(page: Page, busy: str) -> None:
    page.set_extra_http_headers({"Accept-Language": "de"})
    page.goto(f"/sites/{busy}/edit")
    expect(page.locator("html")).to_have_attribute("lang", "de")
    expect(page.get_by_role("heading", name="Was nicht zählt")).to_be_visible()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_the_form_to_sign_in_is_accessible(page: Page) -> None:
    page.context.clear_cookies()
    page.goto("/sign-in")
    assert violations(page) == []
    expect(page.get_by_label("E-mail address")).to_be_focused()


def test_a_site_is_added_with_the_keyboard_alone(page: Page, server: RunningServer) -> None:
    page.goto("/sites")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Add a site")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Name")).to_be_focused()
    page.keyboard.type("By keyboard")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="By keyboard")).to_be_visible()
    names = [site.name for site in server.leadline.sites.list(first(server))]
    assert "By keyboard" in names
