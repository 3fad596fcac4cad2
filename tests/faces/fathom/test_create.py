"""`POST /v1/sites`."""

import unicodedata
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.faces.fathom.wire import (
    NOT_PERMITTED,
    SITE_KEYS,
    Account,
    codes,
    counted,
    errors_of,
    everything_stored,
    opens,
    row_of,
    send_hit,
    site_of,
)
from tests.support import RunningServer


def made(client: httpx.Client, **fields: Any) -> dict[str, Any]:
    """The site object of a new site."""
    answer = client.post("/v1/sites", json={"name": "Acme"} | fields)
    assert answer.status_code == 200, answer.text
    site: dict[str, Any] = answer.json()
    return site


@pytest.mark.rule("F-CREATE-01", "F-CREATE-02", "F-CREATE-07")
def test_the_printed_request(server: RunningServer) -> None:
    with Account(server).client("*") as client:
        answer = client.post(
            "/v1/sites",
            content=b'{\n    "name": "Bugs Bunny Portfolio"\n  }',
            headers={"Content-Type": "application/json", "Accept": "application/json"},
        )
        assert answer.status_code == 200
        site = answer.json()
        assert list(site) == SITE_KEYS
        assert site["name"] == "Bugs Bunny Portfolio"
        assert client.get(f"/v1/sites/{site['id']}").json() == site
        assert client.get("/v1/sites").json()["data"] == [site]


@pytest.mark.rule("F-CREATE-03")
def test_only_full_access_creates(server: RunningServer) -> None:
    account = Account(server)
    (site,) = account.some_sites(1)
    for abilities in (
        ("all-sites-readonly",),
        (f"manage:{site.code}",),
        ("all-sites-readonly", f"read:{site.code}", f"manage:{site.code}"),
    ):
        with account.client(*abilities) as client:
            before = everything_stored(server)
            answer = client.post("/v1/sites", json={"name": "Not mine to make"})
            assert answer.status_code == 400
            assert answer.json() == NOT_PERMITTED
            assert everything_stored(server) == before
    with account.client() as client:
        assert codes(client.get("/v1/sites")) == [site.code]


@pytest.mark.rule("F-CREATE-04", "F-BODY-02")
@pytest.mark.parametrize(
    "body", [{}, {"name": None}, {"name": ""}, {"name": " \t\n "}, {"sharing": "none"}]
)
def test_a_name_is_required(owner: httpx.Client, body: dict[str, Any]) -> None:
    answer = owner.post("/v1/sites", json=body)
    assert answer.status_code == 400
    assert answer.json() == {"errors": {"name": ["The name field is required."]}}


@pytest.mark.rule("F-CREATE-04")
@pytest.mark.parametrize("content_type", [None, "application/json", "text/plain"])
def test_a_name_is_required_of_a_request_without_a_body(
    owner: httpx.Client, content_type: str | None
) -> None:
    headers = {"Content-Type": content_type} if content_type else {}
    answer = owner.post("/v1/sites", headers=headers)
    assert answer.status_code == 400
    assert answer.json() == {"errors": {"name": ["The name field is required."]}}


@pytest.mark.rule("F-CREATE-05")
@pytest.mark.parametrize("letter", ["a", "é", "日", "😀", "\u0301"])
def test_a_name_has_up_to_255_characters(owner: httpx.Client, letter: str) -> None:
    assert made(owner, name=letter * 255)["name"] == letter * 255
    assert made(owner, name=f"  {letter * 255}\n")["name"] == letter * 255
    errors = errors_of(owner.post("/v1/sites", json={"name": letter * 256}))
    assert errors == {"name": ["The name field must not be greater than 255 characters."]}


NAMES = [
    "Daffy's Website",
    "x",
    "0",
    "null",
    '"Quoted" & <b>marked up</b>',
    "<script>alert(1)</script>",
    "Robert'); DROP TABLE sites;--",
    "../../etc/passwd",
    "{{ 7 * 7 }} ${x} %s %00 \\u0000 \\",
    "Καλημέρα κόσμε",
    "Привет",
    "日本語のサイト",
    "مرحبا",
    "שלום",
    "नमस्ते",
    "ไทย",
    "👩‍👩‍👧‍👦 family",
    "e\u0301 combining",
    "zero\u200bwidth",
    "\u202eoverride",
    "no\u00a0break",
    "\U0001f600\U00010348",
    "https://example.com/?a=b#c",
    "a|b",
    "+ %2B",
]


