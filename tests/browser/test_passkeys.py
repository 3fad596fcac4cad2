"""Passkeys in a real browser, with a device that is made up."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, CDPSession, Page, expect

from leadline.access import Role
from tests.dashboard.person import PASSWORD, first, signed_in
from tests.support import RunningServer

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


class Device:
    """A virtual authenticator, which can be told that its user is not the right one."""

    def __init__(self, devtools: CDPSession) -> None:
        self._devtools = devtools
        devtools.send("WebAuthn.enable")
        made = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
        self._id = made["authenticatorId"]

    def knows_its_user(self, knows: bool) -> None:
        self._devtools.send(
            "WebAuthn.setUserVerified", {"authenticatorId": self._id, "isUserVerified": knows}
        )

    def passkeys(self) -> int:
        answer = self._devtools.send("WebAuthn.getCredentials", {"authenticatorId": self._id})
        return len(answer["credentials"])


@pytest.fixture
def page(browser: Browser, server: RunningServer) -> Iterator[Page]:
    """On `localhost`, as there are no passkeys for a bare address."""
    context = browser.new_context(base_url=server.url.replace("127.0.0.1", "localhost"))
    yield context.new_page()
    context.close()


@pytest.fixture
def device(page: Page) -> Device:
    return Device(page.context.new_cdp_session(page))


def test_a_passkey_is_made_signs_in_confirms_and_is_removed(
    page: Page, server: RunningServer, device: Device
) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    email = "passkeys@example.com"
    server.leadline.organisations.add_user(
        first(server), email=email, password=PASSWORD, role=Role.MEMBER
    )
    page.goto("/sign-in?next=/account/security")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Name").fill("Phone")
    page.get_by_role("button", name="Make the passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    assert device.passkeys() == 1

    page.get_by_role("link", name="I have kept them").click()
    expect(page.get_by_text("Never used")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Use a passkey").click()
    expect(page).to_have_url(f"{page.url.partition('/s')[0]}/sites")

    page.goto("/account/confirm")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", name="Sign-in and security")).to_be_visible()
    expect(page.get_by_text("Last used")).to_be_visible()

    device.knows_its_user(False)
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("alert")).to_have_text("That did not work. Try again.")
    device.knows_its_user(True)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", name="Sites")).to_be_visible()

    page.goto("/account/security")
    page.get_by_role("button", name="Remove Phone").click()
    expect(page.get_by_text("A password alone signs you in")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("alert")).to_have_text("This passkey signs nobody in here.")
    assert [each for each in said if "status of 401" not in each] == []


def test_after_a_password_a_passkey_is_the_second_step(
    page: Page, server: RunningServer, device: Device
) -> None:
    secret = signed_in(server, Role.MEMBER).client.cookies["leadline_session"]
    session = server.leadline.sessions.find(secret)
    assert session is not None
    page.goto("/sign-in")
    page.context.add_cookies([{"name": "leadline_session", "value": secret, "url": page.url}])
    page.goto("/account/passkeys/new")
    page.get_by_label("Name").fill("Phone")
    page.get_by_role("button", name="Make the passkey").click()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_label("E-mail address").fill(session.user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="One more step")).to_be_visible()
    expect(page.get_by_label("Recovery code")).to_be_visible()
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", name="Sites")).to_be_visible()
