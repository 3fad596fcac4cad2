"""The pages of a site's webhooks, and of what was delivered to them."""

import re
from collections.abc import Iterator

import pytest

from leadline.access import Role, SiteRole, Wanted
from leadline.sites import Site
from leadline.webhooks import Delivery, EventType, NewWebhook, Status, Webhook
from tests.dashboard.elements import Elements, safe
from tests.dashboard.person import Person, given, signed_in, text_of
from tests.doctor.servers import Server, running
from tests.nasty import MARKUP
from tests.support import RunningServer, eventually, running_server
from tests.webhooks.receiving import is_signed, new_webhook, read, sent

URL = "https://hooks.example.com/leadline"
TRIGGERED, EXPORTED = EventType.ALERT_TRIGGERED, EventType.EXPORT_COMPLETED


def page(site: Site, *more: str) -> str:
    return "/".join((f"/sites/{site.slug}/webhooks", *more))


def webhooks(server: RunningServer, site: Site) -> tuple[Webhook, ...]:
    return server.leadline.webhooks.page(site.id, 50, 0, include_inactive=True)[0]


def deliveries(server: RunningServer, webhook: Webhook) -> tuple[Delivery, ...]:
    return server.leadline.deliveries.page(webhook.site, webhook.endpoint_id, 50, 0)[0]


def secret_in(html: str) -> str:
    (secret,) = re.findall(r'id="secret">(whsec_[\w-]+)<', html)
    return str(secret)


@pytest.fixture
def site(server: RunningServer) -> Site:
    return server.site("Hooked Shop")


@pytest.fixture
def webhook(server: RunningServer, site: Site) -> Webhook:
    return server.leadline.webhooks.create(site.id, new_webhook(URL))[0]


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """A server that may send to this machine."""
    data = tmp_path_factory.mktemp("local")
    with running_server(data, webhooks_to_loopback=True) as server:
        yield server


@pytest.fixture
def receiver() -> Iterator[Server]:
    with running() as server:
        yield server


def test_one_is_added_changed_switched_and_deleted(
    owner: Person, server: RunningServer, site: Site
) -> None:
    made = owner.send(page(site), name="Ours", url=URL, event=TRIGGERED)
    secret = secret_in(made.text)
    (webhook,) = webhooks(server, site)
    assert (webhook.name, webhook.url, webhook.event_types) == ("Ours", URL, (TRIGGERED,))
    assert webhook.created_by is not None
    assert server.leadline.webhooks.secrets(webhook.id).present == secret
    own = page(site, webhook.endpoint_id)
    for path in (page(site), own):
        shown = owner.get(path).text
        assert URL in shown
        assert secret not in shown

    assert owner.send(own, name="Theirs", url=URL + "/2", event=EXPORTED).status_code == 303
    (changed,) = webhooks(server, site)
    assert (changed.name, changed.event_types) == ("Theirs", (EXPORTED,))
    assert owner.send(f"{own}/switch", page(site)).status_code == 303
    assert "Off Theirs" in owner.read(page(site))
    assert "It is off" in owner.read(own)
    assert owner.send(f"{own}/switch", page(site), on="1").status_code == 303
    assert "On Theirs" in owner.read(page(site))

    rotated = secret_in(owner.send(f"{own}/rotate", own).text)
    assert server.leadline.webhooks.secrets(webhook.id) == (rotated, secret)
    assert owner.send(f"{own}/delete", own).headers["location"] == page(site)
    assert webhooks(server, site) == ()
    assert owner.get(own).status_code == 404
    entries, _ = server.leadline.audit.entries(site.organisation, Wanted(), 50, 0)
    mine = [entry.change for entry in entries if entry.change.site == site.slug]
    assert [change.action.removeprefix("webhook.") for change in mine] == [
        *("delete", "update", "update", "update", "update", "create")
    ]
    assert not any(word in str(mine) for word in (secret, rotated))


def test_several_events_are_chosen(owner: Person, server: RunningServer, site: Site) -> None:
    token = Elements(owner.get(page(site)).text).found
    (form_token, *_) = [
        each["value"] for tag, each in token if tag == "input" and each["name"] == "form_token"
    ]
    body = f"form_token={form_token}&name=x&url={URL}&event={TRIGGERED}&event={EXPORTED}"
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    assert owner.client.post(page(site), content=body, headers=headers).status_code == 200
    (webhook,) = webhooks(server, site)
    assert webhook.event_types == (TRIGGERED, EXPORTED)
    form = Elements(owner.get(page(site, webhook.endpoint_id)).text).found
    checked = [each["value"] for tag, each in form if tag == "input" and "checked" in each]
    assert checked == [TRIGGERED, EXPORTED]


