"""The page of tokens."""

import re
from uuid import uuid4

import httpx
import pytest

from tests.dashboard.person import Person, first, text_of
from tests.support import RunningServer


def make(owner: Person, **fields: str) -> tuple[str, str]:
    """The name and the secret of a new token."""
    name = f"Robot {uuid4().hex}"
    answer = owner.send("/tokens", name=name, **fields)
    assert answer.status_code == 200, text_of(answer)
    (secret,) = re.findall(r'id="secret">(sm_\w+)<', answer.text)
    return name, secret


def status(server: RunningServer, secret: str, path: str = "/v1/sites") -> int:
    headers = {"Authorization": f"Bearer {secret}"}
    return httpx.get(server.url + path, headers=headers, verify=False).status_code


def test_a_token_works_is_shown_once_and_can_be_revoked(
    owner: Person, server: RunningServer
) -> None:
    name, secret = make(owner, **{"*": "on"})
    listed = owner.get("/tokens")
    assert secret not in listed.text
    assert name in listed.text
    assert f"{name} Made" in text_of(listed)
    assert status(server, secret) == 200
    (number,) = [
        token.id for token in server.leadline.tokens.list(first(server)) if token.name == name
    ]
    answer = owner.send(f"/tokens/{number}/revoke", "/tokens")
    assert answer.headers["location"] == "/tokens"
    assert status(server, secret) == 401
    assert "Revoked" in owner.read("/tokens")


def test_a_token_may_do_what_was_chosen(owner: Person, server: RunningServer) -> None:
    mine, other = server.site("Mine"), server.site("Other")
    _, secret = make(owner, read=f"{mine.slug}, {mine.code}", manage="", days="30")
    assert status(server, secret, f"/v1/sites/{mine.code}") == 200
    assert status(server, secret, f"/v1/sites/{other.code}") != 200
    assert f"read:{mine.code}" in owner.read("/tokens")


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "A token that may do nothing is of no use"),
        ({"read": "no.such.site"}, "Site not found: no.such.site."),
        ({"*": "on", "days": "0"}, "Days are a whole number"),
        ({"*": "on", "days": "x"}, "Days are a whole number"),
        ({"*": "on", "days": "9" * 5000}, "Days are a whole number"),
        ({"*": "on", "name": " "}, "A token's name has 1 to 100 characters"),
    ],
)
def test_a_wrong_form_makes_none(
    owner: Person, server: RunningServer, fields: dict[str, str], said: str
) -> None:
    before = server.leadline.tokens.list(first(server))
    answer = owner.send("/tokens", **({"name": "x"} | fields))
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert server.leadline.tokens.list(first(server)) == before


def test_a_token_that_is_none_cannot_be_revoked(owner: Person) -> None:
    assert owner.send("/tokens/999999999/revoke", "/tokens").status_code == 404