@pytest.mark.rule("F-CREATE-06")
@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_any_string(owner: httpx.Client, name: str) -> None:
    site = made(owner, name=name)
    assert site["name"] == name
    assert owner.get(f"/v1/sites/{site['id']}").json()["name"] == name
    form = owner.post("/v1/sites", data={"name": f"  {name} "})
    assert form.json()["name"] == name


def is_printable(text: str) -> bool:
    categories = {unicodedata.category(character) for character in text}
    return bool(text.strip()) and not categories & {"Cc", "Cs", "Zl", "Zp"}


@pytest.mark.rule("F-CREATE-05", "F-CREATE-06")
@settings(max_examples=40, deadline=None)
@given(name=st.text(min_size=1, max_size=255).filter(is_printable))
def test_a_name_comes_back_as_it_was_sent(owner: httpx.Client, name: str) -> None:
    assert made(owner, name=name)["name"] == name.strip()


@pytest.mark.parametrize("character", ["\0", "\n", "\x1b", "\x7f", "\x85", "\u2028", "\u2029"])
def test_a_name_has_no_control_characters(owner: httpx.Client, character: str) -> None:
    body = {"name": f"a{character}b", "timezone": "Mars/Olympus"}
    assert set(errors_of(owner.post("/v1/sites", json=body))) == {"name", "timezone"}


@pytest.mark.rule("F-CREATE-08", "F-CREATE-10")
def test_sharing_is_none_unless_said(server: RunningServer, owner: httpx.Client) -> None:
    assert made(owner)["sharing"] == "none"
    assert made(owner, sharing=None)["sharing"] == "none"
    for sharing in ("none", "private", "public"):
        site = made(owner, sharing=sharing, share_password="carrots")
        assert site["sharing"] == sharing
        assert row_of(server, site["id"])["sharing"] == sharing


@pytest.mark.rule("F-CREATE-09", "F-CREATE-22", "F-CREATE-17", "F-ERR-03")
@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("name", [1, 1.5, True, [], ["a"], {}, {"a": 1}]),
        ("sharing", ["everyone", "None", "PRIVATE", "passworded", 0, 1, True, [], ["none"], {}]),
        ("share_password", [1, True, [], {}, ["a"]]),
        ("timezone", [0, True, [], {}]),
        ("multi_domain", ["yes", "on", "no", "maybe", "2", "true", 1, 0, 2, 1.0, [], {}, [True]]),
        ("multi_domain_option", ["both", "Combined", "none", 0, True, [], {}, ["combined"]]),
    ],
)
def test_a_value_of_another_kind(
    server: RunningServer, owner: httpx.Client, field: str, values: list[Any]
) -> None:
    site = server.site()
    before = everything_stored(server)
    for value in values:
        for body in ({"name": "Acme", field: value}, {"name": "Acme", field: value, "x": None}):
            assert list(errors_of(owner.post("/v1/sites", json=body))) == [field]
            assert list(errors_of(owner.post(f"/v1/sites/{site.code}", json=body))) == [field]
    assert everything_stored(server) == before


@pytest.mark.rule("F-CREATE-11", "F-BODY-02")
def test_a_private_site_needs_a_password(owner: httpx.Client) -> None:
    sentence = "The share password field is required when sharing is private."
    for password in ({}, {"share_password": None}, {"share_password": ""}):
        answer = owner.post("/v1/sites", json={"name": "Acme", "sharing": "private"} | password)
        assert errors_of(answer) == {"share_password": [sentence]}


@pytest.mark.rule("F-CREATE-12", "F-CREATE-13")
@pytest.mark.parametrize("letter", ["a", "😀"])
def test_a_password_has_up_to_255_characters(
    server: RunningServer, owner: httpx.Client, letter: str
) -> None:
    site = made(owner, sharing="private", share_password=letter * 255)
    assert opens(server, site["id"], letter * 255)
    assert not opens(server, site["id"], letter * 254)
    for sharing in ("private", "none", "public"):
        body = {"name": "Acme", "sharing": sharing, "share_password": letter * 256}
        errors = errors_of(owner.post("/v1/sites", json=body))
        sentence = "The share password field must not be greater than 255 characters."
        assert errors == {"share_password": [sentence]}