@pytest.mark.parametrize(
    ("fields", "field", "said"),
    [
        ({"name": " "}, "name", "1 to 255 characters"),
        ({"url": "http://hooks.example.com/"}, "url", "An https address of the public Internet"),
        ({"url": "https://127.0.0.1:25/"}, "url", "An https address of the public Internet"),
        ({"event": "x.y"}, "event_types", "Not one of the choices: x.y"),
        ({}, "event_types", "At least one event"),
    ],
)
@pytest.mark.parametrize("is_new", [True, False])
def test_what_is_wrong_is_said_beside_its_field(
    owner: Person,
    server: RunningServer,
    site: Site,
    webhook: Webhook,
    fields: dict[str, str],
    field: str,
    said: str,
    *,
    is_new: bool,
) -> None:
    right = {"name": "Typed", "url": URL + "/typed"} | ({"event": EXPORTED} if fields else {})
    path = page(site) if is_new else page(site, webhook.endpoint_id)
    answer = owner.send(path, **(right | fields))
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert f'id="{field}-error"' in answer.text
    assert 'value="Typed"' in answer.text or field == "name"
    checked = f'value="{EXPORTED}" checked' in answer.text
    assert checked == (bool(fields) and field != "event_types")
    assert webhooks(server, site) == (webhook,)


def test_a_site_has_so_many(owner: Person, server: RunningServer, site: Site) -> None:
    for _ in range(20):
        server.leadline.webhooks.create(site.id, new_webhook(URL))
    answer = owner.send(page(site), name="One more", url=URL, event=TRIGGERED)
    assert answer.status_code == 422
    assert "A site has 20 webhooks at most." in text_of(answer)


def test_a_sample_is_sent_and_what_failed_is_sent_again(
    local: RunningServer, receiver: Server
) -> None:
    site, owner = local.site("Local"), signed_in(local, Role.OWNER)
    new = NewWebhook(name="Ours", url=receiver.url("/ours"), event_types=(TRIGGERED,))
    webhook, secret = local.leadline.webhooks.create(site.id, new)
    own = page(site, webhook.endpoint_id)
    receiver.page("/ours", "no room for <it>", status=500)
    assert "Nothing was sent" in owner.read(own)
    assert owner.send(f"{own}/test", own).headers["location"] == own
    (failed,) = deliveries(local, webhook)
    assert (failed.status, failed.event_type) == (Status.DEAD_LETTER, TRIGGERED)
    assert is_signed(sent(receiver), secret)
    assert read(sent(receiver))["data"]["test"] is True
    shown = owner.read(own)
    for said in ("Given up", "tried once", "500", "It answered 500", "Send again"):
        assert said in shown
    assert "0 delivered, 1 failed" in owner.read(page(site))
    detail = safe(owner.get(f"{own}/deliveries/{failed.delivery_id}").text).text
    for said in ('"test":true', "no room for <it>", receiver.url("/ours")):
        assert said in detail

    receiver.page("/ours", "thanks")
    again = f"{own}/deliveries/{failed.delivery_id}/replay"
    assert owner.send(again, own).headers["location"] == own
    assert eventually(lambda: deliveries(local, webhook)[0].status is Status.SUCCESS)
    done = deliveries(local, webhook)[0]
    refused = owner.send(f"{own}/deliveries/{done.delivery_id}/replay", own)
    assert refused.status_code == 422
    assert "The delivery succeeded or is not over yet." in text_of(refused)
    assert len(deliveries(local, webhook)) == 2
    entries, _ = local.leadline.audit.entries(site.organisation, Wanted(), 50, 0)
    assert [entry.change.action for entry in entries] == ["delivery.create"] * 2


def test_what_is_of_another_site_is_not_there(
    server: RunningServer, site: Site, webhook: Webhook
) -> None:
    other = server.site("Other")
    editor = given(server, other, SiteRole.EDITOR)
    for more in ((), ("switch",), ("test",), ("rotate",), ("delete",)):
        path = page(other, webhook.endpoint_id, *more)
        assert editor.send(path, page(other), name="x", url=URL, event="x").status_code == 404
    assert editor.get(page(other, webhook.endpoint_id)).status_code == 404
    assert editor.get(page(site)).status_code == 404
    assert editor.get(page(other)).status_code == 200
    assert webhooks(server, site) == (webhook,)


@pytest.mark.parametrize("text", MARKUP)
def test_names_stay_text(owner: Person, server: RunningServer, site: Site, text: str) -> None:
    made, _ = server.leadline.webhooks.create(site.id, new_webhook(URL, name=text))
    for path in (page(site), page(site, made.endpoint_id)):
        assert text in safe(owner.get(path).text).text
