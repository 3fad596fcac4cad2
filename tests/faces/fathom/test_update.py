"""`POST /v1/sites/{site_id}`."""

from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from leadline.sites import MultiDomain, Sharing, Site
from tests.faces.fathom.wire import (
    NOT_PERMITTED,
    UNKNOWN,
    bearer,
    counted,
    error_of,
    errors_of,
    everything_stored,
    opens,
    row_of,
    send_hit,
)
from tests.support import RunningServer

PASSWORD = "as it was before"


def full(server: RunningServer) -> Site:
    """A site with a value of its own in each of the six fields."""
    return server.site(
        "As it was",
        timezone="America/New_York",
        sharing=Sharing.PRIVATE,
        share_password=PASSWORD,
        multi_domain=MultiDomain.COMBINED,
    )


@pytest.fixture(scope="module")
def untouched(server: RunningServer) -> Site:
    """A full site that no test changes."""
    return full(server)


def updated(client: httpx.Client, site: Site, **fields: Any) -> dict[str, Any]:
    answer = client.post(f"/v1/sites/{site.code}", json=fields)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


@pytest.mark.rule("F-UPDATE-01", "F-UPDATE-02", "F-UPDATE-16")
def test_the_answer_is_the_site_after_the_change(
    server: RunningServer, owner: httpx.Client
) -> None:
    site, other = server.site("Before"), server.site("Bystander")
    before = owner.get(f"/v1/sites/{site.code}").json()
    after = updated(owner, site, name="Acme Holdings Inc", sharing="public", timezone="Asia/Tokyo")
    changes = {"name": "Acme Holdings Inc", "sharing": "public", "timezone": "Asia/Tokyo"}
    assert after == before | changes
    assert list(after) == list(before)
    assert owner.get(f"/v1/sites/{site.code}").json() == after
    assert owner.get(f"/v1/sites/{other.code}").json()["name"] == "Bystander"
    error_of(owner.post(f"/v1/sites/{UNKNOWN}", json={"name": "x"}), 404)


@pytest.mark.rule("F-UPDATE-16")
def test_nothing_sent_changes_id_or_time_of_creation(
    server: RunningServer, owner: httpx.Client
) -> None:
    site = server.site()
    before = owner.get(f"/v1/sites/{site.code}").json()
    sent = {"id": "ABCDEFGH", "created_at": "1999-01-01 00:00:00", "object": "x", "name": "New"}
    assert updated(owner, site, **sent) == before | {"name": "New"}
    assert row_of(server, site.code)["slug"] == site.slug


@pytest.mark.rule("F-UPDATE-03")
def test_whoever_manages_a_site_updates_it(server: RunningServer, anybody: httpx.Client) -> None:
    site = server.site()
    for ability in (f"manage:{site.code}", "*"):
        headers = bearer(server.token(ability))
        answer = anybody.post(f"/v1/sites/{site.code}", json={"name": ability}, headers=headers)
        assert answer.json()["name"] == ability


@pytest.mark.rule("F-UPDATE-04")
def test_whoever_only_reads_a_site_changes_nothing(
    server: RunningServer, anybody: httpx.Client
) -> None:
    site, other = server.site(), server.site()
    for abilities in (
        ("all-sites-readonly",),
        (f"read:{site.code}",),
        ("all-sites-readonly", f"read:{site.code}", f"manage:{other.code}"),
    ):
        headers = bearer(server.token(*abilities))
        before = everything_stored(server)
        for body in ({"name": "Changed"}, {}, {"name": 5}):
            answer = anybody.post(f"/v1/sites/{site.code}", json=body, headers=headers)
            assert answer.status_code == 400
            assert answer.json() == NOT_PERMITTED
        assert everything_stored(server) == before


