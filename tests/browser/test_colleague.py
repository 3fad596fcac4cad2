"""A colleague who sees one of two sites: from the invitation to what the audit log tells of it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from email.message import EmailMessage
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import httpx
import pyotp
import pytest
from playwright.sync_api import Browser, Page, expect

from leadline.access import Role
from leadline.sites import Site
from tests.browser.test_accessibility import violations
from tests.dashboard.person import PASSWORD, first
from tests.doctor.servers import Server, running
from tests.letters.test_letters import parts
from tests.mail.mailbox import Mailbox, running_mailbox
from tests.support import BROWSER, ManualClock, RunningServer, eventually, running_server
from tests.webhooks.receiving import is_signed, read

OWNER, COLLEAGUE = "ada@example.org", "grace@example.org"


class Office(NamedTuple):
    """A server that sends mails and calls webhooks, whose clock stands until it is moved."""

    server: RunningServer
    clock: ManualClock
    mailbox: Mailbox
    receiver: Server
    opened: Callable[..., Page]
    """A new browser's page; takes what Playwright's contexts do."""


@pytest.fixture
def office(browser: Browser, tmp_path: Path) -> Iterator[Office]:
    clock = ManualClock()
    with ExitStack() as stack:
        mailbox = stack.enter_context(running_mailbox())
        receiver = stack.enter_context(running())
        server = stack.enter_context(
            running_server(
                tmp_path,
                clock=clock,
                public_url="http://stats.example.com",
                smtp_url=mailbox.url,
                mail_from="Leadline <stats@example.com>",
                webhooks_to_loopback=True,
            )
        )
        server.leadline.organisations.add_user(
            first(server), email=OWNER, password=PASSWORD, role=Role.OWNER, name="Ada"
        )

        def opened(**wishes: Any) -> Page:
            context = browser.new_context(base_url=server.url, **wishes)
            stack.callback(context.close)
            return context.new_page()

        yield Office(server, clock, mailbox, receiver, opened)


def test_a_colleague_who_sees_one_of_two_sites(office: Office) -> None:
    ada = office.opened()
    sign_in(ada, OWNER)
    with_second_factor(office, ada, OWNER)
    shop, diary = add_site(office, ada, "Our shop"), add_site(office, ada, "My diary")
    invite(ada)
    grace = office.opened(viewport={"width": 360, "height": 740}, color_scheme="dark")
    accept(office, grace)
    with_second_factor(office, grace, COLLEAGUE)
    sees_one(grace, shop, diary)
    grace.goto(f"/sites/{shop.slug}/mails")
    grace.get_by_label("Every Monday").check()
    grace.get_by_role("button", name="Save").click()
    secret = watch_for_silence(office, ada, shop)
    be_silent(office, shop)
    request = eventually(lambda: office.receiver.requests)[0]
    assert is_signed(request, secret)
    told = read(request)
    assert (told["event"], told["account_id"]) == ("alert.triggered", shop.slug)
    weekly = weekly_mail(office)
    assert (weekly["To"], "Our shop" in weekly["Subject"]) == (COLLEAGUE, True)
    assert "Pageviews: 3" in parts(weekly)[0]
    assert story(ada) == [
        ("Ada", "session.create"),
        ("Ada", "second_factor.create"),
        ("Ada", "session.delete"),
        ("Ada", "session.create"),
        ("Ada", "site.create"),
        ("Ada", "site.create"),
        ("Ada", "invitation.create"),
        ("Grace", "member.create"),
        ("Grace", "session.create"),
        ("Grace", "second_factor.create"),
        ("Grace", "session.delete"),
        ("Grace", "session.create"),
        ("Grace", "subscription.update"),
        ("Ada", "webhook.create"),
        ("Ada", "alert.create"),
    ]


def sign_in(page: Page, email: str) -> None:
    page.goto("/sign-in")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def with_second_factor(office: Office, page: Page, email: str) -> None:
    """Sets up an app, signs out, and signs in with it."""
    page.goto("/account/second-factor")
    app = pyotp.TOTP(page.locator("p code").inner_text())
    page.get_by_label("Code from your authenticator app").fill(app.at(office.clock.now))
    page.get_by_role("button", name="Turn it on").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    office.clock.advance(minutes=1)
    sign_in(page, email)
    page.get_by_label("Code from your authenticator app").fill(app.at(office.clock.now))
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


def add_site(office: Office, page: Page, name: str) -> Site:
    page.goto("/sites/new")
    page.get_by_label("Name").fill(name)
    page.locator("main form button").click()
    expect(page.get_by_role("heading", name=name)).to_be_visible()
    slug = urlsplit(page.url).path.rpartition("/")[2]
    return office.server.leadline.sites.get(first(office.server), slug)


def invite(page: Page) -> None:
    page.goto("/people")
    form = page.locator("form[action='/people/invitations']")
    form.get_by_label("E-mail address").fill(COLLEAGUE)
    form.get_by_label("Our shop").select_option("may view")
    form.get_by_role("button", name="Invite").click()
    expect(page.get_by_text(COLLEAGUE)).to_be_visible()
    assert violations(page) == []
    page.get_by_role("link", name="All people").click()
    expect(page.get_by_role("row", name=COLLEAGUE)).to_be_visible()
    assert violations(page) == []
    page.locator("main").get_by_role("link", name="Ada").click()
    assert violations(page) == []


def accept(office: Office, page: Page) -> None:
    """By the link in the mail."""
    (mail,) = eventually(lambda: office.mailbox.mails)
    assert mail["To"] == COLLEAGUE
    (link,) = [line for line in parts(mail)[0].splitlines() if "/invitations/" in line]
    page.goto(urlsplit(link).path)
    assert violations(page) == []
    page.get_by_label("Your name").fill("Grace")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Password again").fill(PASSWORD)
    page.get_by_role("button", name="Accept").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


def sees_one(page: Page, seen: Site, unseen: Site) -> None:
    page.goto("/sites")
    expect(page.get_by_role("link", name=seen.name)).to_be_visible()
    expect(page.get_by_role("link", name=unseen.name)).to_have_count(0)
    page.goto(f"/sites/{seen.slug}")
    expect(page.get_by_role("link", name="Edit")).to_have_count(0)
    answer = page.goto(f"/sites/{unseen.slug}")
    assert answer is not None
    assert answer.status == 404


def watch_for_silence(office: Office, page: Page, site: Site) -> str:
    """The secret of a webhook that is told when nothing comes for an hour."""
    page.goto(f"/sites/{site.slug}/webhooks")
    page.get_by_label("What it is for").fill("Pager")
    page.get_by_label("Address").fill(office.receiver.url("/hook"))
    page.get_by_role("button", name="Add it").click()
    secret = page.locator("#secret").inner_text()
    page.goto(f"/sites/{site.slug}/alerts")
    page.get_by_role("link", name="No hits").click()
    page.get_by_label("Hours without a hit").fill("1")
    page.get_by_role("button", name="Make the rule").click()
    expect(page.get_by_role("heading", name="Alerts of")).to_be_visible()
    return secret


def be_silent(office: Office, site: Site) -> None:
    """Three hits, and then none for two hours."""
    hits = [
        {"site_id": site.code, "url": "https://shop.example/", "user_agent": BROWSER, "ip": address}
        for address in ("203.0.113.7", "203.0.113.8", "203.0.113.9")
    ]
    headers = {"X-API-Key": office.server.token("*")}
    with httpx.Client(base_url=office.server.url, headers=headers, verify=False) as client:
        assert client.post("/api/v1/hits", json=hits).is_success
    leadline = office.server.leadline
    leadline.storage.loader.catch_up()
    office.clock.advance(hours=2)
    leadline.watch.run()


def weekly_mail(office: Office) -> EmailMessage:
    office.clock.advance(days=7)
    office.server.leadline.mailed_reports.run()
    return eventually(lambda: office.mailbox.mails[1:])[0]


def story(page: Page) -> list[tuple[str, str]]:
    """Who did what, as the audit log's page tells it, the oldest first."""
    page.goto("/audit")
    rows = page.locator("tbody tr").all()
    return [
        (row.locator("th").inner_text().split()[0], row.locator("td").nth(1).inner_text())
        for row in reversed(rows)
    ]
