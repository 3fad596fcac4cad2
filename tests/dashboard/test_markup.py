"""What somebody stored is shown as text on every page, whatever it looks like."""

import pytest

from leadline.access import Abilities, Device, Role
from leadline.sites import SiteChange, UtmField
from tests.access.authenticator import Authenticator
from tests.dashboard.elements import safe
from tests.dashboard.person import Person, first, signed_in
from tests.nasty import MARKUP, WRITINGS
from tests.support import RunningServer

STORED = [*MARKUP, *WRITINGS]


@pytest.mark.parametrize("text", STORED)
def test_stored_text_stays_text(server: RunningServer, text: str) -> None:
    leadline = server.leadline
    owner = signed_in(server, Role.OWNER)
    site = leadline.sites.update(server.site("x"), SiteChange(name=text))
    leadline.sites.add_utm_mapping(site, text[:100], UtmField.TERM)
    leadline.organisations.add_user(
        first(server),
        email=f"{abs(hash(text))}@example.com",
        password="x" * 12,
        role=Role.MEMBER,
        name=text,
    )
    leadline.tokens.create(first(server), text[:100], Abilities(full=True))
    for path in ("", "/edit", "/delete", "/traffic"):
        page = safe(owner.get(f"/sites/{site.slug}{path}").text)
        if path != "/traffic":
            assert text in page.text or path == "/edit"
    assert text in safe(owner.client.get("/sites", params={"q": text}).text).text
    assert text[:100].strip() in safe(owner.get("/tokens").text).text


@pytest.mark.parametrize("text", STORED)
def test_what_a_device_is_called_stays_text(server: RunningServer, text: str) -> None:
    """The name of a passkey, and what a browser says of itself."""
    leadline, origin = server.leadline, "https://stats.example.com"
    owner = signed_in(server, Role.OWNER)
    session = leadline.sessions.find(owner.client.cookies["leadline_session"])
    assert session is not None
    made = Authenticator().make(leadline.passkeys.offer(session.user, origin))
    leadline.passkeys.add(session.user, text[:100], made, origin)
    leadline.sessions.open(session.user.id, Device(text[:64], text[:64]))
    page = safe(owner.get("/account/security").text)
    assert text[:64] in page.text


@pytest.mark.parametrize("text", STORED)
def test_what_was_typed_comes_back_in_its_field(owner: Person, text: str) -> None:
    """A refused form is shown again with what was in it."""
    answer = owner.send("/sites/new", name=text, timezone=text, currency="EUR", domains=text)
    assert answer.status_code == 422
    fields = {
        attributes.get("name"): attributes.get("value")
        for tag, attributes in safe(answer.text).found
        if tag == "input"
    }
    assert fields["name"] == text
    answer = owner.send("/tokens", name=text, read=text)
    assert answer.status_code == 422
    safe(answer.text)


@pytest.mark.parametrize("text", STORED)
def test_an_address_says_nothing_that_is_markup(server: RunningServer, text: str) -> None:
    owner = signed_in(server, Role.OWNER)
    for answer in (
        owner.client.get(f"/sites/{text.replace('/', '%2F')}"),
        owner.client.get("/sites", params={"q": text, "after": text}),
        Person(server).client.get("/sign-in", params={"next": text}),
    ):
        assert answer.status_code in (200, 303, 404)
        safe(answer.text)