@pytest.mark.rule("F-UPDATE-05", "F-UPDATE-07", "F-UPDATE-08", "F-UPDATE-11", "F-UPDATE-15")
@pytest.mark.parametrize(
    ("sent", "columns"),
    [
        ({"name": "New name"}, {"name": "New name"}),
        ({"sharing": "private"}, {}),
        ({"sharing": "public"}, {"sharing": "public", "share_password_hash": None}),
        ({"sharing": "none"}, {"sharing": "none", "share_password_hash": None}),
        ({"timezone": "Asia/Tokyo"}, {"timezone": "Asia/Tokyo"}),
        ({"multi_domain": True}, {}),
        ({"multi_domain": False}, {"multi_domain": None}),
        ({"multi_domain_option": "separate"}, {"multi_domain": "separate"}),
        ({"multi_domain_option": "combined"}, {"multi_domain": "combined"}),
    ],
)
def test_what_is_not_sent_stays(
    server: RunningServer, owner: httpx.Client, sent: dict[str, Any], columns: dict[str, Any]
) -> None:
    site = full(server)
    expected = row_of(server, site.code) | columns
    updated(owner, site, **sent)
    found = row_of(server, site.code)
    for bookkeeping in ("updated_at", "revision"):
        expected.pop(bookkeeping)
        found.pop(bookkeeping)
    assert found == expected


@pytest.mark.rule("F-UPDATE-05", "F-UPDATE-10", "F-BODY-04")
def test_a_new_password_replaces_the_old_one_and_nothing_else(
    server: RunningServer, owner: httpx.Client
) -> None:
    site = full(server)
    before = row_of(server, site.code)
    for sent in ({"share_password": "second"}, {"sharing": "private", "share_password": "third"}):
        updated(owner, site, **sent)
        assert opens(server, site.code, sent["share_password"])
        assert not opens(server, site.code, PASSWORD)
        after = row_of(server, site.code)
        changed = {name for name in after if after[name] != before[name]}
        assert changed == {"share_password_hash", "updated_at", "revision"}


@pytest.mark.rule("F-UPDATE-06", "F-BODY-02")
@pytest.mark.parametrize(
    "request_body",
    [
        {},
        {"json": {}},
        {"content": b"  "},
        {"content": b"", "headers": {"Content-Type": "application/json"}},
        {"content": b"", "headers": {"Content-Type": "application/x-www-form-urlencoded"}},
        {"json": dict.fromkeys(("name", "sharing", "share_password", "timezone"))},
        {"json": {"multi_domain": None, "multi_domain_option": None, "unknown": 1}},
        {"json": {"name": "", "sharing": " ", "share_password": "", "timezone": "\t"}},
        {"data": {"name": "", "sharing": "", "share_password": "", "multi_domain": ""}},
    ],
)
def test_a_request_without_fields_changes_nothing(
    server: RunningServer, owner: httpx.Client, untouched: Site, request_body: dict[str, Any]
) -> None:
    printed = owner.get(f"/v1/sites/{untouched.code}").json()
    before = everything_stored(server)
    answer = owner.post(f"/v1/sites/{untouched.code}", **request_body)
    assert answer.status_code == 200
    assert answer.json() == printed
    assert everything_stored(server) == before


@pytest.mark.rule("F-UPDATE-07")
def test_a_new_name_has_up_to_255_characters(server: RunningServer, owner: httpx.Client) -> None:
    site = server.site()
    assert updated(owner, site, name="é" * 255)["name"] == "é" * 255
    errors = errors_of(owner.post(f"/v1/sites/{site.code}", json={"name": "é" * 256}))
    assert errors == {"name": ["The name field must not be greater than 255 characters."]}
    assert owner.get(f"/v1/sites/{site.code}").json()["name"] == "é" * 255


@pytest.mark.rule("F-UPDATE-08", "F-UPDATE-09", "F-BODY-03")
def test_sharing_goes_from_any_state_to_any(server: RunningServer, owner: httpx.Client) -> None:
    site = server.site()
    for sharing in ("public", "none", "public"):
        assert updated(owner, site, sharing=sharing)["sharing"] == sharing
    for refused in ("everyone", "Private", 1):
        errors = errors_of(owner.post(f"/v1/sites/{site.code}", json={"sharing": refused}))
        assert errors == {"sharing": ["The selected sharing is invalid."]}
    for password in ({}, {"share_password": None}, {"share_password": ""}):
        body = {"sharing": "private"} | password
        errors = errors_of(owner.post(f"/v1/sites/{site.code}", json=body))
        sentence = "The share password field is required when sharing is private."
        assert errors == {"share_password": [sentence]}
    assert owner.get(f"/v1/sites/{site.code}").json()["sharing"] == "public"