@pytest.mark.rule("F-CREATE-13")
def test_a_password_is_kept_as_a_hash_of_what_share_links_carry(
    server: RunningServer, owner: httpx.Client
) -> None:
    """Published plug-ins send the SHA-256 of the password; that is what is hashed."""
    password = " two words, untrimmed "
    site = made(owner, sharing="private", share_password=password)
    stored = row_of(server, site["id"])["share_password_hash"]
    assert stored.startswith("$argon2id$")
    assert password.strip() not in stored
    assert opens(server, site["id"], password)
    for other in (password.strip(), password.upper()):
        assert not opens(server, site["id"], other)
    again = made(owner, sharing="private", share_password=password)
    assert row_of(server, again["id"])["share_password_hash"] != stored


@pytest.mark.rule("F-BODY-03")
@pytest.mark.parametrize("sharing", [None, "none", "public"])
def test_a_password_without_private_sharing_is_not_stored(
    server: RunningServer, owner: httpx.Client, sharing: str | None
) -> None:
    site = made(owner, sharing=sharing, share_password="carrots")
    assert row_of(server, site["id"])["share_password_hash"] is None


@pytest.mark.rule("F-CREATE-14")
def test_a_zone_is_the_one_of_its_hits(server: RunningServer, owner: httpx.Client) -> None:
    site = made(owner, timezone="Pacific/Kiritimati")
    assert site["timezone"] == "Pacific/Kiritimati"
    assert site_of(server, site["id"]).timezone == "Pacific/Kiritimati"


ZONES = ["Mars/Olympus", "america/new_york", "EST5", "+02:00", "../UTC", "UTC\0", "x" * 9999]


@pytest.mark.rule("F-CREATE-15", "F-UPDATE-11")
@pytest.mark.parametrize("zone", ZONES)
def test_a_zone_that_nobody_knows(server: RunningServer, owner: httpx.Client, zone: str) -> None:
    site = server.site()
    before = everything_stored(server)
    for path in ("/v1/sites", f"/v1/sites/{site.code}"):
        errors = errors_of(owner.post(path, json={"name": "Acme", "timezone": zone}))
        assert errors == {"timezone": ["The timezone field must be a valid timezone."]}
    assert everything_stored(server) == before


@pytest.mark.rule("F-CREATE-16", "F-BODY-02")
@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Asia/Tokyo"])
def test_a_site_inherits_the_zone_of_its_account(server: RunningServer, zone: str) -> None:
    with Account(server, timezone=zone).client() as client:
        assert made(client)["timezone"] == zone
        assert made(client, timezone=None)["timezone"] == zone
        assert made(client, timezone="  ")["timezone"] == zone
        assert made(client, timezone=" Europe/Paris ")["timezone"] == "Europe/Paris"


@pytest.mark.rule("F-CREATE-18", "F-BODY-05")
@pytest.mark.parametrize(
    "fields", [{}, {"multi_domain": False}, {"multi_domain": None}, {"multi_domain": ""}]
)
def test_a_site_has_one_domain_unless_said(
    server: RunningServer, owner: httpx.Client, fields: dict[str, Any]
) -> None:
    for option in ({}, {"multi_domain_option": "combined"}):
        site = made(owner, **fields, **option)
        assert row_of(server, site["id"])["multi_domain"] is None


@pytest.mark.rule("F-CREATE-17", "F-CREATE-19", "F-CREATE-21")
@pytest.mark.parametrize("option", ["combined", "separate"])
def test_a_site_with_several_domains_collects_from_all(
    server: RunningServer, owner: httpx.Client, option: str
) -> None:
    site = made(owner, multi_domain=True, multi_domain_option=option)
    assert row_of(server, site["id"])["multi_domain"] == option
    hosts = ["https://example.com", "https://example.org", "https://shop.example.net"]
    for host in hosts:
        send_hit(server, site["id"], host=host)
    hits = counted(server, site_of(server, site["id"]), 3)
    assert sorted(origin for _, origin, *_ in hits) == sorted(hosts)


@pytest.mark.rule("F-CREATE-20")
@pytest.mark.parametrize(
    "option", [{}, {"multi_domain_option": None}, {"multi_domain_option": " "}]
)
def test_several_domains_need_an_option(owner: httpx.Client, option: dict[str, Any]) -> None:
    answer = owner.post("/v1/sites", json={"name": "Acme", "multi_domain": True} | option)
    sentence = "The multi domain option field is required when multi domain is true."
    assert errors_of(answer) == {"multi_domain_option": [sentence]}


def test_unknown_fields_are_ignored(owner: httpx.Client) -> None:
    site = made(owner, id="CHOSEN", object="list", created_at="1999-01-01 00:00:00", x=[1, {}])
    assert site["id"] != "CHOSEN"
    assert site["object"] == "site"
    assert not site["created_at"].startswith("1999")