@pytest.mark.rule("F-UPDATE-10", "F-BODY-03", "F-BODY-04")
def test_leaving_private_sharing_forgets_the_password(
    server: RunningServer, owner: httpx.Client
) -> None:
    site = server.site()
    updated(owner, site, sharing="private", share_password="first")
    assert opens(server, site.code, "first")
    assert updated(owner, site, sharing="private")["sharing"] == "private"
    assert opens(server, site.code, "first")
    updated(owner, site, sharing="none", share_password="not kept")
    assert row_of(server, site.code)["share_password_hash"] is None
    updated(owner, site, share_password="not kept either")
    assert row_of(server, site.code)["share_password_hash"] is None
    again = owner.post(f"/v1/sites/{site.code}", json={"sharing": "private"})
    assert list(errors_of(again)) == ["share_password"]


@pytest.mark.rule("F-UPDATE-10")
def test_a_new_password_has_up_to_255_characters(
    server: RunningServer, owner: httpx.Client
) -> None:
    site = full(server)
    errors = errors_of(
        owner.post(f"/v1/sites/{site.code}", json={"share_password": "é" * 256, "name": "New"})
    )
    assert list(errors) == ["share_password"]
    assert opens(server, site.code, PASSWORD)
    assert owner.get(f"/v1/sites/{site.code}").json()["name"] == "As it was"
    updated(owner, site, share_password="é" * 255)
    assert opens(server, site.code, "é" * 255)


@pytest.mark.rule("F-UPDATE-11", "F-UPDATE-12", "F-CREATE-14")
def test_reporting_uses_the_new_zone(server: RunningServer, owner: httpx.Client) -> None:
    """The two zones are 25 hours apart: whenever this runs, they have different dates."""
    east, west = "Pacific/Kiritimati", "Pacific/Pago_Pago"
    site = server.site(timezone=east)
    send_hit(server, site.code)
    assert updated(owner, site, timezone=west)["timezone"] == west
    send_hit(server, site.code)
    hits = counted(server, site, 2)
    for zone, (_, _, day, received_at) in zip((east, west), hits, strict=True):
        moment = received_at.replace(tzinfo=ZoneInfo("UTC"))
        assert day == moment.astimezone(ZoneInfo(zone)).date()


@pytest.mark.rule("F-UPDATE-13", "F-UPDATE-14", "F-UPDATE-15", "F-BODY-05")
def test_several_domains_are_turned_on_and_off(server: RunningServer, owner: httpx.Client) -> None:
    site = server.site()
    path = f"/v1/sites/{site.code}"

    def kept() -> str | None:
        option: str | None = row_of(server, site.code)["multi_domain"]
        return option

    no_booleans: tuple[object, ...] = ("yes", "true", 1, 0, [])
    for refused in no_booleans:
        body = {"multi_domain": refused, "multi_domain_option": "combined"}
        assert list(errors_of(owner.post(path, json=body))) == ["multi_domain"]
    for option in ({}, {"multi_domain_option": None}):
        errors = errors_of(owner.post(path, json={"multi_domain": True} | option))
        assert list(errors) == ["multi_domain_option"]
    updated(owner, site, multi_domain_option="combined")
    assert kept() is None
    updated(owner, site, multi_domain=True, multi_domain_option="combined")
    assert kept() == "combined"
    updated(owner, site, multi_domain_option="separate")
    assert kept() == "separate"
    updated(owner, site, multi_domain=True)
    assert kept() == "separate"
    assert list(errors_of(owner.post(path, json={"multi_domain_option": "both"}))) == [
        "multi_domain_option"
    ]
    updated(owner, site, multi_domain=False, multi_domain_option="combined")
    assert kept() is None
    assert list(errors_of(owner.post(path, json={"multi_domain": True}))) == ["multi_domain_option"]


@pytest.mark.rule("F-UPDATE-13")
def test_an_updated_site_collects_from_several_domains(
    server: RunningServer, owner: httpx.Client
) -> None:
    site = server.site()
    updated(owner, site, multi_domain=True, multi_domain_option="combined")
    hosts = ["https://example.com", "https://example.org"]
    for host in hosts:
        send_hit(server, site.code, host=host)
    assert [origin for _, origin, *_ in counted(server, site, 2)] == hosts
